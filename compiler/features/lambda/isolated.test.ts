/** Functions in threads of their own: whatever one does costs its own answer, 502 or 504, and nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('Lambda functions in threads');
const folder = mkdtempSync(join(tmpdir(), 'gwc-isolated-'));
let gateway: RunningGateway;

const HANDLERS = `
import { isMainThread, parentPort, threadId } from 'node:worker_threads';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
let calls = 0;
const ok = (body: unknown) => ({ statusCode: 200, body: typeof body === 'string' ? body : JSON.stringify(body) });
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const handler = async (event: { path: string }, context: any): Promise<unknown> => {
  calls++;
  switch (event.path.split('/').at(-1)) {
    case 'thread': return ok({ isMainThread, threadId, calls });
    case 'context': return ok([context.memoryLimitInMB, process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, context.functionName, context.getRemainingTimeInMillis() > 0]);
    case 'exit': return process.exit(0);
    case 'exit-3': return process.exit(3);
    case 'uncaught': setTimeout(() => { throw new Error('nobody catches this'); }, 1); return later(1_000);
    case 'rejection': void Promise.reject(new Error('left behind')); return later(1_000);
    case 'busy': for (;;) { /* never comes back */ }
    case 'busy-regexp': return ok(String(/^(a+)+$/.test('a'.repeat(40) + 'b')));
    case 'memory': { const all: unknown[] = []; for (;;) all.push(new Array(10_000).fill(calls)); }
    case 'stack': { const deep = (n: number): number => deep(n + 1) + 1; return ok(deep(0)); }
    case 'hang': return new Promise(() => undefined);
    case 'messages': for (const message of [null, 1, 'x', {}, { kind: 'ready' }, { kind: 'returned', id: context.awsRequestId, text: 7 }, { kind: 'functionError', id: 'other', message: 'x', payload: 'y' }]) parentPort!.postMessage(message); return ok('fine');
    case 'close-port': parentPort!.close(); return ok('nobody hears this');
    case 'late': setTimeout(() => { calls += 100; }, 30); return ok('early');
    case 'nap': await later(200); return ok({ threadId });
    case 'files': return ok([existsSync(join(__dirname, 'gateway.mjs')), existsSync(new URL('./gateway.mjs', import.meta.url)), existsSync(__filename)]);
    case 'log': console.log('a line of the function'); return ok('logged');
    default: return ok('?');
  }
};
`;
const uri = (name: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
const operation = (name: string, type = 'aws_proxy'): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type, httpMethod: 'POST', timeoutInMillis: 1_500, uri: uri(name), ...(type === 'aws' ? { requestTemplates: { 'application/json': '{"path": "/exit-3"}' }, responses: { default: { statusCode: '200' } } } : {}) } });

test.before(async () => {
  writeFileSync(join(folder, 'handler.ts'), HANDLERS);
  writeFileSync(join(folder, 'broken.ts'), 'export const handler = async () => ({});\nthrow new Error("cannot start");');
  writeFileSync(join(folder, 'endless.ts'), 'export const handler = async () => ({});\nfor (;;);');
  const spec = {
    openapi: '3.0.1', info: { title: 'isolated', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': { functions: { Isolated: { handler: './handler.ts', isolate: true, memory: 64, maxConcurrency: 3 }, Broken: { handler: './broken.ts', isolate: true }, Endless: { handler: './endless.ts', memory: 32 }, Inside: { handler: './handler.ts' } } },
    paths: { '/isolated/{what}': { get: operation('Isolated') }, '/custom': { post: operation('Isolated', 'aws') }, '/broken': { get: operation('Broken') }, '/endless': { get: operation('Endless') }, '/inside/{what}': { get: operation('Inside') } },
  };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  assert.is(diagnosticsText(compilation).includes('warning'), false, diagnosticsText(compilation));
  assert.equal(compilation.bundle.files.map((file) => file.slice(folder.length)).sort(), ['/broken.ts', '/endless.ts', '/handler.ts'], 'what gwc dev watches');
  assert.not.match(compilation.bundle.code, folder, 'no path of this machine');
  gateway = await runGateway(compilation.bundle.code);
});
test.after(async () => {
  assert.is(await gateway.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

async function get(target: string): Promise<{ status: number; body: string; log: string }> {
  const before = gateway.stderr().length;
  const { status, body } = await rawRequest(gateway.port, 'GET', target, [], '');
  return { status, body, log: gateway.stderr().slice(before) };
}
const INTERNAL = '{"message": "Internal server error"}';
const TIMEOUT = '{"message": "Endpoint request timed out"}';

test('runs in a thread of its own, which keeps its state; the same function without isolate runs in the gateway', async () => {
  const first = JSON.parse((await get('/isolated/thread')).body) as { isMainThread: boolean; threadId: number; calls: number };
  const second = JSON.parse((await get('/isolated/thread')).body) as typeof first;
  assert.equal([first.isMainThread, second.threadId, second.calls], [false, first.threadId, first.calls + 1]);
  assert.is((JSON.parse((await get('/inside/thread')).body) as typeof first).isMainThread, true);
});

test('knows its memory and where the gateway is', async () => {
  assert.is((await get('/isolated/context')).body, '["64","64","Isolated",true]');
  assert.is((await get('/isolated/files')).body, '[true,true,true]');
});

const FAULTS: readonly (readonly [string, number, string, RegExp])[] = [
  ['exit', 502, INTERNAL, /customer function error: RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason\./],
  ['exit-3', 502, INTERNAL, /Runtime exited with error: exit status 3\./],
  ['uncaught', 502, INTERNAL, /Runtime exited with error: nobody catches this\./],
  ['rejection', 502, INTERNAL, /Runtime exited with error: left behind\./],
  ['memory', 502, INTERNAL, /Runtime exited with error: signal: killed\./],
  ['stack', 502, INTERNAL, /customer function error: Maximum call stack size exceeded\./],
  ['busy', 504, TIMEOUT, /Execution failed due to a timeout error/],
  ['busy-regexp', 504, TIMEOUT, /timeout/],
  ['hang', 504, TIMEOUT, /timeout/],
  ['close-port', 502, INTERNAL, /Runtime exited without providing a reason\./],
];
for (const [what, status, body, log] of FAULTS) {
  test(`${what} costs one ${status}; meanwhile and afterwards all others are answered`, async () => {
    const fault = get(`/isolated/${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const begun = Date.now();
    const beside = await Promise.all([rawRequest(gateway.port, 'GET', '/inside/thread', [], ''), rawRequest(gateway.port, 'GET', '/isolated/thread', [], '')]);
    assert.equal(beside.map((each) => each.status), [200, 200], 'beside it');
    assert.ok(Date.now() - begun < 1_400, `${Date.now() - begun} ms`);
    const answer = await fault;
    assert.equal([answer.status, answer.body], [status, body], answer.log);
    assert.match(answer.log, log);
    assert.is((await get('/isolated/thread')).status, 200, 'afterwards');
    assert.is(gateway.process.exitCode, null);
  });
}

test('a custom integration gets the crash as Lambda reports it', async () => {
  const { status, body } = await rawRequest(gateway.port, 'POST', '/custom', [], '{}');
  assert.is(status, 200);
  assert.match(body, /^\{"errorMessage":"RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3","errorType":"Runtime\.ExitError"\}$/);
});

test('messages that are none are not believed', async () => {
  assert.equal((({ status, body }) => [status, body])(await get('/isolated/messages')), [200, 'fine']);
});

test('a module that cannot be loaded fails its calls, one that never finishes is given up; the gateway starts all the same', async () => {
  const broken = await get('/broken');
  assert.equal([broken.status, broken.body], [502, INTERNAL]);
  assert.match(broken.log, /cannot start/);
  const endless = await get('/endless');
  assert.equal([endless.status, endless.body], [504, TIMEOUT]);
  assert.is((await get('/inside/thread')).status, 200);
});

test('one call at a time per thread, at most as many threads as allowed, the rest wait', async () => {
  const answers = await Promise.all(Array.from({ length: 7 }, () => rawRequest(gateway.port, 'GET', '/isolated/nap', [], '')));
  assert.equal(answers.map(({ status }) => status), Array.from({ length: 7 }, () => 200));
  const threads = new Set(answers.map(({ body }) => body));
  assert.ok(threads.size <= 3 && threads.size > 1, `${threads.size} threads`);
});

for (const [options, problem] of [
  [{ isolate: 'yes' }, /isolate must be true or false|isolate/], [{ memory: 8 }, /memory must be a whole number of megabytes from 16 to 10240/], [{ isolate: false, memory: 64 }, /memory is limited with isolate: true only/],
  [{ maxConcurrency: 3 }, /maxConcurrency needs isolate: true/], [{ isolate: true, maxConcurrency: 0 }, /maxConcurrency must be a whole number from 1 to 1000/],
] as const) {
  test(`${JSON.stringify(options)} is refused`, async () => {
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ openapi: '3.0.1', info: { title: 'bad', version: '1' }, 'x-gwc': { functions: { F: { handler: './handler.ts', ...options } } }, paths: { '/': { get: operation('F') } } }));
    const compilation = await compile(join(folder, 'bad.json'), { clients: [] });
    assert.not.ok(compilation.bundle);
    assert.match(diagnosticsText(compilation), problem);
  });
}
test.run();
