/** What clients see when a service or the way to it fails (errors.md §4, §5), through built gateways; and what exactly is sent when nothing does. */
import { Agent, createServer as createHttpServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { canonicalHeaders, canonicalRequest, signatureFields } from '../../../runtime/aws/sigv4.js';
import { httpDocument, restDocument, uri } from './testing/documents.js';

const test = suite('AWS services: faults');
const folder = mkdtempSync(join(tmpdir(), 'gwc-services-'));
const closing: (() => Promise<unknown>)[] = [];
test.after(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Call { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; readonly fields: readonly string[]; readonly body: Buffer }

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An endpoint that keeps what it was asked. */
async function endpoint(answer: (call: Call, response: ServerResponse) => void): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server = createHttpServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      const call = { method: incoming.method!, url: incoming.url!, headers: incoming.headers, fields: incoming.rawHeaders, body: Buffer.concat(pieces) };
      calls.push(call);
      answer(call, response);
    });
  });
  const url = await listen(server);
  closing.push(() => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }));
  return { url, calls };
}

/** An endpoint that does what it likes with the connection. */
async function rough(act: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => { sockets.add(socket); socket.on('error', () => {}); socket.once('data', () => act(socket)); });
  const url = await listen(server);
  closing.push(() => new Promise((resolve) => { for (const socket of sockets) socket.destroy(); server.close(resolve); }));
  return url;
}

const bundles = new Map<string, string>();
async function bundle(document: object): Promise<string> {
  const text = JSON.stringify(document);
  const known = bundles.get(text);
  if (known !== undefined) return known;
  writeFileSync(join(folder, 'spec.json'), text);
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  bundles.set(text, compilation.bundle.code);
  return compilation.bundle.code;
}

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDOWN', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen', AWS_SESSION_TOKEN: '' };
/** Nothing of the machine's own is found. */
const NOWHERE = { AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'), AWS_EC2_METADATA_DISABLED: 'true', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '', AWS_PROFILE: '', AWS_ENDPOINT_URL: '', AWS_ROLE_ARN: '', AWS_WEB_IDENTITY_TOKEN_FILE: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: '', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '', AWS_REGION: '' };

async function start(document: object, environment: Record<string, string>, args: readonly string[] = []): Promise<RunningGateway> {
  const running = await runGateway(await bundle(document), args, { ...NOWHERE, ...environment });
  closing.push(() => running.stop('SIGKILL'));
  return running;
}

const DYNAMODB = { httpMethod: 'POST', uri: uri('dynamodb:action/GetItem'), timeoutInMillis: 400, requestTemplates: { 'application/json': '{"TableName": "T"}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '{"name": $input.json(\'$.Item.name.S\')}' } }, '4\\d{2}': { statusCode: '400' } } };
const REST = restDocument({ 'GET /item': DYNAMODB, 'GET /as-role': { ...DYNAMODB, credentials: 'arn:aws:iam::123456789012:role/api' }, 'GET /as-caller': { ...DYNAMODB, credentials: 'arn:aws:iam::*:user/*' } });
const HTTP = httpDocument({ 'POST /queue': { integrationSubtype: 'SQS-SendMessage', credentials: null, timeoutInMillis: 400, requestParameters: { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q', MessageBody: '$request.body' } } });

const get = (of: RunningGateway, path: string): Promise<RawAnswer> => rawRequest(of.port, 'GET', path, [], '');
const post = (of: RunningGateway, path: string, body: string, fields: readonly (readonly [string, string])[] = []): Promise<RawAnswer> => rawRequest(of.port, 'POST', path, fields, body);
const seen = ({ status, body }: RawAnswer): readonly [number, string] => [status, body];

const INTERNAL = '{"message": "Internal server error"}';
const FAULTS: readonly [name: string, act: (socket: Socket) => void, rest: readonly [number, string], http: readonly [number, string]][] = [
  ['never answers', () => {}, [504, '{"message": "Endpoint request timed out"}'], [503, '{"message":"Service Unavailable"}']],
  ['closes before it answers', (socket) => socket.destroy(), [504, '{"message": "Network error communicating with endpoint"}'], [503, '{"message":"Service Unavailable"}']],
  ['closes in the middle of its head', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty'), [502, INTERNAL], [503, '{"message":"Service Unavailable"}']],
  ['closes in the middle of its body', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Item": {'), [502, INTERNAL], [503, '{"message":"Service Unavailable"}']],
  ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), [502, INTERNAL], [503, '{"message":"Service Unavailable"}']],
  ['sends more than 10 MB', (socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n${'x'.repeat(10_485_761)}`), [502, INTERNAL], [503, '{"message":"Service Unavailable"}']],
];
for (const [name, act, rest, http] of FAULTS) {
  test(`a service that ${name}`, async () => {
    const url = await rough(act);
    assert.equal(seen(await get(await start(REST, { ...KEYS, AWS_ENDPOINT_URL_DYNAMODB: url }), '/item')), rest);
    assert.equal(seen(await post(await start(HTTP, { ...KEYS, AWS_ENDPOINT_URL_SQS: url }), '/queue', 'x')), http);
  });
}

test('nobody listens', async () => {
  assert.equal(seen(await get(await start(REST, { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }), '/item')), [504, '{"message": "Network error communicating with endpoint"}']);
  assert.equal(seen(await post(await start(HTTP, { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }), '/queue', 'x')), [503, '{"message":"Service Unavailable"}']);
});

test('an answer that is no JSON although it begins like some', async () => {
  const { url } = await endpoint((_call, response) => response.end('{"Item": oops'));
  const running = await start(REST, { ...KEYS, AWS_ENDPOINT_URL_DYNAMODB: url });
  const answer = await get(running, '/item');
  assert.ok(answer.status >= 400, String(answer.status));
  assert.not.match(answer.body, 'oops');
});

test('an endpoint that is none', async () => {
  for (const url of ['nonsense', 'ftp://127.0.0.1', 'http://user:secret-word@127.0.0.1']) {
    const running = await start(REST, { ...KEYS, AWS_ENDPOINT_URL_DYNAMODB: url });
    assert.equal(seen(await get(running, '/item')), [500, INTERNAL], url);
    assert.not.match(running.stderr(), 'secret-word');
  }
});

test('no credentials: AWS is not asked, emulators are', async () => {
  const onAws = await start(REST, {});
  assert.equal(seen(await get(onAws, '/item')), [500, INTERNAL]);
  assert.match(onAws.stderr(), 'Execution failed due to configuration error: no AWS credentials were found');
  const { url, calls } = await endpoint((_call, response) => response.end('{"Item": {"name": {"S": "n"}}}'));
  assert.equal(seen(await get(await start(REST, { AWS_ENDPOINT_URL_DYNAMODB: url }), '/item')), [200, '{"name": "n"}']);
  assert.is(calls[0]!.headers.authorization, undefined);
});

test('expired credentials: one more attempt with new ones, then the service\'s own error', async () => {
  let fetched = 0;
  const credentials = await endpoint((_call, response) => response.end(JSON.stringify({ AccessKeyId: `KEY${++fetched}`, SecretAccessKey: 'never-to-be-seen', Token: 'token', Expiration: '2099-01-01T00:00:00Z' })));
  let renewed = true;
  const { url, calls } = await endpoint((call, response) => {
    const key = /Credential=(\w+)\//.exec(call.headers.authorization ?? '')?.[1];
    if (renewed && key !== 'KEY1') return void response.end('{"Item": {"name": {"S": "n"}}}');
    response.writeHead(400).end('{"__type": "com.amazon.coral.service#ExpiredTokenException", "message": "The security token included in the request is expired"}');
  });
  const running = await start(REST, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${credentials.url}/c`, AWS_ENDPOINT_URL_DYNAMODB: url });
  assert.equal(seen(await get(running, '/item')), [200, '{"name": "n"}']);
  assert.equal([calls.length, fetched], [2, 2]);
  renewed = false;
  const refused = await get(running, '/item');
  assert.equal([refused.status, calls.length], [400, 4], 'tried twice, not more');
  assert.match(refused.body, 'ExpiredTokenException');
});

test('roles: assumed once, refused ones are said, the caller\'s identity is never replaced', async () => {
  let assumed = 0, mayAssume = true;
  const all = await endpoint((call, response) => {
    if (!call.body.includes('Action=AssumeRole')) return void response.end(`{"Item": {"name": {"S": "${/Credential=(\w+)/.exec(call.headers.authorization!)![1]}"}}}`);
    assumed++;
    if (!mayAssume) return void response.writeHead(403).end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>');
    response.end('<r><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>never-to-be-seen</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></r>');
  });
  const running = await start(REST, { ...KEYS, AWS_ENDPOINT_URL: all.url });
  const names = await Promise.all([get(running, '/as-role'), get(running, '/as-role'), get(running, '/item')]);
  assert.equal(names.map(({ body }) => body), ['{"name": "ASIAROLE"}', '{"name": "ASIAROLE"}', '{"name": "AKIDOWN"}']);
  assert.is(assumed, 1, 'once for all who wait');
  mayAssume = false;
  const denied = await start(REST, { ...KEYS, AWS_ENDPOINT_URL: all.url });
  assert.equal(seen(await get(denied, '/as-role')), [500, INTERNAL]);
  assert.match(denied.stderr(), 'API Gateway does not have permission to assume the provided role arn:aws:iam::123456789012:role/api (STS AssumeRole answered 403 AccessDenied)');
  assert.is(await get(denied, '/item').then(({ body }) => body), '{"name": "AKIDOWN"}', 'other routes are unaffected');
  const before = all.calls.length;
  assert.equal(seen(await get(denied, '/as-caller')), [500, INTERNAL]);
  assert.is(all.calls.length, before, 'nothing is called for a caller whose identity cannot be used');
  // DynamoDB is an emulator, STS is not: AWS is not asked for a role.
  const emulator = await start(REST, { ...KEYS, AWS_ENDPOINT_URL_DYNAMODB: all.url });
  assert.is((await get(emulator, '/as-role')).body, '{"name": "AKIDOWN"}');
});

test('credentials that do not come in time', async () => {
  const slow = await rough(() => {});
  const { url, calls } = await endpoint((_call, response) => response.end('{}'));
  const running = await start(REST, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${slow}/c`, AWS_ENDPOINT_URL_DYNAMODB: url });
  const began = performance.now();
  assert.equal(seen(await get(running, '/item')), [504, '{"message": "Endpoint request timed out"}']);
  assert.ok(performance.now() - began < 5_000);
  assert.is(calls.length, 0);
  assert.match(running.stderr(), 'no credentials in time');
});

test('stage variables that say action or path, and nonsense', async () => {
  const { url, calls } = await endpoint((_call, response) => response.end('{}'));
  const document = restDocument({ 'GET /x': { httpMethod: 'POST', uri: uri('sns:${stageVariables.operation}'), requestParameters: { 'integration.request.querystring.Extra': "'e'" }, responses: { default: { statusCode: '200' } } } }, {
    'x-gwc': { stages: Object.fromEntries(Object.entries({ action: 'action/Publish&Subject=a', path: 'path//a/b?c=d', broken: 'DeleteEverything', dots: 'action/../x' }).map(([name, operation]) => [name, { variables: { operation } }])) },
  });
  for (const [stage, status, sent] of [['action', 200, '/?Action=Publish&Version=2010-03-31&Subject=a&Extra=e'], ['path', 200, '/a/b?c=d&Extra=e'], ['broken', 500, undefined], ['dots', 500, undefined]] as const) {
    calls.length = 0;
    assert.is((await get(await start(document, { ...KEYS, AWS_ENDPOINT_URL: url }, ['--stage', stage]), '/x')).status, status, stage);
    assert.is(calls[0]?.url, sent);
  }
});

test('thousands of calls, good ones and failures: nothing stays open, memory does not grow', async () => {
  let count = 0;
  const { url } = await endpoint((_call, response) => {
    if (++count % 5 === 0) return void response.destroy();
    if (count % 7 === 0) return void response.writeHead(400).end('{"__type": "ValidationException"}');
    response.end(`{"Item": {"name": {"S": "${'x'.repeat(10_000)}"}}}`);
  });
  const running = await start(REST, { ...KEYS, AWS_ENDPOINT_URL_DYNAMODB: url });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const one = (): Promise<void> => new Promise((resolve, reject) => {
    request({ agent, port: running.port, host: '127.0.0.1', path: '/item' }, (response) => { response.resume().on('end', resolve).on('error', reject); }).on('error', reject).end();
  });
  const many = async (calls: number): Promise<void> => { await Promise.all(Array.from({ length: 16 }, async () => { for (let i = 0; i < calls / 16; i++) await one(); })); };
  const statusOf = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${running.process.pid}/status`, 'utf8'))?.[1]);
  const open = (): number => readdirSync(`/proc/${running.process.pid}/fd`).length;
  await many(1_600);
  if (process.platform !== 'linux') return;
  const before = { memory: statusOf('VmRSS'), files: open() };
  await many(4_800);
  agent.destroy();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(open() <= before.files, `${before.files} → ${open()} open files`);
  assert.ok(statusOf('VmRSS') - before.memory < 60_000, `${before.memory} → ${statusOf('VmRSS')} kB`);
});

/** Does the signature fit the request as it arrived? */
function verify(call: Call, host: string): void {
  const authorization = /^AWS4-HMAC-SHA256 Credential=AKIDOWN\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(call.headers.authorization!)!;
  const [, , region, service, signed, signature] = authorization as unknown as [string, string, string, string, string, string];
  const fields: string[] = [];
  for (let i = 0; i < call.fields.length; i += 2) {
    const name = call.fields[i]!.toLowerCase();
    if (signed.split(';').includes(name) && !['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'].includes(name)) fields.push(call.fields[i]!, call.fields[i + 1]!);
  }
  const date = String(call.headers['x-amz-date']);
  const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const [path, query = ''] = call.url.split('?') as [string, string?];
  const again = signatureFields({ method: call.method, host, path, query, fields, body: call.body }, { region, service }, { accessKeyId: 'AKIDOWN', secretAccessKey: 'never-to-be-seen', sessionToken: '', expiresAt: Infinity }, time);
  assert.is(again.at(-1)!.split('Signature=')[1], signature, canonicalRequest({ method: call.method, host, path, query, fields, body: call.body }, canonicalHeaders(fields), createHash('sha256').update(call.body).digest('hex'), service));
}

test('what is sent: targets, content types, queries, and a signature that fits it', async () => {
  const { url, calls } = await endpoint((_call, response) => response.end('{}'));
  const host = new URL(url).host;
  const answers = { default: { statusCode: '200' } };
  const document = restDocument({
    'POST /json': { httpMethod: 'POST', uri: uri('kinesis:action/PutRecord'), passthroughBehavior: 'when_no_match', responses: answers },
    'GET /query': { httpMethod: 'POST', uri: uri('sns:action/Publish&Subject=a%20b'), parameters: ['query.text'], requestParameters: { 'integration.request.querystring.Message': 'method.request.querystring.text' }, responses: answers },
    'GET /versioned': { httpMethod: 'GET', uri: uri('iam:action/ListUsers&Version=2010-05-08'), responses: answers },
    'PUT /s3/{key+}': { httpMethod: 'PUT', uri: uri('s3:path/bucket/{key}?acl'), requestParameters: { 'integration.request.path.key': 'method.request.path.key', 'integration.request.header.x-amz-date': "'never'" }, responses: answers },
    'GET /jobs/{id}': { httpMethod: 'GET', uri: uri('data.jobs.iot:path/things/{id}/jobs'), requestParameters: { 'integration.request.path.id': 'method.request.path.id' }, responses: answers },
    'ANY /any': { httpMethod: 'ANY', uri: uri('execute-api:path/x'), responses: answers },
  });
  (document as { paths: Record<string, Record<string, unknown>> }).paths['/any'] = { 'x-amazon-apigateway-any-method': (document as { paths: Record<string, Record<string, unknown>> }).paths['/any']!['any'] };
  const running = await start(document, { ...KEYS, AWS_ENDPOINT_URL: `${url}/` });
  const sent = async (method: string, path: string, body = ''): Promise<Call> => {
    calls.length = 0;
    const answer = await rawRequest(running.port, method, path, body === '' ? [] : [['Content-Type', 'application/json; charset=utf-8']], body);
    assert.is(answer.status, 200, answer.body);
    verify(calls[0]!, host);
    return calls[0]!;
  };
  const json = await sent('POST', '/json', '{"a": "ä"}');
  assert.equal([json.url, json.headers['x-amz-target'], json.headers['content-type'], json.body.toString(), json.headers.accept], ['/?Action=PutRecord', 'Kinesis_20131202.PutRecord', 'application/x-amz-json-1.1', '{"a": "ä"}', 'application/json']);
  const query = await sent('GET', '/query?text=x%20%26%2B%C3%A4\'');
  assert.equal([query.method, query.url, query.body.length, query.headers['content-type']], ['POST', '/?Action=Publish&Version=2010-03-31&Subject=a%20b&Message=x%20%26%2B%C3%A4\'', 0, 'application/x-www-form-urlencoded']);
  assert.is((await sent('GET', '/versioned')).url, '/?Action=ListUsers&Version=2010-05-08');
  const s3 = await sent('PUT', '/s3/a%2Fb/..%20c(1)/%7E', 'bytes');
  assert.equal([s3.url, s3.headers['x-amz-content-sha256']], ['/bucket/a/b/..%20c%281%29/~?acl', createHash('sha256').update('bytes').digest('hex')]);
  const jobs = await sent('GET', '/jobs/a%2Fb');
  assert.match(jobs.headers.authorization!, '/us-east-1/iot-jobs-data/aws4_request');
  assert.is(jobs.url, '/things/a%2Fb/jobs');
  assert.is((await sent('PATCH', '/any', '{}')).method, 'PATCH');
  for (const path of ['/jobs/..', '/jobs/%2e%2E', '/jobs/.']) {
    calls.length = 0;
    const answer = await rawRequest(running.port, 'GET', path, [], '');
    assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
    assert.is(calls.length, 0, path);
  }
  assert.not.match(running.stderr(), /never-to-be-seen/);
});

test('whatever clients put into paths and queries, what is sent is signed as it arrives and stays where the uri says', async () => {
  const { url, calls } = await endpoint((_call, response) => response.end('{}'));
  const answers = { default: { statusCode: '200' } };
  const running = await start(restDocument({
    'GET /s3/{key+}': { httpMethod: 'GET', uri: uri('s3:path/bucket/{key}'), parameters: ['query.p'], requestParameters: { 'integration.request.path.key': 'method.request.path.key', 'integration.request.querystring.prefix': 'method.request.querystring.p' }, responses: answers },
    'GET /things/{id}': { httpMethod: 'GET', uri: uri('iot:path/things/{id}/shadow'), parameters: ['query.p'], requestParameters: { 'integration.request.path.id': 'method.request.path.id', 'integration.request.querystring.name': 'method.request.querystring.p' }, responses: answers },
  }), { ...KEYS, AWS_ENDPOINT_URL: url });
  const piece = fc.oneof(fc.string({ maxLength: 4 }).map((text) => text.replace(/[^!-~]|[?#]/g, '_')), fc.constantFrom('%FF', '%2F', '%2e', '..', '.', '%', '%25', '%zz', "'()*!", '+', '&', ';', '=', '\\', '%00', '%0D%0A', '%C3%A9', '%E2%82', '{key}', '"', '<', '|'));
  const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const paths = fc.sample(fc.tuple(fc.constantFrom('/s3/', '/things/'), text, text), { numRuns: 250, seed: Date.now() });
  for (const [prefix, path, query] of paths) {
    calls.length = 0;
    const sent = `${prefix}${prefix === '/things/' ? path.replaceAll('/', '_') : path}?p=${query}`;
    const { status } = await rawRequest(running.port, 'GET', sent, [], '');
    if (calls.length === 0) { assert.ok(status >= 400, `${sent}: ${status}`); continue; }
    verify(calls[0]!, new URL(url).host);
    assert.match(calls[0]!.url, prefix === '/s3/' ? /^\/bucket\// : /^\/things\/[^/]+\/shadow(\?|$)/, sent);
    assert.not.match(calls[0]!.url, /[^!-~]/);
  }
});

test('HTTP API: AppConfig and synchronous executions as they are sent; the region of the resource', async () => {
  const { url, calls } = await endpoint((call, response) => (call.method === 'GET' ? response.writeHead(200, { 'content-type': 'application/yaml', 'configuration-version': '3', server: 'x' }).end('a: 1') : response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"status": "SUCCEEDED"}')));
  const host = new URL(url).host;
  const running = await start(httpDocument({
    'GET /config': { integrationSubtype: 'AppConfig-GetConfiguration', credentials: null, requestParameters: { Application: '$request.querystring.app', Environment: 'prod env', Configuration: 'c', ClientId: '$context.requestId', Region: 'eu-central-1' } },
    'POST /sync': { integrationSubtype: 'StepFunctions-StartSyncExecution', credentials: null, requestParameters: { StateMachineArn: 'arn:aws:states:ap-south-1:123456789012:stateMachine:m', Input: '$request.body', Name: '$request.header.x-name' } },
    'POST /anywhere': { integrationSubtype: 'SQS-SendMessage', credentials: null, requestParameters: { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/1/q', MessageBody: 'x', Region: '$request.querystring.region' } },
  }), { ...KEYS, AWS_ENDPOINT_URL: url });
  const config = await rawRequest(running.port, 'GET', '/config?app=a%2F..%2Fb', [], '');
  assert.equal([config.status, config.body, config.fields.filter(([name]) => !/^(date|connection|apigw-requestid|content-length)$/i.test(name))], [200, 'a: 1', [['content-type', 'application/yaml'], ['configuration-version', '3']]]);
  verify(calls[0]!, host);
  assert.match(calls[0]!.url, /^\/applications\/a%2F\.\.%2Fb\/environments\/prod%20env\/configurations\/c\?client_id=[^&]+$/);
  assert.match(calls[0]!.headers.authorization!, '/eu-central-1/appconfig/aws4_request');
  const sync = await post(running, '/sync', '{"n": 1}', [['x-name', 'run-1']]);
  assert.equal([sync.status, sync.body, sync.fields.find(([name]) => name.toLowerCase() === 'content-type')![1]], [200, '{"status": "SUCCEEDED"}', 'application/json']);
  verify(calls[1]!, host);
  assert.equal([calls[1]!.headers['x-amz-target'], JSON.parse(calls[1]!.body.toString())], ['AWSStepFunctions.StartSyncExecution', { stateMachineArn: 'arn:aws:states:ap-south-1:123456789012:stateMachine:m', input: '{"n": 1}', name: 'run-1' }]);
  assert.match(calls[1]!.headers.authorization!, '/ap-south-1/states/aws4_request');
  for (const [region, status] of [['eu-west-1', 200], ['evil.example/', 500], ['', 200]] as const) assert.is((await post(running, `/anywhere?region=${encodeURIComponent(region)}`, '')).status, status, region);
});
test.run();
