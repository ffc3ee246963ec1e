/** UTF8_TO_UNICODE: every character of several bytes becomes `%uHHHH`; bytes that are no UTF-8 stay. */
export function utf8ToUnicode(text: string): string {
  return text.replace(/[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g, (sequence) => {
    const code = codePoint(sequence);
    return code === undefined ? sequence : `%u${code.toString(16).padStart(4, '0')}`;
  });
}

/** undefined: overlong, a surrogate, or beyond Unicode. */
function codePoint(sequence: string): number | undefined {
  const lead = sequence.charCodeAt(0);
  let code = sequence.length === 2 ? lead & 0x1f : sequence.length === 3 ? lead & 0x0f : lead & 0x07;
  for (let at = 1; at < sequence.length; at++) code = (code << 6) | (sequence.charCodeAt(at) & 0x3f);
  const least = sequence.length === 2 ? 0x80 : sequence.length === 3 ? 0x800 : 0x10000;
  return code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : code;
}
