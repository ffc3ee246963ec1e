/** The gateway files that are measured, compiled when first asked for. `GATEWAY=path/to/gateway.mjs` measures another one in place of bench/proxy/pets.yaml. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../compiler/index.js';
import { BACKEND_PORT, scratch, type Subject } from './subjects.js';

const bundles = new Map<string, string>();

async function build(name: string, document: string, http1: 'own' | 'llhttp' = 'own'): Promise<string> {
  let file = bundles.get(name);
  if (file === undefined) {
    const { bundle, diagnostics } = await compile(document, { http1 });
    if (bundle === undefined) throw new Error(`${document}: ${diagnostics.map(({ message }) => message).join('; ')}`);
    bundles.set(name, (file = join(scratch('bundles'), `${name}.mjs`)));
    writeFileSync(file, bundle.code);
  }
  return file;
}

const serve = (file: string, port: number, args: readonly string[]): string[] => [process.execPath, file, '--port', String(port), '--host', '127.0.0.1', '--max-body-bytes', '200000000', ...args];

/** The whole product: everything the compiler puts around a request. */
export async function petsBundle(args: readonly string[] = [], name = 'gwc bundle'): Promise<Subject> {
  const file = process.env.GATEWAY ?? (await build('pets', fileURLToPath(new URL('../../../bench/proxy/pets.yaml', import.meta.url))));
  return { name, missing: '', command: (port) => serve(file, port, args) };
}

/** A gateway of `count` operations, all alike, their paths of three to five segments. */
export async function routesBundle(count: number): Promise<{ subject: Subject; paths: string[] }> {
  const paths: Record<string, unknown> = {};
  const asked: string[] = [];
  for (let i = 0; i < count; i++) {
    const path = `/v1/area${i % 40}/things${i}/{id}${i % 3 === 0 ? '/parts' : ''}`;
    paths[path] = { get: {
      operationId: `get${i}`, parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok' } },
      'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'GET', uri: `http://127.0.0.1:${BACKEND_PORT}/things/{id}`, requestParameters: { 'integration.request.path.id': 'method.request.path.id' } },
    } };
    asked.push(path.replace('{id}', String(i * 7)));
  }
  const document = join(scratch('bundles'), `routes-${count}.json`);
  writeFileSync(document, JSON.stringify({ openapi: '3.0.3', info: { title: 'routes', version: '1' }, paths }));
  const file = await build(`routes-${count}`, document);
  return { subject: { name: `${count} routes`, missing: '', command: (port) => serve(file, port, []) }, paths: asked };
}

/** One operation for bearers of the issuer's tokens with an API key, each key with a limit of its own that is not reached. */
export async function authorizedBundle(issuer: string, keys: readonly string[]): Promise<Subject> {
  const document = join(scratch('bundles'), 'authorized.json');
  writeFileSync(document, JSON.stringify({
    openapi: '3.0.3', info: { title: 'authorized', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': { stages: { prod: {} }, usagePlans: { all: { apiStages: [{ stage: 'prod' }], throttle: { rateLimit: 1_000_000, burstLimit: 1_000_000 } } }, apiKeys: Object.fromEntries(keys.map((value, i) => [`client${i}`, { value, usagePlans: ['all'] }])) },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', 'x-gwc-jwt': { issuer, audience: ['app'] } }, key: { type: 'apiKey', in: 'header', name: 'x-api-key' } } },
    paths: { '/me': { get: { security: [{ token: [], key: [] }], responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '{"ok":true}' } } } } } } },
  }));
  const file = await build('authorized', document);
  return { name: 'gwc bundle', missing: '', command: (port) => serve(file, port, []) };
}
