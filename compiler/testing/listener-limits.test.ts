/** Every limit of a gateway file, given on its command line, through the built bundle: own HTTP/1.1, llhttp, and HTTP/2 behind TLS. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http2 from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers, open, pause, talk } from '../../runtime/http1/testing/raw.js';
import { ONE, TWO } from '../../runtime/http2/testing/certificates.js';
import { compile } from '../index.js';
import { runGateway } from './running-gateway.js';

const test = suite('limits of a gateway file');
const folder = mkdtempSync(join(tmpdir(), 'gwc-limits-'));
const bundles: Record<string, string> = {};
let backendConnections = 0;
const backendRequests: string[] = [];

/** Answers `/stall` halfway, `/flood` with 64 MB, `/silent` never, `/slow` after 1.5 s, anything else after 50 ms. */
const backend = createServer((socket: Socket) => {
  backendConnections++;
  socket.on('error', () => {});
  socket.on('close', () => { backendConnections--; });
  socket.on('data', (chunk) => {
    const target = /^\w+ (\S+)/.exec(chunk.toString('latin1'))?.[1];
    if (target === undefined) return;
    backendRequests.push(target);
    if (target === '/stall') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    else if (target === '/flood') { socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${1 << 26}\r\n\r\n`); socket.write(Buffer.alloc(1 << 26, 97)); }
    else if (target === '/slow') setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 1_500);
    else if (target !== '/silent') setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 50);
  });
});

test.before(async () => {
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const document = join(folder, 'api.yaml');
  writeFileSync(document, JSON.stringify({
    openapi: '3.0.3', info: { title: 'limits', version: '1' },
    'x-amazon-apigateway-request-validators': { body: { validateRequestBody: true, validateRequestParameters: false } },
    paths: {
      '/local': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } } } },
      '/checked': { post: { 'x-amazon-apigateway-request-validator': 'body', requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } } } },
      '/{proxy+}': { 'x-amazon-apigateway-any-method': { parameters: [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'ANY', uri: `http://127.0.0.1:${(backend.address() as AddressInfo).port}/{proxy}`, requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' } } } },
    },
  }));
  for (const [name, options] of [['own', {}], ['llhttp', { http1: 'llhttp' as const }], ['tls', { tls: true }]] as const) bundles[name] = (await compile(document, options)).bundle!.code;
  for (const [name, text] of Object.entries({ 'one.crt': ONE.cert, 'one.key': ONE.key, 'two.crt': TWO.cert, 'two.key': TWO.key })) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'own.mjs'), bundles['own']!);
  writeFileSync(join(folder, 'tls.mjs'), bundles['tls']!);
});
test.after(() => { backend.close(); rmSync(folder, { recursive: true }); });

async function withGateway(bundle: string, args: string[], body: (port: number) => Promise<void>, environment: Record<string, string> = {}): Promise<void> {
  const gateway = await runGateway(bundles[bundle]!, args, environment);
  try { await body(gateway.port); } finally { await gateway.stop('SIGKILL'); }
}

const request = (path: string, fields = '', body = ''): string => `${body === '' ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: g\r\n${fields}${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`;
const last = (path: string, fields = '', body = ''): string => request(path, `Connection: close\r\n${fields}`, body);
const status = async (port: number, text: string | string[], quietMs = 20_000): Promise<number> => answers(await talk(port, text, quietMs))[0]?.status ?? 0;

/** Resolves with how long the connection lived, ms. */
function lifetime(socket: Socket): Promise<number> {
  const started = Date.now();
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve(Date.now() - started)));
}

for (const transport of ['own', 'llhttp']) {
  test(`${transport}: sizes`, () => withGateway(transport, ['--max-header-bytes', '300', '--max-header-count=6', '--max-target-bytes', '40', '--max-body-bytes', '100'], async (port) => {
    assert.is(await status(port, last('/local', `x: ${'a'.repeat(200)}\r\n`)), 200);
    const [tooLarge] = answers(await talk(port, last('/local', `x: ${'a'.repeat(300)}\r\n`)));
    assert.equal([tooLarge!.status, tooLarge!.body], [431, 'HTTP header is larger than 300 bytes.']);
    assert.is(await status(port, last('/local', 'a: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\n')), 200);
    assert.is(await status(port, last('/local', 'a: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\ne: 1\r\n')), 431);
    assert.is(await status(port, last(`/local?${'q'.repeat(30)}`)), 200);
    assert.is(await status(port, last(`/local?${'q'.repeat(40)}`)), 414);
    const json = (size: number): string => `{"x":"${'y'.repeat(size - 8)}"}`;
    for (const path of ['/checked', '/sent-on']) {
      assert.is(await status(port, last(path, 'Content-Type: application/json\r\n', json(100))), 200, path);
      assert.is(await status(port, last(path, 'Content-Type: application/json\r\n', json(101))), 413, path);
      const chunked = `POST ${path} HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n${json(101)}\r\n0\r\n\r\n`;
      assert.is(await status(port, chunked), 413, `${path}, chunked`);
    }
  }));

  test(`${transport}: heads larger than what a connection usually holds`, () => withGateway(transport, ['--max-header-bytes', '200000'], async (port) => {
    const long = last('/local', `x: ${'a'.repeat(150_000)}\r\n`);
    assert.is(await status(port, [long.slice(0, 100_000), long.slice(100_000)]), 200);
  }));

  test(`${transport}: times`, () => withGateway(transport, ['--head-timeout-ms', '600', '--body-timeout-ms', '700', '--idle-timeout-ms', '600', '--request-timeout-ms', '2500'], async (port) => {
    const drip = async (): Promise<number> => {
      const socket = await open(port);
      let text = '';
      socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
      const lived = lifetime(socket);
      socket.write('POST /silent HTTP/1.1\r\nHost: g\r\nContent-Length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 100);
      const ms = await lived;
      clearInterval(timer);
      assert.is(answers(text)[0]!.status, 408);
      return ms;
    };
    const idle = open(port).then(async (socket) => {
      socket.write(request('/local'));
      return await lifetime(socket);
    });
    const [head, body, whole, kept] = await Promise.all([
      status(port, ['GET /local HTTP/1.1\r\n', 'Host: g\r\n']),
      status(port, 'POST /checked HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{'),
      drip(), idle,
    ]);
    assert.equal([head, body], [408, 408]);
    assert.ok(whole > 2_000 && whole < 20_000, `the whole request: ${whole} ms`);
    assert.ok(kept > 400 && kept < 20_000, `idle: ${kept} ms`);
  }));

  test(`${transport}: a client that does not read is cut, and does not hold the backend's connection`, () => withGateway(transport, ['--write-timeout-ms', '700'], async (port) => {
    const socket = await open(port);
    socket.write(last('/flood'));
    socket.pause();
    for (let i = 0; i < 100 && !backendRequests.includes('/flood'); i++) await pause(20);
    const before = backendConnections;
    assert.ok(before > 0);
    for (let i = 0; i < 400 && backendConnections === before; i++) await pause(20);
    assert.is(backendConnections, before - 1);
    let size = 0;
    socket.on('data', (chunk) => { size += chunk.length; });
    await lifetime(socket);
    assert.ok(size < 1 << 26);
    backendRequests.length = 0;
  }));

  test(`${transport}: connections`, () => withGateway(transport, ['--max-connections', '3'], async (port) => {
    const held = [await open(port), await open(port), await open(port)];
    assert.is(await talk(port, last('/local')), '');
    held[0]!.destroy();
    await pause(100);
    assert.is(await status(port, last('/local')), 200);
    for (const socket of held) socket.destroy();
  }, { GWC_MAX_CONNECTIONS_PER_ADDRESS: 'none', GWC_MAX_CONNECTIONS: '1' }));

  test(`${transport}: connections of one address, requests of one connection`, () => withGateway(transport, ['--max-requests-per-connection', '2'], async (port) => {
    const [first, second] = answers(await talk(port, request('/local') + request('/local') + request('/local')));
    assert.equal([first!.fields['connection'], second!.fields['connection']], ['keep-alive', 'close']);
    await pause(100);
    const held = await open(port);
    assert.is(await talk(port, last('/local')), '');
    held.destroy();
  }, { GWC_MAX_CONNECTIONS_PER_ADDRESS: '1' }));

  test(`${transport}: backends`, () => withGateway(transport, ['--backend-max-connections', '1', '--backend-body-timeout-ms', '300', '--backend-idle-timeout-ms', '300'], async (port) => {
    const started = Date.now();
    assert.equal(await Promise.all([status(port, last('/a')), status(port, last('/b')), status(port, last('/c'))]), [200, 200, 200]);
    assert.ok(Date.now() - started >= 150, 'one after the other');
    assert.is(backendConnections, 1);
    for (let i = 0; i < 100 && backendConnections > 0; i++) await pause(20);
    assert.is(backendConnections, 0);
    assert.match(await talk(port, last('/stall'), 20_000), /half$/);
    await pause(50);
    assert.is(backendConnections, 0);
  }));
}

const connectH2 = (port: number): http2.ClientHttp2Session => http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }).on('error', () => {});

function askH2(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders, body?: string, ends = true): Promise<number> {
  return new Promise((resolve) => {
    const stream = session.request(headers, { endStream: body === undefined });
    let answer = 0;
    stream.on('response', (fields) => { answer = Number(fields[':status']); });
    stream.on('error', () => {});
    stream.on('close', () => resolve(answer));
    stream.resume();
    if (body !== undefined) { stream.write(body); if (ends) stream.end(); }
  });
}

test('HTTP/2: sizes, times, requests of one connection', () => withGateway('tls', ['--tls-cert', join(folder, 'one.crt'), '--tls-key', join(folder, 'one.key'), '--max-header-bytes', '500', '--max-target-bytes', '40', '--max-body-bytes', '100', '--body-timeout-ms', '500', '--request-timeout-ms', '1500'], async (port) => {
  const session = connectH2(port);
  assert.is(await askH2(session, { ':path': '/local' }), 200);
  assert.is(await askH2(session, { ':path': '/local', x: 'a'.repeat(500) }), 431);
  assert.is(await askH2(session, { ':path': `/local?${'q'.repeat(40)}` }), 414);
  const json = { ':path': '/checked', ':method': 'POST', 'content-type': 'application/json' };
  assert.is(await askH2(session, json, '{}'), 200);
  assert.is(await askH2(session, json, `{"x":"${'y'.repeat(100)}"}`), 413);
  assert.is(await askH2(session, json, '{', false), 408);
  const started = Date.now();
  const slow = session.request(json);
  slow.on('error', () => {});
  const timer = setInterval(() => { if (!slow.destroyed) slow.write(' '); }, 100);
  const answered = await new Promise<number>((resolve) => slow.on('response', (fields) => resolve(Number(fields[':status']))));
  clearInterval(timer);
  assert.is(answered, 408);
  assert.ok(Date.now() - started > 1_200);
  session.destroy();
}));

test('HTTP/2: an idle session is closed, one with a request under way is not', () => withGateway('tls', ['--tls-cert', join(folder, 'one.crt'), '--tls-key', join(folder, 'one.key'), '--idle-timeout-ms', '500'], async (port) => {
  const session = connectH2(port);
  const started = Date.now();
  const closed = new Promise<number>((resolve) => session.on('close', () => resolve(Date.now() - started)));
  assert.is(await askH2(session, { ':path': '/local' }), 200);
  const lived = await closed;
  assert.ok(lived >= 400 && lived < 15_000, `${lived} ms`);
  const busy = connectH2(port);
  assert.is(await askH2(busy, { ':path': '/slow' }), 200);
  busy.destroy();
}));

test('HTTP/2: connections and requests', () => withGateway('tls', ['--tls-cert', join(folder, 'one.crt'), '--tls-key', join(folder, 'one.key'), '--max-connections-per-address', '1', '--max-requests-per-connection', '2'], async (port) => {
  const session = connectH2(port);
  assert.is(await askH2(session, { ':path': '/local' }), 200);
  const refused = await open(port);
  await lifetime(refused);
  const closed = new Promise((resolve) => session.on('close', resolve));
  assert.is(await askH2(session, { ':path': '/local' }), 200);
  await closed;
  await pause(100);
  const next = connectH2(port);
  assert.is(await askH2(next, { ':path': '/local' }), 200);
  next.destroy();
}));

test('what cannot be read: one line, exit 2', () => {
  const run = (file: string, args: string[], environment: Record<string, string> = {}): string => {
    const { status: code, stderr } = spawnSync(process.execPath, [join(folder, file), ...args], { encoding: 'utf8', env: { ...process.env, ...environment }, timeout: 20_000 });
    return `${code} ${stderr.split('\n')[0]!}`;
  };
  const range = 'a whole number from 1 to 2147483647';
  assert.is(run('own.mjs', ['--max-header-bytes', '0']), `2 --max-header-bytes 0: ${range}`);
  assert.is(run('own.mjs', ['--max-header-bytes', 'none']), `2 --max-header-bytes none: ${range}`);
  assert.is(run('own.mjs', ['--head-timeout-ms', '10s']), `2 --head-timeout-ms 10s: ${range} or none`);
  assert.is(run('own.mjs', ['--idle-timeout-ms=2147483648']), `2 --idle-timeout-ms 2147483648: ${range} or none`);
  assert.is(run('own.mjs', ['--max-connections', '-1']), `2 --max-connections -1: ${range} or none`);
  assert.is(run('own.mjs', ['--max-body-bytes']), '2 --max-body-bytes needs a value');
  assert.is(run('own.mjs', [], { GWC_BACKEND_MAX_CONNECTIONS: '1e3' }), `2 --backend-max-connections 1e3: ${range} or none`);
  assert.is(run('own.mjs', ['--tls-cert', 'x']), '2 --tls-cert: this file was built without TLS; build it with gwc build --tls');
  assert.is(run('tls.mjs', ['--tls-cert', 'x']), '2 --tls-cert and --tls-key go together, as many of one as of the other');
  assert.is(run('tls.mjs', ['--tls-client-ca', 'x']), '2 --tls-client-ca needs a certificate: --tls-cert and --tls-key, or --tls-dir');
  assert.match(run('tls.mjs', ['--port', '0', '--tls-cert', join(folder, 'one.crt'), '--tls-key', join(folder, 'two.key')]), /^1 cannot serve on .*: certificate .*one\.crt: .*key values mismatch/);
});

test.run();
