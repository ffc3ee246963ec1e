/** Classes of bytes in HTTP/1.1 messages (RFC 9110 §5.6.2, RFC 9112 §3, RFC 3986). One table, tested with a mask. */

/** tchar: methods, field names, codings. */
export const TOKEN = 1;
/** Field values: visible ASCII, blank, tab, obs-text. Neither NUL nor another control character. */
export const VALUE = 2;
/** Request targets: visible ASCII but `#`: a fragment never goes over the wire. */
export const TARGET = 4;
/** Host and authority: reg-name, IP-literal, port. Without `@`: no user info reaches a backend. */
export const AUTHORITY = 8;

function classify(): Uint8Array {
  const table = new Uint8Array(256);
  const mark = (characters: string, mask: number): void => {
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)]! |= mask;
  };
  const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  mark(`${alphanumeric}!#$%&'*+-.^_\`|~`, TOKEN);
  mark(`${alphanumeric}-._~%!$&'()*+;=:[]`, AUTHORITY);
  for (let byte = 0x21; byte < 0x7f; byte++) table[byte]! |= byte === 0x23 ? VALUE : VALUE | TARGET;
  for (let byte = 0x80; byte < 0x100; byte++) table[byte]! |= VALUE;
  mark(' \t', VALUE);
  return table;
}

export const CLASS = /* @__PURE__ */ classify();

/** Are the bytes [start, end) the lower-case ASCII `word`, in whatever case? */
export function equalsIgnoringCase(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    let byte = bytes[start + i]!;
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte !== word.charCodeAt(i)) return false;
  }
  return true;
}
