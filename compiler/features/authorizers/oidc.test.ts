/** A real OpenID provider issues tokens, the gateway finds its keys by discovery and follows when it rotates them. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('OpenID provider');
const folder = mkdtempSync(join(tmpdir(), 'gwc-oidc-'));
const API = 'https://api.example';
let server: Server, issuer = '', gateway: RunningGateway | undefined;
let listener: (request: never, response: never) => void;

interface Provider { callback(): typeof listener }
type ProviderClass = new (issuer: string, configuration: object) => Provider;

/** A provider whose one client gets access tokens for the API; a new one in its place has new keys. */
async function useProvider(kid: string): Promise<void> {
  const specifier = 'oidc-provider';
  const { Provider } = await import(specifier) as { Provider: ProviderClass };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const scopes = 'pets:read pets:write';
  listener = new Provider(issuer, {
    clients: [{ client_id: 'app', client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    scopes: scopes.split(' '),
    features: {
      devInteractions: { enabled: false }, clientCredentials: { enabled: true },
      resourceIndicators: { enabled: true, defaultResource: () => API, getResourceServerInfo: () => ({ scope: scopes, audience: API, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'RS256' } } }), useGrantedResource: () => true },
    },
  }).callback();
}

async function token(scope: string): Promise<string> {
  const answer = await fetch(`${issuer}/token`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from('app:secret').toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource: API }) });
  const body = await answer.json() as { access_token?: string };
  assert.ok(body.access_token, JSON.stringify(body));
  return body.access_token;
}

test.before(async () => {
  server = createServer((request, response) => listener(request as never, response as never));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await useProvider('key-1');
  const mock = { type: 'mock', passthroughBehavior: 'never', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '$context.authorizer.claims.client_id' } } } };
  const guarded = (scopes: string[]): object => ({ security: [{ oidc: scopes }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': mock });
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'oidc', version: '1' }, 'x-gwc-flavour': 'http',
    components: { securitySchemes: { oidc: { type: 'openIdConnect', openIdConnectUrl: `${issuer}/.well-known/openid-configuration`, 'x-gwc-jwt': { audience: API } } } },
    paths: { '/pets': { get: guarded(['pets:read']), post: guarded(['pets:write']) } },
  }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  gateway = await runGateway(compilation.bundle.code);
});
test.after(async () => { await gateway?.stop(); server.closeAllConnections(); server.close(); rmSync(folder, { recursive: true }); });

const call = (method: string, bearer: string): Promise<RawAnswer> => rawRequest(gateway!.port, method, '/pets', [['Authorization', `Bearer ${bearer}`]], '');

test('its tokens let in, by scope', async () => {
  const read = await token('pets:read');
  assert.equal([(await call('GET', read)).status, (await call('GET', read)).body, (await call('POST', read)).status], [200, 'app', 403]);
  assert.is((await call('POST', await token('pets:read pets:write'))).status, 200);
});

test('tokens of its next key let in after it rotates, those of the last one do not', async () => {
  const old = await token('pets:read');
  assert.is((await call('GET', old)).status, 200);
  await useProvider('key-2');
  const next = await token('pets:read');
  let status = 0;
  for (const until = Date.now() + 15_000; Date.now() < until && status !== 200; await new Promise((resolve) => { setTimeout(resolve, 500); })) ({ status } = await call('GET', next));
  assert.is(status, 200);
  assert.is((await call('GET', old)).status, 401);
});

test.run();
