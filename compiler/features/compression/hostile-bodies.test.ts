/** Compressed bodies that are bombs, broken or endless, and answers that stream, through the built gateway. */
import { randomBytes } from 'node:crypto';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGunzip, gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';
import { preferredCoding } from '../../../runtime/compression/content-coding.js';

const test = suite('compression');
const large = Buffer.concat([Buffer.alloc(3_000_000, 'gateway '), randomBytes(2_000_000)]);
let backend: Server, gateway: RunningGateway;
let open: ServerResponse | undefined;
let received = 0;

test.before(async () => {
  backend = createServer((incoming, response) => {
    incoming.on('data', (chunk: Buffer) => { received += chunk.length; });
    incoming.on('error', () => {});
    if (incoming.url === '/live') { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write('data: first\n\n'); open = response; return; }
    if (incoming.url === '/large') { response.writeHead(200, { 'content-type': 'application/octet-stream' }); response.end(large); return; }
    incoming.on('end', () => response.end('stored'));
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'gwc-compression-'));
  const uri = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const proxied = (method: string, path: string): string => `  ${path}:\n    ${method}:\n      responses: {'200': {description: ok}}\n      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: '${uri}${path}'}\n`;
  writeFileSync(join(folder, 'spec.yaml'), `openapi: 3.0.1
info: {title: hostile, version: '1'}
x-amazon-apigateway-minimum-compression-size: 0
paths:
${proxied('post', '/stored')}${proxied('get', '/live')}${proxied('get', '/large')}  /mapped:
    post:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '#set($x = $input.path("$")){"statusCode": 200}'}
        responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"done": true}'}}}
`);
  const { bundle } = await compile(join(folder, 'spec.yaml'), { minify: true, clients: [], cwd: folder });
  rmSync(folder, { recursive: true, force: true });
  gateway = await runGateway(bundle!.code);
});
test.after(async () => {
  assert.is(await gateway.stop(), 0, gateway.stderr());
  backend.closeAllConnections();
  backend.close();
});

const gzipped = [['Content-Type', 'application/json'], ['Content-Encoding', 'gzip']] as const;

for (const path of ['/mapped', '/stored']) {
  test(`a bomb is given up at the payload limit: ${path}`, async () => {
    received = 0;
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const answer = await rawRequest(gateway.port, 'POST', path, gzipped, bomb);
    assert.is(answer.status, 413);
    assert.ok(received <= 10_485_760, `the backend got ${received} bytes`);
  });

  test(`a bomb inside a bomb is one coding too many: ${path}`, async () => {
    const answer = await rawRequest(gateway.port, 'POST', path, [['Content-Type', 'application/json'], ['Content-Encoding', 'gzip, gzip']], gzipSync(gzipSync(Buffer.alloc(1_000))));
    assert.is(answer.status, 415);
  });

  test(`a body cut short: ${path}`, async () => {
    const whole = gzipSync(JSON.stringify({ text: randomBytes(1_000).toString('hex') }));
    const answer = await rawRequest(gateway.port, 'POST', path, gzipped, whole.subarray(0, whole.length - 20));
    assert.is(answer.status, 415);
  });

  test(`ten megabytes decode: ${path}`, async () => {
    const answer = await rawRequest(gateway.port, 'POST', path, gzipped, gzipSync(JSON.stringify({ text: 'x'.repeat(10_000_000) })));
    assert.is(answer.status, 200);
  });
}

test('a streamed answer is not held back: each piece arrives when the backend sent it', async () => {
  const texts: string[] = [];
  await new Promise<void>((resolve, reject) => {
    request({ port: gateway.port, path: '/live', headers: { 'accept-encoding': 'gzip' } }, (response) => {
      assert.is(response.headers['content-encoding'], 'gzip');
      const plain = response.pipe(createGunzip());
      plain.on('data', (chunk: Buffer) => {
        texts.push(chunk.toString());
        if (texts.length === 1) open!.end('data: second\n\n');
      });
      plain.on('end', resolve);
      plain.on('error', reject);
    }).on('error', reject).end();
  });
  assert.equal(texts, ['data: first\n\n', 'data: second\n\n']);
});

test('a large answer arrives whole at a client that reads slowly', async () => {
  const pieces: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    request({ port: gateway.port, path: '/large', headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const plain = response.pipe(createGunzip());
      plain.on('data', (chunk: Buffer) => {
        pieces.push(chunk);
        if (pieces.length % 50 === 0) { plain.pause(); setTimeout(() => plain.resume(), 5); }
      });
      plain.on('end', resolve);
      plain.on('error', reject);
    }).on('error', reject).end();
  });
  assert.ok(Buffer.concat(pieces).equals(large));
});

test('Accept-Encoding: the highest weight, the first of equals', () => {
  const cases: Record<string, string | null> = {
    'gzip': 'gzip', 'x-gzip': 'gzip', 'GZIP': 'gzip', 'deflate,gzip': 'deflate', 'deflate;q=0.5,gzip;q=1.0': 'gzip', 'gzip;q=1.0,identity;q=0.5,*;q=0': 'gzip', 'gzip, deflate, br': 'gzip',
    'br, gzip': null, '': null, '*': null, 'identity': null, 'gzip;q=0': null, 'gzip;q=0.5, br;q=0.4': 'gzip', 'gzip;q=nonsense': 'gzip', ',,;q=1,': null, 'deflate ; q = 0.2': 'deflate',
  };
  for (const [header, coding] of Object.entries(cases)) assert.is(preferredCoding(header), coding, header);
});

test.run();
