/** URL_DECODE and URL_DECODE_UNI. What is no valid escape stays as it is. */
import { hexByte, isHexPair, wideByte } from './bytes.js';

export function urlDecode(text: string): string {
  const spaced = text.includes('+') ? text.replace(/\+/g, ' ') : text;
  return spaced.includes('%') ? spaced.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))) : spaced;
}

/** Also Microsoft's `%uHHHH`. */
export function urlDecodeUni(text: string): string {
  if (!text.includes('%')) return text.includes('+') ? text.replace(/\+/g, ' ') : text;
  let out = '';
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    if (unit === 37) {
      if ((text.charCodeAt(at + 1) & 0xdf) === 85) {
        if (isHexPair(text, at + 2) && isHexPair(text, at + 4)) { out += String.fromCharCode(wideByte(text, at + 2)); at += 6; } else { out += text.slice(at, at + 2); at += 2; }
        continue;
      }
      if (isHexPair(text, at + 1)) { out += String.fromCharCode(hexByte(text, at + 1)); at += 3; continue; }
    }
    out += unit === 43 ? ' ' : text[at]!;
    at++;
  }
  return out;
}
