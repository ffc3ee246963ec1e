/** Results of Lambda authorizers: kept per identity, never another caller's, for a limited time in limited memory. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { authorizeByLambda, identityOf, identityOfOne, LambdaAuthorizer, type Decision } from './authorize-lambda.js';
import { authorizerOf } from './authorizer-result.js';
import type { Exchange } from '../exchange.js';
import { testState } from '../http1/testing/state.js';
import type { Invoke, LambdaResult } from '../lambda/proxy.js';
import type { Refusal } from './refusal.js';
import { ResultCache } from './result-cache.js';

const test = suite('results of Lambda authorizers');

const state = testState();
const read = (answer: unknown): Decision | string => (typeof answer === 'object' && answer !== null && 'who' in answer ? { result: { values: { who: (answer as { who: string }).who }, event: {}, usageIdentifierKey: undefined }, admits: () => null } : 'bad');
function setup(ttl = 1_000, gateway = state) {
  const authorizer = new LambdaAuthorizer('a', ttl, 1_000, read);
  let calls = 0;
  const ask = (identity: string | null, result?: LambdaResult): string => {
    const invoke: Invoke = (_exchange, event, _timeoutMs, done) => { calls++; done(result ?? { kind: 'returned', text: JSON.stringify({ who: (event as { identity: string }).identity }), requestId: '' }); };
    const exchange = { gateway, context: null, requestId: 'r' } as unknown as Exchange;
    let outcome = 'nothing';
    authorizeByLambda(exchange, authorizer, invoke, identity, () => ({ identity }), (each) => { outcome = String(authorizerOf(each)!.values['who']); }, (_each, refusal: Refusal) => { outcome = refusal.kind; });
    return outcome;
  };
  return { authorizer, ask, calls: () => calls };
}

test('asked once for each identity; each gets its own result', () => {
  const { ask, calls } = setup();
  for (let round = 0; round < 3; round++) for (const who of ['ann', 'bob', 'x'.repeat(500)]) assert.is(ask(who), who);
  assert.is(calls(), 3);
});

test('identities that end alike are told apart', () => {
  const { ask, calls } = setup();
  const alike = Array.from({ length: 6 }, (_, i) => `${i}${'z'.repeat(100)}`);
  for (let round = 0; round < 3; round++) for (const who of alike) assert.is(ask(who), who);
  assert.is(calls(), 6);
  const many = Array.from({ length: 1_000 }, (_, i) => `${i}${'y'.repeat(100)}`);
  for (let round = 0; round < 2; round++) for (const who of many) assert.is(ask(who), who, 'right, though no longer kept');
});

test('identities that end alike stay kept however often one of them is asked about anew', () => {
  const { authorizer, ask, calls } = setup();
  const alike = Array.from({ length: 5 }, (_, i) => `${i}${'w'.repeat(100)}`);
  for (let round = 0; round < 200; round++) {
    for (const who of alike) ask(who);
    const list = authorizer.cacheFor(state).get('w'.repeat(32), performance.now())!;
    assert.ok(list.weight < 10_000, String(list.weight));
    ask(`${round}${'w'.repeat(100)}`);
  }
  assert.ok(calls() >= 200);
});

test('an identity that is the end of another one is another', () => {
  const { ask } = setup();
  const long = `${'a'.repeat(50)}${'b'.repeat(32)}`;
  assert.is(ask(long), long);
  assert.is(ask('b'.repeat(32)), 'b'.repeat(32));
});

test('neither failures nor refusals of the function are kept', () => {
  const { ask, calls } = setup();
  assert.is(ask('ann', { kind: 'functionError', message: 'Unauthorized', payload: '', requestId: '' }), 'unauthorized');
  assert.is(ask('ann', { kind: 'functionError', message: 'Unauthorized: x', payload: '', requestId: '' }), 'configuration');
  assert.is(ask('ann', { kind: 'timeout', detail: '' }), 'configuration');
  assert.is(ask('ann', { kind: 'refused', status: 403, requestId: '', detail: '' }), 'configuration');
  assert.is(ask('ann', { kind: 'returned', text: '{', requestId: '' }), 'configuration');
  assert.is(ask('ann', { kind: 'returned', text: '5', requestId: '' }), 'configuration');
  assert.is(ask('ann'), 'ann');
  assert.is(calls(), 7);
  assert.is(ask(null), 'unauthorized');
  assert.is(calls(), 7, 'without an identity the function is not asked');
});

test('nothing is kept with a time of 0; each gateway keeps its own', () => {
  const none = setup(0);
  none.ask('ann'); none.ask('ann');
  assert.is(none.calls(), 2);
  const one = setup();
  one.ask('ann');
  const other = testState();
  assert.is(one.authorizer.cacheFor(other).size, 0);
  assert.is(one.authorizer.cacheFor(state).size, 1);
});

test('several values are one identity, without any two alike', () => {
  const lists = [['a', 'bc'], ['ab', 'c'], ['1:a', 'b'], ['1', ':ab'], ['a'], ['a', 'b', 'c'], ['2:a', 'b'], ['a', '2:b'], ['ab', 'ab'], ['aba', 'b'], ['ab', 'abab'], ['abab', 'ab']];
  assert.is(new Set(lists.map(identityOf)).size, lists.length);
  assert.is(identityOf(['a', undefined]), null);
  assert.is(identityOf(['a', '']), null);
  assert.is(identityOfOne(''), null);
});

test('memory is bounded by weight also for what is used again and again', () => {
  const cache = new ResultCache<{ expires: number; weight: number }>(1_000, 1_000);
  for (let i = 0; i < 500; i++) { cache.set(`k${i}`, { expires: 100, weight: 90 }); for (let j = 0; j <= i; j++) cache.get(`k${j}`, 0); }
  assert.ok(cache.size <= 22, String(cache.size));
});

test('results end, and memory is bounded by number and by size', () => {
  const cache = new ResultCache<{ expires: number; weight: number; id: string }>(10, 1_000);
  cache.set('a', { expires: 5, weight: 1, id: 'a' });
  assert.is(cache.get('a', 4)?.id, 'a');
  assert.is(cache.get('a', 5), undefined);
  assert.is(cache.size, 0);
  for (let i = 0; i < 1_000; i++) { cache.set(`k${i}`, { expires: 100, weight: 1, id: '' }); cache.get('k0', 0); }
  assert.ok(cache.size <= 20);
  assert.ok(cache.get('k0', 0), 'what is used stays');
  assert.is(cache.get('k500', 0), undefined);
  cache.set('huge', { expires: 100, weight: 101, id: '' });
  assert.is(cache.get('huge', 0), undefined, 'too heavy to keep');
});

test.run();
