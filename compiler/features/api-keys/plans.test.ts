/** Usage plans by `gwc usage-plans`, on the store of a stopped gateway and on a running one, and what plans made at run time do while Redis is away: `--fail`, or the tag `gwc:fail` that AWS's clients set. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hasRedis, startRedis } from '../../../runtime/store/testing/redis-server.js';
import { awsCli, buildDocument, document, hasAwsCli, manageGateway, TOKEN, type ManagedGateway } from './testing/managed-gateway.js';

const test = suite('usage plans made at run time');
const folder = mkdtempSync(join(tmpdir(), 'gwc-plans-'));
test.after(() => rmSync(folder, { recursive: true }));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

function gwc(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: { ...process.env, GWC_ADMIN_TOKEN: TOKEN } });
  return { code: status, stdout, stderr };
}
function done(...args: string[]): string {
  const { code, stdout, stderr } = gwc(...args);
  assert.is(code, 0, `gwc ${args.join(' ')}: ${stderr}`);
  return stdout;
}

let code = '';
test.before(async () => { ({ code } = await buildDocument(document('{admin: true, store: [memory, redis, sqlite], stages: {prod: {}, test: {}}}'))); });

const statuses = async (gateway: ManagedGateway, key: string, count: number): Promise<number[]> => {
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push(await gateway.get(key));
  return all;
};

test('a stopped gateway: plans, their limits and stages, keys in and out', async () => {
  const store = ['--store', `sqlite:${join(folder, 'stopped.db')}`];
  assert.match(done('usage-plans', 'create', 'gold', '--api', 'managed', '--stage', 'prod', '--quota', '3/day', '--rate', '1000', '--burst', '1000', '--method', '/pets/{id}/GET=0.001:1', '--description', 'for partners', ...store), /^created gold \([a-z0-9]{6,}\)\n$/);
  const value = done('keys', 'create', 'partner', '--plan', 'gold', ...store).trim();
  done('keys', 'create', 'second', ...store);
  assert.match(done('usage-plans', 'list', ...store), /^\S+ +gold +1000 +1000 +3\/DAY +local +[a-z0-9]{10}:prod$/m);
  assert.match(done('usage-plans', 'add-key', 'gold', 'second', ...store), /^second is in gold /);
  assert.match(done('usage-plans', 'remove-key', 'gold', 'second', ...store), /^second is no longer in gold /);
  const first = await manageGateway(code, store);
  try {
    assert.equal([...(await statuses(first, value, 2)), await first.get(value, '/pets/1'), await first.get(value)], [200, 200, 200, 429], first.stderr());
    assert.is(first.apiId, /([a-z0-9]{10}):prod/.exec(done('usage-plans', 'list', ...store))![1]);
  } finally { await first.stop(); }
  done('usage-plans', 'update', 'gold', '--quota', 'none', '--rate', '0.001', '--burst', '2', '--fail', 'closed', ...store);
  const [plan] = JSON.parse(done('usage-plans', 'list', 'go', '--format', 'json', ...store)) as [Record<string, unknown>];
  assert.equal([plan.throttle, plan.quota, plan.tags], [{ burstLimit: 2, rateLimit: 0.001 }, undefined, { 'gwc:fail': 'closed' }]);
  const second = await manageGateway(code, store);
  try {
    assert.equal(await statuses(second, value, 3), [200, 200, 429]);
    // Beside one that runs: it follows within a second.
    done('usage-plans', 'delete', 'gold', ...store);
    for (let i = 0; i < 60 && (await second.get(value)) !== 403; i++) await pause(50);
    assert.is(await second.get(value), 403);
    // Over the admin port the API is the one that runs.
    done('usage-plans', 'create', 'silver', '--stage', 'prod', '--stage', 'test', '--admin', second.admin);
    done('usage-plans', 'add-key', 'silver', 'partner', '--admin', second.admin);
    assert.is(await second.get(value), 200);
    done('usage-plans', 'update', 'silver', '--remove-stage', 'prod', '--admin', second.admin);
    assert.is(await second.get(value), 403);
  } finally { await second.stop(); }
});

test('wrong use says what is wrong', () => {
  const store = ['--store', `sqlite:${join(folder, 'wrong.db')}`];
  for (const [args, status, message] of [
    [['create'], 2, /gwc usage-plans create <plan>/], [['create', 'x', '--stage', 'prod'], 2, /whose stage\? give --api/], [['create', 'x', '--rate', '5'], 2, /--rate and --burst/], [['create', 'x', '--quota', '5'], 2, /write 10000\/DAY/], [['create', 'x', '--offset', '5'], 2, /part of a --quota/],
    [['create', 'x', '--rate', 'many', '--burst', '5'], 2, /write a number/], [['create', 'x', '--method', 'GET'], 2, /RATE:BURST/], [['create', 'x', '--fail', 'maybe'], 2, /fail/], [['update', 'x', '--fail', 'open'], 2, /no usage plan "x"/], [['add-key', 'x'], 2, /<plan> <key>/], [['create', 'x', '--quota', '5/DAY', '--offset', '9'], 1, /quota offset/],
  ] as const) {
    const { code, stderr } = gwc('usage-plans', ...args, ...store);
    assert.is(code, status, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
  }
});

for (const workers of ['1', '2']) {
  test(`Redis away: each plan does as it says (--workers ${workers})`, async () => {
    if (!hasRedis()) return;
    const redis = await startRedis();
    const store = ['--store', `redis://127.0.0.1:${redis.port}`];
    const keys: Record<string, string> = {};
    for (const fail of ['open', 'closed', 'local']) {
      done('usage-plans', 'create', fail, '--api', 'managed', '--stage', 'prod', '--quota', '4/MONTH', '--fail', fail, ...store);
      keys[fail] = done('keys', 'create', fail, '--plan', fail, ...store).trim();
    }
    const gateway = await manageGateway(code, ['--workers', workers, ...store]);
    try {
      for (const fail in keys) assert.equal(await statuses(gateway, keys[fail]!, 2), [200, 200], gateway.stderr());
      // Each worker has asked, and knows what the quotas had left.
      await pause(600);
      await redis.kill('SIGKILL');
      await statuses(gateway, keys['open']!, 4);
      assert.equal(await statuses(gateway, keys['open']!, 6), [200, 200, 200, 200, 200, 200]);
      assert.equal(await statuses(gateway, keys['closed']!, 3), [429, 429, 429]);
      const local = (await statuses(gateway, keys['local']!, 12)).filter((status) => status === 200).length;
      // Keys made at run time are counted by each worker for itself.
      assert.ok(local >= 2 && local <= 4 * Number(workers), `${local} of the 2 that were left`);
    } finally { await gateway.stop(); await redis.stop(); }
  });
}

test('aws apigateway: the tag gwc:fail on a usage plan, set when it is made and changed later', async () => {
  if (!hasAwsCli() || !hasRedis()) return void console.log('skipped: `aws` or redis-server is not installed');
  const redis = await startRedis();
  const gateway = await manageGateway(code, ['--store', `redis://127.0.0.1:${redis.port}`]);
  try {
    const aws = (...args: string[]): Promise<any> => awsCli(gateway.admin, ...args);
    const plan = await aws('create-usage-plan', '--name', 'gold', '--tags', 'gwc:fail=closed,team=a', '--quota', 'limit=9,period=MONTH', '--api-stages', `[{"apiId":"${gateway.apiId}","stage":"prod"}]`);
    assert.equal(plan.tags, { 'gwc:fail': 'closed', team: 'a' });
    const key = await aws('create-api-key', '--name', 'k', '--enabled');
    await aws('create-usage-plan-key', '--usage-plan-id', plan.id, '--key-type', 'API_KEY', '--key-id', key.id);
    const arn = `arn:aws:apigateway:eu-central-1::/usageplans/${plan.id}`;
    await aws('tag-resource', '--resource-arn', arn, '--tags', 'gwc:fail=open,more=b');
    assert.equal((await aws('get-tags', '--resource-arn', arn)).tags, { 'gwc:fail': 'open', team: 'a', more: 'b' });
    await aws('untag-resource', '--resource-arn', arn, '--tag-keys', 'team', 'more');
    assert.equal((await aws('get-usage-plan', '--usage-plan-id', plan.id)).tags, { 'gwc:fail': 'open' });
    for (const refused of [['tag-resource', '--resource-arn', arn, '--tags', 'gwc:fail=sometimes'], ['create-usage-plan', '--name', 'x', '--tags', 'gwc:fail=no']]) {
      await aws(...refused).then(() => assert.unreachable(), (error: Error) => assert.match(error.message, /BadRequestException.*gwc:fail: it must be one of \[open, closed, local\]/));
    }
    await aws('get-tags', '--resource-arn', 'arn:aws:apigateway:eu-central-1::/restapis/x').then(() => assert.unreachable(), (error: Error) => assert.match(error.message, /NotFoundException/));
    await aws('tag-resource', '--resource-arn', `arn:aws:apigateway:eu-central-1::/apikeys/${key.id}`, '--tags', 'a=b');
    assert.equal((await aws('get-api-key', '--api-key', key.id)).tags, { a: 'b' });
    assert.equal(await statuses(gateway, key.value, 3), [200, 200, 200]);
    await redis.kill('SIGKILL');
    assert.equal(await statuses(gateway, key.value, 12), Array(12).fill(200));
  } finally { await gateway.stop(); await redis.stop(); }
});

test.run();
