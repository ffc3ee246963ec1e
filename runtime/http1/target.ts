/** Path and query of a request target (RFC 9112 §3.2), whatever transport it came by. */
import type { Fields } from '../exchange.js';
import { latin1 } from '../request-values.js';

/** Where path and query are inside the target. */
interface TargetSpans { pathFrom: number; pathTo: number; queryFrom: number; queryTo: number }

/** Filled anew by `locateTarget`. */
export const TARGET_SPANS: TargetSpans = { pathFrom: 0, pathTo: 0, queryFrom: 0, queryTo: 0 };

/**
 * Finds path and query of the target (origin-form, absolute-form whose authority is Host's, or `*` for OPTIONS) and takes `basePath` off.
 * false: the target is not acceptable. An empty path span stands for "no route": outside the base path, or `*`.
 */
export function locateTarget(bytes: Uint8Array, start: number, end: number, method: string, fields: Fields, basePath: string): boolean {
  const first = start;
  if (bytes[start] !== 47) {
    if (bytes[start] === 42 && end - start === 1) {
      TARGET_SPANS.pathFrom = TARGET_SPANS.pathTo = TARGET_SPANS.queryFrom = TARGET_SPANS.queryTo = end;
      return method === 'OPTIONS';
    }
    start = afterAuthority(bytes, start, end, fields);
    if (start < 0) return false;
  }
  let pathEnd = start;
  let suspicious = false;
  for (; pathEnd < end; pathEnd++) {
    const byte = bytes[pathEnd]!;
    if (byte === 63) break;
    if (byte === 37 || byte === 92 || (byte === 46 && bytes[pathEnd - 1] === 47)) suspicious = true;
  }
  if (suspicious && isDeceptive(bytes, start, pathEnd)) return false;
  TARGET_SPANS.queryTo = end;
  TARGET_SPANS.queryFrom = pathEnd < end ? pathEnd + 1 : end;
  if (pathEnd === start) {
    // `http://host` and `http://host?x`: the path is `/` (RFC 9112 §3.2.1); the scheme's own slash stands in for it.
    start = first + 5;
    while (bytes[start] !== 47) start++;
    pathEnd = start + 1;
  }
  while (start + 1 < pathEnd && bytes[start + 1] === 47) start++;
  if (basePath !== '') {
    const path = latin1(bytes, start, pathEnd);
    if (path === basePath) pathEnd = start + 1;
    else if (path.startsWith(`${basePath}/`)) start += basePath.length;
    else pathEnd = start;
    while (start + 1 < pathEnd && bytes[start + 1] === 47) start++;
  }
  TARGET_SPANS.pathFrom = start;
  TARGET_SPANS.pathTo = pathEnd;
  return true;
}

/**
 * Would a backend that normalises take the path for another one than the route was chosen for? Refused: dot segments, encoded or with parameters too
 * (`..`, `%2e.`, `..;x`), backslashes, `%00` and `%` without two hex digits. RFC 3986 §6.2.2.3 has clients remove dot segments before they send.
 */
function isDeceptive(bytes: Uint8Array, start: number, end: number): boolean {
  return /%(?![0-9A-Fa-f]{2})|%00|\\|\/(?:\.|%2[eE]){1,2}(?:[/;]|$)/.test(latin1(bytes, start, end));
}

/** Position after `http://authority` of an absolute-form target; -1 when it is none or its authority differs from Host's. */
function afterAuthority(bytes: Uint8Array, at: number, end: number, fields: Fields): number {
  const [found, authority] = /^https?:\/\/([\w.~%!$&'()*+;=:[\]-]+)(?=[/?]|$)/i.exec(latin1(bytes, at, end)) ?? [];
  const host = fields.get('host');
  return authority !== undefined && (host === undefined || authority.toLowerCase() === host.toLowerCase()) ? at + found!.length : -1;
}
