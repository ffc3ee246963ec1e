/** AWS_IAM callers in Redis and in a SQLite file, managed by `gwc iam` while gateways run: who gets in, how soon a key is revoked, what a missing store means. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CALLER_RECORD, type CallerRecord } from '../../../runtime/access/caller-record.js';
import { openStore } from '../../../runtime/store/open-store.js';
import { hasRedis, startRedis, type RedisServer } from '../../../runtime/store/testing/redis-server.js';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

interface Keys { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
const aws4 = createRequire(import.meta.url)('aws4') as { sign(request: object, credentials: object): { headers: Record<string, string> } };
const CLI = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

const test = suite('IAM callers in a store');
const folder = mkdtempSync(join(tmpdir(), 'gwc-stored-callers-'));
const REGION = 'eu-west-3', OWN = '111111111111';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const policy = (resource: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: resource }] });
const mock = { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '"$context.identity.userArn $context.identity.accessKey $context.identity.user"' } } } };
const operation = { security: [{ iam: [] }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': mock };

let code = '', redis: RedisServer | undefined;
test.before(async () => {
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'iam', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { store: ['memory', 'redis', 'sqlite'], callers: { declared: { arn: `arn:aws:iam::${OWN}:user/declared`, policy: policy('*'), tags: { team: 'a' } } } },
    components: { securitySchemes: { iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } } }, paths: { '/a': { get: operation }, '/b': { get: operation } },
  }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  code = compilation.bundle.code;
  writeFileSync(join(folder, 'a.json'), JSON.stringify(policy('*/GET/a')));
  if (hasRedis()) redis = await startRedis();
});
test.after(async () => { await redis?.stop(); rmSync(folder, { recursive: true }); });

const start = (store: string, ...args: string[]): Promise<RunningGateway> => runGateway(code, ['--account-id', OWN, ...args], { AWS_REGION: REGION, GWC_STORE: store });
const call = (gateway: RunningGateway, path: string, by: Keys): Promise<RawAnswer> => rawRequest(gateway.port, 'GET', path, Object.entries(aws4.sign({ host: 'api.example.com', method: 'GET', path, headers: {}, region: REGION, service: 'execute-api' }, by).headers), '');
const gwc = (...args: string[]): string => execFileSync(process.execPath, [CLI, 'iam', ...args], { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
const create = (store: string, ...args: string[]): Keys => JSON.parse(gwc('create', ...args, '--store', store, '--format', 'json')) as Keys;
/** Asks until the status is this one; how long that took, ms. */
async function until(status: number, ask: () => Promise<RawAnswer>): Promise<number> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer.status === status) return performance.now() - began;
    assert.ok(performance.now() - began < 12_000, `still ${answer.status}: ${answer.body}`);
    await pause(50);
  }
}
const UNKNOWN = '{"message":"The security token included in the request is invalid."}';

async function managed(store: string, ...args: string[]): Promise<void> {
  const ann = create(store, 'ann', '--policy', 'a.json', '--tag', 'team=b', '--user-id', 'AIDAANN');
  const gateway = await start(store, ...args);
  try {
    assert.is((await call(gateway, '/a', ann)).body, `"arn:aws:iam::${OWN}:user/ann ${ann.accessKeyId} AIDAANN"`);
    assert.match((await call(gateway, '/b', ann)).body, /because no identity-based policy allows/);
    assert.match((await call(gateway, '/a', { ...ann, secretAccessKey: 'another' })).body, /signature we calculated does not match/);
    const nobody = { accessKeyId: 'AKIANOBODY000000', secretAccessKey: 'x' };
    assert.equal([(await call(gateway, '/a', nobody)).body, (await call(gateway, '/a', nobody)).body], [UNKNOWN, UNKNOWN]);
    // A policy that the document declares holds for the caller of its name; so does a key made while the gateway runs.
    const declared = create(store, 'declared');
    assert.is((await call(gateway, '/b', declared)).body, `"arn:aws:iam::${OWN}:user/declared ${declared.accessKeyId} ${declared.accessKeyId}"`);
    const session = create(store, 'me', '--session', '1h', '--policy', 'a.json', '--arn', `arn:aws:sts::${OWN}:assumed-role/Role/me`);
    assert.match(session.accessKeyId, /^ASIA/);
    assert.is((await call(gateway, '/a', session)).status, 200);
    assert.is((await call(gateway, '/a', { ...session, sessionToken: `${session.sessionToken!}x` })).body, UNKNOWN);

    gwc('disable', 'ann', '--store', store);
    assert.ok(await until(403, () => call(gateway, '/a', ann)) < 11_000);
    assert.is((await call(gateway, '/a', ann)).body, UNKNOWN);
    gwc('enable', ann.accessKeyId, '--store', store);
    await until(200, () => call(gateway, '/a', ann));
    gwc('delete', 'ann', '--store', store);
    await until(403, () => call(gateway, '/a', ann));
    // A key somebody was refused for comes into force as well when it is made.
    writeFileSync(join(folder, 'credentials'), `[nobody]\naws_access_key_id = ${nobody.accessKeyId}\naws_secret_access_key = x\ngwc_policy = a.json\n[past]\naws_access_key_id = ASIAPAST00000000\naws_secret_access_key = y\ngwc_policy = a.json\ngwc_expiration = 2020-01-01T00:00:00Z\n`);
    assert.is(gwc('import', 'credentials', '--store', store), 'imported 2 access keys\n');
    await until(200, () => call(gateway, '/a', nobody));
    assert.is((await call(gateway, '/a', { accessKeyId: 'ASIAPAST00000000', secretAccessKey: 'y' })).body, '{"message":"The security token included in the request is expired"}');
    const listed = gwc('list', '--store', store) + gwc('list', '--store', store, '--format', 'json');
    assert.match(listed, /^AKIANOBODY000000 +nobody +yes /m);
    for (const { secretAccessKey, sessionToken } of [declared, session]) for (const secret of [secretAccessKey, sessionToken]) if (secret) assert.not.ok((listed + gateway.stderr()).includes(secret));
  } finally { await gateway.stop(); }
}

for (const [name, args] of [['Redis', []], ['Redis and workers', ['--workers', '2']], ['SQLite', []]] as const) {
  test(`${name}: made, disabled, removed`, async () => {
    if (name !== 'SQLite' && redis === undefined) return;
    const address = name === 'SQLite' ? `sqlite:${join(folder, 'one.db')}` : `redis://127.0.0.1:${redis!.port}?prefix=${name.replaceAll(' ', '-')}`;
    const ann = { accessKeyId: 'AKIAANN000000000', secretAccessKey: 'secret' };
    const record: CallerRecord = { name: 'ann', secretAccessKey: 'secret', sessionToken: '', arn: '', policy: policy('*'), userId: '', organization: '', tags: null, expires: null, enabled: true, created: Date.now() };
    const gateway = await start(address, ...args);
    const store = openStore(address, () => {});
    try {
      await store.ready();
      const ask = (): Promise<RawAnswer> => call(gateway, '/a', ann);
      assert.is((await ask()).status, 403);
      for (const [change, status] of [[record, 200], [{ ...record, enabled: false }, 403], [record, 200], [{ ...record, secretAccessKey: 'rotated' }, 403]] as const) {
        await store.put(CALLER_RECORD, ann.accessKeyId, change);
        await until(status, ask);
      }
      await store.put(CALLER_RECORD, ann.accessKeyId, record);
      await until(200, ask);
      await store.remove(CALLER_RECORD, ann.accessKeyId);
      await until(403, ask);
    } finally { await store.close(); await gateway.stop(); }
  });
}

test('SQLite and workers, by gwc iam: keys are made, used and revoked while the gateway runs; the primary process has the file', () => managed(`sqlite:${join(folder, 'workers.db')}`, '--workers', '2'));

test('Redis: many requests of one key ask once, a key that is not there is not asked for again, and revocation needs no restart', async () => {
  if (redis === undefined) return;
  const own = await startRedis();
  const store = `redis://127.0.0.1:${own.port}`;
  const ann = create(store, 'ann', '--policy', 'a.json');
  const gateway = await start(store);
  const lookups = (): number => Number(/cmdstat_hget:calls=(\d+)/.exec(execFileSync('redis-cli', ['-p', String(own.port), 'info', 'commandstats'], { encoding: 'utf8' }))?.[1] ?? 0);
  try {
    await pause(300);
    const before = lookups();
    const answers = await Promise.all(Array.from({ length: 60 }, () => call(gateway, '/a', ann)));
    assert.equal([...new Set(answers.map(({ status }) => status))], [200]);
    assert.is(lookups() - before, 1);
    for (let i = 0; i < 20; i++) await call(gateway, '/a', { accessKeyId: 'AKIANOBODY000000', secretAccessKey: 'x' });
    assert.is(lookups() - before, 2);
    // Redis away: who is known stays known for a while, who is not cannot be told from a stranger. Nobody waits long.
    await own.kill('SIGKILL');
    assert.is((await call(gateway, '/a', ann)).status, 200);
    const began = performance.now();
    const { status, body, fields } = await call(gateway, '/a', { accessKeyId: 'AKIAOTHER0000000', secretAccessKey: 'x' });
    assert.equal([status, body, fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1]], [500, '{"message":null}', 'AuthorizerFailureException']);
    assert.ok(performance.now() - began < 3_000);
    await until(500, () => call(gateway, '/a', ann));
    assert.not.ok(gateway.stderr().includes(ann.secretAccessKey));
  } finally { await gateway.stop(); await own.stop(); }
});

test('memory: only the document and the credentials file know callers; wrong use of gwc iam says what is wrong', async () => {
  const gateway = await start('memory', '--workers', '2');
  try {
    assert.is((await call(gateway, '/a', { accessKeyId: 'AKIANOBODY000000', secretAccessKey: 'x' })).body, UNKNOWN);
  } finally { await gateway.stop(); }
  const store = `sqlite:${join(folder, 'wrong.db')}`;
  for (const [args, code, message] of [
    [['list'], 2, /give --store/], [['create', '--store', store], 2, /gwc iam create <name>/], [['create', 'x', '--policy', 'none.json', '--store', store], 2, /none\.json: there is no such file/], [['create', 'x', '--arn', 'me', '--store', store], 2, /has an arn that is none/],
    [['create', 'x', '--session', 'long', '--store', store], 2, /write 900s/], [['delete', 'nobody', '--store', store], 2, /there is no access key "nobody"/], [['list', '--store', 'memory'], 1, /memory of a gateway/], [['import', 'a.json', '--store', 'postgres://me:hunter2@h'], 1, /--store \(GWC_STORE\) is/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'iam', ...args], { encoding: 'utf8', cwd: folder, env: { ...process.env, GWC_STORE: '' } });
    assert.is(status, code, args.join(' ') + stderr);
    assert.match(stderr, message);
    assert.not.match(stderr, /hunter2/);
  }
});

test.run();
