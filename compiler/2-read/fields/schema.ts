/** The Schema Object of OpenAPI 2.0 and 3.x, and the JSON Schema keywords that API Gateway's models (draft-04) add. */
import { any, boolean, either, fields, list, map, number, object, oneOf, since31, since32, text, until30, type Shape, type Type } from './shape.js';

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null', 'file'];
const component = /^[A-Za-z0-9._-]+$/;

/** 3.1 has boolean schemas; 2.0 and 3.0 know them in additionalProperties only. */
export const schema: Type = either(object(() => schemaShape), boolean);

export const schemaShape: Shape = {
  name: 'schema',
  component: 'schemas',
  lenient: true,
  fields: fields({
    // Values and annotations
    title: text, description: text, default: any, example: any, enum: list(any), deprecated: boolean, readOnly: boolean, writeOnly: boolean, format: text,
    examples: either(list(any), map(any)),
    const: since31(any, 'write enum: [value]'),
    type: either(oneOf(...types), list(oneOf(...types))),
    nullable: { ...until30(boolean, "write type: [string, 'null']"), versions: ['3.0'] },
    'x-nullable': boolean,
    // Numbers, texts
    multipleOf: number, minimum: number, maximum: number,
    exclusiveMinimum: either(number, boolean), exclusiveMaximum: either(number, boolean),
    minLength: number, maxLength: number, pattern: text, contentEncoding: text, contentMediaType: text, contentSchema: schema,
    // Lists
    items: either(schema, list(schema)), additionalItems: schema, prefixItems: list(schema), minItems: number, maxItems: number, uniqueItems: boolean,
    contains: schema, minContains: number, maxContains: number, unevaluatedItems: schema,
    // Objects
    properties: map(schema), patternProperties: map(schema), additionalProperties: schema, required: either(list(text), boolean), minProperties: number, maxProperties: number,
    propertyNames: schema, dependencies: map(any), dependentRequired: map(list(text)), dependentSchemas: map(schema), unevaluatedProperties: schema,
    // Combinations
    allOf: list(schema), oneOf: list(schema), anyOf: list(schema), not: schema, if: schema, then: schema, else: schema,
    // Identity
    $ref: text, $schema: text, $id: text, id: text, $anchor: text, $dynamicRef: text, $dynamicAnchor: text, $recursiveRef: text, $recursiveAnchor: boolean, $comment: text, $vocabulary: any,
    $defs: map(schema), definitions: map(schema),
    // OpenAPI
    discriminator: either(object(() => discriminator), text),
    xml: object(() => xml),
    externalDocs: object(() => externalDocs),
    // Misplaced so often that 2-read knows what to do with them
    collectionFormat: text,
  }),
  mistakes: {
    optional: 'a property is optional when it is not listed in `required`',
    enums: 'write enum', ref: 'write $ref', min: 'write minimum (numbers) or minLength (texts)', max: 'write maximum (numbers) or maxLength (texts)',
    regex: 'write pattern', values: 'write enum', length: 'write minLength and maxLength', allowEmptyValue: 'write minLength: 0',
  },
};

const discriminator: Shape = {
  name: 'discriminator',
  fields: fields({ propertyName: { type: text, required: 'error' }, mapping: map(text), defaultMapping: since32(text) }),
};

const xml: Shape = {
  name: 'xml object',
  fields: fields({ name: text, namespace: text, prefix: text, attribute: boolean, wrapped: boolean, nodeType: since32(oneOf('element', 'attribute', 'text', 'cdata', 'none')) }),
};

export const externalDocs: Shape = { name: 'external documentation', fields: fields({ description: text, url: { type: text, required: 'odd' } }) };

/** Keys of `components` and, in 3.x, of schemas in it. */
export const componentKey = { pattern: component, expected: 'letters, digits, ".", "_" and "-"' };
