import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../code.js';
import { compileValidators } from './compile-validators.js';
import { finish } from './standalone.js';
import { lower, validatorOf, validatorsOf, type Validate } from './testing/helpers.js';

const test = suite('validators');
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const keywords = (errors: ReturnType<Validate>): string[] | null => errors && errors.map((error) => `${error.pointer} ${error.keyword}`);

test('the module imports only runtime/validate and holds nothing of Ajv', () => {
  const { schema, named } = lower('oas-3.1', { properties: { a: ref('Node'), b: { enum: [{ x: 1 }, 'y'] }, c: { minLength: 2, pattern: '^(a+)+$', format: 'date' }, d: { uniqueItems: true, unevaluatedItems: false }, 'require("x")': { const: 'instancePath' } }, dependentRequired: { a: ['b'] }, propertyNames: { maxLength: 30 } },
    { Node: { type: ['object', 'null'], properties: { next: ref('Node'), type: { type: ['string', 'null'] } }, additionalProperties: { type: 'integer' } } });
  const { source, exportOf } = compileValidators([{ key: 'k', schema, direction: 'request', hint: 'a b-c é"' }], named);
  assert.is(exportOf('k'), 'validateABC');
  for (const [, specifier] of source.matchAll(/from "([^"]+)"/g)) assert.match(specifier!, /^gwc\/runtime\/validate\/[\w-]+$/);
  const code = source.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  assert.not.match(code, /require|instancePath|schemaPath|rootData|Function\(|\beval\(|\bschema\d/);
  assert.throws(() => exportOf('other'));
  assert.is(compileValidators([{ key: 'k', schema, direction: 'request', hint: 'a b-c é"' }], named).source, source);
});

test('a runtime module of Ajv that has no counterpart is an internal error', () => {
  const foreign = { toString: () => 'func2', value: { code: 'require("ajv/dist/runtime/uri").default' } };
  assert.throws(() => finish([{ validateCode: 'function validate1(data){}', scopeValues: { func: new Set([foreign]) } }], new Map()), /no counterpart/);
});

test('equal schemas share one function; names are unique', () => {
  const one = { type: 'object', properties: { a: { type: 'integer' } } };
  const { exports, exportOf } = compileValidators([
    { key: 'a', schema: one, direction: 'request', hint: 'x' }, { key: 'b', schema: { ...one, description: 'another text' }, direction: 'request', hint: 'y' },
    { key: 'c', schema: one, direction: 'response', hint: 'x' }, { key: 'd', schema: { type: 'string' }, direction: 'request', hint: 'x' },
  ], {});
  assert.equal([exportOf('a'), exportOf('b'), exportOf('c'), exportOf('d')], ['validateX', 'validateX', 'validateX', 'validateX_2']);
  assert.equal(exports, ['validateX', 'validateX_2']);
  assert.is(compileValidators([{ key: '0', schema: one, direction: 'request' }], {}).exportOf('0'), 'validate_0');
});

test('directions: what the other one owns is neither required nor checked', async () => {
  const schema = {
    allOf: [ref('Base'), { required: ['id', 'secret', 'name'] }], properties: { extra: ref('Id') }, required: ['extra'], additionalProperties: true,
  };
  const components = { Base: { properties: { id: ref('Id'), secret: { type: 'string', writeOnly: true }, name: { type: 'string' } } }, Id: { type: 'integer', readOnly: true } };
  const request = await validatorOf('oas-3.0', schema, components, 'request');
  const response = await validatorOf('oas-3.0', schema, components, 'response');
  assert.is(request({ name: 'n', secret: 's' }), null);
  assert.is(request({ name: 'n', secret: 's', id: 'not even an integer' }), null);
  assert.equal(keywords(request({ name: 'n' })), [' required']);
  assert.is(response({ id: 1, extra: 2, name: 'n' }), null);
  assert.equal(keywords(response({ id: 'x', extra: 2, name: 'n', secret: 5 })), ['/id type']);
  const closed = await validatorOf('oas-3.0', { properties: { id: { readOnly: true } }, required: ['id'], additionalProperties: false });
  assert.is(closed({ id: 1 }), null);
  assert.is(closed({}), null);
});

test("properties may have the names of Ajv's own variables", async () => {
  const names = ['instancePath', 'rootData', 'schemaPath', 'parentData', 'require', 'PATTERN', 'func2', 'data', 'data0', 'errors', 'vErrors', 'err0', 'valid0', '_errs1', 'schema1', 'schema2', 'validate0', 'pattern0', 'key0', 'props0', 'evaluated0', 'params', 'fault', 'miss', 'report', 'wrapper0', 'tag0', 'passing0', 'default'];
  const types: Json[] = [{ type: ['string', 'null'], pattern: '^a+$' }, { type: 'object', required: names, properties: Object.fromEntries(names.map((name) => [name, { type: ['integer', 'boolean'] }])) }, { oneOf: [{ const: { schema1: 'require(' } }, { type: 'number', enum: [1, 2] }] }];
  const schema = { type: 'object', required: names, properties: Object.fromEntries(names.map((name, index) => [name, types[index % 3]!])), additionalProperties: false };
  const validate = await validatorOf('oas-3.1', schema as Json);
  const inner = Object.fromEntries(names.map((name) => [name, 1]));
  const values: Json[] = ['aa', inner, { schema1: 'require(' }];
  const good = Object.fromEntries(names.map((name, index) => [name, values[index % 3]!]));
  assert.is(validate(good), null);
  for (const name of names) {
    const { [name]: _left, ...rest } = good;
    assert.equal(keywords(validate(rest)), [' required'], name);
    assert.ok(validate({ ...good, [name]: false }) !== null, name);
    assert.equal(keywords(validate({ ...good, rootData: { ...inner, [name]: 'x' } })), [`/rootData/${name} type`], name);
  }
});

test('inherited names are not properties', async () => {
  const validate = await validatorOf('oas-3.1', {
    type: 'object', required: ['constructor', '__proto__'], properties: { toString: { type: 'string' }, __proto__: undefined as never, constructor: { type: 'integer' } }, dependentRequired: { hasOwnProperty: ['a'] }, additionalProperties: false,
  });
  assert.equal(keywords(validate({})), [' required', ' required']);
  assert.equal(keywords(validate(JSON.parse('{"constructor":1,"__proto__":2,"valueOf":3}'))), [' additionalProperties', ' additionalProperties']);
  const tagged = await validatorOf('oas-3.0', { oneOf: [ref('A')], discriminator: { propertyName: 'constructor', mapping: { toString: 'A' } } }, { A: { type: 'object', required: ['x'] } });
  assert.ok(tagged({}));
  assert.ok(tagged({ constructor: 'valueOf' }));
  assert.is(tagged({ constructor: 'toString', x: 1 }), null);
});

test('a property called __proto__ is checked like any other', async () => {
  const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"integer"}},"additionalProperties":false}') as Json;
  const validate = await validatorOf('oas-3.1', schema);
  assert.is(validate(JSON.parse('{"__proto__":1}')), null);
  assert.equal(keywords(validate(JSON.parse('{"__proto__":"x"}'))), ['/__proto__ type']);
});

test('JSON Schema 2020-12 where Ajv differs: contains and unevaluated', async () => {
  const [contains, items, properties] = await validatorsOf([
    { schema: { prefixItems: [true], contains: { type: 'null' } } }, { schema: lower('oas-3.1', { contains: { type: 'string' }, unevaluatedItems: false }).schema },
    { schema: lower('oas-3.1', { patternProperties: { '^a': true }, unevaluatedProperties: false }).schema },
  ]);
  assert.ok(contains!([]));
  assert.is(items!(['x', 'y']), null);
  assert.equal(keywords(items!(['x', 1])), [' unevaluatedItems']);
  assert.equal(keywords(properties!(JSON.parse('{"a":1,"toString":2,"__proto__":3}'))), [' unevaluatedProperties', ' unevaluatedProperties']);
});

test('decimals are multiples of decimals', async () => {
  const validate = await validatorOf('oas-3.0', { type: 'number', multipleOf: 0.01 });
  for (const good of [19.99, 0.07, 1.1, 4.35, 100]) assert.is(validate(good), null);
  assert.ok(validate(0.001));
});

test('huge wrong values cost little and are told of briefly', async () => {
  const validate = await validatorOf('oas-3.0', {
    type: 'object', properties: {
      list: { type: 'array', items: { type: 'string' } }, map: { type: 'object', additionalProperties: { type: 'string' } }, closed: { type: 'object', additionalProperties: false }, nested: { type: 'array', items: ref('Pet') },
      unique: { type: 'array', uniqueItems: true }, either: { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'boolean' }, ref('Pet')] } },
    },
  }, { Pet: { type: 'object', required: ['a', 'b', 'c'], properties: { a: { type: 'array', items: { type: 'string' } } } } });
  const many = Array.from({ length: 300_000 }, (_, index) => index);
  const object = Object.fromEntries(many.map((index) => [`k${index}`, index]));
  const started = process.cpuUsage();
  for (const value of [{ list: many }, { map: object }, { closed: object }, { nested: many }, { nested: many.map(() => ({ a: [1] })) }, { either: many }]) {
    const errors = validate(value)!;
    assert.ok(errors.length > 0 && errors.length <= 20);
    assert.ok(JSON.stringify(errors).length < 20_000);
  }
  assert.equal(keywords(validate({ unique: many.map((index) => ({ index: index % 299_999 })) })), ['/unique uniqueItems']);
  assert.is(validate({ unique: [...many.map((index) => ({ index })), '1', 1, null, 'null', '"1"', [1], ['1'], { index: '1' }] }), null);
  // Work by the square of 300 000 would take hours; this is no measurement.
  assert.ok(process.cpuUsage(started).user < 60e6);
});

test('recursive schemas end: deep values, alternatives at every level, negation', async () => {
  const deep = (levels: number): Json => { let value: Json = {}; for (let n = 0; n < levels; n++) value = { next: value }; return value; };
  const list = await validatorOf('oas-3.0', ref('List'), { List: { type: 'object', properties: { next: ref('List') } } });
  assert.is(list(deep(200)), null);
  assert.equal(keywords(list(deep(5000))), [' depth']);
  assert.equal(keywords(list(JSON.parse('{"next":'.repeat(100_000) + '{}' + '}'.repeat(100_000)))), [' depth']);
  const started = performance.now();
  const exponential = await validatorOf('oas-3.0', ref('A'), {
    A: { type: 'object', properties: { next: { oneOf: [ref('A'), ref('B')] }, end: { type: 'string' } } }, B: { type: 'object', properties: { next: { oneOf: [ref('A'), ref('B')] }, end: { type: 'integer' } } },
  });
  assert.equal(keywords(exponential(deep(60))), [' depth']);
  assert.ok(performance.now() - started < 8000, `${performance.now() - started} ms`);
  const negated = await validatorOf('oas-3.0', { not: ref('Wrong') }, { Wrong: { type: 'object', required: ['x'], properties: { next: { not: ref('Wrong') } } } });
  assert.ok(negated({ x: 1, next: deep(3) }));
  assert.equal(keywords(negated({ x: 1, next: JSON.parse('{"x":1,"next":'.repeat(5000) + '1' + '}'.repeat(5000)) })), [' depth']);
});

test('messages', async () => {
  const validate = await validatorOf('oas-3.1', {
    properties: { a: { type: ['integer', 'null'] }, b: { enum: ['x', 'y'] }, c: { const: 1 }, d: { minLength: 1 }, e: { maxItems: 2 }, f: { exclusiveMinimum: 0 }, g: { format: 'date' }, h: { anyOf: [{ type: 'string' }, { type: 'null' }] }, i: { not: {} }, j: false, k: { contains: { type: 'null' } } },
    propertyNames: { maxLength: 3 }, required: ['z'],
  });
  const messages = (value: unknown): string[] => validate(value)!.map((error) => `${error.pointer} ${error.message}`);
  assert.equal(messages({ a: 'x', b: 'q', c: 2, d: '', e: [1, 2, 3], f: 0, g: 'x', i: 1, j: 1, k: [] }), [
    ' must have property "z"', '/a must be an integer or null', '/b must be one of "x", "y"', '/c must be 1', '/d must not be shorter than 1 character', '/e must not have more than 2 items',
    '/f must be > 0', '/g must be a valid date', '/i is not allowed', '/j is not allowed', '/k must contain at least 1 matching items',
  ]);
  assert.equal(messages({ z: 1, long: 1 }), [' must not be longer than 3 characters', ' has a property with a forbidden name: "long"']);
});

test.run();
