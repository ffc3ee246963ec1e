import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { validatorOf } from '../../compiler/schema/testing/helpers.js';
import type { Json } from '../../compiler/code.js';
import { awsFaults } from './aws-message.js';

const test = suite('validationErrorString');

test('in the words of the validator behind API Gateway', async () => {
  const validate = await validatorOf('draft-04', {
    type: 'object', required: ['a', 'b'], additionalProperties: false, maxProperties: 12,
    properties: {
      a: { type: 'integer' }, b: { type: 'string', minLength: 2, maxLength: 3 }, c: { enum: ['x', 1] }, d: { type: 'number', minimum: 1, maximum: 5 }, e: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true },
      f: { pattern: '^a$' }, g: { multipleOf: 2 }, h: { oneOf: [{ type: 'string' }, { type: 'null' }] }, i: { not: { type: 'string' } }, j: { type: ['string', 'null'] }, k: { format: 'date-time' },
    },
  }, undefined, 'model');
  const cases: [unknown, string][] = [
    [{}, '[object has missing required properties (["a","b"])]'],
    [{ a: 1 }, '[object has missing required properties (["b"])]'],
    [{ a: '1', b: 'xx' }, '[instance type (string) does not match any allowed primitive type (allowed: ["integer"])]'],
    [{ a: 1, b: 'x' }, '[string "x" is too short (length: 1, required minimum: 2)]'],
    [{ a: 1, b: 'xxxx' }, '[string "xxxx" is too long (length: 4, maximum allowed: 3)]'],
    [{ a: 1, b: 'xx', z: 1, y: 2 }, '[object instance has properties which are not allowed by the schema: ["y","z"]]'],
    [{ a: 1, b: 'xx', c: 'q' }, '[instance value ("q") not found in enum (possible values: ["x",1])]'],
    [{ a: 1, b: 'xx', d: 0 }, '[numeric instance is lower than the required minimum (minimum: 1, found: 0)]'],
    [{ a: 1, b: 'xx', d: 6 }, '[numeric instance is greater than the required maximum (maximum: 5, found: 6)]'],
    [{ a: 1, b: 'xx', e: [] }, '[array is too short: must have at least 1 elements but instance has 0 elements]'],
    [{ a: 1, b: 'xx', e: [1, 1, 1] }, '[array is too long: must have at most 2 elements but instance has 3 elements, array must not contain duplicate elements]'],
    [{ a: 1, b: 'xx', f: 'b' }, '[ECMA 262 regex "^a$" does not match input string "b"]'],
    [{ a: 1, b: 'xx', g: 3 }, '[remainder of division is not zero (3 / 2)]'],
    [{ a: 1, b: 'xx', i: 'x' }, '[instance matched a schema which it should not have]'],
    [{ a: 1, b: 'xx', j: 1 }, '[instance type (integer) does not match any allowed primitive type (allowed: ["null","string"])]'],
    [{ a: 1, b: 'xx', k: 'x' }, '[string "x" is invalid against requested format date-time]'],
    [[], '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'],
  ];
  for (const [value, expected] of cases) assert.is(awsFaults(validate(value)!, value), expected, JSON.stringify(value));
});

test('models know neither directions nor discriminators nor exclusive limits', async () => {
  const components: Record<string, Json> = {
    Pet: { type: 'object', required: ['id', 'kind'], discriminator: 'kind', properties: { id: { type: 'integer', readOnly: true, format: 'int32' }, kind: { type: 'string' }, age: { type: 'integer', minimum: 0, exclusiveMinimum: true } } },
    Cat: { allOf: [{ $ref: '#/definitions/Pet' }, { required: ['lives'] }] },
  };
  const model = await validatorOf('draft-04', { $ref: '#/definitions/Pet' }, components, 'model');
  assert.is(model({ id: 1e12, kind: 'Cat', age: 0 }), null);
  assert.ok(model({ kind: 'Cat' }));
  const request = await validatorOf('draft-04', { $ref: '#/definitions/Pet' }, components, 'request');
  assert.equal(request({ kind: 'Cat', age: 0 })!.map((e) => e.keyword), ['exclusiveMinimum', 'required']);
  assert.is(request({ id: 'anything', kind: 'Pet' }), null);
});

test('long values are cut', async () => {
  const validate = await validatorOf('draft-04', { type: 'string', maxLength: 5 }, undefined, 'model');
  const text = 'x'.repeat(100_000);
  assert.ok(awsFaults(validate(text)!, text).length < 500);
});

test.run();
