/**
 * Finds one of very many literal segments in constant time. The generated router uses it where a node has more literal children
 * than a decision over single bytes should carry.
 */
export interface SegmentTable {
  /** Open addressing, a power of two of slots: number of the segment + 1, or 0. */
  readonly slots: Int32Array;
  /** All segments one after the other. */
  readonly text: Uint8Array;
  /** Segment n is text[starts[n], starts[n + 1]). */
  readonly starts: Int32Array;
}

/** `segments`: the literal segments, separated by slashes, one code unit per byte. Their numbers are their positions in it. */
export function segmentTable(segments: string): SegmentTable {
  const list = segments.split('/');
  let size = 8;
  while (size < list.length * 3) size *= 2;
  const slots = new Int32Array(size);
  const text = new Uint8Array(segments.length);
  const starts = new Int32Array(list.length + 1);
  let end = 0;
  list.forEach((segment, number) => {
    let hash = 0;
    for (let index = 0; index < segment.length; index++) {
      const byte = segment.charCodeAt(index);
      hash = Math.imul(hash, 31) + byte | 0;
      text[end++] = byte;
    }
    starts[number + 1] = end;
    let slot = mix(hash) & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = number + 1;
  });
  return { slots, text, starts };
}

/** The number of the segment that starts at `from` and ends at the next slash or `end`; -1 when it is none of the table's. */
export function findSegment(table: SegmentTable, target: Uint8Array, from: number, end: number): number {
  let hash = 0;
  let to = from;
  for (; to < end; to++) {
    const byte = target[to]!;
    if (byte === 0x2f) break;
    hash = Math.imul(hash, 31) + byte | 0;
  }
  const { slots, text, starts } = table;
  const mask = slots.length - 1;
  const length = to - from;
  probe: for (let slot = mix(hash) & mask; ; slot = (slot + 1) & mask) {
    const number = slots[slot]! - 1;
    if (number < 0) return -1;
    const start = starts[number]!;
    if (starts[number + 1]! - start !== length) continue;
    for (let index = 0; index < length; index++) if (text[start + index] !== target[from + index]) continue probe;
    return number;
  }
}

/** Spreads the high bits of a polynomial hash over the low ones, which choose the slot. */
function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
