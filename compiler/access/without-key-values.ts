import type { Document } from '../1-load/document.js';
import { Node, parsePointer } from '../1-load/node.js';
import type { Json } from '../code.js';
import { keysInDocument } from './declared-keys.js';
import { hashedKey, isLiteralKey } from './key-value.js';

/** The document with literal API keys replaced by their digests: it means the same and may be published with the build. */
export function withoutKeyValues(document: Document): Document {
  const literals = keysInDocument(Node.root(document)).flatMap(({ node }) => {
    const value = node.get('value');
    return typeof value?.value === 'string' && isLiteralKey(value.value) ? [{ file: value.file, pointer: value.pointer, hashed: hashedKey(value.value) }] : [];
  });
  if (literals.length === 0) return document;
  const files = new Map(document.files);
  for (const { file, pointer, hashed } of literals) {
    const source = files.get(file)!;
    files.set(file, { ...source, root: replaceAt(source.root, parsePointer(pointer), hashed) });
  }
  return { entry: document.entry, version: document.version, files, locate: (origin) => document.locate(origin), resolve: (file, reference) => document.resolve(file, reference) };
}

function replaceAt(value: Json, path: readonly string[], by: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, Json>;
  Object.defineProperty(copy, key, { value: replaceAt(copy[key]!, rest, by), enumerable: true, configurable: true, writable: true });
  return copy;
}
