import type { OutlinedJson } from './incremental/reparse-json.js';
import type { OutlinedYaml } from './incremental/reparse-yaml.js';
import type { SubstitutionMemo } from './placeholders/substitute.js';
import type { ReferenceMemo } from './find-references.js';

/** The last text of a file that was free of faults, as what it was read. */
export interface KeptText { readonly json?: OutlinedJson; readonly yaml?: OutlinedYaml }

/**
 * What loading a document leaves for loading it again after an edit. A part of the document whose text did not change is the same object as before: that is
 * what everything that is kept about it goes by, here and in later phases. Nobody may change a document's values.
 */
export class LoadCache {
  private readonly texts = new Map<string, KeptText>();
  private readonly asked = new Set<string>();
  readonly substitutions: SubstitutionMemo = new WeakMap();
  readonly references: ReferenceMemo = new WeakMap();

  get(path: string): KeptText | undefined {
    this.asked.add(path);
    return this.texts.get(path);
  }

  set(path: string, text: KeptText): void { this.texts.set(path, text); }

  /** Its values were changed for this build. */
  forget(path: string): void { this.texts.delete(path); }

  /** A document was loaded: files that are no part of it any more are forgotten. While it is broken they are kept. */
  loaded(): void {
    for (const path of this.texts.keys()) if (!this.asked.has(path)) this.texts.delete(path);
    this.asked.clear();
  }
}
