/** Functions in threads of their own whose answers stream: a client that does not read makes the function wait, whatever the function does costs its own answer. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('streams out of threads');
const folder = mkdtempSync(join(tmpdir(), 'gwc-isolated-streams-'));
let gateway: RunningGateway;

const HANDLERS = `
import { parentPort, threadId } from 'node:worker_threads';
import { once } from 'node:events';
declare const awslambda: any;
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let written = 0, ended = 0;
export const handler = awslambda.streamifyResponse(async (event: { path: string }, raw: any, context: any): Promise<void> => {
  const http = (prelude: object = { statusCode: 200 }) => awslambda.HttpResponseStream.from(raw, prelude);
  const write = async (stream: any, piece: Uint8Array) => { written += piece.length; if (!stream.write(piece)) await once(stream, 'drain'); };
  switch (event.path.split('/').at(-1)) {
    case 'endless': { written = 0; const stream = http(), piece = Buffer.alloc(65_536, 'x'); for (let i = 0; i < 2_000; i++) await write(stream, piece); stream.end(); ended++; return; }
    case 'one-write': http().end(Buffer.alloc(20_000_000, 'y')); return;
    case 'tiny': { const stream = http(); for (let i = 0; i < 5_000; i++) stream.write(String(i % 10)); stream.end(); return; }
    case 'exit': { const stream = http(); stream.write('half'); await later(50); process.exit(3); return; }
    case 'memory': { const stream = http(); stream.write('half'); await later(50); const all: unknown[] = []; for (;;) all.push(new Array(10_000).fill(written)); }
    case 'busy': { const stream = http(); stream.write('half'); await later(50); for (;;) { /* never comes back */ } }
    case 'destroyed': { const stream = http(); stream.write('half'); await later(50); stream.destroy(new Error('let go')); return; }
    case 'forged': for (const bytes of [7, 'x', null, [1], new ArrayBuffer(4)]) parentPort!.postMessage({ kind: 'piece', id: context.awsRequestId, bytes }); parentPort!.postMessage({ kind: 'piece', id: 'other', bytes: new Uint8Array(4) }); http().end('fine'); return;
    case 'told': http().end(JSON.stringify({ written, ended, threadId, remaining: context.getRemainingTimeInMillis() > 0, id: /^[0-9a-f-]{36}$/.test(context.awsRequestId) })); return;
    default: http({ statusCode: 404 }).end();
  }
});
export const whole = async () => 'w'.repeat(3_000_000);
`;
const uri = (name: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/response-streaming-invocations`;
const operation = (name: string, timeoutInMillis = 20_000): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', responseTransferMode: 'STREAM', timeoutInMillis, uri: uri(name) } });

test.before(async () => {
  writeFileSync(join(folder, 'handler.ts'), HANDLERS);
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'streams', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': { functions: { Stream: { handler: './handler.ts', memory: 48, maxConcurrency: 1 }, Whole: { handler: './handler.ts#whole', isolate: true } } },
    paths: { '/stream/{what}': { get: operation('Stream') }, '/short/{what}': { get: operation('Stream', 1_000) }, '/whole': { get: operation('Whole') } },
  }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  gateway = await runGateway(compilation.bundle.code);
});
test.after(async () => {
  assert.is(await gateway.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

const get = (target: string): ReturnType<typeof rawRequest> => rawRequest(gateway.port, 'GET', target, [], '');
interface Told { readonly written: number; readonly ended: number; readonly threadId: number; readonly remaining: boolean; readonly id: boolean }
const told = async (): Promise<Told> => JSON.parse((await get('/stream/told')).body) as Told;
const memory = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${gateway.process.pid}/status`, 'utf8'))![1]) / 1_024;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A client that asks and then does not read. */
async function deaf(target: string): Promise<Socket> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await pause(800);
  return socket;
}

test('a call in a thread knows what one in Lambda knows', async () => {
  const { remaining, id } = await told();
  assert.equal([remaining, id], [true, true]);
});

test('a client that does not read makes the function wait; one that goes away lets it run on, to nobody', async () => {
  await told();
  const before = memory();
  const socket = await deaf('/stream/endless');
  const waiting = memory();
  assert.ok(waiting - before < 40, `${before} → ${waiting} MB`);
  await pause(500);
  // The one thread is waiting for the client: nobody else is served by it.
  let served = false;
  const next = told().then((answer) => { served = true; return answer; });
  await pause(300);
  assert.is(served, false);
  socket.destroy();
  const { written, ended } = await next;
  assert.equal([written, ended], [2_000 * 65_536, 1], 'all of it was written, once nobody was waited for');
  assert.ok(memory() - before < 40, `${before} → ${memory()} MB`);
});

test('one large write, thousands of small ones and a result as a whole arrive as they are', async () => {
  assert.equal(await get('/stream/one-write').then(({ status, body }) => [status, body.length, body === 'y'.repeat(20_000_000)]), [200, 20_000_000, true]);
  assert.is((await get('/stream/tiny')).body, '0123456789'.repeat(500));
  // Without a prelude there is no answer.
  assert.is((await get('/whole')).status, 502);
});

for (const [what, log] of [['exit', /Runtime exited with error: exit status 3/], ['memory', /signal: killed/], ['destroyed', /let go/]] as const) {
  test(`${what} in the middle breaks the answer off; the next is served`, async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    let text = '';
    const before = gateway.stderr().length;
    await new Promise<void>((resolve) => { socket.on('data', (piece) => { text += piece.toString('latin1'); }).on('close', () => resolve()).on('error', () => resolve()); socket.write(`GET /stream/${what} HTTP/1.1\r\nHost: x\r\n\r\n`); });
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n[\s\S]*half/);
    assert.not.match(text, /\r\n0\r\n\r\n$/);
    assert.match(gateway.stderr().slice(before), log);
    assert.is((await told()).ended >= 0, true);
    assert.is(gateway.process.exitCode, null);
  });
}

test('a loop in the middle ends with the time', async () => {
  const begun = Date.now();
  const socket = connect(gateway.port, '127.0.0.1');
  await new Promise<void>((resolve) => { socket.on('close', () => resolve()).on('error', () => resolve()).resume(); socket.write('GET /short/busy HTTP/1.1\r\nHost: x\r\n\r\n'); });
  assert.ok(Date.now() - begun >= 900 && Date.now() - begun < 3_000, `${Date.now() - begun} ms`);
  assert.is((await told()).remaining, true);
});

test('forged messages are not believed', async () => {
  assert.equal(await get('/stream/forged').then(({ status, body }) => [status, body]), [200, 'fine']);
});

test('threads of a function that streams nowhere hold nothing for it', async () => {
  writeFileSync(join(folder, 'plain.json'), JSON.stringify({ openapi: '3.0.1', info: { title: 'plain', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { functions: { Plain: { handler: './plain.ts', isolate: true } } }, paths: { '/': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: uri('Plain').replace('2021-11-15', '2015-03-31').replace('response-streaming-', '') } } } } }));
  writeFileSync(join(folder, 'plain.ts'), 'export const handler = async () => ({ statusCode: 200 });');
  const { bundle } = await compile(join(folder, 'plain.json'), { clients: [] });
  assert.not.match(bundle!.code, 'node:stream');
});
test.run();
