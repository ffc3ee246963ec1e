/** Values on their way into a request target: nothing a client sends can add a segment, a parameter or a line. */
import type { Exchange } from '../exchange.js';
import { queryValues } from '../request-values.js';

/** A value as part of a path; `missing` when there is none (API Gateway leaves the placeholder). `/` of a value is kept encoded. */
export function encodePath(value: string | undefined, missing: string): string {
  return encode(value === undefined || value === '' ? missing : value);
}

/** A value as part of a query. */
export function encodeQuery(value: string | undefined, missing: string): string {
  return encode(value === undefined || value === '' ? missing : value);
}

/** A stage variable inside path or query: it may hold `/`, `?`, `&`, `=`, but no character a target cannot. */
export function encodeTarget(value: string): string {
  return /[^!-~]|["<>\\^`{|}]/.test(value) ? encodeURI(value).replace(/%25([0-9A-Fa-f]{2})/g, '%$1') : value;
}

/** `name=value`, '' when there is no value: the parameter is then not sent. */
export function queryPair(encodedName: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `${encodedName}=${encode(value)}`;
}

/** `name=a&name=b` for every value of the client's query parameter `source`. */
export function queryPairs(exchange: Exchange, encodedName: string, source: string): string {
  return queryValues(exchange, source).map((value) => `${encodedName}=${encode(value)}`).join('&');
}

/** Puts the non-empty parts of a query behind a path. */
export function withQuery(path: string, ...parts: readonly string[]): string {
  let query = '';
  for (const part of parts) if (part !== '') query += query === '' ? part : '&' + part;
  return query === '' ? path : `${path}?${query}`;
}

/** encodeURIComponent that takes lone surrogates (a header's Latin-1 or decoded query text may be anything) as U+FFFD. */
function encode(value: string): string {
  return /^[\w.~-]*$/.test(value) ? value : encodeURIComponent((value as string & { toWellFormed(): string }).toWellFormed());
}
