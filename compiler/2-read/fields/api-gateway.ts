/** Every `x-amazon-apigateway-*` extension: where it belongs and what it holds (API Gateway developer guide, "OpenAPI extensions"). */
import { any, boolean, either, fields, list, map, number, object, oneOf, oneOfAnyCase, required, scalar, text, type Level, type Shape, type Type } from './shape.js';

export interface Extension {
  readonly levels: readonly Level[];
  readonly type: Type;
}

const templates = map(text);
/** Numbers may come as text from a template's parameters. */
const numeric = either(number, text);

const integrationResponse: Shape = {
  name: 'integration response',
  extension: true,
  fields: fields({
    statusCode: scalar, responseParameters: map(scalar), responseTemplates: templates, contentHandling: oneOfAnyCase('CONVERT_TO_TEXT', 'CONVERT_TO_BINARY'),
  }),
  mistakes: { selectionPattern: "write the pattern as the key of the response: responses: {'4\\d{2}': {statusCode: '404'}}", status: 'write statusCode', headers: 'write responseParameters: {method.response.header.Name: value}', body: 'write responseTemplates' },
};

export const integration: Shape = {
  name: 'integration',
  extension: true,
  fields: fields({
    $ref: text,
    // Whether there is such a type the slices of integrations say: an operation without one does not build.
    type: text,
    httpMethod: text, uri: text,
    connectionType: oneOfAnyCase('INTERNET', 'VPC_LINK'), connectionId: text, integrationTarget: text, credentials: either(text, any),
    passthroughBehavior: oneOfAnyCase('when_no_match', 'when_no_templates', 'never'),
    contentHandling: oneOfAnyCase('CONVERT_TO_TEXT', 'CONVERT_TO_BINARY'),
    requestParameters: map(scalar), requestTemplates: templates,
    // REST: by selection pattern. HTTP APIs: by status, with responseParameters only.
    responses: map(object(() => integrationResponse)),
    responseParameters: map(either(object(() => statusParameters), scalar)),
    cacheNamespace: text, cacheKeyParameters: list(text), timeoutInMillis: numeric,
    tlsConfig: object(() => ({ name: 'tlsConfig', extension: true, fields: fields({ insecureSkipVerification: either(boolean, text), serverNameToVerify: text }), mistakes: { insecureSkipVerify: 'write insecureSkipVerification' } })),
    payloadFormatVersion: scalar, integrationSubtype: text, responseTransferMode: oneOfAnyCase('BUFFERED', 'STREAM'), description: text,
  }),
  mistakes: {
    integrationResponses: 'write responses', integrationHttpMethod: 'write httpMethod', method: 'write httpMethod', url: 'write uri', timeout: 'write timeoutInMillis', timeoutMillis: 'write timeoutInMillis', timeoutInSeconds: 'write timeoutInMillis',
    headers: 'write requestParameters: {integration.request.header.Name: value}', vpcLink: 'write connectionType: VPC_LINK and connectionId', integrationType: 'write type', requestValidator: 'write x-amazon-apigateway-request-validator at the operation',
  },
};

/** HTTP APIs: `responseParameters: {'200': {'overwrite:header.x': …}}`. */
const statusParameters: Shape = { name: 'response parameters', extension: true, fields: {}, others: { type: scalar, keys: { pattern: /./, expected: 'append:…, overwrite:… or remove:…' } } };

const authorizer: Shape = {
  name: 'authorizer',
  extension: true,
  fields: fields({
    type: oneOfAnyCase('token', 'request', 'cognito_user_pools', 'jwt'),
    authorizerUri: text, authorizerCredentials: text, authorizerPayloadFormatVersion: scalar, enableSimpleResponses: either(boolean, text),
    identitySource: either(text, list(text)), identityValidationExpression: text, authorizerResultTtlInSeconds: numeric, providerARNs: list(text),
    jwtConfiguration: object(() => ({ name: 'jwtConfiguration', extension: true, fields: fields({ issuer: text, audience: either(list(text), text) }), mistakes: { aud: 'write audience', iss: 'write issuer' } })),
  }),
  mistakes: {
    uri: 'write authorizerUri', identitySources: 'write identitySource', ttl: 'write authorizerResultTtlInSeconds', identityValidationRegex: 'write identityValidationExpression', providerArns: 'write providerARNs (capital letters)', userPoolArn: 'write providerARNs',
    issuer: 'it belongs in jwtConfiguration', audience: 'it belongs in jwtConfiguration',
  },
};

const cors: Shape = {
  name: 'CORS configuration',
  extension: true,
  fields: fields({
    allowOrigins: either(list(text), text), allowCredentials: either(boolean, text), exposeHeaders: either(list(text), text), maxAge: numeric, allowMethods: either(list(text), text), allowHeaders: either(list(text), text),
  }),
  mistakes: { origins: 'write allowOrigins', methods: 'write allowMethods', headers: 'write allowHeaders', allowOrigin: 'write allowOrigins', credentials: 'write allowCredentials' },
};

const gatewayResponse: Shape = {
  name: 'gateway response',
  extension: true,
  fields: fields({ statusCode: scalar, responseParameters: map(scalar), responseTemplates: templates }),
  mistakes: { responseType: 'the key is the type', status: 'write statusCode', headers: 'write responseParameters: {gatewayresponse.header.Name: value}', body: 'write responseTemplates: {application/json: …}', ResponseParameters: 'write responseParameters' },
};

const validator: Shape = {
  name: 'request validator',
  extension: true,
  fields: fields({ validateRequestBody: either(boolean, text), validateRequestParameters: either(boolean, text) }),
  mistakes: { validateRequestHeaders: 'write validateRequestParameters: it covers path, query and header', validateRequestQueryStrings: 'write validateRequestParameters: it covers path, query and header', validateBody: 'write validateRequestBody', validateParameters: 'write validateRequestParameters' },
};

const policy: Shape = {
  name: 'resource policy',
  extension: true,
  fields: fields({ Version: scalar, Id: text, Statement: either(list(object(() => statement)), object(() => statement)) }),
};

const statement: Shape = {
  name: 'policy statement',
  extension: true,
  fields: fields({ Sid: text, Effect: required(oneOf('Allow', 'Deny')), Principal: any, NotPrincipal: any, Action: either(text, list(text)), NotAction: either(text, list(text)), Resource: any, NotResource: any, Condition: any }),
};

const endpointConfiguration: Shape = {
  name: 'endpoint configuration',
  extension: true,
  fields: fields({ disableExecuteApiEndpoint: either(boolean, text), vpcEndpointIds: list(text), ipAddressType: oneOfAnyCase('ipv4', 'dualstack') }),
  mistakes: { types: 'the endpoint type is no part of the document; gwc has one kind of endpoint', vpcEndpointsIds: 'write vpcEndpointIds' },
};

const documentation: Shape = {
  name: 'documentation',
  extension: true,
  fields: fields({
    version: scalar, createdDate: text,
    documentationParts: list(object(() => ({
      name: 'documentation part',
      extension: true,
      fields: fields({ location: object(() => ({ name: 'documentation location', extension: true, fields: fields({ type: text, path: text, method: text, statusCode: scalar, name: text }) })), properties: any }),
    }))),
  }),
};

const root: readonly Level[] = ['root'];

/** `x-amazon-apigateway-any-method` is an operation and read by known-fields itself. */
export const API_GATEWAY: Readonly<Record<string, Extension>> = {
  'x-amazon-apigateway-any-method': { levels: ['path item'], type: any },
  'x-amazon-apigateway-api-key-source': { levels: root, type: oneOfAnyCase('HEADER', 'AUTHORIZER') },
  'x-amazon-apigateway-auth': { levels: ['operation'], type: object(() => ({ name: 'auth', extension: true, fields: fields({ type: oneOfAnyCase('NONE', 'AWS_IAM') }) })) },
  'x-amazon-apigateway-authorizer': { levels: ['security scheme'], type: object(() => authorizer) },
  'x-amazon-apigateway-authtype': { levels: ['security scheme'], type: text },
  'x-amazon-apigateway-binary-media-types': { levels: root, type: list(text) },
  'x-amazon-apigateway-cors': { levels: root, type: either(object(() => cors), boolean) },
  'x-amazon-apigateway-documentation': { levels: root, type: object(() => documentation) },
  'x-amazon-apigateway-endpoint-access-mode': { levels: root, type: oneOf('BASIC', 'STRICT') },
  'x-amazon-apigateway-endpoint-configuration': { levels: ['root', 'server'], type: object(() => endpointConfiguration) },
  'x-amazon-apigateway-gateway-responses': { levels: root, type: map(object(() => gatewayResponse)) },
  'x-amazon-apigateway-importexport-version': { levels: root, type: scalar },
  'x-amazon-apigateway-integration': { levels: ['operation'], type: object(() => integration) },
  'x-amazon-apigateway-integrations': { levels: ['components', 'root'], type: map(object(() => integration)) },
  'x-amazon-apigateway-minimum-compression-size': { levels: root, type: numeric },
  'x-amazon-apigateway-policy': { levels: root, type: object(() => policy) },
  'x-amazon-apigateway-request-validator': { levels: ['root', 'operation'], type: text },
  'x-amazon-apigateway-request-validators': { levels: root, type: map(object(() => validator)) },
  'x-amazon-apigateway-security-policy': { levels: root, type: text },
  'x-amazon-apigateway-tag-value': { levels: ['tag'], type: scalar },
};

/** Extensions that people invent, and where what they mean is written. */
export const INVENTED: readonly (readonly [RegExp, string])[] = [
  [/throttl|rate-?limit|burst/, 'limits belong to stages and usage plans: x-gwc.stages.<name>.methodSettings, x-gwc.usagePlans'],
  [/usage-?plan|quota/, 'usage plans are written in x-gwc.usagePlans'],
  [/api-keys?$/, 'API keys are written in x-gwc.apiKeys; apiKey security schemes ask for them'],
  [/cach/, 'caching is switched on per stage: x-gwc.stages.<name>.methodSettings'],
  [/log/, 'access logs are set per stage: x-gwc.stages.<name>.accessLogSettings'],
  [/stage/, 'stages are written in x-gwc.stages'],
  [/vpc/, 'write connectionType: VPC_LINK and connectionId in the integration'],
  [/domain/, 'domain names are written in x-gwc.domainNames'],
  [/waf|acl/, 'the web ACL is written in x-gwc.webAcl'],
  [/timeout/, 'write timeoutInMillis in the integration'],
  [/responses?$/, 'write responses in the integration, or x-amazon-apigateway-gateway-responses at the root'],
];
