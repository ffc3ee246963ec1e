/**
 * How literal text of a path template looks in a request target. A client sends everything outside `pchar` (RFC 3986 §3.3)
 * percent-encoded as UTF-8, and the router compares bytes, so template text becomes the bytes to expect.
 */

/** One expected byte. With FOLD added, an upper-case hexadecimal digit that may come in either case (RFC 3986 §6.2.2.1). */
export type ByteTest = number;
export const FOLD = 0x100;

/** Characters that stand for themselves in a path segment: unreserved, sub-delims, `:` and `@`. */
const PCHAR = /^[A-Za-z0-9\-._~!$&'()*+,;=:@]$/;
/** Not `pchar`, but URL parsers of browsers and of Node leave them as they are (URL Standard, path percent-encode set). */
const LEFT_RAW = /^[[\]|^]$/;
const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,;=:@]*$/;

/**
 * The byte sequences that stand for `text` on the wire: the percent-encoded one, and a second one when the text has characters
 * that URL parsers send raw. `%XX` in the text is taken as already encoded; another `%` stands for itself (`%25`).
 */
export function wireForms(text: string): ByteTest[][] {
  if (PLAIN.test(text)) return [[...Buffer.from(text, 'latin1')]];
  const encoded = encode(text, false);
  const raw = encode(text, true);
  return sameBytes(encoded, raw) ? [encoded] : [encoded, raw];
}

/** One key for texts that mean the same bytes on the wire, e.g. `a b` and `a%20b`. */
export function wireKey(text: string): string {
  if (PLAIN.test(text)) return text;
  return encode(text, false).map((byte) => String.fromCharCode(byte)).join('');
}

function encode(text: string, keepRaw: boolean): ByteTest[] {
  const bytes: ByteTest[] = [];
  for (let index = 0; index < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(index)!);
    const triplet = character === '%' ? /^%[0-9A-Fa-f]{2}/.exec(text.slice(index, index + 3)) : null;
    if (triplet) pushTriplet(bytes, parseInt(triplet[0].slice(1), 16));
    else if (PCHAR.test(character) || (keepRaw && LEFT_RAW.test(character))) bytes.push(character.charCodeAt(0));
    else for (const byte of Buffer.from(character, 'utf8')) pushTriplet(bytes, byte);
    index += triplet ? 3 : character.length;
  }
  return bytes;
}

function pushTriplet(bytes: ByteTest[], byte: number): void {
  bytes.push(0x25);
  for (const digit of byte.toString(16).toUpperCase().padStart(2, '0')) {
    const code = digit.charCodeAt(0);
    bytes.push(digit >= 'A' ? code | FOLD : code);
  }
}

function sameBytes(a: readonly ByteTest[], b: readonly ByteTest[]): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
