/** Backends that break the rules: the client gets a 5xx or exactly the answer that was meant, never a desynchronised one. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import type { Upstream } from '../backends/upstream.js';
import { DEFAULT_LIMITS } from './limits.js';
import { createHttp1Server } from './server.js';
import { answers, open, pause, talk } from './testing/raw.js';
import { testState } from './testing/state.js';
import { createUpstream } from './upstream.js';

const test = suite('hostile backends');
const RULES = { dropRequest: new Set<string>(), dropResponse: new Set<string>(), remapResponse: new Set<string>() };
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const EVIL = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';

/** What the backend does with the connection after a request. */
let behave: (socket: Socket, count: number) => void = (socket) => { socket.write(OK, 'latin1'); };
let requests = 0;
let backend: Server;
let gateway: GatewayServer;
let upstream: Upstream;
let port: number;
const failures: string[] = [];

test.before(async () => {
  const sockets = new Set<Socket>();
  backend = createServer((socket) => {
    sockets.add(socket);
    let count = 0;
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => { for (const _ of chunk.toString('latin1').matchAll(/ HTTP\/1\.1\r\n/g)) { requests++; behave(socket, count++); } });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  upstream = createUpstream(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`, { maxConnections: 4, connectTimeoutMs: 300, idleTimeoutMs: 5_000, bodyTimeoutMs: 300 });
  const handler: RequestHandler = (exchange) => upstream.relay(exchange, { method: exchange.method, target: '/x', host: '', extra: [], rules: RULES, responseDefaults: [], timeoutMs: 300 },
    (_exchange, failure, detail) => { failures.push(`${failure}: ${detail}`); exchange.reply.send(failure === 'timeout' ? 504 : 502, [], failure); });
  gateway = createHttp1Server(handler, testState(), DEFAULT_LIMITS);
  ({ port } = await gateway.listen(0, '127.0.0.1'));
});
test.after(async () => { await gateway.close(0); upstream.close(); backend.close(); });

const get = (more = ''): string => `GET / HTTP/1.1\r\nHost: g\r\n${more}\r\n`;

const MALFORMED: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok',
  'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 'HTTP/1.1 200 OK\r\nX: a\nY: b\r\nContent-Length: 2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nX: a\rY: b\r\n\r\n', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nX y: b\r\n\r\n', 'HTTP/1.1 200 OK\r\n: b\r\n\r\n', 'HTTP/1.1 200 O\0K\r\n\r\n', 'HTTP/1.1 20 OK\r\n\r\n', 'HTTP/1.1 2000 OK\r\n\r\n', 'HTTP/1.1 -20 OK\r\n\r\n', 'HTTP/1.1 abc OK\r\n\r\n', 'HTTP/1.1 000 OK\r\n\r\n', 'HTTP/1.1  200 OK\r\n\r\n', 'HTTP/2.0 200 OK\r\n\r\n',
  'HTTP/1.2 200 OK\r\n\r\n', 'http/1.1 200 OK\r\n\r\n', 'ICY 200 OK\r\n\r\n', 'SSH-2.0-OpenSSH_9.2\r\n', '\x15\x03\x01\x00\x02\x02\x46', '\r\nHTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50) + OK, `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`, `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(5_000)}\r\n`,
  `HTTP/1.1 200 ${'K'.repeat(5_000)}\r\n\r\n`, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+2\r\nok\r\n0\r\n\r\n',
];

test('a malformed answer is a 502, and the connection to the client goes on', async () => {
  for (const bytes of MALFORMED) {
    for (const split of [false, true]) {
      behave = (socket) => {
        if (split) { const middle = Math.min(bytes.length - 1, 16); socket.write(bytes.slice(0, middle), 'latin1'); setTimeout(() => socket.write(bytes.slice(middle), 'latin1'), 5); } else socket.write(bytes, 'latin1');
      };
      const client = talk(port, [get(), get('Connection: close\r\n')]);
      const list = answers(await client);
      assert.equal(list.map(({ status, body }) => [status, body]), [[502, 'protocol'], [502, 'protocol']], JSON.stringify(bytes.slice(0, 100)));
    }
  }
});

test('bytes after an answer never become the next one', async () => {
  for (const bytes of [OK + EVIL, `HTTP/1.1 204 No Content\r\n\r\n${EVIL}`, `HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n${EVIL}`, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n${EVIL}`, `${OK}\r\n`]) {
    behave = (socket) => { socket.write(bytes, 'latin1'); };
    const list = answers(await talk(port, [get(), get(), get('Connection: close\r\n')]));
    assert.is(list.length, 3);
    for (const { body } of list) assert.ok(body === 'ok' || body === '', body);
  }
  // …also when they come while the connection is idle.
  behave = (socket, count) => { socket.write(OK, 'latin1'); if (count === 0) setTimeout(() => socket.write(EVIL, 'latin1'), 5); };
  assert.equal(answers(await talk(port, [get(), '', get(), '', get('Connection: close\r\n')])).map(({ body }) => body), ['ok', 'ok', 'ok']);
  // A HEAD answered with a body.
  behave = (socket) => { socket.write(OK, 'latin1'); };
  const list = answers(await talk(port, [get().replace('GET', 'HEAD'), get('Connection: close\r\n')]), [0]);
  assert.equal(list.map(({ status, body }) => [status, body]), [[200, ''], [200, 'ok']]);
});

test('answers without a length end with the connection; a reset is no end', async () => {
  behave = (socket) => { socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'); };
  assert.equal(answers(await talk(port, [get(), get('Connection: close\r\n')])).map(({ body }) => body), ['until the end', 'until the end']);
  behave = (socket) => { socket.write('HTTP/1.1 200 OK\r\n\r\npart'); setTimeout(() => socket.resetAndDestroy(), 20); };
  const text = await talk(port, [get(), get()]);
  assert.throws(() => answers(text), /no chunk/, 'the chunked answer to the client has no end');
});

test('stalls and cuts: before the head, in it, in the body, in a chunk', async () => {
  const cases: [string, number][] = [['', 504], ['HTTP/1.1 200 OK\r\nContent-', 504], ['HTTP/1.1 100 Continue\r\n\r\n', 504]];
  for (const [bytes, status] of cases) {
    behave = (socket) => { if (bytes !== '') socket.write(bytes); };
    assert.is(answers(await talk(port, get('Connection: close\r\n')))[0]!.status, status, `stall after ${JSON.stringify(bytes)}`);
    behave = (socket) => { socket.end(bytes); };
    assert.is(answers(await talk(port, get('Connection: close\r\n')))[0]!.status, 502, `end after ${JSON.stringify(bytes)}`);
    behave = (socket) => { socket.write(bytes === '' ? 'H' : bytes); setTimeout(() => socket.resetAndDestroy(), 5); };
    assert.is(answers(await talk(port, get('Connection: close\r\n')))[0]!.status, 502, `reset after ${JSON.stringify(bytes)}`);
  }
  for (const bytes of ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\npart', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npartX']) {
    for (const after of ['stall', 'end', 'reset']) {
      behave = (socket) => { socket.write(bytes); if (after === 'end') socket.end(); if (after === 'reset') setTimeout(() => socket.resetAndDestroy(), 5); };
      const text = await talk(port, [get(), get()]);
      if (text.startsWith('HTTP/1.1 502')) continue;
      assert.throws(() => answers(text), undefined, `${after}: ${JSON.stringify(text)}`);
      assert.ok(text.split('HTTP/1.1').length === 2, 'nothing follows the broken answer');
    }
  }
});

test('a kept connection that dies with the request is tried again once when the request can be repeated', async () => {
  behave = (socket, count) => { if (count === 0) socket.write(OK); else socket.destroy(); };
  requests = 0;
  assert.equal(answers(await talk(port, [get(), '', get(), '', get('Connection: close\r\n')])).map(({ status }) => status), [200, 200, 200]);
  assert.is(requests, 5, 'two were sent again, on a new connection');
  const post = `POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\nhi`;
  requests = 0;
  assert.equal(answers(await talk(port, [post, '', post, get('Connection: close\r\n')])).map(({ status }) => status).slice(0, 2).sort(), [200, 502], 'a POST is not');
});

test('an early answer while the request is still being sent', async () => {
  behave = (socket) => { socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'); };
  const client = await open(port);
  let text = '';
  client.on('data', (chunk) => { text += chunk.toString('latin1'); });
  client.write('POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 5000000\r\n\r\nbegin');
  await pause(50);
  assert.equal(answers(text).map(({ status, fields }) => [status, fields.connection]), [[413, 'close']]);
  client.destroy();
  behave = (socket) => { socket.write(OK); };
  assert.is(answers(await talk(port, get('Connection: close\r\n')))[0]!.status, 200);
});

test('nobody there: refused at once, unreachable after the connect timeout; waiting for a free connection ends', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const refusedPort = (gone.address() as AddressInfo).port;
  await new Promise((resolve) => gone.close(resolve));
  const call = (origin: string, timeoutMs: number, maxConnections = 4): Promise<string> => new Promise((resolve) => {
    const other = createUpstream(origin, { maxConnections, connectTimeoutMs: 200, idleTimeoutMs: 1_000, bodyTimeoutMs: 300 });
    other.call({ method: 'GET', target: '/', fields: [], host: '', body: null, timeoutMs }, 1_000, (answer) => { resolve(String(answer.status)); other.close(); }, (failure, detail) => { resolve(`${failure}: ${detail}`); other.close(); });
  });
  assert.match(await call(`http://127.0.0.1:${refusedPort}`, 2_000), /^connect: .*ECONNREFUSED/);
  assert.match(await call('http://does-not-exist.invalid', 2_000), /^connect: .*(ENOTFOUND|EAI_AGAIN|no connection in time)/);
  assert.match(await call('http://192.0.2.1', 2_000), /^connect: /);
  behave = () => {};
  const origin = `127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const small = createUpstream(`http://${origin}`, { maxConnections: 1, connectTimeoutMs: 200, idleTimeoutMs: 1_000, bodyTimeoutMs: 300 });
  const results = await Promise.all([150, 100].map((timeoutMs) => new Promise<string>((resolve) => {
    small.call({ method: 'GET', target: '/', fields: [], host: '', body: null, timeoutMs }, 1_000, () => resolve('answered'), (failure, detail) => resolve(`${failure}: ${detail}`));
  })));
  assert.equal(results, [`timeout: ${origin}: no answer in time`, `timeout: ${origin}: no free connection in time`]);
  small.close();
});

test('what a caller gives cannot break the request either', () => {
  const call = (request: { method?: string; target?: string; fields?: string[]; host?: string }): string => {
    let outcome = 'sent';
    upstream.call({ method: 'GET', target: '/', fields: [], host: '', body: null, timeoutMs: 100, ...request }, 10, () => {}, (failure) => { outcome = failure; });
    return outcome;
  };
  for (const request of [{ method: 'GET / HTTP/1.1\r\nX:' }, { method: 'G T' }, { target: '/a b' }, { target: '/a\r\nX: y' }, { target: '' }, { target: 'a' }, { target: '/\u010a' }, { fields: ['X', 'a\r\nb: c'] }, { fields: ['X', 'a\u010ab'] }, { fields: ['X: a\r\nY', 'b'] }, { fields: ['', 'b'] }, { host: 'a\r\nX: y' }, { host: 'a b' }]) {
    assert.is(call(request), 'protocol', JSON.stringify(request));
  }
});

test.run();
