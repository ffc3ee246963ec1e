/**
 * Which failure wins when several hold (rest-pipeline.md §1, auth.md §5): for each kind of authorization every combination of what the resource policy says, what
 * came of the authorization, the API key, throttle, quota and validation. One gateway for each kind; the expected answer is computed from the documented order.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';
import { jwk, rsaKey } from './testing/issuer.js';

const aws4 = createRequire(import.meta.url)('aws4') as { sign(request: object, credentials: object): { headers: Record<string, string> } };
const test = suite('the whole order');
const folder = mkdtempSync(join(tmpdir(), 'gwc-matrix-'));
const guard = fileURLToPath(new URL('../../../../compiler/features/authorizers/testing/authorizer-handler.ts', import.meta.url));
const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Guard/invocations';
const KEYS = { good: 'a-key-with-calls-left', spent: 'a-key-without-calls-left' };
const HOST = 'api.example.com', SECRET = 'secret-of-ann';
const signing = rsaKey('k');
const pools = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk(signing)] })));
let issuer = '';

type Answer = readonly [status: number, errorType: string | undefined, body: string | RegExp];
type Policy = 'allow' | 'none' | 'deny';

const UNAUTHORIZED: Answer = [401, 'UnauthorizedException', '{"message":"Unauthorized"}'];
const denied = (text: string): Answer => [403, 'AccessDeniedException', new RegExp(`^\\{"Message":"User[^"]* ${text}"\\}$`)];
const RESOURCE_DENY = denied('with an explicit deny in a resource-based policy');
const IDENTITY_DENY = denied('with an explicit deny in an identity-based policy');
const NO_RESOURCE = denied('because no resource-based policy allows the execute-api:Invoke action');
const NO_IDENTITY = denied('because no identity-based policy allows the execute-api:Invoke action');

/** What the caller's own policy, or the authorizer's, says: with the resource policy's word it makes table A. */
function tableA(identity: Policy, resource: Policy): Answer | undefined {
  return identity === 'deny' ? IDENTITY_DENY : resource === 'deny' ? RESOURCE_DENY : identity === 'allow' || resource === 'allow' ? undefined : NO_IDENTITY;
}

/** A way to come: the headers that make it, and what it and the resource policy come to. */
interface Way { readonly name: string; headers(request: { path: string; body: string; agent: string }): Promise<Record<string, string>> | Record<string, string>; outcome(policy: Policy): Answer | undefined }
const token = (value: string): Record<string, string> => ({ Authorization: value });
const sign = (claims: object): Promise<string> => new SignJWT({ iss: `${issuer}/eu-west-1_Mine`, sub: 'ann', aud: 'app', token_use: 'id', ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(signing.privateKey);
const seconds = (): number => Math.floor(Date.now() / 1_000);
const signed = (secretAccessKey: string, accessKeyId: string) => ({ path, body, agent }: { path: string; body: string; agent: string }): Record<string, string> => aws4.sign({ host: HOST, method: 'POST', path, body, headers: { 'Content-Type': 'application/json', 'User-Agent': agent }, region: 'us-east-1', service: 'execute-api' }, { accessKeyId, secretAccessKey }).headers;
/** With a Lambda authorizer an explicit deny of the API's ends the call before the function is asked. */
const afterPreCheck = (outcome: (policy: Policy) => Answer | undefined) => (policy: Policy): Answer | undefined => (policy === 'deny' ? RESOURCE_DENY : outcome(policy));
/** With a user pool the token comes first, and then the policy must allow. */
const mustAllow = (policy: Policy): Answer | undefined => (policy === 'allow' ? undefined : policy === 'deny' ? RESOURCE_DENY : NO_RESOURCE);

const KINDS: Record<string, { readonly scheme: object | null; readonly ways: readonly Way[] }> = {
  NONE: { scheme: null, ways: [{ name: 'anonymous', headers: () => ({}), outcome: mustAllow }] },
  CUSTOM: {
    scheme: { 'x-amazon-apigateway-authtype': 'custom', 'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: FUNCTION, identityValidationExpression: '[a-z]+' } },
    ways: [
      { name: 'allowed', headers: () => token('allow'), outcome: afterPreCheck((policy) => tableA('allow', policy)) }, { name: 'denied', headers: () => token('deny'), outcome: afterPreCheck(() => IDENTITY_DENY) }, { name: 'not mentioned', headers: () => token('nothing'), outcome: afterPreCheck((policy) => tableA('none', policy)) },
      { name: 'no token', headers: () => ({}), outcome: afterPreCheck(() => UNAUTHORIZED) }, { name: 'invalid token', headers: () => token('123'), outcome: afterPreCheck(() => UNAUTHORIZED) }, { name: 'unauthorized', headers: () => token('unauthorized'), outcome: afterPreCheck(() => UNAUTHORIZED) },
      { name: 'broken function', headers: () => token('crash'), outcome: afterPreCheck(() => [500, 'AuthorizerConfigurationException', '{"message":null}']) },
    ],
  },
  AWS_IAM: {
    scheme: { 'x-amazon-apigateway-authtype': 'awsSigv4' },
    ways: [
      ...(['allow', 'deny', 'none'] as const).map((identity, index) => ({ name: `signed, ${identity}`, headers: signed(SECRET, `AKIAEXAMPLE0000${index}`), outcome: (policy: Policy) => tableA(identity, policy) })),
      { name: 'unsigned', headers: () => ({}), outcome: () => [403, 'MissingAuthenticationTokenException', '{"message":"Missing Authentication Token"}'] }, { name: 'garbled', headers: () => token('Bearer x'), outcome: () => [403, 'IncompleteSignatureException', /^\{"message":"Invalid key=value pair/] },
      { name: 'wrong secret', headers: signed('guess', 'AKIAEXAMPLE00000'), outcome: () => [403, 'InvalidSignatureException', /^\{"message":"The request signature we calculated/] }, { name: 'unknown key', headers: signed(SECRET, 'AKIAUNKNOWN00000'), outcome: () => [403, 'UnrecognizedClientException', '{"message":"The security token included in the request is invalid."}'] },
    ],
  },
  COGNITO_USER_POOLS: {
    scheme: { 'x-amazon-apigateway-authtype': 'cognito_user_pools', 'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools', providerARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Mine'] } },
    ways: [
      { name: 'valid', headers: async () => token(await sign({ exp: seconds() + 600 })), outcome: mustAllow }, { name: 'expired', headers: async () => token(await sign({ exp: seconds() - 600 })), outcome: () => [401, 'UnauthorizedException', '{"message":"The incoming token has expired"}'] },
      { name: 'no token', headers: () => ({}), outcome: () => UNAUTHORIZED }, { name: 'garbled', headers: () => token('x.y.z'), outcome: () => UNAUTHORIZED },
    ],
  },
};
/** Said by the agent: each policy statement has a condition on it. */
const AGENTS: Record<Policy, string> = { allow: 'person', none: 'stranger', deny: 'robot' };

function documentOf(scheme: object | null): object {
  const operation = { post: {
    security: [{ ...(scheme === null ? {} : { guard: [] }), key: [] }], parameters: [{ name: 'kind', in: 'query', required: true, schema: { type: 'string' } }], requestBody: { required: true, content: { 'application/json': { schema: { type: 'object', required: ['name'] } } } },
    responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-request-validator': 'all', 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'POST', uri: 'http://127.0.0.1:9/away' },
  } };
  const about = (effect: string, agent: string): object => ({ Effect: effect, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: { StringEquals: { 'aws:UserAgent': agent } } });
  const identity = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }, { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: '*' }, undefined];
  return {
    openapi: '3.0.1', info: { title: 'order', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': {
      stages: { prod: { methodSettings: { '/throttled/POST': { throttlingRateLimit: 0, throttlingBurstLimit: 0 } } } },
      usagePlans: { all: { apiStages: [{ stage: 'prod' }] }, spent: { apiStages: [{ stage: 'prod' }], quota: { limit: 1, period: 'DAY', offset: 1 } } },
      apiKeys: { good: { value: 'env:KEY_GOOD', usagePlans: ['all'] }, spent: { value: 'env:KEY_SPENT', usagePlans: ['spent'] } },
      callers: Object.fromEntries(identity.map((statement, index) => [`caller${index}`, { accessKeyId: `AKIAEXAMPLE0000${index}`, secretAccessKey: 'env:SECRET', ...(statement ? { policy: { Version: '2012-10-17', Statement: [statement] } } : {}) }])),
    },
    'x-amazon-apigateway-request-validators': { all: { validateRequestBody: true, validateRequestParameters: true } },
    'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [about('Allow', AGENTS.allow), about('Deny', AGENTS.deny)] },
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' }, ...(scheme === null ? {} : { guard: { type: 'apiKey', in: 'header', name: 'Authorization', ...scheme } }) } },
    paths: { '/open': operation, '/throttled': operation },
  };
}

test.before(async () => {
  await new Promise<void>((resolve) => pools.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(pools.address() as AddressInfo).port}`;
});
test.after(() => { pools.closeAllConnections(); pools.close(); rmSync(folder, { recursive: true }); });

async function start(kind: string): Promise<RunningGateway> {
  writeFileSync(join(folder, `${kind}.json`), JSON.stringify(documentOf(KINDS[kind]!.scheme)));
  const compilation = await compile(join(folder, `${kind}.json`), { clients: [], ...(kind === 'CUSTOM' ? { functions: { Guard: `${guard}#handler` } } : {}) });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  return runGateway(compilation.bundle.code, [], { KEY_GOOD: KEYS.good, KEY_SPENT: KEYS.spent, SECRET, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `${issuer}/` });
}

for (const [kind, { ways }] of Object.entries(KINDS)) test(`${kind}: every combination`, async () => {
  const gateway = await start(kind);
  let count = 0;
  try {
    for (const policy of ['allow', 'none', 'deny'] as const) for (const way of ways) for (const key of ['good', 'spent', 'unknown', 'none'] as const) for (const throttled of [false, true]) for (const invalid of ['', 'parameters', 'body', 'both'] as const) {
      const path = `/${throttled ? 'throttled' : 'open'}${invalid === 'parameters' || invalid === 'both' ? '' : '?kind=cat'}`, body = invalid === 'body' || invalid === 'both' ? '{}' : '{"name":"x"}', agent = AGENTS[policy];
      const headers = { Host: HOST, 'Content-Type': 'application/json', 'User-Agent': agent, ...(await way.headers({ path, body, agent })), ...(key === 'none' ? {} : { 'x-api-key': key === 'unknown' ? 'a-key-that-nobody-has' : KEYS[key] }) };
      const expected: Answer = way.outcome(policy) ?? (key === 'unknown' || key === 'none' ? [403, 'ForbiddenException', '{"message":"Forbidden"}']
        : throttled ? [429, 'TooManyRequestsException', '{"message":"Too Many Requests"}']
        : key === 'spent' ? [429, 'LimitExceededException', '{"message":"Limit Exceeded"}']
        : invalid === 'parameters' || invalid === 'both' ? [400, 'BadRequestException', '{"message": "Missing required request parameters: [kind]"}']
        : invalid === 'body' ? [400, 'BadRequestException', '{"message": "Invalid request body"}']
        : [504, 'InternalServerErrorException', '{"message": "Network error communicating with endpoint"}']);
      const fields = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length').map(([name, value]): [string, string] => [name, String(value)]);
      const unique = [...new Map(fields.map((field) => [field[0].toLowerCase(), field])).values()];
      const answer = await rawRequest(gateway.port, 'POST', path, unique, body);
      const title = `policy ${policy}, ${way.name}, key ${key}${throttled ? ', throttled' : ''}${invalid === '' ? '' : `, invalid ${invalid}`}`;
      assert.equal([answer.status, answer.fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1]], [expected[0], expected[1]], `${title}: ${answer.body}`);
      if (typeof expected[2] === 'string') assert.is(answer.body, expected[2], title);
      else assert.match(answer.body, expected[2], title);
      count++;
    }
    assert.is(count, ways.length * 96);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

test('HTTP APIs: the authorizer, then the throttle', async () => {
  const integration = { type: 'http_proxy', httpMethod: 'GET', uri: 'http://127.0.0.1:9/away' };
  const routes = { iam: { guard: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } }, lambda: { guard: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authorizer': { type: 'request', identitySource: '$request.header.Authorization', authorizerPayloadFormatVersion: '1.0', authorizerUri: FUNCTION, authorizerResultTtlInSeconds: 0 } } }, open: {} };
  for (const [name, schemes] of Object.entries(routes)) {
    const operation = { get: { ...(name === 'open' ? {} : { security: [{ guard: [] }] }), responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration } };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({
      openapi: '3.0.1', info: { title: 'order', version: '1' }, 'x-gwc-flavour': 'http', 'x-gwc': { stages: { $default: { routeSettings: { 'GET /throttled': { throttlingRateLimit: 0, throttlingBurstLimit: 0 } } } } },
      components: { securitySchemes: schemes }, paths: { '/open': operation, '/throttled': operation },
    }));
    const compilation = await compile(join(folder, `${name}.json`), { clients: [], functions: { Guard: `${guard}#handler` } });
    assert.ok(compilation.bundle, diagnosticsText(compilation));
    const gateway = await runGateway(compilation.bundle.code, [], { AWS_REGION: 'us-east-1' });
    try {
      const ask = async (path: string, value?: string): Promise<string> => { const { status, body } = await rawRequest(gateway.port, 'GET', path, value === undefined ? [] : [['Authorization', value]], ''); return `${status} ${body}`; };
      const [refused, through] = name === 'open' ? [undefined, undefined] : name === 'iam' ? ['403 {"message":"Forbidden"}', undefined] : ['401 {"message":"Unauthorized"}', 'allow'];
      for (const path of ['/open', '/throttled']) if (refused !== undefined) assert.is(await ask(path), refused, `${name} ${path}`);
      if (name === 'lambda') for (const path of ['/open', '/throttled']) assert.equal([await ask(path, 'deny'), await ask(path, 'crash')], ['403 {"message":"Forbidden"}', '500 {"message":"Internal Server Error"}']);
      if (name !== 'iam') assert.equal([await ask('/open', through), await ask('/throttled', through)], ['503 {"message":"Service Unavailable"}', '429 {"message":"Too Many Requests"}']);
      assert.is(await ask('/nowhere', through), '404 {"message":"Not Found"}');
    } finally {
      await gateway.stop();
    }
  }
});

test.run();
