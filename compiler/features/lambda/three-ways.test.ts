/** The same function at an Invoke endpoint, compiled in, in threads, and as a program of its own: one table, the same bytes for the client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { startInvokeEndpoint, type InvokeEndpoint } from './testing/invoke-endpoint.js';

const test = suite('Lambda three ways');
const source = fileURLToPath(new URL('../../../../compiler/features/lambda/testing/cases-handler.ts', import.meta.url));
const compiled = fileURLToPath(new URL('./testing/cases-handler.js', import.meta.url));
const client = fileURLToPath(new URL('./testing/runtime-client.js', import.meta.url));
const URI = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Cases:live/invocations';

type Flavour = 'rest' | 'custom' | 'http';
type Way = 'endpoint' | 'module' | 'exec' | 'isolated';
const WAYS: readonly Way[] = ['endpoint', 'module', 'exec', 'isolated'];

const integration = (more: object): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: URI, ...more } });
/** `aws`: the event names the case, the answer is what the function gave. */
const custom = (more: object): object => ({
  parameters: [{ name: 'X-Type', in: 'header', schema: { type: 'string' } }], responses: { 200: { description: 'ok' }, 409: { description: 'conflict' } },
  'x-amazon-apigateway-integration': {
    type: 'aws', httpMethod: 'POST', uri: URI,
    requestTemplates: { 'application/json': '{"path": "$util.escapeJavaScript($input.params(\'name\'))", "body": $input.json(\'$\')}' },
    requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': 'method.request.header.X-Type', 'integration.request.header.X-Amz-Client-Context': "'eyJjdXN0b20iOnsiZm9vIjoiYsOkciJ9fQ=='" },
    responses: { default: { statusCode: '200' }, 'a failure(.|\n)*': { statusCode: '409', responseParameters: { 'method.response.header.X-Message': 'integration.response.body.errorType' }, responseTemplates: { 'application/json': '{"why": $input.json("$.errorMessage")}' } } },
    ...more,
  },
});
const DOCUMENTS: Record<Flavour, object> = {
  rest: {
    openapi: '3.0.1', info: { title: 'cases', version: '1' }, 'x-gwc-flavour': 'rest', 'x-amazon-apigateway-binary-media-types': ['image/png', 'application/*'],
    paths: { '/cases/{name}': { 'x-amazon-apigateway-any-method': integration({}) }, '/late/slow': { get: integration({ timeoutInMillis: 300 }) },
    },
  },
  // Without binary media types: application/* would make the function's JSON bytes.
  custom: {
    openapi: '3.0.1', info: { title: 'cases', version: '1' }, 'x-gwc-flavour': 'rest',
    paths: {
      '/custom/{name}': { post: custom({}) }, '/raw': { post: custom({ requestTemplates: undefined }) }, '/late/custom': { post: custom({ timeoutInMillis: 300, requestTemplates: { 'application/json': '{"path": "slow"}' } }) },
    },
  },
  http: {
    openapi: '3.0.1', info: { title: 'cases', version: '1' }, 'x-gwc-flavour': 'http',
    paths: { '/one/{name}': { 'x-amazon-apigateway-any-method': integration({ payloadFormatVersion: '1.0' }) }, '/two/{name}': { 'x-amazon-apigateway-any-method': integration({ payloadFormatVersion: '2.0' }) }, '/late/slow': { get: integration({ payloadFormatVersion: '2.0', timeoutInMillis: 300 }) } },
  },
};

const gateways = new Map<string, RunningGateway>();
let endpoint: InvokeEndpoint;
const folder = mkdtempSync(join(tmpdir(), 'gwc-three-ways-'));

test.before(async () => {
  endpoint = await startInvokeEndpoint();
  const targets: Record<Way, string> = { endpoint: endpoint.url, module: `${source}#handler`, exec: `exec:${process.execPath} ${client} ${compiled}`, isolated: `isolated:${source}#handler` };
  const environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen' };
  for (const flavour of ['rest', 'custom', 'http'] as const) {
    const spec = join(folder, `${flavour}.json`);
    writeFileSync(spec, JSON.stringify(DOCUMENTS[flavour]));
    for (const way of WAYS) {
      const compilation = await compile(spec, { clients: [], functions: { Cases: targets[way] } });
      assert.ok(compilation.bundle, diagnosticsText(compilation));
      gateways.set(`${flavour} ${way}`, await runGateway(compilation.bundle.code, [], environment));
    }
  }
});
test.after(async () => {
  for (const gateway of gateways.values()) await gateway.stop();
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Expected { readonly status: number; readonly body: string; readonly fields?: Readonly<Record<string, string | null>> }
interface Case { readonly flavour: Flavour; readonly target: string; readonly fields?: readonly [string, string][]; readonly method?: string; readonly body?: string | Buffer; readonly expected: Expected }

const JSON_TYPE = { 'content-type': 'application/json' };
const MALFORMED: Expected = { status: 502, body: '{"message": "Internal server error"}', fields: { ...JSON_TYPE, 'x-amzn-errortype': 'InternalServerErrorException' } };
const HTTP_500: Expected = { status: 500, body: '{"message":"Internal Server Error"}', fields: { ...JSON_TYPE, 'x-amzn-errortype': null } };
const TEXT_TYPE = { 'content-type': 'text/plain; charset=utf-8' };
const png: [string, string][] = [['Accept', 'image/png']];

const rest = (name: string, expected: Expected, fields?: [string, string][]): Case => ({ flavour: 'rest', target: `/cases/${name}`, expected, ...(fields ? { fields } : {}) });
const aws = (name: string, expected: Expected, fields?: [string, string][]): Case => ({ flavour: 'custom', target: `/custom/${name}`, method: 'POST', body: '{"n":1}', expected, ...(fields ? { fields } : {}) });
const one = (name: string, expected: Expected): Case => ({ flavour: 'http', target: `/one/${name}`, expected });
const two = (name: string, expected: Expected): Case => ({ flavour: 'http', target: `/two/${name}`, expected });

const CASES: readonly Case[] = [
  rest('status-only', { status: 200, body: '', fields: { ...JSON_TYPE, 'x-amzn-trace-id': '*' } }),
  rest('headers-only', { status: 200, body: '', fields: { 'x-only': 'yes' } }),
  rest('empty', { status: 200, body: '', fields: JSON_TYPE }),
  rest('null', MALFORMED), rest('undefined', MALFORMED), rest('string', MALFORMED), rest('array', MALFORMED), rest('number', MALFORMED), rest('plain-object', MALFORMED),
  rest('status-text', { status: 201, body: 'made' }),
  rest('status-word', MALFORMED), rest('status-fraction', MALFORMED), rest('status-100', MALFORMED), rest('status-1000', MALFORMED),
  rest('status-404', { status: 404, body: 'no such thing', fields: { 'x-amzn-errortype': null } }),
  rest('status-204', { status: 204, body: '' }),
  rest('headers-null', { status: 200, body: '', fields: JSON_TYPE }),
  rest('header-values', { status: 200, body: '', fields: { 'x-bool': 'true', 'x-number': '5', 'x-empty': '' } }),
  rest('header-object', MALFORMED), rest('header-null', MALFORMED), rest('headers-list', MALFORMED), rest('header-break', MALFORMED), rest('header-name-break', MALFORMED),
  rest('header-unicode', { status: 200, body: '', fields: { 'x-a': Buffer.from('grüße €').toString('latin1') } }),
  rest('multi', { status: 200, body: '', fields: { 'set-cookie': 'a=1, b=2, c=3' } }),
  rest('multi-and-single', { status: 200, body: '', fields: { 'test-multi': 'm, solo' } }),
  rest('multi-duplicate', { status: 200, body: '', fields: { 'x-a': 'm, n' } }),
  rest('multi-text', MALFORMED), rest('unknown-key', MALFORMED),
  rest('content-type', { status: 200, body: '<p>', fields: { 'content-type': 'text/html' } }),
  rest('body-object', MALFORMED), rest('body-number', MALFORMED),
  // Decoded only for clients that accept a binary type [R].
  rest('base64', { status: 200, body: 'Ynl0ZXM=' }), rest('base64', { status: 200, body: 'Ynl0ZXM=' }, [['Accept', '*/*']]), rest('base64', { status: 200, body: 'Ynl0ZXM=' }, [['Accept', 'text/html, image/png']]),
  rest('base64', { status: 200, body: 'bytes' }, png), rest('base64', { status: 200, body: 'bytes' }, [['Accept', 'application/zip;q=1, */*']]),
  rest('base64-broken', { status: 200, body: '!!not base64!!' }),
  rest('base64-broken', { status: 500, body: '{"message": "Internal server error"}', fields: { 'x-amzn-errortype': 'InternalServerErrorException' } }, png),
  rest('base64-word', MALFORMED),
  rest('remapped', { status: 401, body: 'ok', fields: { 'x-amzn-remapped-date': 'then', 'x-amzn-remapped-server': 'mine', 'x-amzn-remapped-content-length': '9999', 'x-amzn-remapped-connection': 'upgrade', 'x-amzn-remapped-www-authenticate': 'Basic', 'x-amzn-remapped-authorization': 'x', 'x-amzn-remapped-x-amzn-requestid': 'mine', 'transfer-encoding': null, server: null, 'www-authenticate': null, 'content-length': '2' } }),
  rest('cookies', MALFORMED),
  rest('throws', MALFORMED), rest('throws-text', MALFORMED), rest('large', MALFORMED),
  rest('remaining', { status: 200, body: 'true' }),
  { flavour: 'rest', target: '/late/slow', expected: { status: 504, body: '{"message": "Endpoint request timed out"}', fields: { 'x-amzn-errortype': 'InternalServerErrorException' } } },
  { flavour: 'rest', target: '/cases/size', method: 'POST', body: 'x'.repeat(6_400_000), fields: [['content-type', 'text/plain']], expected: { status: 413, body: '{"message": "Request Too Long"}', fields: { 'x-amzn-errortype': 'BadRequestException' } } },
  { flavour: 'rest', target: '/cases/size', method: 'POST', body: 'x'.repeat(6_000_000), fields: [['content-type', 'text/plain']], expected: { status: 200, body: '6000000' } },

  aws('plain-object', { status: 200, body: '{"message":"hi","n":1}', fields: JSON_TYPE }), aws('status-404', { status: 200, body: '{"statusCode":404,"body":"no such thing"}', fields: JSON_TYPE }), aws('string', { status: 200, body: '"hello world"' }),
  aws('null', { status: 200, body: 'null' }), aws('undefined', { status: 200, body: 'null' }), aws('array', { status: 200, body: '[1,"two"]' }), aws('client-context', { status: 200, body: '"bär"' }),
  aws('throws', { status: 409, body: '{"why": "a failure\\nover two lines"}', fields: { ...JSON_TYPE, 'x-message': 'Error', 'x-amzn-errortype': null } }),
  aws('large', { status: 200, body: '/Response payload size exceeded maximum allowed payload size \\(6291556 bytes\\)/' }),
  aws('throws', { status: 200, body: '', fields: { 'content-length': '0' } }, [['X-Type', 'Event']]), aws('dry-run', { status: 200, body: '' }, [['X-Type', 'DryRun']]),
  { flavour: 'custom', target: '/raw', method: 'POST', body: '{"path": "as-sent", "n": 12345678901234567890}', expected: { status: 200, body: '{"path":"as-sent","n":12345678901234567000}' } },
  { flavour: 'custom', target: '/raw', method: 'POST', body: '', expected: { status: 200, body: '{"statusCode":500,"body":"no case "}' } },
  { flavour: 'custom', target: '/raw', method: 'POST', body: '{"path": cut', expected: { status: 400, body: '/^\\{"message": "Could not parse request body into json: Could not parse payload into json: .+"\\}$/' } },
  { flavour: 'custom', target: '/raw', method: 'POST', body: `"${'x'.repeat(6_291_455)}"`, expected: { status: 413, body: '{"message": "Request Too Long"}' } },
  { flavour: 'custom', target: '/raw', method: 'POST', body: `"${'x'.repeat(1_048_577)}"`, fields: [['X-Type', 'Event']], expected: { status: 413, body: '{"message": "Request Too Long"}' } },
  { flavour: 'custom', target: '/late/custom', method: 'POST', body: '{}', expected: { status: 504, body: '{"message": "Endpoint request timed out"}', fields: { 'x-amzn-errortype': 'InternalServerErrorException' } } },

  one('status-404', { status: 404, body: 'no such thing', fields: TEXT_TYPE }), one('content-type', { status: 200, body: '<p>', fields: { 'content-type': 'text/html' } }),
  one('empty', HTTP_500), one('null', HTTP_500), one('string', HTTP_500), one('plain-object', HTTP_500), one('status-word', HTTP_500), one('throws', HTTP_500), one('header-break', HTTP_500),
  one('multi', { status: 200, body: '', fields: { 'set-cookie': 'a=1, b=2, c=3' } }),
  one('base64', { status: 200, body: 'bytes' }), one('base64-broken', HTTP_500),
  one('remapped', { status: 401, body: 'ok', fields: { 'www-authenticate': 'Basic', server: 'mine', 'x-amzn-remapped-date': null, 'content-length': '2', connection: 'close' } }),

  two('status-only', { status: 200, body: '', fields: TEXT_TYPE }), two('status-text', { status: 201, body: 'made' }), two('status-word', HTTP_500), two('status-1000', HTTP_500),
  two('empty', { status: 200, body: '{}', fields: JSON_TYPE }), two('null', { status: 200, body: 'null', fields: JSON_TYPE }), two('undefined', { status: 200, body: 'null' }), two('string', { status: 200, body: 'hello world', fields: JSON_TYPE }),
  two('array', { status: 200, body: '[1,"two"]', fields: JSON_TYPE }), two('number', { status: 200, body: '7', fields: JSON_TYPE }), two('plain-object', { status: 200, body: '{"message":"hi","n":1}', fields: JSON_TYPE }), two('headers-only', { status: 200, body: '{"headers":{"X-Only":"yes"}}' }),
  two('cookies', { status: 200, body: 'ok', fields: { 'set-cookie': 'a=1; Path=/, b=2' } }), two('cookies-text', HTTP_500), two('body-object', HTTP_500), two('unknown-key', { status: 200, body: '' }),
  two('base64', { status: 200, body: 'bytes' }), two('header-values', { status: 200, body: '', fields: { 'x-bool': 'true', 'x-number': '5' } }), two('throws', HTTP_500), two('throws-text', HTTP_500), two('large', HTTP_500),
  { flavour: 'http', target: '/late/slow', expected: { status: 503, body: '{"message":"Service Unavailable"}' } },
  { flavour: 'http', target: '/two/size', method: 'POST', body: 'x'.repeat(6_400_000), fields: [['content-type', 'text/plain']], expected: { status: 413, body: '{"message":"Request Entity Too Large"}' } },
];

for (const each of CASES) {
  const shown = `${each.flavour} ${each.target}${each.fields ? ` ${each.fields[0]!.join(': ')}` : ''}`;
  test(shown, async () => {
    const answers = await Promise.all(WAYS.map((way) => rawRequest(gateways.get(`${each.flavour} ${way}`)!.port, each.method ?? 'GET', each.target, each.fields ?? [], each.body ?? '')));
    WAYS.forEach((way, index) => check(`${shown} by ${way}`, answers[index]!, each.expected));
    assert.equal(comparable(answers[1]!), comparable(answers[0]!), 'compiled in as at the endpoint');
    assert.equal(comparable(answers[2]!), comparable(answers[0]!), 'as a program as at the endpoint');
    assert.equal(comparable(answers[3]!), comparable(answers[0]!), 'in a thread as at the endpoint');
  });
}

function check(shown: string, answer: RawAnswer, expected: Expected): void {
  const text = `${shown}: ${JSON.stringify({ ...answer, body: answer.body.slice(0, 300) })}`;
  assert.is(answer.status, expected.status, text);
  const pattern = /^\/(.*)\/$/.exec(expected.body);
  if (pattern) assert.match(answer.body, new RegExp(pattern[1]!), text);
  else assert.is(answer.body, expected.body, text);
  for (const [name, value] of Object.entries(expected.fields ?? {})) {
    const values = answer.fields.filter(([each]) => each.toLowerCase() === name).map(([, each]) => each);
    if (value === null) assert.equal(values, [], `${name} of ${text}`);
    else if (value === '*') assert.is(values.length, 1, `${name} of ${text}`);
    else assert.is(values.join(', '), value, `${name} of ${text}`);
  }
}

/** Without what differs from request to request; names in their case and order. */
function comparable(answer: RawAnswer): unknown {
  return { ...answer, fields: answer.fields.map(([name, value]) => [name, /^(date|x-amzn-requestid|x-amz-apigw-id|apigw-requestid|x-amzn-trace-id)$/i.test(name) ? '*' : value]) };
}

test('the execution log says what AWS says, one line per event of the function', async () => {
  for (const way of WAYS) {
    const gateway = gateways.get(`rest ${way}`)!;
    const before = gateway.stderr().length;
    await rawRequest(gateway.port, 'GET', '/cases/throws', [], '');
    await rawRequest(gateway.port, 'GET', '/cases/string', [], '');
    const lines = gateway.stderr().slice(before).split('\n').filter(Boolean);
    assert.match(lines[0]!, /^\([0-9a-f-]{36}\) Lambda execution failed with status 200 due to customer function error: a failure over two lines\. Lambda request id: [0-9a-f-]{36}$/);
    assert.match(lines[1]!, /^\([0-9a-f-]{36}\) Execution failed due to configuration error: Malformed Lambda proxy response$/);
    assert.is(lines.length, 2, lines.join('\n'));
  }
});

test('the endpoint is called as the SDKs call it, signed, by name and alias; the secret is nowhere', async () => {
  endpoint.requests.length = 0;
  await rawRequest(gateways.get('rest endpoint')!.port, 'GET', '/cases/empty', [], '');
  const { url, headers } = endpoint.requests[0]!;
  assert.is(url, '/2015-03-31/functions/Cases/invocations?Qualifier=live');
  assert.match(headers.authorization!, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=accept;content-type;host;x-amz-date;x-amzn-apigateway-api-id;x-amzn-lambda-integration-tag, Signature=[0-9a-f]{64}$/);
  assert.match(headers['user-agent']!, /^AmazonAPIGateway_/);
  assert.is(headers['content-type'], 'application/json');
  for (const gateway of gateways.values()) assert.not.match(gateway.stderr(), 'never-to-be-seen');
});

test.run();
