/** Request line and fields (RFC 9112 §3): accepts a subset of what llhttp's strict mode accepts, and one reading only. */
import { AUTHORITY, CLASS, TARGET, TOKEN } from './bytes.js';
import { BAD, type Head, INCOMPLETE, parseFields } from './head.js';
import type { Limits } from './limits.js';

const TARGET_TOO_LONG = -414;
const NOT_IMPLEMENTED = -501;
const BAD_VERSION = -505;

/** Known methods besides the ones asked for most. Not CONNECT: this is no forward proxy. */
const METHODS: ReadonlySet<string> = /* @__PURE__ */ new Set(('DELETE HEAD OPTIONS PATCH PUT TRACE QUERY ACL BIND CHECKOUT COPY LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY ' +
  'PROPFIND PROPPATCH PURGE REBIND REPORT SEARCH SUBSCRIBE UNBIND UNLINK UNLOCK UNSUBSCRIBE').split(' '));

/**
 * Parses one request head in [at, end) into `head`. Returns the position after the empty line, INCOMPLETE, or a negated status: 400, 414, 431,
 * 501 (method or transfer coding unknown), 505. One empty line before the request line is passed over (RFC 9112 §2.2).
 */
export function parseRequestHead(head: Head, at: number, end: number, limits: Limits): number {
  const bytes = head.bytes;
  if (bytes[at] === 13) {
    if (at + 1 >= end) return INCOMPLETE;
    if (bytes[at + 1] !== 10) return BAD;
    at += 2;
  }
  const methodStart = at;
  while (at < end && (CLASS[bytes[at]!]! & TOKEN) !== 0) at++;
  if (at - methodStart > 32) return BAD;
  if (at >= end) return INCOMPLETE;
  if (bytes[at] !== 32 || at === methodStart) return BAD;
  head.method = methodName(bytes, methodStart, at);
  const targetStart = ++at;
  while (at < end && (CLASS[bytes[at]!]! & TARGET) !== 0) at++;
  if (at - targetStart > limits.targetBytes) return TARGET_TOO_LONG;
  if (at >= end) return INCOMPLETE;
  if (bytes[at] !== 32 || at === targetStart) return BAD;
  head.targetStart = targetStart;
  head.targetEnd = at++;
  if (!beginsAsVersion(bytes, at, end)) return BAD;
  if (end - at < VERSION.length) return INCOMPLETE;
  const minor = bytes[at + 7]! - 48;
  if (bytes[at + 5] !== 49 || minor > 1) return BAD_VERSION;
  if (head.method === '') return NOT_IMPLEMENTED;
  head.minor = minor;
  const next = parseFields(head, at + 10, end, limits.headerBytes, limits.headerCount);
  if (next < 0) return next;
  return isConsistent(head) ? next : BAD;
}

/** What the fields must satisfy together with the request line. */
function isConsistent(head: Head): boolean {
  // HTTP/1.0 knows no transfer codings: a 1.0 intermediary would frame this message differently (RFC 9112 §6.1).
  if (head.minor === 0 && head.isChunked) return false;
  if (head.hostIndex < 0) return head.minor === 0;
  const start = head.fieldSpans[head.hostIndex * 4 + 2]!;
  const end = head.fieldSpans[head.hostIndex * 4 + 3]!;
  if (start === end) return head.minor === 0;
  for (let at = start; at < end; at++) if ((CLASS[head.bytes[at]!]! & AUTHORITY) === 0) return false;
  return true;
}

/** `d`: a digit. */
const VERSION = 'HTTP/d.d\r\n';

/** Are the bytes from `at` on a version and the end of its line, as far as they have arrived? */
function beginsAsVersion(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < VERSION.length && at + i < end; i++) {
    const byte = bytes[at + i]!, wanted = VERSION.charCodeAt(i);
    if (wanted === 100 ? byte < 48 || byte > 57 : byte !== wanted) return false;
  }
  return true;
}

/** The method; '' for one that is not known. Methods are case-sensitive (RFC 9110 §9.1). */
function methodName(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 3 && bytes[start] === 71 && bytes[start + 1] === 69 && bytes[start + 2] === 84) return 'GET';
  if (length === 4 && bytes[start] === 80 && bytes[start + 1] === 79 && bytes[start + 2] === 83 && bytes[start + 3] === 84) return 'POST';
  const method = bytes.toString('latin1', start, end);
  return METHODS.has(method) ? method : '';
}
