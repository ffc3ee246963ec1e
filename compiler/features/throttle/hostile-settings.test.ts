/** Whatever `x-gwc` holds, reading it says what is wrong and never throws; what is left, the runtime can lay out. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLimits, decide } from '../../../runtime/limits/limits.js';
import type { Json } from '../../code.js';
import { Node } from '../../1-load/node.js';
import { Reporter } from '../../diagnostics/report.js';
import type { RawApi } from '../../feature.js';
import { inMemoryDocument } from '../../schema/testing/in-memory-document.js';
import { readApiKeys } from '../api-keys/read.js';
import { readLimits } from './read.js';

const test = suite('hostile x-gwc');

const name = fc.constantFrom('prod', 'test', 'gold', '__proto__', 'constructor', 'a', '', 'x y', '*/*', '/pets/GET', '//GET', 'GET /pets', '~1pets/GET', '$default');
const number = fc.oneof({ weight: 8, arbitrary: fc.constantFrom<Json>(0, 1, 10, 500, 2_000) }, { weight: 1, arbitrary: fc.constantFrom<Json>(0, -1, 1, 5, 0.5, 0.0001, 1e300, -3, '7', '1.5', 'x', 9_000_001, 2_147_483_648) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json> });
const loose = (shape: fc.Arbitrary<unknown>): fc.Arbitrary<Json> => fc.oneof({ weight: 40, arbitrary: shape as fc.Arbitrary<Json> }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json> });
const record = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> => loose(fc.record(shape, { requiredKeys: [] }));
const map = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Json> => loose(fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }));
const list = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Json> => loose(fc.array(value, { maxLength: 3 }));
const throttle = record({ rateLimit: number, burstLimit: number });
const settings = record({ throttlingRateLimit: number, throttlingBurstLimit: number, cachingEnabled: fc.boolean() });
const xGwc = record({
  rateLimitHeaders: fc.boolean(),
  stages: map(record({ methodSettings: map(settings), defaultRouteSettings: settings, routeSettings: map(settings) })),
  usagePlans: map(record({ apiStages: list(record({ stage: name, throttle: map(throttle), apiId: name })), throttle, quota: record({ limit: number, period: fc.constantFrom('DAY', 'week', 'YEAR', 3), offset: number }) })),
  apiKeys: map(record({ value: fc.constantFrom('env:A', 'env:', 'env:A B', 'sha256:', `sha256:${'A'.repeat(64)}`, 'literal', 3, null), usagePlans: list(name), enabled: fc.constantFrom(true, false, 'no') })),
});

test('reading never throws, and what is left can be laid out and asked', () => {
  let read = 0;
  fc.assert(fc.property(xGwc, fc.constantFrom<'rest' | 'http'>('rest', 'http'), (gwc, flavour) => {
    const reporter = new Reporter();
    const raw = { root: Node.root(inMemoryDocument({ openapi: '3.0.1', 'x-gwc': gwc })), flavour, options: {} } as unknown as RawApi;
    readApiKeys(raw, reporter);
    const limits = readLimits(raw, reporter);
    if (!limits) return;
    // What is wrong was left out, so even a document with errors can be laid out.
    read++;
    for (const stage of ['prod', '__proto__', '$default']) {
      const laidOut = createLimits({
        operations: 1, clients: limits.clients,
        stages: Object.fromEntries(Object.entries(limits.stages).map(([each, { every }]) => [each, { every, operations: {} }])),
        plans: limits.plans.map(({ throttle: own, quota }) => ({ throttle: own, quota: quota && [quota.limit, quota.period, quota.offset] as const, operations: {} })),
      }, stage, 0, 0);
      assert.ok([...laidOut.buckets].every((value) => Number.isSafeInteger(value) && value >= 0));
      for (let client = -1; client < limits.clients.length; client++) assert.ok([0, 1, 2].includes(decide(laidOut, 0, client, 1, 1)));
    }
  }), { numRuns: 3_000 });
  assert.ok(read > 1_000, `${read} documents had limits`);
});

test.run();
