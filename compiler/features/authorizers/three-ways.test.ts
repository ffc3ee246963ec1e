/** The same authorizer at an Invoke endpoint, compiled in, and as a program of its own: the same bytes for the client. And an endpoint that fails in ways of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { handler } from './testing/authorizer-handler.js';

const test = suite('authorizers three ways');
const folder = mkdtempSync(join(tmpdir(), 'gwc-authorizer-ways-'));
const source = fileURLToPath(new URL('../../../../compiler/features/authorizers/testing/authorizer-handler.ts', import.meta.url));
const compiled = fileURLToPath(new URL('./testing/authorizer-handler.js', import.meta.url));
const client = fileURLToPath(new URL('../lambda/testing/runtime-client.js', import.meta.url));
const URI = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Guard:live/invocations';
const WAYS = ['endpoint', 'module', 'exec'] as const;
const gateways = new Map<string, RunningGateway>();
let server: Server, status = 200, urls: string[] = [];

const template = "$context.authorizer.principalId $context.authorizer.arn $context.authorizer.number $context.authorizer.yes";
const mock = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': template } } } };
const documentOf = (flavour: 'rest' | 'http'): object => ({
  openapi: '3.0.1', info: { title: 'ways', version: '1' }, 'x-gwc-flavour': flavour,
  components: { securitySchemes: { guard: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authorizer': flavour === 'rest' ? { type: 'token', authorizerUri: URI, authorizerResultTtlInSeconds: 0 } : { type: 'request', authorizerUri: URI, authorizerPayloadFormatVersion: '2.0', identitySource: '$request.header.Authorization' } } } },
  paths: { '/pets/{id}': { get: { security: [{ guard: [] }], parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': mock } } },
});

test.before(async () => {
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      urls.push(request.url!);
      if (status !== 200) return void response.writeHead(status, { 'content-type': 'application/json' }).end('{"Message":"no"}');
      handler(JSON.parse(Buffer.concat(pieces).toString()) as object).then((result) => response.end(JSON.stringify(result) ?? 'null'), (error: Error) => response.writeHead(200, { 'x-amz-function-error': 'Unhandled' }).end(JSON.stringify({ errorMessage: error.message })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const targets = { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, module: `${source}#handler`, exec: `exec:${process.execPath} ${client} ${compiled}` };
  for (const flavour of ['rest', 'http'] as const) {
    writeFileSync(join(folder, `${flavour}.json`), JSON.stringify(documentOf(flavour)));
    for (const way of WAYS) {
      const compilation = await compile(join(folder, `${flavour}.json`), { clients: [], functions: { Guard: targets[way] } });
      assert.ok(compilation.bundle, diagnosticsText(compilation));
      assert.not.match(diagnosticsText(compilation), /GWC250[456]/, 'the binding is used, and is where the function runs');
      gateways.set(`${flavour} ${way}`, await runGateway(compilation.bundle.code, [], { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'never-to-be-seen', AWS_REGION: 'eu-west-3' }));
    }
  }
});
test.after(async () => {
  for (const gateway of gateways.values()) await gateway.stop();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const REST = { allow: [200, /^user arn:aws:execute-api:eu-west-3:000000000000:[a-z0-9]{10}\/\$default\/GET\/pets\/a%2Fb 5 true$/], deny: [403, /^\{"Message":.*explicit deny/], unauthorized: [401, /^\{"message":"Unauthorized"\}$/], late: [200, /^user/], text: [500, /^\{"message":null\}$/], undefined: [500, /^\{"message":null\}$/], nested: [500, /^\{"message":null\}$/], unknown: [500, /^\{"message":null\}$/] } as const;
const HTTP = { ...REST, deny: [403, /^\{"message":"Forbidden"\}$/], text: [500, /^\{"message":"Internal Server Error"\}$/], undefined: [500, /Internal Server Error/], nested: [200, /^user/], unknown: [500, /Internal Server Error/] } as const;
const call = (name: string, token: string): Promise<RawAnswer> => rawRequest(gateways.get(name)!.port, 'GET', '/pets/a%2Fb', [['Authorization', token]], '');
const comparable = ({ fields, ...answer }: RawAnswer): unknown => ({ ...answer, fields: fields.filter(([name]) => !/^(date|x-amzn-requestid|x-amz-apigw-id|apigw-requestid)$/i.test(name)) });

for (const [flavour, cases] of [['rest', REST], ['http', HTTP]] as const) for (const [token, [expected, body]] of Object.entries(cases)) test(`${flavour} ${token}`, async () => {
  const answers = await Promise.all(WAYS.map((way) => call(`${flavour} ${way}`, token)));
  for (const answer of answers) {
    assert.is(answer.status, expected, answer.body);
    assert.match(answer.body, body);
    assert.equal(comparable(answer), comparable(answers[0]!));
  }
});

test('the endpoint is called by name and alias; what it refuses is a fault of the configuration', async () => {
  urls = [];
  await call('rest endpoint', 'allow');
  assert.equal(urls, ['/2015-03-31/functions/Guard/invocations?Qualifier=live']);
  for (const each of [403, 404, 429, 500, 503]) {
    status = each;
    for (const flavour of ['rest', 'http']) {
      const answer = await call(`${flavour} endpoint`, 'allow');
      assert.is(answer.status, 500);
      assert.is(answer.body, flavour === 'rest' ? '{"message":null}' : '{"message":"Internal Server Error"}');
    }
  }
  status = 200;
  assert.match(gateways.get('rest endpoint')!.stderr(), /Execution failed due to configuration error: Invalid permissions on Lambda function/);
  for (const gateway of gateways.values()) assert.not.match(gateway.stderr(), 'never-to-be-seen');
});

test('an endpoint that is away', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  const answer = await call('rest endpoint', 'allow');
  assert.is(answer.status, 500);
  assert.is(answer.fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1], 'AuthorizerConfigurationException');
});

test.run();
