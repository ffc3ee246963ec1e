/** HTTP/2 and TLS in front, with node's own clients. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RequestHandler } from '../exchange.js';
import { DEFAULT_LIMITS } from '../http1/limits.js';
import { createHttp1Server } from '../http1/server.js';
import { pause } from '../http1/testing/raw.js';
import { testState } from '../http1/testing/state.js';
import { createUpstream } from '../http1/upstream.js';
import { createHttp2Server } from './server.js';
import { ONE, TWO } from './testing/certificates.js';
import { createTlsFront } from './tls-front.js';

const test = suite('HTTP/2 and TLS');
const OPTIONS = { maxConnections: 8, connectTimeoutMs: 500, idleTimeoutMs: 5_000, bodyTimeoutMs: 2_000 };
const RULES = { dropRequest: new Set<string>(), dropResponse: new Set<string>(), remapResponse: new Set(['server']) };
const events: string[] = [];
let backend: http.Server;
let upstream: ReturnType<typeof createUpstream>;

test.before(async () => {
  backend = http.createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => { body += chunk.toString('latin1'); });
    incoming.on('end', () => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json', Server: 'b', 'Set-Cookie': ['a=1', 'b=2'] });
      outgoing.end(incoming.url === '/relay/big' ? Buffer.alloc(2_000_000, 0x61) : JSON.stringify({ fields: incoming.rawHeaders, body }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  upstream = createUpstream(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`, OPTIONS);
});
test.after(() => { upstream.close(); backend.closeAllConnections(); backend.close(); });

const handler: RequestHandler = (exchange) => {
  const path = Buffer.from(exchange.target).toString('latin1', exchange.pathStart, exchange.pathEnd);
  if (path.startsWith('/relay')) {
    upstream.relay(exchange, { method: exchange.method, target: path, host: '', extra: ['x-added', 'y'], rules: RULES, responseDefaults: [], timeoutMs: 2_000 },
      (_exchange, failure) => exchange.reply.send(502, [], failure));
  } else if (path === '/echo') exchange.incoming.collect(100, (body) => exchange.reply.send(200, ['X-Length', String(body.length)], body));
  else if (path === '/watch') exchange.reply.watcher = { onClientGone: () => { events.push('gone'); } };
  else if (path === '/split') exchange.reply.send(200, ['x', 'a\r\nb: c'], 'x');
  else exchange.reply.send(200, ['Content-Type', 'text/plain', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Connection', 'close'], `${exchange.method} ${path} ${exchange.connection.protocol} ${String(exchange.connection.secure)} ${exchange.head.get('host')!} ${exchange.head.get('cookie') ?? ''}`);
};

interface Answer { status: number; headers: http2.IncomingHttpHeaders; body: string }

function ask(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    let text = '';
    let answer: http2.IncomingHttpHeaders = {};
    stream.on('response', (fields) => { answer = fields; });
    stream.on('data', (chunk: Buffer) => { text += chunk.toString('latin1'); });
    stream.on('end', () => resolve({ status: Number(answer[':status']), headers: answer, body: text }));
    stream.on('error', reject);
    if (body !== undefined) stream.end(body);
  });
}

test('requests fill the same exchange; answers have no hop-by-hop fields', async () => {
  const server = createHttp2Server(handler, testState({ basePath: '/prod' }), DEFAULT_LIMITS);
  const { port } = await server.listen(0, '127.0.0.1');
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  const hello = await ask(session, { ':path': '/prod/hello?x', cookie: ['a=1', 'b=2'] });
  assert.is(hello.body, `GET /hello HTTP/2.0 false 127.0.0.1:${port} a=1; b=2`);
  assert.equal(hello.headers['set-cookie'], ['a=1', 'b=2']);
  assert.ok(hello.headers.date);
  assert.equal([(await ask(session, { ':path': '/prod/echo', ':method': 'POST' }, 'abc')).body, (await ask(session, { ':path': '/prod/echo', ':method': 'POST' }, 'x'.repeat(101))).status], ['abc', 413]);
  assert.is((await ask(session, { ':path': '/prod/split' })).status, 500);
  const head = await ask(session, { ':path': '/prod/hello', ':method': 'HEAD' });
  assert.equal([head.status, head.body, Number(head.headers['content-length']) > 10], [200, '', true]);
  const relayed = await ask(session, { ':path': '/prod/relay', ':method': 'POST', te: 'trailers' }, 'body');
  const seen = JSON.parse(relayed.body) as { fields: string[]; body: string };
  assert.equal([seen.body, seen.fields.includes('x-added'), seen.fields.includes('te'), relayed.headers['x-amzn-remapped-server'], relayed.headers['set-cookie']], ['body', true, false, 'b', ['a=1', 'b=2']]);
  assert.is((await ask(session, { ':path': '/prod/relay/big' })).body.length > 100, true);
  assert.is((await ask(session, { ':path': `/${'x'.repeat(10_241)}` })).status, 414);
  assert.is((await ask(session, { ':path': '/prod/hello', x: 'y'.repeat(10_241) })).status, 431);
  const gone = session.request({ ':path': '/prod/watch' });
  gone.on('error', () => {});
  await pause(30);
  gone.close(http2.constants.NGHTTP2_CANCEL);
  await pause(30);
  assert.equal(events, ['gone']);
  const closing = server.close();
  await closing;
  assert.is(server.connections, 0);
  session.destroy();
});

test('a session that opens requests only to cancel them is ended', async () => {
  const server = createHttp2Server(handler, testState(), DEFAULT_LIMITS);
  const { port } = await server.listen(0, '127.0.0.1');
  const session = http2.connect(`http://127.0.0.1:${port}`);
  let closed = false;
  session.on('error', () => {});
  session.on('close', () => { closed = true; });
  let opened = 0;
  for (; opened < 600 && !closed && !session.destroyed; opened++) {
    const stream = session.request({ ':path': '/watch' });
    stream.on('error', () => {});
    if (opened % 20 === 0) await pause(1);
    stream.close(http2.constants.NGHTTP2_CANCEL);
  }
  await pause(50);
  assert.ok(closed, `${opened} opened`);
  const next = http2.connect(`http://127.0.0.1:${port}`);
  next.on('error', () => {});
  assert.is((await ask(next, { ':path': '/x' })).status, 200);
  next.destroy();
  await server.close(0);
});

test('TLS: ALPN, several certificates by name, reload, the upstream verifies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-tls-'));
  const file = (name: string, text: string): string => { const path = join(folder, name); writeFileSync(path, text); return path; };
  const certificates = [
    { certFile: file('one.crt', ONE.cert), keyFile: file('one.key', ONE.key) },
    { certFile: file('two.crt', TWO.cert), keyFile: file('two.key', TWO.key) },
  ];
  const state = testState();
  const server = createTlsFront({ certificates: () => certificates, clients: [] }, DEFAULT_LIMITS, createHttp1Server(handler, state, DEFAULT_LIMITS), createHttp2Server(handler, state, DEFAULT_LIMITS), handler, state);
  const { port } = await server.listen(0, '127.0.0.1');
  const subject = (servername: string): Promise<string> => new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => { resolve(String(socket.getPeerCertificate().subject.CN)); socket.destroy(); });
    socket.on('error', reject);
  });
  assert.equal([await subject('one.test'), await subject('TWO.test'), await subject('other.test')], ['one.test', 'two.test', 'one.test']);

  const session = http2.connect(`https://localhost:${port}`, { ca: ONE.cert, host: '127.0.0.1', servername: 'one.test' } as http2.SecureClientSessionOptions);
  session.on('error', () => {});
  assert.match((await ask(session, { ':path': '/x' })).body, /^GET \/x HTTP\/2\.0 true/);
  session.destroy();
  const text = await new Promise<string>((resolve, reject) => {
    https.get({ port, host: '127.0.0.1', servername: 'one.test', path: '/y', ca: ONE.cert, agent: false }, (incoming) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      incoming.on('end', () => resolve(body));
    }).on('error', reject);
  });
  assert.match(text, /^GET \/y HTTP\/1\.1 true/);

  const viaTls = (insecureSkipVerification: boolean): Promise<string> => new Promise((resolve) => {
    const secure = createUpstream(`https://127.0.0.1:${port}`, { ...OPTIONS, insecureSkipVerification, serverName: 'one.test' });
    secure.call({ method: 'GET', target: '/z', fields: [], host: '', body: null, timeoutMs: 1_000 }, 10_000,
      (answer) => { resolve(answer.body.toString()); secure.close(); }, (failure, detail) => { resolve(`${failure}: ${detail}`); secure.close(); });
  });
  assert.match(await viaTls(true), /^GET \/z HTTP\/1\.1 true/);
  assert.match(await viaTls(false), /^connect: .*SELF_SIGNED/);

  writeFileSync(certificates[1]!.certFile, ONE.cert);
  assert.throws(() => server.reload(), undefined, 'certificate and key do not belong together');
  assert.is(await subject('two.test'), 'two.test');
  writeFileSync(certificates[1]!.keyFile, ONE.key);
  server.reload();
  assert.is(await subject('two.test'), 'one.test');
  await server.close(100);
  rmSync(folder, { recursive: true });
});

test.run();
