/**
 * Values of HTTP API parameter mappings (developer guide, "Transform API requests and responses for HTTP APIs"): text with variables, a
 * lone one as `$request.header.x`, several as `${request.header.x} ${context.stage}`.
 */

export type HttpVariable =
  | { readonly kind: 'requestHeader' | 'requestQuery' | 'requestPathVariable' | 'responseHeader' | 'context' | 'stageVariable'; readonly name: string }
  | { readonly kind: 'requestPath' }
  /** JSONPath; null: the whole body. */
  | { readonly kind: 'requestBody' | 'responseBody'; readonly path: string | null };

/** Texts and variables in turn; empty for an empty text. */
export type HttpValue = readonly (string | HttpVariable)[];

/** undefined: some variable does not exist. */
export function parseHttpValue(text: string): HttpValue | undefined {
  if (/^\$[a-zA-Z]/.test(text)) {
    const variable = parseVariable(text.slice(1));
    return variable && [variable];
  }
  const parts: (string | HttpVariable)[] = [];
  let last = 0;
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    // `${$request.header.x}` is seen in documents too.
    const variable = parseVariable(match[1]!.trim().replace(/^\$/, ''));
    if (!variable) return undefined;
    if (match.index > last) parts.push(text.slice(last, match.index));
    parts.push(variable);
    last = match.index + match[0].length;
  }
  if (last < text.length) parts.push(text.slice(last));
  return parts;
}

const NAME = /^[A-Za-z0-9._$-]+$/;

function parseVariable(text: string): HttpVariable | undefined {
  if (text === 'request.path') return { kind: 'requestPath' };
  const body = /^(request|response)\.body(?=$|[.[])(.*)$/.exec(text);
  if (body) return { kind: body[1] === 'request' ? 'requestBody' : 'responseBody', path: body[2] === '' ? null : `$${body[2]}` };
  const named = /^(request\.header|request\.querystring|request\.path|response\.header|context|stageVariables)\.(.+)$/.exec(text);
  if (!named || !NAME.test(named[2]!)) return undefined;
  const name = named[2]!;
  switch (named[1]) {
    case 'request.header': return { kind: 'requestHeader', name };
    case 'request.querystring': return { kind: 'requestQuery', name };
    case 'request.path': return { kind: 'requestPathVariable', name };
    case 'response.header': return { kind: 'responseHeader', name };
    case 'context': return { kind: 'context', name };
    default: return { kind: 'stageVariable', name };
  }
}
