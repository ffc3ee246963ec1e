/** One stretch of a text that became another one. Offsets in UTF-16 units. */
export interface Change {
  readonly start: number;
  /** End of the stretch, exclusive, in the text before and after. */
  readonly endBefore: number;
  readonly endAfter: number;
}

const CHUNK = 65_536;

/** The shortest stretch in which two texts differ. */
export function changeBetween(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let start = 0;
  // Slices are compared as memory is: many times faster than one character after the other.
  while (start + CHUNK <= most && before.slice(start, start + CHUNK) === after.slice(start, start + CHUNK)) start += CHUNK;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  const rest = most - start;
  while (end + CHUNK <= rest && before.slice(before.length - end - CHUNK, before.length - end) === after.slice(after.length - end - CHUNK, after.length - end)) end += CHUNK;
  while (end < rest && before.charCodeAt(before.length - end - 1) === after.charCodeAt(after.length - end - 1)) end++;
  return { start, endBefore: before.length - end, endAfter: after.length - end };
}
