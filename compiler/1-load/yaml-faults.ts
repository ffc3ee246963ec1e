/** The `yaml` package's error codes in words that say what to change. */
import type { YAMLError } from 'yaml';
import { clip } from '../diagnostics/escape.js';
import type { Span } from '../diagnostics/locate.js';

export interface YamlFault { readonly problem: string; readonly hint?: string; readonly span: Span }

export function explainYamlError(error: YAMLError, text: string): YamlFault {
  const [start, end] = error.pos;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, text.indexOf('\n', start) === -1 ? text.length : text.indexOf('\n', start));
  const span: Span = [start, Math.max(start + 1, Math.min(end, start + line.length))];
  switch (error.code) {
    case 'TAB_AS_INDENT': return { problem: 'a tab is used for indentation', hint: 'indent with spaces', span };
    case 'BAD_INDENT': return { problem: 'this line is indented differently from its neighbours', hint: 'keys of one object start in the same column', span };
    case 'BAD_ALIAS': return { problem: `the alias has no anchor: ${clip(text.slice(start, span[1]), 60)}`, hint: 'define &name before *name, or quote a text that starts with *', span };
    case 'BAD_SCALAR_START': return { problem: `a value cannot start with '${text[start]}'`, hint: 'put the text in quotes', span: [start, start + 1] };
    case 'BAD_DQ_ESCAPE': return { problem: `${clip(text.slice(start, start + 2))} is no escape in double quotes`, hint: 'write \\\\ for a backslash, or use single quotes', span };
    case 'BAD_DIRECTIVE': return { problem: 'this is no YAML directive', hint: 'quote a text that starts with %', span };
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW': return { problem: 'an indented block cannot stand here', hint: nestedColon(line) ?? 'check the indentation, and quote texts with ": " in them', span };
    case 'MULTILINE_IMPLICIT_KEY': return { problem: "the line above is no key: it has no ':'", hint: 'add the missing colon, or quote a text that goes over several lines', span };
    case 'MISSING_CHAR': return missing(error.message, text, start, span);
    case 'KEY_OVER_1024_CHARS': return { problem: 'a key has more than 1024 characters', hint: 'a closing quote may be missing', span: [start, start + 1] };
    case 'BAD_COLLECTION_TYPE':
    case 'BAD_PROP_ORDER':
    case 'MULTIPLE_TAGS':
    case 'MULTIPLE_ANCHORS':
    case 'ALIAS_PROPS': return { problem: `misplaced tag or anchor: ${clip(lowerFirst(error.message))}`, hint: 'quote a text that starts with ! or &', span };
    case 'UNEXPECTED_TOKEN': return unexpected(text, start, line, span);
    default: return { problem: `not valid YAML: ${clip(lowerFirst(error.message))}`, span };
  }
}

function missing(message: string, text: string, start: number, span: Span): YamlFault {
  const quote = /Missing closing (["'])quote/.exec(message)?.[1];
  if (quote) return { problem: `a closing ${quote} is missing`, hint: 'close the quotes', span };
  if (message.startsWith('Implicit map keys')) return { problem: "a key without ':'", hint: 'write `key: value`, with a space after the colon', span };
  if (message.startsWith('Sequence item without')) return { problem: "a list entry without '- '", hint: 'every entry of this list starts with "- "', span };
  if (message.startsWith('Comments must')) return { problem: "a comment needs a space before its '#'", hint: 'put the text in quotes if the # belongs to it', span };
  if (message.startsWith('Missing space after :')) return { problem: "a space is missing after ':'", span };
  if (message.startsWith('Missing ,')) return { problem: 'a comma is missing between two entries', hint: 'separate the entries of {…} and […] by commas', span };
  const bracket = /expected .*?(?:with|ending with)? ?([}\]])/i.exec(message)?.[1];
  if (bracket) return { problem: `a closing '${bracket}' is missing`, hint: `add '${bracket}', or quote a text that starts with '${bracket === '}' ? '{' : '['}'`, span };
  return { problem: `not valid YAML: ${clip(lowerFirst(message))}`, hint: text[start] === undefined ? 'the file seems to end too early' : undefined, span };
}

function unexpected(text: string, start: number, line: string, span: Span): YamlFault {
  const found = text.slice(start, span[1]).trim();
  if (found === '') return { problem: 'something is missing here', span };
  const colon = nestedColon(line);
  return { problem: `unexpected ${clip(`'${found}'`, 60)}`, hint: colon ?? (/["'].*\S/.test(line) ? 'nothing may follow a closing quote; quote the whole text' : 'check the indentation and the quotes'), span };
}

/** `description: note: this` needs quotes. */
function nestedColon(line: string): string | undefined {
  return /^\s*(?:- )?[^\s"'][^:]*: [^"'|>\s][^"]*: /.test(line) ? 'a text with ": " in it must be quoted' : undefined;
}

function lowerFirst(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
