/** Programs on the Runtime API: starting, crashing, hanging, many at once, and what is left when the gateway ends. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('Lambda functions as programs');
const folder = mkdtempSync(join(tmpdir(), 'gwc-exec-'));
const runtime = fileURLToPath(new URL('./testing/broken-runtime.js', import.meta.url));
const NAMES = ['Work', 'Exit', 'Init', 'Hang', 'Absent', 'Two'];
let gateway: RunningGateway;
let bundle = '';

test.before(async () => {
  const paths = Object.fromEntries(NAMES.map((name) => [`/${name}/{what}`, {
    get: { parameters: [{ name: 'what', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', timeoutInMillis: 3_000, uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:${name}:7/invocations` } },
  }]));
  const run = (mode: string): string[] => [process.execPath, runtime, mode];
  const functions = { Work: { exec: run('work') }, Exit: { exec: run('exit') }, Init: { exec: run('init-error') }, Hang: { exec: run('hang') }, Absent: { exec: './there is no such program' }, Two: { exec: run('work'), maxConcurrency: 2 } };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ openapi: '3.0.1', info: { title: 'exec', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { functions }, paths }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  bundle = compilation.bundle.code;
  gateway = await runGateway(bundle, [], { AWS_REGION: 'eu-west-1' });
});
test.after(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function get(target: string): Promise<{ status: number; body: string; log: string; ms: number }> {
  const before = gateway.stderr().length;
  const start = performance.now();
  const { status, body } = await rawRequest(gateway.port, 'GET', target, [], '');
  return { status, body, log: gateway.stderr().slice(before), ms: performance.now() - start };
}
/** A zombie, which nobody has waited for yet, is dead. */
const isAlive = (pid: number): boolean => { try { return !/^Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim()); } catch { return false; } };
const FAILED = '{"message": "Internal server error"}';

test('one program serves one call after another', async () => {
  const [first, second] = [await get('/Work/pid'), await get('/Work/pid')];
  assert.is(first.status, 200);
  assert.is(first.body, second.body);
});

test('it knows who it is', async () => {
  assert.equal(JSON.parse((await get('/Work/environment')).body), ['Work', '7', '/aws/lambda/Work', 'eu-west-1', 'arn:aws:lambda:eu-west-1:123456789012:function:Work:7', 'Root=1-', true]);
});

test('a crash costs one 502; the next call gets a new program', async () => {
  const before = (await get('/Work/pid')).body;
  const crash = await get('/Work/crash');
  assert.equal([crash.status, crash.body], [502, FAILED]);
  assert.match(crash.log, /customer function error: RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7\. Lambda request id/);
  const after = await get('/Work/pid');
  assert.is(after.status, 200);
  assert.is.not(after.body, before);
  assert.match((await get('/Work/kill')).log, 'Runtime exited with error: signal: SIGKILL');
});

test('a busy loop is cut off at timeoutInMillis and killed', async () => {
  const pid = Number((await get('/Work/pid')).body);
  const busy = await get('/Work/busy');
  assert.equal([busy.status, busy.body], [504, '{"message": "Endpoint request timed out"}']);
  assert.ok(busy.ms > 2_900 && busy.ms < 4_500, `${busy.ms} ms`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.not.ok(isAlive(pid));
  assert.is((await get('/Work/pid')).status, 200);
});

test('a program that cannot start, ends at once, or fails to initialise: 502 and why', async () => {
  for (const [name, reason] of [['Absent', /Couldn't start \.\/there: /], ['Exit', /Runtime exited with error: exit status 3/], ['Init', /customer function error: no database\./]] as const) {
    for (let i = 0; i < 2; i++) {
      const answer = await get(`/${name}/pid`);
      assert.equal([answer.status, answer.body], [502, FAILED], name);
      assert.match(answer.log, reason);
    }
  }
});

test('a program that never asks for work: 504', async () => {
  assert.is((await get('/Hang/pid')).status, 504);
});

test('results that are too large, missing, doubled or for somebody else', async () => {
  const large = await get('/Work/large');
  assert.is(large.status, 502);
  assert.match(large.log, /Response payload size exceeded maximum allowed payload size/);
  assert.is((await get('/Work/silent')).status, 502);
  assert.is((await get('/Work/twice')).body, 'first');
  assert.is((await get('/Work/wrong-id')).body, '400 InvalidRequestID 404');
});

test('calls at once get programs of their own, up to the maximum; the others wait', async () => {
  const answers = await Promise.all(Array.from({ length: 7 }, () => get('/Two/nap')));
  assert.equal(answers.map(({ status }) => status), Array(7).fill(200));
  assert.is(new Set(answers.map(({ body }) => body)).size, 2);
});

test('a gateway that is closed in a process that goes on ends its programs and threads, those at work when they are done', async () => {
  const file = join(folder, 'embedded.mjs');
  writeFileSync(file, bundle);
  interface Embedded { fetch(request: Request): Promise<Response>; createGateway(): { close(): void } }
  const embedded = await import(pathToFileURL(file).href) as Embedded;
  const call = async (target: string): Promise<string> => (await embedded.fetch(new Request(`http://localhost${target}`))).text();
  const idle = Number(await call('/Work/pid')), atWork = Number(await call('/Two/pid'));
  const nap = call('/Two/nap');
  await new Promise((resolve) => setTimeout(resolve, 50));
  embedded.createGateway().close();
  assert.is(await nap, String(atWork), 'what is under way is answered');
  for (let waited = 0; waited < 3_000 && [idle, atWork].some(isAlive); waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal([idle, atWork].filter(isAlive), []);
  const again = Number(await call('/Work/pid'));
  assert.is.not(again, idle, 'and a call after that gets a new one');
  embedded.createGateway().close();
  for (let waited = 0; waited < 3_000 && isAlive(again); waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.not.ok(isAlive(again));
});

test('when the gateway ends, its programs do', async () => {
  const pids = [Number((await get('/Work/pid')).body), ...new Set((await Promise.all([get('/Two/nap'), get('/Two/nap')])).map(({ body }) => Number(body)))];
  assert.ok(pids.every(isAlive));
  assert.is(await gateway.stop(), 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(pids.filter(isAlive), []);
});
test.run();
