/** Sets of code points as Java's character classes build them: ranges, Unicode properties, union, intersection, complement. */

export type CharSet =
  | { readonly kind: 'ranges'; readonly ranges: readonly (readonly [low: number, high: number])[] }
  | { readonly kind: 'property'; readonly name: string; readonly test: RegExp }
  | { readonly kind: 'not'; readonly set: CharSet }
  | { readonly kind: 'union' | 'intersection'; readonly sets: readonly CharSet[] };

export function ranges(...pairs: readonly (readonly [number, number])[]): CharSet { return { kind: 'ranges', ranges: pairs }; }
export function not(set: CharSet): CharSet { return { kind: 'not', set }; }
export function union(sets: readonly CharSet[]): CharSet { return sets.length === 1 ? sets[0]! : { kind: 'union', sets }; }

export function contains(set: CharSet, point: number): boolean {
  switch (set.kind) {
    case 'ranges':
      for (const [low, high] of set.ranges) if (point >= low && point <= high) return true;
      return false;
    case 'property': return set.test.test(String.fromCodePoint(point));
    case 'not': return !contains(set.set, point);
    case 'union': return set.sets.some((part) => contains(part, point));
    case 'intersection': return set.sets.every((part) => contains(part, point));
  }
}

/** The class as JavaScript writes it with the `v` flag. */
export function classSource(set: CharSet): string {
  switch (set.kind) {
    case 'ranges': return set.ranges.length === 0 ? '[]' : `[${set.ranges.map(([low, high]) => (low === high ? pointSource(low) : `${pointSource(low)}-${pointSource(high)}`)).join('')}]`;
    case 'property': return `[\\p{${set.name}}]`;
    case 'not': return `[^${classSource(set.set)}]`;
    case 'union': return `[${set.sets.map(classSource).join('')}]`;
    case 'intersection': return `[${set.sets.map(classSource).join('&&')}]`;
  }
}

/** One code point, safe inside and outside a class. */
export function pointSource(point: number): string {
  const text = String.fromCodePoint(point);
  return /^[A-Za-z0-9]$/.test(text) ? text : `\\u{${point.toString(16)}}`;
}

/** The ranges and the other case of their ASCII letters: Java's (?i) folds ASCII only. */
export function foldAscii(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const folded = [...pairs];
  for (const [low, high] of pairs) {
    for (const [from, to, shift] of [[0x41, 0x5a, 32], [0x61, 0x7a, -32]] as const) {
      const a = Math.max(low, from), b = Math.min(high, to);
      if (a <= b) folded.push([a + shift, b + shift]);
    }
  }
  return folded;
}

export const DIGIT: CharSet = { kind: 'ranges', ranges: [[0x30, 0x39]] };
export const WORD: CharSet = { kind: 'ranges', ranges: [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]] };
export const SPACE: CharSet = { kind: 'ranges', ranges: [[9, 13], [32, 32]] };
export const HORIZONTAL: CharSet = { kind: 'ranges', ranges: [[9, 9], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x180e, 0x180e], [0x2000, 0x200a], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000]] };
export const VERTICAL: CharSet = { kind: 'ranges', ranges: [[10, 13], [0x85, 0x85], [0x2028, 0x2029]] };
export const LINE_END: CharSet = { kind: 'ranges', ranges: [[10, 10], [13, 13], [0x85, 0x85], [0x2028, 0x2029]] };
export const ANY: CharSet = { kind: 'ranges', ranges: [[0, 0x10ffff]] };

const POSIX: { readonly [name: string]: readonly (readonly [number, number])[] } = {
  Lower: [[0x61, 0x7a]], Upper: [[0x41, 0x5a]], ASCII: [[0, 0x7f]], Alpha: [[0x41, 0x5a], [0x61, 0x7a]], Digit: [[0x30, 0x39]], Alnum: [[0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]],
  Punct: [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]], Graph: [[0x21, 0x7e]], Print: [[0x20, 0x7e]], Blank: [[9, 9], [32, 32]], Cntrl: [[0, 0x1f], [0x7f, 0x7f]],
  XDigit: [[0x30, 0x39], [0x41, 0x46], [0x61, 0x66]], Space: [[9, 13], [32, 32]],
};

const JAVA_METHODS: { readonly [name: string]: string } = { javaLowerCase: 'Ll', javaUpperCase: 'Lu', javaWhitespace: 'White_Space', javaLetter: 'L', javaDigit: 'Nd', javaAlphabetic: 'Alphabetic' };

/** `\p{name}`; undefined when Java's name has no counterpart here. */
export function propertySet(name: string): CharSet | undefined {
  const posix = POSIX[name];
  if (posix && Object.hasOwn(POSIX, name)) return { kind: 'ranges', ranges: posix };
  const bare = Object.hasOwn(JAVA_METHODS, name) ? JAVA_METHODS[name]! : name.replace(/^Is/, '').replace(/^(?:general_category|gc)=/i, '');
  if (!/^[A-Za-z_=]+$/.test(bare)) return undefined;
  for (const candidate of [bare, `Script=${bare.replace(/^(?:script|sc)=/i, '')}`, `${bare[0]!.toUpperCase()}${bare.slice(1).toLowerCase()}`]) {
    try {
      return { kind: 'property', name: candidate, test: new RegExp(`^\\p{${candidate}}$`, 'u') };
    } catch { /* not a property under this name */ }
  }
  return undefined;
}
