import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openQuota, periodEnd, periodSeconds, rollQuota, type Period } from './quota.js';

const test = suite('quota');
const at = (text: string): number => Date.parse(text);

test('periods end in UTC: days at midnight, weeks before Sunday, months before the 1st', () => {
  const check = (period: Period, now: string, end: string): void => assert.is(new Date(periodEnd(period, at(now))).toISOString(), end, `${period} ${now}`);
  check('DAY', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z');
  check('DAY', '2026-11-21T23:59:59.999Z', '2026-11-22T00:00:00.000Z');
  check('DAY', '2026-12-31T12:00:00Z', '2027-01-01T00:00:00.000Z');
  // 2026-11-22 is a Sunday.
  check('WEEK', '2026-11-21T23:59:59.999Z', '2026-11-22T00:00:00.000Z');
  check('WEEK', '2026-11-22T00:00:00.000Z', '2026-11-29T00:00:00.000Z');
  check('WEEK', '2026-11-28T12:00:00.000Z', '2026-11-29T00:00:00.000Z');
  check('MONTH', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z');
  check('MONTH', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z');
  check('MONTH', '2028-02-29T10:00:00.000Z', '2028-03-01T00:00:00.000Z');
});

test('every moment lies in the period that is said to end after it', () => {
  fc.assert(fc.property(fc.constantFrom<Period>('DAY', 'WEEK', 'MONTH'), fc.integer({ min: 0, max: at('2100-01-01T00:00:00Z') }), (period, now) => {
    const end = periodEnd(period, now);
    const start = end - periodSeconds(period, end) * 1000;
    assert.ok(start <= now && now < end);
    assert.is(periodEnd(period, start), end);
    assert.is(periodEnd(period, end - 1), end);
    if (period === 'WEEK') assert.is(new Date(start).getUTCDay(), 0);
    if (period === 'MONTH') assert.is(new Date(start).getUTCDate(), 1);
    assert.is(start % 86_400_000, 0);
  }));
});

test('the offset counts in the first period only', () => {
  const quota = openQuota(10, 'DAY', 4, at('2026-11-21T10:00:00Z'));
  assert.is(quota.remaining, 6);
  rollQuota(quota, at('2026-11-21T23:59:59.999Z'));
  assert.is(quota.remaining, 6);
  rollQuota(quota, at('2026-11-22T00:00:00Z'));
  assert.is(quota.remaining, 10);
  assert.is(openQuota(3, 'DAY', 3, 0).remaining, 0);
});

test('a clock that is set back does not give the quota again', () => {
  const quota = openQuota(5, 'DAY', 0, at('2026-11-21T23:00:00Z'));
  quota.remaining = 0;
  rollQuota(quota, at('2026-11-20T01:00:00Z'));
  assert.is(quota.remaining, 0);
  rollQuota(quota, at('2026-11-22T00:00:01Z'));
  assert.is(quota.remaining, 5);
  quota.remaining = 1;
  rollQuota(quota, at('2026-11-21T23:00:00Z'));
  assert.is(quota.remaining, 1);
});

test.run();
