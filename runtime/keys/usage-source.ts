/** How much keys used of plans, where a store knows it: the limiter of every process counts there. */
import { dayNumber, dayText, type Store } from '../store/store.js';
import type { PlanRecord } from './records.js';
import { periodStart, usageDays, utcDay, type UsageRecord } from './usage-ledger.js';

const DAY_MS = 86_400_000;

/** Key → `[used, remaining]` of each day from `first` to `last`, for keys that used something, and `keyIds`. */
export async function storedUsage(store: Store, plan: PlanRecord, keyIds: readonly string[], first: number, last: number): Promise<Map<string, [used: number, remaining: number][]>> {
  // What was left at the beginning was written earlier in the period.
  const from = plan.quota === null ? first : periodStart(plan.quota.period, first * DAY_MS);
  const records = new Map<string, Map<number, UsageRecord>>(keyIds.map((id) => [id, new Map()]));
  const only = keyIds.length === 1 ? keyIds[0] : undefined;
  for (const { client, day, used, remaining } of await store.usage(plan.id, dayText(from), dayText(last), only)) {
    let days = records.get(client);
    if (days === undefined) records.set(client, (days = new Map()));
    days.set(dayNumber(day), { used, remaining: remaining ?? -1 });
  }
  const answer = new Map<string, [number, number][]>();
  for (const [id, days] of records) answer.set(id, usageDays(plan, days, first, last));
  const now = Date.now(), today = utcDay(now);
  if (plan.quota !== null && only !== undefined && today >= first && today <= last) answer.get(only)![today - first]![1] = await store.remaining(plan.id, only, [plan.quota.limit, plan.quota.period, plan.quota.offset]);
  return answer;
}
