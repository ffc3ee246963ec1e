/** What the generated router calls for the parts of a path that are not constant. Positions are byte offsets into `target`. */

/** The end of the segment that starts at `from`: the next slash, or `end`. */
export function segmentEnd(target: Uint8Array, from: number, end: number): number {
  while (from < end && target[from] !== 0x2f) from++;
  return from;
}

/**
 * The first place in [from, end) where the whole of `text` stands, or -1. `text` has one code unit per byte; a unit of 0x100 and
 * more is an upper-case hexadecimal digit that may come in either case.
 */
export function indexOfText(target: Uint8Array, from: number, end: number, text: string): number {
  for (const last = end - text.length; from <= last; from++) if (matchesText(target, from, text)) return from;
  return -1;
}

/** Whether `text` stands at `at`; the caller knows that there are enough bytes. */
export function matchesText(target: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const expected = text.charCodeAt(index);
    const byte = target[at + index]!;
    if (expected < 0x100 ? byte !== expected : (byte & 0xdf) !== (expected & 0xff)) return false;
  }
  return true;
}
