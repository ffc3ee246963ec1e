/** The objects of OpenAPI 2.0 (https://spec.openapis.org/oas/v2.0.html). */
import { any, boolean, either, expected, fields, list, map, number, object, oneOf, required, scalar, text, type Field, type Shape, type Type } from './shape.js';
import { externalDocs, schema } from './schema.js';

const STATUS = { pattern: /^(?:default|[1-5]\d\d|[1-5]XX)$/, expected: 'a status such as 200, or default' };
/** Paths are checked by 2-read/path-template. */
const PATH = { pattern: /./, expected: 'a path' };
const SCHEME = oneOf('http', 'https', 'ws', 'wss');
const securityRequirements = list(map(list(text)));

export const openApi2: Shape = {
  name: 'OpenAPI document',
  level: 'root',
  fields: fields({
    swagger: scalar,
    info: expected(object(() => ({
      name: 'info',
      fields: fields({
        title: expected(scalar), version: expected(scalar), description: text, termsOfService: text,
        contact: object(() => ({ name: 'contact', fields: fields({ name: text, url: text, email: text }) })),
        license: object(() => ({ name: 'license', fields: fields({ name: expected(text), url: text }) })),
      }),
    }))),
    host: text, basePath: text, schemes: list(SCHEME), consumes: list(text), produces: list(text),
    paths: object(() => ({ name: 'paths', fields: {}, others: { type: object(() => pathItem), keys: PATH } })),
    definitions: map(schema), parameters: map(object(() => parameter)), responses: map(object(() => response)), securityDefinitions: map(object(() => securityScheme)),
    security: securityRequirements,
    tags: list(object(() => ({ name: 'tag', level: 'tag', fields: fields({ name: required(text), description: text, externalDocs: object(() => externalDocs) }) }))),
    externalDocs: object(() => externalDocs),
  }),
  mistakes: { servers: 'write host, basePath and schemes', components: 'write definitions, parameters, responses and securityDefinitions' },
};

const operationField: Field = { type: object(() => operation) };

const pathItem: Shape = {
  name: 'path item',
  level: 'path item',
  fields: fields({
    $ref: text, get: operationField, put: operationField, post: operationField, delete: operationField, options: operationField, head: operationField, patch: operationField,
    parameters: list(object(() => parameter)),
  }),
  mistakes: { any: 'write x-amazon-apigateway-any-method', trace: 'OpenAPI 2.0 has no trace', consumes: 'it belongs in each operation', produces: 'it belongs in each operation' },
};

const operationFields: Readonly<Record<string, Type | Field>> = {
  tags: list(text), summary: text, description: text, externalDocs: object(() => externalDocs), operationId: text, consumes: list(text), produces: list(text),
  parameters: list(object(() => parameter)),
  responses: object(() => ({ name: 'responses', fields: {}, others: { type: object(() => response), keys: STATUS } })),
  schemes: list(SCHEME), deprecated: boolean, security: securityRequirements,
};

const operationMistakes = { requestBody: 'write a parameter with in: body', servers: 'write host, basePath and schemes', callbacks: 'callbacks came with OpenAPI 3.0' };

export const operation2: Shape = { name: 'operation', level: 'operation', fields: fields(operationFields), mistakes: operationMistakes };
export const anyMethod2: Shape = { name: 'operation', level: 'operation', fields: fields({ ...operationFields, isDefaultRoute: boolean }), mistakes: operationMistakes };
const operation = operation2;

const limits: Readonly<Record<string, Type>> = {
  type: oneOf('string', 'number', 'integer', 'boolean', 'array', 'file', 'object'), format: text, items: either(schema, list(schema)), collectionFormat: oneOf('csv', 'ssv', 'tsv', 'pipes', 'multi'), default: any,
  maximum: number, exclusiveMaximum: boolean, minimum: number, exclusiveMinimum: boolean, maxLength: number, minLength: number, pattern: text, maxItems: number, minItems: number, uniqueItems: boolean,
  enum: list(any), multipleOf: number,
};

const parameter: Shape = {
  name: 'parameter',
  component: 'parameters',
  fields: fields({ name: required(text), in: required(oneOf('path', 'query', 'header', 'formData', 'body')), description: text, required: boolean, schema, allowEmptyValue: boolean, ...limits, $ref: text }),
  mistakes: { content: 'media types are written in consumes', style: 'write collectionFormat', explode: 'write collectionFormat: multi', examples: 'OpenAPI 2.0 has no examples of parameters', example: 'OpenAPI 2.0 has no examples of parameters' },
};

const response: Shape = {
  name: 'response',
  component: 'responses',
  fields: fields({
    description: expected(text), schema, examples: map(any), $ref: text,
    headers: map(object(() => ({ name: 'header', fields: fields({ description: text, ...limits }), mistakes: { schema: 'write type directly in the header' } }))),
  }),
  mistakes: { content: 'write schema, and the media types in produces' },
};

const securityScheme: Shape = {
  name: 'security scheme',
  level: 'security scheme',
  component: 'securityDefinitions',
  fields: fields({
    type: required(oneOf('basic', 'apiKey', 'oauth2')), description: text, name: text, in: oneOf('query', 'header'),
    flow: oneOf('implicit', 'password', 'application', 'accessCode'), authorizationUrl: text, tokenUrl: text, scopes: map(text),
  }),
  requiredByType: { apiKey: ['name', 'in'], oauth2: ['flow'] },
  mistakes: { flows: 'write flow, authorizationUrl, tokenUrl and scopes', scheme: 'write type: basic' },
};
