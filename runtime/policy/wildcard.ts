/** Wildcards of policies (IAM User Guide, "Resource" and "StringLike"): `*` is any text, also `/` and `:`; `?` is any one character. */

export type Matcher = (text: string) => boolean;

export function wildcard(pattern: string): Matcher {
  if (/^\*+$/.test(pattern)) return always;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  if (/^[^*?]*\*$/.test(pattern)) {
    const prefix = pattern.slice(0, -1);
    return (text) => text.startsWith(prefix);
  }
  return (text) => matchesWildcard(pattern, text);
}

export const always: Matcher = () => true;

/** Goes back to the last `*` only: at most pattern length × text length steps, whatever the texts. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0, t = 0, star = -1, mark = 0;
  while (t < text.length) {
    const wanted = p < pattern.length ? pattern[p]! : '';
    // A `*` of the text is a character like any other: the pattern's own comes first.
    if (wanted === '*') { star = p++; mark = t; }
    else if (wanted !== '' && (wanted === '?' || wanted === text[t])) { p++; t++; }
    else if (star >= 0) { p = star + 1; t = ++mark; }
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
