/** A request path in the forms that policies are asked about, so that no spelling of it gets around them. */

const PLAIN = /^(?!.*(?:%|\/\/|\/\.\.?(?:\/|$)|\\|.\/$))/;
/** A backend that decodes more often than this is beyond help. */
const ROUNDS = 3;

/**
 * The path as it came, without trailing slash (which routes do not see either), and when it has escapes, dot segments or empty segments also what
 * it comes to when those are resolved (RFC 3986 §6.2.2). Each without its first slash, as in ARNs.
 */
export function pathForms(path: string): readonly string[] {
  if (PLAIN.test(path)) return [path.slice(1)];
  const raw = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const forms = [raw.slice(1)];
  let text = raw;
  for (let round = 0; round < ROUNDS; round++) {
    const form = withoutDots(text).slice(1);
    if (!forms.includes(form)) forms.push(form);
    const decoded = decode(text);
    if (decoded === text) break;
    text = decoded;
  }
  const last = withoutDots(text).slice(1);
  if (!forms.includes(last)) forms.push(last);
  return forms;
}

/** Decodes what can be decoded; the rest stays. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try { return decodeURIComponent(escapes); } catch { return escapes.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))); }
  });
}

function withoutDots(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return `/${segments.join('/')}`;
}
