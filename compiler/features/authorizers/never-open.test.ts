/** A document that says "secured" never builds an open gateway in silence: what each kind of scheme comes to, in steps of the plan and in messages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, type CompileOptions } from '../../index.js';

const test = suite('secured documents');
const folder = mkdtempSync(join(tmpdir(), 'gwc-secured-'));
test.after(() => rmSync(folder, { recursive: true }));
let files = 0;

const URI = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Guard/invocations';
const header = (authorizer: object): object => ({ type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authorizer': authorizer });
const SCHEMES: Record<string, object> = {
  basic: { type: 'http', scheme: 'basic' }, bearer: { type: 'http', scheme: 'bearer' }, oauth: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://a/', scopes: {} } } }, oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://issuer.example/.well-known/openid-configuration' },
  users: { type: 'http', scheme: 'basic', 'x-gwc-basic': { users: { ann: 'env:ANN' } } }, plainText: { type: 'http', scheme: 'basic', 'x-gwc-basic': { users: { ann: 'secret' } } },
  mtls: { type: 'mutualTLS' }, query: { type: 'apiKey', in: 'query', name: 'k' }, key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' }, odd: header({ type: 'other' }),
  token: header({ type: 'token', authorizerUri: URI }), request: header({ type: 'request', authorizerUri: URI, identitySource: '$request.header.Authorization', authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true }),
  noFunction: header({ type: 'token' }), pool: header({ type: 'cognito_user_pools', providerARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Mine'] }), noPool: header({ type: 'cognito_user_pools', providerARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${Pool}'] }),
  jwt: header({ type: 'jwt', identitySource: '$request.header.Authorization', jwtConfiguration: { issuer: 'https://issuer.example', audience: ['app'] } }), mine: { type: 'http', scheme: 'bearer', 'x-gwc-jwt': { issuer: 'https://issuer.example', audience: ['app'] } },
};

/** `step | step; CODE CODE`: the steps before the integration, and what was reported but infos. */
async function outcome(flavour: string, security: object[], options: CompileOptions = {}, more: object = {}): Promise<string> {
  const path = join(folder, `spec-${files++}.json`);
  const used = new Set(security.flatMap((each) => Object.keys(each)));
  writeFileSync(path, JSON.stringify({
    openapi: '3.1.0', info: { title: 't', version: '1' }, 'x-gwc-flavour': flavour, ...more, components: { securitySchemes: Object.fromEntries(Object.entries(SCHEMES).filter(([name]) => used.has(name))) },
    paths: { '/a': { get: { security, responses: { 200: { description: 'ok' } }, ...(options.mock ? {} : { 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } } }) } } },
  }));
  const { plan, diagnostics } = await analyse(path, options);
  const steps = plan?.handlers[0]!.request.filter(({ stage }) => stage !== 'integrate').map(({ summary }) => summary) ?? ['no plan'];
  return `${steps.join(' | ')}; ${[...new Set(diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code))].sort().join(' ')}`;
}

const all = (...names: string[]): object => Object.fromEntries(names.map((name) => [name, []]));
const KEYS = { 'x-gwc': { apiKeys: { app: { value: 'env:K' } } } };
const CALLERS = { 'x-gwc': { callers: { ann: { accessKeyId: 'AKIAEXAMPLEANN00', secretAccessKey: 'env:ANN' } } } };
const JWT = 'token of https://issuer.example';
const TOKEN = 'token authorizer token (Guard, kept 300 s)';
const CLOSED = (name: string): string => `closed: ${name} not compiled; GWC2351`;
for (const [flavour, security, expected, more] of [
  // What only the backend can check: said, scheme by scheme.
  ...['basic', 'bearer', 'oauth', 'oidc', 'mtls', 'query'].flatMap((name) => ['rest', 'http'].map((each) => [each, [all(name)], '; GWC2352'] as const)),
  // What the gateway checks.
  ['rest', [all('token')], `${TOKEN}; `], ['rest', [all('pool')], 'token of user pool eu-west-1_Mine; '], ['http', [all('jwt')], `${JWT}; `], ['rest', [all('users')], 'user of users; '], ['http', [all('users')], 'user of users; '], ['http', [all('users', 'mine')], `user of users and ${JWT}; `], ['rest', [all('plainText')], 'closed: plainText cannot work; GWC2929'], ['http', [all('mine')], `${JWT}; `], ['rest', [all('mine')], `${JWT}; `],
  ['http', [all('request')], 'request authorizer request (Guard); '], ['http', [{ jwt: ['a', 'b'] }], `${JWT} with scope a or b; `], ['http', [all('query')], 'API key in query k | plans made at run time; ', KEYS],
  // What it would have to check and cannot: closed.
  ['http', [all('odd')], CLOSED('odd')], ['rest', [all('noFunction')], 'closed: noFunction cannot work; GWC2901'], ['rest', [all('noPool')], 'closed: noPool cannot work; GWC1040 GWC2916'],
  ['rest', [all('iam')], 'signature of a known caller; GWC2925'], ['http', [all('iam')], 'signature of a known caller; GWC2925'], ['rest', [all('iam')], 'signature of a known caller; ', CALLERS], ['http', [all('iam')], 'signature of a known caller; ', CALLERS],
  // Alternatives: those of the same kind, those that API Gateway does not know, those that only the backend knows.
  ['http', [all('jwt'), all('mine')], `${JWT} or ${JWT}; `], ['http', [all('jwt'), all('basic')], `${JWT}; GWC2352`], ['http', [all('mine'), all('basic')], '; GWC2352 GWC2917'], ['http', [all('mine', 'basic')], `${JWT}; GWC2352`],
  ['http', [all('mine'), all('query')], `${JWT} or API key in query k | if sent, API key in query k | plans made at run time; `, KEYS], ['http', [all('mine', 'query')], `${JWT} and API key in query k | API key in query k | plans made at run time; `, KEYS],
  ['rest', [all('token'), all('key')], `${TOKEN} | API key in header x-api-key | plans made at run time; GWC2746`, KEYS], ['rest', [all('token', 'key')], `${TOKEN} | API key in header x-api-key | plans made at run time; GWC2746`, KEYS],
  ['rest', [all('token'), all('pool')], `${TOKEN} or token of user pool eu-west-1_Mine; `], ['rest', [all('token'), all('basic')], `${TOKEN}; GWC2352`],
  ['rest', [all('token'), {}], '; '],
] as readonly (readonly [string, object[], string, object?])[]) test(`${flavour} ${JSON.stringify(security)}`, async () => assert.is(await outcome(flavour, security, {}, more), expected));

test('a mock of the document has nothing to protect', async () => {
  assert.is(await outcome('http', [all('jwt')], { mock: true }), '; ');
  assert.is(await outcome('http', [all('basic')], { mock: true }), '; ');
});

const broken = async (scheme: object, code: string, flavour = 'http'): Promise<void> => {
  SCHEMES['broken'] = scheme;
  assert.match(await outcome(flavour, [all('broken')]), code, JSON.stringify(scheme));
};
test('callers that cannot be', async () => {
  const ann = { accessKeyId: 'AKIAEXAMPLEANN00', secretAccessKey: 'env:ANN' };
  for (const caller of [{ ...ann, accessKeyId: 'short' }, { ...ann, secretAccessKey: 'in-the-document' }, { ...ann, sessionToken: 'in-the-document' }, { ...ann, arn: 'ann' }, { ...ann, policy: {} }]) {
    assert.match(await outcome('rest', [all('iam')], {}, { 'x-gwc': { callers: { ann: caller } } }), 'GWC2961', JSON.stringify(caller));
  }
});

test('settings that mean nothing are errors', async () => {
  const jwt = (more: object): object => ({ type: 'http', scheme: 'bearer', 'x-gwc-jwt': { issuer: 'https://issuer.example', audience: 'app', ...more } });
  for (const issuer of ['', 'issuer', 'ftp://issuer', 'https://u:p@issuer', 'https://issuer?x=1']) await broken(jwt({ issuer }), 'GWC2911');
  for (const audience of [[], '', undefined]) await broken(jwt({ audience }), 'GWC2912');
  await broken(jwt({ issuer: 'http://issuer.example' }), 'GWC2913');
  for (const algorithms of [['HS256'], ['none'], [], ['RS256', 'rs256']]) await broken(jwt({ algorithms }), 'GWC2914');
  for (const clockSkewSeconds of [-1, 301, 1.5]) await broken(jwt({ clockSkewSeconds }), 'GWC2915');
  const lambda = (more: object): object => header({ type: 'token', authorizerUri: URI, ...more });
  for (const authorizerResultTtlInSeconds of [-1, 3601, 'x', 0.5]) await broken(lambda({ authorizerResultTtlInSeconds }), 'GWC2904', 'rest');
  await broken(lambda({ identityValidationExpression: '(' }), 'GWC2905', 'rest');
  await broken(lambda({ identityValidationExpression: '(a+)+' }), 'GWC2906', 'rest');
  for (const identitySource of ['method.request.body', 'method.request.header.A, method.request.header.B', 'method.request.querystring.a', '$request.header.A', 'context.nothing']) await broken(lambda({ identitySource }), 'GWC2902', 'rest');
  await broken(header({ type: 'request', authorizerUri: URI, authorizerPayloadFormatVersion: '2.0', authorizerResultTtlInSeconds: 10 }), 'GWC2903');
  for (const more of [{}, { authorizerPayloadFormatVersion: '3.0' }, { authorizerPayloadFormatVersion: '1.0', enableSimpleResponses: true }]) await broken(header({ type: 'request', authorizerUri: URI, identitySource: '$request.header.A', ...more }), 'GWC2907');
  await broken(header({ type: 'token', authorizerUri: URI }), 'GWC2907');
});

test.run();
