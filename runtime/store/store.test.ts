/** What every store promises, on a SQLite file (with this Node's engine) and on a real Redis; addresses; two processes on one file; a process that is killed. */
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CannotStart } from '../cannot-start.js';
import { openStore } from './open-store.js';
import { parseStoreAddress } from './store-address.js';
import { dayOf, dayText, type Store } from './store.js';
import { hasRedis, startRedis, type RedisServer } from './testing/redis-server.js';

const test = suite('stores');
const folder = mkdtempSync(join(tmpdir(), 'gwc-store-'));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const silent = (): void => {};
let redis: RedisServer | undefined;
test.before(async () => { if (hasRedis()) redis = await startRedis(); });
test.after(async () => { await redis?.stop(); rmSync(folder, { recursive: true }); });

const opened = async (address: string): Promise<Store> => {
  const store = openStore(address, silent);
  await store.ready();
  return store;
};

/** The same for each kind: two stores on one place, as two processes have them. */
function promises(kind: string, address: () => string | undefined): void {
  const both = async (work: (one: Store, other: Store) => Promise<void>): Promise<void> => {
    const at = address();
    if (at === undefined) return;
    const one = await opened(at), other = await opened(at);
    try { await work(one, other); } finally { await one.close(); await other.close(); }
  };

  test(`${kind}: records are seen by everybody, change only in the version that was expected, and go`, () => both(async (one, other) => {
    assert.is(await one.get('keys', 'a'), undefined);
    const first = await one.put('keys', 'a', { name: 'Ä "quoted"', list: [1, null] });
    assert.equal(await other.get('keys', 'a'), { id: 'a', value: { name: 'Ä "quoted"', list: [1, null] }, version: first });
    assert.is(await other.put('keys', 'a', 1, 0), undefined, 'there is one already');
    const second = await other.put('keys', 'a', 2, first);
    assert.ok(second! > first!);
    assert.is(await one.put('keys', 'a', 3, first), undefined, 'somebody was faster');
    await one.put('keys', 'B', 'b', 0);
    await one.put('plans', 'a', 'other kind');
    assert.equal((await other.list('keys')).map(({ id, value }) => [id, value]), [['B', 'b'], ['a', 2]]);
    assert.is(await one.remove('keys', 'a', first), false);
    assert.is(await one.remove('keys', 'a', second), true);
    assert.is(await one.remove('keys', 'a'), false);
    assert.is(await other.get('keys', 'a'), undefined);
    assert.ok((await one.put('keys', 'a', 4))! > second!, 'a version is never used again');
  }));

  test(`${kind}: changes are told to those who watch, in this process and in others`, () => both(async (one, other) => {
    await one.put('keys', 'old', 1);
    const told: string[] = [];
    const stop = other.watch((changed) => told.push(`other ${changed}`));
    one.watch((changed) => told.push(`one ${changed}`));
    await pause(400);
    told.length = 0;
    await one.put('keys', 'x', 1);
    for (let i = 0; i < 100 && new Set(told).size < 2; i++) await pause(20);
    assert.equal([...new Set(told)].sort(), ['one keys', 'other keys']);
    told.length = 0;
    await one.remove('keys', 'x');
    for (let i = 0; i < 100 && new Set(told).size < 2; i++) await pause(20);
    assert.equal([...new Set(told)].sort(), ['one keys', 'other keys']);
    stop();
    told.length = 0;
    await one.put('plans', 'x', 1);
    await pause(600);
    assert.equal([...new Set(told)], ['one plans']);
  }));

  test(`${kind}: what a key may still use can be granted anew, and shows in the usage of today`, () => both(async (one, other) => {
    const quota = [100, 'MONTH', 10] as const;
    assert.is(await one.remaining('plan', 'key', quota), 90, 'the offset comes off the first period');
    await one.setRemaining('plan', 'key', quota, 500);
    assert.is(await other.remaining('plan', 'key', quota), 500);
    const today = dayText(dayOf(Date.now()));
    assert.equal(await other.usage('plan', '2020-01-01', today), [{ client: 'key', day: today, used: 0, remaining: 500 }]);
    assert.equal(await other.usage('plan', '2020-01-01', '2020-12-31'), []);
    assert.equal(await other.usage('plan', '2020-01-01', today, 'nobody'), []);
  }));
}

promises('SQLite', () => `sqlite:${join(folder, 'shared.db')}`);
promises('Redis', () => redis && `redis://127.0.0.1:${redis.port}/3?prefix=test`);

test('SQLite: a process that is killed in the middle loses nothing that was acknowledged, and hands the file on', async () => {
  const path = join(folder, 'killed.db');
  const program = join(folder, 'writer.mjs');
  writeFileSync(program, `import { openStore } from ${JSON.stringify(fileURLToPath(new URL('open-store.js', import.meta.url)))};
    const store = openStore('sqlite:' + ${JSON.stringify(path)}, () => {});
    for (let n = Number(process.argv[2]); ; n++) { await store.put('n', String(n), n); process.send(n); }`);
  let next = 0;
  for (let round = 0; round < 3; round++) {
    const child = fork(program, [String(next)]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.on('message', (n) => { next = Number(n) + 1; });
    const from = next;
    for (let i = 0; i < 300 && next < from + 40; i++) await pause(10);
    child.kill('SIGKILL');
    await ended;
    assert.ok(next >= from + 40, `${next - from} writes`);
    const store = await opened(`sqlite:${path}`);
    const stored = (await store.list('n')).length;
    // What it wrote last it may not have said any more.
    assert.ok(stored >= next, `${stored} records, ${next} acknowledged`);
    next = stored;
    await store.close();
  }
  assert.equal(readdirSync(folder).filter((name) => /killed.*(?:owner|wanted|lock)/.test(name)), []);
});

test('SQLite: three processes on one file, none waits for ever and no change is lost', async () => {
  const path = join(folder, 'three.db');
  const program = join(folder, 'counter.mjs');
  writeFileSync(program, `import { openStore } from ${JSON.stringify(fileURLToPath(new URL('open-store.js', import.meta.url)))};
    const store = openStore('sqlite:' + ${JSON.stringify(path)}, () => {});
    for (let done = 0; done < 20;) {
      const record = await store.get('n', 'n');
      if (await store.put('n', 'n', (record?.value ?? 0) + 1, record?.version ?? 0) !== undefined) done++;
    }
    await store.close();`);
  const codes = await Promise.all([1, 2, 3].map(() => new Promise((resolve) => fork(program).once('exit', resolve))));
  assert.equal(codes, [0, 0, 0]);
  const store = await opened(`sqlite:${path}`);
  assert.is((await store.get('n', 'n'))!.value, 60);
  await store.close();
});

test('SQLite: a new file is for its owner alone', async () => {
  const path = join(folder, 'owned.db');
  const store = await opened(`sqlite:${path}`);
  await store.put('k', 'i', 1);
  for (const file of readdirSync(folder).filter((name) => /^owned\.db(?:-wal)?$/.test(name))) assert.is(statSync(join(folder, file)).mode & 0o077, 0, file);
  await store.close();
});

test('SQLite: a file that cannot be used is refused with its name', async () => {
  const text = join(folder, 'text.db');
  writeFileSync(text, 'this is no database, whatever its name says'.repeat(100));
  for (const path of [text, folder, join(folder, 'none', 'x.db')]) {
    const store = openStore(`sqlite:${path}`, silent);
    try { await store.ready(); assert.unreachable(path); } catch (error) { assert.instance(error, CannotStart); assert.ok((error as Error).message.includes(path)); }
    await store.close();
  }
});

test('addresses: every form, and no message shows a secret', () => {
  const { kind, form, nodes, tls, username, password, database, master, prefix, shown } = parseStoreAddress('rediss-sentinel://me:p%40ss@a:1,[::1],c.d/main/2?prefix=shop') as Extract<ReturnType<typeof parseStoreAddress>, { kind: 'redis' }>;
  assert.equal({ kind, form, nodes, tls, username, password, database, master, prefix, shown }, {
    kind: 'redis', form: 'sentinel', nodes: [{ host: 'a', port: 1 }, { host: '::1', port: 26379 }, { host: 'c.d', port: 26379 }], tls: { ca: '', cert: '', key: '', servername: '' },
    username: 'me', password: 'p@ss', database: 2, master: 'main', prefix: 'shop', shown: 'rediss-sentinel://a:1,[::1],c.d/main/2',
  });
  assert.is(parseStoreAddress('sqlite:///var/x.db').kind === 'sqlite' && (parseStoreAddress('sqlite:///var/x.db') as { path: string }).path, '/var/x.db');
  assert.is((parseStoreAddress('redis://:secret@h') as { password: string }).password, 'secret');
  assert.is((parseStoreAddress('redis://h') as { username?: string }).username, undefined);
  for (const wrong of ['postgres://me:secret@h/db', 'redis://me:secret@h:x', 'redis://me:sec/ret@h', 'redis://me:secret@a,b', 'redis://me:secret@h/x', 'redis-cluster://me:secret@h/1', 'redis-sentinel://me:secret@h', 'sqlite:', 'redis://me:%zzsecret@h', 'redis://h?password=secret', 'redis://:secret@h?ca=x', 'rediss://:secret@h?cert=x', 'redis://h?prefix={secret}', '', 'secret']) {
    try { parseStoreAddress(wrong); assert.unreachable(wrong); } catch (error) { assert.instance(error, CannotStart, wrong); assert.not.match((error as Error).message, /secret|sec\/|%zz/, wrong); }
  }
});

test('Redis: a wrong password cannot start, and is not shown; a server that is away delays the start only', async () => {
  if (redis === undefined) return;
  const guarded = await startRedis(['--requirepass', 'right']);
  try {
    for (const address of [`redis://:wrong-one@127.0.0.1:${guarded.port}`, `redis://127.0.0.1:${guarded.port}`, `redis://:right@127.0.0.1:${guarded.port}/9999`]) {
      const store = openStore(address, silent);
      try { await store.ready(); assert.unreachable(address); } catch (error) { assert.instance(error, CannotStart, String(error)); assert.not.match((error as Error).message, /wrong-one|:right/); }
      await store.close();
    }
    const store = await opened(`redis://:right@127.0.0.1:${guarded.port}`);
    await store.put('k', 'i', 1);
    const lines: string[] = [];
    await guarded.kill('SIGKILL');
    const away = openStore(`redis://:right@127.0.0.1:${guarded.port}`, (line) => lines.push(line));
    const started = performance.now();
    await away.ready();
    assert.ok(performance.now() - started < 2_500);
    try { await away.get('k', 'i'); assert.unreachable(); } catch (error) { assert.not.match(String(error), /right/); }
    assert.is(lines.length, 1, lines.join('\n'));
    await away.close();
    await store.close();
  } finally {
    await guarded.stop();
  }
});

test.run();
