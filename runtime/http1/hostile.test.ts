/** Hostile requests: refused with the right status and a close, or one well-formed request for the backend. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import { createNodeHttpServer } from '../node-http/server.js';
import { DEFAULT_LIMITS } from './limits.js';
import { createHttp1Server } from './server.js';
import { HOSTILE } from './testing/hostile-cases.js';
import { answers, open, pause, talk } from './testing/raw.js';
import { type RecordingBackend, recordingBackend } from './testing/recording-backend.js';
import { testState } from './testing/state.js';
import { createUpstream } from './upstream.js';

const test = suite('hostile requests');
const RULES = { dropRequest: new Set<string>(), dropResponse: new Set<string>(), remapResponse: new Set<string>() };
let backend: RecordingBackend;
let handler: RequestHandler;
let close: () => void;

test.before(async () => {
  backend = await recordingBackend();
  const upstream = createUpstream(`http://127.0.0.1:${backend.port}`, { maxConnections: 64, connectTimeoutMs: 500, idleTimeoutMs: 5_000, bodyTimeoutMs: 2_000 });
  close = () => { upstream.close(); backend.close(); };
  handler = (exchange) => upstream.relay(exchange, {
    method: exchange.method, target: Buffer.from(exchange.target).toString('latin1', exchange.pathStart, Math.max(exchange.pathEnd, exchange.queryEnd)), host: '', extra: [], rules: RULES, responseDefaults: [], timeoutMs: 2_000,
  }, (_exchange, failure) => exchange.reply.send(502, [], failure));
});
test.after(() => close());

async function withServer(create: typeof createHttp1Server, run: (port: number, server: GatewayServer) => Promise<void>, limits = DEFAULT_LIMITS): Promise<void> {
  const server = create(handler, testState(), limits);
  const { port } = await server.listen(0, '127.0.0.1');
  await run(port, server);
  await server.close(0);
}

test('node:net: each case is refused with its status, or forwarded as one', () => withServer(createHttp1Server, async (port) => {
  await Promise.all(HOSTILE.map(async ({ name, bytes, expect }, i) => {
    // A path of its own tells the cases apart at the backend.
    const text = await talk(port, bytes.replaceAll('/probe', `/probe-${i}-`), 3_000);
    const list = answers(text).filter(({ status }) => status !== 100);
    const seen = backend.requests.filter((line) => line.includes(`-${i}-`));
    assert.is(list.length, 1, `${name}: ${JSON.stringify(text.slice(0, 300))}`);
    assert.is(list[0]!.fields.connection, 'close', name);
    if (expect === 'one') {
      assert.is(list[0]!.status, 200, `${name}: ${list[0]!.body}`);
      assert.is(seen.length, 1, `${name}: ${seen.join()}`);
    } else {
      assert.is(list[0]!.status, expect, name);
      // A broken chunk may come after the beginning of a good body: then the backend sees a request that never ends.
      if (!name.startsWith('chunks')) assert.equal(seen, [], name);
    }
  }));
  assert.ok(!backend.requests.some((line) => line.includes('smuggled') || line === 'BROKEN'), backend.requests.join());
}));

test('node:net: the same, byte by byte', () => withServer(createHttp1Server, async (port) => {
  backend.requests.length = 0;
  await Promise.all(HOSTILE.filter(({ bytes }) => bytes.length < 200).map(async ({ name, bytes, expect }, i) => {
    const socket = await open(port);
    socket.setNoDelay(true);
    let text = '';
    const ended = new Promise((resolve) => { socket.on('close', resolve); socket.on('end', resolve); });
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
    for (const byte of Buffer.from(bytes.replaceAll('/probe', `/probe-${i}-`), 'latin1')) { if (socket.destroyed) break; socket.write(Buffer.of(byte)); await pause(0); }
    await Promise.race([ended, pause(3_000)]);
    socket.destroy();
    const [answer] = answers(text).filter(({ status }) => status !== 100);
    assert.is(answer?.status, expect === 'one' ? 200 : expect, name);
  }));
  assert.ok(!backend.requests.some((line) => line.includes('smuggled') || line === 'BROKEN'), backend.requests.join());
}));

test('node:http: never two for one, nothing broken reaches the backend', () => withServer(createNodeHttpServer, async (port) => {
  backend.requests.length = 0;
  await Promise.all(HOSTILE.map(async ({ name, bytes, expect }, i) => {
    const text = await talk(port, bytes.replaceAll('/probe', `/probe-${i}-`), 3_000);
    const list = answers(text).filter(({ status }) => status !== 100);
    assert.ok(list.length <= 1, name);
    if (expect === 'one') assert.is(list[0]?.status, 200, name);
    // llhttp lets a few things pass that ours refuses (empty lines in front…); then they are one request as well.
    if (!name.startsWith('chunks')) assert.ok(backend.requests.filter((line) => line.includes(`-${i}-`)).length <= 1, name);
  }));
  assert.ok(!backend.requests.some((line) => line.includes('smuggled') || line === 'BROKEN'), backend.requests.join());
}));

test('a flood of pipelined requests from a client that reads nothing holds little memory', () => withServer(createHttp1Server, async (port) => {
  const socket = await open(port);
  socket.pause();
  const requests = Buffer.from('GET /probe HTTP/1.1\r\nHost: g\r\n\r\n'.repeat(2_000));
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let sent = 0;
  for (let i = 0; i < 400 && sent < 40_000_000; i++) {
    if (!socket.write(requests)) await pause(5);
    sent += requests.length;
    if (socket.writableLength > 4_000_000) break;
  }
  await pause(200);
  const grown = process.memoryUsage().rss - before;
  assert.ok(socket.writableLength > 1_000_000, 'the server stopped reading');
  assert.ok(grown < 100_000_000, `${grown} bytes`);
  socket.destroy();
}));

test.run();
