/**
 * What authorization adds to a request: Lambda authorizers and tokens once their result is kept, resource policies, signatures (which are verified every time). The generated handlers run in this process, on
 * parsed heads, with an answer that costs nearly nothing; "open" is the same without authorization. Targets: Lambda ≤ 1.5 µs, JWT ≤ 3 µs, SigV4 ≤ 25 µs. Compare inside the run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SignJWT } from 'jose';
import { compile } from '../compiler/index.js';
import { Exchange, type IncomingBody, type Reply } from '../runtime/exchange.js';
import type { Gateway } from '../runtime/gateway.js';
import { Head } from '../runtime/http1/head.js';
import { DEFAULT_LIMITS } from '../runtime/http1/limits.js';
import { parseRequestHead } from '../runtime/http1/request-head.js';
import { median, row } from './compare.js';

const CALLERS = 500;
const CALLS = 40_000;
const ROUNDS = 15;

const aws4 = createRequire(import.meta.url)('aws4') as { sign(request: object, credentials: object): { headers: Record<string, string> } };
const idOf = (caller: number): string => `AKIAEXAMPLE${String(caller).padStart(5, '0')}`;
const credentials = join(mkdtempSync(join(tmpdir(), 'gwc-bench-')), 'credentials');
writeFileSync(credentials, Array.from({ length: CALLERS }, (_, i) => `[caller${i}]\naws_access_key_id=${idOf(i)}\naws_secret_access_key=secret-${i}\n`).join(''));

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const server = createServer((request, response) => void response.end(JSON.stringify(request.url === '/keys' ? { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256' }] } : { issuer, jwks_uri: `${issuer}/keys` })));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const folder = mkdtempSync(join(tmpdir(), 'gwc-bench-'));
writeFileSync(join(folder, 'authorizer.mjs'), `export const handler = async ({ methodArn }) => ({ principalId: 'user', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: methodArn.split('/')[0] + '/*/*/admin/*' }, { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn.split('/').slice(0, 2).join('/') + '/GET/*' }] }, context: { tenant: 'blue', plan: 5 } });`);
const FUNCTION = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Authorizer/invocations';
const answer = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } };
const operation = (security: object[]): object => ({ get: { security, responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': answer } });
const scheme = (type: object): object => ({ type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authorizer': type });

async function build(flavour: 'rest' | 'http', more: object = {}): Promise<Gateway> {
  const lambda = { authorizerUri: FUNCTION, authorizerResultTtlInSeconds: 3600 };
  const schemes = flavour === 'rest'
    ? { token: scheme({ type: 'token', ...lambda }), request: scheme({ type: 'request', ...lambda, identitySource: 'method.request.header.Authorization, method.request.header.User-Agent' }), iam: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } }
    : { jwt: { type: 'oauth2', flows: {}, 'x-amazon-apigateway-authorizer': { type: 'jwt', identitySource: '$request.header.Authorization', jwtConfiguration: { issuer, audience: ['app'] } } } };
  const name = `${flavour}${Object.keys(more).length}`;
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({
    openapi: '3.0.1', info: { title: 'bench', version: '1' }, 'x-gwc-flavour': flavour, 'x-gwc': { functions: { Authorizer: { handler: './authorizer.mjs#handler' } }, callers: Object.fromEntries(Array.from({ length: CALLERS }, (_, i) => [`caller${i}`, { policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:*/*/GET/pets/*' }] } }])) }, ...more,
    components: { securitySchemes: schemes },
    paths: { '/pets/open': operation([]), ...Object.fromEntries(Object.keys(schemes).map((each) => [`/pets/${each}`, operation([{ [each]: each === 'jwt' ? ['read'] : [] }])])) },
  }));
  const { bundle, diagnostics } = await compile(join(folder, `${name}.json`), { clients: [] });
  if (!bundle) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  writeFileSync(join(folder, `${name}.mjs`), bundle.code);
  return ((await import(pathToFileURL(join(folder, `${name}.mjs`)).href)) as { createGateway(options: object): Gateway }).createGateway({ given: { 'iam-credentials': [credentials] } });
}

const rest = await build('rest'), http = await build('http');
const policed = await build('rest', { 'x-amazon-apigateway-policy': { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }, { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*/*/admin/*' }] } });
const now = Math.floor(Date.now() / 1_000);
const tokens = await Promise.all(Array.from({ length: CALLERS }, (_, i) => new SignJWT({ iss: issuer, aud: 'app', sub: `user-${i}`, scope: 'read write', email: `user-${i}@example.com`, iat: now - 1, exp: now + 3_600 }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)));

let answered = 0, statuses = 0;
let settle: (() => void) | null = null;
const done = (status: number): void => { answered++; statuses += status; settle?.(); };
const reply = { started: false, bodyBytes: 0, watcher: null, send: (status: number) => done(status), sendConstant: ({ status }: { status: number }) => done(status) } as unknown as Reply;
const incoming: IncomingBody = { length: 0, complete: true, collect: (_limit, use) => use(Buffer.alloc(0)), pipe: () => {}, resume: () => {} };
const connection = { remoteAddress: '192.0.2.1', remotePort: 1, localPort: 80, secure: false, protocol: 'HTTP/1.1' };

interface Request { readonly head: Head; readonly target: Buffer }
function requests(path: string): Request[] {
  const target = Buffer.from(path, 'latin1');
  return tokens.map((token, caller) => {
    const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: application/json\r\n${path.endsWith('/iam') ? signature(path, caller) : `Authorization: Bearer ${token}`}\r\nAccept-Language: en\r\nConnection: keep-alive\r\n\r\n`);
    const head = new Head(bytes);
    if (parseRequestHead(head, 0, bytes.length, DEFAULT_LIMITS) < 0) throw new Error('head');
    return { head, target };
  });
}
function signature(path: string, caller: number): string {
  const { headers } = aws4.sign({ host: 'api.example.com', method: 'GET', path, service: 'execute-api', region: process.env['AWS_REGION'] ?? 'us-east-1' }, { accessKeyId: idOf(caller), secretAccessKey: `secret-${caller}` });
  return `X-Amz-Date: ${headers['X-Amz-Date']!}\r\nAuthorization: ${headers['Authorization']!}`;
}
const exchangeOf = ({ state }: Gateway, { head, target }: Request): Exchange => new Exchange(state, 'GET', target, 0, target.length, target.length, target.length, head, incoming, reply, connection);

const subjects: readonly (readonly [name: string, gateway: Gateway, path: string, base: string, target: number])[] = [
  ['REST open', rest, '/pets/open', '', 0],
  ['REST, TOKEN authorizer kept', rest, '/pets/token', 'REST open', 1.5],
  ['REST, REQUEST authorizer kept', rest, '/pets/request', 'REST open', 1.5],
  ['REST, resource policy', policed, '/pets/open', 'REST open', 0],
  ['REST, policy and TOKEN authorizer', policed, '/pets/token', 'REST open', 0],
  ['REST, SigV4', rest, '/pets/iam', 'REST open', 25],
  ['HTTP open', http, '/pets/open', '', 0],
  ['HTTP, JWT verified before', http, '/pets/jwt', 'HTTP open', 3],
];
const prepared = subjects.map(([name, gateway, path]) => ({ name, gateway, list: requests(path) }));
for (const { name, gateway, list } of prepared) {
  // Once for every caller, so that all results are kept.
  for (const request of list) {
    const before = answered;
    await new Promise<void>((resolve) => { settle = resolve; gateway.handler(exchangeOf(gateway, request)); if (answered > before) resolve(); });
    settle = null;
  }
  statuses = answered = 0;
  for (const request of list) gateway.handler(exchangeOf(gateway, request));
  if (answered !== CALLERS || statuses !== 200 * CALLERS) throw new Error(`${name}: ${answered} answers at once, ${statuses / CALLERS}`);
}

const times: Record<string, number[]> = Object.fromEntries(subjects.map(([name]) => [name, []]));
for (let round = -3; round < ROUNDS; round++) {
  for (const { name, gateway, list } of prepared) {
    const started = process.cpuUsage();
    for (let i = 0; i < CALLS; i++) gateway.handler(exchangeOf(gateway, list[i % CALLERS]!));
    const { user, system } = process.cpuUsage(started);
    if (round >= 0) times[name]!.push((user + system) / CALLS);
  }
}
console.log(`${CALLERS} callers, tokens of ${tokens[0]!.length} characters; µs of CPU per request, median of ${ROUNDS}`);
for (const [name, , , base, target] of subjects) {
  const value = median(times[name]!);
  row(name, `${value.toFixed(2)} µs`, base === '' ? '' : `+${(value - median(times[base]!)).toFixed(2)} µs`, target === 0 ? '' : `target ${target} µs`);
}
server.close();
rest.close(); http.close(); policed.close();
rmSync(folder, { recursive: true });
