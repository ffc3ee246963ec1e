import { wildcard, type Matcher } from './wildcard.js';

/** A resource pattern; one written with escapes also matches paths whose escapes were resolved. */
export function resourceMatcher(pattern: string): Matcher {
  const matcher = wildcard(pattern);
  if (!pattern.includes('%')) return matcher;
  let decoded: string;
  try { decoded = decodeURIComponent(pattern); } catch { return matcher; }
  const other = wildcard(decoded);
  return (text) => matcher(text) || other(text);
}
