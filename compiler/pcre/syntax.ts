/** A regular expression of PCRE without its UTF mode: its characters are bytes. */
import type { ByteSet } from './byte-set.js';

export type Pattern =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly items: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly item: Pattern; readonly min: number; readonly max: number; readonly mode: 'greedy' | 'lazy' | 'possessive' }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'group'; readonly item: Pattern; /** Number of a capturing group; 0: none. */ readonly number: number; readonly atomic: boolean }
  | { readonly kind: 'look'; readonly item: Pattern; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'back'; readonly number: number };

/** Start and end of the text and of lines, end before a last newline, word boundary and none. */
export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'lastLineEnd' | 'boundary' | 'noBoundary';

export interface Options {
  /** `.` takes newlines. */
  readonly dotAll?: boolean;
  /** `^` and `$` stand at every line. */
  readonly multiline?: boolean;
  readonly ignoreCase?: boolean;
}

/** Why a pattern is none, or none that can be had here. `offset` in UTF-16 units. */
export class PatternError extends Error {
  constructor(message: string, readonly offset: number) { super(message); }
}
