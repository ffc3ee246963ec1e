/** Limits of a built gateway hold over all its workers: rate and burst under load from several connections, a quota to the request, a worker that is killed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { rawRequest, runGateway } from '../../testing/running-gateway.js';
import { steadyClient } from '../../testing/steady-client.js';

const test = suite('limits over workers');
const folder = mkdtempSync(join(tmpdir(), 'gwc-workers-'));
test.after(() => rmSync(folder, { recursive: true }));

const MOCK = `{type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200'}}}`;
const RATE = 400, BURST = 100, QUOTA = 50;
const SECONDS = Number(process.env['LIMIT_SECONDS'] ?? 4);

const spec = `openapi: 3.0.1
info: {title: t, version: '1'}
x-gwc-flavour: rest
x-gwc:
  stages: {prod: {}}
  usagePlans:
    fast: {apiStages: [{stage: prod}], throttle: {rateLimit: ${RATE}, burstLimit: ${BURST}}}
    small: {apiStages: [{stage: prod}], quota: {limit: ${QUOTA}, period: MONTH}}
  apiKeys: {fast: {value: 'env:FAST', usagePlans: [fast]}, small: {value: 'env:SMALL', usagePlans: [small]}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
security: [{key: []}]
paths: {/pets: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${MOCK}}}}
`;

async function build(): Promise<string> {
  const path = join(folder, 'spec.yaml');
  writeFileSync(path, spec);
  const { bundle, diagnostics } = await compile(path, { clients: [] });
  assert.ok(bundle, JSON.stringify(diagnostics));
  return bundle.code;
}

const ENVIRONMENT = { FAST: 'fast-key', SMALL: 'small-key' };
const workersOf = (pid: number): number[] => execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('rate × time + burst, over two workers, many times the limit asked for', async () => {
  const gateway = await runGateway(await build(), ['--workers', '2'], ENVIRONMENT);
  try {
    await pause(500);
    let admitted = 0, refused = 0, last = 0;
    const started = performance.now();
    const clients = Array.from({ length: 8 }, () => steadyClient(gateway.port, 'fast-key', 2, (status) => {
      assert.ok(status === 200 || status === 429, String(status));
      if (status === 200) { admitted++; last = performance.now(); } else refused++;
    }));
    await pause(SECONDS * 1000);
    await Promise.all(clients.map(({ stop }) => stop()));
    const most = RATE * (last - started) / 1000 + BURST;
    assert.ok(admitted <= Math.floor(most) + 1, `${admitted} let in, ${most} allowed`);
    assert.ok(admitted >= most * 0.98 - 2, `${admitted} let in of ${most}`);
    assert.ok(refused > admitted, `${refused} refused`);
    if (process.env['LIMIT_SECONDS']) console.log(`let in ${admitted} of ${most.toFixed(1)} (${(admitted / most * 100).toFixed(2)} %), refused ${refused}`);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

test('a quota is exact, and a worker that is killed does not give it back', async () => {
  const gateway = await runGateway(await build(), ['--workers', '2'], ENVIRONMENT);
  try {
    await pause(500);
    const statuses = async (count: number): Promise<number[]> => Promise.all(Array.from({ length: count }, async () => (await rawRequest(gateway.port, 'GET', '/pets', [['x-api-key', 'small-key']], '')).status));
    const first = await statuses(QUOTA - 10);
    assert.equal([...new Set(first)], [200]);
    for (const pid of workersOf(gateway.process.pid!)) {
      process.kill(pid, 'SIGKILL');
      await pause(700);
    }
    const later = await statuses(40);
    assert.is(later.filter((status) => status === 200).length, 10);
    assert.is(later.filter((status) => status === 429).length, 30);
    assert.match((await rawRequest(gateway.port, 'GET', '/pets', [['x-api-key', 'small-key']], '')).body, /Limit Exceeded/);
  } finally {
    await gateway.stop();
  }
});

test('SIGHUP in a single process: the new gateway goes on with what was used', async () => {
  const gateway = await runGateway(await build(), [], ENVIRONMENT);
  try {
    const ask = async (): Promise<number> => (await rawRequest(gateway.port, 'GET', '/pets', [['x-api-key', 'small-key']], '')).status;
    for (let i = 0; i < QUOTA; i++) assert.is(await ask(), 200);
    assert.is(await ask(), 429);
    gateway.process.kill('SIGHUP');
    for (let i = 0; i < 100 && !gateway.stderr().includes('took the new bundle'); i++) await pause(20);
    assert.match(gateway.stderr(), /took the new bundle/);
    assert.is(await ask(), 429);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

test('a variable that is missing: exit 1 with its name, workers or not', async () => {
  const code = await build();
  for (const args of [[], ['--workers', '2']]) {
    try {
      await runGateway(code, args, { ...ENVIRONMENT, SMALL: '' });
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, /gateway ended with 1: (environment variable not set: SMALL \(API key "small"\)\s+)+$/);
      assert.not.match((error as Error).message, /fast-key/);
    }
  }
});

test.run();
