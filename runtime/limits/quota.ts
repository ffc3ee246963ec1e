/** Quotas of usage plans: so many requests per UTC day, week or month (auth.md §2, stages-ops.md §14). */
export type Period = 'DAY' | 'WEEK' | 'MONTH';

export interface Quota {
  readonly limit: number;
  readonly period: Period;
  /** Requests left in the current period. */
  remaining: number;
  /** First millisecond (Unix time) of the next period. */
  end: number;
}

const DAY_MS = 86_400_000;

/** `offset` requests are taken off the limit in the first period, the one in which counting starts [D]. */
export function openQuota(limit: number, period: Period, offset: number, now: number): Quota {
  return { limit, period, remaining: Math.max(0, limit - offset), end: periodEnd(period, now) };
}

/** Begins a new period when the current one is over. A clock that is set back never gives a quota twice: periods only move forward. */
export function rollQuota(quota: Quota, now: number): void {
  if (now < quota.end) return;
  quota.remaining = quota.limit;
  quota.end = periodEnd(quota.period, now);
}

/** First millisecond after the period that holds `now`. Days are UTC days, weeks begin on Sunday, months on the 1st. */
export function periodEnd(period: Period, now: number): number {
  const day = Math.floor(now / DAY_MS);
  switch (period) {
    case 'DAY': return (day + 1) * DAY_MS;
    // Day 0, 1970-01-01, was a Thursday: Sundays are the days 3, 10, 17…
    case 'WEEK': return (Math.floor((day + 4) / 7) * 7 + 3) * DAY_MS;
    case 'MONTH': return nextMonth(now);
    default: return period satisfies never;
  }
}

/** Length in seconds of the period that ends at `end`. */
export function periodSeconds(period: Period, end: number): number {
  if (period === 'DAY') return 86_400;
  if (period === 'WEEK') return 604_800;
  const last = new Date(end - 1);
  return (end - Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1)) / 1000;
}

function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
