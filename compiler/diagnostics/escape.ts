/** Text of a document in a terminal: nothing in it may move the cursor, colour the screen or reorder what is read. */

// C0, DEL, C1, line and paragraph separators, bidirectional controls, zero-width characters, byte order mark, lone surrogates.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Replaces every character a terminal would act on by its `\u…` spelling. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  const unit = character.charCodeAt(0);
  return unit < 0x100 ? `\\x${unit.toString(16).padStart(2, '0')}` : `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** `printable`, at most `limit` characters, with the rest replaced by an ellipsis. */
export function clip(text: string, limit = 120): string {
  return text.length <= limit ? printable(text) : `${printable(text.slice(0, limit - 1))}…`;
}

/** Columns a terminal needs for a character: 2 for CJK, fullwidth and emoji, 0 for combining marks, else 1. */
export function columns(character: string): number {
  const point = character.codePointAt(0)!;
  if (point < 0x300) return 1;
  if (/^\p{M}$/u.test(character)) return 0;
  const wide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) || (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff)
    || (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) || (point >= 0xffe0 && point <= 0xffe6) || (point >= 0x1f300 && point <= 0x1faff) || (point >= 0x20000 && point <= 0x3fffd);
  return wide ? 2 : 1;
}
