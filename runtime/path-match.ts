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

/** Tells whether one of `texts` stands at `at`; the caller knows that there are enough bytes. */
export function foldedTexts(texts: readonly string[]): (target: Uint8Array, at: number, text: number) => boolean {
  return (target, at, text) => matchesText(target, at, texts[text]!);
}

/**
 * Tells whether segments have one of `forms`: the literals before, between and after the variables of a segment such as `{base}...{head}`, in the notation
 * of `indexOfText`. A variable takes a byte at least.
 */
export function mixedSegments(forms: readonly (readonly string[])[]): (target: Uint8Array, from: number, stop: number, form: number) => boolean {
  return (target, from, stop, form) => {
    const texts = forms[form]!;
    // Bytes that what comes next takes at least, and after it.
    let rest = texts.length - 1;
    for (const text of texts) rest += text.length;
    const last = texts.length - 1;
    if (stop - from < rest || !matchesText(target, from, texts[0]!) || !matchesText(target, stop - texts[last]!.length, texts[last]!)) return false;
    rest -= texts[0]!.length;
    from += texts[0]!.length;
    for (let number = 1; number < last; number++) {
      rest -= texts[number]!.length + 1;
      const found = indexOfText(target, from + 1, stop - rest, texts[number]!);
      if (found < 0) return false;
      from = found + texts[number]!.length;
    }
    return true;
  };
}
