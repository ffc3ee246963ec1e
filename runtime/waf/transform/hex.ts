/** HEX_DECODE and SQL_HEX_DECODE. */
import { hexByte } from './bytes.js';

/** Two digits per byte; a digit that is left over is dropped. */
export function hexDecode(text: string): string {
  let out = '';
  for (let at = 0; at + 1 < text.length; at += 2) out += String.fromCharCode(hexByte(text, at));
  return out;
}

/** SQL's hexadecimal texts: `0x414243` becomes `ABC`. */
export function sqlHexDecode(text: string): string {
  return text.replace(/0[xX]((?:[0-9A-Fa-f]{2})+)/g, (_, digits: string) => hexDecode(digits));
}
