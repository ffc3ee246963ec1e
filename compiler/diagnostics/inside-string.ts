/** Finds a character of a string's value in the YAML or JSON text that spells it. */
import type { Span } from './locate.js';

/**
 * Offset in `text` of the value's character `offset`; the string is spelled at `span`. Exact for double-quoted, single-quoted, one-line plain and
 * literal block (`|`) strings; for folded text (`>` and plain over lines) the start of the string. undefined when it is out of range.
 */
export function rawOffset(text: string, [start, end]: Span, offset: number): number | undefined {
  const first = text[start];
  if (first === '"') return inDoubleQuotes(text, start + 1, end - 1, offset);
  if (first === "'") return inSingleQuotes(text, start + 1, end - 1, offset);
  if (first === '|') return inLiteralBlock(text, start, end, offset);
  if (first === '>' || text.slice(start, end).includes('\n')) return start;
  return start + offset <= end ? start + offset : undefined;
}

function inDoubleQuotes(text: string, start: number, end: number, offset: number): number | undefined {
  let at = start;
  for (let n = 0; n < offset; n++) {
    if (at >= end) return undefined;
    if (text[at] !== '\\') at++;
    else if (text[at + 1] === 'u') at += 6;
    else if (text[at + 1] === 'x') at += 4;
    else if (text[at + 1] === 'U') at += 10;
    else at += 2;
  }
  return at <= end ? at : undefined;
}

function inSingleQuotes(text: string, start: number, end: number, offset: number): number | undefined {
  let at = start;
  for (let n = 0; n < offset && at < end; n++) at += text[at] === "'" && text[at + 1] === "'" ? 2 : 1;
  return at <= end ? at : undefined;
}

function inLiteralBlock(text: string, start: number, end: number, offset: number): number | undefined {
  const header = text.indexOf('\n', start);
  if (header === -1) return undefined;
  const lines = text.slice(header + 1, end).split('\n');
  const stated = /^\|[-+]?([1-9])/.exec(text.slice(start, start + 3));
  const filled = lines.find((line) => line.trim() !== '');
  // The block's indentation is that of its first line that is not blank; an explicit indicator counts from the parent, which is unknown here.
  if (filled === undefined) return undefined;
  const indent = /^ */.exec(filled)![0].length;
  if (stated) return header + 1;
  let at = header + 1;
  let left = offset;
  for (const line of lines) {
    const content = Math.max(0, line.replace(/\r$/, '').length - indent);
    if (left <= content) return Math.min(at + indent + left, end);
    left -= content + 1;
    at += line.length + 1;
  }
  return undefined;
}
