/** BASE64_DECODE and BASE64_DECODE_EXT. */

/** Up to the first character that is none of Base64's. */
export function base64Decode(text: string): string {
  const end = text.search(/[^A-Za-z0-9+/\r\n]/);
  return Buffer.from(end < 0 ? text : text.slice(0, end), 'base64').toString('latin1');
}

/** Characters that are none of Base64's are passed over. */
export function base64DecodeExt(text: string): string {
  return Buffer.from(text.replace(/[^A-Za-z0-9+/]+/g, ''), 'base64').toString('latin1');
}
