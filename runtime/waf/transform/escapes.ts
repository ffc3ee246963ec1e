/** ESCAPE_SEQ_DECODE, JS_DECODE and CSS_DECODE: escapes with a backslash, as C, JavaScript and CSS 2 have them. */
import { controlEscape, hexByte, hexDigit, isHex, isHexPair, isSpace, octal, wideByte } from './bytes.js';

/** `\n`, `\x41`, `\101`; of any other escape the backslash is dropped. */
export function escapeSequenceDecode(text: string): string {
  if (!text.includes('\\')) return text;
  let out = '';
  for (let at = 0; at < text.length;) {
    const next = text.charCodeAt(at + 1);
    if (text.charCodeAt(at) !== 92 || at + 1 === text.length) { out += text[at++]!; continue; }
    const control = controlEscape(next);
    const [value, digits] = octal(text, at + 1);
    if (control !== undefined) { out += String.fromCharCode(control); at += 2; }
    else if ((next & 0xdf) === 88 && isHexPair(text, at + 2)) { out += String.fromCharCode(hexByte(text, at + 2)); at += 4; }
    else if (digits > 0) { out += String.fromCharCode(value & 0xff); at += 1 + digits; }
    else { out += text[at + 1]!; at += 2; }
  }
  return out;
}

/** `\u0041` (the lower byte, full-width ASCII as ASCII), `\x41`, `\101`, `\n`; of any other escape the backslash is dropped. */
export function jsDecode(text: string): string {
  if (!text.includes('\\')) return text;
  let out = '';
  for (let at = 0; at < text.length;) {
    const next = text.charCodeAt(at + 1);
    if (text.charCodeAt(at) !== 92 || at + 1 === text.length) { out += text[at++]!; continue; }
    if (next === 117 && isHexPair(text, at + 2) && isHexPair(text, at + 4)) { out += String.fromCharCode(wideByte(text, at + 2)); at += 6; continue; }
    if (next === 120 && isHexPair(text, at + 2)) { out += String.fromCharCode(hexByte(text, at + 2)); at += 4; continue; }
    const [value, digits] = octal(text, at + 1);
    if (digits > 0) {
      // Three digits are a byte only up to 377.
      const isTwo = digits === 3 && value > 0xff;
      out += String.fromCharCode(isTwo ? value >> 3 : value);
      at += isTwo ? 3 : 1 + digits;
      continue;
    }
    const control = controlEscape(next);
    out += control === undefined ? text[at + 1]! : String.fromCharCode(control);
    at += 2;
  }
  return out;
}

/** A backslash and one to six hexadecimal digits (the last two count, full-width ASCII as ASCII) with one blank behind; a newline behind a backslash vanishes. */
export function cssDecode(text: string): string {
  if (!text.includes('\\')) return text;
  let out = '';
  for (let at = 0; at < text.length;) {
    if (text.charCodeAt(at) !== 92) { out += text[at++]!; continue; }
    at++;
    let digits = 0;
    while (digits < 6 && at + digits < text.length && isHex(text.charCodeAt(at + digits))) digits++;
    if (digits === 0) {
      if (at < text.length && text.charCodeAt(at) !== 10) out += text[at]!;
      at++;
      continue;
    }
    const zeros = text.slice(at, at + digits - 4);
    const isWide = digits >= 4 && (digits === 4 || zeros.startsWith('0'.repeat(digits - 4)));
    out += String.fromCharCode(digits === 1 ? hexDigit(text.charCodeAt(at)) : isWide ? wideByte(text, at + digits - 4) : hexByte(text, at + digits - 2));
    at += digits;
    if (at < text.length && isSpace(text.charCodeAt(at))) at++;
  }
  return out;
}
