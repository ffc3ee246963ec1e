/** Whose rights functions and services are called with: a role's, by the integration's or the authorizer's `credentials`, or the caller's own. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

interface Aws4 { sign(request: object, credentials: object): { headers: Record<string, string> } }
const aws4 = createRequire(import.meta.url)('aws4') as Aws4;

const test = suite('credentials of integrations');
const folder = mkdtempSync(join(tmpdir(), 'gwc-credentials-'));
const ANN = { accessKeyId: 'AKIAEXAMPLEANN00', secretAccessKey: 'secret-of-ann' };
const TEMPORARY = { accessKeyId: 'ASIAEXAMPLETEMP0', secretAccessKey: 'secret-of-temp', sessionToken: 'token-of-temp' };

interface Call { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }
const calls: Call[] = [];
let mayAssume = true, stsAnswers = true;
/** AWS, as far as it is called here: STS, DynamoDB, Lambda's Invoke API and an authorizer behind it. */
const aws = createServer((incoming, response) => {
  const pieces: Buffer[] = [];
  incoming.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
    const call = { url: incoming.url!, headers: incoming.headers, body: Buffer.concat(pieces).toString('utf8') };
    calls.push(call);
    const role = /Action=AssumeRole.*RoleArn=[^&]*%2F(\w+)&/.exec(call.body)?.[1];
    if (role !== undefined) {
      if (!stsAnswers) return;
      if (!mayAssume) return void response.writeHead(403).end('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
      return void response.end(`<r><AccessKeyId>ASIA${role.toUpperCase()}</AccessKeyId><SecretAccessKey>never-to-be-seen</SecretAccessKey><SessionToken>session-of-${role}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></r>`);
    }
    const key = keyOf(call);
    if (call.url.includes('Guard')) return void response.end(JSON.stringify({ principalId: key, policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }));
    if (call.url.includes('response-streaming')) return void response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' }).end('{}');
    response.end(call.headers['x-amz-target'] ? JSON.stringify({ key }) : JSON.stringify({ statusCode: 200, body: key }));
  });
});
const keyOf = (call: Call): string => `${/Credential=(\w+)\//.exec(call.headers.authorization ?? '')?.[1] ?? 'none'} ${call.headers['x-amz-security-token'] ?? '-'}`;
const listen = (server: Server): Promise<string> => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));

const uri = (name: string, path = '2015-03-31', end = 'invocations'): string => `arn:aws:apigateway:us-east-1:lambda:path/${path}/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/${end}`;
const ROLE = 'arn:aws:iam::123456789012:role/invoke', CALLER = 'arn:aws:iam::*:user/*';
const proxy = (name: string, credentials: string | undefined, more: object = {}): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', timeoutInMillis: 700, uri: uri(name), payloadFormatVersion: '1.0', ...(credentials === undefined ? {} : { credentials }) }, ...more });
const IAM = { security: [{ iam: [] }] };
const dynamodb = { type: 'aws', httpMethod: 'POST', credentials: CALLER, uri: 'arn:aws:apigateway:us-east-1:dynamodb:action/GetItem', requestTemplates: { 'application/json': '{"TableName": "T"}' }, responses: { default: { statusCode: '200' } } };
const custom = { type: 'aws', httpMethod: 'POST', credentials: ROLE, uri: uri('Custom'), requestTemplates: { 'application/json': '{}' }, responses: { default: { statusCode: '200' } } };
const streaming = { type: 'aws_proxy', httpMethod: 'POST', credentials: CALLER, responseTransferMode: 'STREAM', uri: uri('Stream', '2021-11-15', 'response-streaming-invocations') };

const documentOf = (flavour: 'rest' | 'http'): object => ({
  openapi: '3.0.1', info: { title: 'credentials', version: '1' }, 'x-gwc-flavour': flavour,
  'x-gwc': {
    functions: { Local: { handler: './local.ts' } },
    stages: { prod: { variables: { role: 'stage', alias: 'Chosen' } } },
    callers: Object.fromEntries([['ann', ANN], ['temp', TEMPORARY]].map(([name, keys]) => [name, { accessKeyId: (keys as typeof ANN).accessKeyId, secretAccessKey: `env:${name as string}_SECRET`, ...((keys as typeof TEMPORARY).sessionToken ? { sessionToken: 'env:TOKEN' } : {}), arn: `arn:aws:iam::123456789012:user/${name as string}`, policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] } }])),
  },
  components: { securitySchemes: {
    iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    guard: { type: 'apiKey', in: 'header', name: 'X-Token', 'x-amazon-apigateway-authorizer': { type: 'request', authorizerPayloadFormatVersion: '1.0', identitySource: flavour === 'rest' ? 'method.request.header.X-Token' : '$request.header.X-Token', authorizerUri: uri('Guard'), authorizerCredentials: 'arn:aws:iam::123456789012:role/guard', authorizerResultTtlInSeconds: 0 } },
  } },
  paths: {
    '/own': { get: proxy('Own', undefined) },
    '/role': { get: proxy('Role', ROLE) },
    '/stage-role': { get: proxy('Role', 'arn:aws:iam::123456789012:role/${stageVariables.role}') },
    '/chosen': { get: proxy('${stageVariables.alias}', ROLE) },
    '/caller': { get: proxy('Caller', CALLER, IAM) },
    '/either': { get: proxy('Caller', CALLER, { security: [{ iam: [] }, { guard: [] }] }) },
    '/anonymous': { get: proxy('Caller', CALLER) },
    '/guarded': { get: proxy('Own', undefined, { security: [{ guard: [] }] }) },
    '/local': { get: proxy('Local', ROLE) },
    ...(flavour === 'rest' ? {
      '/service': { get: { ...IAM, responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': dynamodb } },
      '/custom': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': custom } },
      '/stream': { get: { ...IAM, responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': streaming } },
    } : {}),
  },
});

const bundles = new Map<string, string>();
const diagnostics = new Map<string, string>();
let url = '';
const NOWHERE = { AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'), AWS_EC2_METADATA_DISABLED: 'true', AWS_PROFILE: '', AWS_ROLE_ARN: '', AWS_WEB_IDENTITY_TOKEN_FILE: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: '', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '', AWS_SESSION_TOKEN: '' };
const open: RunningGateway[] = [];
async function start(flavour: 'rest' | 'http', environment: Record<string, string> = {}): Promise<RunningGateway> {
  const running = await runGateway(bundles.get(flavour)!, ['--stage', 'prod'], { ...NOWHERE, AWS_ENDPOINT_URL: url, AWS_REGION: 'eu-west-3', AWS_ACCESS_KEY_ID: 'AKIDOWN', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen', ann_SECRET: ANN.secretAccessKey, temp_SECRET: TEMPORARY.secretAccessKey, TOKEN: TEMPORARY.sessionToken, ...environment });
  open.push(running);
  return running;
}

test.before(async () => {
  url = await listen(aws);
  writeFileSync(join(folder, 'local.ts'), 'export const handler = async () => ({ statusCode: 200, body: "here" });');
  for (const flavour of ['rest', 'http'] as const) {
    writeFileSync(join(folder, `${flavour}.json`), JSON.stringify(documentOf(flavour)));
    const compilation = await compile(join(folder, `${flavour}.json`), { clients: [] });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    bundles.set(flavour, compilation.bundle.code);
    diagnostics.set(flavour, diagnosticsText(compilation));
  }
});
test.after(async () => {
  for (const each of open) await each.stop('SIGKILL');
  aws.closeAllConnections();
  aws.close();
  rmSync(folder, { recursive: true });
});

function send(gateway: RunningGateway, path: string, by?: object, fields: [string, string][] = []): Promise<RawAnswer> {
  if (by === undefined) return rawRequest(gateway.port, 'GET', path, fields, '');
  const { headers } = aws4.sign({ host: 'api.example.com', method: 'GET', path, headers: {}, region: 'eu-west-3', service: 'execute-api' }, by);
  return rawRequest(gateway.port, 'GET', path, Object.entries(headers).map(([name, value]) => [name, String(value)]), '');
}

for (const flavour of ['rest', 'http'] as const) {
  const internal = flavour === 'rest' ? '{"message": "Internal server error"}' : '{"message":"Internal Server Error"}';

  test(`${flavour}: functions are invoked with the role's keys, assumed once`, async () => {
    mayAssume = stsAnswers = true;
    const gateway = await start(flavour);
    calls.length = 0;
    assert.is((await send(gateway, '/own')).body, 'AKIDOWN -');
    assert.equal((await Promise.all([send(gateway, '/role'), send(gateway, '/role')])).map(({ body }) => body), ['ASIAINVOKE session-of-invoke', 'ASIAINVOKE session-of-invoke']);
    assert.is((await send(gateway, '/stage-role')).body, 'ASIASTAGE session-of-stage');
    assert.is((await send(gateway, '/chosen')).body, 'ASIAINVOKE session-of-invoke');
    assert.is(calls.at(-1)!.url, '/2015-03-31/functions/Chosen/invocations');
    assert.is((await send(gateway, '/local')).body, 'here');
    assert.is(calls.filter(({ body }) => body.includes('AssumeRole')).length, 2, 'one per role');
    if (flavour === 'rest') assert.equal(JSON.parse((await send(gateway, '/custom')).body), { statusCode: 200, body: 'ASIAINVOKE session-of-invoke' });
  });

  test(`${flavour}: an authorizer is invoked with the role of authorizerCredentials`, async () => {
    const gateway = await start(flavour);
    calls.length = 0;
    assert.is((await send(gateway, '/guarded', undefined, [['X-Token', 't']])).body, 'AKIDOWN -');
    const asked = calls.find((call) => call.url.includes('Guard'))!;
    assert.is(keyOf(asked), 'ASIAGUARD session-of-guard');
  });

  test(`${flavour}: the caller's own keys where the request was signed, nobody else's where it was not`, async () => {
    const gateway = await start(flavour);
    assert.is((await send(gateway, '/caller', ANN)).body, 'AKIAEXAMPLEANN00 -');
    assert.is((await send(gateway, '/caller', TEMPORARY)).body, 'ASIAEXAMPLETEMP0 token-of-temp');
    assert.is((await send(gateway, '/either', ANN)).body, 'AKIAEXAMPLEANN00 -');
    calls.length = 0;
    for (const answer of [await send(gateway, '/either', undefined, [['X-Token', 't']]), await send(gateway, '/anonymous'), await send(gateway, '/anonymous', ANN)]) assert.equal([answer.status, answer.body], [500, internal]);
    assert.is(calls.filter((call) => call.url.includes('Caller')).length, 0, 'the function is not called with other rights');
    assert.match(gateway.stderr(), "Execution failed due to configuration error: the caller's identity is asked for, but nobody signed the request");
    assert.is((await send(gateway, '/caller')).status, 403);
    if (flavour === 'rest') assert.is((await send(gateway, '/service', TEMPORARY)).body, '{"key":"ASIAEXAMPLETEMP0 token-of-temp"}');
    if (flavour === 'rest') {
      assert.is((await send(gateway, '/stream', ANN)).status, 500);
      assert.is(keyOf(calls.at(-1)!), 'AKIAEXAMPLEANN00 -');
    }
  });

  test(`${flavour}: a role that may not be assumed, and a token service that does not answer`, async () => {
    mayAssume = false;
    const denied = await start(flavour);
    calls.length = 0;
    const refused = await send(denied, '/role');
    assert.equal([refused.status, refused.body], [500, internal]);
    assert.match(denied.stderr(), `API Gateway does not have permission to assume the provided role ${ROLE} (STS AssumeRole answered 403 AccessDenied)`);
    assert.is(calls.filter(({ url: path }) => path.includes('/functions/')).length, 0);
    assert.is((await send(denied, '/own')).body, 'AKIDOWN -', 'other routes are unaffected');
    stsAnswers = false;
    const slow = await start(flavour);
    const began = performance.now();
    assert.is((await send(slow, '/role')).status, flavour === 'rest' ? 504 : 503);
    assert.ok(performance.now() - began < 3_000);
    assert.match(slow.stderr(), 'no credentials in time');
    mayAssume = stsAnswers = true;
  });
}

test('an emulator of Lambda takes any key: AWS is not asked for a role', async () => {
  const gateway = await start('rest', { AWS_ENDPOINT_URL: '', AWS_ENDPOINT_URL_LAMBDA: url });
  assert.is((await send(gateway, '/role')).body, 'AKIDOWN -');
});

test('the build says what becomes of each', () => {
  for (const text of diagnostics.values()) {
    assert.match(text, /info GWC2804: the role arn:aws:iam::123456789012:role\/guard is assumed/);
    assert.match(text, /info GWC2827: getCaller is called on with the caller's own keys/);
    assert.match(text, /warning GWC2803: getAnonymous passes on the caller's identity/);
    assert.match(text, /info GWC2828: credentials has no effect: function Local runs on this machine/);
    assert.is(text.split('warning').length - 1, 1 + 1, text);
  }
});
test.run();
