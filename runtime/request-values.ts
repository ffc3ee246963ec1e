/** Values that mapping expressions and templates take from the request. */
import type { Exchange } from './exchange.js';

const PLUS = 0x2b, AMPERSAND = 0x26, EQUALS = 0x3d, PERCENT = 0x25, SEMICOLON = 0x3b;

/** The last value of query parameter `name`, decoded; undefined when it does not occur. */
export function queryValue(exchange: Exchange, name: string): string | undefined {
  let value: string | undefined;
  forEachQueryParameter(exchange, (key, text) => { if (key === name) value = text; });
  return value;
}

/** Every value of query parameter `name`, decoded, in order. */
export function queryValues(exchange: Exchange, name: string): string[] {
  const values: string[] = [];
  forEachQueryParameter(exchange, (key, text) => { if (key === name) values.push(text); });
  return values;
}

/** All values of a header field joined by commas; undefined when it does not occur. */
export function joinedHeader(exchange: Exchange, name: string): string | undefined {
  const values = exchange.head.all(name);
  return values.length === 0 ? undefined : values.join(',');
}

/** Visits the query's parameters in order, decoded (`+` is a blank). `;` separates parameters too, as on API Gateway [D]. */
export function forEachQueryParameter(exchange: Exchange, visit: (name: string, value: string) => void): void {
  const bytes = exchange.target;
  const end = exchange.queryEnd;
  let start = exchange.queryStart;
  while (start < end) {
    let stop = start, equals = -1, encoded = false;
    for (; stop < end; stop++) {
      const byte = bytes[stop]!;
      if (byte === AMPERSAND || byte === SEMICOLON) break;
      if (byte === EQUALS && equals < 0) equals = stop;
      else if (byte === PERCENT || byte === PLUS || byte >= 0x80) encoded = true;
    }
    if (stop > start) {
      const nameEnd = equals < 0 ? stop : equals;
      visit(text(bytes, start, nameEnd, encoded), equals < 0 ? '' : text(bytes, equals + 1, stop, encoded));
    }
    start = stop + 1;
  }
}

function text(bytes: Uint8Array, start: number, end: number, encoded: boolean): string {
  const raw = latin1(bytes, start, end);
  return encoded ? decodeFormComponent(raw) : raw;
}

/** Percent-decodes a form component leniently: what is no valid escape stays as it is, bytes that are no UTF-8 become U+FFFD. */
export function decodeFormComponent(raw: string): string {
  const spaced = raw.includes('+') ? raw.replace(/\+/g, ' ') : raw;
  if (!spaced.includes('%')) return spaced;
  try { return decodeURIComponent(spaced); } catch { /* not all of it is valid: byte by byte below */ }
  const bytes: number[] = [];
  for (let i = 0; i < spaced.length; i++) {
    const hex = spaced[i] === '%' ? /^[0-9a-fA-F]{2}$/.exec(spaced.slice(i + 1, i + 3)) : null;
    if (hex) { bytes.push(parseInt(hex[0], 16)); i += 2; } else bytes.push(spaced.charCodeAt(i) & 0xff);
  }
  return Buffer.from(bytes).toString('utf8');
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return bufferOf(bytes).toString('latin1', start, end);
}

/** The same memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
