/** Functions as they are really written: an Express application behind two adapters, TypeScript, Python; the same bytes wherever they run. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { startInvokeEndpoint, type InvokeEndpoint } from './testing/invoke-endpoint.js';

const test = suite('real Lambda functions');
const fixtures = fileURLToPath(new URL('../../../../fixtures/lambda-adapters/', import.meta.url));
const client = fileURLToPath(new URL('./testing/runtime-client.js', import.meta.url));
const { installedAdapters } = await import(pathToFileURL(fileURLToPath(new URL('../../../../bin/fixture-packages.mjs', import.meta.url))).href) as { installedAdapters(): string | undefined };
const packages = installedAdapters();
const hasPython = spawnSync('python3', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'gwc-adapters-'));

const FILES = ['app.cjs', 'serverless-http.cjs', 'serverless-express.cjs', 'typed.ts', 'bootstrap.py', 'handler.py'];
for (const file of FILES) copyFileSync(join(fixtures, file), join(folder, file));
if (packages !== undefined) symlinkSync(join(packages, 'node_modules'), join(folder, 'node_modules'));

type Handler = (event: unknown, context: object) => Promise<unknown>;
const integration = (format: object): object => ({ responses: { default: { description: 'any' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:App/invocations', ...format } });
const document = (flavour: string, format: object): string => JSON.stringify({
  openapi: '3.0.1', info: { title: 'app', version: '1' }, 'x-gwc-flavour': flavour, 'x-amazon-apigateway-binary-media-types': ['image/*'],
  paths: { '/{proxy+}': { 'x-amazon-apigateway-any-method': { ...integration(format), parameters: [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }] } } },
});
const DOCUMENTS = { rest: document('rest', {}), 'HTTP 2.0': document('http', { payloadFormatVersion: '2.0' }) };

interface Request { readonly method: string; readonly target: string; readonly fields?: readonly (readonly [string, string])[]; readonly body?: string; readonly status: number; readonly expected?: string | RegExp; readonly field?: readonly [string, string] }
const EXPRESS: readonly Request[] = [
  { method: 'GET', target: '/app/hello/Zo%C3%AB?a=1&a=2&b=%20', status: 200, expected: 'Hello, Zoë!', field: ['x-query', '{"a":["1","2"],"b":" "}'] },
  { method: 'POST', target: '/app/json', fields: [['Content-Type', 'application/json; charset=utf-8']], body: '{"n": [1, "ü"]}', status: 201, expected: '{"got":{"n":[1,"ü"]},"type":"application/json; charset=utf-8"}' },
  { method: 'POST', target: '/app/form', fields: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'a=1&b=%26', status: 200, expected: '{"a":"1","b":"&"}' },
  { method: 'POST', target: '/app/json', fields: [['Content-Type', 'application/json']], body: '{broken', status: 500, expected: 'the application failed' },
  { method: 'GET', target: '/app/redirect', status: 302, field: ['location', '/app/hello/again'] },
  { method: 'GET', target: '/app/bytes', fields: [['Accept', 'image/png']], status: 200, expected: /^.PNG/s },
  { method: 'GET', target: '/app/throws', status: 500, expected: 'the application failed' },
  { method: 'GET', target: '/app/empty', status: 204, expected: '' },
  { method: 'GET', target: '/app/client?x=y', fields: [['Host', 'api.example.com']], status: 200, expected: /"host":"api\.example\.com".*"forwarded":"http"/ },
  { method: 'DELETE', target: '/app/nothing', status: 404, expected: 'no such page' },
];
const ORDERS: readonly Request[] = [
  { method: 'POST', target: '/app/orders', fields: [['Content-Type', 'application/json']], body: '{"id": 7, "items": ["a", "ü"]}', status: 201, expected: '{"id":7,"items":["a","ü"],"digest":"8d225808","function":"App"}', field: ['location', '/orders/7'] },
  { method: 'POST', target: '/app/orders', body: '{}', status: 400, expected: '{"message":"items are missing"}' },
  { method: 'GET', target: '/app/orders/12?expand=a&expand=b', fields: [['User-Agent', 'test']], status: 200, expected: '{"id":12,"expand":["a","b"],"agent":"test"}', field: ['etag', '"12"'] },
  { method: 'GET', target: '/app/orders/x', status: 404, expected: '{"message":"no such order"}' },
  { method: 'POST', target: '/app/orders', body: 'not json', status: 502, expected: '{"message": "Internal server error"}' },
];

async function serve(spec: string, target: string): Promise<RunningGateway> {
  const file = join(folder, 'spec.json');
  writeFileSync(file, spec);
  const compilation = await compile(file, { clients: [], functions: { App: target } });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  return runGateway(compilation.bundle.code, [], { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
}

/** The requests by every way: as expected, and the same. */
async function compare(spec: string, targets: Readonly<Record<string, string>>, requests: readonly Request[]): Promise<void> {
  const gateways = new Map<string, RunningGateway>();
  try {
    for (const [way, target] of Object.entries(targets)) gateways.set(way, await serve(spec, target));
    for (const { method, target, fields = [], body = '', status, expected, field } of requests) {
      let first: unknown;
      for (const [way, gateway] of gateways) {
        const answer = await rawRequest(gateway.port, method, target, fields, body);
        const shown = `${way}: ${method} ${target}: ${JSON.stringify(answer)}\n${gateway.stderr().slice(-1_000)}`;
        assert.is(answer.status, status, shown);
        if (typeof expected === 'string') assert.is(answer.body, expected, shown);
        else if (expected) assert.match(answer.body, expected, shown);
        if (field) assert.is(answer.fields.find(([name]) => name.toLowerCase() === field[0])?.[1], field[1], shown);
        assert.not.match(answer.body, 'secret of the application', shown);
        first ??= comparable(answer);
        assert.equal(comparable(answer), first, shown);
      }
    }
  } finally {
    for (const gateway of gateways.values()) await gateway.stop();
  }
}
function comparable(answer: RawAnswer): unknown {
  return { ...answer, fields: answer.fields.map(([name, value]) => [name, /^(date|x-amzn-requestid|x-amz-apigw-id|apigw-requestid|x-amzn-trace-id)$/i.test(name) ? '*' : value]) };
}

async function atEndpoint(handler: Handler, run: (endpoint: InvokeEndpoint) => Promise<void>): Promise<void> {
  const endpoint = await startInvokeEndpoint(handler as never);
  try { await run(endpoint); } finally { await endpoint.close(); }
}

for (const adapter of ['serverless-http', 'serverless-express']) for (const [format, spec] of Object.entries(DOCUMENTS)) {
  if (packages === undefined) { test.skip(`an Express application behind ${adapter}, ${format}`); continue; }
  test(`an Express application behind ${adapter}, ${format}`, async () => {
    const file = join(folder, `${adapter}.cjs`);
    const { handler } = createRequire(pathToFileURL(file))(file) as { handler: Handler };
    await atEndpoint(handler, (endpoint) => compare(spec, { module: `${file}#handler`, isolated: `isolated:${file}#handler`, endpoint: endpoint.url, exec: `exec:${process.execPath} ${client} ${file}` }, EXPRESS));
  });
}
if (packages === undefined) console.log('skipped: Express and its adapters are not installed (node bin/fixture-packages.mjs)');

test('a TypeScript handler', async () => {
  const file = join(folder, 'typed.ts'), compiled = join(folder, 'typed.mjs');
  writeFileSync(compiled, (await transform(readFileSync(file, 'utf8'), { loader: 'ts', format: 'esm' })).code);
  const { handler } = await import(pathToFileURL(compiled).href) as { handler: Handler };
  await atEndpoint((event, context) => handler(event, { ...context, functionName: 'App' }), (endpoint) => compare(DOCUMENTS.rest, {
    module: `${file}#handler`, isolated: `isolated:${file}#handler`, endpoint: endpoint.url,
    ...(hasPython ? { python: `exec:python3 ${join(folder, 'bootstrap.py')}` } : {}),
  }, ORDERS));
});

if (hasPython) {
  test('a Python handler on the Runtime API', () => compare(DOCUMENTS.rest, { exec: `exec:python3 ${join(folder, 'bootstrap.py')}` }, ORDERS));
} else {
  console.log('skipped: python3 is not installed');
  test.skip('a Python handler on the Runtime API');
}
test.after(() => { rmSync(folder, { recursive: true, force: true }); });
test.run();
