/**
 * Routing of APIs with many routes: one function walks a table, where small APIs have a function generated for their paths (`compiler/router/`).
 * V8 compiles it after a few hundred requests, whichever routes they are for; generated code of thousands of routes it compiles
 * route by route. `compiler/router/table/` builds the tables and says what is in them.
 */

export interface RouteTable {
  readonly words: Int32Array;
  /** The literals' bytes, in the notation of `indexOfText` (path-match.ts). */
  readonly text: Uint16Array;
  /** Whether the segment [from, stop) has the form of a mixed segment; null where no path has one. */
  readonly mixed: ((target: Uint8Array, from: number, stop: number, form: number) => boolean) | null;
  /** Ways that were passed by: where to go on and from which byte, two by two. */
  readonly waiting: Int32Array;
}

/** `words`: base64 of 32-bit numbers, little-endian. `depth`: how many ways may wait at most. */
export function routeTable(words: string, text: string, depth: number, mixed: RouteTable['mixed']): RouteTable {
  const numbers = Buffer.from(words, 'base64');
  const units = Buffer.from(text, 'utf16le');
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 0) {
    numbers.swap32();
    units.swap16();
  }
  return { words: new Int32Array(aligned(numbers)), text: new Uint16Array(aligned(units)), mixed, waiting: new Int32Array(2 * depth) };
}

/** Memory of its own: a Buffer may start anywhere in its pool's. */
function aligned({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}

/** What the words of a node are, from its index on. */
export const NODE = {
  /** Its literal: where it is in `text`, and its length. A segment, or several that can only follow one another. */
  text: 0, length: 1,
  /** What tells the literals below apart: a decision's index, less than 0 for a node's (the only literal), 0 for none. */
  decision: 2,
  /** The first of the ways on that are no literals, 0 for none. */
  way: 3,
  /** How many routes end here, then each: its number times 32 and its method's, ANY last. */
  count: 4, routes: 5,
} as const;

/**
 * Three bytes are put together, hashed into a slot; a slot holds what `NODE.decision` does. Positions count from the segment's start, the third is
 * the greatest: at most that of the slash (or the path's end) after the shortest of the literals that are told apart. -1, the slash
 * before the segment, where fewer bytes are enough.
 */
export const DECISION = { first: 0, second: 1, third: 2, mask: 3, factor: 4, shift: 5, slots: 6 } as const;

/** A way on from a node, and the one to try after it (0: none). Ways that lead to a node name it; a greedy variable's has routes as a node has them. */
export const WAY = { kind: 0, next: 1, node: 2, form: 3, atEnd: 2, count: 3, routes: 4 } as const;
export const VARIABLE = 0;
export const MIXED = 1;
export const GREEDY = 2;

/** Methods are numbered from 1; 0 is any that no route names. */
export const ANY_METHOD = 31;

/**
 * The number of the route that [at, end) leads to from `node`, where `at` is behind a slash; -1 when none. A node's literals come first, then its ways in
 * their order; what was passed by is tried when nothing was found further down. A node is looked at once at most.
 */
export function findRoute(table: RouteTable, node: number, target: Uint8Array, at: number, end: number, method: number): number {
  const { words, text, waiting } = table;
  let depth = 0;
  for (;;) {
    let next = words[node + NODE.decision]!;
    while (next > 0) {
      const last = at + words[next + DECISION.third]!;
      if (last > end) { next = 0; break; }
      const bytes = target[at + words[next + DECISION.first]!]! | (target[at + words[next + DECISION.second]!]! << 8) | ((last < end ? target[last]! : 0x2f) << 16);
      next = words[next + DECISION.slots + (Math.imul(bytes & words[next + DECISION.mask]!, words[next + DECISION.factor]!) >>> words[next + DECISION.shift]!)]!;
    }
    let way = words[node + NODE.way]!;
    let stop = 0;
    if (next < 0) {
      next = -next;
      stop = at + words[next + NODE.length]!;
      if (stop > end || (stop < end && target[stop] !== 0x2f) || !isText(target, at, stop, text, words[next + NODE.text]!)) next = 0;
      else if (way > 0) {
        waiting[depth++] = way;
        waiting[depth++] = at;
      }
    }
    for (;;) {
      if (next === 0) {
        if (way === 0) {
          if (depth === 0) return -1;
          at = waiting[--depth]!;
          way = waiting[--depth]!;
        }
        const kind = words[way + WAY.kind]!;
        const other = words[way + WAY.next]!;
        if (kind === GREEDY) {
          if (at < end || words[way + WAY.atEnd] === 1) {
            const route = routeOf(words, way + WAY.count, method);
            if (route >= 0) return route;
          }
          way = other;
          continue;
        }
        stop = at;
        while (stop < end && target[stop] !== 0x2f) stop++;
        if (kind === VARIABLE ? stop === at : !table.mixed!(target, at, stop, words[way + WAY.form]!)) {
          way = other;
          continue;
        }
        next = words[way + WAY.node]!;
        if (other > 0) {
          waiting[depth++] = other;
          waiting[depth++] = at;
        }
      }
      if (stop < end) break;
      const route = routeOf(words, next + NODE.count, method);
      if (route >= 0) return route;
      next = 0;
      way = 0;
    }
    node = next;
    at = stop + 1;
  }
}

function routeOf(words: Int32Array, count: number, method: number): number {
  for (let left = words[count]!; left > 0; left--) {
    const route = words[++count]!;
    const its = route & 31;
    if (its === method || its === ANY_METHOD) return route >>> 5;
  }
  return -1;
}

/** Whether what stands in [from, stop) is the text at `index`. */
function isText(target: Uint8Array, from: number, stop: number, text: Uint16Array, index: number): boolean {
  for (; from < stop; from++, index++) {
    const byte = target[from]!;
    const expected = text[index]!;
    if (byte !== expected && ((byte & 0xdf) | 0x100) !== expected) return false;
  }
  return true;
}
