/** LOWERCASE: A to Z only; other bytes are no letters here. */
export function lowercase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) : text;
}
