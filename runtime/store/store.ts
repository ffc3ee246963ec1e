/**
 * Where a gateway keeps what outlives a request: JSON records (API keys, usage plans, IAM callers), usage per key and day, quotas and token buckets.
 *
 * `gwc keys`, the admin API, AWS_IAM and the limiter reach it through this one interface; SQLite (`sqlite-store.ts`) and Redis (`redis-store.ts`) are
 * its two implementations, `openStore` chooses. In a worker of `--workers` a SQLite file is reached through the primary process, which owns it
 * and answers (`limits/limits-keeper.ts`, `keys/keys-keeper.ts`, `access/callers-keeper.ts`): everything here is plain data for that reason.
 *
 * Every method may reject: the disk is full, Redis is away (after at most a few seconds). Nothing here ever shows a password.
 */
import type { Period } from '../limits/quota.js';

export interface StoredRecord {
  readonly id: string;
  /** What was put: anything JSON can hold. */
  readonly value: unknown;
  /** Larger than that of every change before it, in the whole store. */
  readonly version: number;
}

export interface UsageDay {
  /** The key's id. */
  readonly client: string;
  /** A UTC day, `2026-03-31`. */
  readonly day: string;
  /** Requests that were let in on that day. */
  readonly used: number;
  /** What the quota had left after the last of them; null when the plan has no quota. */
  readonly remaining: number | null;
}

/** `[limit, period, offset]`: `offset` requests are taken off the limit in the first period. */
export type QuotaTerms = readonly [limit: number, period: Period, offset: number];

export interface Store {
  /** The address without its secrets, for messages. */
  readonly shown: string;
  /** Resolves when the store can be used. Rejects with CannotStart when it never will be as it is configured; one that is away right now only delays, for at most 2 s. */
  ready(): Promise<void>;

  /** The record, or undefined. */
  get(kind: string, id: string): Promise<StoredRecord | undefined>;
  /** All records of a kind, by id. */
  list(kind: string): Promise<StoredRecord[]>;
  /**
   * Writes the record whole and returns its new version. `expected`: only if its version is still this one (0: only if there is none); when it is
   * not, nothing is written and the answer is undefined.
   */
  put(kind: string, id: string, value: unknown, expected?: number): Promise<number | undefined>;
  /** Whether there was such a record (and, with `expected`, in this version). */
  remove(kind: string, id: string, expected?: number): Promise<boolean>;
  /**
   * Calls `changed` with the kind after records of it changed, whichever process or machine changed them; also once for every kind after a time
   * in which a change may have been missed. Within a second. Returns how to stop that.
   */
  watch(changed: (kind: string) => void): () => void;

  /** Days on which keys of the plan were used, `from` and `to` (`2026-03-31`, UTC) included, by key and day; `client`: of this key alone. Days are kept for 400 days. */
  usage(plan: string, from: string, to: string, client?: string): Promise<UsageDay[]>;
  /** What the key may still use of its quota in the current period. */
  remaining(plan: string, client: string, quota: QuotaTerms): Promise<number>;
  /** Grants it a new number for the rest of the current period (UpdateUsage of API Gateway). Today's `remaining` says so at once. */
  setRemaining(plan: string, client: string, quota: QuotaTerms, remaining: number): Promise<void>;

  /** Lets go of file and connections. */
  close(): Promise<void>;
}

/** Days of usage that are kept. */
export const KEPT_DAYS = 400;

const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** NaN when it is no date. */
export const dayNumber = (text: string): number => Date.parse(`${text}T00:00:00Z`) / DAY_MS;
