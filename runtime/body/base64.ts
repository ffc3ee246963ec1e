/** Standard alphabet, padding optional, line breaks allowed; null for anything else. */
export function decodeBase64(text: string): Buffer | null {
  const digits = /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, '') : text;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.replace(/=+$/, '').length % 4 === 1) return null;
  return Buffer.from(digits, 'base64');
}
