/** The line of the user's text a message is about, with carets under the part that matters. */
import type { Location } from '../1-load/document.js';
import { columns, printable } from './escape.js';

const WIDEST = 110;
const BEFORE = 40;

export interface Frame { readonly line: string; readonly carets: string; readonly number: string }

/** undefined when the file has no text (it could not be read). Long lines are cut around the carets; tabs become two spaces. */
export function frame(location: Location): Frame | undefined {
  if (location.text === '') return undefined;
  const text = lineText(location.text, location.line);
  let from = location.column - 1;
  const to = Math.max(from + 1, location.endColumn - 1);
  let cutStart = 0;
  let cutEnd = text.length;
  if (text.length > WIDEST) {
    cutStart = Math.max(0, Math.min(from - BEFORE, text.length - WIDEST));
    cutEnd = Math.min(text.length, cutStart + WIDEST);
    // Half a surrogate pair is no character.
    if (/[\udc00-\udfff]/.test(text[cutStart] ?? '')) cutStart++;
    if (/[\ud800-\udbff]/.test(text[cutEnd - 1] ?? '')) cutEnd--;
  }
  from = Math.max(from, cutStart);
  let line = cutStart > 0 ? '…' : '';
  let caretAt = cutStart > 0 ? 1 : 0;
  let caretWidth = 0;
  let index = cutStart;
  for (const character of text.slice(cutStart, cutEnd)) {
    const shown = character === '\t' ? '  ' : printable(character);
    const width = shown === character ? columns(character) : shown.length;
    if (index < from) caretAt += width;
    else if (index < to) caretWidth += width;
    line += shown;
    index += character.length;
  }
  if (cutEnd < text.length) line += '…';
  return { number: String(location.line), line: line.trimEnd(), carets: `${' '.repeat(caretAt)}${'^'.repeat(Math.max(1, caretWidth))}` };
}

function lineText(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) return '';
    start = newline + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}
