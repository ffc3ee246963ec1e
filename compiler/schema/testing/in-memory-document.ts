/** A loaded document made of values, for tests of what works on documents. References resolve within `files`. */
import type { Json } from '../../code.js';
import type { Document, SpecVersion } from '../../1-load/document.js';
import { Node } from '../../1-load/node.js';

export function inMemoryDocument(root: Json, others: Readonly<Record<string, Json>> = {}, version: SpecVersion = '3.1'): Document {
  const all: Record<string, Json> = { '/api.json': root, ...others };
  return {
    entry: '/api.json',
    version,
    files: new Map(Object.entries(all).map(([path, value]) => [path, { path, text: textOf(value), root: value }])),
    locate: (origin) => ({ file: origin.file, line: 1, column: 1, endColumn: 1, text: '' }),
    resolve(file, reference) {
      const hash = reference.indexOf('#');
      const path = hash < 0 ? reference : reference.slice(0, hash);
      const target = path === '' ? file : path.startsWith('/') ? path : `/${path.replace(/^\.\//, '')}`;
      const pointer = hash < 0 ? '' : decodeURIComponent(reference.slice(hash + 1));
      return target in all && (pointer === '' || pointer.startsWith('/')) ? { file: target, pointer } : undefined;
    },
  };
}

/** Some tests nest deeper than JSON.stringify can go. */
function textOf(value: Json): string {
  try { return JSON.stringify(value); } catch { return ''; }
}

export const rootNode = (root: Json, others?: Readonly<Record<string, Json>>): Node => Node.root(inMemoryDocument(root, others));
