/** Whatever a function answers, malformed or not: at an Invoke endpoint, compiled in, in a thread and as a program it gives the client the same bytes. RUNS=1000 for more. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { startInvokeEndpoint, type InvokeEndpoint } from './testing/invoke-endpoint.js';
import { handler } from './testing/recipe-handler.js';

const test = suite('random answers of functions');
const RUNS = Number(process.env['RUNS'] ?? 120);
const folder = mkdtempSync(join(tmpdir(), 'gwc-random-answers-'));
const source = fileURLToPath(new URL('../../../../compiler/features/lambda/testing/recipe-handler.ts', import.meta.url));
const compiled = fileURLToPath(new URL('./testing/recipe-handler.js', import.meta.url));
const client = fileURLToPath(new URL('./testing/runtime-client.js', import.meta.url));
const URI = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Recipes/invocations';
const WAYS = ['endpoint', 'module', 'exec', 'isolated'] as const;
const gateways = new Map<string, RunningGateway>();
let endpoint: InvokeEndpoint;

const operation = (more: object): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: URI, ...more } });
const custom = { type: 'aws', requestTemplates: { 'application/json': '{"recipe": $input.json("$")}' }, responses: { default: { statusCode: '200' }, '[\\s\\S]+': { statusCode: '400' } } };
const DOCUMENTS = {
  rest: { openapi: '3.0.1', info: { title: 'r', version: '1' }, 'x-gwc-flavour': 'rest', 'x-amazon-apigateway-binary-media-types': ['image/png'], paths: { '/rest': { post: operation({}) }, '/custom': { post: { ...operation(custom), responses: { 200: { description: 'ok' }, 400: { description: 'error' } } } } } },
  http: { openapi: '3.0.1', info: { title: 'h', version: '1' }, 'x-gwc-flavour': 'http', paths: { '/one': { post: operation({ payloadFormatVersion: '1.0' }) }, '/two': { post: operation({ payloadFormatVersion: '2.0' }) } } },
};

test.before(async () => {
  endpoint = await startInvokeEndpoint(handler as never);
  const targets = { endpoint: endpoint.url, module: `${source}#handler`, exec: `exec:${process.execPath} ${client} ${compiled}`, isolated: `isolated:${source}#handler` };
  for (const flavour of ['rest', 'http'] as const) {
    writeFileSync(join(folder, `${flavour}.json`), JSON.stringify(DOCUMENTS[flavour]));
    for (const way of WAYS) {
      const compilation = await compile(join(folder, `${flavour}.json`), { clients: [], functions: { Recipes: targets[way] } });
      assert.ok(compilation.bundle, diagnosticsText(compilation));
      gateways.set(`${flavour} ${way}`, await runGateway(compilation.bundle.code, [], { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'none' }));
    }
  }
});
test.after(async () => {
  for (const gateway of gateways.values()) await gateway.stop();
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

const special = fc.constantFrom(...['undefined', 'nan', 'infinity', 'minus-zero', 'bigint', 'symbol', 'function', 'date', 'map', 'class', 'boxed', 'buffer', 'getter', 'hidden', 'throwing-getter', 'cyclic'].map((kind) => ({ $: kind })));
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', 'a\r\nX-B: c', 'grüße €', '\ud800', 'a\0b', ' padded ', 'aGVsbG8=', '!!', 'text/html', 'image/png', '/\u007f'));
const scalar = fc.oneof({ weight: 5, arbitrary: text }, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), special);
const fieldName = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('X-A', 'x-a', 'Content-Type', 'content-type', 'Set-Cookie', 'Location') }, fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Connection', 'Date', 'Server', 'Host', 'WWW-Authenticate', 'x-amzn-RequestId', 'Access-Control-Allow-Origin', 'constructor', '__proto__', '', 'a b', 'a:b', 'é'), fc.string({ maxLength: 5 }));
const status = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(200, 201, 204, 304, 404, 500, 599, 200.0) }, fc.constantFrom('200', '404', ' 200', '200.0', 'test', 99, 100, 199, 600, 1e3, 200.5, -200, 0, true), scalar);
const proxy = fc.record({
  statusCode: status,
  headers: fc.oneof({ weight: 4, arbitrary: fc.dictionary(fieldName, scalar, { maxKeys: 4 }) }, scalar, fc.array(text, { maxLength: 2 })),
  multiValueHeaders: fc.oneof({ weight: 3, arbitrary: fc.dictionary(fieldName, fc.array(scalar, { maxLength: 3 }), { maxKeys: 3 }) }, scalar),
  body: fc.oneof({ weight: 5, arbitrary: scalar }, fc.jsonValue()),
  isBase64Encoded: fc.oneof({ weight: 5, arbitrary: fc.boolean() }, fc.constantFrom('true', 1, null)),
  cookies: fc.oneof(fc.array(text, { maxLength: 2 }), scalar),
  unknown: scalar,
  ['__proto__']: scalar,
}, { requiredKeys: [] });
/** Mostly of the contract, so that most of it is looked at and not just the first offence. */
const tame = fc.record({
  statusCode: fc.constantFrom(200, 201, 302, 404, 503),
  headers: fc.dictionary(fc.constantFrom('X-A', 'x-a', 'Content-Type', 'Set-Cookie', 'Server', 'Date', 'Transfer-Encoding', '__proto__', 'constructor'), fc.oneof(fc.constantFrom('a', 'text/plain', 'grüße €', 'x; y="z"'), fc.integer(), fc.boolean()), { maxKeys: 4 }),
  multiValueHeaders: fc.dictionary(fc.constantFrom('X-A', 'x-b', 'Set-Cookie'), fc.array(fc.constantFrom('a', 'b', 'c=d'), { maxLength: 3 }), { maxKeys: 2 }),
  body: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('aGVsbG8=', '', null)),
  isBase64Encoded: fc.boolean(),
}, { requiredKeys: ['statusCode'] });
const wrapped = (answer: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.tuple(fc.constantFrom('to-json', 'bare', 'inherits', 'frozen', 'throw'), answer).map(([$, of]) => ({ $, of }));
const recipe: fc.Arbitrary<unknown> = fc.oneof({ weight: 6, arbitrary: tame }, { weight: 6, arbitrary: proxy }, { weight: 2, arbitrary: wrapped(fc.oneof(tame, proxy)) }, { weight: 2, arbitrary: fc.jsonValue() }, special, text.map((of) => ({ $: 'throw-error', of })));

const VARYING = /^(date|x-amzn-requestid|x-amz-apigw-id|apigw-requestid|x-amzn-trace-id)$/i;
function comparable({ status: code, fields, bytes }: RawAnswer): unknown {
  return { code, fields: fields.map(([name, value]) => [name, VARYING.test(name) ? '*' : value]), body: bytes.toString('base64') };
}

for (const [target, flavour] of [['/rest', 'rest'], ['/one', 'http'], ['/two', 'http'], ['/custom', 'rest']] as const) {
  test(`${target}: the same bytes, wherever the function runs`, async () => {
    const statuses = new Set<number>();
    await fc.assert(fc.asyncProperty(recipe, fc.constantFrom('*/*', 'image/png', 'text/html'), async (answer, accept) => {
      const body = JSON.stringify(answer);
      const [first, ...others] = await Promise.all(WAYS.map((way) => rawRequest(gateways.get(`${flavour} ${way}`)!.port, 'POST', target, [['Content-Type', 'application/json'], ['Accept', accept]], body)));
      statuses.add(first!.status);
      others.forEach((other, i) => assert.equal(comparable(other), comparable(first!), `${WAYS[i + 1]} against the endpoint: ${body}`));
    }), { numRuns: RUNS });
    assert.ok(statuses.size >= (target === '/custom' ? 2 : 5), `it was not all refused: ${[...statuses].join(' ')}`);
    for (const way of WAYS) assert.is(gateways.get(`${flavour} ${way}`)!.process.exitCode, null);
  });
}
test.run();
