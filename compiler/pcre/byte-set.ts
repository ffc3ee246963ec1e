/** A set of bytes: a row of 256 truth values. */
export type ByteSet = readonly boolean[];

const make = (test: (byte: number) => boolean): ByteSet => Array.from({ length: 256 }, (_, byte) => test(byte));
const between = (from: string, to: string) => (byte: number): boolean => byte >= from.charCodeAt(0) && byte <= to.charCodeAt(0);
const digit = between('0', '9'), upper = between('A', 'Z'), lower = between('a', 'z');
const space = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
const word = (byte: number): boolean => digit(byte) || upper(byte) || lower(byte) || byte === 95;
const graph = (byte: number): boolean => byte > 32 && byte < 127;

export const negate = (set: ByteSet): ByteSet => set.map((isIn) => !isIn);
export const single = (byte: number): ByteSet => make((each) => each === byte);
export const ALL = /* @__PURE__ */ make(() => true);
export const NOT_NEWLINE = /* @__PURE__ */ make((byte) => byte !== 10);
export const WORD = /* @__PURE__ */ make(word);
export const NEWLINE = /* @__PURE__ */ single(10);

/** `\d` and its like; upper case is the complement. */
export const ESCAPES: Readonly<Record<string, ByteSet>> = {
  d: make(digit), w: WORD, s: make(space), h: make((byte) => byte === 9 || byte === 32 || byte === 0xa0), v: make((byte) => (byte >= 10 && byte <= 13) || byte === 0x85), N: NOT_NEWLINE,
};

/** `[:alpha:]` and its like, in the C locale. */
export const POSIX: Readonly<Record<string, ByteSet>> = {
  alnum: make((byte) => digit(byte) || upper(byte) || lower(byte)), alpha: make((byte) => upper(byte) || lower(byte)), ascii: make((byte) => byte < 128), blank: make((byte) => byte === 32 || byte === 9),
  cntrl: make((byte) => byte < 32 || byte === 127), digit: make(digit), graph: make(graph), lower: make(lower), print: make((byte) => byte === 32 || graph(byte)),
  punct: make((byte) => graph(byte) && !digit(byte) && !upper(byte) && !lower(byte)), space: make(space), upper: make(upper), word: WORD, xdigit: make((byte) => digit(byte) || between('a', 'f')(byte) || between('A', 'F')(byte)),
};

/** With both cases of every letter in it. */
export function ignoringCase(set: ByteSet): ByteSet {
  return set.map((isIn, byte) => isIn || (upper(byte) && set[byte + 32]!) || (lower(byte) && set[byte - 32]!));
}

/** [first, last] of every run. */
export function ranges(set: ByteSet): [number, number][] {
  const found: [number, number][] = [];
  set.forEach((isIn, byte) => {
    if (!isIn) return;
    const last = found.at(-1);
    if (last && last[1] === byte - 1) last[1] = byte;
    else found.push([byte, byte]);
  });
  return found;
}
