/** The upper levels of a JSON text: where each entry of the root, of its fields and of what is in those stands, so that a change is found in one of them. */
import { skipBlanks, skipString, skipValue } from '../json-positions.js';

/** Offsets in UTF-16 units, end exclusive. */
export interface OutlineNode {
  readonly start: number;
  readonly end: number;
  /** Of an object of the upper levels, in the text's order; absent for everything else. */
  readonly entries?: readonly OutlineEntry[];
}

export interface OutlineEntry extends OutlineNode {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
}

/** `/paths/~1pets/get` and `/components/schemas/Pet` are parts of their own. */
export const OUTLINED_LEVELS = 3;

const COMMA = 0x2c, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

/** `text` is valid JSON; the value that starts at `start` stands `level` levels below the root. */
export function outline(text: string, start: number, level: number): OutlineNode {
  if (level >= OUTLINED_LEVELS || text.charCodeAt(start) !== OPEN_OBJECT) return { start, end: skipValue(text, start) };
  const entries: OutlineEntry[] = [];
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text.charCodeAt(at) !== CLOSE_OBJECT) {
    const keyEnd = skipString(text, at);
    const value = outline(text, skipBlanks(text, skipBlanks(text, keyEnd) + 1), level + 1);
    entries.push({ key: JSON.parse(text.slice(at, keyEnd)) as string, keyStart: at, keyEnd, ...value });
    at = skipBlanks(text, value.end);
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  }
  return { start, end: at + 1, entries };
}

/** The same entries, `by` units further on. */
export function shifted<N extends OutlineNode>(node: N, by: number): N {
  if (by === 0) return node;
  return {
    ...node, start: node.start + by, end: node.end + by,
    ...('keyStart' in node && { keyStart: (node as unknown as OutlineEntry).keyStart + by, keyEnd: (node as unknown as OutlineEntry).keyEnd + by }),
    ...(node.entries && { entries: node.entries.map((entry) => shifted(entry, by)) }),
  };
}
