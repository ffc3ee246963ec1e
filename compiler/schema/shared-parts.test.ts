import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../code.js';
import { shareParts } from './shared-parts.js';
import { lower, validatorsOf } from './testing/helpers.js';

const test = suite('shared parts');
const metadata: Json = { type: 'object', additionalProperties: { type: 'string', maxLength: 5 } };
const nothing = (): boolean => false;

test('what stands in two places is one more node, inside another too', () => {
  const address = (): Json => ({ type: 'object', properties: { city: { type: 'string' }, tags: structuredClone(metadata) } });
  const nodes = new Map(Object.entries({
    a: { type: 'object', properties: { home: address(), note: structuredClone(metadata), x: { type: 'string' } } },
    b: { type: 'array', items: { anyOf: [address(), { type: 'string' }] } },
    c: true,
  }));
  const shared = shareParts(nodes as never, nothing);
  const [tagsRef, addressRef] = [...shared.keys()].filter((node) => node.startsWith('part/')) as [string, string];
  assert.equal([...shared.keys()], [tagsRef, addressRef, 'a', 'b', 'c']);
  assert.equal(shared.get('a'), { type: 'object', properties: { home: { $ref: addressRef }, note: { $ref: tagsRef }, x: { type: 'string' } } });
  assert.equal(shared.get('b'), { type: 'array', items: { anyOf: [{ $ref: addressRef }, { type: 'string' }] } });
  assert.equal(shared.get(addressRef), { type: 'object', properties: { city: { type: 'string' }, tags: { $ref: tagsRef } } });
  assert.equal(shared.get('c'), true);
  assert.equal([...shareParts(nodes as never, nothing)], [...shared]);
});

test('what is a node already is referred to; what stands in one place, is small or leads into a circle stays', () => {
  const circular = (): Json => ({ type: 'array', items: { $ref: 'ring' }, minItems: 1 });
  const small = (): Json => ({ type: 'array', items: {} });
  const nodes = {
    whole: metadata, a: { properties: { m: structuredClone(metadata), once: { type: 'array', items: { type: 'string' } }, s: small(), t: small() } },
    ring: { properties: { one: circular(), two: circular() } },
    enums: { properties: { p: { enum: [{ items: { type: 'string', maxLength: 3 } }] }, q: { enum: [{ items: { type: 'string', maxLength: 3 } }] } } },
  };
  const shared = shareParts(new Map(Object.entries(nodes)) as never, (ref) => ref === 'ring');
  assert.equal(Object.fromEntries(shared), { ...nodes, a: { properties: { ...nodes.a.properties, m: { $ref: 'whole' } } } });
});

test('a validator says the same whether its parts are shared or not', async () => {
  const item: Json = { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 1 }, metadata, 'a/b~': { anyOf: [{ type: 'object', properties: { deep: metadata }, additionalProperties: false }, { enum: [''] }] } }, additionalProperties: false };
  const once = lower('oas-3.1', item).schema;
  const twice = lower('oas-3.1', { type: 'object', properties: { 'x/y': item, list: { type: 'array', items: item }, not: { not: item } } }).schema;
  const [plain, both] = await validatorsOf([{ schema: once }, { schema: twice }]);
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, index]));
  for (const value of [{ id: 1 }, {}, { id: 0, more: 1 }, { id: 1, metadata: { a: 'longer than five', b: 1 } }, { id: 1, metadata: many }, { id: 1, 'a/b~': '' }, { id: 1, 'a/b~': { deep: { q: 1 }, z: 1 } }, 7, null] as Json[]) {
    const alone = plain!(value);
    const under = (prefix: string) => alone && alone.map((error) => ({ ...error, pointer: prefix + error.pointer }));
    assert.equal(both!({ 'x/y': value }), under('/x~1y'), JSON.stringify(value));
    assert.equal(both!({ list: [{ id: 1 }, value] }), under('/list/1'), JSON.stringify(value));
    assert.is(both!({ not: value }) === null, alone !== null, JSON.stringify(value));
  }
});

test.run();
