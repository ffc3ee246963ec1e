/** Which operations the gateway itself asks for an API key, and where it looks: what the slices api-keys, throttle and security have to agree on. */
import type { Node } from '../1-load/node.js';
import type { RawApi, RawOperation } from '../feature.js';
import type { SecurityScheme } from '../ir.js';

/** 'authorizer': what the operation's authorizer answers as `usageIdentifierKey`. */
export interface KeyPlace { readonly in: 'header' | 'query' | 'cookie' | 'authorizer'; readonly name: string }

export interface KeyRequirement {
  /** One of these, each with a key at every place. */
  readonly alternatives: readonly (readonly KeyPlace[])[];
  /** The document also accepts credentials that only the backend can check: a key is checked when one is sent. */
  readonly optional: boolean;
}

/** `x-amazon-apigateway-api-key-source`, as written; API Gateway's default is HEADER. */
export function apiKeySource(root: Node): string {
  return (root.string('x-amazon-apigateway-api-key-source') ?? 'HEADER').toUpperCase();
}

/**
 * REST: the header x-api-key, in any case, stands for an API key of API Gateway, also when the authorizer hands it over. HTTP APIs know no keys: there a
 * document says with `x-gwc.apiKeys`, `apiKeysFile` or `admin: true` that the gateway checks its apiKey schemes, whatever they are called.
 */
export function isCheckedKey(scheme: SecurityScheme, api: RawApi): scheme is Extract<SecurityScheme, { kind: 'apiKey' }> {
  if (scheme.kind !== 'apiKey' || scheme.aws) return false;
  const declared = api.root.get('x-gwc');
  if (api.flavour === 'http') return declared?.at('apiKeys') !== undefined || declared?.at('apiKeysFile') !== undefined || declared?.boolean('admin') === true;
  return scheme.in === 'header' && scheme.name.toLowerCase() === 'x-api-key';
}

/** What key the operation needs; undefined when none. */
export function keyRequirement(raw: RawOperation): KeyRequirement | undefined {
  const { api, security } = raw;
  if (isOpenMock(raw)) return undefined;
  const alternatives = security.map((requirement) => keyPlaces(requirement, raw));
  const withKey = alternatives.filter((places) => places.length > 0);
  if (withKey.length === 0) return undefined;
  // API Gateway has no alternatives: a method needs a key or it does not.
  if (api.flavour === 'rest') return { alternatives: [[apiKeySource(api.root) === 'AUTHORIZER' ? { in: 'authorizer', name: 'usageIdentifierKey' } : { in: 'header', name: 'x-api-key' }]], optional: false };
  const distinct = new Map(withKey.map((places) => [JSON.stringify(places), places]));
  return { alternatives: [...distinct.values()], optional: withKey.length < alternatives.length };
}

/** Where the keys of one alternative are. */
export function keyPlaces(requirement: Readonly<Record<string, unknown>>, { api, securitySchemes }: RawOperation): KeyPlace[] {
  return Object.keys(requirement).flatMap((name): KeyPlace[] => {
    const scheme = securitySchemes[name];
    return scheme && isCheckedKey(scheme, api) ? [{ in: scheme.in, name: scheme.in === 'header' ? scheme.name.toLowerCase() : scheme.name }] : [];
  });
}

/** A mock of the document has nothing to protect. */
export function isOpenMock({ api, node }: RawOperation): boolean {
  return api.options.mock === true && !node.get('x-amazon-apigateway-integration');
}
