import type { Json } from '../../code.js';
import { escapePointer } from '../node.js';
import { setOwn } from '../set-own.js';
import type { Provenance } from './provenance.js';

export type Loose = { [key: string]: Json };
type Place = { readonly file: string; readonly pointer: string };

/** The Overlay Specification's recursive merge: objects field by field, lists by appending, anything simple by replacing. */
export class Merge {
  constructor(private readonly provenance: Provenance, private readonly mismatch: (target: Json, update: Json, place: Place) => void) {}

  /** Merges `update`, which stands at `from`, into `target` at `path`. A simple target is not changed: its new value is returned. */
  into(target: Json, update: Json, path: readonly string[], from: Place): Json | undefined {
    if (Array.isArray(target)) {
      this.append(target, update, path, from);
      return undefined;
    }
    if (typeof target === 'object' && target !== null) {
      // `components:` without a value stands for nothing to merge, as in the specification's own example.
      if (update === null) return undefined;
      if (typeof update !== 'object' || Array.isArray(update)) this.mismatch(target, update, from);
      else this.fields(target as Loose, update as Loose, path, from);
      return undefined;
    }
    if (typeof update === 'object' && update !== null && target !== null) {
      this.mismatch(target, update, from);
      return undefined;
    }
    this.provenance.set(path, from);
    return structuredClone(update) as Json;
  }

  private fields(target: Loose, update: Loose, path: readonly string[], from: Place): void {
    for (const [key, value] of Object.entries(update)) {
      const inner = [...path, key];
      const place = { file: from.file, pointer: `${from.pointer}/${escapePointer(key)}` };
      if (Object.hasOwn(target, key)) {
        const replaced = this.into(target[key]!, value, inner, place);
        if (replaced !== undefined) setOwn(target, key, replaced);
      } else {
        setOwn(target, key, structuredClone(value) as Json);
        this.provenance.set(inner, place);
      }
    }
  }

  /** A list is appended entry by entry, anything else is one entry. */
  private append(target: Json[], update: Json, path: readonly string[], from: Place): void {
    if (update === null) return;
    const entries = Array.isArray(update) ? (update as readonly Json[]).map((entry, index) => ({ entry, place: { file: from.file, pointer: `${from.pointer}/${index}` } })) : [{ entry: update, place: from }];
    for (const { entry, place } of entries) {
      this.provenance.set([...path, String(target.length)], place);
      target.push(structuredClone(entry) as Json);
    }
  }
}
