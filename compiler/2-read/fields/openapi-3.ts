/** The objects of OpenAPI 3.0, 3.1 and 3.2 (https://spec.openapis.org/oas/). */
import { any, boolean, expected, fields, list, map, object, oneOf, required, scalar, since31, since32, text, type Field, type Shape, type Type } from './shape.js';
import { componentKey, externalDocs, schema } from './schema.js';

const STATUS = { pattern: /^(?:default|[1-5]\d\d|[1-5]XX)$/, expected: 'a status such as 200, 4XX or default' };
/** Paths are checked by 2-read/path-template. */
const PATH = { pattern: /./, expected: 'a path' };

const externalDocsField = object(() => externalDocs);
const securityRequirements = list(map(list(text)));
const examples = map(object(() => example));

export const openApi3: Shape = {
  name: 'OpenAPI document',
  level: 'root',
  fields: fields({
    openapi: scalar,
    $self: since32(text),
    info: expected(object(() => info)),
    jsonSchemaDialect: since31(text),
    servers: list(object(() => server)),
    paths: object(() => paths),
    webhooks: since31(map(object(() => pathItem)), 'webhooks came with OpenAPI 3.1'),
    components: object(() => components),
    security: securityRequirements,
    tags: list(object(() => tag)),
    externalDocs: externalDocsField,
  }),
  mistakes: {
    host: 'write servers: [{url: https://host/base}]', basePath: 'write servers: [{url: https://host/base}]', schemes: 'write servers: [{url: https://host/base}]',
    definitions: 'write components.schemas', parameters: 'write components.parameters', responses: 'write components.responses', securityDefinitions: 'write components.securitySchemes',
    securitySchemes: 'move it into components', schemas: 'move it into components', consumes: 'write requestBody.content per operation', produces: 'write responses.<status>.content per operation',
    version: 'it belongs in info', title: 'it belongs in info', description: 'it belongs in info',
  },
};

const info: Shape = {
  name: 'info',
  fields: fields({
    title: expected(scalar), version: expected(scalar), summary: since31(text), description: text, termsOfService: text,
    contact: object(() => ({ name: 'contact', fields: fields({ name: text, url: text, email: text }) })),
    license: object(() => ({ name: 'license', fields: fields({ name: expected(text), identifier: since31(text), url: text }) })),
  }),
};

const server: Shape = {
  name: 'server',
  level: 'server',
  fields: fields({
    url: expected(text), description: text, name: since32(text),
    variables: map(object(() => ({ name: 'server variable', fields: fields({ default: expected(scalar), enum: list(scalar), description: text }) }))),
  }),
};

const paths: Shape = { name: 'paths', fields: {}, others: { type: object(() => pathItem), keys: PATH } };

const operationField: Field = { type: object(() => operation) };

const pathItem: Shape = {
  name: 'path item',
  level: 'path item',
  component: 'pathItems',
  fields: fields({
    $ref: text, summary: text, description: text,
    get: operationField, put: operationField, post: operationField, delete: operationField, options: operationField, head: operationField, patch: operationField, trace: operationField,
    query: since32(object(() => operation), 'the method QUERY came with OpenAPI 3.2'),
    additionalOperations: since32(map(object(() => operation))),
    servers: list(object(() => server)),
    parameters: list(object(() => parameter)),
  }),
  mistakes: { any: 'write x-amazon-apigateway-any-method', connect: 'CONNECT cannot be an operation', security: 'it belongs in each operation, or the root', tags: 'they belong in each operation', responses: 'they belong in a method' },
};

const operationFields: Readonly<Record<string, Type | Field>> = {
  tags: list(text), summary: text, description: text, externalDocs: externalDocsField, operationId: text,
  parameters: list(object(() => parameter)), requestBody: object(() => requestBody), responses: object(() => responses),
  callbacks: map(object(() => callback)), deprecated: boolean, security: securityRequirements, servers: list(object(() => server)),
};

const operationMistakes = {
  consumes: 'write requestBody.content', produces: 'write responses.<status>.content', schemes: 'write servers', body: 'write requestBody', response: 'write responses', auth: 'write security', id: 'write operationId', name: 'write operationId',
};

export const operation: Shape = { name: 'operation', level: 'operation', fields: fields(operationFields), mistakes: operationMistakes };

/** `x-amazon-apigateway-any-method`; `isDefaultRoute` makes it the `$default` route of an HTTP API. */
export const anyMethod: Shape = { name: 'operation', level: 'operation', fields: fields({ ...operationFields, isDefaultRoute: boolean }), mistakes: operationMistakes };

const callback: Shape = { name: 'callback', component: 'callbacks', fields: fields({ $ref: text }), others: { type: object(() => pathItem), keys: { pattern: /./, expected: 'a runtime expression' } } };

const parameter: Shape = {
  name: 'parameter',
  component: 'parameters',
  fields: fields({
    name: required(text),
    in: required(oneOf('path', 'query', 'header', 'cookie', 'querystring')),
    // 2-read/read-parameters knows in which version the last one and style: cookie came.
    description: text, required: boolean, deprecated: boolean, allowEmptyValue: boolean,
    style: oneOf('matrix', 'label', 'simple', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'cookie'),
    explode: boolean, allowReserved: boolean, schema, example: any, examples, content: map(object(() => mediaType)), $ref: text, summary: text,
  }),
  mistakes: parameterMistakes(),
};

function parameterMistakes(): Readonly<Record<string, string>> {
  const keywords = ['type', 'format', 'enum', 'default', 'items', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'multipleOf', 'nullable'];
  return { ...Object.fromEntries(keywords.map((keyword) => [keyword, `move it into schema: {${keyword}: …}`])), collectionFormat: 'write style and explode', optional: 'a parameter is optional unless required: true' };
}

const requestBody: Shape = {
  name: 'request body',
  component: 'requestBodies',
  fields: fields({ description: text, content: required(map(object(() => mediaType))), required: boolean, $ref: text, summary: text }),
  mistakes: { schema: 'write content: {application/json: {schema: …}}', example: 'it belongs in content.<media type>' },
};

const mediaType: Shape = {
  name: 'media type',
  component: 'mediaTypes',
  fields: fields({
    schema, example: any, examples, $ref: text, itemSchema: since32(schema), prefixEncoding: since32(list(object(() => encoding))), itemEncoding: since32(object(() => encoding)),
    encoding: map(object(() => encoding)),
  }),
  mistakes: { type: 'move it into schema', properties: 'move them into schema', items: 'move them into schema' },
};

const encoding: Shape = {
  name: 'encoding',
  fields: fields({ contentType: text, headers: map(object(() => header)), style: oneOf('form', 'spaceDelimited', 'pipeDelimited', 'deepObject'), explode: boolean, allowReserved: boolean, encoding: since32(map(object(() => encoding))) }),
};

const responses: Shape = { name: 'responses', fields: {}, others: { type: object(() => response), keys: STATUS } };

const response: Shape = {
  name: 'response',
  component: 'responses',
  fields: fields({ description: { ...expected(text), requiredUntil: '3.1' }, summary: since32(text), headers: map(object(() => header)), content: map(object(() => mediaType)), links: map(object(() => link)), $ref: text }),
  mistakes: { schema: 'write content: {application/json: {schema: …}}', examples: 'they belong in content.<media type>', example: 'it belongs in content.<media type>' },
};

const header: Shape = {
  name: 'header',
  component: 'headers',
  fields: fields({ description: text, required: boolean, deprecated: boolean, allowEmptyValue: boolean, style: oneOf('simple'), explode: boolean, allowReserved: boolean, schema, example: any, examples, content: map(object(() => mediaType)), $ref: text, summary: text }),
  mistakes: { ...parameterMistakes(), name: "the key is the header's name", in: 'a header needs no `in`' },
};

const example: Shape = {
  name: 'example',
  component: 'examples',
  fields: fields({ summary: text, description: text, value: any, externalValue: text, dataValue: since32(any), serializedValue: since32(any), $ref: text }),
};

const link: Shape = {
  name: 'link',
  component: 'links',
  fields: fields({ operationRef: text, operationId: text, parameters: map(any), requestBody: any, description: text, server: object(() => server), $ref: text, summary: text }),
};

const tag: Shape = { name: 'tag', level: 'tag', fields: fields({ name: required(text), summary: since32(text), description: text, externalDocs: externalDocsField, parent: since32(text), kind: since32(text) }) };

const components: Shape = {
  name: 'components',
  level: 'components',
  fields: fields({
    schemas: map(schema, componentKey), responses: map(object(() => response), componentKey), parameters: map(object(() => parameter), componentKey), examples: map(object(() => example), componentKey),
    requestBodies: map(object(() => requestBody), componentKey), headers: map(object(() => header), componentKey), securitySchemes: map(object(() => securityScheme), componentKey),
    links: map(object(() => link), componentKey), callbacks: map(object(() => callback), componentKey), pathItems: since31(map(object(() => pathItem), componentKey)), mediaTypes: since32(map(object(() => mediaType), componentKey)),
  }),
  mistakes: { definitions: 'write schemas', securityDefinitions: 'write securitySchemes', models: 'write schemas' },
};

const flow = (...extra: string[]): Type => object(() => ({ name: 'OAuth flow', fields: fields({ scopes: expected(map(text)), refreshUrl: text, ...Object.fromEntries(extra.map((name) => [name, expected(text)])) }) }));

const securityScheme: Shape = {
  name: 'security scheme',
  level: 'security scheme',
  component: 'securitySchemes',
  fields: fields({
    type: required(oneOf('apiKey', 'http', 'oauth2', 'openIdConnect', 'mutualTLS')),
    description: text, deprecated: since32(boolean), name: text, in: oneOf('query', 'header', 'cookie'), scheme: text, bearerFormat: text, openIdConnectUrl: text, oauth2MetadataUrl: since32(text), $ref: text, summary: text,
    flows: object(() => ({
      name: 'OAuth flows',
      fields: fields({
        implicit: flow('authorizationUrl'), password: flow('tokenUrl'), clientCredentials: flow('tokenUrl'), authorizationCode: flow('authorizationUrl', 'tokenUrl'),
        deviceAuthorization: since32(flow('deviceAuthorizationUrl', 'tokenUrl')),
      }),
      mistakes: { accessCode: 'write authorizationCode', application: 'write clientCredentials' },
    })),
  }),
  requiredByType: { apiKey: ['name', 'in'], http: ['scheme'], oauth2: ['flows'], openIdConnect: ['openIdConnectUrl'] },
  mistakes: { flow: 'write flows: {authorizationCode: …}', authorizationUrl: 'it belongs in flows.<flow>', tokenUrl: 'it belongs in flows.<flow>', scopes: 'they belong in flows.<flow>' },
};
