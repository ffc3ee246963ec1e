/** Where the nodes of a JSON text stand. Nothing is computed before the first question; then only the containers on the way are read. */
import type { NodeSpan, Positions, Span } from '../diagnostics/locate.js';

const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, COMMA = 0x2c, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d;

/** The text is known to be valid JSON. */
export class JsonPositions implements Positions {
  /** Children of the containers read so far, by the offset at which the container starts. */
  private readonly containers = new Map<number, Map<string, NodeSpan>>();

  constructor(private readonly text: string) {}

  find(tokens: readonly string[]): NodeSpan | undefined {
    const start = skipBlanks(this.text, 0);
    return this.below({ value: [start, this.text.trimEnd().length] }, tokens);
  }

  /** The node that `tokens` lead to from `node`. */
  below(from: NodeSpan, tokens: readonly string[]): NodeSpan | undefined {
    let node = from;
    for (const token of tokens) {
      const child = this.children(node.value[0]).get(token);
      if (!child) return undefined;
      node = child;
    }
    return node;
  }

  private children(start: number): Map<string, NodeSpan> {
    let children = this.containers.get(start);
    if (!children) this.containers.set(start, (children = readChildren(this.text, start)));
    return children;
  }
}

function readChildren(text: string, start: number): Map<string, NodeSpan> {
  const children = new Map<string, NodeSpan>();
  const open = text.charCodeAt(start);
  if (open !== OPEN_OBJECT && open !== OPEN_ARRAY) return children;
  let at = skipBlanks(text, start + 1);
  for (let index = 0; text.charCodeAt(at) !== CLOSE_OBJECT && text.charCodeAt(at) !== CLOSE_ARRAY && at < text.length; index++) {
    let name = String(index);
    let key: Span | undefined;
    if (open === OPEN_OBJECT) {
      const keyEnd = skipString(text, at);
      key = [at, keyEnd];
      name = JSON.parse(text.slice(at, keyEnd)) as string;
      at = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    }
    const end = skipValue(text, at);
    children.set(name, { ...(key && { key }), value: [at, end] });
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  }
  return children;
}

/** How many `"key":` the text has. */
export function countKeys(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at = skipString(text, at);
    if (text.charCodeAt(skipBlanks(text, at)) === COLON) count++;
  }
  return count;
}

export function skipBlanks(text: string, at: number): number {
  for (;;) {
    const c = text.charCodeAt(at);
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return at;
    at++;
  }
}

/** The offset behind the string that starts at `at`. */
export function skipString(text: string, at: number): number {
  let end = at;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

/** The offset behind the value that starts at `at`. */
export function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
    return at;
  }
  let depth = 0;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) at = skipString(text, at) - 1;
    else if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++;
    else if ((c === CLOSE_OBJECT || c === CLOSE_ARRAY) && --depth === 0) return at + 1;
  }
  return at;
}

function isDelimiter(c: number): boolean {
  return c === COMMA || c === CLOSE_OBJECT || c === CLOSE_ARRAY || c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}
