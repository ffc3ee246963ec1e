import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../code.js';
import type { Dialect } from '../ir.js';
import type { Direction } from './direction.js';
import { Sampler } from './sample.js';
import { lower, validatorsOf } from './testing/helpers.js';

const test = suite('samples of schemas');
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

async function check(schema: Json, expected: Json | undefined, components: Record<string, Json> = {}, dialect: Dialect = 'oas-3.1', direction: Direction = 'response'): Promise<Json> {
  const lowered = lower(dialect, schema, components);
  const { value, isValid } = new Sampler(lowered.named, direction).sample(lowered.schema);
  assert.ok(isValid, `${JSON.stringify(value)} for ${JSON.stringify(schema)}`);
  const [validate] = await validatorsOf([{ schema: lowered.schema, direction }], lowered.named);
  assert.is(validate!(value), null, JSON.stringify(value));
  if (expected !== undefined) assert.equal(value, expected);
  return value;
}

test('what the document gives comes first', async () => {
  await check({ type: 'string', examples: ['given'], default: 'default' }, 'given');
  await check({ type: 'string', default: 'default' }, 'default');
  await check({ type: 'string', example: 'given' }, 'given', {}, 'oas-3.0');
  await check({ enum: ['a', 'b'] }, 'a');
  await check({ const: { a: 1 } }, { a: 1 });
  await check({ type: 'integer', examples: ['wrong'], minimum: 3 }, 3);
});

test('numbers', async () => {
  await check({ type: 'integer' }, 1);
  await check({ type: 'integer', minimum: 5 }, 5);
  await check({ type: 'integer', exclusiveMinimum: 5, multipleOf: 4 }, 8);
  await check({ type: 'number', maximum: -2 }, -2);
  await check({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, undefined);
  await check({ type: 'number', minimum: 0.1, maximum: 0.4, multipleOf: 0.1 }, undefined);
});

test('an example cannot hold the build up with the pattern it is checked against', async () => {
  const started = performance.now();
  // beezup.com's pattern of URLs, and one of its own examples: backtracking takes longer than the universe has existed.
  const pattern = '^(https?:\\/\\/)?([\\da-z\\.-]+)\\.([a-z\\.]{2,6})([\\/\\w \\.-]*)*\\/?$';
  await check({ type: 'string', pattern, examples: [`http://example.com/${'a'.repeat(60)}?q=1`] }, undefined);
  await check({ type: 'object', patternProperties: { '^(a+)+$': { type: 'integer' } }, properties: { [`${'a'.repeat(40)}!`]: { type: 'string' } } }, undefined);
  assert.ok(performance.now() - started < 10_000);
});

test('texts', async () => {
  await check({ type: 'string' }, 'string');
  await check({ type: 'string', maxLength: 3 }, 'str');
  await check({ type: 'string', minLength: 10 }, undefined);
  await check({ type: 'string', format: 'date-time' }, '2024-01-15T09:30:00Z');
  for (const pattern of ['^[A-Z]{3}-\\d{4}$', '^(cat|dog)s?$', '^[a-f0-9]{32}$', '^arn:aws:[a-z]+:\\w*$', '^(?=.*\\d)(?=.*[a-z]).{8,}$', '^\\p{Lu}', '[^a-z]', '^\\+[1-9]\\d{1,14}$']) await check({ type: 'string', pattern }, undefined);
  await check({ type: 'string', pattern: '^[a-z]+$', minLength: 12 }, undefined);
  for (const format of ['uuid', 'email', 'uri', 'ipv4', 'ipv6', 'hostname', 'byte', 'time', 'duration', 'json-pointer', 'uri-template']) await check({ type: 'string', format }, undefined);
});

test('objects and lists', async () => {
  await check({ type: 'object', required: ['b'], properties: { a: { type: 'integer' }, b: { type: 'array', items: { type: 'boolean' }, minItems: 2 } } }, { a: 1, b: [true, false] });
  await check({ type: 'array', items: { type: 'integer' }, uniqueItems: true, minItems: 3 }, [1, 2, 3]);
  await check({ type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true, minItems: 3 }, ['a', 'b', 'c']);
  await check({ type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 }, { property1: 1, property2: 2 });
  await check({ type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false }, ['string', 1]);
  await check({ type: 'array', contains: { const: 5 }, items: { type: 'integer' } }, [5]);
  await check({ type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } }, required: ['c'], maxProperties: 2 }, undefined);
  await check({ type: 'object', dependentRequired: { a: ['b'] }, properties: { a: { type: 'integer' } }, required: ['a'] }, undefined);
  await check(JSON.parse('{"type":"object","required":["__proto__"],"properties":{"__proto__":{"type":"integer"}}}') as Json, undefined);
});

test('combinations', async () => {
  await check({ allOf: [{ type: 'object', properties: { a: { type: 'integer', minimum: 3 } } }, { properties: { a: { maximum: 9, multipleOf: 4 } }, required: ['a'] }] }, { a: 4 });
  await check({ oneOf: [{ type: 'integer' }, { type: 'number' }, { type: 'string' }] }, undefined);
  await check({ anyOf: [{ type: 'integer', minimum: 5, maximum: 3 }, { type: 'string' }] }, 'string');
  await check({ if: { required: ['a'] }, then: { required: ['b'] }, properties: { a: { type: 'integer' }, b: { type: 'integer' } } }, { a: 1, b: 1 });
  await check({ type: ['null', 'integer'] }, 1);
});

test('directions', async () => {
  const schema = { type: 'object', required: ['id', 'secret'], properties: { id: { type: 'integer', readOnly: true }, secret: { type: 'string', writeOnly: true } } };
  await check(schema, { id: 1 }, {}, 'oas-3.0', 'response');
  await check(schema, { secret: 'string' }, {}, 'oas-3.0', 'request');
});

test('discriminators', async () => {
  const pets = { Cat: { type: 'object', required: ['kind', 'lives'], properties: { kind: { type: 'string' }, lives: { type: 'integer' } } }, Dog: { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } } } };
  await check({ oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind', mapping: { cat: 'Cat' } } }, { kind: 'cat', lives: 1 }, pets);
  const heirs: Record<string, Json> = {
    Pet: { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } }, discriminator: { propertyName: 'kind' } }, Cat: { allOf: [ref('Pet'), { required: ['lives'], properties: { lives: { type: 'integer' } } }] },
  };
  await check({ type: 'array', items: ref('Pet') }, [{ kind: 'Cat', lives: 1 }], heirs, 'oas-3.0');
});

test('cycles end', async () => {
  const tree: Record<string, Json> = { Tree: { type: 'object', required: ['value', 'children'], properties: { value: { type: 'integer' }, children: { type: 'array', items: ref('Tree') }, parent: ref('Tree') } } };
  await check(ref('Tree'), undefined, tree);
  await check({ oneOf: [ref('Node'), { type: 'null' }] }, undefined, { Node: { type: 'object', required: ['next'], properties: { next: { oneOf: [ref('Node'), { type: 'null' }] } } } });
  const lowered = lower('oas-3.1', ref('Endless'), { Endless: { type: 'object', required: ['next'], properties: { next: ref('Endless') } } });
  assert.not.ok(new Sampler(lowered.named, 'response').sample(lowered.schema).isValid, 'no finite value exists');
});

test('what nothing satisfies is told', () => {
  for (const schema of [false, { type: 'integer', minimum: 3, maximum: 2 }, { not: {} }, { type: 'string', pattern: '^a$', minLength: 2 }] as Json[]) {
    const lowered = lower('oas-3.1', schema);
    assert.not.ok(new Sampler(lowered.named, 'response').sample(lowered.schema).isValid, JSON.stringify(schema));
  }
});

test.run();
