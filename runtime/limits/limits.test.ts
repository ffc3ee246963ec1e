/** Which limits a request draws on, what is taken when it is refused, and that one refusal never costs another client anything. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADMITTED, createLimits, decide, OVER_QUOTA, refusal, THROTTLED, type Limits, type LimitsDeclaration, type Rate } from './limits.js';
import { rateLimitFields } from './rate-limit-fields.js';
import { tokensLeft } from './token-bucket.js';

const test = suite('limits');
const NOON = Date.parse('2026-11-21T12:00:00Z');

const declare = (parts: Partial<LimitsDeclaration>): LimitsDeclaration => ({ operations: 3, stages: {}, plans: [], clients: [], ...parts });
const plan = (throttle: Rate | null, quota: LimitsDeclaration['plans'][number]['quota'] = null, operations: LimitsDeclaration['plans'][number]['operations'] = {}) => ({ throttle, quota, operations });
const open = (declaration: LimitsDeclaration, stage = 'prod'): Limits => createLimits(declaration, stage, 0, NOON);

/** Verdicts of requests `[operation, client]` at one moment. */
function verdicts(limits: Limits, requests: readonly (readonly [operation: number, client: number])[], micros = 0, now = NOON): number[] {
  return requests.map(([operation, client]) => decide(limits, operation, client, micros, now));
}

test('the stage default gives every operation a bucket of its own; an entry of its own replaces it', () => {
  const limits = open(declare({ stages: { prod: { every: [1, 1], operations: { 1: [1, 2], 2: null } } } }));
  assert.equal(verdicts(limits, [[0, -1], [0, -1], [1, -1], [1, -1], [1, -1], [2, -1], [2, -1]]), [ADMITTED, THROTTLED, ADMITTED, ADMITTED, THROTTLED, ADMITTED, ADMITTED]);
  assert.is(limits.wait, 1_000_000);
});

test('another stage has its own limits, or none', () => {
  const declaration = declare({ stages: { prod: { every: [1, 0], operations: {} } }, plans: [plan([0, 0])], clients: [{ prod: 0 }] });
  assert.equal(verdicts(open(declaration), [[0, -1]]), [THROTTLED]);
  assert.equal(verdicts(open(declaration, 'test'), [[0, -1], [0, 0]]), [ADMITTED, ADMITTED]);
  assert.equal(verdicts(open(declaration, '__proto__'), [[0, -1]]), [ADMITTED]);
});

test("a plan's throttle is per key, over all operations", () => {
  const limits = open(declare({ plans: [plan([1, 2])], clients: [{ prod: 0 }, { prod: 0 }] }));
  assert.equal(verdicts(limits, [[0, 0], [1, 0], [2, 0], [0, 1], [0, 1], [0, 1]]), [ADMITTED, ADMITTED, THROTTLED, ADMITTED, ADMITTED, THROTTLED]);
});

test('order of auth.md §3: every level has to have room', () => {
  const declaration = declare({ stages: { prod: { every: [1, 3], operations: {} } }, plans: [plan([1, 2], null, { prod: { 0: [1, 1] } })], clients: [{ prod: 0 }, { prod: 0 }] });
  const limits = open(declaration);
  // 1: the plan's limit for operation 0; 2: the plan's own; 3: the stage's.
  assert.equal(verdicts(limits, [[0, 0], [0, 0], [1, 0], [1, 0]]), [ADMITTED, THROTTLED, ADMITTED, THROTTLED]);
  assert.equal(verdicts(limits, [[1, 1], [1, 1], [1, 1], [1, -1]]), [ADMITTED, ADMITTED, THROTTLED, THROTTLED]);
});

test('a refused request takes nothing, whichever limit refused it', () => {
  const limits = open(declare({ stages: { prod: { every: [1, 10], operations: {} } }, plans: [plan([1, 2], [3, 'DAY', 0], { prod: { 0: [1, 1] } })], clients: [{ prod: 0 }] }));
  const { ofPlan, base, quota } = limits.clients[0]!;
  decide(limits, 0, 0, 0, NOON);
  const before = [tokensLeft(limits.buckets, ofPlan), tokensLeft(limits.buckets, base), tokensLeft(limits.buckets, limits.ofStage[0]!), quota!.remaining];
  assert.equal(before, [1, 0, 9, 2]);
  for (let i = 0; i < 50; i++) assert.is(decide(limits, 0, 0, 0, NOON), THROTTLED);
  assert.equal([tokensLeft(limits.buckets, ofPlan), tokensLeft(limits.buckets, base), tokensLeft(limits.buckets, limits.ofStage[0]!), quota!.remaining], before);
  // Over its quota: no token either.
  quota!.remaining = 0;
  assert.is(decide(limits, 1, 0, 0, NOON), OVER_QUOTA);
  assert.equal([tokensLeft(limits.buckets, ofPlan), tokensLeft(limits.buckets, limits.ofStage[1]!)], [1, 10]);
  assert.is(limits.wait, 12 * 3600 * 1_000_000);
});

test('throttle is looked at before quota', () => {
  const limits = open(declare({ plans: [plan([0, 0], [0, 'DAY', 0])], clients: [{ prod: 0 }] }));
  assert.equal(verdicts(limits, [[0, 0]]), [THROTTLED]);
  assert.is(limits.wait, Infinity);
});

test('a quota is never exceeded and starts again with the period', () => {
  fc.assert(fc.property(fc.nat(40), fc.array(fc.nat(6 * 3_600_000), { maxLength: 200 }), (limit, gaps) => {
    const limits = open(declare({ plans: [plan(null, [limit, 'DAY', 0])], clients: [{ prod: 0 }] }));
    const admitted = new Map<number, number>();
    const asked = new Map<number, number>();
    let now = NOON;
    for (const gap of gaps) {
      now += gap;
      const day = Math.floor(now / 86_400_000);
      asked.set(day, (asked.get(day) ?? 0) + 1);
      if (decide(limits, 0, 0, 0, now) === ADMITTED) admitted.set(day, (admitted.get(day) ?? 0) + 1);
    }
    for (const [day, count] of asked) assert.is(admitted.get(day) ?? 0, Math.min(limit, count));
  }));
});

test('refusal looks and does not take', () => {
  const limits = open(declare({ plans: [plan([1, 1], [1, 'DAY', 0])], clients: [{ prod: 0 }] }));
  for (let i = 0; i < 3; i++) assert.is(refusal(limits, 0, 0, 0, NOON), ADMITTED);
  assert.equal(verdicts(limits, [[0, 0], [0, 0]]), [ADMITTED, THROTTLED]);
  assert.is(decide(limits, 0, 0, 1_000_000, NOON), OVER_QUOTA);
});

test('memory is laid out at start: what is declared, nothing per client that is not', () => {
  const limits = open(declare({ operations: 5, stages: { prod: { every: null, operations: { 3: [1, 1] } } }, plans: [plan([1, 1], null, { prod: { 2: [1, 1], 4: [1, 1] } }), plan(null)], clients: [{ prod: 0 }, { prod: 1 }, {}, { prod: 0 }] }));
  assert.is(limits.buckets.length / 5, 1 + 3 + 3);
  const size = limits.buckets.length;
  for (let i = 0; i < 1000; i++) decide(limits, i % 5, -1, i, NOON);
  assert.is(limits.buckets.length, size);
});

test('RateLimit fields', () => {
  const limits = open(declare({ stages: { prod: { every: [5, 10], operations: {} } }, plans: [plan([2.5, 10], [1000, 'DAY', 0], { prod: { 0: [1, 1] } })], clients: [{ prod: 0 }] }));
  decide(limits, 0, 0, 0, NOON);
  assert.equal(rateLimitFields(limits, 0, 0, NOON), [
    'RateLimit-Policy', '"client-operation";q=1;w=1, "client";q=10;w=4, "quota";q=1000;w=86400, "operation";q=10;w=2',
    'RateLimit', '"client-operation";r=0;t=1, "client";r=9;t=1, "quota";r=999;t=43200, "operation";r=9;t=1',
  ]);
  assert.equal(rateLimitFields(limits, 1, -1, NOON), ['RateLimit-Policy', '"operation";q=10;w=2', 'RateLimit', '"operation";r=10;t=0']);
  assert.equal(rateLimitFields(open(declare({}), 'prod'), 1, -1, NOON), []);
  const shut = open(declare({ stages: { prod: { every: [0, 0], operations: { 1: [0, 3] } } } }));
  assert.equal(rateLimitFields(shut, 0, -1, NOON)[1], '"operation";q=0');
  decide(shut, 1, -1, 0, NOON);
  assert.equal(rateLimitFields(shut, 1, -1, NOON), ['RateLimit-Policy', '"operation";q=3', 'RateLimit', '"operation";r=2']);
});

test.run();
