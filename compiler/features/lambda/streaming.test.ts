/** Answers that stream: server-sent events of an HTTP backend, and functions wherever they run, piece by piece and the same bytes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { startStreamEndpoint } from './testing/stream-endpoint.js';

const test = suite('response streaming');
const folder = mkdtempSync(join(tmpdir(), 'gwc-streaming-'));
const source = fileURLToPath(new URL('../../../../compiler/features/lambda/testing/streaming-handler.ts', import.meta.url));
const client = fileURLToPath(new URL('./testing/streaming-client.js', import.meta.url));
const WAYS = ['endpoint', 'module', 'exec', 'isolated'] as const;
const gateways = new Map<string, RunningGateway>();
let endpoint: Awaited<ReturnType<typeof startStreamEndpoint>>;

const uri = (name: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}:live/response-streaming-invocations`;
const operation = (name: string, timeoutInMillis = 10_000): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', responseTransferMode: 'STREAM', timeoutInMillis, uri: uri(name) } });
const FAULTS = ['Throttled', 'Denied', 'ExpiredOnce', 'Json', 'Garbage', 'Huge', 'Cut', 'EndsEarly', 'Exception'];

/** Server-sent events that go on until told otherwise. */
const open = new Set<ServerResponse>();
const backend = createServer((_request, response) => {
  open.add(response);
  response.on('close', () => open.delete(response));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write('data: 1\n\n');
});

test.before(async () => {
  endpoint = await startStreamEndpoint();
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const spec = join(folder, 'spec.json');
  writeFileSync(spec, JSON.stringify({
    openapi: '3.0.1', info: { title: 'streaming', version: '1' }, 'x-gwc-flavour': 'rest',
    paths: {
      '/stream/{what}': { 'x-amazon-apigateway-any-method': operation('Stream') },
      '/late/{what}': { get: operation('Stream', 1_200) },
      '/events': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'GET', responseTransferMode: 'STREAM', uri: `http://127.0.0.1:${(backend.address() as AddressInfo).port}/` } } },
      ...Object.fromEntries(FAULTS.map((name) => [`/fault/${name}`, { get: operation(name) }])),
    },
  }));
  const targets = { endpoint: endpoint.url, module: `${source}#handler`, exec: `exec:${process.execPath} ${client}`, isolated: `isolated:${source}#handler` };
  for (const way of WAYS) {
    const compilation = await compile(spec, { clients: [], functions: { Stream: targets[way], ...Object.fromEntries(FAULTS.map((name) => [name, endpoint.url])) } });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    assert.not.match(diagnosticsText(compilation), /warning/);
    gateways.set(way, await runGateway(compilation.bundle.code, [], { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen' }));
  }
});
test.after(async () => {
  for (const gateway of gateways.values()) await gateway.stop();
  endpoint.close();
  backend.closeAllConnections();
  backend.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What arrives and when, in ms from the start. */
function timed(port: number, target: string): { arrivals: { at: number; text: string }[]; ended: Promise<void>; close(): void } {
  const socket = connect(port, '127.0.0.1');
  const begun = Date.now();
  const arrivals: { at: number; text: string }[] = [];
  socket.on('data', (piece: Buffer) => arrivals.push({ at: Date.now() - begun, text: piece.toString('latin1') }));
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return { arrivals, ended: new Promise((resolve) => socket.once('close', () => resolve())), close: () => socket.destroy() };
}
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) { assert.ok(waited < 5_000, what); await new Promise((resolve) => setTimeout(resolve, 10)); }
}

for (const way of WAYS) {
  test(`${way}: pieces reach the client before the function ends`, async () => {
    const { port } = gateways.get(way)!;
    await rawRequest(port, 'GET', '/stream/empty', [], '');
    const { arrivals, ended } = timed(port, '/stream/pieces');
    await ended;
    const first = arrivals.find(({ text }) => text.includes('data: first'))!, second = arrivals.find(({ text }) => text.includes('data: second'))!;
    assert.ok(second.at - first.at > 250, JSON.stringify(arrivals));
    assert.match(arrivals[0]!.text, /^HTTP\/1\.1 201 Created\r\n/);
    assert.match(arrivals[0]!.text, /Transfer-Encoding: chunked\r\n/i);
  });
}

const INTERNAL = '{"message": "Internal server error"}';
interface Expected { readonly status: number; readonly body?: string; readonly size?: number; readonly fields?: Readonly<Record<string, string | null>> }
const CASES: Readonly<Record<string, Expected>> = {
  pieces: { status: 201, body: 'data: first\n\ndata: second\n\n', fields: { 'content-type': 'text/event-stream', 'x-method': 'GET', 'x-many': 'a, b', 'set-cookie': 'a=1; Path=/, b=2', 'x-amzn-remapped-server': 'mine', 'x-amzn-remapped-content-length': '5', 'content-length': null } },
  pipeline: { status: 200, body: '\0\0\0\0\0\0\0\0after eight more zeros', fields: { 'content-type': 'application/json' } },
  empty: { status: 204, body: '' },
  'nothing-but-prelude': { status: 200, body: '', fields: { 'content-type': 'application/json' } },
  large: { status: 200, size: 20_971_520 },
  'no-prelude': { status: 502, body: INTERNAL, fields: { 'x-amzn-errortype': 'InternalServerErrorException' } },
  'bad-prelude': { status: 502, body: INTERNAL }, 'bad-status': { status: 502, body: INTERNAL }, 'bad-header': { status: 502, body: INTERNAL },
  throws: { status: 502, body: INTERNAL }, other: { status: 404, body: 'no such case' },
  slow: { status: 504, body: '{"message": "Endpoint request timed out"}' },
};
for (const [what, expected] of Object.entries(CASES)) {
  test(`every way: ${what}`, async () => {
    const answers = await Promise.all(WAYS.map((way) => rawRequest(gateways.get(way)!.port, 'GET', what === 'slow' ? '/late/slow' : `/stream/${what}`, [], '')));
    answers.forEach((answer, index) => {
      const shown = `${WAYS[index]}: ${JSON.stringify({ ...answer, body: answer.body.slice(0, 200) })}\n${gateways.get(WAYS[index]!)!.stderr().slice(-500)}`;
      assert.is(answer.status, expected.status, shown);
      if (expected.body !== undefined) assert.is(answer.body, expected.body, shown);
      if (expected.size !== undefined) assert.is(answer.body.length, expected.size, WAYS[index]);
      for (const [name, value] of Object.entries(expected.fields ?? {})) assert.is(answer.fields.filter(([each]) => each.toLowerCase() === name).map(([, each]) => each).join(', ') || null, value, `${name} of ${shown}`);
    });
    assert.equal(comparable(answers[1]!), comparable(answers[0]!), 'compiled in as at the endpoint');
    assert.equal(comparable(answers[2]!), comparable(answers[0]!), 'as a program as at the endpoint');
    assert.equal(comparable(answers[3]!), comparable(answers[0]!), 'in a thread as at the endpoint');
  });
}
function comparable(answer: RawAnswer): unknown {
  return { ...answer, fields: answer.fields.map(([name, value]) => [name, /^(date|x-amzn-requestid|x-amz-apigw-id|x-amzn-trace-id)$/i.test(name) ? '*' : value]) };
}

for (const [what, ms] of [['/stream/throws-late', 0], ['/late/stalls', 1_100]] as const) {
  test(`every way: ${what} breaks the answer off, it is not taken for complete`, async () => {
    await Promise.all(WAYS.map(async (way) => {
      const { arrivals, ended } = timed(gateways.get(way)!.port, what);
      const begun = Date.now();
      await ended;
      const text = arrivals.map((each) => each.text).join('');
      assert.match(text, /^HTTP\/1\.1 200 OK\r\n/, way);
      assert.not.match(text, /\r\n0\r\n\r\n$/, way);
      assert.ok(Date.now() - begun >= ms, way);
      assert.is((await rawRequest(gateways.get(way)!.port, 'GET', '/stream/empty', [], '')).status, 204, `${way} afterwards`);
    }));
  });
}

const ENDPOINT_FAULTS: Readonly<Record<string, readonly [number, string | null, RegExp | null]>> = {
  Throttled: [500, INTERNAL, /status: 429/], Denied: [500, INTERNAL, /Invalid permissions/], ExpiredOnce: [200, 'fine', null], Json: [502, INTERNAL, /content type is "application\/json"/],
  Garbage: [502, INTERNAL, /wrong checksum/], Huge: [502, INTERNAL, /a message of 2147483647 bytes/], Exception: [502, INTERNAL, /InternalFailure/],
};
for (const [name, [status, body, log]] of Object.entries(ENDPOINT_FAULTS)) {
  test(`endpoint: ${name}`, async () => {
    const gateway = gateways.get('endpoint')!;
    const before = gateway.stderr().length;
    const answer = await rawRequest(gateway.port, 'GET', `/fault/${name}`, [], '');
    assert.equal([answer.status, answer.body], [status, body]);
    if (log === null) assert.is(gateway.stderr().slice(before), '');
    else assert.match(gateway.stderr().slice(before), log);
  });
}
for (const name of ['Cut', 'EndsEarly']) {
  test(`endpoint: ${name} is no complete answer`, async () => {
    const { arrivals, ended } = timed(gateways.get('endpoint')!.port, `/fault/${name}`);
    await ended;
    assert.not.match(arrivals.map(({ text }) => text).join(''), /\r\n0\r\n\r\n$/);
  });
}

test('the endpoint is asked for a stream, by name and alias', () => {
  assert.ok(endpoint.urls.includes('/2021-11-15/functions/Stream/response-streaming-invocations?Qualifier=live'), endpoint.urls[0]);
});

test('http_proxy: server-sent events arrive one by one while the backend goes on; a client that leaves is noticed there', async () => {
  const { port } = gateways.get('module')!;
  const { arrivals, close } = timed(port, '/events');
  const text = (): string => arrivals.map((each) => each.text).join('');
  await until(() => text().includes('data: 1'), 'the first event');
  for (const each of open) each.write('data: 2\n\n');
  await until(() => text().includes('data: 2'), 'the second event, while the backend is open');
  assert.match(text(), /content-type: text\/event-stream/i);
  assert.is(open.size, 1);
  close();
  // A half-closed connection may still be read from: that nobody does is known when something is written.
  await until(() => { for (const each of open) each.write(': still there?\n\n'); return open.size === 0; }, 'the backend is let go');
});

for (const [more, problem] of [
  [{ responseTransferMode: 'BUFFERED' }, /GWC2511.*responseTransferMode is not STREAM/s],
  [{ uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Stream/invocations' }, /GWC2511.*invokes the function for a whole answer/s],
  [{ type: 'aws', responses: { default: { statusCode: '200' } } }, /GWC2511.*only aws_proxy/s],
] as const) {
  test(`${JSON.stringify(more)} is refused`, async () => {
    const base = operation('Stream') as { 'x-amazon-apigateway-integration': object };
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ openapi: '3.0.1', info: { title: 'bad', version: '1' }, 'x-gwc-flavour': 'rest', paths: { '/': { get: { ...base, 'x-amazon-apigateway-integration': { ...base['x-amazon-apigateway-integration'], ...more } } } } }));
    const compilation = await compile(join(folder, 'bad.json'), { clients: [] });
    assert.not.ok(compilation.bundle);
    assert.match(diagnosticsText(compilation), problem);
  });
}
test.run();
