/** Which failure wins when several hold (rest-pipeline.md §1): every combination of them, one request each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('order of access control');
const folder = mkdtempSync(join(tmpdir(), 'gwc-order-'));
const source = fileURLToPath(new URL('../../../../compiler/features/authorizers/testing/authorizer-handler.ts', import.meta.url));
const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Guard/invocations';
let gateway: RunningGateway | undefined;

/** Each step with what a request has to look like to fail there, in the documented order. */
const operation = { post: {
  security: [{ guard: [], key: [] }], parameters: [{ name: 'kind', in: 'query', required: true, schema: { type: 'string' } }], requestBody: { required: true, content: { 'application/json': { schema: { type: 'object', required: ['name'] } } } },
  responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-request-validator': 'all', 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'POST', uri: 'http://127.0.0.1:9/away' },
} };

test.before(async () => {
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'order', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': { stages: { prod: { methodSettings: { '/throttled/POST': { throttlingRateLimit: 0, throttlingBurstLimit: 0 } } } }, usagePlans: { all: { apiStages: [{ stage: 'prod' }] } }, apiKeys: { app: { value: 'env:APP_KEY', usagePlans: ['all'] } } },
    'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true, validateRequestParameters: true } },
    'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: { StringEquals: { 'aws:UserAgent': 'bot' } } }] },
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' }, guard: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: FUNCTION } } } },
    paths: { '/open': operation, '/throttled': operation },
  }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [], functions: { Guard: `${source}#handler` } });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  gateway = await runGateway(compilation.bundle.code, [], { APP_KEY: 'the-key-of-the-application' });
});
test.after(async () => { await gateway?.stop(); rmSync(folder, { recursive: true }); });

const AUTHORIZER = [
  { token: 'allow', failure: undefined },
  { token: undefined, failure: [401, 'UnauthorizedException', '{"message":"Unauthorized"}'] },
  { token: 'unauthorized', failure: [401, 'UnauthorizedException', '{"message":"Unauthorized"}'] },
  { token: 'deny', failure: [403, 'AccessDeniedException', '{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}'] },
  { token: 'crash', failure: [500, 'AuthorizerConfigurationException', '{"message":null}'] },
] as const;
const YES_NO = [true, false];

for (const route of YES_NO) for (const policy of YES_NO) for (const { token, failure } of AUTHORIZER) for (const key of YES_NO) for (const throttle of YES_NO) for (const parameters of YES_NO) for (const body of YES_NO) {
  const bad = [!route && 'route', !policy && 'policy', failure && `authorizer ${token}`, !key && 'key', !throttle && 'throttle', !parameters && 'parameters', !body && 'body'].filter(Boolean);
  test(bad.length === 0 ? 'nothing but the backend' : bad.join(', '), async () => {
    const fields: [string, string][] = [['Content-Type', 'application/json'], ['User-Agent', policy ? 'person' : 'bot'], ...(token === undefined ? [] : [['Authorization', token] as [string, string]]), ...(key ? [['x-api-key', 'the-key-of-the-application'] as [string, string]] : [])];
    const answer = await rawRequest(gateway!.port, 'POST', `/${!route ? 'nowhere' : throttle ? 'open' : 'throttled'}${parameters ? '?kind=cat' : ''}`, fields, body ? '{"name":"x"}' : '{}');
    // Where no route takes the request, an Authorization is taken for a signature.
    const expected = !route ? (token === undefined ? [403, 'MissingAuthenticationTokenException', '{"message":"Missing Authentication Token"}'] : [403, 'IncompleteSignatureException', /Authorization header requires 'Credential' parameter\./])
      : !policy ? [403, 'AccessDeniedException', /with an explicit deny in a resource-based policy/]
      : failure ?? (!key ? [403, 'ForbiddenException', '{"message":"Forbidden"}']
      : !throttle ? [429, 'TooManyRequestsException', '{"message":"Too Many Requests"}']
      : !parameters ? [400, 'BadRequestException', '{"message": "Missing required request parameters: [kind]"}']
      : !body ? [400, 'BadRequestException', '{"message": "Invalid request body"}']
      : [504, 'InternalServerErrorException', '{"message": "Network error communicating with endpoint"}']);
    assert.is(answer.status, expected[0], answer.body);
    assert.is(answer.fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1], expected[1]);
    if (expected[2] instanceof RegExp) assert.match(answer.body, expected[2]);
    else assert.is(answer.body, expected[2]);
  });
}

test.run();
