/** One document, both ends: what the client writes, the gateway built from the same document reads; what the gateway refuses, the client tells. */
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompileOptions } from '../../index.js';
import { buildFolder } from '../../testing/built-folder.js';
import { runGateway } from '../../testing/running-gateway.js';
import type { GatewayFault } from './support/gateway-fault.js';

const test = suite('typescript client: against its gateway');
const fixtures = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));

interface Answer { readonly status: number; readonly ok: boolean; readonly body: unknown; readonly gateway?: GatewayFault; readonly requestId?: string }
type Client = Record<string, (...args: unknown[]) => Promise<Answer>>;

/** Builds, runs, and gives the client's functions with a client value bound; `api(settings)` binds another. */
async function both(document: string, options: CompileOptions, settings: object, work: (call: (name: string, params?: object, callOptions?: object) => Promise<Answer>, client: Client) => Promise<void>, environment: Record<string, string> = {}): Promise<void> {
  const built = await buildFolder(document, options);
  const gateway = await runGateway(built.gateway, [], environment);
  try {
    const client = createRequire(import.meta.url)(join(dirname(built.client), 'index.cjs')) as Client;
    const api = client['createClient']!({ baseUrl: gateway.url, retry: false, ...settings });
    await work((name, params = {}, callOptions = {}) => client[name]!(api, params, callOptions), client);
  } finally {
    assert.is(await gateway.stop(), 0);
    built.remove();
  }
}

test('every parameter style arrives and is valid', async () => {
  await both(join(fixtures, 'validation/parameter-styles/spec.yaml'), { mock: true }, {}, async (call) => {
    const colour = { R: 100, G: 200, name: 'a,b;c=d.e/f g' };
    const valid: [string, object][] = [
      ['getSimpleByScalarByListByObjectByExploded', { scalar: 5, list: [1, 2, 3], object: colour, exploded: colour }],
      ['getLabelByScalarByListByExplodedByObjectByObjectExploded', { scalar: 5, list: [1, 2], exploded: [3, 4], object: { R: 1 }, objectExploded: { R: 1, G: 2 } }],
      ['getMatrixByScalarByListByExplodedByObjectByObjectExploded', { scalar: true, list: [1, 2], exploded: [3, 4], object: { R: 1 }, objectExploded: { R: 1, G: 2 } }],
      ['getFields', { xNumber: 1, xList: [1, 2], xObject: { R: 1, name: 'x' }, xExploded: { R: 1, G: 2 }, session: 'abc', numbers: [1, 2] }],
      ['getQuery', { n: 0.5, flag: true, ids: [1, 2], csv: ['a', 'b,c', 'd e'], ssv: [1, 2], pipes: [3, 4], deep: { a: 1, list: [2, 3] }, pairs: colour, page: { offset: 0, limit: 5 }, json: { x: 1 }, id: 'latest', when: '2026-01-01T00:00:00Z' }],
    ];
    for (const [name, params] of valid) {
      const answer = await call(name, params);
      assert.equal([name, answer.status, answer.gateway], [name, 204, undefined]);
    }
    const refused = await call('getQuery', { n: 0, page: { limit: 51 } });
    assert.equal([refused.status, refused.ok, refused.gateway!.kind], [400, false, 'validation']);
    assert.equal(refused.gateway!.fields.map((field) => [field.in, field.parameter, field.keyword]).sort(), [['query', 'n', 'exclusiveMinimum'], ['query', 'page', 'maximum']]);
  });
});

test('every kind of body arrives and is valid', async () => {
  await both(join(fixtures, 'validation/bodies/spec.yaml'), { mock: true }, {}, async (call) => {
    const valid: object[] = [
      { body: { kind: 'cat', lives: 3 } },
      { body: { kind: 'dog', friends: [{ kind: 'cat', lives: 1 }] } },
      { contentType: 'application/vnd.pet.v2+json', body: { title: 't' } },
      { contentType: 'application/hal+json', body: { any: 1 } },
      { contentType: 'application/x-www-form-urlencoded', body: { name: 'a b&c', age: 3, tags: ['x', 'y'], owner: { id: 1 }, ids: [1, 2] } },
      { contentType: 'text/plain', body: 'häh' },
      { contentType: 'image/png', body: new Uint8Array([1, 2]) },
      { contentType: 'image/png', body: new Blob(['x']) },
    ];
    for (const params of valid) {
      const answer = await call('addPet', params);
      assert.equal([params, answer.status, answer.gateway?.fields], [params, 204, undefined]);
    }
    const refused = await call('addPet', { body: { kind: 'cat', lives: 10 } });
    assert.equal([refused.status, refused.gateway!.kind, refused.gateway!.fields.map((field) => [field.in, field.pointer, field.keyword])], [400, 'validation', [['body', '/lives', 'maximum']]]);
    const type = await call('addPet', { body: 'x' }, { headers: { 'content-type': 'application/zip' } });
    assert.equal([type.status, type.gateway!.kind], [415, 'unsupported-media-type']);
  });
});

test('keys, throttling and quotas are told apart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-limits-'));
  const document = join(folder, 'spec.yaml');
  writeFileSync(document, `
openapi: 3.0.1
info: {title: limits, version: '1'}
x-gwc-flavour: rest
x-gwc:
  stages: {prod: {}}
  usagePlans:
    slow: {apiStages: [{stage: prod}], throttle: {rateLimit: 0.001, burstLimit: 1}}
    small: {apiStages: [{stage: prod}], quota: {limit: 1, period: MONTH}}
  apiKeys:
    slow: {value: 'env:SLOW_KEY', usagePlans: [slow]}
    small: {value: 'env:SMALL_KEY', usagePlans: [small]}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: x-api-key}
paths:
  /pets:
    get:
      operationId: listPets
      security: [{key: []}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, required: [pets], properties: {pets: {type: array, items: {type: string}}}}}}}}
      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"pets": []}'}}}}
`);
  try {
    const keys = { SLOW_KEY: 'slow-key-slow-key-slow-key', SMALL_KEY: 'small-key-small-key-small' };
    await both(document, {}, {}, async (call, client) => {
      const none = await call('listPets');
      assert.equal([none.status, none.gateway!.kind, none.gateway!.type], [403, 'forbidden', 'ForbiddenException']);
      assert.match(none.requestId!, /^[0-9a-f-]{36}$/);
      for (const [key, kind, error] of [[keys.SLOW_KEY, 'throttled', 'ThrottledError'], [keys.SMALL_KEY, 'quota', 'QuotaExceededError']] as const) {
        const withKey = { headers: { 'x-api-key': key } };
        assert.equal((await call('listPets', {}, withKey)).body, { pets: [] });
        const second = await call('listPets', {}, withKey);
        assert.equal([second.status, second.gateway!.kind], [429, kind]);
        const thrown: unknown = await client['unwrap']!(call('listPets', {}, withKey)).then(() => undefined, (reason: unknown) => reason);
        assert.is((thrown as Error).name, error);
      }
    }, keys);
  } finally { rmSync(folder, { recursive: true, force: true }); }
});

test.run();
