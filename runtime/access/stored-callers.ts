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

/** `caller`: who has the key, undefined when nobody has. */
type Done = (found: Found, caller?: Caller) => void;

/** Where callers are kept. Rejects when nobody can tell. */
export type FindCaller = (accessKeyId: string) => Promise<unknown>;

interface Kept extends Expiring { readonly caller: Caller | undefined }
const NOBODY: Pick<Kept, 'caller'> = { caller: undefined };

export class StoredCallers {
  private callers = new ResultCache<Kept>(MOST);
  private strangers = new ResultCache<Kept>(MOST);
  private readonly asked = new Map<string, Done[]>();
  private generation = 0;
  private told = -Infinity;

  /** `toCaller`: what a record means for this gateway. */
  constructor(private readonly find: FindCaller, private readonly toCaller: (accessKeyId: string, record: CallerRecord) => Caller, private readonly log: (line: string) => void) {}

  /** Calls `done` when it is known whether somebody has the key: at once, if it is already. */
  look(accessKeyId: string, done: Done): void {
    const now = performance.now();
    const kept = ACCESS_KEY_ID.test(accessKeyId) ? this.callers.get(accessKeyId, now) ?? this.strangers.get(accessKeyId, now) : NOBODY;
    if (kept !== undefined) return done('known', kept.caller);
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
      this.conclude(accessKeyId, 'known', this.keep(accessKeyId, value));
    }).catch((error: Error) => {
      const now = performance.now();
      if (now - this.told > KEPT_MS) {
        this.told = now;
        this.log(`IAM callers cannot be asked for: ${error.message}`);
      }
      this.conclude(accessKeyId, 'away');
    });
  }

  private keep(accessKeyId: string, value: unknown): Caller | undefined {
    const expires = performance.now() + KEPT_MS, weight = accessKeyId.length + 400;
    const record = value === undefined ? undefined : readCallerRecord(value);
    if (typeof record === 'string') this.log(`the store's IAM caller ${accessKeyId} ${record}`);
    if (record === undefined || typeof record === 'string' || !record.enabled) {
      this.strangers.set(accessKeyId, { caller: undefined, expires, weight });
      return undefined;
    }
    const caller = this.toCaller(accessKeyId, record);
    this.callers.set(accessKeyId, { caller, expires, weight: weight + JSON.stringify(record).length });
    return caller;
  }

  private conclude(accessKeyId: string, found: Found, caller?: Caller): void {
    const waiting = this.asked.get(accessKeyId) ?? [];
    this.asked.delete(accessKeyId);
    for (const done of waiting) done(found, caller);
  }
}
