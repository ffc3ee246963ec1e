import { parseResponseSource, parseSource } from './parse-source.js';

/**
 * What was probably meant by a text that is no mapping expression: `method.request.query.page` → `method.request.querystring.page`,
 * `$context.stage` → `context.stage`, `plain text` → `'plain text'`. undefined when nothing comes to mind.
 */
export function suggestSource(text: string, side: 'request' | 'response'): string | undefined {
  const isSource = (candidate: string): boolean => (side === 'response' ? parseResponseSource(candidate) : parseSource(candidate)) !== undefined;
  const bare = text.trim().replace(/^\$\{(.*)\}$|^\$(?!\{)/s, '$1').replace(/^request\./, 'method.request.').replace(/^response\./, 'integration.response.');
  const candidate = withPlace(bare).replace(/^stageVariables?\./i, 'stageVariables.');
  if (candidate !== text && isSource(candidate)) return candidate;
  return /^(?:\$|(?:method|integration|context|stageVariables|request|response)\b)/i.test(text) || text.includes("'") || text === '' ? undefined : `'${text}'`;
}

/** `integration.request.queryString.page` → `integration.request.querystring.page`. `prefix`: what keys of this kind begin with. */
export function suggestTarget(key: string, prefix: 'integration.request' | 'method.response' | 'gatewayresponse'): string | undefined {
  const [, name] = /(?:^|\.)(?:headers?|query\w*|paths?|pathParameters?|params?)\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/i.exec(key) ?? [];
  const place = /(?:^|\.)(headers?|query\w*|paths?|pathParameters?|params?)\.[^.]+$/i.exec(key)?.[1]?.toLowerCase();
  // A name alone is that of a header where nothing else can be set.
  if (name === undefined || place === undefined) return prefix !== 'integration.request' && /^[!#$%&'*+^_`|~0-9A-Za-z-]+$/.test(key) ? `${prefix}.header.${key}` : undefined;
  if (prefix !== 'integration.request' && !place.startsWith('header')) return undefined;
  const meant = `${prefix}.${placeOf(place)}.${name}`;
  return meant === key ? undefined : meant;
}

function withPlace(text: string): string {
  return text.replace(/^(method\.request|integration\.response)\.(\w+)(?=\.)/i, (whole, side: string, place: string) => (/^multi|^body/i.test(place) ? whole : `${side.toLowerCase()}.${placeOf(place.toLowerCase())}`));
}

function placeOf(place: string): string {
  return place.startsWith('header') ? 'header' : place.startsWith('path') ? 'path' : place.startsWith('query') || place.startsWith('param') ? 'querystring' : place;
}
