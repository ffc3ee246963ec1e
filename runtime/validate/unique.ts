/** `uniqueItems` in one pass: comparing every pair would let a client buy seconds with one array. */

/** Nesting up to which values are compared; what is deeper counts as different from everything. */
const MAX_DEPTH = 200;

export function areUnique(items: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    // Strings are kept apart from the texts of other values by a mark those never start with.
    const key = typeof item === 'object' && item !== null ? canonical(item, 0) : typeof item === 'string' ? `"${item}` : item;
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

let deep = 0;

/** A text that is the same for equal JSON values only. */
function canonical(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (depth > MAX_DEPTH) return `#${deep++}`;
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key], depth + 1)}`).join(',')}}`;
}
