/** Quotas and usage in the SQLite file. A row says how much was used, not how much is left: the limit is the document's (or the plan's) and may change. */
import { periodEnd } from '../../limits/quota.js';
import { dayOf, KEPT_DAYS, type QuotaTerms } from '../store.js';
import type { SqliteDatabase } from './sqlite-database.js';

export interface QuotaRow {
  /** First millisecond of the next period. */
  ends: number;
  used: number;
  /** On top of the limit: minus the offset in the first period, what was granted in any. */
  adjustment: number;
}

/** The row as of `now`; a period that is over has given way to the current one. Periods only move forward. */
export function readQuota(database: SqliteDatabase, plan: string, client: string, [, period, offset]: QuotaTerms, now: number): QuotaRow {
  const row = database.all('SELECT period, ends, used, adjustment FROM quotas WHERE plan = ? AND client = ?', plan, client)[0];
  if (row === undefined) return { ends: periodEnd(period, now), used: 0, adjustment: 0 - offset };
  if (row['period'] !== period || now >= (row['ends'] as number)) return { ends: periodEnd(period, now), used: 0, adjustment: 0 };
  return { ends: row['ends'] as number, used: row['used'] as number, adjustment: row['adjustment'] as number };
}

export const remainingOf = (row: QuotaRow, [limit]: QuotaTerms): number => Math.max(0, limit + row.adjustment - row.used);

export function writeQuota(database: SqliteDatabase, plan: string, client: string, [, period]: QuotaTerms, { ends, used, adjustment }: QuotaRow): void {
  database.run('INSERT INTO quotas VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (plan, client) DO UPDATE SET period = excluded.period, ends = excluded.ends, used = excluded.used, adjustment = excluded.adjustment', plan, client, period, ends, used, adjustment);
}

/** Counts requests on the day of `now`. `remaining`: of the quota, null when there is none. */
export function addUsage(database: SqliteDatabase, plan: string, client: string, requests: number, remaining: number | null, now: number): void {
  const day = dayOf(now);
  const changed = database.run('UPDATE usage SET used = used + ?, remaining = ? WHERE plan = ? AND client = ? AND day = ?', requests, remaining, plan, client, day);
  if (changed > 0) return;
  database.run('INSERT INTO usage VALUES (?, ?, ?, ?, ?)', plan, client, day, requests, remaining);
  database.run('DELETE FROM usage WHERE day < ?', day - KEPT_DAYS);
}
