/** What a rule's regular expression runs as. */
import { LazyDfa } from './lazy-dfa.js';

export interface TextPattern { test(text: string): boolean }

export function automatonPattern(sets: readonly string[], program: readonly number[]): TextPattern {
  return new LazyDfa(sets, program);
}

/** RegexPatternSetReference: one of them is enough. */
export function matchesAny(text: string, patterns: readonly TextPattern[]): boolean {
  for (const pattern of patterns) if (pattern.test(text)) return true;
  return false;
}
