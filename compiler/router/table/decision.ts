import { FOLD, type ByteTest } from '../path-bytes.js';

/** A literal that is told apart from others. `to` is what its slot will hold. */
export interface Choice { readonly bytes: readonly ByteTest[]; readonly to: number }

/** See `DECISION` of runtime/route-table.ts; each slot holds the choices that hash into it. */
export interface Decision {
  readonly positions: readonly [number, number, number];
  readonly mask: number;
  readonly factor: number;
  readonly shift: number;
  readonly slots: readonly (readonly Choice[])[];
}

const SLASH = 0x2f;
/** The slash before the segment: a byte that is always there and tells nothing apart. */
const BEFORE = -1;
/** How many factors are tried per size: small tables are to have no collision. */
const TRIES = 40;

/**
 * The positions at which `choices` (two at least) differ most, and a hash of the bytes there that spreads them over slots. What is left together is for
 * decisions of its own. Literals end in a slash or at the path's end, so that none is the beginning of another; bytes behind the shortest are unknown.
 */
export function decide(choices: readonly Choice[]): Decision {
  const limit = choices.reduce((least, { bytes }) => Math.min(least, bytes.length), Infinity);
  const positions: number[] = [];
  for (let count = 1; positions.length < 3 && count < choices.length;) {
    const found = mostTelling(choices, positions, limit, count);
    if (found === undefined) break;
    positions.push(found.position);
    count = found.count;
  }
  const [third, second = BEFORE, first = BEFORE] = positions.sort((a, b) => b - a) as [number, number?, number?];
  // One mask for all: a byte that may come in either case makes that of no account in its neighbours, which cannot make unequal ones equal that differ before it.
  const folds = [first, second, third].map((position) => choices.some(({ bytes }) => (bytes[position] ?? SLASH) >= FOLD));
  const mask = folds.reduce((sum, folded, index) => sum | ((folded ? 0xdf : 0xff) << (8 * index)), 0);
  const keys = choices.map(({ bytes }) => (byteAt(bytes, first) | (byteAt(bytes, second) << 8) | (byteAt(bytes, third) << 16)) & mask);
  const { factor, shift } = spread(keys);
  const slots: Choice[][] = Array.from({ length: 2 ** (32 - shift) }, () => []);
  choices.forEach((choice, index) => slots[Math.imul(keys[index]!, factor) >>> shift]!.push(choice));
  return { positions: [first, second, third], mask, factor, shift, slots };
}

/** The position that, with those there are, makes the most differences. */
function mostTelling(choices: readonly Choice[], positions: readonly number[], limit: number, least: number): { position: number; count: number } | undefined {
  let best: { position: number; count: number } | undefined;
  for (let position = 0; position <= limit; position++) {
    if (positions.includes(position)) continue;
    const all = [...positions, position];
    const folded = all.map((one) => choices.some(({ bytes }) => (bytes[one] ?? SLASH) >= FOLD));
    const count = new Set(choices.map(({ bytes }) => all.reduce((key, one, index) => key * 256 + (folded[index] ? byteAt(bytes, one) & 0xdf : byteAt(bytes, one)), 0))).size;
    if (count > (best?.count ?? least)) best = { position, count };
    if (count === choices.length) break;
  }
  return best;
}

function byteAt(bytes: readonly ByteTest[], position: number): number {
  return (position === BEFORE ? SLASH : bytes[position] ?? SLASH) & 0xff;
}

/** The hash with the fewest collisions; slots are twice the different keys at most, or four times where that makes it perfect. */
function spread(keys: readonly number[]): { factor: number; shift: number } {
  const different = [...new Set(keys)];
  const bits = Math.max(1, Math.ceil(Math.log2(different.length)));
  let best = { factor: 1, shift: 32 - bits, used: 0 };
  let factor = 0x9e3779b1;
  for (let size = bits; size <= bits + 1; size++) {
    for (let tried = 0; tried < TRIES; tried++) {
      const used = new Set(different.map((key) => Math.imul(key, factor) >>> (32 - size))).size;
      if (used > best.used) best = { factor: factor | 0, shift: 32 - size, used };
      if (used === different.length) return best;
      // A linear congruential sequence: the same in every build.
      factor = (Math.imul(factor, 0x19660d) + 0x3c6ef35f) | 1;
    }
  }
  return best;
}
