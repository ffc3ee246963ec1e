/** COMPRESS_WHITE_SPACE: runs of white space, non-breaking blanks included, become one blank. */
export function compressWhiteSpace(text: string): string {
  return text.replace(/[\t-\r \xa0]+/g, ' ');
}

/** REMOVE_NULLS. */
export function removeNulls(text: string): string {
  return text.includes('\0') ? text.replace(/\0+/g, '') : text;
}

/** REPLACE_NULLS: each becomes a blank. */
export function replaceNulls(text: string): string {
  return text.includes('\0') ? text.replace(/\0/g, ' ') : text;
}
