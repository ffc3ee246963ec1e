/** Status line and fields of a backend's answer (RFC 9112 §4), as strict as with requests. */
import { CLASS, VALUE } from './bytes.js';
import { BAD, type Head, INCOMPLETE, parseFields } from './head.js';

/** Fields of an answer, bytes. Backends are trusted with more than clients are. */
const HEADER_BYTES = 65_536;
const HEADER_COUNT = 1_000;

/** Parses one response head in [at, end) into `head`: the position after it, INCOMPLETE, or a negative number when it is not acceptable. */
export function parseResponseHead(head: Head, at: number, end: number): number {
  const bytes = head.bytes;
  // `HTTP/1.1 200` is twelve bytes, the shortest line ends with CR LF after it.
  const available = Math.min(end - at, 9);
  for (let i = 0; i < available; i++) {
    const byte = bytes[at + i]!;
    if (i === 7 ? byte !== 48 && byte !== 49 : byte !== 'HTTP/1.1 '.charCodeAt(i)) return BAD;
  }
  if (end - at < 14) return INCOMPLETE;
  head.minor = bytes[at + 7]! - 48;
  const hundreds = bytes[at + 9]! - 48;
  const tens = bytes[at + 10]! - 48;
  const ones = bytes[at + 11]! - 48;
  if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return BAD;
  head.status = hundreds * 100 + tens * 10 + ones;
  at += 12;
  // The blank after the code is required even without a reason, but widely left out (and llhttp does not ask for it).
  if (bytes[at] !== 13 && bytes[at] !== 32) return BAD;
  const reason = at;
  while (at < end && (CLASS[bytes[at]!]! & VALUE) !== 0) at++;
  if (at - reason > 1_024) return BAD;
  if (at + 1 >= end) return at < end && bytes[at] !== 13 ? BAD : INCOMPLETE;
  if (bytes[at] !== 13 || bytes[at + 1] !== 10) return BAD;
  const next = parseFields(head, at + 2, end, HEADER_BYTES, HEADER_COUNT);
  if (next > 0 && head.isChunked && head.minor === 0) return BAD;
  return next;
}
