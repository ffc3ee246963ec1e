/** Collections of ModSecurity as flat pairs: name, value, name, value… of byte strings. */
import type { TextPattern } from './pattern.js';

export type Pairs = readonly string[];

export function values(pairs: Pairs): string[] {
  const texts: string[] = [];
  for (let i = 1; i < pairs.length; i += 2) texts.push(pairs[i]!);
  return texts;
}

export function names(pairs: Pairs): string[] {
  const texts: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) texts.push(pairs[i]!);
  return texts;
}

/** `&ARGS`. */
export function count(pairs: Pairs): string[] {
  return [String(pairs.length / 2)];
}

/** Those called `name` (lower case), or so that `pattern` matches. */
export function named(pairs: Pairs, name: string): Pairs {
  return pairs.filter((_, index) => pairs[index - (index % 2)]!.toLowerCase() === name);
}
export function namedLike(pairs: Pairs, pattern: TextPattern): Pairs {
  return pairs.filter((_, index) => pattern.test(pairs[index - (index % 2)]!));
}
export function exceptNamed(pairs: Pairs, name: string): Pairs {
  return pairs.filter((_, index) => pairs[index - (index % 2)]!.toLowerCase() !== name);
}
export function exceptNamedLike(pairs: Pairs, pattern: TextPattern): Pairs {
  return pairs.filter((_, index) => !pattern.test(pairs[index - (index % 2)]!));
}
