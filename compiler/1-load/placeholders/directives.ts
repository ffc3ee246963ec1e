/**
 * What Terraform's templates hold beside `${…}` in texts: directives (`%{ if … }`, `%{ for … }`) and, in JSON, placeholders without quotes around them. Directives are decided
 * before the text is parsed, and what they leave out becomes blanks, so that every place in the text stays where it is.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#directives
 */
import type { Reporter } from '../../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import { evaluateCondition } from './condition.js';
import type { Environment } from './environment.js';

const DIRECTIVE = /(%?)%\{~?\s*(if|else|endif|for|endfor)\b((?:[^{}"]|"(?:[^"\\]|\\.)*")*?)~?\}/g;

/** Stands before the name in a text that was a placeholder without quotes: as long as `${}` without them. */
export const UNQUOTED = '\uE000';

interface Open { readonly at: number; readonly end: number; holds: boolean; readonly wasShown: boolean }

/** `text` with directives decided, of the same length; undefined after an error was reported. */
export function renderDirectives(file: string, text: string, environment: Environment, reporter: Reporter): string | undefined {
  const rendered = text.includes('%{') && /%\{~?\s*(?:if|for)\b/.test(text) ? decide(file, text, environment, reporter) : text;
  return rendered === undefined || !/^\s*\{/.test(rendered) || !hasUnquoted(rendered) ? rendered : quoted(rendered);
}

/** Whether a `${` stands where a value of JSON begins. */
function hasUnquoted(text: string): boolean {
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', at + 2)) {
    let before = at - 1;
    while (before >= 0 && /\s/.test(text[before]!)) before--;
    if (before >= 0 && ':[,'.includes(text[before]!)) return true;
  }
  return false;
}

function decide(file: string, text: string, environment: Environment, reporter: Reporter): string | undefined {
  let result = '', last = 0, isShown = true, isWhole = true;
  const open: Open[] = [];
  const blank = (part: string): string => part.replace(/[^\r\n]/g, ' ');
  const fault = (at: number, end: number, problem: string, hint?: string): void => { isWhole = false; reporter.report(diagnostics.brokenDirective, { file, pointer: '', span: [at, end] }, { problem, hint }); };
  for (const match of text.matchAll(DIRECTIVE)) {
    const [whole, escape, word, rest] = match as unknown as [string, string, string, string];
    if (escape !== '') continue;
    const at = match.index, end = at + whole.length;
    const part = text.slice(last, at);
    result += (isShown ? part : blank(part)) + blank(whole);
    last = end;
    switch (word) {
      case 'if': {
        const { value, unknown } = evaluateCondition(rest.trim(), environment);
        if (value === undefined && isShown) reporter.report(diagnostics.unknownDirective, { file, pointer: '', span: [at, end] }, { condition: rest.trim(), names: unknown });
        open.push({ at, end, holds: value ?? true, wasShown: isShown });
        isShown &&= value ?? true;
        break;
      }
      case 'else': case 'endif': {
        const block = open.at(-1);
        if (!block) { fault(at, end, `%{ ${word} } without %{ if … }`, 'remove it, or add %{ if … } before it'); break; }
        isShown = block.wasShown && (word === 'endif' || !block.holds);
        if (word === 'endif') open.pop();
        break;
      }
      case 'for':
        if (isShown) fault(at, end, 'a %{ for … } loop is not unrolled: what it writes stands nowhere in this file');
        break;
    }
  }
  for (const { at, end } of open) fault(at, end, '%{ if … } without %{ endif }', 'add %{ endif } where it ends');
  const part = text.slice(last);
  return isWhole ? result + (isShown ? part : blank(part)) : undefined;
}

/** JSON with `"key": ${name}` as a text that tells the name. */
function quoted(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\$\{([^{}"\n]+)\}/g, (whole, name: string | undefined) => (name === undefined ? whole : `"${UNQUOTED}${name}"`));
}
