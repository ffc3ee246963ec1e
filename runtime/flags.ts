/**
 * Facts about the API that runtime code branches on. In a bundle this module is replaced by constants, so that the
 * branches that do not apply vanish; here are the values tests see.
 */
/** REST API rules (identifiers, header remapping, error bodies); false: HTTP API rules. */
export const REST = true as boolean;
/** The gateway answers CORS itself: a backend's own access-control-* fields are ignored. */
export const CORS = false as boolean;
/** Operations have authorizers: what they found out goes into events and templates. */
export const AUTHORIZERS = true as boolean;
/** The bundle has TLS: clients may show certificates. */
export const TLS = true as boolean;
/** There are web ACLs, and the document asks what they said (`$context.wafResponseCode` and its like). */
export const WAF_CONTEXT = true as boolean;
