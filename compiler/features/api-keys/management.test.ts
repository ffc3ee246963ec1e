/** Keys of a built gateway that are managed while it runs: nothing is dropped, reloads keep them, both key sources know them, who may not gets nothing. */
import { connect } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { runGateway } from '../../testing/running-gateway.js';
import { hasRedis, startRedis } from '../../../runtime/store/testing/redis-server.js';
import { ADMIN, buildDocument, document, freePort, manageGateway, TOKEN, type ManagedGateway } from './testing/managed-gateway.js';

const test = suite('managed API keys');
const folder = mkdtempSync(join(tmpdir(), 'gwc-managed-'));
test.after(() => rmSync(folder, { recursive: true }));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let code: string;
test.before(async () => { ({ code } = await buildDocument(document())); });

const patch = (op: string, path: string, value?: string): unknown => ({ patchOperations: [{ op, path, ...(value === undefined ? {} : { value }) }] });

/** A key in a plan of its own. */
async function addKey(gateway: ManagedGateway, more: object = {}, stage = 'prod'): Promise<{ id: string; value: string; plan: string }> {
  const { json: key } = await gateway.manage('POST', '/apikeys', { name: 'k', enabled: true });
  const { json: plan } = await gateway.manage('POST', '/usageplans', { name: 'p', apiStages: [{ apiId: gateway.apiId, stage }], ...more });
  const added = await gateway.manage('POST', `/usageplans/${plan.id}/keys`, { keyId: key.id, keyType: 'API_KEY' });
  assert.is(added.status, 201, JSON.stringify(added));
  return { id: key.id as string, value: key.value as string, plan: plan.id as string };
}

async function withGateway(bundle: string, args: readonly string[], work: (gateway: ManagedGateway) => Promise<void>, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const gateway = await manageGateway(bundle, args, environment);
  try { await work(gateway); } finally { assert.is(await gateway.stop(), 0, gateway.stderr()); }
}

for (const workers of ['1', '2']) {
  test(`changes drop no request and act at once (--workers ${workers})`, () => withGateway(code, ['--workers', workers], async (gateway) => {
    const steady = await addKey(gateway);
    let running = true, answered = 0;
    const wrong: number[] = [];
    const clients = Array.from({ length: 4 }, async () => {
      while (running) {
        const status = await gateway.get(steady.value);
        answered++;
        if (status !== 200) wrong.push(status);
      }
    });
    for (let round = 0; round < 15; round++) {
      const key = await addKey(gateway, { throttle: { rateLimit: 1, burstLimit: 1 + round } });
      // Several connections, so that each worker is asked.
      const statuses = await Promise.all(Array.from({ length: 2 + round }, () => gateway.get(key.value)));
      assert.ok(statuses.every((status) => status === 200 || status === 429) && statuses.includes(200), `${round}: ${statuses}`);
      await gateway.manage('PATCH', `/usageplans/${steady.plan}`, patch('replace', '/description', `round ${round}`));
      assert.is((await gateway.manage('DELETE', `/apikeys/${key.id}`)).status, 202);
      assert.equal([...new Set(await Promise.all(Array.from({ length: 4 }, () => gateway.get(key.value))))], [403]);
    }
    running = false;
    await Promise.all(clients);
    assert.equal(wrong, [], `of ${answered}`);
    assert.ok(answered > 50);
  }));

  test(`limits of a plan made at run time are exact (--workers ${workers})`, () => withGateway(code, ['--workers', workers], async (gateway) => {
    const key = await addKey(gateway, { throttle: { rateLimit: 0.001, burstLimit: 37 }, quota: { limit: 1_000, period: 'MONTH' } });
    const statuses = await Promise.all(Array.from({ length: 120 }, () => gateway.get(key.value)));
    assert.is(statuses.filter((status) => status === 200).length, 37);
    assert.is(statuses.filter((status) => status === 429).length, 83);
    const today = new Date().toISOString().slice(0, 10);
    assert.equal((await gateway.manage('GET', `/usageplans/${key.plan}/usage?startDate=${today}&endDate=${today}`)).json.values, { [key.id]: [[37, 963]] });
    await gateway.manage('PATCH', `/usageplans/${key.plan}`, { patchOperations: [{ op: 'remove', path: '/throttle' }, { op: 'remove', path: '/quota' }] });
    assert.equal([...new Set(await Promise.all(Array.from({ length: 40 }, () => gateway.get(key.value))))], [200]);
    // Workers report within a second what they let in without asking.
    await pause(1_300);
    assert.equal((await gateway.manage('GET', `/usageplans/${key.plan}/usage?startDate=${today}&endDate=${today}`)).json.values, { [key.id]: [[77, -1]] });
  }));
}

test('workers that die or are replaced know the keys', () => withGateway(code, ['--workers', '2'], async (gateway) => {
  const key = await addKey(gateway);
  gateway.process.kill('SIGHUP');
  await pause(2_500);
  assert.equal([...new Set(await Promise.all(Array.from({ length: 8 }, () => gateway.get(key.value))))], [200]);
  await gateway.manage('PATCH', `/apikeys/${key.id}`, patch('replace', '/enabled', 'false'));
  assert.equal([...new Set(await Promise.all(Array.from({ length: 8 }, () => gateway.get(key.value))))], [403]);
}));

test('a new bundle takes over the keys, and what they used', () => withGateway(code, [], async (gateway) => {
  const key = await addKey(gateway, { quota: { limit: 3, period: 'MONTH' } });
  assert.is(await gateway.get(key.value), 200);
  for (const bundle of [code, (await buildDocument(document('{admin: true, stages: {prod: {methodSettings: {"*/*": {throttlingRateLimit: 100, throttlingBurstLimit: 100}}}, test: {}}}'))).code]) {
    writeFileSync(gateway.process.spawnargs[1]!, bundle);
    gateway.process.kill('SIGHUP');
    for (let i = 0; i < 100 && gateway.stderr().split('took the new bundle').length < 2; i++) await pause(20);
    await pause(200);
    assert.is(await gateway.get(key.value), 200);
  }
  assert.is(await gateway.get(key.value), 429, 'three are used');
  assert.is((await gateway.manage('GET', '/apikeys')).json.item.length, 1);
}));

test('the stage that runs decides', () => withGateway(code, ['--stage', 'test'], async (gateway) => {
  assert.is(await gateway.get((await addKey(gateway, {}, 'prod')).value), 403);
  assert.is(await gateway.get((await addKey(gateway, {}, 'test')).value), 200);
}));

test('keys come from the authorizer too', async () => {
  const path = join(folder, 'authorizer.yaml');
  writeFileSync(join(folder, 'authorizer.mjs'), `export const handler = async (event) => ({ principalId: 'p', usageIdentifierKey: event.authorizationToken, policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] } });\n`);
  writeFileSync(path, `openapi: 3.0.1
info: {title: by authorizer, version: '1'}
x-gwc-flavour: rest
x-gwc: {admin: true, stages: {prod: {}}, functions: {check: {handler: './authorizer.mjs#handler'}}}
x-amazon-apigateway-api-key-source: AUTHORIZER
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: x-api-key}
    lambda: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:check/invocations', authorizerResultTtlInSeconds: 0}}
security: [{key: [], lambda: []}]
paths: {/pets: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200'}}}}}}
`);
  const { bundle, diagnostics } = await compile(path, { clients: [], cwd: folder });
  assert.ok(bundle, JSON.stringify(diagnostics));
  await withGateway(bundle.code, [], async (gateway) => {
    const key = await addKey(gateway);
    const get = async (token: string): Promise<number> => (await fetch(`${gateway.url}/pets`, { headers: { authorization: token, 'x-api-key': 'ignored' } })).status;
    assert.equal([await get(key.value), await get('nobody-nobody-nobody')], [200, 403]);
    await gateway.manage('PATCH', `/apikeys/${key.id}`, patch('replace', '/enabled', 'false'));
    assert.is(await get(key.value), 403);
  });
});

test('declared plans, keys of the store: what the document says stays', async () => {
  const declared = await buildDocument(document(`{stages: {prod: {}}, usagePlans: {seed: {name: Seed plan, apiStages: [{stage: prod, throttle: {'/pets/{id}/GET': {rateLimit: 0.01, burstLimit: 1}}}], quota: {limit: 4, period: DAY}}}, apiKeys: {built-in: {value: 'env:BUILT_IN', usagePlans: [seed]}}}`));
  await withGateway(declared.code, [], async (gateway) => {
    const [plan] = (await gateway.manage('GET', '/usageplans')).json.item;
    assert.equal([plan.name, plan.apiStages[0].throttle], ['Seed plan', { '/pets/{id}/GET': { rateLimit: 0.01, burstLimit: 1 } }]);
    const { json: key } = await gateway.manage('POST', '/apikeys', { name: 'late', enabled: true });
    await gateway.manage('POST', `/usageplans/${plan.id}/keys`, { keyId: key.id, keyType: 'API_KEY' });
    assert.equal([await gateway.get(key.value, '/pets/1'), await gateway.get(key.value, '/pets/1'), await gateway.get(key.value), await gateway.get('built-in-built-in')], [200, 429, 200, 200]);
    const refused = await gateway.manage('PATCH', `/usageplans/${plan.id}`, patch('replace', '/quota/limit', '5'));
    assert.equal([refused.status, refused.type], [400, 'BadRequestException']);
    assert.is((await gateway.manage('POST', '/apikeys', { value: 'built-in-built-in-built', enabled: true })).status, 201);
    assert.is((await gateway.manage('POST', '/apikeys', { value: 'built-in-built-in' })).status, 400, 'too short for a key made now');
    const today = new Date().toISOString().slice(0, 10);
    const { values } = (await gateway.manage('GET', `/usageplans/${plan.id}/usage?startDate=${today}&endDate=${today}`)).json;
    assert.equal(Object.values(values).sort(), [[[1, 3]], [[2, 2]]]);
  }, { BUILT_IN: 'built-in-built-in' });
});

test('who is not known learns nothing; without credentials there is no management', async () => {
  await withGateway(code, [], async (gateway) => {
    const attempt = async (headers: Record<string, string>, path = '/apikeys', body?: string): Promise<[number, string | null]> => {
      const answer = await fetch(gateway.admin + path, { method: body === undefined ? 'GET' : 'POST', headers, ...(body === undefined ? {} : { body }) });
      return [answer.status, answer.headers.get('x-amzn-errortype')];
    };
    assert.equal(await attempt({}), [403, 'MissingAuthenticationTokenException']);
    for (const token of ['', 'x', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()]) assert.equal((await attempt({ authorization: `Bearer ${token}` }))[0] >= 400, true, token);
    assert.equal(await attempt({ authorization: `Basic ${Buffer.from(`a:${TOKEN}`).toString('base64')}` }), [403, 'IncompleteSignatureException']);
    assert.equal(await attempt({ authorization: 'AWS4-HMAC-SHA256 Credential=AKIAOTHER/20260101/x/apigateway/aws4_request, SignedHeaders=host, Signature=00' }), [403, 'UnrecognizedClientException']);
    assert.equal(await attempt({}, '/apikeys?X-Amz-Algorithm=AWS4-HMAC-SHA256'), [403, 'IncompleteSignatureException']);
    assert.equal((await fetch(`${gateway.admin}/live`)).status, 200);
    assert.equal((await attempt({ authorization: `Bearer ${TOKEN}` }, '/apikeys', '{"name":'))[0], 400);
    assert.equal((await attempt({ authorization: `Bearer ${TOKEN}` }, '/apikeys', 'x'.repeat(9_000_000)))[0], 413);
    assert.equal((await attempt({ authorization: `Bearer ${TOKEN}` }))[0], 200);
  });
  await withBare(code, async (admin) => {
    const answer = await fetch(`${admin}/apikeys`, { headers: { authorization: `Bearer ${TOKEN}` } });
    assert.is(answer.status, 403);
    assert.match(await answer.text(), /management of API keys is off: start the gateway with GWC_ADMIN_TOKEN/);
  });
  for (const environment of [{ GWC_ADMIN_TOKEN: 'short' }, { GWC_ADMIN_ACCESS_KEY_ID: 'x' }] as Record<string, string>[]) {
    await runGateway(code, ['--admin-port', '0'], environment).then(() => assert.unreachable(), (error: Error) => {
      assert.match(error.message, /^gateway ended with 1: GWC_ADMIN_/);
    });
  }
});

/** A gateway without admin credentials. */
async function withBare(bundle: string, work: (admin: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const gateway = await runGateway(bundle, ['--admin-port', String(port)]);
  try {
    assert.match(gateway.stderr(), /\/apikeys and \/usageplans are off: no credentials are configured/);
    await work(`http://127.0.0.1:${port}`);
  } finally { await gateway.stop(); }
}

test('a body of more than the limit is not read', () => withGateway(code, [], async (gateway) => {
  const socket = connect(Number(new URL(gateway.admin).port), '127.0.0.1');
  socket.write(`POST /apikeys HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer nobody\r\nContent-Length: 9000000000\r\n\r\n`);
  const answer = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString('latin1'))));
  socket.destroy();
  assert.match(answer, /^HTTP\/1.1 (401|413) /);
}));

test('only documents whose operations ask for keys carry the control plane', async () => {
  const none = await buildDocument(document('{admin: false, stages: {prod: {}}, usagePlans: {p: {apiStages: [{stage: prod}]}}, apiKeys: {a: {value: "env:A", usagePlans: [p]}}}'));
  const open = await buildDocument(document().replace('security: [{key: []}]\n', ''));
  const managed = await buildDocument(document());
  // What a request's key is looked up with is there in any case.
  const keyModules = (modules: readonly string[]): string[] => modules.filter((module) => /(^|\/)keys\//.test(module) && !module.endsWith('/api-keys.js'));
  assert.equal([keyModules(none.modules), keyModules(open.modules)], [[], []]);
  assert.ok(keyModules(managed.modules).length > 5);
});

test('keys of a CSV file are built in, hashed', async () => {
  const value = 'csv-key-csv-key-csv-key-csv-key-1';
  const built = await buildDocument(document('{stages: {prod: {}}, usagePlans: {gold: {apiStages: [{stage: prod}], quota: {limit: 2, period: DAY}}}, apiKeysFile: keys.csv}'), { 'keys.csv': `Name,key,description,Enabled,usageplanIds\nfirst,${value},From the file,TRUE,gold\nsecond,${value}2,,false,gold\n` });
  assert.not(built.code.includes(value));
  await withGateway(built.code, [], async (gateway) => {
    assert.equal([await gateway.get(value), await gateway.get(`${value}2`), await gateway.get(value), await gateway.get(value)], [200, 403, 200, 429]);
    assert.equal((await gateway.manage('GET', '/apikeys')).json.item.map(({ name, description, enabled }: any) => [name, description, enabled]).sort(), [['first', 'From the file', true], ['second', undefined, false]]);
  });
});

for (const workers of ['1', '2']) {
  test(`a SQLite file keeps keys, quotas and usage of a gateway that is killed, and gwc keys works on it meanwhile (--workers ${workers})`, async () => {
    const stored = await buildDocument(document('{admin: true, store: sqlite, stages: {prod: {}}}'));
    const store = `sqlite:${join(folder, `keys-${workers}.db`)}`;
    const args = ['--workers', workers, '--store', store];
    const first = await manageGateway(stored.code, args);
    const key = await addKey(first, { quota: { limit: 5, period: 'MONTH' } });
    const other = await addKey(first);
    const today = new Date().toISOString().slice(0, 10);
    const usage = async (gateway: ManagedGateway, plan: string): Promise<unknown> => (await gateway.manage('GET', `/usageplans/${plan}/usage?startDate=${today}&endDate=${today}`)).json.values;
    assert.equal([await first.get(key.value), await first.get(key.value), await first.get(other.value)], [200, 200, 200], first.stderr());
    assert.equal(await usage(first, key.plan), { [key.id]: [[2, 3]] });
    assert.equal(await usage(first, other.plan), { [other.id]: [[1, -1]] });
    await first.stop('SIGKILL');
    await pause(500);

    const offline = await cli(['keys', 'create', 'made-offline', '--plan', other.plan, '--store', store]);
    assert.is(offline.code, 0, offline.stderr);
    assert.is((await cli(['keys', 'disable', other.id, '--store', store])).code, 0);
    assert.match((await cli(['usage', key.plan, '--store', store])).stdout, /\bp +[a-z0-9]{10} +\d{4}-\d\d-\d\d +2 +3\n/);

    const second = await manageGateway(stored.code, args);
    try {
      assert.equal([await second.get(key.value), await second.get(other.value), await second.get(offline.stdout.trim())], [200, 403, 200], second.stderr());
      assert.equal(await usage(second, key.plan), { [key.id]: [[3, 2]] });
      assert.equal([await second.get(key.value), await second.get(key.value), await second.get(key.value)], [200, 200, 429]);
      await second.manage('PATCH', `/usageplans/${key.plan}/keys/${key.id}/usage`, patch('replace', '/remaining', '1'));
      assert.equal([await second.get(key.value), await second.get(key.value)], [200, 429]);
      await second.manage('PATCH', `/usageplans/${key.plan}`, { patchOperations: [{ op: 'replace', path: '/throttle/rateLimit', value: '0.001' }, { op: 'replace', path: '/throttle/burstLimit', value: '1' }, { op: 'remove', path: '/quota' }] });
      assert.equal([await second.get(key.value), await second.get(key.value)], [200, 429]);
      // Beside a gateway that runs: it is told within a second.
      const enabled = await cli(['keys', 'enable', other.id, '--store', store]);
      assert.is(enabled.code, 0, `gwc keys enable: ${enabled.stderr}`);
      for (let i = 0; i < 40 && (await second.get(other.value)) !== 200; i++) await pause(50);
      assert.is(await second.get(other.value), 200);
      assert.not((await second.manage('GET', '/apikeys')).json.item.some((item: object) => JSON.stringify(item).includes(key.value)));
    } finally { assert.is(await second.stop(), 0, `exit; it wrote ${second.stderr()}`); }
  });
}

test('gateways on one Redis, with workers too, know the keys that one of them made, and count together', async () => {
  if (!hasRedis()) return;
  const redis = await startRedis();
  try {
    const stored = await buildDocument(document('{admin: true, store: redis, stages: {prod: {}}}'));
    const store = ['--store', `redis://127.0.0.1:${redis.port}`];
    await withGateway(stored.code, store, (one) => withGateway(stored.code, ['--workers', '2', ...store], async (other) => {
      const key = await addKey(one, { quota: { limit: 6, period: 'MONTH' } });
      assert.is(await one.get(key.value), 200, one.stderr());
      // The last of what makes the key open; workers are told a moment later.
      for (let i = 0; i < 100 && (await Promise.all([other.get('x'), other.manage('GET', `/usageplans/${key.plan}/keys/${key.id}`)]))[1].status !== 200; i++) await pause(50);
      await pause(1_000);
      const statuses = await Promise.all(Array.from({ length: 5 }, () => other.get(key.value)));
      assert.equal(statuses, [200, 200, 200, 200, 200], other.stderr());
      assert.equal([await one.get(key.value), await other.get(key.value)], [429, 429], 'six in all');
      const today = new Date().toISOString().slice(0, 10);
      assert.equal((await one.manage('GET', `/usageplans/${key.plan}/usage?startDate=${today}&endDate=${today}`)).json.values, { [key.id]: [[6, 0]] });
      await other.manage('PATCH', `/usageplans/${key.plan}`, patch('replace', '/quota/limit', '7'));
      for (let i = 0; i < 60 && (await one.manage('GET', `/usageplans/${key.plan}`)).json.quota.limit !== 7; i++) await pause(50);
      assert.equal([await one.get(key.value), await one.get(key.value)], [200, 429], 'one more');
      await one.manage('DELETE', `/apikeys/${key.id}`);
      assert.is(await one.get(key.value), 403);
      for (let i = 0; i < 60 && (await other.get(key.value)) !== 403; i++) await pause(50);
      await pause(300);
      assert.equal([...new Set(await Promise.all(Array.from({ length: 6 }, () => other.get(key.value))))], [403]);
    }));
  } finally { await redis.stop(); }
});

test('what is wrong with a file of keys is said when it is built, and no value with it', async () => {
  const value = 'never-to-be-seen-never-to-be-seen';
  const messages = async (csv: string | undefined, gwc = '{stages: {prod: {}}, usagePlans: {gold: {apiStages: [{stage: prod}]}}, apiKeysFile: keys.csv}'): Promise<string> => {
    writeFileSync(join(folder, 'file.yaml'), document(gwc));
    rmSync(join(folder, 'keys.csv'), { force: true });
    if (csv !== undefined) writeFileSync(join(folder, 'keys.csv'), csv);
    const { diagnostics } = await compile(join(folder, 'file.yaml'), { clients: [], cwd: folder });
    return diagnostics.filter(({ code }) => code.startsWith('GWC286')).map(({ code, message }) => `${code} ${message}`).join('\n');
  };
  assert.is(await messages(`name,key,usageplanids\na,${value},gold\n`), '');
  assert.match(await messages(undefined), /^GWC2861 the API keys of keys.csv cannot be read: there is no such file/);
  assert.match(await messages(`key\n${value}\n`), /^GWC2861 .* among them Name/);
  const all = await messages(`Name,Key,UsagePlanIds,Owner\na,${value},golden,x\nb,${value},,\n,${value}1,gold,\nc,${value}${'x'.repeat(100)},gold,\n`);
  assert.match(all, /GWC2862 line 3 of keys.csv has the same Key as line 2/);
  assert.match(all, /GWC2862 line 4 of keys.csv has no Name/);
  assert.match(all, /GWC2862 line 5 of keys.csv has a Key of 133 characters/);
  assert.match(all, /GWC2863 columns of keys.csv that are ignored: Owner/);
  assert.match(all, /GWC2864 line 2 of keys.csv names the usage plan 'golden'/);
  assert.not(all.includes(value));
});

const gwc = fileURLToPath(new URL('../../../../bin/gwc.js', import.meta.url));

function cli(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [gwc, ...args], { env: { ...process.env, ...environment } });
  let stdout = '', stderr = '';
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

test('gwc keys and gwc usage against a running gateway', () => withGateway(code, [], async (gateway) => {
  const environment = { GWC_ADMIN_URL: gateway.admin, ...ADMIN };
  const keys = (...args: string[]): ReturnType<typeof cli> => cli(['keys', ...args], environment);
  const { json: plan } = await gateway.manage('POST', '/usageplans', { name: 'gold', apiStages: [{ apiId: gateway.apiId, stage: 'prod' }], quota: { limit: 5, period: 'DAY' } });
  const created = await keys('create', 'partner-a', '--plan', 'gold', '--description', 'ours');
  assert.is(created.code, 0, created.stderr);
  const value = created.stdout.trim();
  assert.match(value, /^[A-Za-z0-9]{40}$/);
  assert.is(await gateway.get(value), 200);
  const list = await keys('list');
  assert.match(list.stdout, /^ID +NAME +ENABLED +CREATED +DESCRIPTION\n[a-z0-9]{10} +partner-a +yes +\d{4}-\d\d-\d\d +ours\n$/);
  assert.not(list.stdout.includes(value));
  assert.is((await keys('disable', 'partner-a')).code, 0);
  assert.is(await gateway.get(value), 403);
  assert.is((await keys('enable', 'partner-a')).code, 0);
  const rotated = await keys('rotate', 'partner-a', '--grace', '1h', '--format', 'json');
  const next = (JSON.parse(rotated.stdout) as { value: string }).value;
  assert.equal([await gateway.get(value), await gateway.get(next)], [200, 200], 'both open');
  assert.is((await keys('rotate', 'partner-a', '--grace', '0')).code, 0);
  assert.equal([await gateway.get(value), await gateway.get(next)], [403, 403]);
  const usage = await keys('usage', 'partner-a');
  assert.match(usage.stdout, /^PLAN +KEY +DAY +USED +REMAINING\ngold +[a-z0-9]{10} +\d{4}-\d\d-\d\d +3 +2\n$/);
  assert.equal((JSON.parse((await cli(['usage', 'gold', '--format', 'json'], environment)).stdout) as { usagePlanId: string }[]).map(({ usagePlanId }) => usagePlanId), [plan.id]);
  const own = await cli(['keys', 'create', 'own', '--value-file', '-'], environment, 'value-of-my-own-choosing\n');
  assert.is(own.stdout, 'value-of-my-own-choosing\n');
  const imported = await cli(['keys', 'import', '-', '--format', 'json'], environment, `name,key\nimported,imported-imported-imported\nbad,x\n`);
  assert.equal([(JSON.parse(imported.stdout) as { ids: string[]; warnings: string[] }).ids.length, (JSON.parse(imported.stdout) as { warnings: string[] }).warnings.length], [1, 1]);
  assert.is((await keys('delete', 'own')).code, 0);
  assert.equal([(await keys('delete', 'own')).code, (await keys('create', 'x', '--plan', 'nothing')).code, (await keys('import', 'nowhere.csv')).code, (await keys('explode')).code], [2, 2, 2, 2]);
  assert.equal((await gateway.manage('GET', '/apikeys')).json.item.map(({ name }: any) => name).sort(), ['imported', 'partner-a']);
  const stranger = await cli(['keys', 'list'], { ...environment, GWC_ADMIN_TOKEN: 'token-of-somebody-else' });
  assert.equal([stranger.code, stranger.stdout, stranger.stderr], [1, '', 'The token is not one of this gateway\n']);
  assert.is((await cli(['keys', 'list', '--admin', 'http://127.0.0.1:1'], environment)).code, 1);
}));

test.run();
