/** The script decides what the memory of one gateway would: random limits, requests and times against `limits.ts`; periods against `quota.ts`; what a Redis that lost its data is told. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADMITTED, createLimits, decide, type LimitNames, type Limits, type LimitsDeclaration, type PlanDeclaration, type Rate } from '../../limits/limits.js';
import { openQuota, periodEnd } from '../../limits/quota.js';
import { rateLimitFields } from '../../limits/rate-limit-fields.js';
import { openStore } from '../open-store.js';
import { hasRedis, startRedis, type RedisServer } from '../testing/redis-server.js';
import { DECIDE_LIMITS, PERIOD_END } from './limits-script.js';
import { RedisLimits } from './redis-limits.js';
import type { RedisStore } from './redis-store.js';

const test = suite('limits in Redis');
let server: RedisServer | undefined;
let store: RedisStore;
test.before(async () => {
  if (!hasRedis()) return;
  server = await startRedis();
  store = openStore(`redis://127.0.0.1:${server.port}`, () => {}) as RedisStore;
  await store.ready();
});
test.after(async () => {
  await store?.close();
  await server?.stop();
});

const NOON = Date.parse('2026-11-21T12:00:00Z');
const NAMES: LimitNames = { api: 'api', routes: 'routes', plans: ['p0', 'p1'], keys: ['k0', 'k1', 'k2'], planFails: ['local', 'local'], stageFails: {} };

/** The script with a clock of ours: a key holds the time. */
const CLOCKED = DECIDE_LIMITS.replace("redis.call('TIME')", "{ string.match(redis.call('GET', '{gwc}:clock'), '(%d+) (%d+)') }");
assert.not.equal(CLOCKED, DECIDE_LIMITS);

async function clocked(limits: Limits, names = NAMES, stage = 'prod', tell: typeof rateLimitFields | null = null): Promise<{ backend: RedisLimits; at: (micros: number) => Promise<unknown> }> {
  const backend = new RedisLimits(store, limits, names, stage, tell);
  store.client.defineCommand('gwcDecideLimits', { lua: CLOCKED });
  // Redis's clock is the wall's, the memory's is monotonic: both start at noon here.
  return { backend, at: (micros) => store.client.set('{gwc}:clock', `${NOON / 1000 + Math.floor(micros / 1e6)} ${micros % 1e6}`) };
}

const rate = fc.tuple(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 9_999 }).map((n) => n / 1000)), fc.integer({ min: 0, max: 6 })) as fc.Arbitrary<Rate>;
const plan = fc.record({
  throttle: fc.option(rate), quota: fc.option(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const), fc.integer({ min: 0, max: 3 }))),
  operations: fc.oneof(fc.constant({}), rate.map((each) => ({ prod: { 0: each } }))),
}) as fc.Arbitrary<PlanDeclaration>;
const declarations: fc.Arbitrary<LimitsDeclaration> = fc.record({
  operations: fc.constant(2), stages: fc.oneof(fc.constant({}), fc.record({ prod: fc.record({ every: fc.option(rate), operations: fc.oneof(fc.constant({}), fc.option(rate).map((each) => ({ 1: each }))) }) })),
  plans: fc.tuple(plan, plan), clients: fc.constant([{ prod: 0 }, { prod: 0 }, { prod: 1 }]), names: fc.constant(NAMES),
});
const moments = fc.array(fc.record({
  pass: fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.integer({ min: 0, max: 40 }).map((days) => days * 86_400_000_000)),
  groups: fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -1, max: 2 }), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 5 }),
}), { minLength: 1, maxLength: 12 });

test('verdicts, waits, RateLimit fields and what is left are those of the memory, whatever the limits and times', async () => {
  if (server === undefined) return;
  await fc.assert(fc.asyncProperty(declarations, moments, async (declaration, sequence) => {
    await store.client.flushall();
    const memory = createLimits(declaration, 'prod', 0, NOON);
    const limits = createLimits(declaration, 'prod', 0, NOON);
    const { backend, at } = await clocked(limits);
    const counted = new Set<number>();
    let micros = 0;
    for (const { pass, groups } of sequence) {
      micros += pass;
      const now = NOON + Math.floor(micros / 1000);
      const expected: (number | undefined)[] = [];
      for (const [operation, client, count] of groups) {
        let admitted = 0, verdict = ADMITTED as number;
        // The first period of a key is that of its first request here, that of the start there.
        const { quota, stored } = client < 0 ? { quota: null, stored: undefined } : memory.clients[client]!;
        if (quota !== null && !counted.has(client)) Object.assign(quota, openQuota(...stored!.terms!, now));
        while (admitted < Math.max(1, count) && (verdict = decide(memory, operation, client, micros, now)) === ADMITTED) admitted++;
        if (admitted > 0) counted.add(client);
        // Of a refusal for the quota the wait is to the millisecond here, to the microsecond there.
        expected.push(Math.max(1, count), admitted, verdict, verdict === ADMITTED ? 0 : memory.wait === Infinity ? -1 : memory.wait, verdict === ADMITTED ? -1 : memory.short);
      }
      await at(micros);
      const { answers } = await backend.decide(groups.flat());
      for (let i = 0; i < answers.length; i += 5) {
        if (answers[i + 2] === 2) assert.ok(Math.abs(answers[i + 3]! - expected[i + 3]!) < 1_000);
        assert.equal(answers.slice(i, i + 3), expected.slice(i, i + 3));
        if (answers[i + 2] === 1) assert.equal(answers.slice(i + 3, i + 5), expected.slice(i + 3, i + 5));
      }
      for (const client of [0, 1, 2]) {
        const known = backend.known(client), { quota } = memory.clients[client]!;
        if (known === undefined || !counted.has(client) || quota === null || now >= quota.end) continue;
        assert.is(known.remaining, quota.remaining);
        assert.is(known.ends, quota.end);
      }
    }
  }), { numRuns: 150 });
});

test('RateLimit fields are those of the memory', async () => {
  if (server === undefined) return;
  await store.client.flushall();
  const declaration: LimitsDeclaration = { operations: 1, stages: { prod: { every: [2, 9], operations: {} } }, plans: [{ throttle: [1, 5], quota: [100, 'DAY', 0], operations: { prod: { 0: [1, 3] } } }], clients: [{ prod: 0 }], names: NAMES };
  const memory = createLimits(declaration, 'prod', 0, NOON);
  const { backend } = await clocked(createLimits(declaration, 'prod', 0, NOON), NAMES, 'prod', rateLimitFields);
  // Redis has its own time from here on: the fields hold what is left, which is the same within the second.
  store.client.defineCommand('gwcDecideLimits', { lua: DECIDE_LIMITS });
  const { fields } = await backend.decide([0, 0, 0, 0, 0, 0]);
  const now = Date.now();
  decide(memory, 0, 0, 0, now);
  assert.equal(fields[0]!.slice(0, 2), rateLimitFields(memory, 0, 0, now).slice(0, 2));
  assert.match(fields[0]![3]!, /^"client-operation";r=2;t=1, "client";r=4;t=1, "quota";r=99;t=\d+, "operation";r=8;t=1$/);
  assert.match(fields[1]![3]!, /^"client-operation";r=1;t=2, "client";r=3;t=2, "quota";r=98;t=\d+, "operation";r=7;t=1$/);
});

test('ends of days, weeks and months, over five centuries', async () => {
  if (server === undefined) return;
  const script = `${PERIOD_END} local ends = {} for i = 2, #ARGV do ends[i - 1] = periodEnd(ARGV[1], tonumber(ARGV[i])) end return ends`;
  const times = Array.from({ length: 4_000 }, (_, i) => Math.floor(Date.UTC(1970, 0, 1) / 1000) + i * 3_945_678 + (i % 3 === 0 ? 0 : 86_399));
  for (const year of [1999, 2000, 2024, 2026, 2100, 2400]) for (const [month, day] of [[0, 1], [0, 31], [1, 28], [1, 29], [2, 1], [11, 31]] as const) times.push(Date.UTC(year, month, day) / 1000, Date.UTC(year, month, day, 23, 59, 59) / 1000);
  for (const period of ['DAY', 'WEEK', 'MONTH'] as const) assert.equal(await store.client.eval(script, 0, period, ...times), times.map((time) => periodEnd(period, time * 1000) / 1000), period);
});

test('a Redis that has lost everything goes on from what the gateway knows, and counts what it let in meanwhile', async () => {
  if (server === undefined) return;
  await store.client.flushall();
  const declaration: LimitsDeclaration = { operations: 1, stages: {}, plans: [{ throttle: null, quota: [10, 'MONTH', 1], operations: {} }], clients: [{ prod: 0 }], names: NAMES };
  const { backend, at } = await clocked(createLimits(declaration, 'prod', 0, NOON));
  await at(0);
  assert.equal((await backend.decide([0, 0, 4])).answers, [4, 4, 0, 0, -1]);
  await store.client.flushall();
  await at(1_000_000);
  backend.owe(0, 2);
  assert.equal((await backend.decide([0, 0, 5])).answers.slice(0, 3), [5, 3, 2], '10 less 1 offset, 4 before, 2 owed');
  assert.equal(await store.usage('p0', '2026-11-21', '2026-11-21'), [{ client: 'k0', day: '2026-11-21', used: 9, remaining: 0 }]);
  // Another gateway, which knows nothing, is bound by it.
  const other = await clocked(createLimits(declaration, 'prod', 0, NOON));
  assert.equal((await other.backend.decide([0, 0, 1])).answers.slice(0, 3), [1, 0, 2]);
  await store.setRemaining('p0', 'k0', [10, 'MONTH', 1], 7);
  await at(2_000_000);
});

test('nothing is kept for ever: buckets until they are full, clients for 400 days; days older than that go', async () => {
  if (server === undefined) return;
  await store.client.flushall();
  const declaration: LimitsDeclaration = { operations: 1, stages: { prod: { every: [10, 5], operations: {} } }, plans: [{ throttle: [0, 3], quota: null, operations: {} }], clients: [{ prod: 0 }], names: NAMES };
  const { backend, at } = await clocked(createLimits(declaration, 'prod', 0, NOON));
  await at(0);
  await backend.decide([0, 0, 1, 0, -1, 2]);
  await at(500 * 86_400_000_000);
  await backend.decide([0, 0, 1]);
  const ttls: Record<string, number> = {};
  for (const key of (await store.client.keys('*')).filter((each) => !each.endsWith('clock'))) ttls[key.split(':')[1]! + (key.includes(':0/') ? ' never refilled' : '')] = await store.client.pttl(key);
  const year = 400 * 86_400_000;
  assert.equal(Object.keys(ttls).sort(), ['bucket', 'bucket never refilled', 'client', 'clients']);
  assert.ok(ttls['bucket']! > 0 && ttls['bucket']! <= 1_300, String(ttls['bucket']));
  for (const each of ['client', 'clients', 'bucket never refilled']) assert.ok(ttls[each]! > year - 10_000 && ttls[each]! <= year, each);
  assert.equal(Object.keys(await store.client.hgetall('{gwc}:client:p0:k0')), [String(NOON / 86_400_000 + 500 - 0.5)]);
});

test.run();
