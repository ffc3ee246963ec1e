/** `binaryMediaTypes`: which bodies are bytes and not text (integrations.md §3 [R]). */

/**
 * `list`: lower case. An entry is `*` + `/*` (everything), `type/*` (every subtype and the literal) or a type; a wildcard on the left with a
 * subtype never matches. `header`: a Content-Type or Accept value; only its first entry counts, without parameters.
 */
export function isBinary(list: readonly string[], header: string | undefined): boolean {
  if (list.length === 0) return false;
  if (list.includes('*/*')) return true;
  if (header === undefined) return false;
  const first = header.split(',', 1)[0]!.split(';', 1)[0]!.trim().toLowerCase();
  const slash = first.indexOf('/');
  if (slash < 0 || first.startsWith('*')) return false;
  return list.includes(first) || list.includes(`${first.slice(0, slash)}/*`);
}
