/**
 * Callers whose keys are in the gateway's store: asked for once, kept for a time, and forgotten at once when the store says that one changed. Keys that are
 * not there are remembered as well, apart from the others, so that made-up ones neither reach the store twice nor push real ones out.
 */
import { ACCESS_KEY_ID, readCallerRecord, type CallerRecord } from './caller-record.js';
import type { Caller } from './iam-callers.js';
import { ResultCache, type Expiring } from './result-cache.js';

/** A key that was revoked opens nothing any more after this time, even where nobody could say so. */
export const KEPT_MS = 10_000;
/** Keys that are asked for at a time. */
const AT_ONCE = 1_000;
const MOST = 10_000;

export type Found = 'known' | 'busy' | 'away';

/** Where callers are kept. Rejects when nobody can tell. */
export type FindCaller = (accessKeyId: string) => Promise<unknown>;

interface Kept extends Expiring { readonly caller: Caller | undefined }

export class StoredCallers {
  private callers = new ResultCache<Kept>(MOST);
  private strangers = new ResultCache<Kept>(MOST);
  private readonly asked = new Map<string, ((found: Found) => void)[]>();
  private generation = 0;
  private told = -Infinity;

  /** `toCaller`: what a record means for this gateway. */
  constructor(private readonly find: FindCaller, private readonly toCaller: (accessKeyId: string, record: CallerRecord) => Caller, private readonly log: (line: string) => void) {}

  /** Who has this key, when `look` has found out. */
  get(accessKeyId: string): Caller | undefined { return this.callers.get(accessKeyId, performance.now())?.caller; }

  /** Calls `done` when it is known whether somebody has the key: at once, if it is already. */
  look(accessKeyId: string, done: (found: Found) => void): void {
    const now = performance.now();
    if (!ACCESS_KEY_ID.test(accessKeyId) || this.callers.get(accessKeyId, now) !== undefined || this.strangers.get(accessKeyId, now) !== undefined) return done('known');
    const waiting = this.asked.get(accessKeyId);
    if (waiting !== undefined) return void waiting.push(done);
    if (this.asked.size >= AT_ONCE) return done('busy');
    this.asked.set(accessKeyId, [done]);
    this.ask(accessKeyId);
  }

  /** Somebody's keys changed: nobody is known any more. */
  forget(): void {
    this.generation++;
    this.callers = new ResultCache<Kept>(MOST);
    this.strangers = new ResultCache<Kept>(MOST);
  }

  private ask(accessKeyId: string): void {
    const { generation } = this;
    this.find(accessKeyId).then((value) => {
      // What was read before a change may be what was changed.
      if (generation !== this.generation) return this.ask(accessKeyId);
      this.keep(accessKeyId, value);
      this.conclude(accessKeyId, 'known');
    }).catch((error: Error) => {
      const now = performance.now();
      if (now - this.told > KEPT_MS) {
        this.told = now;
        this.log(`IAM callers cannot be asked for: ${error.message}`);
      }
      this.conclude(accessKeyId, 'away');
    });
  }

  private keep(accessKeyId: string, value: unknown): void {
    const expires = performance.now() + KEPT_MS, weight = accessKeyId.length + 400;
    const record = value === undefined ? undefined : readCallerRecord(value);
    if (typeof record === 'string') this.log(`the store's IAM caller ${accessKeyId} ${record}`);
    if (record === undefined || typeof record === 'string' || !record.enabled) return this.strangers.set(accessKeyId, { caller: undefined, expires, weight });
    this.callers.set(accessKeyId, { caller: this.toCaller(accessKeyId, record), expires, weight: weight + JSON.stringify(record).length });
  }

  private conclude(accessKeyId: string, found: Found): void {
    const waiting = this.asked.get(accessKeyId) ?? [];
    this.asked.delete(accessKeyId);
    for (const done of waiting) done(found);
  }
}
