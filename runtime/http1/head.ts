/** The field section of a request or response: spans over the received bytes, and what framing needs to know of it. */
import type { Fields } from '../exchange.js';
import { ALL_FIELDS, UPGRADES } from '../flags.js';
import { CLASS, TOKEN, VALUE, equalsIgnoringCase } from './bytes.js';

const CR = 13;
const LF = 10;
const SP = 32;
const TAB = 9;

/** Results of the parsers besides a position: more bytes are needed… */
export const INCOMPLETE = -1;
/** …or the message is refused with this status, negated. */
export const BAD = -400;
const FIELDS_TOO_LARGE = -431;

/** Bits of `Head.connectionBits`. */
export const CLOSE = 1;
export const KEEP_ALIVE = 2;
/** Names further fields as hop-by-hop. */
export const NOMINATES = 4;
export const UPGRADE = 8;

/** One message's head. `fieldSpans` holds four positions per field: name start, name end, value start, value end. */
export class Head implements Fields {
  fieldSpans: number[] = [];
  fieldCount = 0;
  /** Value of Content-Length; -1 without. */
  contentLength = -1;
  /** Transfer-Encoding: chunked. */
  isChunked = false;
  /** Index of the Host field; -1 without. */
  hostIndex = -1;
  /** CLOSE | KEEP_ALIVE | NOMINATES | UPGRADE as the Connection fields say. */
  connectionBits = 0;
  /** Index of the Expect field; -1 without. */
  expectField = -1;
  /** Index of the Keep-Alive field; -1 without. */
  keepAliveField = -1;
  /** HTTP/1.x. */
  minor = 1;
  /** Responses. */
  status = 0;
  /** Requests: method as received, span of the target. */
  method = '';
  targetStart = 0;
  targetEnd = 0;

  constructor(public bytes: Buffer) {}

  name(field: number): string {
    return !ALL_FIELDS ? '' : fieldName(this.bytes, this.fieldSpans[field * 4]!, this.fieldSpans[field * 4 + 1]!);
  }

  value(field: number): string {
    return this.bytes.toString('latin1', this.fieldSpans[field * 4 + 2], this.fieldSpans[field * 4 + 3]);
  }

  named(field: number, name: string): boolean {
    return equalsIgnoringCase(this.bytes, this.fieldSpans[field * 4]!, this.fieldSpans[field * 4 + 1]!, name);
  }

  get(name: string): string | undefined {
    for (let field = 0; field < this.fieldCount; field++) if (this.named(field, name)) return this.value(field);
    return undefined;
  }

  last(name: string): string | undefined {
    for (let field = this.fieldCount - 1; field >= 0; field--) if (this.named(field, name)) return this.value(field);
    return undefined;
  }

  all(name: string): string[] {
    const values: string[] = [];
    for (let field = 0; field < this.fieldCount; field++) if (this.named(field, name)) values.push(this.value(field));
    return values;
  }

  forEach(visit: (name: string, value: string) => void): void {
    if (ALL_FIELDS) for (let field = 0; field < this.fieldCount; field++) visit(this.name(field), this.value(field));
  }
}

/** Makes a head ready for another message. */
export function resetHead(head: Head, bytes: Buffer): void {
  head.bytes = bytes;
  head.fieldCount = 0;
  head.contentLength = -1;
  head.isChunked = false;
  head.hostIndex = -1;
  head.connectionBits = 0;
  head.expectField = -1;
  head.keepAliveField = -1;
}

/**
 * Reads field lines from `at` up to and with the empty line (RFC 9112 §5) and what they say about framing. Returns the position after it, INCOMPLETE
 * or a refusal. Refused: bare CR or LF, obs-fold, a blank before the colon, an empty name, control characters, Content-Length that is
 * repeated or not digits, Content-Length with Transfer-Encoding, repeated Transfer-Encoding or one that is not `chunked` (-501), repeated Host.
 */
export function parseFields(head: Head, at: number, end: number, maxBytes: number, maxCount: number): number {
  const bytes = head.bytes;
  const spans = head.fieldSpans;
  const limit = at + maxBytes;
  let count = 0;
  for (;;) {
    if (at >= end) return at > limit ? FIELDS_TOO_LARGE : INCOMPLETE;
    if (bytes[at] === CR) {
      if (at + 1 >= end) return INCOMPLETE;
      if (bytes[at + 1] !== LF) return BAD;
      head.fieldCount = count;
      if (at > limit) return FIELDS_TOO_LARGE;
      if (head.isChunked && head.contentLength >= 0) return BAD;
      return at + 2;
    }
    if (count === maxCount) return FIELDS_TOO_LARGE;
    const nameStart = at;
    while (at < end && (CLASS[bytes[at]!]! & TOKEN) !== 0) at++;
    if (at >= end) return at > limit ? FIELDS_TOO_LARGE : INCOMPLETE;
    if (bytes[at] !== 58 || at === nameStart) return BAD;
    const nameEnd = at++;
    while (at < end && isBlank(bytes[at]!)) at++;
    const valueStart = at;
    while (at < end && (CLASS[bytes[at]!]! & VALUE) !== 0) at++;
    if (at > limit) return FIELDS_TOO_LARGE;
    if (at + 1 >= end) return at < end && bytes[at] !== CR ? BAD : INCOMPLETE;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return BAD;
    let valueEnd = at;
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--;
    at += 2;
    const span = count * 4;
    spans[span] = nameStart;
    spans[span + 1] = nameEnd;
    spans[span + 2] = valueStart;
    spans[span + 3] = valueEnd;
    const refused = readFraming(head, count, nameStart, nameEnd, valueStart, valueEnd);
    if (refused !== 0) return refused;
    count++;
  }
}

const isBlank = (byte: number): boolean => byte === SP || byte === TAB;

/** Notes a field that frames the message or governs the connection. 0, or the refusal. */
function readFraming(head: Head, field: number, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): number {
  const bytes = head.bytes;
  switch (nameEnd - nameStart) {
    case 4:
      if (equalsIgnoringCase(bytes, nameStart, nameEnd, 'host')) {
        if (head.hostIndex >= 0) return BAD;
        head.hostIndex = field;
      }
      return 0;
    case 6:
      if (equalsIgnoringCase(bytes, nameStart, nameEnd, 'expect')) {
        if (head.expectField >= 0) return BAD;
        head.expectField = field;
      }
      return 0;
    case 10:
      if (equalsIgnoringCase(bytes, nameStart, nameEnd, 'connection')) return readConnection(head, valueStart, valueEnd);
      if (ALL_FIELDS && equalsIgnoringCase(bytes, nameStart, nameEnd, 'keep-alive')) head.keepAliveField = field;
      return 0;
    case 14:
      if (!equalsIgnoringCase(bytes, nameStart, nameEnd, 'content-length')) return 0;
      if (head.contentLength >= 0 || !isPlain(bytes, valueStart, valueEnd)) return BAD;
      head.contentLength = readLength(bytes, valueStart, valueEnd);
      return head.contentLength < 0 ? BAD : 0;
    case 17:
      if (!equalsIgnoringCase(bytes, nameStart, nameEnd, 'transfer-encoding')) return 0;
      if (head.isChunked || !isPlain(bytes, valueStart, valueEnd)) return BAD;
      if (!equalsIgnoringCase(bytes, valueStart, valueEnd, 'chunked')) return -501;
      head.isChunked = true;
      return 0;
    default:
      return 0;
  }
}

/** Tabs before and blanks after the value of a framing field serve nobody but those who look for parsers that disagree about them. */
function isPlain(bytes: Uint8Array, valueStart: number, valueEnd: number): boolean {
  return bytes[valueEnd] === CR && bytes[valueStart - 1] !== TAB;
}

/** Digits only, at most 15 of them (so that the number is exact); -1 otherwise. */
function readLength(bytes: Uint8Array, start: number, end: number): number {
  if (start === end || end - start > 15) return -1;
  let length = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length;
}

/** The options of a Connection field (RFC 9110 §7.6.1). */
function readConnection(head: Head, start: number, end: number): number {
  const bytes = head.bytes;
  for (let at = start; at < end; ) {
    const byte = bytes[at]!;
    if (byte === 44 || isBlank(byte)) { at++; continue; }
    const option = at;
    while (at < end && (CLASS[bytes[at]!]! & TOKEN) !== 0) at++;
    if (at === option) return BAD;
    if (equalsIgnoringCase(bytes, option, at, 'keep-alive')) head.connectionBits |= KEEP_ALIVE;
    else if (equalsIgnoringCase(bytes, option, at, 'close')) head.connectionBits |= CLOSE;
    else if (ALL_FIELDS || UPGRADES) head.connectionBits |= equalsIgnoringCase(bytes, option, at, 'upgrade') ? UPGRADE : NOMINATES;
  }
  return 0;
}

/** Does a Connection field of `head` name the field `name` [start, end) of the same bytes? Only asked when NOMINATES is set. */
export function isNominated(head: Head, start: number, end: number): boolean {
  const name = head.bytes.toString('latin1', start, end).toLowerCase();
  for (const value of head.all('connection')) {
    if (value.toLowerCase().split(/[ \t]*,[ \t]*/).includes(name)) return true;
  }
  return false;
}

const SLOTS = 512;
/** Longer ones are made anew. */
const LONGEST = 40;
/** One name per slot, the last that came: what clients make up displaces, and cannot fill memory. */
const known: string[] = /* @__PURE__ */ new Array<string>(SLOTS).fill('');

/** bytes[start, end) as latin1. Clients send the same few names again and again: each is made once, and is then quick as a key, too. */
function fieldName(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return bytes.toString('latin1', start, end);
  let hash = length;
  for (let at = start; at < end; at++) hash = (hash * 31 + bytes[at]!) | 0;
  const slot = (hash ^ (hash >>> 9)) & (SLOTS - 1);
  const name = known[slot]!;
  if (name.length === length && isName(bytes, start, name)) return name;
  return (known[slot] = bytes.toString('latin1', start, end));
}

function isName(bytes: Buffer, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return false;
  return true;
}
