/** REPLACE_COMMENTS: each C comment becomes one blank, also one that is not closed. */
export function replaceComments(text: string): string {
  if (!text.includes('/*')) return text;
  let out = '';
  for (let at = 0; ;) {
    const start = text.indexOf('/*', at);
    if (start < 0) return out + text.slice(at);
    out += `${text.slice(at, start)} `;
    const end = text.indexOf('*/', start + 2);
    if (end < 0) return out;
    at = end + 2;
  }
}
