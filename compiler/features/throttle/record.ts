/** An object with keys of the document's choosing: without a prototype, so that `__proto__` is a key like any other. */
export function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
