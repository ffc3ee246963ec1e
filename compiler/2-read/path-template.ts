import type { PathSegment, PathTemplate } from '../ir.js';

/** Reads `/pets/{petId}/files/{path+}`, with `prefix` ('' or '/v1') before it; a string is what is wrong with it. */
export function readPathTemplate(path: string, prefix = ''): PathTemplate | string {
  if (!path.startsWith('/')) return 'does not start with a slash';
  const text = prefix === '' ? path : path === '/' ? prefix : prefix + path;
  const variables: string[] = [];
  const segments: PathSegment[] = [];
  const texts = text === '/' ? [] : text.slice(1).split('/');
  for (const [index, segment] of texts.entries()) {
    const parts = splitSegment(segment);
    if (typeof parts === 'string') return parts;
    for (const part of parts) {
      if (typeof part === 'string') continue;
      const name = part.name.replace(/\+$/, '');
      if (name === '') return 'has a variable without a name';
      if (variables.includes(name)) return `uses the variable {${name}} twice`;
      variables.push(name);
    }
    const first = parts[0];
    if (parts.length === 1 && typeof first === 'object') {
      if (!first.name.endsWith('+')) segments.push({ kind: 'variable', name: first.name });
      else if (index < texts.length - 1) return `has the greedy variable {${first.name}} before its end`;
      else segments.push({ kind: 'greedy', name: first.name.slice(0, -1) });
    } else if (parts.every((part) => typeof part === 'string')) {
      segments.push({ kind: 'static', text: segment });
    } else {
      if (parts.some((part) => typeof part === 'object' && part.name.endsWith('+'))) return 'has a greedy variable that is not a whole segment';
      for (let i = 1; i < parts.length; i++) if (typeof parts[i] === 'object' && typeof parts[i - 1] === 'object') return 'has two variables with nothing between them';
      segments.push({ kind: 'mixed', parts });
    }
  }
  return { text, segments, variables };
}

function splitSegment(segment: string): (string | { name: string })[] | string {
  const parts: (string | { name: string })[] = [];
  let rest = segment;
  while (rest !== '') {
    const open = rest.indexOf('{');
    if (open < 0) { parts.push(rest); break; }
    const close = rest.indexOf('}', open);
    if (close < 0) return 'has a `{` without `}`';
    if (open > 0) parts.push(rest.slice(0, open));
    parts.push({ name: rest.slice(open + 1, close) });
    rest = rest.slice(close + 1);
  }
  return parts.length === 0 ? [''] : parts;
}

/** The route of an HTTP API that takes what no other does. API Gateway exports it as `/$default`, SAM writes `$default`. */
export function isDefaultRoute(path: string): boolean { return path === '/$default' || path === '$default'; }
