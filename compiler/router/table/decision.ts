import { FOLD, type ByteTest } from '../path-bytes.js';

/** A literal that is told apart from others. `to` is what its slot will hold. */
export interface Choice { readonly bytes: readonly ByteTest[]; readonly to: number }

/** Three bytes and a hash of them; each slot holds the choices that hash into it. See runtime/route-table.ts. */
export interface Decision {
  readonly third: number;
  /** How many bytes before the third. */
  readonly second: number;
  readonly first: number;
  readonly factor: number;
  readonly slots: readonly (readonly Choice[])[];
}

const SLASH = 0x2f;
/** The second and the first byte are at most so far from the third. */
const REACH = 0xff;
const FARTHEST = 0xffff;
/** How many factors are tried per size: small tables are to have no collision. */
const TRIES = 40;

/**
 * The positions at which `choices` (two at least) differ most, and a hash of the bytes there that spreads them over slots. What is left together is for
 * decisions of its own. Literals end in a slash or at the path's end, so that none is the beginning of another; bytes behind the shortest are unknown.
 */
export function decide(choices: readonly Choice[]): Decision {
  const limit = choices.reduce((least, { bytes }) => Math.min(least, bytes.length), FARTHEST);
  let positions: number[] = [];
  for (let count = 1; positions.length < 3 && count < choices.length;) {
    const found = mostTelling(choices, positions, limit, count);
    if (found === undefined) break;
    positions = [...positions, found.position].sort((a, b) => b - a);
    count = found.count;
  }
  const third = positions[0]!;
  // Where fewer are enough any other byte will do.
  const [second, first] = [1, 2].map((index) => third - (positions[index] ?? third - 1)) as [number, number];
  const keys = choices.map(({ bytes }) => keysOf([third - first, third - second, third].map((position) => bytes[position] ?? SLASH)));
  const { factor, bits } = spread(keys);
  const slots = Array.from({ length: 2 ** bits }, () => new Set<Choice>());
  choices.forEach((choice, index) => { for (const key of keys[index]!) slots[slotOf(key, factor)]!.add(choice); });
  return { third, second, first, factor, slots: slots.map((held) => [...held]) };
}

/** The position that, with those there are, makes the most differences; undefined when none makes more than `least`. */
function mostTelling(choices: readonly Choice[], positions: readonly number[], limit: number, least: number): { position: number; count: number } | undefined {
  let best: { position: number; count: number } | undefined;
  const from = Math.max(0, (positions[0] ?? 0) - REACH);
  const to = Math.min(limit, (positions.at(-1) ?? FARTHEST) + REACH);
  for (let position = from; position <= to && best?.count !== choices.length; position++) {
    if (positions.includes(position)) continue;
    const values = [...positions, position].map((one) => valuesAt(choices, one));
    const count = new Set(choices.map((_, index) => values.reduce((key, value) => key * 256 + value[index]!, 0))).size;
    if (count > (best?.count ?? least)) best = { position, count };
  }
  return best;
}

/** Where one of the bytes may come in either case, all that differ in nothing else count as one. */
function valuesAt(choices: readonly Choice[], position: number): number[] {
  const all = choices.map(({ bytes }) => bytes[position] ?? SLASH);
  const mask = all.some((byte) => byte >= FOLD) ? 0xdf : 0xff;
  return all.map((byte) => byte & mask);
}

/** Every way in which the three bytes may come. */
function keysOf(bytes: readonly ByteTest[]): number[] {
  return bytes.reduce<number[]>((keys, byte, index) => {
    const ways = byte >= FOLD ? [byte & 0xff, (byte & 0xff) | 0x20] : [byte];
    return keys.flatMap((key) => ways.map((way) => key | (way << (8 * index))));
  }, [0]);
}

function slotOf(key: number, factor: number): number {
  return Math.imul(key, factor) >>> factor;
}

/** The hash with the fewest collisions. Slots are the next power of two to the number of keys, or twice that where it makes the hash perfect. */
function spread(keys: readonly (readonly number[])[]): { factor: number; bits: number } {
  const different = [...new Set(keys.flat())];
  const least = Math.max(1, Math.ceil(Math.log2(different.length)));
  let best = { factor: 0, bits: least, used: 0 };
  let random = 0x9e3779b1;
  for (let bits = least; bits <= least + 1 || best.used === 0; bits++) {
    for (let tried = 0; tried < TRIES; tried++) {
      // A linear congruential sequence: the same in every build.
      random = (Math.imul(random, 0x19660d) + 0x3c6ef35f) | 0;
      const factor = (random & ~31) | (32 - bits);
      const used = new Set(different.map((key) => slotOf(key, factor))).size;
      if (used > best.used && tellsApart(keys, factor)) best = { factor, bits, used };
      if (used === different.length) return best;
    }
  }
  return best;
}

/** No slot holds all choices: what is left together is less than there was. */
function tellsApart(keys: readonly (readonly number[])[], factor: number): boolean {
  const held = new Map<number, number>();
  for (const each of keys) for (const slot of new Set(each.map((key) => slotOf(key, factor)))) held.set(slot, (held.get(slot) ?? 0) + 1);
  return Math.max(...held.values()) < keys.length;
}
