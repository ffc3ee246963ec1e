/**
 * Routing of APIs with many routes: one function walks a table, where smaller APIs have functions generated for their paths (`compiler/router/`).
 * V8 compiles it after a few hundred requests, whichever routes they are for; generated code it compiles route by route.
 * `compiler/router/table/` builds the tables.
 */

// A node's words, of which the first three make a decision: what tells the literals below it apart. Three bytes are put together and hashed into one of
// its slots, which hold a node's index times -1, the index of a decision among those that are left, or 0. Where the slots are; 0 when there is no literal.
const SLOTS = 0;
// The third byte's position counts from the segment's start (16 bits); it is at most that of the slash (or the path's end) after the shortest of the
// literals that are told apart. The second and the first are so many bytes before it (8 bits each); 1 before the segment there is a slash.
const POSITIONS = 1;
// Its lowest five bits say how many bits of the product are too many. 0: there is one slot.
const FACTOR = 2;
// The first of the ways on that are no literals, 0 for none.
const WAY = 3;
// How many bytes the node's own literal has: a segment, or several that can only follow one another.
const LENGTH = 4;
// Where the literal is: four bytes to a word, the first lowest. The last word holds the last four bytes, whatever the one before holds; or all
// when there are fewer. Less than 0: the complement of the number of a text some of whose bytes may come in either case.
const TEXT = 5;
// By method, from 0 on: the number, plus 1, of the route that ends here; 0 for none.
const ROUTES = 6;

// The words of a way on from a node, and the one to try after it (0: none). It leads to a node; a greedy variable's has routes, as a node has them.
const WAY_KIND = 0;
const WAY_NEXT = 1;
const WAY_NODE = 2;
const WAY_FORM = 3;
const WAY_AT_END = 2;
const WAY_ROUTES = 3;
const VARIABLE = 0;
const MIXED = 1;
const GREEDY = 2;
/** Kinds of ways. */
export const WAYS = { VARIABLE, MIXED, GREEDY } as const;

/**
 * The number of the route that [at, end) leads to from a node, where `at` is behind a slash; -1 when none. A node's literals come first, then its ways in
 * their order; what was passed by is tried when nothing was found further down. No node is looked at twice. Methods are numbered from 1; 0 is any
 * that no route names.
 */
export type FindRoute = (node: number, target: Uint8Array, at: number, end: number, method: number) => number;

/**
 * `numbers`: base64 of 32-bit words, little-endian. `depth`: how many ways may be passed by. `isText`: whether the text of that number stands at `at`.
 * `isMixed`: whether the segment [from, stop) has the form of that number. Both are null where no path needs them.
 *
 * A closure, made once: V8 takes the arrays for constants. `| 0` spares it the checks for overflow.
 */
export function routeTable(
  numbers: string,
  depth: number,
  isText: ((target: Uint8Array, at: number, text: number) => boolean) | null,
  isMixed: ((target: Uint8Array, from: number, stop: number, form: number) => boolean) | null,
): FindRoute {
  const words = wordsOf(Buffer.from(numbers, 'base64'));
  // Ways that were passed by, and the byte each goes on from.
  const waiting = new Int32Array(2 * depth);

  function stands(target: Uint8Array, at: number, stop: number, text: number): boolean {
    if (text < 0) return isText!(target, at, ~text);
    const last = (stop - 4) | 0;
    if (at > last) {
      for (let bytes = words[text]!; at < stop; at = (at + 1) | 0, bytes >>= 8) if (target[at] !== (bytes & 0xff)) return false;
      return true;
    }
    for (; at < last; at = (at + 4) | 0, text = (text + 1) | 0) {
      if ((target[at]! | (target[(at + 1) | 0]! << 8) | (target[(at + 2) | 0]! << 16) | (target[(at + 3) | 0]! << 24)) !== words[text]) return false;
    }
    return (target[last]! | (target[(last + 1) | 0]! << 8) | (target[(last + 2) | 0]! << 16) | (target[(last + 3) | 0]! << 24)) === words[text];
  }

  return function findRoute(node, target, at, end, method) {
    let passed = 0;
    for (;;) {
      let next = node;
      do {
        const slots = words[(next + SLOTS) | 0]!;
        const positions = words[(next + POSITIONS) | 0]!;
        const third = (at + (positions & 0xffff)) | 0;
        if (slots === 0 || third > end) { next = 0; break; }
        const bytes = target[(third - (positions >>> 24)) | 0]! | (target[(third - ((positions >> 16) & 0xff)) | 0]! << 8) | ((third < end ? target[third]! : 0x2f) << 16);
        const factor = words[(next + FACTOR) | 0]!;
        next = words[(slots + (Math.imul(bytes, factor) >>> factor)) | 0]!;
      } while (next > 0);
      let way = words[(node + WAY) | 0]!;
      let stop = 0;
      if (next < 0) {
        next = -next | 0;
        stop = (at + words[(next + LENGTH) | 0]!) | 0;
        if (!(stop < end ? target[stop] === 0x2f : stop === end) || !stands(target, at, stop, words[(next + TEXT) | 0]!)) next = 0;
        else if (way > 0) {
          waiting[passed] = way;
          waiting[(passed + 1) | 0] = at;
          passed = (passed + 2) | 0;
        }
      }
      for (;;) {
        if (next === 0) {
          if (way === 0) {
            if (passed === 0) return -1;
            passed = (passed - 2) | 0;
            way = waiting[passed]!;
            at = waiting[(passed + 1) | 0]!;
          }
          const kind = words[(way + WAY_KIND) | 0]!;
          const other = words[(way + WAY_NEXT) | 0]!;
          if (kind === GREEDY) {
            if (at < end || words[(way + WAY_AT_END) | 0] === 1) {
              const route = words[(way + WAY_ROUTES + method) | 0]!;
              if (route > 0) return (route - 1) | 0;
            }
            way = other;
            continue;
          }
          stop = at;
          while (stop < end && target[stop] !== 0x2f) stop = (stop + 1) | 0;
          if (kind === VARIABLE ? stop === at : !isMixed!(target, at, stop, words[(way + WAY_FORM) | 0]!)) {
            way = other;
            continue;
          }
          next = words[(way + WAY_NODE) | 0]!;
          if (other > 0) {
            waiting[passed] = other;
            waiting[(passed + 1) | 0] = at;
            passed = (passed + 2) | 0;
          }
        }
        if (stop < end) break;
        const route = words[(next + ROUTES + method) | 0]!;
        if (route > 0) return (route - 1) | 0;
        next = 0;
        way = 0;
      }
      node = next;
      at = (stop + 1) | 0;
    }
  };
}

/** In memory of their own, in this machine's order of bytes: a Buffer may start anywhere in its pool's. */
function wordsOf(bytes: Buffer): Int32Array {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 0) bytes.swap32();
  return new Int32Array((bytes.buffer as ArrayBuffer).slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
