/**
 * Clients (API keys) that limits get at run time. Whoever decides (this process, or the primary of `--workers`) gives them numbers and buckets; workers lay them
 * out by the same numbers, since answers of the primary name clients and buckets by number.
 */
import type { Client, FailPolicy, Limits, Rate } from '../limits/limits.js';
import { openQuota, type Period, type Quota } from '../limits/quota.js';
import { countBuckets, growBuckets, setBucket } from '../limits/token-bucket.js';

/** What a plan means for one document: limits of each key, operations by number. */
export interface PlanLayout {
  readonly throttle: Rate | null;
  readonly operations: readonly (readonly [operation: number, rate: number, burst: number])[];
  readonly quota: readonly [limit: number, period: Period, offset: number] | null;
  /** The plan, where a store counts what is used of it, and what it does while that is away; null: in memory. */
  readonly stored: { readonly plan: string; readonly fail: FailPolicy } | null;
}

/** A client as workers are told it. */
export interface ClientLayout extends PlanLayout {
  readonly client: number;
  /** Bucket of the plan, -1: none. */
  readonly ofPlan: number;
  /** First bucket of single operations. */
  readonly base: number;
}

export const UNLIMITED: PlanLayout = { throttle: null, operations: [], quota: null, stored: null };

/**
 * Numbers and buckets that were given back rest this long: a request that was on its way meanwhile must not meet somebody else's limits. Where a store
 * counts they are never used again: what it remembers of them by number would be somebody else's.
 */
const REST_MS = 60_000;

const nobody = (): Client => ({ ofPlan: -1, base: 0, methods: null, quota: null, used: 0 });
const methodTables = new WeakMap<Limits, Map<string, Int32Array>>();
const TABLES_KEPT = 1_000;

/** Sets client and buckets (full) as `layout` says, and alike where is counted while a store is away. */
function layOutClient(limits: Limits, keyId: string, layout: ClientLayout, quota: Quota | null, micros: number, now: number): void {
  const { client, throttle, operations, ofPlan, base } = layout;
  if (limits.local !== undefined) {
    const alone: ClientLayout = layout.stored?.fail === 'open' ? { ...layout, throttle: null, operations: [], quota: null, ofPlan: -1, stored: null } : { ...layout, stored: null };
    layOutClient(limits.local, keyId, alone, alone.quota && openQuota(alone.quota[0], alone.quota[1], 0, now), micros, now);
  }
  const needed = Math.max(ofPlan + 1, base + operations.length);
  if (needed > countBuckets(limits.buckets)) limits.buckets = growBuckets(limits.buckets, Math.max(64, needed * 2));
  if (throttle !== null) setBucket(limits.buckets, ofPlan, throttle[0], throttle[1], micros);
  operations.forEach(([, rate, burst], place) => setBucket(limits.buckets, base + place, rate, burst, micros));
  while (limits.clients.length <= client) limits.clients.push(nobody());
  limits.clients[client] = {
    ofPlan, base, methods: methodTable(limits, operations), quota, used: 0,
    ...(layout.stored === null ? {} : { stored: { ...layout.stored, key: keyId, terms: layout.quota } }),
  };
}

/** In a worker, which decides nothing: a quota that is full until the primary says otherwise. */
export function mirrorClient(limits: Limits, keyId: string, layout: ClientLayout, micros: number, now: number): void {
  const used = limits.clients[layout.client]?.used ?? 0;
  layOutClient(limits, keyId, layout, layout.quota === null ? null : openQuota(layout.quota[0], layout.quota[1], 0, now), micros, now);
  limits.clients[layout.client]!.used = used;
}

/** Shared by the clients of a plan. */
function methodTable(limits: Limits, operations: PlanLayout['operations']): Int32Array | null {
  if (operations.length === 0) return null;
  let tables = methodTables.get(limits);
  if (tables === undefined) methodTables.set(limits, (tables = new Map()));
  const id = operations.map(([operation]) => operation).join();
  let table = tables.get(id);
  if (table === undefined) {
    if (tables.size >= TABLES_KEPT) tables.clear();
    tables.set(id, (table = new Int32Array(limits.ofStage.length).fill(-1)));
    operations.forEach(([operation], place) => { table![operation] = place; });
  }
  return table;
}

/** Gives numbers and buckets of one `Limits`. */
export class ManagedClients {
  private readonly layouts = new Map<string, ClientLayout>();
  private readonly freeClients: { client: number; at: number }[] = [];
  private readonly freeBuckets = new Map<number, { first: number; at: number }[]>();
  private nextBucket: number;

  constructor(readonly limits: Limits) {
    this.nextBucket = countBuckets(limits.buckets);
  }

  /** The key's layout; buckets keep what is in them while the plan's limits stay the same. `quota` is shared with whoever keeps it. */
  assign(keyId: string, plan: PlanLayout, quota: Quota | null, micros: number, now: number): ClientLayout {
    let before = this.layouts.get(keyId);
    // What a store remembers of a number belongs to the limits it had.
    if (before !== undefined && (before.stored ?? plan.stored) !== null && JSON.stringify([before.stored, before.throttle, before.operations, before.quota]) !== JSON.stringify([plan.stored, plan.throttle, plan.operations, plan.quota])) {
      this.release(keyId, now);
      before = undefined;
    }
    if (before !== undefined && isSame(before, plan)) {
      const client = this.limits.clients[before.client]!;
      if (client.quota !== quota) this.limits.clients[before.client] = { ...client, quota };
      if (JSON.stringify(before.quota) === JSON.stringify(plan.quota)) return before;
      const layout = { ...before, quota: plan.quota };
      this.layouts.set(keyId, layout);
      return layout;
    }
    if (before !== undefined) this.freeBucketsOf(before, now);
    const count = (plan.throttle === null ? 0 : 1) + plan.operations.length;
    const first = count === 0 ? -1 : this.takeBuckets(count, now);
    const layout: ClientLayout = { ...plan, client: before?.client ?? this.takeClient(now), ofPlan: plan.throttle === null ? -1 : first, base: plan.throttle === null ? Math.max(0, first) : first + 1 };
    this.layouts.set(keyId, layout);
    layOutClient(this.limits, keyId, layout, quota, micros, now);
    return layout;
  }

  release(keyId: string, now: number): void {
    const layout = this.layouts.get(keyId);
    if (layout === undefined) return;
    this.layouts.delete(keyId);
    if (layout.stored !== null) return;
    this.limits.clients[layout.client] = nobody();
    this.freeClients.push({ client: layout.client, at: now });
    this.freeBucketsOf(layout, now);
  }

  layoutOf(keyId: string): ClientLayout | undefined { return this.layouts.get(keyId); }
  assigned(): IterableIterator<[string, ClientLayout]> { return this.layouts.entries(); }

  private takeClient(now: number): number {
    const oldest = this.freeClients[0];
    if (oldest !== undefined && oldest.at + REST_MS < now) return this.freeClients.shift()!.client;
    return this.limits.clients.push(nobody()) - 1;
  }

  private takeBuckets(count: number, now: number): number {
    const free = this.freeBuckets.get(count);
    if (free !== undefined && free.length > 0 && free[0]!.at + REST_MS < now) return free.shift()!.first;
    const first = this.nextBucket;
    this.nextBucket += count;
    return first;
  }

  private freeBucketsOf({ throttle, operations, ofPlan, base }: ClientLayout, now: number): void {
    const count = (throttle === null ? 0 : 1) + operations.length;
    if (count === 0) return;
    let free = this.freeBuckets.get(count);
    if (free === undefined) this.freeBuckets.set(count, (free = []));
    free.push({ first: throttle === null ? base : ofPlan, at: now });
  }
}

function isSame(a: PlanLayout, b: PlanLayout): boolean {
  return JSON.stringify([a.throttle, a.operations]) === JSON.stringify([b.throttle, b.operations]);
}
