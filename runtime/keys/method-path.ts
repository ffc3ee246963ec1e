/** How usage plans name methods: `/pets/{id}/GET` (slashes of the path may be `~1`, RFC 6901). */

/** `/pets/{id}/GET` with the path as the document has it; undefined when it is no such name. */
export function normalMethodPath(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return undefined;
  const path = `/${text.slice(0, slash).replace(/~1/g, '/').replace(/~0/g, '~').replace(/^\/+/, '')}`;
  const method = text.slice(slash + 1).toUpperCase();
  return /^[A-Z]+$/.test(method) ? `${path === '/' ? '/' : `${path}/`}${method}` : undefined;
}

/** The place in `operations` (`GET /pets/{id}`), -1: none. */
export function operationNumber(operations: readonly string[], methodPath: string): number {
  const slash = methodPath.lastIndexOf('/');
  return operations.indexOf(`${methodPath.slice(slash + 1)} ${slash === 0 ? '/' : methodPath.slice(0, slash)}`);
}
