/**
 * API keys, usage plans and which key is in which plan, as they are made at run time. One process of a gateway owns it (the primary of `--workers`).
 * Changes are made one after the other: kept in the store first, then here, then told to whoever listens; only then is the caller answered.
 */
import type { KeyRecord, PlanKeyRecord, PlanRecord, Write } from './records.js';

/** Where records outlive the process. */
export interface RecordStore {
  load(): Promise<Write[]>;
  /** All or nothing. */
  save(writes: readonly Write[]): Promise<void>;
  /** Calls `changed` for what other processes wrote; returns how to stop that. */
  watch(changed: (writes: readonly Write[]) => void): () => void;
  close(): Promise<void>;
}

/** Told which keys may open something else than before. Its promise is waited for. */
export type KeysChanged = (keyIds: ReadonlySet<string>) => void | Promise<void>;

/** Timers of Node count to 2³¹ − 1 ms. */
const LONGEST_TIMER_MS = 0x7fffffff;

export class Registry {
  readonly keys = new Map<string, KeyRecord>();
  readonly plans = new Map<string, PlanRecord>();
  /** Plan → key → membership. */
  readonly members = new Map<string, Map<string, PlanKeyRecord>>();
  readonly plansOfKey = new Map<string, Set<string>>();
  /** Digest in hex → key. */
  readonly keyOfDigest = new Map<string, string>();
  private readonly listeners = new Set<KeysChanged>();
  private last: Promise<unknown> = Promise.resolve();
  private expiry: NodeJS.Timeout | null = null;
  private unwatch: (() => void) | null = null;

  constructor(private readonly store: RecordStore | null) {}

  /** Rejects when the store cannot be read; may be called again. */
  async open(): Promise<void> {
    if (this.store === null) return;
    this.unwatch ??= this.store.watch((writes) => { void this.inOrder(async () => this.take(writes)).catch(() => {}); });
    await this.inOrder(async () => this.take(await this.store!.load()));
  }

  listen(listener: KeysChanged): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** `work` reads the registry and says what to write; nobody else writes in between. Nothing is changed when it throws or the store fails. */
  change<T>(work: () => { readonly writes: readonly Write[]; readonly result: T }): Promise<T> {
    return this.inOrder(async () => {
      const { writes, result } = work();
      if (this.store !== null && writes.length > 0) await this.store.save(writes);
      await this.take(writes);
      return result;
    });
  }

  close(): void {
    if (this.expiry !== null) clearTimeout(this.expiry);
    this.unwatch?.();
    void this.store?.close().catch(() => {});
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }

  private async take(writes: readonly Write[]): Promise<void> {
    const changed = new Set<string>();
    for (const write of writes) this.apply(write, changed);
    this.watchExpiry();
    await this.tell(changed);
  }

  private async tell(changed: ReadonlySet<string>): Promise<void> {
    if (changed.size > 0) await Promise.all([...this.listeners].map((listener) => listener(changed)));
  }

  private apply(write: Write, changed: Set<string>): void {
    switch (write.kind) {
      case 'api-key': {
        for (const { sha256 } of this.keys.get(write.id)?.digests ?? []) if (this.keyOfDigest.get(sha256) === write.id) this.keyOfDigest.delete(sha256);
        if (write.record === null) this.keys.delete(write.id);
        else this.keys.set(write.id, write.record);
        for (const { sha256 } of write.record?.digests ?? []) this.keyOfDigest.set(sha256, write.id);
        changed.add(write.id);
        return;
      }
      case 'usage-plan': {
        if (write.record === null) this.plans.delete(write.id);
        else this.plans.set(write.id, write.record);
        for (const key of this.members.get(write.id)?.keys() ?? []) changed.add(key);
        return;
      }
      case 'usage-plan-key': {
        const slash = write.id.indexOf('/');
        const planId = write.id.slice(0, slash), keyId = write.id.slice(slash + 1);
        let keys = this.members.get(planId), plans = this.plansOfKey.get(keyId);
        if (write.record === null) {
          keys?.delete(keyId);
          plans?.delete(planId);
          if (keys?.size === 0) this.members.delete(planId);
          if (plans?.size === 0) this.plansOfKey.delete(keyId);
        } else {
          if (keys === undefined) this.members.set(planId, (keys = new Map()));
          if (plans === undefined) this.plansOfKey.set(keyId, (plans = new Set()));
          keys.set(keyId, write.record);
          plans.add(planId);
        }
        changed.add(keyId);
        return;
      }
      default: write satisfies never;
    }
  }

  /** Old values of rotated keys end at their time. */
  private watchExpiry(): void {
    let next = Infinity;
    for (const { digests } of this.keys.values()) for (const { until } of digests) if (until !== null && until < next) next = until;
    if (this.expiry !== null) clearTimeout(this.expiry);
    this.expiry = next === Infinity ? null : setTimeout(() => void this.expire(), Math.min(LONGEST_TIMER_MS, Math.max(0, next - Date.now() + 1))).unref();
  }

  private async expire(): Promise<void> {
    const now = Date.now();
    await this.change(() => ({
      result: undefined,
      writes: [...this.keys.values()].filter(({ digests }) => digests.some(({ until }) => until !== null && until <= now))
        .map((key): Write => ({ kind: 'api-key', id: key.id, record: { ...key, digests: key.digests.filter(({ until }) => until === null || until > now) } })),
      // A store that fails now is tried again with the next change: the value ended all the same, see `opening`.
    })).catch(() => {});
  }
}
