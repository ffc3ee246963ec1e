import type { OutlinedJson } from './incremental/reparse-json.js';
import type { SubstitutionMemo } from './placeholders/substitute.js';
import type { ReferenceMemo } from './find-references.js';

/**
 * What loading a document leaves for loading it again after an edit. A part of the document whose text did not change is the same object as before: that is
 * what everything that is kept about it goes by, here and in later phases. Nobody may change a document's values.
 */
export class LoadCache {
  private readonly texts = new Map<string, OutlinedJson>();
  private readonly asked = new Set<string>();
  readonly substitutions: SubstitutionMemo = new WeakMap();
  readonly references: ReferenceMemo = new WeakMap();

  /** The last text of a file that was free of faults. */
  get(path: string): OutlinedJson | undefined {
    this.asked.add(path);
    return this.texts.get(path);
  }

  set(path: string, parsed: OutlinedJson): void { this.texts.set(path, parsed); }

  /** A document was loaded: files that are no part of it any more are forgotten. While it is broken they are kept. */
  loaded(): void {
    for (const path of this.texts.keys()) if (!this.asked.has(path)) this.texts.delete(path);
    this.asked.clear();
  }
}
