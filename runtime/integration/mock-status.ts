/**
 * The integer `statusCode` of a mock's rendered request template. The parser is API Gateway's lenient one (integrations.md §7):
 * unquoted or single-quoted keys, trailing commas and anything after the object are taken. A string says why there is none.
 */
export function mockStatus(text: string): number | string {
  const source = text.trim();
  if (!source.startsWith('{')) return 'it is no JSON object';
  let depth = 0, quote = '', end = -1;
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (quote !== '') { if (c === '\\') i++; else if (c === quote) quote = ''; continue; }
    if (c === '"' || c === "'") quote = c;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) { end = i; break; }
  }
  if (end < 0) return quote !== '' ? 'a quote is not closed' : 'a brace is not closed';
  const found = /(?:^\{|,)\s*(?:"statusCode"|'statusCode'|statusCode)\s*:\s*([^,}\s]+)/.exec(source.slice(0, end + 1));
  if (found === null) return 'statusCode is missing';
  return /^-?\d+$/.test(found[1]!) ? Number(found[1]) : `statusCode is ${found[1]}`;
}
