/** Cognito user pools as REST authorizers: identity and access tokens, scopes, the audience's expression, what the backend sees, and what clients are told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { jwk, rsaKey, type SigningKey } from './testing/issuer.js';

const test = suite('user pools');
const folder = mkdtempSync(join(tmpdir(), 'gwc-cognito-'));
const now = (): number => Math.floor(Date.now() / 1_000);
const mine = rsaKey('mine'), other = rsaKey('other'), stranger = rsaKey('mine');
let server: Server, url = '', isDown = false, gateway: RunningGateway | undefined;

const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Show/invocations';
const scheme = (more: object): object => ({ type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'cognito_user_pools', 'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools', providerARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Mine', 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Other'], ...more } });
const operation = (name: string, scopes: string[], integration: object): object => ({ get: { security: [{ [name]: scopes }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration } });
const mock = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': "$context.authorizer.claims.sub $context.authorizer.claims['custom:role'] [$!context.authorizer.claims] [$!context.authorizer.principalId]" } } } };

test.before(async () => {
  server = createServer((request, response) => {
    const key = { '/eu-west-1_Mine/.well-known/jwks.json': mine, '/us-east-1_Other/.well-known/jwks.json': other }[request.url!];
    if (isDown || !key) response.writeHead(500).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk(key)] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'show.ts'), 'export const handler = async (event: any) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) });');
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'pools', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { functions: { Show: { handler: './show.ts#handler' } } },
    components: { securitySchemes: { pool: scheme({}), app: scheme({ identityValidationExpression: 'app-[0-9]+', identitySource: 'method.request.header.X-Token' }), gone: scheme({ providerARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Gone'] }) } },
    paths: { '/id': operation('pool', [], { type: 'aws_proxy', httpMethod: 'POST', uri: FUNCTION }), '/mapped': operation('pool', [], mock), '/scoped': operation('pool', ['files/read', 'files/write'], mock), '/app': operation('app', [], mock), '/app-scoped': operation('app', ['files/read'], mock), '/gone': operation('gone', [], mock) },
  }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  gateway = await runGateway(compilation.bundle.code, [], { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `${url}/` });
});
test.after(async () => { await gateway?.stop(); server.closeAllConnections(); server.close(); rmSync(folder, { recursive: true }); });

const sign = (claims: object, key: SigningKey = mine): Promise<string> => new SignJWT({ iss: `${url}/${key === other ? 'us-east-1_Other' : 'eu-west-1_Mine'}`, sub: 'ann', iat: now() - 10, exp: now() + 300, ...claims }).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey);
const id = (more: object = {}): object => ({ token_use: 'id', aud: 'app-1', ...more });
const access = (scope: string): object => ({ token_use: 'access', client_id: 'app-1', scope });
const get = (target: string, token: string | undefined, header = 'Authorization'): Promise<RawAnswer> => rawRequest(gateway!.port, 'GET', target, token === undefined ? [] : [[header, token]], '');

async function expectRefusal(target: string, token: string | undefined, message = 'Unauthorized', header?: string): Promise<void> {
  const answer = await get(target, token, header);
  assert.is(answer.status, 401, answer.body);
  assert.is(answer.body, JSON.stringify({ message }));
  assert.is(answer.fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1], 'UnauthorizedException');
  assert.is(answer.fields.find(([name]) => name.toLowerCase() === 'www-authenticate'), undefined);
}

test('an identity token of either pool, with and without Bearer', async () => {
  for (const key of [mine, other]) for (const prefix of ['', 'Bearer ', 'bearer ']) assert.is((await get('/id', prefix + await sign(id(), key))).status, 200);
});

test('claims as the backend sees them: text, times as Java prints them, no principalId', async () => {
  const answer = await get('/id', await sign(id({ exp: 4_102_444_800, iat: 1_616_935_242, auth_time: 1_616_935_242, email_verified: false, 'cognito:groups': ['a', 'b'], nothing: null })));
  assert.equal(JSON.parse(answer.body), { claims: { iss: `${url}/eu-west-1_Mine`, sub: 'ann', iat: 'Sun Mar 28 12:40:42 UTC 2021', exp: 'Fri Jan 01 00:00:00 UTC 2100', token_use: 'id', aud: 'app-1', auth_time: '1616935242', email_verified: 'false', 'cognito:groups': 'a,b' } });
});

test('claims in templates; the whole map prints nothing', async () => {
  assert.is((await get('/mapped', await sign(id({ 'custom:role': 'admin' })))).body, 'ann admin [] []');
});

test('scopes ask for an access token that has one of them', async () => {
  assert.is((await get('/scoped', await sign(access('openid files/write')))).status, 200);
  await expectRefusal('/scoped', await sign(access('openid files/writes')));
  await expectRefusal('/scoped', await sign(id({ scope: 'files/read' })));
  await expectRefusal('/id', await sign(access('files/read')));
});

test('an expression is about the audience, which access tokens have not', async () => {
  assert.is((await get('/app', await sign(id()), 'X-Token')).status, 200);
  await expectRefusal('/app', await sign(id({ aud: 'app-1x' })), 'Unauthorized', 'X-Token');
  await expectRefusal('/app', await sign(id({ aud: 'my-app-1' })), 'Unauthorized', 'X-Token');
  await expectRefusal('/app', await sign(id({ aud: ['app-1'] })), 'Unauthorized', 'X-Token');
  await expectRefusal('/app-scoped', await sign(access('files/read')), 'Unauthorized', 'X-Token');
  await expectRefusal('/app', await sign(id()));
});

test('what is refused', async () => {
  await expectRefusal('/id', undefined);
  await expectRefusal('/id', 'nonsense');
  await expectRefusal('/id', await sign(id({ exp: now() - 1 })), 'The incoming token has expired');
  await expectRefusal('/id', await sign(id({ exp: now() - 1 }), stranger));
  await expectRefusal('/id', await sign(id(), stranger));
  await expectRefusal('/id', await sign(id({ token_use: 'refresh' })));
  await expectRefusal('/id', await sign(id({ iss: `${url}/eu-west-1_Elsewhere` })));
  // Signed by one pool, said to be of the other.
  await expectRefusal('/id', await sign(id({ iss: `${url}/us-east-1_Other` })));
});

test('a pool that cannot be reached is the gateway\'s fault', async () => {
  const answer = await get('/gone', await sign(id({ iss: `${url}/eu-west-1_Gone` })));
  assert.is(answer.status, 500);
  assert.is(answer.body, '{"message":null}');
  assert.is(answer.fields.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1], 'AuthorizerConfigurationException');
});

test('a token that was verified is let in while the pool is away', async () => {
  const token = await sign(id({ jti: 'kept' }));
  assert.is((await get('/id', token)).status, 200);
  isDown = true;
  assert.is((await get('/id', token)).status, 200);
  assert.is((await get('/id', await sign(id({ jti: 'new' })))).status, 200, 'its key is known');
  isDown = false;
});

test.run();
