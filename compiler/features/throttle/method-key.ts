/** `/pets/{id}/GET`, `~1pets~1{id}/GET` or `//GET`: resource path (slashes of its own may be `~1`, RFC 6901) and method. */
export function parseMethodKey(key: string): { path: string; method: string } | undefined {
  const slash = key.lastIndexOf('/');
  if (slash < 0) return undefined;
  const path = key.slice(0, slash).replace(/~1/g, '/').replace(/~0/g, '~').replace(/^\/+/, '');
  return { path: `/${path}`, method: key.slice(slash + 1).toUpperCase() };
}

/** `GET /pets/{id}` or `$default`: how HTTP APIs name a route. */
export function parseRouteKey(key: string): { path: string; method: string } | undefined {
  if (key === '$default') return { path: '/$default', method: 'ANY' };
  const match = /^([A-Za-z]+) (\/\S*)$/.exec(key);
  return match ? { method: match[1]!.toUpperCase(), path: match[2]! } : undefined;
}
