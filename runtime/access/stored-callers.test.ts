/** Callers of a store: one question however many ask, nobody kept too long, made-up keys apart from real ones, and a store that is away. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallerRecord } from './caller-record.js';
import { readCallerRecord } from './caller-record.js';
import type { Caller } from './iam-callers.js';
import { StoredCallers, type Found } from './stored-callers.js';

const test = suite('callers of a store');
const record: CallerRecord = { name: 'ann', secretAccessKey: 'hunter2', sessionToken: '', arn: '', policy: null, userId: '', organization: '', tags: null, expires: null, enabled: true, created: 1 };
const KEY = 'AKIAANN000000000';
const key = (n: number): string => `AKIA${String(n).padStart(12, '0')}`;

function open(answer: (id: string) => unknown) {
  const asked: string[] = [], lines: string[] = [];
  const callers = new StoredCallers(async (id) => { asked.push(id); return answer(id); }, (accessKeyId, { secretAccessKey }) => ({ accessKeyId, secretAccessKey }) as Caller, (line) => lines.push(line));
  const look = (id: string): Promise<Found> => new Promise((resolve) => callers.look(id, resolve));
  const who = (id: string): Promise<Caller | undefined> => new Promise((resolve) => callers.look(id, (_, caller) => resolve(caller)));
  return { callers, asked, lines, look, who };
}

test('a thousand requests at once ask once; later ones are told at once', async () => {
  const { callers, asked, look, who } = open(() => record);
  assert.equal([...new Set(await Promise.all(Array.from({ length: 1_000 }, () => look(KEY))))], ['known']);
  assert.is((await who(KEY))?.secretAccessKey, 'hunter2');
  let atOnce = false;
  callers.look(KEY, () => { atOnce = true; });
  assert.ok(atOnce);
  assert.equal(asked, [KEY]);
});

test('nobody is remembered too: a made-up key asks once, and a hundred thousand of them push no real one out', async () => {
  const { asked, look, who } = open((id) => (id === KEY ? record : undefined));
  await look(KEY);
  for (let n = 0; n < 100_000; n += 500) await Promise.all(Array.from({ length: 500 }, (_, i) => look(key(n + i))));
  assert.is(asked.length, 100_001);
  await look(key(99_999));
  assert.is(asked.length, 100_001);
  assert.ok(await who(KEY));
  assert.is(await who(key(99_999)), undefined);
  // What is no access key is nowhere, and is not asked for.
  for (const odd of ['short', `${KEY}:x`, 'A'.repeat(129), `${KEY}\r\nDEL x`]) assert.is(await look(odd), 'known');
  assert.is(asked.length, 100_001);
});

test('a caller too heavy to be kept is known to whoever asked', async () => {
  const { asked, who } = open(() => ({ ...record, organization: 'o'.repeat(2_000_000) }));
  for (const times of [1, 2]) {
    assert.is((await who(KEY))?.secretAccessKey, 'hunter2');
    assert.is(asked.length, times);
  }
});

test('more keys at a time than the store is to be asked for are told to come again', async () => {
  const { callers } = open(() => new Promise(() => {}));
  const found: Found[] = [];
  for (let n = 0; n < 1_005; n++) callers.look(key(n), (each) => found.push(each));
  assert.equal(found, Array(5).fill('busy'));
});

test('what changed is asked for again, also when the change comes while the answer is on its way', async () => {
  let current: unknown = record, arrived: (() => void) | undefined;
  const { callers, asked, look, who } = open(async () => { const then = current; await new Promise<void>((resolve) => { arrived = resolve; }); return then; });
  const first = look(KEY);
  current = { ...record, enabled: false };
  callers.forget();
  arrived!();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is(asked.length, 2);
  arrived!();
  assert.is(await first, 'known');
  assert.is(await who(KEY), undefined, 'disabled');
});

test('a store that is away is no stranger: nothing is remembered, one line in ten seconds says so', async () => {
  let away = true;
  const { asked, lines, look, who } = open(() => { if (away) throw new Error('gone'); return record; });
  assert.equal([await look(KEY), await look(KEY)], ['away', 'away']);
  assert.equal(lines, ['IAM callers cannot be asked for: gone']);
  away = false;
  assert.is(await look(KEY), 'known');
  assert.ok(await who(KEY));
  assert.is(asked.length, 3);
});

test('records that are none open nothing, and what is wrong with them shows no secret', async () => {
  for (const wrong of [null, 'x', {}, { ...record, secretAccessKey: '' }, { ...record, secretAccessKey: 5 }, { ...record, arn: 'me' }, { ...record, policy: { Statement: 'x' } }, { ...record, policy: 'hunter2' }, { ...record, tags: { a: 1 } }, { ...record, expires: 'soon' }, { ...record, enabled: 'yes' }]) {
    const { lines, look, who } = open(() => wrong);
    await look(KEY);
    assert.is(await who(KEY), undefined, JSON.stringify(wrong));
    assert.is(lines.length, 1);
    assert.not.match(lines[0]!, /hunter2/);
    assert.type(readCallerRecord(wrong), 'string');
  }
});

test.run();
