/** `$anchor` and `$dynamicAnchor` of JSON Schema 2020-12: names for places in a file. */
import type { Json } from '../code.js';
import { escapePointer } from '../1-load/node.js';

const anchorsOf = new WeakMap<object, Map<string, string>>();

/** The pointer of the schema in `root` that is named `anchor`; undefined when there is none. */
export function anchorPointer(root: Json, anchor: string): string | undefined {
  if (typeof root !== 'object' || root === null) return undefined;
  let anchors = anchorsOf.get(root);
  if (!anchors) anchorsOf.set(root, (anchors = findAnchors(root)));
  return anchors.get(anchor);
}

function findAnchors(root: object): Map<string, string> {
  const anchors = new Map<string, string>();
  const queue: [unknown, string][] = [[root, '']];
  const seen = new Set<unknown>();
  for (let entry = queue.pop(); entry; entry = queue.pop()) {
    const [value, pointer] = entry;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, inner] of Object.entries(value)) {
      if ((key === '$anchor' || key === '$dynamicAnchor') && typeof inner === 'string') anchors.set(inner, pointer);
      else queue.push([inner, `${pointer}/${escapePointer(key)}`]);
    }
  }
  return anchors;
}
