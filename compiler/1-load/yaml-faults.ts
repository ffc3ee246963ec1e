/** The `yaml` package's error codes in words that say what to change, at the place where to change it. */
import type { YAMLError } from 'yaml';
import { clip } from '../diagnostics/escape.js';
import type { Span } from '../diagnostics/locate.js';

export interface YamlFault { readonly problem: string; readonly hint?: string; readonly span: Span }

export function explainYamlError(error: YAMLError, text: string): YamlFault {
  const start = firstFilled(text, error.pos[0]);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const line = text.slice(lineStart, newline === -1 ? text.length : newline).replace(/\r$/, '');
  const rest: Span = [start, Math.max(start + 1, lineStart + line.trimEnd().length)];
  const word: Span = [start, start + Math.max(1, /^[^\s:,[\]{}]*/.exec(text.slice(start, rest[1]))![0].length)];
  if (/^\s*%\{/.test(line)) return { problem: "Terraform's %{ … } is not evaluated: this is the template of a document", hint: 'render it first, for instance with templatefile() in `terraform console`, and build the result', span: rest };
  switch (error.code) {
    case 'TAB_AS_INDENT': return { problem: 'a tab is used for indentation', hint: 'indent with spaces', span: [error.pos[0], error.pos[0] + 1] };
    case 'BAD_SCALAR_START': return { problem: `a value cannot start with '${text[start]}'`, hint: 'put the text in quotes', span: [start, start + 1] };
    case 'BAD_DQ_ESCAPE': return { problem: `${clip(text.slice(start, start + 2))} is no escape in double quotes`, hint: 'write \\\\ for a backslash, or use single quotes', span: [start, start + 2] };
    case 'BAD_DIRECTIVE': return { problem: 'this is no YAML directive', hint: 'quote a text that starts with %', span: rest };
    case 'KEY_OVER_1024_CHARS': return { problem: 'a key has more than 1024 characters', hint: 'a closing quote may be missing', span: [start, start + 1] };
    case 'MULTILINE_IMPLICIT_KEY': return /^\s*(?:- +)?[^\s"':]+:[^\s:]/.test(line)
      ? { problem: "a space is missing after ':'", hint: 'write `key: value`', span: rest }
      : { problem: "this is no key: it has no ':'", hint: 'add the missing colon, or quote a text that goes over several lines', span: rest };
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW': return nestedColon(line)
      ? { problem: 'this text has a ": " in it, which would start another object', hint: 'put the text in quotes', span: rest }
      : { problem: 'an object or list over several lines cannot start here', hint: 'start it on a line of its own, indented', span: rest };
    case 'BAD_INDENT': return unclosed(error.message, text, error.pos[0]) ?? { problem: 'this line is indented differently from its neighbours', hint: 'entries of one object start in the same column', span: word };
    case 'MISSING_CHAR': return unclosed(error.message, text, error.pos[0]) ?? missing(error.message, text, error.pos[0], rest);
    case 'BAD_COLLECTION_TYPE':
    case 'BAD_PROP_ORDER':
    case 'MULTIPLE_TAGS':
    case 'MULTIPLE_ANCHORS':
    case 'ALIAS_PROPS': return { problem: `misplaced tag or anchor: ${clip(lowerFirst(error.message))}`, hint: 'quote a text that starts with ! or &', span: rest };
    case 'UNEXPECTED_TOKEN': return unexpected(text, start, line, rest);
    default: return { problem: `not valid YAML: ${clip(lowerFirst(error.message))}`, span: rest };
  }
}

/** A quoted text over several lines that is closed: its further lines have to stand further in than its key, which some parsers do not mind (YAML 1.2 §7.3). */
function badlyIndented(text: string, open: number, quote: string): YamlFault | undefined {
  const close = quote === '"' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
  close.lastIndex = open;
  const whole = close.exec(text)?.[0];
  const lines = whole?.split('\n');
  // A quote that opens another text is no end of this one.
  if (lines === undefined || lines.length < 2 || lines.length > 200 || !/^[ \t]*(?:#.*|[,}\]].*)?$/m.test(/^[^\n]*/.exec(text.slice(open + whole!.length))![0])) return undefined;
  const lineStart = text.lastIndexOf('\n', open) + 1;
  const indent = /^[ ]*(?:- +)*/.exec(text.slice(lineStart, open))![0].length;
  let at = open;
  for (const line of lines.slice(1)) {
    at = text.indexOf('\n', at) + 1;
    const own = /^ */.exec(line)![0].length;
    if (line.trim() !== '' && own <= indent) return { problem: `the text in ${quote} that begins on line ${text.slice(0, open).split('\n').length} goes on here, not further in than its key`, hint: `indent its lines by at least ${indent + 1} blanks`, span: [at + own, at + Math.max(own + 1, line.trimEnd().length)] };
  }
  return undefined;
}

/** Brackets and quotes are shown where they open: the end of the file says little. */
function unclosed(message: string, text: string, end: number): YamlFault | undefined {
  const quote = /Missing closing (["'])quote/.exec(message)?.[1];
  if (quote) {
    const at = Math.max(0, text.lastIndexOf(quote, end - 1));
    const badly = badlyIndented(text, at, quote);
    if (badly) return badly;
    return { problem: `the ${quote} that opens here is never closed`, hint: `add the missing ${quote}`, span: [at, at + 1] };
  }
  const bracket = /end with a ([\]}])/.exec(message)?.[1];
  if (!bracket) return undefined;
  const open = bracket === ']' ? '[' : '{';
  let depth = 0;
  let at = end - 1;
  for (; at > 0; at--) {
    if (text[at] === bracket) depth++;
    else if (text[at] === open && depth-- === 0) break;
  }
  return { problem: `the '${open}' that opens here is never closed`, hint: `add '${bracket}', or quote the text if it is no ${open === '[' ? 'list' : 'object'}`, span: [at, at + 1] };
}

function missing(message: string, text: string, start: number, span: Span): YamlFault {
  if (message.startsWith('Implicit map keys')) return { problem: "this is no key: it has no ':'", hint: 'write `key: value`, with a space after the colon', span };
  if (message.startsWith('Sequence item without')) return { problem: "a list entry without '- '", hint: 'every entry of this list starts with "- "', span };
  if (message.startsWith('Comments must')) return { problem: "a comment needs a space before its '#'", hint: 'put the text in quotes if the # belongs to it', span };
  if (message.startsWith('Missing space after :')) return { problem: "a space is missing after ':'", hint: 'write `key: value`', span };
  if (message.startsWith('Missing ,')) return { problem: 'a comma is missing between two entries', hint: 'separate the entries of {…} and […] by commas', span };
  return { problem: `not valid YAML: ${clip(lowerFirst(message))}`, hint: text[start] === undefined ? 'the file seems to end too early' : undefined, span };
}

function unexpected(text: string, start: number, line: string, span: Span): YamlFault {
  const found = text.slice(start, span[1]).trim();
  if (found === '') return { problem: 'something is missing here', span };
  if (/^[{[]/.test(found) && /[^\s:,[{]/.test(text[start - 1] ?? '')) return { problem: `a text inside {…} or […] cannot have a '${found[0]}' in it`, hint: `put the text in quotes: ${clip(`'${wordAround(text, start)}'`, 60)}`, span: [start, start + 1] };
  const afterQuote = /["']\s*$/.test(line.slice(0, Math.max(0, line.length - (span[1] - start))));
  return { problem: `unexpected ${clip(`'${found}'`, 60)}`, hint: /[{[]/.test(found[0] ?? '') && /^\{[\w+]+\}/.test(found) ? 'put a text with braces in quotes inside { … }' : nestedColon(line) ? 'put a text with ": " in it in quotes' : afterQuote ? 'nothing may follow a closing quote: quote the whole text' : 'check the indentation and the quotes', span };
}

/** `/pets/{id}` in `{Path: /pets/{id}, Method: get}`. */
function wordAround(text: string, at: number): string {
  const before = /[^\s,{[]*$/.exec(text.slice(Math.max(0, at - 60), at))![0];
  return before + /^[^\s,]*/.exec(text.slice(at, at + 60))![0];
}

/** `description: note: this` needs quotes. */
function nestedColon(line: string): boolean {
  return /^\s*(?:- +)?[^\s"'][^:]*: +[^"'|>\s].*: /.test(line);
}

/** Errors about a line are reported at its very start; what stands on it says more. */
function firstFilled(text: string, at: number): number {
  const blank = /[ ]*/y;
  blank.lastIndex = at;
  const end = at + blank.exec(text)![0].length;
  return end < text.length && text[end] !== '\n' && text[end] !== '\r' ? end : at;
}

function lowerFirst(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
