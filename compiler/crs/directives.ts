/** The text of ModSecurity's configuration files as directives. */

export interface Directive { readonly name: string; readonly arguments: readonly string[] }

/** Lines that end in a backslash go on; arguments stand in double quotes where they hold blanks. */
export function parseDirectives(text: string): Directive[] {
  const found: Directive[] = [];
  let line = '';
  for (const raw of text.split(/\r?\n/)) {
    if (line === '' && /^\s*(?:#|$)/.test(raw)) continue;
    if (raw.endsWith('\\')) { line += raw.slice(0, -1); continue; }
    const [name, ...rest] = words(line + raw);
    line = '';
    if (name !== undefined) found.push({ name, arguments: rest });
  }
  return found;
}

function words(line: string): string[] {
  const found: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/"((?:[^"\\]|\\[^])*)"|(\S+)/g)) found.push(quoted !== undefined ? quoted.replace(/\\"/g, '"') : plain!);
  return found;
}

/** `id:1,t:none,msg:'a, b'` as [name, value]. */
export function parseActions(text: string): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const [, name, quoted, plain] of text.matchAll(/\s*([A-Za-z]\w*)(?::(?:'((?:[^'\\]|\\[^])*)'|([^,]*)))?\s*(?:,|$)/g)) found.push([name!, (quoted ?? plain ?? '').trim()]);
  return found;
}
