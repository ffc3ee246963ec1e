import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../code.js';
import type { Dialect } from '../ir.js';
import { lower } from './testing/helpers.js';

const test = suite('reading schemas');

/** `codes` are the diagnostics expected, in order. */
function check(dialect: Dialect, schema: Json, expected: Json, codes: readonly string[] = [], components?: Record<string, Json>): void {
  const lowered = lower(dialect, schema, components);
  assert.equal(lowered.schema, expected, JSON.stringify(schema));
  assert.equal(lowered.reporter.diagnostics.map((diagnostic) => diagnostic.code), codes, JSON.stringify(lowered.reporter.diagnostics.map((d) => d.message)));
}

test('exclusive limits become numbers', () => {
  check('draft-04', { type: 'number', minimum: 1, exclusiveMinimum: true }, { type: 'number', exclusiveMinimum: 1 });
  check('oas-3.0', { maximum: 5, exclusiveMaximum: true, minimum: 1, exclusiveMinimum: false }, { minimum: 1, exclusiveMaximum: 5 });
  check('oas-3.1', { exclusiveMinimum: 1, minimum: 3 }, { exclusiveMinimum: 1, minimum: 3 });
  check('oas-3.1', { exclusiveMinimum: true, minimum: 3 }, { exclusiveMinimum: 3 }, ['GWC2605']);
  check('oas-3.0', { exclusiveMinimum: 3 }, { exclusiveMinimum: 3 }, ['GWC2605']);
});

test('nullable', () => {
  check('oas-3.0', { type: 'string', nullable: true }, { type: ['string', 'null'] });
  check('oas-3.0', { type: 'string', nullable: true, enum: ['a'] }, { type: ['string', 'null'], enum: ['a', null] });
  check('oas-3.0', { nullable: true, allOf: [{ $ref: '#/components/schemas/A' }], description: 'd' }, { description: 'd', anyOf: [{ allOf: [{ $ref: '#/schemas/A' }] }, { type: 'null' }] }, [], { A: { type: 'object' } });
  check('oas-3.0', { nullable: true }, {});
  check('oas-3.1', { type: 'string', nullable: true }, { type: ['string', 'null'] });
  check('draft-04', { type: 'string', 'x-nullable': true }, { type: ['string', 'null'] });
});

test('tuples, dependencies and files of older dialects', () => {
  check('draft-04', { items: [{ type: 'string' }], additionalItems: false }, { prefixItems: [{ type: 'string' }], items: false });
  check('draft-04', { additionalItems: false }, {});
  check('draft-04', { dependencies: { a: ['b'], c: { type: 'object' } } }, { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { type: 'object' } } });
  check('draft-04', { type: 'file' }, { type: 'string', format: 'binary' });
  check('oas-3.0', { type: 'string', example: 'x' }, { type: 'string', examples: ['x'] });
});

test('slips are read as meant; what the check of all fields cannot see is reported', () => {
  check('oas-3.0', { type: 'String' }, { type: 'string' });
  check('oas-3.0', { type: 'int' }, { type: 'integer' });
  check('oas-3.0', { type: 'thing' }, {});
  check('oas-3.0', { type: 'string', required: true }, { type: 'string' }, ['GWC2604']);
  check('oas-3.0', { type: 'string', minLenght: 3 }, { type: 'string' });
  check('oas-3.0', { type: 'string', const: 'a' }, { type: 'string', enum: ['a'] });
  check('oas-3.0', { type: 'string', enum: [true, 'b'] }, { type: 'string', enum: [true, 'b'] }, ['GWC2617']);
  check('oas-3.0', { minLength: -1 }, {}, ['GWC2604']);
  check('oas-3.0', { allOf: [] }, {}, ['GWC2604']);
  check('oas-3.0', { properties: { a: 'text' } }, { properties: { a: true } }, ['GWC2601']);
});

test('keywords of another dialect are ignored and told', () => {
  check('oas-3.0', { propertyNames: { maxLength: 3 } }, {}, ['GWC2602']);
  check('draft-04', { if: {}, 'x-mine': 1 }, {}, ['GWC2602']);
});

test('$ref siblings count in 3.1 only', () => {
  const components = { A: { type: 'string' } };
  check('oas-3.0', { $ref: '#/components/schemas/A', description: 'ignored' }, { $ref: '#/schemas/A' }, [], components);
  check('oas-3.0', { $ref: '#/components/schemas/A', nullable: true }, { $ref: '#/schemas/A' }, ['GWC2606'], components);
  check('oas-3.1', { $ref: '#/components/schemas/A', maxLength: 3 }, { maxLength: 3, allOf: [{ $ref: '#/schemas/A' }] }, [], components);
  check('oas-3.1', { $ref: '#/components/schemas/A', 'x-mine': 3 }, { $ref: '#/schemas/A' }, [], components);
});

test('names: components keep theirs, other targets get one', () => {
  const { schema, named } = lower('oas-3.0', { properties: { a: { $ref: '#/components/schemas/Pet/properties/owner' }, b: { $ref: './models.yaml#/Pet' }, c: { $ref: './pet.yaml' } } },
    { Pet: { properties: { owner: { type: 'string' } } } }, { '/models.yaml': { Pet: { type: 'integer' } }, '/pet.yaml': { type: 'boolean' } });
  assert.equal(schema, { properties: { a: { $ref: '#/schemas/PetOwner' }, b: { $ref: '#/schemas/Pet2' }, c: { $ref: '#/schemas/pet' } } });
  assert.equal(Object.keys(named), ['Pet', 'Pet2', 'PetOwner', 'pet']);
  assert.equal(named['Pet2']!.schema, { type: 'integer' });
  assert.equal(named['Pet2']!.origin, { file: '/models.yaml', pointer: '/Pet' });
});

test('a models URL of API Gateway is a component', () => {
  check('draft-04', { $ref: 'https://apigateway.amazonaws.com/restapis/abc123/models/Pet' }, { $ref: '#/schemas/Pet' }, [], { Pet: { type: 'object' } });
  check('draft-04', { $ref: 'https://apigateway.amazonaws.com/restapis/abc123/models/Pett' }, true, [], { Pet: { type: 'object' } });
});

test('cycles are kept; empty ones are errors', () => {
  const { named, reporter } = lower('oas-3.0', {}, { Node: { properties: { next: { $ref: '#/components/schemas/Node' } } } });
  assert.equal(named['Node']!.schema, { properties: { next: { $ref: '#/schemas/Node' } } });
  assert.is(reporter.diagnostics.length, 0);
  for (const loop of [{ A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } }, { A: { allOf: [{ $ref: '#/components/schemas/A' }] } }, { A: { anyOf: [{ type: 'null' }, { not: { $ref: '#/components/schemas/A' } }] } }] as Json[]) {
    const result = lower('oas-3.0', {}, loop as Record<string, Json>);
    assert.equal(result.reporter.diagnostics.filter((d) => d.code === 'GWC2613').length, 1, JSON.stringify(loop));
  }
});

test('anchors and dynamic references of 3.1', () => {
  const { named } = lower('oas-3.1', { $ref: '#node' }, { Tree: { $anchor: 'node', type: 'object' } });
  assert.ok(named['Tree']);
  const dynamic = lower('oas-3.1', { $ref: '#/components/schemas/Tree' }, { Tree: { $dynamicAnchor: 'node', properties: { child: { $dynamicRef: '#node' } } } });
  assert.equal(dynamic.named['Tree']!.schema, { properties: { child: { allOf: [{ $ref: '#/schemas/Tree' }] } } });
  assert.equal(dynamic.reporter.diagnostics, []);
  const extended = lower('oas-3.1', { $ref: '#/components/schemas/Strict' }, {
    Plain: { type: 'string' },
    Tree: { $id: 'https://a.example/tree', $dynamicAnchor: 'node', properties: { child: { $dynamicRef: '#node' }, plain: { $ref: '#/components/schemas/Plain' } } },
    Strict: { $id: 'https://a.example/strict', $dynamicAnchor: 'node', $ref: '#/components/schemas/Tree', unevaluatedProperties: false },
  });
  assert.equal(extended.named['Strict']!.schema, { unevaluatedProperties: false, allOf: [{ $ref: '#/schemas/Tree2' }] });
  assert.equal(extended.named['Tree2']!.schema, { properties: { child: { allOf: [{ $ref: '#/schemas/Strict' }] }, plain: { $ref: '#/schemas/Plain' } } }, 'what does not depend on the way is there once');
  assert.equal(extended.named['Tree']!.schema, { properties: { child: { allOf: [{ $ref: '#/schemas/Tree' }] }, plain: { $ref: '#/schemas/Plain' } } });
});

test('names that every object has are names like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const components = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
  const { schema, named } = lower('oas-3.1', { properties }, components);
  assert.equal(Object.keys(named).sort(), [...names].sort());
  assert.equal(Object.keys((schema as { properties: object }).properties), names);
});

test('formats: unknown ones are told once, with a guess', () => {
  const { reporter } = lower('oas-3.0', { properties: { a: { format: 'datetime' }, b: { format: 'datetime' }, c: { format: 'date-time' } } });
  assert.equal(reporter.diagnostics.map((d) => [d.code, d.hint]), [['GWC2607', "did you mean 'date-time'?"]]);
});

test('patterns: wrong ones are errors, slow ones warnings', () => {
  check('oas-3.0', { pattern: '[a-z]+[a-z0-9]*$' }, { pattern: '[a-z]+[a-z0-9]*$' }, ['GWC2618']);
  check('oas-3.0', { pattern: '^[\\w-.]+$' }, { pattern: '^[\\w-.]+$' });
  check('oas-3.0', { pattern: '(' }, {}, ['GWC2610']);
  check('oas-3.0', { pattern: '^(a+)+$' }, { pattern: '^(a+)+$' }, ['GWC2611']);
  check('oas-3.1', { patternProperties: { '[': {}, '^a': {} } }, { patternProperties: { '^a': {} } }, ['GWC2610']);
});

test('nesting has a limit', () => {
  let schema: Json = {};
  for (let n = 0; n < 5000; n++) schema = { items: schema };
  const { reporter } = lower('oas-3.0', schema);
  assert.equal(reporter.diagnostics.map((d) => d.code), ['GWC2614']);
});

test.run();
