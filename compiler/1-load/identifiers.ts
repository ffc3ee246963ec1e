import type { Json } from '../code.js';
import { escapePointer } from './node.js';
import { zoneOf, type Zone } from './zones.js';

/** Pointers of the schemas that name themselves: by `$id` (absolute URIs only) and by `#` and their `$anchor` or `$dynamicAnchor` (JSON Schema 2020-12 §8.2). */
export function identifiers(root: Json): Map<string, string> {
  const index = new Map<string, string>();
  const visit = (value: Json, pointer: string, zone: Zone): void => {
    if (typeof value !== 'object' || value === null || zone === 'data') return;
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === 'string' && zone === 'object') {
        if ((key === '$id' || key === 'id') && /^[a-z][a-z0-9+.-]+:/i.test(child)) index.set(child.replace(/#$/, ''), pointer);
        if (key === '$anchor' || key === '$dynamicAnchor') index.set(`#${child}`, pointer);
      }
      if (typeof child === 'object') visit(child as Json, `${pointer}/${escapePointer(key)}`, zoneOf(zone, key, child as Json));
    }
  };
  visit(root, '', 'object');
  return index;
}
