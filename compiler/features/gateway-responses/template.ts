import type { Source } from '../../expressions/parse-source.js';

/** A variable in a gateway response template with its place in the text. */
export type TemplateVariable = Extract<Source, { name: string }> & { readonly offset: number; readonly length: number };

/** Splits a substitution template (errors.md §2): literal text and variables. Anything else stays text. */
export function parseTemplate(text: string): (string | TemplateVariable)[] {
  const parts: (string | TemplateVariable)[] = [];
  const variable = /\$!?(\{?)(context|stageVariables|method\.request\.(?:header|querystring|path))\.([A-Za-z_](?:[\w-]|\.(?=[A-Za-z_]))*)(\}?)/g;
  let last = 0;
  for (const match of text.matchAll(variable)) {
    if ((match[1] === '{') !== (match[4] === '}') && match[1] === '{') continue;
    if (match.index > last) parts.push(text.slice(last, match.index));
    // Without an opening brace, a closing one belongs to the text.
    const length = match[0].length - (match[1] === '' && match[4] === '}' ? 1 : 0);
    const holder = match[2]!;
    const kind = holder === 'context' ? 'context' : holder === 'stageVariables' ? 'stageVariable' : (holder.slice('method.request.'.length) as 'header' | 'querystring' | 'path');
    parts.push({ kind, name: match[3]!, offset: match.index, length });
    last = match.index + length;
  }
  if (last < text.length) parts.push(text.slice(last));
  return parts;
}
