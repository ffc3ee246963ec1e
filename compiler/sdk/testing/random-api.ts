/** Random documents: schemas of every shape that refer to each other, hostile names, every kind of body and status. */
import fc from 'fast-check';
import type { Json } from '../../code.js';
import type { Api, ParameterStyle, Schema } from '../../ir.js';
import { api, operation, ORIGIN, parameter } from './api.js';

const SCHEMAS = ['A', 'B', 'C', 'd-e', 'd_e', 'Error', 'Client', 'Promise', 'Record', '1st', 'ApiError', 'core'];
const PROPERTIES = ['kind', 'id', 'name', '__proto__', 'constructor', 'toString', 'a b', '"', '*/', 'class', 'é', '1', '', '\u2028', 'valueOf'];

const name = fc.constantFrom(...PROPERTIES);
const reference = fc.constantFrom(...SCHEMAS, 'Missing').map((target): Json => ({ $ref: `#/schemas/${target}` }));
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null') }),
  fc.record({ type: fc.constant('string'), format: fc.constantFrom('binary', 'date', 'int64', '*/'), description: fc.constantFrom('x', '*/ y') }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constant(['string', 'null']) }),
  fc.record({ enum: fc.array(fc.constantFrom<Json>('a', 'b', '"', 1, 2, true, null, '\u2028'), { minLength: 1, maxLength: 4 }) }),
  fc.record({ const: fc.constantFrom<Json>('cat', 1, true, null, [1], { a: 1 }) }),
  fc.constantFrom<Json>({}, true, false),
) as fc.Arbitrary<Json>;

const { schema } = fc.letrec<{ schema: Json; object: Json }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar, reference, tie('object'),
    fc.record({ type: fc.constant('array'), items: tie('schema'), prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }, { requiredKeys: ['type'] }) as fc.Arbitrary<Json>,
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<Json>,
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }), type: fc.constantFrom('object', 'string') }, { requiredKeys: ['oneOf'] }) as fc.Arbitrary<Json>,
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }), properties: fc.dictionary(name, tie('schema'), { maxKeys: 2 }) }, { requiredKeys: ['anyOf'] }) as fc.Arbitrary<Json>,
    fc.tuple(fc.constantFrom('oneOf', 'anyOf'), fc.uniqueArray(fc.constantFrom(...SCHEMAS), { minLength: 1, maxLength: 4 }), name).map(([keyword, targets, property]): Json => ({
      [keyword]: targets.map((target) => ({ $ref: `#/schemas/${target}` })), discriminator: { propertyName: property, mapping: Object.fromEntries(targets.map((target) => [target.toLowerCase(), target])) },
    })),
  ),
  object: fc.record({
    type: fc.constantFrom<Json>('object', ['object', 'null']),
    properties: fc.dictionary(name, fc.tuple(tie('schema'), fc.constantFrom('', '', '', 'readOnly', 'writeOnly')).map(([inner, flag]): Json => (flag !== '' && typeof inner === 'object' && inner !== null ? { ...(inner as Record<string, Json>), [flag]: true } : inner)), { maxKeys: 4 }),
    required: fc.uniqueArray(name, { maxLength: 3 }),
    additionalProperties: tie('schema'),
    discriminator: fc.uniqueArray(fc.constantFrom(...SCHEMAS), { minLength: 1, maxLength: 3 }).map((targets): Json => ({ propertyName: 'kind', mapping: Object.fromEntries(targets.map((target) => [target, target])) })),
  }, { requiredKeys: ['type'] }) as fc.Arbitrary<Json>,
}));

const MEDIA = ['application/json', 'application/problem+json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', 'application/xml', 'image/*', '*/*', 'application/octet-stream', 'text/event-stream'];
const content = fc.uniqueArray(fc.constantFrom(...MEDIA), { minLength: 1, maxLength: 3 }).chain((types) => fc.tuple(...types.map(() => schema)).map((schemas) => Object.fromEntries(types.map((type, index) => [type, schemas[index] as Schema]))));
const responses = fc.uniqueArray(fc.constantFrom('200', '201', '204', '2XX', '302', '404', '4XX', '500', '5XX', 'default'), { maxLength: 4 }).chain((statuses) => fc.tuple(...statuses.map(() => fc.option(content))).map((contents) => Object.fromEntries(statuses.map((status, index) => [status, contents[index] ? { content: contents[index]! } : null]))));
const parameters = fc.array(fc.tuple(name, fc.constantFrom('query', 'header', 'cookie', 'path'), schema, fc.boolean(), fc.constantFrom<ParameterStyle>('form', 'simple', 'deepObject', 'pipeDelimited', 'label', 'matrix')), { maxLength: 4 });
const ids = fc.constantFrom('get', 'delete', 'class', 'getA', 'geta', 'list-things', 'then', 'constructor', 'arguments', 'unwrap', 'core', 'éa', '2x');

export const randomApi: fc.Arbitrary<Api> = fc.tuple(
  fc.tuple(...SCHEMAS.map(() => schema)),
  fc.array(fc.tuple(ids, fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'ANY', 'DELETE'), fc.constantFrom('/', '/a/{id}', '/b/{id}.{ext}', '/p/{proxy+}', '/c/{constructor}'), parameters, fc.option(content), fc.boolean(), responses), { minLength: 1, maxLength: 5 }),
).map(([schemas, operations]) => api({
  schemas: Object.fromEntries(SCHEMAS.map((key, index) => [key, schemas[index] as Schema])),
  securitySchemes: { k: { kind: 'apiKey', name: 'x-k', in: 'header', origin: ORIGIN }, 'b c': { kind: 'http', scheme: 'bearer', origin: ORIGIN } },
  operations: operations.map(([id, method, path, given, body, bodyRequired, answers]) => operation(id, `${method} ${path}`, {
    parameters: given.map(([key, location, inner, required, style]) => parameter(key, location as 'query', inner as Schema, { required, style })),
    ...(body ? { body } : {}), bodyRequired, responses: answers, security: [{ k: [], 'b c': [] }],
  })),
}));
