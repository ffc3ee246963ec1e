import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { FILLED_IN_LIMIT, INVALID_LIMIT, ZERO_LIMIT } from './diagnostics.js';
import type { Rate } from './ir.js';

/** What API Gateway fills in next to a half that is given [R]. */
const DEFAULT_RATE = 10_000, DEFAULT_BURST = 5_000;

export interface RateFields { readonly rate: string; readonly burst: string; /** Both halves or none, as in usage plans. */ readonly both: boolean }
export const STAGE_FIELDS: RateFields = { rate: 'throttlingRateLimit', burst: 'throttlingBurstLimit', both: false };
export const PLAN_FIELDS: RateFields = { rate: 'rateLimit', burst: 'burstLimit', both: true };

/** The throttle in `node`; null when it says -1 (none), undefined when it says nothing or something invalid, which is reported. */
export function readRate(node: Node, fields: RateFields, reporter: Reporter): Rate | null | undefined {
  let rate = readNumber(node, fields.rate, reporter, (value) => value >= 0 && value <= 1e9 && isMillis(value), 'a number of requests per second, with at most three decimals');
  const most = typeof rate === 'number' && !Number.isInteger(rate) ? 9_000_000 : 2_147_483_647;
  let burst = readNumber(node, fields.burst, reporter, (value) => Number.isInteger(value) && value >= 0 && value <= most, `a whole number of requests, at most ${most}`);
  if (rate === 'invalid' || burst === 'invalid') return undefined;
  if (rate === undefined && burst === undefined) return node.at(fields.rate) || node.at(fields.burst) ? null : undefined;
  if (rate === undefined || burst === undefined) {
    const field = rate === undefined ? fields.rate : fields.burst;
    if (fields.both) {
      reporter.report(INVALID_LIMIT, node.origin, { field, expected: 'given too: a throttle has a rate and a burst' });
      return undefined;
    }
    reporter.report(FILLED_IN_LIMIT, node.origin, { field, value: rate === undefined ? DEFAULT_RATE : DEFAULT_BURST });
    rate ??= DEFAULT_RATE;
    burst ??= DEFAULT_BURST;
  }
  // A bucket that holds nothing, or that never refills, once its burst is spent.
  if (burst === 0) reporter.report(ZERO_LIMIT, (node.at(fields.burst) ?? node).origin, { field: fields.burst });
  else if (rate === 0) reporter.report(ZERO_LIMIT, (node.at(fields.rate) ?? node).origin, { field: fields.rate });
  return [rate, burst];
}

const isMillis = (value: number): boolean => Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6;

/** undefined: absent or -1. Numbers may be written as texts, which is what parameters of a template leave. */
export function readNumber(node: Node, field: string, reporter: Reporter, valid: (value: number) => boolean, expected: string): number | undefined | 'invalid' {
  const at = node.get(field);
  if (!at || at.value === null) return undefined;
  const value = typeof at.value === 'string' && /^-?\d+(\.\d+)?$/.test(at.value) ? Number(at.value) : at.value;
  if (value === -1) return undefined;
  if (typeof value === 'number' && valid(value)) return value;
  reporter.report(INVALID_LIMIT, at.origin, { field, expected });
  return 'invalid';
}
