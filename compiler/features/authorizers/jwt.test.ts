/** JWT authorizers against an issuer over HTTP: what lets a token in, each way it is refused, keys that rotate, and the known ways to forge one. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { jwk, rsaKey, startIssuer, type Issuer } from './testing/issuer.js';

const test = suite('JWT authorizers');
const folder = mkdtempSync(join(tmpdir(), 'gwc-jwt-'));
const now = (): number => Math.floor(Date.now() / 1_000);
const first = rsaKey('first'), second = rsaKey('second'), stranger = rsaKey('first'), small = rsaKey('small', 'RS256', 1024);
const ec = { kid: 'curve', alg: 'ES256', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
const ed = { kid: 'edwards', alg: 'EdDSA', ...generateKeyPairSync('ed25519') };
let issuer: Issuer, gateway: RunningGateway | undefined;

const mock = (template: string): object => ({ type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': template } } } });
const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Show/invocations';
const show = (version: string): object => ({ type: 'aws_proxy', httpMethod: 'POST', payloadFormatVersion: version, uri: FUNCTION });
const operation = (security: object[], integration: object): object => ({ get: { security, responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration } });

function documentFor(url: string): object {
  const aws = (more: object = {}): object => ({ type: 'jwt', identitySource: ['$request.header.Authorization'], jwtConfiguration: { issuer: url, audience: ['app', 'other-app'] }, ...more });
  return {
    openapi: '3.0.1', info: { title: 'jwt', version: '1' }, 'x-gwc-flavour': 'http',
    'x-gwc': { functions: { Show: { handler: './show.ts#handler' } }, apiKeys: { app: { value: 'env:APP_KEY' } } },
    components: { securitySchemes: {
      token: { type: 'oauth2', flows: {}, 'x-amazon-apigateway-authorizer': aws() },
      query: { type: 'oauth2', flows: {}, 'x-amazon-apigateway-authorizer': aws({ identitySource: '$request.querystring.token' }) },
      plain: { type: 'http', scheme: 'bearer', 'x-gwc-jwt': { issuer: url, audience: 'app', clockSkewSeconds: 60 } },
      oidc: { type: 'openIdConnect', openIdConnectUrl: `${url}/.well-known/openid-configuration`, 'x-gwc-jwt': { audience: ['app'], algorithms: ['EdDSA'] } },
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    } },
    paths: {
      '/any': operation([{ token: [] }], mock('sub $context.authorizer.claims.sub')),
      '/scoped': operation([{ token: ['read', 'write'] }], show('2.0')),
      '/one': operation([{ token: [] }], show('1.0')),
      '/two': operation([{ token: [] }], show('2.0')),
      '/query': operation([{ query: [] }], mock('in')),
      '/plain': operation([{ plain: [] }], mock('in')),
      '/oidc': operation([{ oidc: [] }], mock('in')),
      '/either': operation([{ token: [] }, { key: [] }], mock('in')),
      '/both': operation([{ token: [], key: [] }], mock('in')),
    },
  };
}

test.before(async () => {
  issuer = await startIssuer([first, small]);
  issuer.keys.push({ ...jwk(ec) }, { ...jwk(ed) });
  writeFileSync(join(folder, 'show.ts'), 'export const handler = async (event: any) => { const { authorizer } = event.requestContext; const body = JSON.stringify(authorizer); (authorizer.jwt ?? authorizer).claims.sub = "changed"; return { statusCode: 200, body }; };');
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(documentFor(issuer.url)));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  assert.not.match(compilation.bundle.code, /from ?"jose"/);
  assert.ok(compilation.bundle.modules.some(({ module }) => module.startsWith('jose/')) && !compilation.bundle.modules.some(({ module }) => /jose\/.*(?:crypt|sign\.js|remote)/.test(module)), 'only verification is inside');
  gateway = await runGateway(compilation.bundle.code, [], { APP_KEY: 'the-key' });
});
test.after(async () => { await gateway?.stop(); await issuer.close(); rmSync(folder, { recursive: true }); });

const claims = (more: object = {}): object => ({ iss: issuer.url, sub: 'ann', aud: 'app', iat: now() - 10, exp: now() + 300, ...more });
const get = (target: string, token?: string, fields: [string, string][] = []): Promise<RawAnswer> => rawRequest(gateway!.port, 'GET', target, [...(token === undefined ? [] : [['Authorization', token] as [string, string]]), ...fields], '');
const field = (answer: RawAnswer, name: string): string | undefined => answer.fields.find(([each]) => each.toLowerCase() === name)?.[1];

async function refused(target: string, token: string | undefined, problem: string, scope = ''): Promise<void> {
  const answer = await get(target, token);
  assert.is(answer.status, 401, answer.body);
  assert.is(answer.body, '{"message":"Unauthorized"}');
  assert.is(field(answer, 'www-authenticate'), problem === '' ? 'Bearer' : `Bearer scope="${scope}" error="invalid_token" error_description="${problem}"`);
  assert.is(field(answer, 'x-amzn-errortype'), undefined);
}

async function admitted(target: string, token: string, fields: [string, string][] = []): Promise<string> {
  const answer = await get(target, token, fields);
  assert.is(answer.status, 200, `${answer.body} ${field(answer, 'www-authenticate')}`);
  return answer.body;
}

test('a token lets in, with and without Bearer; its claims are there', async () => {
  const token = await issuer.sign(claims(), first);
  assert.is(await admitted('/any', `Bearer ${token}`), 'sub ann');
  assert.is(await admitted('/any', token), 'sub ann');
  assert.is(await admitted(`/query?token=${token}`, ''), 'in');
});

test('claims are text in both event formats, and a function cannot change what is remembered', async () => {
  const token = await issuer.sign(claims({ n: 1.5, yes: true, list: ['a', 1], nothing: null, object: { a: [1] }, scope: 'read x' }), first);
  for (let i = 0; i < 2; i++) {
    const { iat, exp, ...others } = (JSON.parse(await admitted('/two', token)) as { jwt: { claims: Record<string, string> } }).jwt.claims;
    assert.match(iat!, /^\d+$/);
    assert.match(exp!, /^\d+$/);
    assert.equal(others, { iss: issuer.url, sub: 'ann', aud: 'app', n: '1.5', yes: 'true', list: '[a 1]', object: '{"a":[1]}', scope: 'read x' });
  }
  const one = JSON.parse(await admitted('/one', token)) as { claims: { sub: string }; scopes: null };
  assert.is(one.claims.sub, 'ann');
  assert.is(one.scopes, null);
  assert.equal((JSON.parse(await admitted('/scoped', token)) as { jwt: { scopes: string[] } }).jwt.scopes, ['read']);
});

test('a route without its scope is 403', async () => {
  const answer = await get('/scoped', await issuer.sign(claims({ scope: 'reads xwrite' }), first));
  assert.is(answer.status, 403);
  assert.is(answer.body, '{"message":"Forbidden"}');
  assert.is(field(answer, 'www-authenticate'), 'Bearer scope="read write" error="insufficient_scope" error_description="expected scopes: [read write]"');
  await admitted('/scoped', await issuer.sign(claims({ scp: ['write'] }), first));
});

test('no token', () => refused('/any', undefined, ''));
test('something else than a token', () => refused('/scoped', 'Basic YTpi', 'token contains an invalid number of segments', 'read write'));
test('five segments', () => refused('/any', 'a.b.c.d.e', 'token contains an invalid number of segments'));
test('segments that are no base64url', () => refused('/any', 'e30=.e30.x', 'token contains an invalid segment'));
test('expired', async () => refused('/any', await issuer.sign(claims({ exp: now() - 1 }), first), 'the token has expired'));
test('without expiry', async () => refused('/any', await issuer.sign(claims({ exp: undefined }), first), 'the token does not have an expiration time'));
test('expiry as text', async () => refused('/any', await issuer.sign(claims({ exp: '9999999999' }), first), 'the token does not have an expiration time'));
test('not valid yet', async () => refused('/any', await issuer.sign(claims({ nbf: now() + 100 }), first), 'the token is not valid yet'));
test('issued in the future', async () => refused('/any', await issuer.sign(claims({ iat: now() + 100 }), first), 'the token is not valid yet'));
test('another audience', async () => refused('/any', await issuer.sign(claims({ aud: 'app2' }), first), 'the token does not have a valid audience'));
test('another client', async () => refused('/any', await issuer.sign(claims({ aud: undefined, client_id: 'app2' }), first), 'the token does not have a valid audience'));
test('the audience counts, not the client', async () => refused('/any', await issuer.sign(claims({ aud: 'app2', client_id: 'app' }), first), 'the token does not have a valid audience'));
test('one of several audiences, and the client where there is no audience', async () => {
  await admitted('/any', await issuer.sign(claims({ aud: ['x', 'other-app'] }), first));
  await admitted('/any', await issuer.sign(claims({ aud: undefined, client_id: 'app' }), first));
});
test('another issuer', async () => refused('/any', await issuer.sign(claims({ iss: `${issuer.url}/` }), first), 'the token does not have a valid issuer'));
test('clock skew where the document allows it', async () => {
  await admitted('/plain', await issuer.sign(claims({ exp: now() - 30, iat: now() + 30 }), first));
  await refused('/plain', await issuer.sign(claims({ exp: now() - 90 }), first), 'the token has expired');
});
test('two tokens', async () => {
  const good = await issuer.sign(claims(), first);
  const answer = await get('/any', `Bearer ${good}`, [['Authorization', `Bearer ${await issuer.sign(claims({ sub: 'mallory' }), stranger)}`]]);
  assert.is(answer.status, 401);
});

// The known ways to forge a token (RFC 8725 §2).
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
test('alg none, in any spelling', async () => {
  for (const alg of ['none', 'None', 'NONE', '', undefined]) for (const signature of ['', 'AA']) {
    await refused('/any', `${encode({ alg, kid: 'first' })}.${encode(claims())}.${signature}`, 'the token is signed with an unsupported algorithm');
  }
});
test('the public key as the secret of an HMAC', async () => {
  const text = `${encode({ alg: 'HS256', kid: 'first' })}.${encode(claims())}`;
  for (const secret of [first.publicKey.export({ type: 'spki', format: 'pem' }), first.publicKey.export({ type: 'spki', format: 'der' }), JSON.stringify(first.publicKey.export({ format: 'jwk' }))]) {
    await refused('/any', `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`, 'the token is signed with an unsupported algorithm');
  }
});
test('a key of the forger under a known kid', async () => refused('/any', await issuer.sign(claims(), stranger), 'the token signature is invalid'));
test('a key in the token itself', async () => {
  for (const header of [{ jwk: stranger.publicKey.export({ format: 'jwk' }) }, { jku: 'http://127.0.0.1:9/keys' }, { x5u: 'http://127.0.0.1:9/c' }, { x5c: ['MIIB'] }]) {
    await refused('/any', await issuer.sign(claims(), stranger, header), 'the token signature is invalid');
  }
});
test('kid that is a path, a query, an object, __proto__ or enormous', async () => {
  for (const kid of ['../../dev/null', "' OR 1=1 --", '__proto__', 'constructor', 'first\0']) await refused('/any', await issuer.sign(claims(), stranger, { kid }), 'the token is signed with an unknown key');
  for (const kid of ['x'.repeat(300), '']) await refused('/any', await issuer.sign(claims(), stranger, { kid }), 'the token does not have a key ID');
  for (const kid of [{ a: 1 }, ['first'], 1, null, undefined]) await refused('/any', `${encode({ alg: 'RS256', kid })}.${encode(claims())}.AAAA`, 'the token does not have a key ID');
});
test('critical and unencoded headers', async () => {
  await refused('/any', `${encode({ alg: 'RS256', kid: 'first', crit: ['exp'] })}.${encode(claims())}.AAAA`, 'the token has an unsupported header');
  await refused('/any', `${encode({ alg: 'RS256', kid: 'first', b64: false })}.${encode(claims())}.AAAA`, 'the token has an unsupported header');
});
test('a signature that was cut off, changed, or padded', async () => {
  const token = await issuer.sign(claims({ jti: 'changed' }), first);
  const [head, body, signature] = token.split('.') as [string, string, string];
  for (const forged of [`${head}.${body}.`, `${head}.${encode(claims({ sub: 'root' }))}.${signature}`, `${head}.${body}.${signature.slice(0, -8)}AAAAAAAA`, `${encode({ alg: 'RS384', kid: 'first' })}.${body}.${signature}`]) {
    const answer = await get('/any', forged);
    assert.is(answer.status, 401, forged.slice(-20));
  }
});
test('keys of other kinds than the algorithm', async () => {
  await refused('/any', await issuer.sign(claims(), ec), 'the token is signed with an unsupported algorithm');
  await refused('/any', `${encode({ alg: 'RS256', kid: 'curve' })}.${encode(claims())}.AAAA`, 'the token is signed with an unknown key');
  await refused('/any', await new SignJWT(claims() as Record<string, unknown>).setProtectedHeader({ alg: 'PS256', kid: 'first' }).sign(first.privateKey), 'the token is signed with an unknown key');
});
test('an RSA key that is too short', async () => {
  const text = `${encode({ alg: 'RS256', kid: 'small' })}.${encode(claims())}`;
  const { sign } = await import('node:crypto');
  await refused('/any', `${text}.${sign('sha256', Buffer.from(text), small.privateKey).toString('base64url')}`, 'the token signature is invalid');
});
test('curves where the document takes them; elsewhere not', async () => {
  await admitted('/plain', await issuer.sign(claims(), ec));
  await admitted('/oidc', await issuer.sign(claims(), ed));
  await refused('/oidc', await issuer.sign(claims(), first), 'the token is signed with an unsupported algorithm');
});
test('a token of 9 KB passes, a larger one is not looked at', async () => {
  const big = await issuer.sign(claims({ padding: 'x'.repeat(6_000) }), first);
  await admitted('/any', big);
  const answer = await get('/any', `${'x'.repeat(17_000)}.e.e`);
  assert.ok(answer.status === 401 || answer.status === 431, String(answer.status));
});

test('alternatives and combinations with API keys', async () => {
  const token = await issuer.sign(claims(), first);
  const key: [string, string] = ['X-Key', 'the-key'];
  await admitted('/either', token);
  assert.is((await get('/either', undefined, [key])).status, 200);
  assert.is((await get('/either')).status, 401);
  assert.is((await get('/either', undefined, [['X-Key', 'guess']])).status, 401);
  assert.is((await get('/either', token, [['X-Key', 'guess']])).status, 403, 'a wrong key is never passed over');
  await admitted('/both', token, [key]);
  assert.is((await get('/both', token)).status, 403);
  assert.is((await get('/both', undefined, [key])).status, 401);
});

test('verified once: the issuer is asked for its keys, not for tokens; a flood of unknown kids asks it at most every ten seconds', async () => {
  const before = issuer.requests.length;
  const token = await issuer.sign(claims({ jti: 'flood' }), first);
  await Promise.all(Array.from({ length: 20 }, () => admitted('/any', token)));
  const forged = await Promise.all(Array.from({ length: 20 }, (_, i) => issuer.sign(claims(), stranger, { kid: `unknown-${i}` })));
  await Promise.all(forged.map((each) => refused('/any', each, 'the token is signed with an unknown key')));
  assert.ok(issuer.requests.length - before <= 2, `${issuer.requests.length - before} requests`);
});

test('a new key is found, a withdrawn one counts no more, also for tokens that were verified with it', async () => {
  const old = await issuer.sign(claims({ jti: 'old' }), first);
  await admitted('/any', old);
  issuer.keys = [jwk(second)];
  const fresh = await issuer.sign(claims({ jti: 'new' }), second);
  const until = Date.now() + 15_000;
  let status = 0;
  while (Date.now() < until && status !== 200) {
    status = (await get('/any', fresh)).status;
    if (status !== 200) await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
  assert.is(status, 200);
  await refused('/any', old, 'the token is signed with an unknown key');
  issuer.broken = 'keys';
  await admitted('/any', fresh);
  issuer.broken = 'no';
});

test.run();
