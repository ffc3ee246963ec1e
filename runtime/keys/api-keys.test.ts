import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApiKeys, presentsKey, presentsKeyText, type ApiKeyDeclaration } from './api-keys.js';
import { CannotStart } from '../cannot-start.js';
import { contextApiKey, contextApiKeyId } from '../context.js';
import type { Exchange } from '../exchange.js';
import { testState } from '../http1/testing/state.js';

const test = suite('API keys');
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
const key = (name: string, value: string, stages: readonly string[] | null = ['test'], client = 0): ApiKeyDeclaration => ({ name, id: `id-${name}`, value, stages, client });

function gateway(declarations: readonly ApiKeyDeclaration[], environment: Record<string, string> = {}) {
  const state = testState();
  openApiKeys(state, declarations, environment);
  const exchange = (): Exchange => ({ gateway: state, apiKey: null }) as unknown as Exchange;
  return { state, exchange, admits: (value: string | undefined) => presentsKey(exchange(), value) };
}

test('finds keys by digest and from the environment, and nothing else', () => {
  const { admits } = gateway([key('a', sha256('alpha-key')), key('b', 'env:B_KEY')], { B_KEY: 'bravo-key' });
  for (const [value, expected] of [['alpha-key', true], ['bravo-key', true], ['alpha-kez', false], ['alpha-key ', false], ['ALPHA-KEY', false], ['', false], [undefined, false], [sha256('alpha-key'), false], ['env:B_KEY', false], ['B_KEY', false], ['__proto__', false]] as const) {
    assert.is(admits(value), expected, String(value));
    assert.is(admits(value), expected, `${String(value)} the second time`);
  }
});

test('the same bytes are the same key, wherever they came in', () => {
  const { exchange } = gateway([key('a', 'env:KEY')], { KEY: 'schlüssel-€' });
  const received = Buffer.from('schlüssel-€', 'utf8').toString('latin1');
  assert.ok(presentsKey(exchange(), received));
  assert.ok(presentsKeyText(exchange(), 'schlüssel-€'));
  assert.not.ok(presentsKey(exchange(), 'schlüssel-€'.replace('€', '?')));
  assert.not.ok(presentsKeyText(exchange(), received));
});

test('a key counts only on the stages it covers; null is every stage', () => {
  assert.ok(gateway([key('a', sha256('k'), null)]).admits('k'));
  assert.not.ok(gateway([key('a', sha256('k'), ['prod'])]).admits('k'));
  assert.not.ok(gateway([key('a', sha256('k'), [])]).admits('k'));
});

test('a missing variable stops the start and is named, a value never', () => {
  try {
    gateway([key('partner a', 'env:PARTNER_A_KEY'), key('b', 'env:B_KEY'), key('c', 'env:C_KEY'), key('elsewhere', 'env:OTHER', ['prod'])], { C_KEY: 'secret-c', B_KEY: '' });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, CannotStart);
    assert.is((error as Error).message, 'environment variables not set: PARTNER_A_KEY (API key "partner a"), B_KEY (API key "b")');
  }
  try {
    gateway([key('a', 'env:A'), key('b', 'env:B')], { A: 'same-secret', B: 'same-secret' });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, CannotStart);
    assert.is((error as Error).message, 'API keys "a" and "b" have the same value: give each client a key of its own');
  }
});

test('what is remembered is bounded by the declared keys, whatever clients send', () => {
  const { state, admits } = gateway([key('a', sha256('one')), key('b', sha256('two'), ['test'], 1)]);
  for (let i = 0; i < 10_000; i++) admits(`guess-${i}`);
  for (let i = 0; i < 10; i++) { admits('one'); admits('two'); }
  assert.is(state.apiKeys!.byValue.size, 2);
  assert.is(state.apiKeys!.byDigest.size, 2);
});

test('the state holds digests, no keys of the environment', () => {
  const { state } = gateway([key('a', 'env:A')], { A: 'top-secret-key' });
  assert.not.match(JSON.stringify([...state.apiKeys!.byDigest.entries()]), /top-secret/);
});

test('$context.identity.apiKey and apiKeyId', () => {
  const { exchange } = gateway([key('a', sha256('one'))]);
  const one = exchange();
  assert.equal([contextApiKey(one), contextApiKeyId(one)], ['', '']);
  presentsKey(one, 'wrong');
  assert.equal([contextApiKey(one), contextApiKeyId(one)], ['', '']);
  presentsKey(one, 'one');
  assert.equal([contextApiKey(one), contextApiKeyId(one)], ['one', 'id-a']);
});

test.run();
