/** Path and query of a request target (RFC 9112 §3.2), whatever transport it came by. */
import type { Fields } from '../exchange.js';
import { AUTHORITY, CLASS, equalsIgnoringCase } from './bytes.js';

/** Where path and query are inside the target. One object, filled anew by `locateTarget`. */
export interface TargetSpans { pathStart: number; pathEnd: number; queryStart: number; queryEnd: number }

/**
 * Finds path and query of the target (origin-form, absolute-form whose authority is Host's, or `*` for OPTIONS) and takes `basePath` off.
 * false: the target is not acceptable. An empty path span stands for "no route": outside the base path, or `*`.
 */
export function locateTarget(bytes: Uint8Array, start: number, end: number, method: string, fields: Fields, basePath: string, spans: TargetSpans): boolean {
  const first = start;
  if (bytes[start] !== 47) {
    if (bytes[start] === 42 && end - start === 1) {
      spans.pathStart = spans.pathEnd = spans.queryStart = spans.queryEnd = end;
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
  spans.queryEnd = end;
  spans.queryStart = pathEnd < end ? pathEnd + 1 : end;
  if (pathEnd === start) {
    // `http://host` and `http://host?x`: the path is `/` (RFC 9112 §3.2.1); the scheme's own slash stands in for it.
    start = first + 5;
    while (bytes[start] !== 47) start++;
    pathEnd = start + 1;
  }
  while (start + 1 < pathEnd && bytes[start + 1] === 47) start++;
  if (basePath !== '') {
    for (let i = 0; i < basePath.length; i++) {
      if (start + i >= pathEnd || bytes[start + i] !== basePath.charCodeAt(i)) { spans.pathStart = spans.pathEnd = start; return true; }
    }
    const rest = start + basePath.length;
    if (rest === pathEnd) pathEnd = start + 1;
    else if (bytes[rest] !== 47) { spans.pathStart = spans.pathEnd = start; return true; }
    else start = rest;
    while (start + 1 < pathEnd && bytes[start + 1] === 47) start++;
  }
  spans.pathStart = start;
  spans.pathEnd = pathEnd;
  return true;
}

/**
 * Would a backend that normalises take the path for another one than the route was chosen for? Refused: dot segments, encoded or with parameters too
 * (`..`, `%2e.`, `..;x`), backslashes, `%00` and `%` without two hex digits. RFC 3986 §6.2.2.3 has clients remove dot segments before they send.
 */
function isDeceptive(bytes: Uint8Array, start: number, end: number): boolean {
  const path = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  return /%(?![0-9A-Fa-f]{2})|%00|\\|\/(?:\.|%2[eE]){1,2}(?:[/;]|$)/.test(path);
}

/** Position after `http://authority` of an absolute-form target; -1 when it is none or its authority differs from Host's. */
function afterAuthority(bytes: Uint8Array, at: number, end: number, fields: Fields): number {
  if (equalsIgnoringCase(bytes, at, Math.min(at + 7, end), 'http://')) at += 7;
  else if (equalsIgnoringCase(bytes, at, Math.min(at + 8, end), 'https://')) at += 8;
  else return -1;
  const start = at;
  while (at < end && bytes[at] !== 47 && bytes[at] !== 63) {
    if ((CLASS[bytes[at]!]! & AUTHORITY) === 0) return -1;
    at++;
  }
  if (at === start) return -1;
  const host = fields.get('host');
  return host === undefined || equalsIgnoringCase(bytes, start, at, host.toLowerCase()) ? at : -1;
}
