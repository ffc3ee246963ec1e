/** How much each key used of its plan: per UTC day for GetUsage, and the quota of the current period. */
import { openQuota, periodEnd, periodSeconds, rollQuota, type Period, type Quota } from '../limits/quota.js';
import type { PlanRecord } from './records.js';

/** What a key used of a plan on one UTC day, and what was left of the quota after the last of it (-1: no quota). */
export interface UsageRecord { readonly used: number; readonly remaining: number }

const DAY_MS = 86_400_000;
/** Days that are kept, as on API Gateway: about three months. */
export const DAYS_KEPT = 92;

export const utcDay = (now: number): number => Math.floor(now / DAY_MS);

export class UsageLedger {
  /** Plan → key → day. */
  private readonly plans = new Map<string, Map<string, Map<number, UsageRecord>>>();
  private readonly quotas = new Map<string, { readonly limit: number; readonly quota: Quota }>();

  /** `remaining`: of the quota, -1 when there is none. */
  count(planId: string, keyId: string, used: number, remaining: number, now: number): void {
    const day = utcDay(now);
    const before = this.plans.get(planId)?.get(keyId)?.get(day);
    this.put(planId, keyId, day, { used: (before?.used ?? 0) + used, remaining });
  }

  /** Keys that used something of the plan. */
  keysOf(planId: string): string[] {
    return [...(this.plans.get(planId)?.keys() ?? [])];
  }

  /** By day. */
  recordsOf(planId: string, keyId: string): ReadonlyMap<number, UsageRecord> | undefined {
    return this.plans.get(planId)?.get(keyId);
  }

  /** The quota that the key draws on; the same object while the plan's quota stays what it is. `since`: when the key came into the plan. */
  quotaOf(plan: PlanRecord, keyId: string, since: number, now: number): Quota | null {
    const id = `${plan.id}/${keyId}`;
    if (plan.quota === null) { this.quotas.delete(id); return null; }
    const { limit, period, offset } = plan.quota;
    const before = this.quotas.get(id)?.quota;
    if (before !== undefined && before.limit === limit && before.period === period) return before;
    const quota = openQuota(limit, period, periodEnd(period, since) === periodEnd(period, now) ? offset : 0, now);
    const records = this.plans.get(plan.id)?.get(keyId);
    const start = periodStart(period, now);
    let used = 0, left = -1;
    for (let day = start; day <= utcDay(now); day++) {
      const record = records?.get(day);
      if (record === undefined) continue;
      used += record.used;
      if (record.remaining >= 0) left = record.remaining;
    }
    // A quota that was changed takes over what was used; one that was kept also what the operator added to it.
    quota.remaining = before === undefined && left >= 0 && left <= limit ? left : Math.max(0, quota.remaining - used);
    this.quotas.set(id, { limit, quota });
    return quota;
  }

  /** What is known of a plan that is gone. */
  forgetPlan(planId: string): void {
    this.plans.delete(planId);
    for (const id of this.quotas.keys()) if (id.startsWith(`${planId}/`)) this.quotas.delete(id);
  }

  forgetKey(keyId: string): void {
    for (const [planId, keys] of this.plans) {
      keys.delete(keyId);
      this.quotas.delete(`${planId}/${keyId}`);
    }
    for (const id of this.quotas.keys()) if (id.endsWith(`/${keyId}`)) this.quotas.delete(id);
  }

  private put(planId: string, keyId: string, today: number, record: UsageRecord): void {
    let keys = this.plans.get(planId);
    if (keys === undefined) this.plans.set(planId, (keys = new Map()));
    let days = keys.get(keyId);
    if (days === undefined) keys.set(keyId, (days = new Map()));
    days.set(today, record);
    if (days.size > DAYS_KEPT) for (const day of days.keys()) if (day <= today - DAYS_KEPT) days.delete(day);
  }
}

/** `[used, remaining]` of each day from `first` to `last`; -1 remains where there is no quota. */
export function usageDays(plan: PlanRecord, records: ReadonlyMap<number, UsageRecord> | undefined, first: number, last: number): [used: number, remaining: number][] {
  const days: [number, number][] = [];
  for (let day = first; day <= last; day++) {
    const record = records?.get(day);
    days.push([record?.used ?? 0, plan.quota === null ? -1 : record !== undefined && record.remaining >= 0 ? record.remaining : carried(plan.quota, records, day)]);
  }
  return days;
}

/** A day without requests: what was left before, or the whole quota of a new period. */
function carried(quota: NonNullable<PlanRecord['quota']>, records: ReadonlyMap<number, UsageRecord> | undefined, day: number): number {
  const start = periodStart(quota.period, day * DAY_MS);
  for (let before = day - 1; before >= start; before--) {
    const record = records?.get(before);
    if (record !== undefined && record.remaining >= 0) return record.remaining;
  }
  return quota.limit;
}

/** First day of the period that holds `now`. */
export function periodStart(period: Period, now: number): number {
  const end = periodEnd(period, now);
  return utcDay(end - periodSeconds(period, end) * 1_000);
}

/** As of now: a period that is over has a new quota. */
export function remainingNow(quota: Quota, now: number): number {
  rollQuota(quota, now);
  return quota.remaining;
}
