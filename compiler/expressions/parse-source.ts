/**
 * The mapping expressions of API Gateway: where a header, query parameter, path variable or gateway-response header takes its value
 * from (integrations.md §4, errors.md §2). One value, no concatenation.
 */
export type Source =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'path' | 'querystring' | 'header' | 'multivaluequerystring' | 'multivalueheader'; readonly name: string }
  | { readonly kind: 'body'; readonly path: string }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'stageVariable'; readonly name: string };

const NAME = /^[a-zA-Z0-9._$-]+$/;
/** Claims have colons in their names: `authorizer.claims.custom:role`. */
const CONTEXT_NAME = /^(?:[a-zA-Z0-9._$-]+|authorizer\.[a-zA-Z0-9._$:-]+)$/;

/** A request-side source expression; undefined when it is none. */
export function parseSource(text: string): Source | undefined {
  const literal = /^'([^]*)'$/.exec(text);
  if (literal) return { kind: 'literal', value: literal[1]! };
  if (text.startsWith('method.request.body')) {
    const rest = text.slice('method.request.body'.length);
    return rest === '' ? { kind: 'body', path: '$' } : rest.startsWith('.') || rest.startsWith('[') ? { kind: 'body', path: `$${rest}` } : undefined;
  }
  const request = /^method\.request\.(path|querystring|header|multivaluequerystring|multivalueheader)\.(.+)$/.exec(text);
  if (request) return NAME.test(request[2]!) ? { kind: request[1] as 'path', name: request[2]! } : undefined;
  const context = /^context\.(.+)$/.exec(text);
  if (context) return CONTEXT_NAME.test(context[1]!) ? { kind: 'context', name: context[1]! } : undefined;
  const variable = /^stageVariables\.([A-Za-z0-9_]+)$/.exec(text);
  if (variable) return { kind: 'stageVariable', name: variable[1]! };
  return undefined;
}

/** Where a response header of a non-proxy integration takes its value from: the backend's answer, or whatever a request-side source gives. */
export type ResponseSource =
  | { readonly kind: 'responseHeader' | 'responseMultivalueHeader'; readonly name: string }
  | { readonly kind: 'responseBody'; readonly path: string }
  | Source;

export function parseResponseSource(text: string): ResponseSource | undefined {
  const header = /^integration\.response\.(multivalue)?header\.(.+)$/.exec(text);
  if (header) return NAME.test(header[2]!) ? { kind: header[1] ? 'responseMultivalueHeader' : 'responseHeader', name: header[2]! } : undefined;
  if (text === 'integration.response.body') return { kind: 'responseBody', path: '$' };
  const body = /^integration\.response\.body([.[].+)$/.exec(text);
  return body ? { kind: 'responseBody', path: `$${body[1]}` } : parseSource(text);
}
