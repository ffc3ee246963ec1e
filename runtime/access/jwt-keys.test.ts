import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommunicationError, discovered, KeySet, published, type LocateKeys } from './jwt-keys.js';

const test = suite('key sets');

interface Script { keys: object[]; fails: boolean; asked: number; now: number }
function setup(locate: LocateKeys = published('https://issuer/keys')): { script: Script; keys: KeySet } {
  const script: Script = { keys: [{ kid: 'a', kty: 'RSA', n: '1' }], fails: false, asked: 0, now: 0 };
  const fetch = async (): Promise<Record<string, unknown>> => {
    script.asked++;
    await new Promise((resolve) => { setImmediate(resolve); });
    if (script.fails) throw new Error('down');
    return { keys: script.keys };
  };
  return { script, keys: new KeySet(locate, fetch, () => script.now) };
}
const problem = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error instanceof CommunicationError ? error.message : `?${String(error)}`));

test('one fetch for all who wait', async () => {
  const { script, keys } = setup();
  const found = await Promise.all(Array.from({ length: 100 }, () => keys.find('a')));
  assert.ok(found.every((each) => each.length === 1));
  assert.is(script.asked, 1);
});

test('an unknown kid asks again, but not more often than every ten seconds', async () => {
  const { script, keys } = setup();
  await keys.find('a');
  for (let i = 0; i < 50; i++) assert.equal(await keys.find(`x${i}`), []);
  assert.is(script.asked, 1);
  script.now = 10_000;
  script.keys = [{ kid: 'b', kty: 'RSA', n: '2' }];
  await Promise.all([keys.find('b'), keys.find('c'), keys.find('d')]);
  assert.is(script.asked, 2);
  assert.ok(keys.has('b') && !keys.has('a'), 'a withdrawn key is gone');
});

test('after two hours the issuer is asked again; keys stay when it does not answer', async () => {
  const { script, keys } = setup();
  await keys.find('a');
  script.now = 7_200_001;
  script.fails = true;
  assert.is((await keys.find('a')).length, 1);
  assert.is(script.asked, 2);
  await keys.find('a');
  assert.is(script.asked, 2, 'not for every request');
  script.now += 2_000;
  await keys.find('a');
  assert.is(script.asked, 3);
});

test('an issuer that never answered', async () => {
  const { script, keys } = setup();
  script.fails = true;
  assert.is(await problem(keys.find('a')), 'JWKS communication error');
  assert.is(await problem(keys.find('a')), 'JWKS communication error');
  assert.is(script.asked, 1);
  script.now = 2_000;
  script.fails = false;
  assert.is((await keys.find('a')).length, 1);
});

test('what is no public signature key is none', async () => {
  const { script, keys } = setup();
  script.keys = [{ kid: 'secret', kty: 'oct', k: 'AA' }, { kid: 'private', kty: 'RSA', n: '1', d: '2' }, { kid: 'encryption', kty: 'RSA', use: 'enc' }, { kid: 5, kty: 'RSA' }, null as unknown as object, { kty: 'RSA' }];
  for (const kid of ['secret', 'private', 'encryption', '5']) assert.equal(await keys.find(kid), []);
});

test('discovery names the keys, of the same issuer and over https', async () => {
  const answers: Record<string, unknown> = { issuer: 'https://issuer/x/', jwks_uri: 'https://elsewhere/keys' };
  const urls: string[] = [];
  const fetch = async (url: string): Promise<Record<string, unknown>> => { urls.push(url); return answers; };
  assert.is(await discovered('https://issuer/x')(fetch), 'https://elsewhere/keys');
  assert.equal(urls, ['https://issuer/x/.well-known/openid-configuration']);
  const fails = async (change: object): Promise<void> => { Object.assign(answers, change); assert.is(await discovered('https://issuer/x')(fetch).then(() => 'found', () => 'none'), 'none', JSON.stringify(change)); };
  await fails({ jwks_uri: 'http://elsewhere/keys' });
  await fails({ jwks_uri: 5 });
  await fails({ jwks_uri: 'https://elsewhere/keys', issuer: 'https://issuer/y' });
  const { keys } = setup(discovered('https://issuer/x'));
  assert.is(await problem(keys.find('a')), 'OIDC discovery endpoint communication error');
});

test.run();
