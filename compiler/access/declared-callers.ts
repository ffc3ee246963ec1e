/** `x-gwc.callers`: whose signatures the gateway knows, sorted by name. */
import type { Node } from '../1-load/node.js';

export function declaredCallers(root: Node): { readonly name: string; readonly node: Node }[] {
  const entries = root.get('x-gwc')?.get('callers')?.entries() ?? [];
  return entries.map(([name, entry]) => ({ name, node: entry.follow() })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
