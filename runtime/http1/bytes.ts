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
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    return (/[\w!#$%&'*+.^`|~-]/.test(character) ? TOKEN : 0) | (/[\t -~\x80-\xff]/.test(character) ? VALUE : 0) |
      (/[!"$-~]/.test(character) ? TARGET : 0) | (/[\w.~%!$&'()*+;=:[\]-]/.test(character) ? AUTHORITY : 0);
  });
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
