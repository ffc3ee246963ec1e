import type { SchemaMemo } from '../schema/index.js';
import type { KnownFieldsMemo } from './known-fields.js';

/** What reading a document leaves for reading it again after an edit. All of it goes by the objects of the document: those that are gone are forgotten with it. */
export class ReadCache {
  readonly knownFields: KnownFieldsMemo = new WeakMap();
  readonly schemas: SchemaMemo = new WeakMap();
}
