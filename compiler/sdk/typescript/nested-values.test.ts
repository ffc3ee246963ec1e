/** Nested values in queries and forms: whatever the client writes, the gateway of the same document reads as the same value. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Exchange } from '../../../runtime/exchange.js';
import { ANY, NO_LIST, type DeepShape } from '../../../runtime/parameters/deep.js';
import { queryDeepObject } from '../../../runtime/parameters/query.js';
import { toBoolean, toNumber, toText } from '../../../runtime/parameters/text.js';
import { buildFolder } from '../../testing/built-folder.js';
import { deepPairs } from './support/query-styles.js';

const test = suite('typescript client: nested values');

const FILTER = {
  type: 'object', additionalProperties: false,
  properties: {
    and: { type: 'array', items: { $ref: '#/components/schemas/Filter' } },
    not: { $ref: '#/components/schemas/Filter' },
    price: { type: 'object', additionalProperties: false, properties: { lt: { type: 'number' }, exact: { type: 'boolean' } } },
    tags: { type: 'array', items: { type: 'string', maxLength: 40 } },
    matrix: { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
    rows: { type: 'array', items: { type: 'object', required: ['id'], additionalProperties: false, properties: { id: { type: 'integer' }, name: { type: 'string' } } } },
    counts: { type: 'object', additionalProperties: { type: 'integer' } },
  },
};
const SHAPES: readonly DeepShape[] = [
  { convert: null, items: NO_LIST, properties: { and: 1, not: 0, price: 2, tags: 5, matrix: 7, rows: 10, counts: 12 }, others: ANY },
  { convert: null, items: 0, properties: {}, others: ANY },
  { convert: null, items: NO_LIST, properties: { lt: 3, exact: 4 }, others: ANY },
  { convert: toNumber, items: NO_LIST, properties: {}, others: ANY },
  { convert: toBoolean, items: NO_LIST, properties: {}, others: ANY },
  { convert: null, items: 6, properties: {}, others: ANY },
  { convert: toText, items: NO_LIST, properties: {}, others: ANY },
  { convert: null, items: 8, properties: {}, others: ANY },
  { convert: null, items: 3, properties: {}, others: ANY },
  { convert: null, items: NO_LIST, properties: { id: 3, name: 6 }, others: ANY },
  { convert: null, items: 9, properties: {}, others: ANY },
  { convert: null, items: 3, properties: {}, others: ANY },
  { convert: null, items: NO_LIST, properties: {}, others: 3 },
];

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', '0', '1', 'a b', 'é', 'a=b&c', '%5B'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 })).filter((name) => !/[[\]]/.test(name));
const many = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 3 });
interface Filter { and?: Filter[] | undefined; not?: Filter | undefined; price?: object | undefined; counts?: object | undefined }
/** Nothing empty: that cannot be written. */
function filterOf(levels: number): fc.Arbitrary<Filter> {
  return fc.record({
    ...(levels > 0 && { and: many(filterOf(levels - 1)), not: filterOf(levels - 1) }),
    price: fc.record({ lt: fc.integer(), exact: fc.boolean() }),
    tags: many(text), matrix: many(many(fc.integer())),
    rows: many(fc.record({ id: fc.integer(), name: text }, { requiredKeys: ['id'] })),
    counts: fc.dictionary(key, fc.integer(), { minKeys: 1, maxKeys: 3 }),
  }, { requiredKeys: [] }).filter((value) => Object.keys(value).length > 0);
}
const BOUNDED = fc.tuple(filterOf(2), fc.nat(7)).map(([innermost, levels]) => {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = { not: value };
  return value;
}).filter((value) => depthOf(value) <= 16);

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

function read(pairs: readonly string[]): unknown {
  const target = Buffer.from(`/p?${pairs.join('&')}`, 'latin1');
  return queryDeepObject(new Exchange(null as never, 'GET', target, 0, 2, 3, target.length, null as never, null as never, null as never, null as never), 'filter', SHAPES);
}

const plainJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

test('what is written is read as the same value', () => {
  let nested = 0;
  fc.assert(fc.property(BOUNDED, (value) => {
    if (depthOf(value) > 4) nested++;
    assert.equal(plainJson(read(deepPairs('filter', value))), plainJson(value));
  }), { numRuns: 500 });
  assert.ok(nested > 10, `${nested}`);
});

test('what cannot be read again is not written', () => {
  assert.throws(() => deepPairs('f', { 'a]': 1 }), /"a\]" cannot be written/);
  assert.throws(() => deepPairs('f', { '': 1 }), /cannot be written/);
  const circle: { self?: object } = {};
  circle.self = circle;
  assert.throws(() => deepPairs('f', circle), /nested deeper than 16/);
  assert.equal(deepPairs('f', { a: [], b: {}, c: null, d: undefined }), []);
});

interface Answer { readonly status: number; readonly gateway?: { readonly fields: readonly unknown[] } }

test('the gateway of the document accepts it, and refuses what does not fit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-nested-'));
  const document = join(folder, 'spec.json');
  const answers = { 204: { description: 'done' } };
  const deep = { style: 'deepObject', explode: true };
  writeFileSync(document, JSON.stringify({
    openapi: '3.1.0', info: { title: 'nested', version: '1' }, components: { schemas: { Filter: FILTER } },
    paths: {
      '/search': { get: { operationId: 'search', parameters: [{ name: 'filter', in: 'query', required: true, ...deep, schema: { $ref: '#/components/schemas/Filter' } }], responses: answers } },
      '/list': { get: { operationId: 'list', parameters: [{ name: 'filters', in: 'query', ...deep, schema: { type: 'array', items: { $ref: '#/components/schemas/Filter' } } }], responses: answers } },
      '/form': { post: { operationId: 'form', requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', required: ['filter'], additionalProperties: false, properties: { filter: { $ref: '#/components/schemas/Filter' }, plain: { type: 'string' }, filters: { type: 'array', items: { $ref: '#/components/schemas/Filter' } } } }, encoding: { filter: deep, filters: deep } } } }, responses: answers } },
    },
  }));
  const built = await buildFolder(document, { mock: true });
  try {
    const file = join(folder, 'gateway.mjs');
    writeFileSync(file, built.gateway);
    const { createGateway } = (await import(pathToFileURL(file).href)) as { createGateway(options: object): { fetch(request: Request): Promise<Response>; close(): void } };
    const gateway = createGateway({ log: () => {} });
    const client = createRequire(import.meta.url)(join(dirname(built.client), 'index.cjs')) as Record<string, (...args: unknown[]) => Promise<Answer>>;
    const api = client['createClient']!({ baseUrl: 'http://gateway.test', retry: false, fetch: (url: string, init: RequestInit) => gateway.fetch(new Request(url, init)) });
    const call = async (name: string, params: object): Promise<[number, unknown]> => {
      const answer = await client[name]!(api, params);
      return [answer.status, answer.gateway?.fields];
    };
    await fc.assert(fc.asyncProperty(BOUNDED, async (value) => {
      assert.equal(await call('search', { filter: value }), [204, undefined]);
      assert.equal(await call('form', { body: { filter: value, plain: 'a[b]=c' } }), [204, undefined]);
      if (depthOf(value) > 14) return;
      assert.equal(await call('list', { filters: [value, value] }), [204, undefined]);
      // The innermost object that this puts a stranger into must not hide it.
      const wrong = { not: { and: [value, { not: { ...value, price: { lt: 'much' } } }] } };
      if (depthOf(wrong) > 16) return;
      for (const [name, params] of [['search', { filter: wrong }], ['form', { body: { filter: wrong } }]] as const) assert.is((await call(name, params))[0], 400);
    }), { numRuns: 60 });
    const faults = async (query: string): Promise<unknown> => (await gateway.fetch(new Request(`http://gateway.test/search?${query}`))).status;
    for (const [query, status] of [['filter[price][lt]=5', 204], ['filter[tags][]=a&filter[tags][]=b', 204], ['filter[tags][0]=a', 204], ['filter[stranger]=1', 400], ['filter[price]=5', 400], ['filter[price][lt]=x', 400], [`filter${'[not]'.repeat(17)}[price][lt]=5`, 400], ['', 400], ['filter[price][lt]=5&filter[price][lt][x]=5', 400]] as const) {
      assert.equal([query, await faults(query)], [query, status]);
    }
    gateway.close();
  } finally {
    built.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
