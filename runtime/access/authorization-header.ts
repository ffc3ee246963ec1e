/** `Authorization` as API Gateway's front layer reads it: a signature (auth.md §4), whatever it was meant to be. */
import { createHash } from 'node:crypto';
import type { Exchange } from '../exchange.js';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const HEADER = 'Authorization header';

/** Parameters of the header by name; a string is what API Gateway says is wrong. `headers`: every value of the field, at least one. */
export function authorizationParameters(exchange: Exchange, headers: readonly string[]): ReadonlyMap<string, string> | string {
  const header = headers.join(',');
  const space = header.indexOf(' ');
  const parameters = new Map<string, string>();
  if (space >= 0) {
    if (header.lastIndexOf('=', space) >= 0) return `${HEADER} must begin with the algorithm name, which cannot include an equal-sign`;
    for (const item of header.slice(space + 1).split(',')) {
      const equals = item.indexOf('=');
      const name = item.slice(0, equals).trim();
      if (equals < 0 || parameters.has(name)) return `Invalid key=value pair (missing equal-sign) in ${HEADER} ${hashed(header)}`;
      parameters.set(name, item.slice(equals + 1).trim());
    }
    if (header.slice(0, space) !== ALGORITHM) return `Unsupported AWS 'algorithm' in ${HEADER} ${hashed(header)}`;
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parameters.get(name)).map((name) => `${HEADER} requires '${name}' parameter.`);
  if (!exchange.head.get('x-amz-date')) missing.push(`${HEADER} requires existence of either a 'X-Amz-Date' or a 'Date' header.`);
  return missing.length > 0 ? `${missing.join(' ')} Authorization ${hashed(header)}` : parameters;
}

/** What was sent may be a secret: its digest stands for it. */
function hashed(header: string): string {
  return `(hashed with SHA-256 and encoded with Base64): '${createHash('sha256').update(header, 'latin1').digest('base64')}'.`;
}

/**
 * A request that no route takes: an `Authorization` that is no signature is complained of instead (rest-pipeline.md §2 [O]). True: `exchange.errorMessage` says why.
 */
export function isNoSignature(exchange: Exchange): boolean {
  const headers = exchange.head.all('authorization');
  const parameters = headers.length > 0 && authorizationParameters(exchange, headers);
  if (typeof parameters !== 'string') return false;
  exchange.errorMessage = parameters;
  return true;
}
