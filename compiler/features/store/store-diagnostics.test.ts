/** What is said about x-gwc.store and about what limits do while a store is away; no message shows a password. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../../index.js';

const test = suite('diagnostics of stores');
const folder = mkdtempSync(join(tmpdir(), 'gwc-store-spec-'));
test.after(() => rmSync(folder, { recursive: true }));

async function reported(gwc: string, stores?: readonly string[]): Promise<{ codes: string[]; text: string; store: unknown }> {
  const path = join(folder, 'spec.yaml');
  writeFileSync(path, `openapi: 3.0.1\ninfo: {title: t, version: '1'}\nx-gwc-flavour: rest\nx-gwc: ${gwc}\npaths: {}\n`);
  const { diagnostics, api } = await analyse(path, stores ? { stores } : {});
  return { codes: diagnostics.map(({ code }) => code).filter((code) => code.startsWith('GWC284')), text: JSON.stringify(diagnostics), store: api?.parts.store };
}

test('kinds and addresses, one or several; the first is used unless another is given', async () => {
  assert.equal((await reported('{store: redis}')).store, { kinds: ['redis'], first: 'redis' });
  assert.equal((await reported("{store: ['sqlite:x.db', redis, 'redis-cluster://a,b']}")).store, { kinds: ['redis', 'sqlite'], first: 'sqlite:x.db' });
  assert.equal((await reported('{store: [memory, redis]}')).store, { kinds: ['redis'], first: 'memory' });
  assert.equal((await reported('{store: memory}')).store, undefined);
  assert.equal((await reported('{}', ['sqlite'])).store, { kinds: ['sqlite'], first: 'memory' });
  assert.equal((await reported('{store: [memory, "rediss://host/3?prefix=shop"]}')).codes, []);
});

test('what is no store is an error', async () => {
  for (const wrong of ['postgres', '[]', '[memory, "redis://a b"]', '"sqlite:"', '[12]']) assert.equal((await reported(`{store: ${wrong}}`)).codes, ['GWC2841'], wrong);
});

test('a password has no place in a document, and is not shown', async () => {
  for (const secret of ['redis://me:hunter2@host', 'redis-sentinel://h/m?sentinelPassword=hunter2', 'redis://me:hunter2@host/x', 'redis://:hunter2@a,b']) {
    const { codes, text } = await reported(`\n  store:\n    - memory\n    - '${secret}'`);
    assert.is(codes.length, 1, secret);
    assert.not.match(text, /hunter2/, secret);
  }
});

test('fail says something where there is a store', async () => {
  const plan = (fail: string, store: string): string => `{${store} stages: {prod: {methodSettings: {'*/*': {throttlingRateLimit: 1, throttlingBurstLimit: 1}}, throttlingFail: ${fail}}}, usagePlans: {p: {apiStages: [{stage: prod}], quota: {limit: 1, period: DAY}, fail: ${fail}}}}`;
  assert.equal((await reported(plan('open', 'store: redis,'))).codes, []);
  assert.equal((await reported(plan('open', ''))).codes, ['GWC2843', 'GWC2843']);
});

test.run();
