/** `--trust-proxy` through built gateway files: what templates and backends are told of the client. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { open, pause } from '../../runtime/http1/testing/raw.js';
import { ONE } from '../../runtime/http2/testing/certificates.js';
import { compile } from '../index.js';
import { startBackend, type Backend } from './backend.js';
import { rawRequest, runGateway } from './running-gateway.js';

const test = suite('trusted proxies of a gateway file');
const folder = mkdtempSync(join(tmpdir(), 'gwc-trust-'));
const bundles: Record<string, string> = {};
let backend: Backend;

test.before(async () => {
  backend = await startBackend();
  const template = JSON.stringify('{"ip":"$context.identity.sourceIp","domain":"$context.domainName"}');
  writeFileSync(join(folder, 'rest.yaml'), `openapi: 3.0.3
info: {title: trust, version: '1'}
paths:
  /who:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: '200', responseTemplates: {application/json: ${template}}}}
`);
  writeFileSync(join(folder, 'http.yaml'), `openapi: 3.0.3
info: {title: trust, version: '1'}
paths:
  /who:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, payloadFormatVersion: '1.0', uri: '${backend.url}/who'}
`);
  for (const http1 of ['own', 'llhttp'] as const) for (const flavour of ['rest', 'http'] as const) bundles[`${http1} ${flavour}`] = (await compile(join(folder, `${flavour}.yaml`), { http1, flavour })).bundle!.code;
});
test.after(async () => { await backend.close(); rmSync(folder, { recursive: true }); });

const FIELDS = [['X-Forwarded-For', '6.6.6.6, 203.0.113.5'], ['X-Forwarded-Proto', 'https'], ['X-Forwarded-Host', 'api.example.com'], ['Forwarded', 'for=6.6.6.6']] as const;

for (const http1 of ['own', 'llhttp']) {
  test(`${http1}: $context.identity.sourceIp`, async () => {
    for (const [args, environment, ip, domain] of [
      [['--trust-proxy', '10.0.0.0/8,127.0.0.0/8'], {}, '203.0.113.5', 'api.example.com'],
      [['--trust-proxy', '10.0.0.0/8', '--trust-proxy=127.0.0.1'], {}, '203.0.113.5', 'api.example.com'],
      [[], { GWC_TRUST_PROXY: '127.0.0.1,203.0.113.0/24' }, '6.6.6.6', 'api.example.com'],
      [['--trust-proxy', '10.0.0.0/8'], { GWC_TRUST_PROXY: '127.0.0.1' }, '127.0.0.1', '127.0.0.1'],
      [[], {}, '127.0.0.1', '127.0.0.1'],
    ] as const) {
      const gateway = await runGateway(bundles[`${http1} rest`]!, args, environment);
      try {
        assert.equal(JSON.parse((await rawRequest(gateway.port, 'GET', '/who', FIELDS, '')).body), { ip, domain });
      } finally {
        await gateway.stop();
      }
    }
  });

  test(`${http1}: Forwarded to the backend`, async () => {
    for (const [args, expected] of [
      [['--trust-proxy', '127.0.0.1'], 'for=6.6.6.6, for=203.0.113.5, for=127.0.0.1;host=api.example.com;proto=https'],
      [[], (port: number) => `for=6.6.6.6, for=127.0.0.1;host="127.0.0.1:${port}";proto=http`],
    ] as const) {
      const gateway = await runGateway(bundles[`${http1} http`]!, args);
      try {
        backend.received.length = 0;
        assert.is((await rawRequest(gateway.port, 'GET', '/who', FIELDS, '')).status, 200);
        const { headers } = backend.received[0]!;
        assert.is(headers['forwarded'], typeof expected === 'string' ? expected : expected(gateway.port));
        assert.equal([headers['x-forwarded-for'], headers['x-forwarded-proto'], headers['x-forwarded-host']], [undefined, undefined, undefined]);
      } finally {
        await gateway.stop();
      }
    }
  });

  test(`${http1}: a proxy's connections are not counted as one client's`, async () => {
    const gateway = await runGateway(bundles[`${http1} rest`]!, ['--trust-proxy', '127.0.0.1', '--max-connections-per-address', '1']);
    try {
      const held = await open(gateway.port);
      await pause(30);
      assert.is((await rawRequest(gateway.port, 'GET', '/who', [], '')).status, 200);
      held.destroy();
    } finally {
      await gateway.stop();
    }
  });
}

test('HTTP/2: $context.identity.sourceIp', async () => {
  for (const [name, text] of [['one.crt', ONE.cert], ['one.key', ONE.key]] as const) writeFileSync(join(folder, name), text);
  const gateway = await runGateway((await compile(join(folder, 'rest.yaml'), { tls: true })).bundle!.code, ['--trust-proxy', '127.0.0.1', '--tls-cert', join(folder, 'one.crt'), '--tls-key', join(folder, 'one.key')]);
  const session = http2.connect(`https://127.0.0.1:${gateway.port}`, { rejectUnauthorized: false });
  try {
    const body = await new Promise<string>((resolve, reject) => {
      let text = '';
      const stream = session.request({ ':path': '/who', 'x-forwarded-for': '6.6.6.6, 203.0.113.5', 'x-forwarded-host': 'api.example.com' });
      stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      stream.on('end', () => resolve(text));
      stream.on('error', reject);
    });
    assert.equal(JSON.parse(body), { ip: '203.0.113.5', domain: 'api.example.com' });
  } finally {
    session.destroy();
    await gateway.stop();
  }
});

test('what is no address: exit 2', () => {
  writeFileSync(join(folder, 'gateway.mjs'), bundles['own rest']!);
  const run = spawnSync(process.execPath, [join(folder, 'gateway.mjs'), '--trust-proxy', '10.0.0.0/8,10.0.0.0/40'], { encoding: 'utf8', timeout: 20_000 });
  assert.is(run.status, 2);
  assert.is(run.stderr, '--trust-proxy 10.0.0.0/40 is neither an address nor a CIDR block\nsee --help\n');
});

test.run();
