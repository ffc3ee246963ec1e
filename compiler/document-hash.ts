import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Document } from './1-load/document.js';

const known = new WeakMap<Document, string>();

/** First 16 hex digits of a SHA-256 over every file of the document: the same text gives the same hash wherever it lies. */
export function documentHash(document: Document): string {
  let digits = known.get(document);
  if (digits === undefined) known.set(document, (digits = hashOf(document)));
  return digits;
}

function hashOf(document: Document): string {
  const hash = createHash('sha256');
  for (const [path, file] of [...document.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(basename(path)).update('\0').update(file.text).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
