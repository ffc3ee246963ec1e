/** What is wrong with a JSON text that JSON.parse refused, or took too kindly: read only when there is something to report. */
import type { Span } from '../diagnostics/locate.js';
import { clip } from '../diagnostics/escape.js';
import { skipBlanks, skipString } from './json-positions.js';

export interface SyntaxFault { readonly problem: string; readonly hint?: string; readonly span: Span }
export interface DuplicateKey { readonly key: string; readonly first: Span; readonly second: Span }

/** Every key that an object of this (valid) JSON text has twice. */
export function findDuplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const open: (Map<string, Span> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '{') open.push(new Map());
    else if (c === '[') open.push(undefined);
    else if (c === '}' || c === ']') open.pop();
    else if (c === '"') {
      const end = skipString(text, at);
      const keys = open.at(-1);
      if (keys && text[skipBlanks(text, end)] === ':') {
        const key = JSON.parse(text.slice(at, end)) as string;
        const first = keys.get(key);
        if (first) found.push({ key, first, second: [at, end] });
        else keys.set(key, [at, end]);
      }
      at = end - 1;
    }
  }
  return found;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /[^\s,:{}[\]"]+/y;

/** The first place at which the text stops being JSON (RFC 8259), in words. */
export function findSyntaxError(text: string): SyntaxFault {
  const open: { character: '{' | '['; at: number }[] = [];
  let at = skipBlanks(text, 0);
  let expect = 'value' as 'value' | 'key' | 'firstKey' | 'firstValue' | 'colon' | 'end';
  for (;;) {
    const c = text[at];
    if (c === undefined) {
      const unclosed = open.at(-1);
      if (!unclosed) return fault('the document ends where a value is expected', at, 1);
      return { problem: `the ${unclosed.character === '{' ? 'object' : 'array'} that starts here is never closed`, hint: `add the missing ${unclosed.character === '{' ? '}' : ']'}`, span: [unclosed.at, unclosed.at + 1] };
    }
    if (c === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) return fault('JSON has no comments', at, 2, 'remove the comment, or rename the file to .yaml and write # comments');
    if (expect === 'colon') {
      if (c !== ':') return fault(`':' is expected after the key, not ${name(text, at)}`, at, 1);
      at = skipBlanks(text, at + 1);
      expect = 'value';
      continue;
    }
    if (expect === 'end') {
      const container = open.at(-1);
      if (!container) return fault(`the document goes on behind its end with ${name(text, at)}`, at, 1, 'a JSON file holds one value');
      if (c === ',') { expect = container.character === '{' ? 'key' : 'value'; at = skipBlanks(text, at + 1); continue; }
      if (c === (container.character === '{' ? '}' : ']')) { open.pop(); at = skipBlanks(text, at + 1); continue; }
      if (c === '}' || c === ']') return fault(`'${c}' closes the ${container.character === '{' ? 'object' : 'array'} that was opened with '${container.character}'`, at, 1);
      return fault(`a comma is missing before ${name(text, at)}`, at, length(text, at), 'separate entries by commas');
    }
    if ((expect === 'firstKey' && c === '}') || (expect === 'firstValue' && c === ']')) { open.pop(); expect = 'end'; at = skipBlanks(text, at + 1); continue; }
    if ((c === '}' || c === ']') && open.length > 0) return fault(`a comma stands before '${c}'`, text.lastIndexOf(',', at), 1, 'remove the trailing comma');
    if (c === '"') {
      const string = checkString(text, at);
      if (typeof string !== 'number') return string;
      expect = expect === 'key' || expect === 'firstKey' ? 'colon' : 'end';
      at = skipBlanks(text, string);
      continue;
    }
    if (c === "'") return fault('JSON strings stand in double quotes', at, 1, 'write "…" instead of \'…\'');
    if (expect === 'key' || expect === 'firstKey') return fault(`a key in double quotes is expected, not ${name(text, at)}`, at, length(text, at));
    if (c === '{' || c === '[') { open.push({ character: c, at }); expect = c === '{' ? 'firstKey' : 'firstValue'; at = skipBlanks(text, at + 1); continue; }
    const word = match(WORD, text, at);
    const number = match(NUMBER, text, at);
    if (word === 'true' || word === 'false' || word === 'null' || (number !== undefined && number === word)) { expect = 'end'; at = skipBlanks(text, at + word.length); continue; }
    return fault(`a value is expected, not ${name(text, at)}`, at, length(text, at), word === undefined ? undefined : 'text stands in double quotes');
  }
}

function checkString(text: string, start: number): number | SyntaxFault {
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 0x22) return at + 1;
    if (c === 0x0a || c === 0x0d) return { problem: 'the string is not closed on its line', hint: 'close it with ", or write \\n for a line break', span: [start, at] };
    if (c < 0x20) return fault(`a control character (${clip(text[at]!)}) stands in a string`, at, 1, 'write it as an escape');
    if (c !== 0x5c) continue;
    const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6));
    if (!escape) return fault(`${clip(text.slice(at, at + 2))} is no JSON escape`, at, 2, 'write \\\\ for a backslash');
    at += escape[0].length - 1;
  }
  return { problem: 'the string that starts here is never closed', span: [start, start + 1] };
}

function fault(problem: string, at: number, size: number, hint?: string): SyntaxFault {
  return { problem, ...(hint !== undefined && { hint }), span: [at, at + size] };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function length(text: string, at: number): number {
  return text[at] === '"' ? skipString(text, at) - at : match(WORD, text, at)?.length ?? 1;
}

function name(text: string, at: number): string {
  const word = match(WORD, text, at);
  return text[at] === '"' ? clip(text.slice(at, skipString(text, at)), 40) : `'${clip(word ?? text[at]!, 40)}'`;
}
