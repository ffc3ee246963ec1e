import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Document } from '../document.js';
import { Node, escapePointer } from '../node.js';
import { setOwn } from '../set-own.js';

const MAPS_OF_SCHEMAS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'schemas']);

const isReference = (value: Json): boolean => typeof value === 'object' && value !== null && typeof (value as { readonly $ref?: Json }).$ref === 'string';

/** One value that holds the whole document, and where each part of it came from. */
export interface SingleCopy {
  readonly value: Json;
  origin(pointer: string): Origin;
}

/**
 * The entry document with every object of another file put in where it is first referred to; further references to it stay. So each object is
 * there once, and a circle ends.
 */
export function singleCopy(document: Document): SingleCopy {
  const root = Node.root(document);
  if (document.files.size === 1) return { value: root.value, origin: (pointer) => ({ file: document.entry, pointer }) };
  const grafts = new Map<string, Origin>();
  const taken = new Map<string, number>();
  const copy = (node: Node, at: string): Json => {
    const { reference } = node;
    if (reference !== undefined && (node.file !== document.entry || !reference.startsWith('#'))) {
      const target = node.follow();
      if (typeof target.value !== 'object') return target.value;
      if (target.reference === undefined && target.file !== document.entry) {
        const id = `${target.file}#${target.pointer}`;
        const known = taken.get(id);
        if (known === undefined) {
          taken.set(id, taken.size);
          grafts.set(at, target.origin);
          return copy(target, at);
        }
        return { $ref: `#/components/${known}` };
      }
      // A reference's text only has to look like one, and to differ from those that lead elsewhere: two parameters of a list are two. It is not followed again.
      return { $ref: `#/components${target.pointer}` };
    }
    if (node.isArray) return node.items().map((item, index) => copy(item, `${at}/${index}`));
    if (!node.isObject) return node.value;
    const result: { [key: string]: Json } = {};
    for (const [key, child] of node.entries()) {
      const copied = copy(child, `${at}/${escapePointer(key)}`);
      // A reference in the place of properties would be taken for one of them.
      setOwn(result, key, MAPS_OF_SCHEMAS.has(key) && child.reference !== undefined && isReference(copied) ? {} : copied);
    }
    return result;
  };
  const value = copy(root, '');
  return {
    value,
    origin(pointer) {
      for (let prefix = pointer; ; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
        const graft = grafts.get(prefix);
        if (graft) return { file: graft.file, pointer: `${graft.pointer}${pointer.slice(prefix.length)}` };
        if (prefix === '') return { file: document.entry, pointer };
      }
    },
  };
}
