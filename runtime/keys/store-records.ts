/** The registry's records in a store: each of its own, under its kind. */
import type { Store } from '../store/store.js';
import type { RecordKind, Write } from './records.js';
import type { RecordStore } from './registry.js';

const KINDS: readonly RecordKind[] = ['usage-plan', 'api-key', 'usage-plan-key'];

/** Does not close the store. */
export function storeRecords(store: Store): RecordStore {
  /** What was last read or written here, as JSON: what others changed is what differs from it. */
  const known = new Map<string, string>();
  const load = async (kind: RecordKind): Promise<Write[]> => {
    const writes: Write[] = [];
    const there = new Set<string>();
    for (const { id, value } of await store.list(kind)) {
      const name = `${kind} ${id}`, text = JSON.stringify(value);
      there.add(name);
      if (known.get(name) === text) continue;
      known.set(name, text);
      writes.push({ kind, id, record: value } as Write);
    }
    for (const name of [...known.keys()]) {
      if (!name.startsWith(`${kind} `) || there.has(name)) continue;
      known.delete(name);
      writes.push({ kind, id: name.slice(kind.length + 1), record: null });
    }
    return writes;
  };
  return {
    async load() { return (await Promise.all(KINDS.map(load))).flat(); },
    async save(writes) {
      const done: Write[] = [];
      try {
        for (const write of writes) {
          if (write.record === null) await store.remove(write.kind, write.id);
          else await store.put(write.kind, write.id, write.record);
          done.push(write);
          const name = `${write.kind} ${write.id}`;
          if (write.record === null) known.delete(name);
          else known.set(name, JSON.stringify(write.record));
        }
      } catch (error) {
        // What was written before the store failed is read again with the next change that is told, as if somebody else had written it.
        for (const { kind, id } of done) known.delete(`${kind} ${id}`);
        throw error;
      }
    },
    watch(changed) {
      return store.watch((kind) => {
        if (!(KINDS as readonly string[]).includes(kind)) return;
        load(kind as RecordKind).then((writes) => { if (writes.length > 0) changed(writes); }, () => { /* told again after a time in which changes may have been missed */ });
      });
    },
    async close() { /* the store is somebody else's */ },
  };
}
