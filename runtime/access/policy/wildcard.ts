/** Wildcards of policies (IAM User Guide, "Resource" and "StringLike"): `*` is any text, also `/` and `:`; `?` is any one character. */
import type { ConditionKeys } from './conditions.js';

/** `keys`: what the policy's variables are looked up in. */
export type Matcher = (text: string, keys?: ConditionKeys) => boolean;

export function wildcard(pattern: string): Matcher {
  if (/^\*+$/.test(pattern)) return always;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  if (pattern.includes('?')) return (text) => matchesWildcard(pattern, text);
  const [first, ...others] = pattern.split(/\*+/) as [string, ...string[]];
  const last = others.pop()!;
  if (others.length === 0 && last === '') return (text) => text.startsWith(first);
  return (text) => matchesPieces(text, first, others, last);
}

/** Each piece between two `*` where it is found first: a later place can never help those that follow. */
function matchesPieces(text: string, first: string, middle: readonly string[], last: string): boolean {
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (let i = 0; i < middle.length; i++) {
    const found = text.indexOf(middle[i]!, at);
    if (found < 0) return false;
    at = found + middle[i]!.length;
  }
  return at + last.length <= text.length;
}

export const always: Matcher = () => true;

/** Goes back to the last `*` only: at most pattern length × text length steps, whatever the texts. `literal`: positions of the pattern whose characters are no wildcards. */
export function matchesWildcard(pattern: string, text: string, literal?: ReadonlySet<number>): boolean {
  let p = 0, t = 0, star = -1, mark = 0;
  while (t < text.length) {
    const wanted = p < pattern.length ? pattern[p]! : '';
    // A `*` of the text is a character like any other: the pattern's own comes first.
    const isWild = literal === undefined || !literal.has(p);
    if (wanted === '*' && isWild) { star = p++; mark = t; }
    else if (wanted !== '' && ((wanted === '?' && isWild) || wanted === text[t])) { p++; t++; }
    else if (star >= 0) { p = star + 1; t = ++mark; }
    else return false;
  }
  while (pattern[p] === '*' && (literal === undefined || !literal.has(p))) p++;
  return p === pattern.length;
}
