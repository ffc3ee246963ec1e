/**
 * Texts that rules look at are byte strings: one UTF-16 unit per byte, as Latin-1 decodes them. What a transformation does to bytes it does to these, and
 * regular expressions see what PCRE sees without its UTF mode.
 */

export function isHex(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 70) || (unit >= 97 && unit <= 102);
}

/** The value of a hexadecimal digit. */
export function hexDigit(unit: number): number {
  return unit >= 65 ? (unit & 0xdf) - 55 : unit - 48;
}

/** The byte that two hexadecimal digits at `at` spell. */
export function hexByte(text: string, at: number): number {
  return ((hexDigit(text.charCodeAt(at)) << 4) + hexDigit(text.charCodeAt(at + 1))) & 0xff;
}

export function isHexPair(text: string, at: number): boolean {
  return at + 1 < text.length && isHex(text.charCodeAt(at)) && isHex(text.charCodeAt(at + 1));
}

/** Four hexadecimal digits as one byte: the lower two count; full-width ASCII (FF01 to FF5E) becomes the ASCII it looks like. */
export function wideByte(text: string, at: number): number {
  const low = hexByte(text, at + 2);
  return low > 0 && low < 0x5f && (text.charCodeAt(at) & 0xdf) === 70 && (text.charCodeAt(at + 1) & 0xdf) === 70 ? low + 0x20 : low;
}

/** Value and digits of up to three octal digits at `at`: [value, count]. */
export function octal(text: string, at: number): readonly [value: number, count: number] {
  let value = 0, count = 0;
  while (count < 3) {
    const unit = text.charCodeAt(at + count);
    if (!(unit >= 48 && unit <= 55)) break;
    value = value * 8 + unit - 48;
    count++;
  }
  return [value, count];
}

/** What `\a`, `\b` … stand for; undefined for other letters. */
export function controlEscape(unit: number): number | undefined {
  switch (unit) {
    case 97: return 7;
    case 98: return 8;
    case 102: return 12;
    case 110: return 10;
    case 114: return 13;
    case 116: return 9;
    case 118: return 11;
    default: return undefined;
  }
}

/** C's isspace. */
export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}
