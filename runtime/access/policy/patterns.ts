import { hasVariables, parseVariables, variableMatcher } from './variables.js';
import { wildcard, type Matcher } from './wildcard.js';

/** A resource pattern; one written with escapes also matches paths whose escapes were resolved. A string says what is wrong with it. */
export function resourceMatcher(pattern: string): Matcher | string {
  if (hasVariables(pattern)) {
    const parts = parseVariables(pattern);
    if (typeof parts === 'string') return parts;
    return either(variableMatcher(parts), () => variableMatcher(parts.map((part) => (typeof part === 'string' ? decodeURIComponent(part) : part))), pattern);
  }
  return either(wildcard(pattern), () => wildcard(decodeURIComponent(pattern)), pattern);
}

function either(matcher: Matcher, decoded: () => Matcher, pattern: string): Matcher {
  if (!pattern.includes('%')) return matcher;
  let other: Matcher;
  try { other = decoded(); } catch { return matcher; }
  return (text, keys) => matcher(text, keys) || other(text, keys);
}
