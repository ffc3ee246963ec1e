import type { PathSegment, PathTemplate } from '../ir.js';

/** What is wrong with a path, and what to write. */
export interface PathFault { readonly problem: string; readonly hint: string }

/** Reads `/pets/{petId}/files/{path+}`, with `prefix` ('' or '/v1') before it. Where a greedy variable stands is for the router to say. */
export function readPathTemplate(path: string, prefix = ''): PathTemplate | PathFault {
  if (!path.startsWith('/')) return { problem: 'does not start with a slash', hint: `write /${path}` };
  const text = prefix === '' ? path : path === '/' ? prefix : prefix + path;
  const variables: string[] = [];
  const segments: PathSegment[] = [];
  const texts = text === '/' ? [] : text.slice(1).split('/');
  for (const segment of texts) {
    const parts = splitSegment(segment);
    if (!parts) return { problem: "has a '{' without '}'", hint: `write ${segment.replace(/\{(\w*)/g, '{$1}').replaceAll('}}', '}')}, or %7B for the character itself` };
    for (const part of parts) {
      if (typeof part === 'string') continue;
      const name = part.name.replace(/\+$/, '');
      if (name === '') return { problem: 'has a variable without a name', hint: 'write {id}, or whatever it stands for' };
      if (variables.includes(name)) return { problem: `uses the variable {${name}} twice`, hint: `give the second one a name of its own: ${secondOf(text, name)}` };
      variables.push(name);
    }
    const first = parts[0];
    if (parts.length === 1 && typeof first === 'object') {
      segments.push(first.name.endsWith('+') ? { kind: 'greedy', name: first.name.slice(0, -1) } : { kind: 'variable', name: first.name });
    } else if (parts.every((part) => typeof part === 'string')) {
      segments.push({ kind: 'static', text: segment });
    } else {
      const greedy = parts.find((part): part is { name: string } => typeof part === 'object' && part.name.endsWith('+'));
      if (greedy) return { problem: `has the greedy variable {${greedy.name}} in a segment with other text`, hint: `write {${greedy.name}} as a whole segment, or {${greedy.name.slice(0, -1)}}` };
      for (let i = 1; i < parts.length; i++) {
        const [before, after] = [parts[i - 1]!, parts[i]!];
        if (typeof before === 'object' && typeof after === 'object') return { problem: `has {${before.name}} and {${after.name}} with nothing between them`, hint: `write one variable, or text that tells where the first one ends: {${before.name}}.{${after.name}}` };
      }
      segments.push({ kind: 'mixed', parts });
    }
  }
  return { text, segments, variables };
}

/** The path with its second `{name}` called otherwise, or `{petId}` for the segment before. */
function secondOf(path: string, name: string): string {
  const second = path.lastIndexOf(`{${name}`);
  const owner = /([A-Za-z]+?)s?\/$/.exec(path.slice(0, second))?.[1] ?? 'other';
  return `${path.slice(0, second)}{${owner}${name[0]!.toUpperCase()}${name.slice(1)}${path.slice(second + name.length + 1)}`;
}

/** undefined: a brace is not closed. */
function splitSegment(segment: string): (string | { name: string })[] | undefined {
  const parts: (string | { name: string })[] = [];
  let rest = segment;
  while (rest !== '') {
    const open = rest.indexOf('{');
    if (open < 0) { parts.push(rest); break; }
    const close = rest.indexOf('}', open);
    if (close < 0) return undefined;
    if (open > 0) parts.push(rest.slice(0, open));
    parts.push({ name: rest.slice(open + 1, close) });
    rest = rest.slice(close + 1);
  }
  return parts.length === 0 ? [''] : parts;
}

/** The route of an HTTP API that takes what no other does. API Gateway exports it as `/$default`, SAM writes `$default`. */
export function isDefaultRoute(path: string): boolean { return path === '/$default' || path === '$default'; }
