import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../code.js';
import type { Dialect } from '../ir.js';
import { lower, validatorOf } from './testing/helpers.js';

const test = suite('discriminators');

const CAT = { type: 'object', required: ['kind', 'lives'], properties: { kind: { type: 'string' }, lives: { type: 'integer' } } };
const DOG = { type: 'object', required: ['kind'], properties: { kind: { type: 'string' }, bark: { type: 'string' } } };
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function mappingOf(dialect: Dialect, name: string, components: Record<string, Json>): unknown {
  return (lower(dialect, {}, components).named[name]!.schema as { discriminator?: { mapping: unknown } }).discriminator?.mapping;
}

test('a union without mapping: tags are names', () => {
  assert.equal(mappingOf('oas-3.0', 'Pet', { Pet: { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } }, Cat: CAT, Dog: DOG }), { Cat: 'Cat', Dog: 'Dog' });
});

test('a union with mapping by name and by reference; the rest by name, and so the mapped ones too', () => {
  assert.equal(mappingOf('oas-3.0', 'Pet', {
    Pet: { oneOf: [ref('Cat'), ref('Dog'), ref('Fish')], discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: '#/components/schemas/Dog', hound: 'Dog' } } }, Cat: CAT, Dog: DOG, Fish: DOG,
  }), { cat: 'Cat', dog: 'Dog', hound: 'Dog', Fish: 'Fish', Cat: 'Cat', Dog: 'Dog' });
  assert.equal(mappingOf('oas-3.0', 'Pet', {
    Pet: { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: 'Dog' } } }, Cat: CAT, Dog: DOG,
  }), { cat: 'Cat', dog: 'Dog' }, 'a complete mapping is all there is');
});

test('tags from const and enum, inline branches get a name', () => {
  const { named } = lower('oas-3.1', {}, { Pet: {
    oneOf: [ref('Cat'), { type: 'object', properties: { kind: { enum: ['dog', 'hound'] } } }], discriminator: { propertyName: 'kind' },
  }, Cat: { properties: { kind: { const: 'cat' } } } });
  const pet = named['Pet']!.schema as { oneOf: Json; discriminator: { mapping: Json } };
  assert.equal(pet.discriminator.mapping, { cat: 'Cat', dog: 'Pet1', hound: 'Pet1' });
  assert.equal(pet.oneOf, [{ $ref: '#/schemas/Cat' }, { $ref: '#/schemas/Pet1' }]);
});

test('inheritance in OpenAPI 2.0 and 3.0', () => {
  const heirs = (prefix: string): Record<string, Json> => ({
    Cat: { allOf: [{ $ref: `${prefix}Pet` }, { properties: { lives: { type: 'integer' } } }] }, Kitten: { allOf: [{ $ref: `${prefix}Cat` }] },
  });
  assert.equal(mappingOf('draft-04', 'Pet', { Pet: { discriminator: 'kind', properties: { kind: { type: 'string' } } }, ...heirs('#/definitions/') }), { Cat: 'Cat', Kitten: 'Kitten', Pet: 'Pet' });
  assert.equal(mappingOf('oas-3.0', 'Pet', { Pet: { discriminator: { propertyName: 'kind', mapping: { cat: ref('Cat') as never } } }, ...heirs('#/components/schemas/') }), { Cat: 'Cat', Kitten: 'Kitten', Pet: 'Pet' });
});

test('what cannot be resolved is told and ignored', () => {
  const { reporter, named } = lower('oas-3.0', {}, { Pet: { oneOf: [ref('Cat')], discriminator: { propertyName: 'kind', mapping: { cat: 'Cats' } } }, Cat: CAT });
  assert.equal(reporter.diagnostics.map((d) => [d.code, d.hint]), [['GWC2616', "did you mean 'Cat'?"]]);
  assert.equal((named['Pet']!.schema as { discriminator: { mapping: Json } }).discriminator.mapping, { Cat: 'Cat' });
  assert.equal(lower('oas-3.0', { oneOf: [{ type: 'object' }], discriminator: { propertyName: 'kind' } }).reporter.diagnostics.map((d) => d.code), ['GWC2616']);
});

test('only the branch the tag names is checked', async () => {
  const validate = await validatorOf('oas-3.0', ref('Pet'), { Pet: { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', dog: 'Dog' } } }, Cat: CAT, Dog: DOG });
  assert.is(validate({ kind: 'cat', lives: 9 }), null);
  // Both branches take this one: oneOf alone would refuse it.
  assert.is(validate({ kind: 'dog', lives: 9 }), null);
  assert.equal(validate({ kind: 'cat', lives: 'nine' })!.map((e) => [e.pointer, e.keyword]), [['/lives', 'type']]);
  assert.equal(validate({ kind: 'fish' })!.map((e) => [e.keyword, e.message]), [['discriminator', 'must have property "kind" with one of "cat", "dog"']]);
  assert.equal(validate({})!.map((e) => e.keyword), ['discriminator']);
  assert.equal(validate({ kind: 'toString' })!.map((e) => e.keyword), ['discriminator']);
  assert.ok(validate('cat'));
  assert.ok(validate(null));
});

test('a branch without a tag takes what is no object', async () => {
  const validate = await validatorOf('oas-3.1', { oneOf: [ref('Cat'), { type: 'null' }], discriminator: { propertyName: 'kind' } }, { Cat: CAT });
  assert.is(validate(null), null);
  assert.is(validate({ kind: 'Cat', lives: 1 }), null);
  assert.ok(validate('Cat'));
});

test('inheritance: the heir is checked with its base, at any depth', async () => {
  const components = {
    Pet: { type: 'object', required: ['kind', 'name'], properties: { kind: { type: 'string' }, name: { type: 'string' } }, discriminator: { propertyName: 'kind', mapping: { cat: 'Cat', kitten: 'Kitten' } } },
    Cat: { allOf: [ref('Pet'), { required: ['lives'], properties: { lives: { type: 'integer' } } }] },
    Kitten: { allOf: [ref('Cat'), { required: ['toy'] }] },
  } as Record<string, Json>;
  const validate = await validatorOf('oas-3.0', { properties: { pet: ref('Pet') } }, components);
  assert.is(validate({ pet: { kind: 'cat', name: 'Tom', lives: 9 } }), null);
  assert.is(validate({ pet: { kind: 'Pet', name: 'Tom' } }), null);
  assert.equal(validate({ pet: { kind: 'cat', name: 'Tom' } })!.map((e) => [e.pointer, e.message]), [['/pet', 'must have property "lives"']]);
  assert.equal(validate({ pet: { kind: 'kitten', lives: 'x' } })!.map((e) => [e.pointer, e.keyword, e.params['missingProperty']]), [['/pet', 'required', 'name'], ['/pet/lives', 'type', undefined], ['/pet', 'required', 'toy']]);
  assert.equal(validate({ pet: { kind: 'wolf', name: 'W' } })!.map((e) => e.keyword), ['discriminator']);
  assert.equal(validate({ pet: { name: 'W' } })!.map((e) => [e.keyword, e.params['missingProperty']]), [['required', 'kind']]);
});

test('a base that lists its own heirs', async () => {
  const validate = await validatorOf('oas-3.0', ref('Pet'), {
    Pet: { type: 'object', required: ['kind'], properties: { kind: { type: 'string' } }, oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } },
    Cat: { allOf: [ref('Pet'), { required: ['lives'] }] }, Dog: { allOf: [ref('Pet')] },
  } as Record<string, Json>);
  assert.is(validate({ kind: 'Dog' }), null);
  assert.ok(validate({ kind: 'Cat' }));
});

test.run();
