/** From an origin (file and JSON Pointer) to line and column: done only when a message is printed. */
import { isAbsolute, relative, sep } from 'node:path';
import type { Location } from '../1-load/document.js';
import { parsePointer } from '../1-load/node.js';
import type { Origin } from './define.js';
import { rawOffset } from './inside-string.js';

/** Offsets in UTF-16 units, end exclusive. */
export type Span = readonly [start: number, end: number];

/** Where a node stands in its file's text. */
export interface NodeSpan {
  /** Absent for array elements and the root. */
  readonly key?: Span;
  readonly value: Span;
}

/** Where the nodes of one file stand. Exact matches only: undefined when there is no such node. */
export interface Positions {
  find(tokens: readonly string[]): NodeSpan | undefined;
}

export interface SourceText {
  /** Absolute path or URL. */
  readonly path: string;
  readonly text: string;
  /** Absent until (and unless) the file could be parsed. */
  positions?: Positions;
  /** False when no object of the parsed value stands at two places: JSON has no aliases. */
  hasAliases?: boolean;
  /** Where a node that an overlay moved or brought came from; the node itself otherwise. */
  trace?: (origin: Origin) => Origin;
}

/** Every text that was read, also when loading failed later on: what diagnostics are printed with. */
export class Sources {
  private readonly texts = new Map<string, SourceText>();
  private readonly lineStarts = new Map<string, number[]>();
  /** Absolute paths of all files that were looked for, found or not: what a build depends on. */
  readonly sought = new Set<string>();

  /** File names are printed relative to `cwd`. */
  constructor(readonly cwd: string = process.cwd()) {}

  add(source: SourceText): SourceText {
    this.texts.set(source.path, source);
    this.lineStarts.delete(source.path);
    return source;
  }

  get(path: string): SourceText | undefined { return this.texts.get(path); }

  /** A file as the user would name it: relative to the working directory when it is below or beside it. */
  display(path: string): string {
    if (!isAbsolute(path)) return path;
    const short = relative(this.cwd, path);
    if (short === '') return '.';
    return short.startsWith(`..${sep}..${sep}..${sep}`) || isAbsolute(short) ? path : short.split(sep).join('/');
  }

  /** A node that does not exist stands where its nearest ancestor stands; an unknown file at its first character. */
  locate(printed: Origin): Location {
    const origin = this.texts.get(printed.file)?.trace?.(printed) ?? printed;
    const source = this.texts.get(origin.file);
    const file = this.display(origin.file);
    if (!source) return { file, line: 1, column: 1, endColumn: 1, text: '' };
    const [start, end] = origin.span ?? spanOf(source, origin);
    const { line, column, lineEnd } = this.position(source, start);
    const endColumn = column + Math.max(0, Math.min(end, lineEnd) - start);
    return { file, line, column, endColumn, text: source.text };
  }

  /** The same place, independent of overlays and templates that change what the pointer leads to. */
  pin(origin: Origin): Origin {
    if (origin.span) return origin;
    const traced = this.texts.get(origin.file)?.trace?.(origin) ?? origin;
    const source = this.texts.get(traced.file);
    return source && !traced.span ? { ...traced, span: spanOf(source, traced) } : traced;
  }

  private position(source: SourceText, offset: number): { line: number; column: number; lineEnd: number } {
    let starts = this.lineStarts.get(source.path);
    if (!starts) {
      starts = [0];
      for (let i = source.text.indexOf('\n'); i !== -1; i = source.text.indexOf('\n', i + 1)) starts.push(i + 1);
      this.lineStarts.set(source.path, starts);
    }
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    let lineEnd = low + 1 < starts.length ? starts[low + 1]! - 1 : source.text.length;
    if (source.text[lineEnd - 1] === '\r') lineEnd--;
    return { line: low + 1, column: offset - starts[low]! + 1, lineEnd };
  }
}

function spanOf(source: SourceText, origin: Origin): Span {
  const tokens = parsePointer(origin.pointer);
  const exact = source.positions?.find(tokens);
  if (!exact) {
    for (tokens.pop(); ; tokens.pop()) {
      const ancestor = source.positions?.find(tokens);
      if (ancestor) return ancestor.key ?? firstToken(source.text, ancestor.value);
      if (tokens.length === 0) return [0, 0];
    }
  }
  if (origin.key && exact.key) return exact.key;
  const [start, end] = exact.value;
  if (origin.inside) {
    const from = rawOffset(source.text, exact.value, origin.inside.offset);
    const to = rawOffset(source.text, exact.value, origin.inside.offset + origin.inside.length);
    if (from !== undefined) return [from, Math.max(from + 1, to ?? from + 1)];
  }
  // An object or a text over several lines is best shown by its key.
  const newline = source.text.indexOf('\n', start);
  if (newline !== -1 && newline < end) return exact.key ?? firstToken(source.text, exact.value);
  return exact.value;
}

/** A container without a key: its first key or element, so that carets do not run over the whole line. */
function firstToken(text: string, [start, end]: Span): Span {
  const newline = text.indexOf('\n', start);
  const lineEnd = newline === -1 ? end : Math.min(newline, end);
  const word = /^(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s:{}[\],]+|[{[])/.exec(text.slice(start, lineEnd));
  return [start, word ? start + word[0].length : Math.max(start, lineEnd)];
}
