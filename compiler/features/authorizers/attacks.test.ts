/** Ways around access control that are tried on gateways: none gets in. Tokens are attacked in jwt.test.ts. */
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('attacks');
const folder = mkdtempSync(join(tmpdir(), 'gwc-attacks-'));
const REGION = 'eu-west-3', HOST = 'api.example.com', KEY = 'AKIAEXAMPLEANN00', SECRET = 'secret-of-ann';
const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Guard/invocations';
const template = '"$input.params().path.proxy|$input.params().querystring.a|$input.params().querystring.b|$context.authorizer.who"';
const mock = { type: 'mock', passthroughBehavior: 'when_no_match', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': template } } } };
const proxy = [{ name: 'proxy', in: 'path', required: true, schema: { type: 'string' } }];
const operation = (scheme: string | undefined, parameters: object[] = proxy): object => ({ ...(scheme === undefined ? {} : { security: [{ [scheme]: [] }] }), parameters, responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': mock });
const custom = (authorizer: object, more: object = {}): object => ({ type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'custom', 'x-amazon-apigateway-authorizer': { authorizerUri: FUNCTION, ...authorizer }, ...more });
let gateway: RunningGateway | undefined, policed: RunningGateway | undefined;

async function start(name: string, document: object, environment: Record<string, string> = {}): Promise<RunningGateway> {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ openapi: '3.0.1', info: { title: name, version: '1' }, 'x-gwc-flavour': 'rest', ...document }));
  const compilation = await compile(join(folder, `${name}.json`), { clients: [], functions: { Guard: `${join(folder, 'guard.mjs')}#handler` } });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  return runGateway(compilation.bundle.code, [], { AWS_REGION: REGION, ...environment });
}

test.before(async () => {
  // Says who it takes the caller for, so that a result of somebody else is seen.
  writeFileSync(join(folder, 'guard.mjs'), `export const handler = async (event) => { const h = event.headers ?? {}; const q = event.queryStringParameters ?? {}; const who = event.authorizationToken ?? JSON.stringify([h['X-User'] ?? h['x-user'], h['X-Tenant'] ?? h['x-tenant'], q.user]);
    return { principalId: 'p', context: { who: Buffer.from(who).toString('hex') }, policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] } }; };\n`);
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }, { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: ['*/signed/secret', '*/signed/secret/*'] }] };
  gateway = await start('attacked', {
    'x-gwc': { callers: { ann: { accessKeyId: KEY, secretAccessKey: 'env:ANN', policy } } },
    components: { securitySchemes: {
      iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' },
      slow: custom({ type: 'token', identityValidationExpression: '(a+)+(b|c+)*$' }), lookaround: custom({ type: 'token', identityValidationExpression: '(?=(a+)+b)a.*' }),
      pair: custom({ type: 'request', identitySource: 'method.request.header.X-User, method.request.header.X-Tenant', authorizerResultTtlInSeconds: 300 }), mixed: custom({ type: 'request', identitySource: 'method.request.header.X-User, method.request.querystring.user', authorizerResultTtlInSeconds: 300 }),
      one: custom({ type: 'token', authorizerResultTtlInSeconds: 300 }),
    } },
    paths: { '/signed/{proxy+}': { get: operation('iam'), post: operation('iam') }, '/slow': { get: operation('slow', []) }, '/lookaround': { get: operation('lookaround', []) }, '/pair': { get: operation('pair', []) }, '/mixed': { get: operation('mixed', []) }, '/one': { get: operation('one', []) }, '/open': { get: operation(undefined, []) } },
  }, { ANN: SECRET });
  policed = await start('policed', {
    'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }, { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: ['execute-api:/*/*/files/secret', 'execute-api:/*/*/files/secret/*'] }] },
    paths: { '/files/{proxy+}': { get: operation(undefined), 'x-amazon-apigateway-any-method': operation(undefined) } },
  });
});
test.after(async () => { await gateway?.stop(); await policed?.stop(); rmSync(folder, { recursive: true }); });

interface Request { method: string; path: string; query: string; body: string; fields: [string, string][] }
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const dateOf = (ms = 0): string => new Date(Date.now() + ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** A correct signature, made by hand so that everything about it can be bent. `canonicalPath`, `canonicalQuery`: as signed. */
function signed(more: { path?: string; query?: string; canonicalPath?: string; canonicalQuery?: string; headers?: [string, string][]; names?: string[]; body?: string; method?: string; date?: string } = {}): Request {
  const { path = '/signed/a', query = '', body = '', method = 'GET', date = dateOf(), headers = [] } = more;
  const fields: [string, string][] = [['Host', HOST], ['X-Amz-Date', date], ...headers];
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name.toLowerCase(), [...values.get(name.toLowerCase()) ?? [], value.trim().replace(/ +/g, ' ')]);
  const names = more.names ?? [...values.keys()].sort();
  const scope = `${date.slice(0, 8)}/${REGION}/execute-api/aws4_request`;
  const canonical = [method, more.canonicalPath ?? path, more.canonicalQuery ?? query, ...names.map((name) => `${name}:${(values.get(name) ?? []).join(',')}`), '', names.join(';'), sha(body)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, date.slice(0, 8)), REGION), 'execute-api'), 'aws4_request');
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha(canonical)}`).toString('hex');
  return { method, path, query, body, fields: [...fields, ['Authorization', `AWS4-HMAC-SHA256 Credential=${KEY}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`]] };
}
const send = ({ method, path, query, body, fields }: Request, to = gateway): Promise<RawAnswer> => rawRequest(to!.port, method, query === '' ? path : `${path}?${query}`, fields, body);
const authorization = (request: Request): string => request.fields.find(([name]) => name === 'Authorization')![1];
const change = (request: Request, by: (value: string) => string): Request => ({ ...request, fields: request.fields.map(([name, value]) => [name, name === 'Authorization' ? by(value) : value]) });
const add = (request: Request, ...fields: [string, string][]): Request => ({ ...request, fields: [...request.fields, ...fields] });

async function out(request: Request, what: string): Promise<void> {
  const { status, body } = await send(request);
  assert.ok(status === 403 || status === 400, `${what}: ${status} ${body}`);
}

test('the signature made by hand is right', async () => {
  assert.is((await send(signed())).status, 200);
  assert.is((await send(signed({ headers: [['X-Own', ' a  b ']], query: 'a=1&b=2' }))).body, '"a|1|2|"');
  assert.is((await send(signed({ path: '/signed/a%20b', canonicalPath: '/signed/a%2520b' }))).status, 200, 'escapes are encoded again');
});

test('SigV4: what belongs together is taken apart', async () => {
  const good = signed({ headers: [['X-Own', 'a']] });
  await out(add(good, ['Authorization', authorization(good)]), 'Authorization twice');
  await out({ ...good, fields: [['Authorization', 'Bearer x'], ...good.fields] }, 'another Authorization before');
  await out(add(good, ['Authorization', 'Bearer x']), 'another Authorization after');
  await out(add(good, ['X-Own', 'b']), 'a signed header twice');
  await out(add(good, ['Host', HOST]), 'Host twice');
  await out(add(good, ['X-Amz-Date', dateOf(10_000)]), 'two dates');
  await out({ ...good, fields: good.fields.filter(([name]) => name !== 'X-Amz-Date') }, 'no date');
  await out({ ...good, fields: [...good.fields.filter(([name]) => name !== 'X-Amz-Date'), ['Date', dateOf()]] }, 'another date header');
  await out({ ...good, fields: good.fields.map(([name, value]) => [name, name === 'Host' ? 'other.example.com' : value]) }, 'another host');
  await out(add(good, ['X-Amz-Security-Token', 'x']), 'a token that is not signed');
  await out(add(good, ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD']), 'a body hash that is not signed');
  await out({ ...signed({ method: 'POST', headers: [['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD']] }), body: 'x' }, 'an unsigned body');
  await out({ ...signed({ method: 'POST', headers: [['X-Amz-Content-Sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD']] }), body: 'x' }, 'a body in signed chunks');
  await out(signed({ names: ['x-amz-date'] }), 'the host is not signed');
  await out(signed({ names: ['host'] }), 'the date is not signed');
  await out(signed({ names: [] }), 'nothing is signed');
  await out(signed({ names: ['host', 'host', 'x-amz-date'] }), 'a name twice');
  await out(signed({ names: ['x-amz-date', 'host'] }), 'names out of order');
  await out(change(good, (value) => value.replace('host;', 'Host;')), 'a name in capitals');
  await out(change(good, (value) => value.replace(/Signature=.*/, (text) => text.toUpperCase())), 'a signature in capitals');
  await out(change(good, (value) => value.slice(0, -1)), 'a signature cut off');
  await out(change(good, (value) => `${value}0`), 'a signature that goes on');
  await out(change(good, (value) => value.replace(/Signature=.*/, 'Signature=')), 'an empty signature');
  await out(change(good, (value) => `${value}, Signature=00`), 'two signatures');
  await out(change(good, (value) => value.replace('aws4_request', 'aws4_request/x')), 'a scope that goes on');
  await out(change(good, (value) => value.replace(KEY, `${KEY}/x`)), 'a key with a slash');
  for (const name of ['__proto__', 'constructor', 'toString']) await out(change(good, (value) => value.replace(KEY, name)), name);
  await out(change(good, (value) => value.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA1')), 'another algorithm');
  await out(change(good, (value) => value.replace('AWS4-HMAC-SHA256 ', '')), 'no algorithm');
  await out({ ...good, method: 'POST' }, 'another method');
  await out(change(signed(), (value) => value.replace('SignedHeaders=', `SignedHeaders=${'a;'.repeat(4_000)}`)), 'thousands of names');
});

test('SigV4: a request sent again counts for as long as on AWS, not longer, and only as it was', async () => {
  const late = signed({ date: dateOf(-299_000) });
  assert.is((await send(late)).status, 200);
  assert.is((await send(late)).status, 200, 'within five minutes AWS takes it again');
  await out(signed({ date: dateOf(-301_000) }), 'after five minutes');
  await out(signed({ date: dateOf(301_000) }), 'made for later');
  for (const date of ['20260101T000000Z ', '2026-01-01T00:00:00Z', '20261301T000000Z', '20260101T250000Z', '99991231T235959Z', '00000101T000000Z']) await out(signed({ date }), date);
});

test('SigV4: a query means what was signed', async () => {
  assert.is((await send(signed({ query: 'a=1%3Bb%3D2', canonicalQuery: 'a=1%3Bb%3D2' }))).body, '"a|1;b=2||"');
  await out({ ...signed({ query: 'a=1%3Bb%3D2' }), query: 'a=1;b=2' }, 'a value becomes a parameter');
  assert.is((await send(signed({ query: 'a=1%2B2' }))).body, '"a|1+2||"');
  await out({ ...signed({ query: 'a=1%2B2' }), query: 'a=1+2' }, 'a plus becomes a blank');
  assert.is((await send({ ...signed({ query: 'a=1%202' }), query: 'a=1+2' })).body, '"a|1 2||"', 'two spellings of one value');
  await out({ ...signed({ query: 'a=1' }), query: 'a=1&b' }, 'a parameter more');
  await out({ ...signed({ query: 'a=1&a=2' }), query: 'a=2&a=1%00' }, 'another value');
  await out({ ...signed({ query: 'a=%25' }), query: 'a=%2525' }, 'encoded twice');
});

test('SigV4: paths: encoded twice, not once; nothing is resolved away; the policy sees what the backend may see', async () => {
  await out(signed({ path: '/signed/a%20b', canonicalPath: '/signed/a%20b' }), 'encoded once');
  for (const [sent, was] of [['/signed/a/../b', '/signed/b'], ['/signed/%2e%2e/open', '/open'], ['/signed/a%2fb', '/signed/a/b'], ['/signed/%61', '/signed/a'], ['/signed/a%2561', '/signed/aa'], ['/open/../signed/a', '/signed/a']] as const) await out(signed({ path: sent, canonicalPath: was }), sent);
  for (const path of SPELLINGS.map((spelling) => `/signed/${spelling}`)) await out(signed({ path, canonicalPath: path.split('/').map((segment) => segment === '' ? '' : encodeURIComponent(segment)).join('/').replace(/\/{2,}/g, '/') }), path);
});

/** Ways to write `secret` that something behind the gateway may take for it. */
const SPELLINGS = ['secret', 's%65cret', '%73%65%63%72%65%74', 's%2565cret', 'secret/', 'secret//', '/secret', './secret', 'a/../secret', 'a/%2e%2e/secret', 'a%2f..%2fsecret', 'secret%2f', 'secret/x', 'secret%2Fx', 'a/..;/secret', '%2e/secret', 'a/%252e%252e/secret', '\\secret', '%5csecret', 'secret%00', 'a%5c..%5csecret'];
test('policies: no spelling of a denied path gets around them, in any verb', async () => {
  for (const method of ['GET', 'POST', 'PATCH', 'HEAD', 'get', 'FOO']) for (const spelling of SPELLINGS) {
    const { status } = await rawRequest(policed!.port, method, `/files/${spelling}`, [], '');
    assert.ok(status >= 400, `${method} ${spelling}: ${status}`);
  }
  // The verb of the policy stands for itself; a path is case-sensitive, in policies as in routes.
  for (const path of ['/files/Secret', '/files/secrets', '/files/other']) assert.is((await rawRequest(policed!.port, 'GET', path, [], '')).status, 200, path);
  for (const path of ['/FILES/secret', '/%66iles/secret', '//files/secret', '/files%2fsecret']) assert.ok((await rawRequest(policed!.port, 'GET', path, [], '')).status >= 400, path);
  for (const [name, value] of [['X-HTTP-Method-Override', 'POST'], ['X-Original-URL', '/files/other'], ['X-Rewrite-URL', '/files/other']] as const) assert.is((await rawRequest(policed!.port, 'GET', '/files/secret', [[name, value]], '')).status, 403, name);
});

test('validation expressions that take forever for some tokens: refused soon, and others are served meanwhile', async () => {
  for (const path of ['/slow', '/lookaround']) for (const token of ['a'.repeat(5_000) + '!', 'a'.repeat(9_000), 'a'.repeat(4_000) + 'b'.repeat(4_000) + '!']) {
    const started = performance.now();
    const [attacked, other] = await Promise.all([rawRequest(gateway!.port, 'GET', path, [['Authorization', token]], ''), rawRequest(gateway!.port, 'GET', '/open', [], '')]);
    assert.ok(performance.now() - started < 1_500, `${path} ${token.length}: ${performance.now() - started} ms`);
    assert.is(other.status, 200);
    assert.ok([200, 401].includes(attacked.status), `${attacked.status}`);
  }
  assert.is((await rawRequest(gateway!.port, 'GET', '/slow', [['Authorization', 'aab']], '')).status, 200);
});

test('kept results: nobody is taken for somebody else, however the identity sources are filled', async () => {
  const parts = ['', 'a', 'b', 'a,b', 'b,c', 'a,', ',b', 'a\tb', '"a","b"', 'a\\', '["a"]', '1:a', 'x'.repeat(40), `${'x'.repeat(40)}y`, 'A', 'a ', 'ä'];
  const who = async (path: string, fields: [string, string][]): Promise<string> => {
    const { status, body } = await rawRequest(gateway!.port, 'GET', path, fields, '');
    return status === 200 ? Buffer.from(body.slice(1, -1).split('|')[3]!, 'hex').toString() : String(status);
  };
  for (let round = 0; round < 2; round++) for (const user of parts) {
    for (const tenant of parts) {
      const trimmed = [user.trim(), tenant.trim()];
      assert.is(await who('/pair', [['X-User', user], ['X-Tenant', tenant]]), trimmed.includes('') ? '401' : JSON.stringify([...trimmed.map((text) => Buffer.from(text, 'latin1').toString('latin1')), null].map((text) => text ?? undefined)), `${user} and ${tenant}`);
    }
    const query = encodeURIComponent(user);
    assert.match(await who(`/mixed?user=${query}`, [['X-User', 'a']]), user === '' ? /^401$/ : /^\["a",null,/);
  }
  // The last value counts for identity, event and cache alike.
  const twice = await who('/pair', [['X-User', 'victim'], ['X-User', 'attacker'], ['X-Tenant', 't']]);
  assert.is(await who('/pair', [['X-User', 'attacker'], ['X-Tenant', 't']]), twice);
  assert.is.not(await who('/pair', [['X-User', 'victim'], ['X-Tenant', 't']]), twice);
  // Two tokens that end alike, and a flood of others in between.
  const end = 'z'.repeat(64);
  for (let i = 0; i < 40; i++) assert.is(await who('/one', [['Authorization', `user-${i}-${end}`]]), `user-${i}-${end}`);
  for (let i = 0; i < 40; i++) assert.is(await who('/one', [['Authorization', `user-${i}-${end}`]]), `user-${i}-${end}`);
});

test('secrets are compared in constant time, or by digest', () => {
  const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../../../../runtime/${file}`, import.meta.url)), 'utf8');
  const signature = read('access/iam-signature.ts');
  assert.match(signature, /if \(equal\(expected, signature\.signature\)\) return caller;/);
  assert.match(signature, /!equal\(caller\.sessionToken, signature\.token\)/);
  assert.match(signature, /function equal[^}]*timingSafeEqual/);
  assert.not.match(signature, /(?:signature|sessionToken|secretAccessKey)\s*[!=]==/);
  assert.match(read('access/scrypt-hash.ts'), /timingSafeEqual\(key, hash\)/);
  assert.match(read('access/bcrypt-thread.ts'), /compareSync\(password, hash\)/);
  assert.match(read('keys/admin-port.ts'), /timingSafeEqual\(token, digest\)/);
  // An API key is looked up by its SHA-256: what a guess shares with it is not in the digest.
  assert.match(read('keys/api-keys.ts'), /byDigest\.get\(/);
  assert.not.match(read('keys/api-keys.ts'), /value\s*[!=]==\s*(?:key|value)\b/);
});

test.run();
