/**
 * Limits of built gateways in Redis and in a SQLite file: exact over workers and over gateways, nothing lost or given twice when Redis, a worker or a gateway is
 * killed in the middle, and what happens while the store is away. `LIMIT_SECONDS` makes the runs longer and prints what they measured.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openStore } from '../../../runtime/store/open-store.js';
import { dayOf, dayText } from '../../../runtime/store/store.js';
import { hasRedis, startRedis, type RedisServer } from '../../../runtime/store/testing/redis-server.js';
import { keyId, planId } from '../../access/stored-ids.js';
import { compile } from '../../index.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';
import { steadyClient } from '../../testing/steady-client.js';

const test = suite('stores of built gateways');
const folder = mkdtempSync(join(tmpdir(), 'gwc-stores-'));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const SECONDS = Number(process.env['LIMIT_SECONDS'] ?? 4);
const report = (text: string): void => { if (process.env['LIMIT_SECONDS']) console.log(text); };

const MOCK = `{type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200'}}}`;
const RATE = 200, BURST = 50, QUOTA = 300;
const KEYS = { fast: 'fast-key', small: 'small-key', strict: 'strict-key', large: 'large-key', open: 'open-key', closed: 'closed-key', offset: 'offset-key' };
const ENVIRONMENT = Object.fromEntries(Object.entries(KEYS).map(([name, value]) => [name.toUpperCase(), value]));
const spec = (store: string): string => `openapi: 3.0.1
info: {title: Stores, version: '1'}
x-gwc-flavour: rest
x-gwc:
  ${store}
  stages: {prod: {}, limited: {methodSettings: {'/free/GET': {throttlingRateLimit: 1, throttlingBurstLimit: 3}}, throttlingFail: closed}}
  usagePlans:
    fast: {apiStages: [{stage: prod}], throttle: {rateLimit: ${RATE}, burstLimit: ${BURST}}}
    small: {apiStages: [{stage: prod}], quota: {limit: ${QUOTA}, period: MONTH}}
    strict: {apiStages: [{stage: prod}], quota: {limit: ${QUOTA}, period: MONTH}, fail: closed}
    large: {apiStages: [{stage: prod}], quota: {limit: 1000000, period: MONTH}}
    open: {apiStages: [{stage: prod}], quota: {limit: 5, period: MONTH}, fail: open}
    closed: {apiStages: [{stage: prod}], quota: {limit: 5, period: MONTH}, fail: closed}
    offset: {apiStages: [{stage: prod}], quota: {limit: 10, period: MONTH, offset: 4}, throttle: {rateLimit: 1000, burstLimit: 1000}}
  apiKeys: {${Object.keys(KEYS).map((name) => `${name}: {value: 'env:${name.toUpperCase()}', usagePlans: [${name}]}`).join(', ')}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
paths:
  /pets: {get: {security: [{key: []}], responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}
  /free: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}
`;

async function build(store: string, stores?: readonly string[]): Promise<{ code: string; modules: readonly string[] }> {
  const path = join(folder, 'spec.yaml');
  writeFileSync(path, spec(store));
  const { bundle, diagnostics } = await compile(path, { clients: [], ...(stores && { stores }) });
  assert.ok(bundle, JSON.stringify(diagnostics));
  return { code: bundle.code, modules: bundle.modules.map(({ module }) => module) };
}

let code = '';
let redis: RedisServer | undefined;
test.before(async () => {
  ({ code } = await build('store: [memory, redis, sqlite]'));
  if (hasRedis()) redis = await startRedis();
});
test.after(async () => {
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (store: string, ...args: string[]): Promise<RunningGateway> => runGateway(code, ['--stage', 'prod', ...args], { ...ENVIRONMENT, GWC_STORE: store });
const status = async (gateway: RunningGateway, key: keyof typeof KEYS): Promise<number> => (await rawRequest(gateway.port, 'GET', '/pets', [['x-api-key', KEYS[key]]], '')).status;
const statuses = async (gateways: readonly RunningGateway[], key: keyof typeof KEYS, count: number): Promise<{ ok: number; refused: number; other: number }> => {
  const all = await Promise.all(Array.from({ length: count }, (_, i) => status(gateways[i % gateways.length]!, key)));
  const ok = all.filter((each) => each === 200).length, refused = all.filter((each) => each === 429).length;
  return { ok, refused, other: count - ok - refused };
};
/** Asks until `count` requests were let in, or none is any more. A machine that is busy may keep Redis from answering in time: what is closed then refuses. */
const drain = async (gateways: readonly RunningGateway[], key: keyof typeof KEYS, count: number): Promise<number> => {
  let ok = 0;
  for (let round = 0; round < 12 && ok < count; round++) {
    if (round > 0) await pause(1_200);
    ok += (await statuses(gateways, key, count + 30)).ok;
  }
  return ok;
};
/** The quota, and never a call more. Less only where Redis was too late with an answer: it had counted a request that was refused meanwhile. */
function exactly(ok: number, quota: number, gateways: readonly RunningGateway[]): void {
  const told = gateways.map((gateway) => gateway.stderr()).join('');
  assert.ok(ok === quota || (ok < quota && told.includes('no answer within')), `${ok} let in, the quota is ${quota}\n${told}`);
}
const stopAll = (gateways: readonly RunningGateway[]): Promise<unknown> => Promise.all(gateways.map((gateway) => gateway.stop()));
const workersOf = (pid: number): number[] => execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
const today = dayText(dayOf(Date.now()));
const usage = async (address: string, key: keyof typeof KEYS): Promise<readonly [used: number, remaining: number | null]> => {
  const store = openStore(address, () => {});
  try {
    await store.ready();
    const days = await store.usage(planId('Stores', key), '2000-01-01', today, keyId(key));
    return [days.reduce((sum, { used }) => sum + used, 0), days.at(-1)?.remaining ?? null];
  } finally { await store.close(); }
};

interface Load { readonly admitted: number; readonly refused: number; readonly other: number; readonly seconds: number; readonly atMost: number }

/** `count` connections with `depth` requests each on the way for `SECONDS`, spread over the gateways. */
async function load(gateways: readonly RunningGateway[], key: keyof typeof KEYS, count: number, depth: number, during: () => Promise<void> = async () => {}): Promise<Load> {
  let admitted = 0, refused = 0, other = 0, first = 0, last = 0;
  const started = performance.now();
  const clients = Array.from({ length: count }, (_, i) => steadyClient(gateways[i % gateways.length]!.port, KEYS[key], depth, (each) => {
    first ||= performance.now();
    if (each === 200) { admitted++; last = performance.now(); } else if (each === 429) refused++; else other++;
  }));
  await Promise.all([pause(SECONDS * 1000), during()]);
  await Promise.all(clients.map(({ stop }) => stop()));
  return { admitted, refused, other, seconds: (last - first) / 1000, atMost: (last - started) / 1000 };
}

/** Within 1 % of rate × time + burst. Of the time it is only known that it began before the first answer, and after the first connection was asked for. */
function exact(what: string, { admitted, refused, seconds, atMost }: Load): void {
  const least = RATE * seconds + BURST, most = RATE * atMost + BURST;
  report(`${what}: let in ${admitted} of ${least.toFixed(1)} (${(admitted / least * 100).toFixed(2)} %) in ${seconds.toFixed(2)} s, refused ${refused}`);
  assert.ok(admitted <= most + 1, `${admitted} let in, ${most} allowed`);
  assert.ok(admitted >= least * 0.99 - 2, `${admitted} let in of ${least}`);
  assert.ok(refused >= admitted * 2, `${refused} refused`);
}

test('a bundle has the stores it asked for and no other', async () => {
  const names = (modules: readonly string[]): readonly boolean[] => [modules.some((each) => each.includes('ioredis')), modules.some((each) => each.includes('wasm-package')), modules.some((each) => /store\/(?:redis|sqlite|store-keeper)/.test(each))];
  assert.equal(names((await build('')).modules), [false, false, false]);
  assert.equal(names((await build('store: redis')).modules), [true, false, true]);
  assert.equal(names((await build('store: "sqlite:x.db"')).modules), [false, true, true]);
  assert.equal(names((await build('', ['redis', 'sqlite'])).modules), [true, true, true]);
});

test('a store that is not there or not built in: exit 1, what to write, no password', async () => {
  const refused = async (bundle: string, store: string, args: readonly string[] = []): Promise<string> => {
    try { await (await runGateway(bundle, args, { ...ENVIRONMENT, GWC_STORE: store })).stop(); } catch (error) { return (error as Error).message; }
    return 'it started';
  };
  const memory = (await build('')).code, onlyRedis = (await build('store: redis')).code;
  assert.match(await refused(memory, 'redis://:secret@h'), /ended with 1: built to keep limits in memory: build with --store redis,sqlite or x-gwc: \{store: \[memory, redis, sqlite\]\}/);
  assert.match(await refused(onlyRedis, 'sqlite:x.db'), /ended with 1: this gateway was built without the store "sqlite": .*store: \[memory, sqlite\]/);
  assert.match(await refused(onlyRedis, ''), /ended with 1: this gateway keeps its limits in Redis: say where with --store redis:\/\/host:6379 or GWC_STORE; --store memory/);
  for (const args of [[], ['--workers', '2']]) {
    assert.match(await refused(code, 'redis://user:secret@h:port', args), /ended with 1: --store \(GWC_STORE\) is memory, .*a host is a name/);
    assert.match(await refused(code, `sqlite:${folder}`, args), /ended with 1: the store sqlite:.* cannot be opened/);
  }
  for (const store of ['redis://:secret@h/x', 'redis://:secret@h:99999', 'redis://me:se/cret@h']) assert.not.match(await refused(code, store), /secret|se\/cret/);
});

for (const [name, workers] of [['two workers', [2]], ['three gateways', [1, 1, 1]]] as const) {
  test(`Redis: rate × time + burst over ${name}, several times the limit asked for`, async () => {
    if (!redis) return;
    const gateways = await Promise.all(workers.map((count) => start(`redis://127.0.0.1:${redis!.port}?prefix=rate-${workers.length}`, '--workers', String(count))));
    try {
      await pause(500);
      exact(`Redis, ${name}`, await load(gateways, 'fast', 6, 2));
    } finally { await stopAll(gateways); }
  });
}

test('SQLite: rate × time + burst over two workers', async () => {
  const gateway = await start(`sqlite:${join(folder, 'rate.db')}`, '--workers', '2');
  try {
    await pause(500);
    exact('SQLite, two workers', await load([gateway], 'fast', 6, 2));
  } finally { await gateway.stop(); }
});

test('Redis: a quota is exact over workers and gateways, whatever is killed meanwhile; usage says so', async () => {
  if (!redis) return;
  const address = `redis://127.0.0.1:${redis.port}?prefix=quota`;
  const gateways = await Promise.all([start(address, '--workers', '2'), start(address), start(address)]);
  try {
    await pause(500);
    const first = (await statuses(gateways, 'strict', 120)).ok;
    // One after the other: port 0 is another when nobody holds it.
    for (const pid of workersOf(gateways[0]!.process.pid!)) { process.kill(pid, 'SIGKILL'); await pause(1_500); }
    await gateways[1]!.stop('SIGKILL');
    // Scripts are forgotten too: the next call brings its own.
    execFileSync('redis-cli', ['-p', String(redis.port), 'script', 'flush']);
    assert.is(await drain([gateways[0]!, gateways[2]!], 'strict', QUOTA - first), QUOTA - first);
    assert.is((await statuses([gateways[0]!, gateways[2]!], 'strict', 50)).ok, 0);
    assert.equal(await usage(address, 'strict'), [QUOTA, 0]);
    const { ok } = await statuses([gateways[2]!], 'offset', 20);
    assert.is(ok, 6, 'the offset comes off the first period');
    // A quota that is granted anew is found within a second, although the refusal was remembered.
    const store = openStore(address, () => {});
    await store.ready();
    await store.setRemaining(planId('Stores', 'strict'), keyId('strict'), [QUOTA, 'MONTH', 0], 7);
    await store.close();
    await pause(1_100);
    assert.is(await drain([gateways[0]!, gateways[2]!], 'strict', 7), 7);
  } finally { await stopAll(gateways); }
});

for (const persistent of [true, false]) {
  test(`Redis ${persistent ? 'with' : 'without'} an append-only file is restarted in the middle: nobody waits, the quota is not exceeded, nothing that was let in is forgotten`, async () => {
    if (!redis) return;
    const own = await startRedis(persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []);
    const address = `redis://127.0.0.1:${own.port}`;
    const gateways = await Promise.all([start(address), start(address)]);
    try {
      const { admitted, refused, other } = await load(gateways, 'large', 4, 1, async () => {
        await pause(SECONDS * 300);
        await own.kill('SIGKILL');
        await pause(500);
        await own.restart();
        await pause(1_500);
      });
      await pause(600);
      // One more for each gateway: what it owes has been paid with it.
      for (const gateway of gateways) assert.is(await status(gateway, 'large'), 200);
      const [used] = await usage(address, 'large');
      report(`Redis ${persistent ? 'with' : 'without'} AOF killed and restarted: ${admitted + 2} let in, ${used} counted, ${refused} refused, ${other} failed`);
      assert.is(other, 0);
      assert.is(refused, 0);
      // Counted more than once may be what was on its way when Redis was killed.
      assert.ok(used >= admitted + 2 - (persistent ? 0 : 4) && used <= admitted + 2 + 8, `${used} counted, ${admitted + 2} let in`);
      for (const gateway of gateways) assert.is(gateway.stderr().split('cannot be asked').length, 2, gateway.stderr());
      for (const gateway of gateways) assert.match(gateway.stderr(), /is asked again/);
    } finally { await stopAll(gateways); await own.stop(); }
  });
}

test('Redis away: open lets in, closed refuses, local counts by itself, over workers too; a Redis that hangs costs a quarter of a second once', async () => {
  if (!redis) return;
  const own = await startRedis();
  const address = `redis://127.0.0.1:${own.port}`;
  const gateways = await Promise.all([start(address), start(address, '--workers', '2'), start(address, '--stage', 'limited')]);
  try {
    await pause(500);
    const [one, two] = gateways as [RunningGateway, RunningGateway, RunningGateway];
    for (const gateway of [one, two]) assert.is((await statuses([gateway], 'small', 100)).ok, 100);
    // Stopped, it accepts and never answers: the worst way to be away.
    own.process.kill('SIGSTOP');
    const began = performance.now();
    assert.is((await statuses([one], 'open', 20)).ok, 20);
    assert.ok(performance.now() - began < 1_500, `${performance.now() - began} ms`);
    const then = performance.now();
    assert.is((await statuses([one], 'open', 20)).ok, 20);
    assert.ok(performance.now() - then < 240, 'nobody waits any more');
    const { status: refusal, fields } = await rawRequest(one.port, 'GET', '/pets', [['x-api-key', KEYS.closed]], '');
    assert.equal([refusal, fields.find(([name]) => name.toLowerCase() === 'retry-after')?.[1]], [429, '1']);
    // Quotas go on from where they were known to be: 200 of 300 are used, 100 of them as the first gateway knew.
    await pause(300);
    const alone = (await statuses([one], 'small', 400)).ok;
    const together = (await statuses([two], 'small', 400)).ok;
    assert.ok(alone >= QUOTA - 200 && alone <= QUOTA - 100, String(alone));
    assert.ok(together >= QUOTA - 200 && together <= QUOTA - 100, String(together));
    own.process.kill('SIGCONT');
    for (let i = 0; i < 100 && !gateways.slice(0, 2).every((gateway) => gateway.stderr().includes('is asked again')); i++) await pause(50);
    await pause(300);
    // Back: what was let in meanwhile counts.
    assert.is((await statuses([one, two], 'small', 50)).ok, 0);
    assert.is((await statuses([one], 'closed', 3)).ok, 3);
    assert.is((await statuses([one], 'open', 3)).ok, 0);
    assert.match(one.stderr(), /^limits: redis:\/\/127\.0\.0\.1:\d+ cannot be asked \(no answer within 250 ms\); until it can, each limit follows its own `fail`$/m);
  } finally { own.process.kill('SIGCONT'); await stopAll(gateways); await own.stop(); }
});

test('a stage whose throttles are closed is shut while Redis is away', async () => {
  if (!redis) return;
  const own = await startRedis();
  const gateway = await runGateway((await build('store: redis')).code.slice(), ['--stage', 'limited'], { ...ENVIRONMENT, GWC_STORE: `redis://127.0.0.1:${own.port}` });
  try {
    const ask = async (): Promise<number> => (await rawRequest(gateway.port, 'GET', '/free', [], '')).status;
    assert.is(await ask(), 200);
    await own.kill('SIGKILL');
    // A burst of three: in memory two more would be let in.
    assert.equal([await ask(), await ask()], [429, 429]);
  } finally { await gateway.stop(); await own.stop(); }
});

test('SQLite: a gateway that is killed has forgotten nothing it let in, workers or not', async () => {
  for (const workers of ['1', '2']) {
    const address = `sqlite:${join(folder, `killed-${workers}.db`)}`;
    let admitted = 0;
    for (let round = 0; round < 2; round++) {
      const gateway = await start(address, '--workers', workers);
      await pause(300);
      const clients = Array.from({ length: 4 }, () => steadyClient(gateway.port, KEYS.large, 2, (each) => { assert.is(each, 200); admitted++; }));
      await pause(SECONDS * 250);
      const pids = workers === '1' ? [] : workersOf(gateway.process.pid!);
      gateway.process.kill('SIGKILL');
      for (const pid of pids) try { process.kill(pid, 'SIGKILL'); } catch { /* it has ended with its primary */ }
      await Promise.all(clients.map(({ stop }) => stop()));
      await gateway.stop();
    }
    const [used, remaining] = await usage(address, 'large');
    report(`SQLite, ${workers} worker(s), killed twice: ${admitted} answered, ${used} in the file`);
    // What was let in and not answered any more is in the file: at most what was on the way.
    assert.ok(used >= admitted && used <= admitted + 2 * 8, `${used} in the file, ${admitted} answered`);
    assert.is(remaining, 1_000_000 - used);
    assert.ok(admitted > 50);
  }
});

test('SQLite: a quota is exact over two gateways on one file, and after a restart', async () => {
  const address = `sqlite:${join(folder, 'two.db')}`;
  let gateways = await Promise.all([start(address, '--workers', '2'), start(address)]);
  await pause(300);
  const first = (await statuses(gateways, 'strict', 100)).ok;
  await stopAll(gateways);
  gateways = await Promise.all([start(address), start(address)]);
  try {
    exactly(await drain(gateways, 'strict', QUOTA - first), QUOTA - first, gateways);
    assert.equal(await usage(address, 'strict'), [QUOTA, 0]);
    gateways[0]!.process.kill('SIGHUP');
    for (let i = 0; i < 100 && !gateways[0]!.stderr().includes('took the new bundle'); i++) await pause(20);
    assert.is((await statuses(gateways, 'strict', 10)).ok, 0);
    assert.is((await statuses(gateways, 'offset', 10)).ok, 6, gateways.map((gateway) => gateway.stderr()).join(''));
  } finally { await stopAll(gateways); }
});

/** A Node with `node:sqlite`: this one, or the one that NODE_WITH_SQLITE names. */
function nodeWithSqlite(): string | undefined {
  const node = process.env['NODE_WITH_SQLITE'] ?? process.execPath;
  if (spawnSync(node, ['--input-type=module', '-e', "process.getBuiltinModule('node:sqlite') || process.exit(1)"]).status === 0) return node;
  return void console.log(`skipped: Node ${process.version} has no node:sqlite (22.13 and later have; NODE_WITH_SQLITE=/path/to/node)`);
}

test('SQLite by node:sqlite in a built gateway: quotas are exact over two gateways with workers and survive kill -9', async () => {
  const node = nodeWithSqlite();
  if (node === undefined) return;
  const path = join(folder, 'node.db'), store = { ...ENVIRONMENT, GWC_STORE: `sqlite:${path}` };
  const begin = (...args: string[]): Promise<RunningGateway> => runGateway(code, ['--stage', 'prod', ...args], store, node);
  let gateways = await Promise.all([begin('--workers', '2'), begin()]);
  const workers = workersOf(gateways[0]!.process.pid!);
  const first = (await statuses(gateways, 'strict', 100)).ok;
  assert.ok(existsSync(`${path}-wal`) && !existsSync(`${path}-owner`), "SQLite's own locks and log");
  gateways.forEach((gateway) => gateway.process.kill('SIGKILL'));
  for (const pid of workers) try { process.kill(pid, 'SIGKILL'); } catch { /* it has ended with its primary */ }
  await stopAll(gateways);
  gateways = await Promise.all([begin('--workers', '2'), begin()]);
  try {
    exactly(await drain(gateways, 'strict', QUOTA - first), QUOTA - first, gateways);
    assert.is((await statuses(gateways, 'offset', 10)).ok, 6);
    assert.not.match(gateways.map((gateway) => gateway.stderr()).join(''), /ExperimentalWarning/);
  } finally { await stopAll(gateways); }
});

test('a cluster and sentinels', async () => {
  if (!redis) return;
  const cluster = await Promise.all([1, 2, 3].map(() => startRedis(['--cluster-enabled', 'yes'])));
  try {
    execFileSync('redis-cli', ['--cluster', 'create', ...cluster.map(({ port }) => `127.0.0.1:${port}`), '--cluster-yes']);
    for (let i = 0; i < 100 && !execFileSync('redis-cli', ['-p', String(cluster[0]!.port), 'cluster', 'info'], { encoding: 'utf8' }).includes('cluster_state:ok'); i++) await pause(100);
    const address = `redis-cluster://${cluster.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
    const gateways = await Promise.all([start(address), start(`${address}?prefix=other`)]);
    try {
      for (const gateway of gateways) exactly(await drain([gateway], 'strict', QUOTA), QUOTA, [gateway]);
      assert.equal(await usage(address, 'strict'), [QUOTA, 0]);
    } finally { await stopAll(gateways); }
  } finally { await Promise.all(cluster.map((node) => node.stop())); }

  const master = await startRedis();
  const replica = await startRedis(['--replicaof', '127.0.0.1', String(master.port)]);
  // Sentinels look for replicas every ten seconds, at first at once.
  for (let i = 0; i < 100 && !execFileSync('redis-cli', ['-p', String(master.port), 'info', 'replication'], { encoding: 'utf8' }).includes('state=online'); i++) await pause(100);
  const config = join(folder, 'sentinel.conf');
  writeFileSync(config, `sentinel monitor main 127.0.0.1 ${master.port} 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 2000\n`);
  const sentinel = await startRedis([], config);
  const gateway = await start(`redis-sentinel://127.0.0.1:${sentinel.port}/main`);
  try {
    const first = (await statuses([gateway], 'strict', 100)).ok;
    await pause(300);
    await master.kill('SIGKILL');
    // Sentinels on a machine that is busy take half a minute to trust their clocks.
    const leader = (): string => execFileSync('redis-cli', ['-p', String(sentinel.port), 'sentinel', 'get-master-addr-by-name', 'main'], { encoding: 'utf8' });
    for (let i = 0; i < 120 && !leader().includes(String(replica.port)); i++) await pause(500);
    await pause(1_500);
    exactly(await drain([gateway], 'strict', QUOTA - first), QUOTA - first, [gateway]);
    report('sentinel: the replica took over, no request of the quota was given twice');
  } finally { await gateway.stop(); await sentinel.stop(); await replica.stop(); await master.stop(); }
});

test.run();
