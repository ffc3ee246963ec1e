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
/** Parts of the bundle begin, end, keep something or have options of their own: `ApiDescription.parts`. */
export const PARTS = true as boolean;
/** Stores besides memory are in the bundle. */
export const STORES = true as boolean;

// What the transports have to carry, found in the modules of a bundle (compiler/5-bundle/transport-flags.ts): it holds for what is generated with them only.
/** Somebody reads request bodies; false: they are read past. */
export const BODIES = true as boolean;
/** Answers may be begun and written piece by piece. */
export const STREAMS = true as boolean;
/** Somebody looks at all fields of a request, whatever their names. */
export const ALL_FIELDS = true as boolean;
/** Connections may be handed to another protocol. */
export const UPGRADES = true as boolean;
/** The four as bits, to tell whether a transport can go on under the handlers of another bundle. */
export const TRANSPORT = 15 as number;
