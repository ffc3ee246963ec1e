/** A REST API that a template defines resource by resource (AWS::ApiGateway::Resource, Method, Model, …), as an OpenAPI document with API Gateway's extensions. */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list } from './sam-events.js';
import { camelCase } from './stages.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { section, type Resource, type Template } from './template.js';

const MOST_PARENTS = 100;

export function addRestResources(template: Template, draft: Draft, api: Resource): void {
  const own = (type: string): Resource[] => template.of(`AWS::ApiGateway::${type}`).filter(({ properties }) => refOf(properties['RestApiId']) === api.id);
  const resources = new Map(own('Resource').map((resource) => [resource.id, resource]));
  const models = new Map(own('Model').map((model) => [model.id, template.text(model.properties['Name']) ?? model.id]));
  for (const model of own('Model')) {
    const schema = template.plain(model.properties['Schema']);
    draft.put([...draft.models, models.get(model.id)!], typeof schema === 'string' ? parsed(schema) : schema ?? {}, `${model.pointer}/Schema`);
  }
  const validators = new Map<string, string>();
  for (const { id, properties, pointer } of own('RequestValidator')) {
    const name = template.text(properties['Name']) ?? id;
    validators.set(id, name);
    draft.put(['x-amazon-apigateway-request-validators', name], { validateRequestBody: properties['ValidateRequestBody'] === true, validateRequestParameters: properties['ValidateRequestParameters'] === true }, pointer);
  }
  for (const { properties, pointer } of own('GatewayResponse')) {
    const type = template.text(properties['ResponseType']);
    const { StatusCode, ResponseParameters, ResponseTemplates } = properties;
    if (type !== undefined) draft.put(['x-amazon-apigateway-gateway-responses', type], { ...(StatusCode !== undefined && { statusCode: StatusCode }), ...(ResponseParameters !== undefined && { responseParameters: ResponseParameters }), ...(ResponseTemplates !== undefined && { responseTemplates: ResponseTemplates }) }, pointer);
  }
  const authorizers = new Map<string, string>();
  for (const authorizer of own('Authorizer')) {
    const name = template.text(authorizer.properties['Name']) ?? authorizer.id;
    authorizers.set(authorizer.id, name);
    draft.put([...draft.schemes, name], scheme(authorizer.properties), authorizer.pointer);
  }
  for (const method of own('Method')) {
    const path = pathOf(template, method.properties['ResourceId'], api.id, resources);
    const name = template.text(method.properties['HttpMethod']);
    if (path === undefined || name === undefined) {
      const property = path === undefined ? 'ResourceId' : 'HttpMethod';
      const suggestion = path === undefined ? closest(refOf(method.properties['ResourceId']) ?? '', resources.keys()) : undefined;
      const expected = path === undefined ? "the Ref of a resource of the same API, or the API's RootResourceId" : 'an HTTP method, or ANY';
      template.report(diagnostics.BAD_PROPERTY, `${method.pointer}/${property}`, { name: property, expected, hint: suggestion === undefined ? `write ${property}: ${path === undefined ? `!GetAtt ${api.id}.RootResourceId, or the !Ref of an AWS::ApiGateway::Resource` : 'GET'}` : `did you mean '${suggestion}'?` });
      continue;
    }
    addMethod(template, draft, method, ['paths', path, name === 'ANY' ? 'x-amazon-apigateway-any-method' : name.toLowerCase()], { models, validators, authorizers });
  }
}

interface Names { readonly models: ReadonlyMap<string, string>; readonly validators: ReadonlyMap<string, string>; readonly authorizers: ReadonlyMap<string, string> }

function addMethod(template: Template, draft: Draft, { properties, pointer }: Resource, at: readonly string[], { models, validators, authorizers }: Names): void {
  const put = (key: string, value: Json, from: string): void => draft.put([...at, key], value, `${pointer}/${from}`);
  const operationId = template.text(properties['OperationName']);
  if (operationId !== undefined) put('operationId', operationId, 'OperationName');
  const responses = list(template.plain(properties['MethodResponses'])).filter(isObject);
  put('responses', Object.fromEntries(responses.map((response) => [String(response['StatusCode']), methodResponse(template, response, models)])), 'MethodResponses');
  const declared = Object.entries(section(properties, 'RequestParameters')).flatMap(([expression, required]) => {
    const [, place, name] = /^method\.request\.(querystring|multivaluequerystring|header|multivalueheader|path)\.(.+)$/.exec(expression) ?? [];
    return place === undefined || place === 'path' ? [] : [{ name: name!, in: place.includes('header') ? 'header' : 'query', required: required === true, schema: { type: 'string' } }];
  });
  const inPath = [...at[1]!.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({ name: name!.replace(/\+$/, ''), in: 'path', required: true, schema: { type: 'string' } }));
  if (declared.length + inPath.length > 0) put('parameters', [...inPath, ...declared], 'RequestParameters');
  const content = Object.entries(section(properties, 'RequestModels')).map(([type, model]) => [type, { schema: modelReference(template, model, models) }] as const);
  if (content.length > 0) put('requestBody', { content: Object.fromEntries(content) }, 'RequestModels');
  const validator = refOf(properties['RequestValidatorId']);
  if (validator !== undefined && validators.has(validator)) put('x-amazon-apigateway-request-validator', validators.get(validator)!, 'RequestValidatorId');
  addSecurity(template, draft, properties, pointer, at, authorizers);
  const integration = template.plain(properties['Integration']);
  if (isObject(integration)) put('x-amazon-apigateway-integration', readIntegration(template, integration), 'Integration');
}

function methodResponse(template: Template, response: JsonObject, models: ReadonlyMap<string, string>): Json {
  const headers = Object.keys(section(response, 'ResponseParameters')).flatMap((expression) => /^method\.response\.header\.(.+)$/.exec(expression)?.[1] ?? []);
  const content = Object.entries(section(response, 'ResponseModels')).map(([type, model]) => [type, { schema: modelReference(template, model, models) }] as const);
  return {
    description: '',
    ...(headers.length > 0 && { headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }])) }),
    ...(content.length > 0 && { content: Object.fromEntries(content) }),
  };
}

/** A model by its name or by a `Ref`; `Empty` and `Error` are API Gateway's own. */
function modelReference(template: Template, model: Json, models: ReadonlyMap<string, string>): Json {
  const id = refOf(model);
  const name = (id !== undefined ? models.get(id) : undefined) ?? template.text(model);
  return name === undefined || ![...models.values()].includes(name) ? {} : { $ref: `#/components/schemas/${name}` };
}

function addSecurity(template: Template, draft: Draft, properties: JsonObject, pointer: string, at: readonly string[], authorizers: ReadonlyMap<string, string>): void {
  const requirement: { [name: string]: Json } = {};
  const type = template.text(properties['AuthorizationType']) ?? 'NONE';
  if (type === 'AWS_IAM') {
    draft.add([...draft.schemes, 'AWS_IAM'], { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' }, pointer);
    requirement['AWS_IAM'] = [];
  } else if (type !== 'NONE') {
    const name = authorizers.get(refOf(properties['AuthorizerId']) ?? '');
    // Nothing may be open because a reference could not be read.
    if (name === undefined) template.report(diagnostics.BAD_PROPERTY, `${pointer}/AuthorizerId`, { name: 'AuthorizerId', expected: 'the Ref of an AWS::ApiGateway::Authorizer of the same API', hint: authorizers.size === 0 ? 'declare the authorizer in this template too, with its AuthorizerUri or ProviderARNs' : `write AuthorizerId: !Ref ${[...authorizers.keys()][0]!}` });
    else requirement[name] = list(template.plain(properties['AuthorizationScopes']));
  }
  if (properties['ApiKeyRequired'] === true) {
    draft.add([...draft.schemes, 'api_key'], { type: 'apiKey', name: 'x-api-key', in: 'header' }, pointer);
    requirement['api_key'] = [];
  }
  if (Object.keys(requirement).length > 0) draft.put([...at, 'security'], [requirement], pointer);
}

function readIntegration(template: Template, integration: JsonObject): Json {
  const { IntegrationHttpMethod, IntegrationResponses, RequestParameters, RequestTemplates, ...rest } = integration;
  const type = template.text(rest['Type']);
  const responses = list(template.plain(IntegrationResponses)).filter(isObject).map((response) => {
    const { SelectionPattern, ResponseParameters, ResponseTemplates, ...plain } = response;
    const body = { ...(camelCase(plain) as JsonObject), ...(ResponseParameters !== undefined && { responseParameters: ResponseParameters }), ...(ResponseTemplates !== undefined && { responseTemplates: ResponseTemplates }) };
    return [template.text(SelectionPattern) || 'default', body] as const;
  });
  return {
    ...(camelCase(rest) as JsonObject), ...(type !== undefined && { type: type.toLowerCase() }),
    ...(IntegrationHttpMethod !== undefined && { httpMethod: IntegrationHttpMethod }), ...(RequestParameters !== undefined && { requestParameters: RequestParameters }), ...(RequestTemplates !== undefined && { requestTemplates: RequestTemplates }),
    ...(responses.length > 0 && { responses: Object.fromEntries(responses) }),
  };
}

function scheme(properties: JsonObject): Json {
  const { Type, AuthorizerUri, AuthorizerCredentials, AuthorizerResultTtlInSeconds, IdentitySource, IdentityValidationExpression, ProviderARNs } = properties;
  const type = String(Type).toLowerCase();
  const header = typeof IdentitySource === 'string' && type !== 'request' ? /^method\.request\.header\.([^,]+)$/.exec(IdentitySource)?.[1] : undefined;
  return {
    type: 'apiKey', name: header ?? (type === 'request' ? 'Unused' : 'Authorization'), in: 'header', 'x-amazon-apigateway-authtype': type === 'cognito_user_pools' ? type : 'custom',
    'x-amazon-apigateway-authorizer': {
      type, ...(AuthorizerUri !== undefined && { authorizerUri: AuthorizerUri }), ...(AuthorizerCredentials !== undefined && { authorizerCredentials: AuthorizerCredentials }),
      ...(AuthorizerResultTtlInSeconds !== undefined && { authorizerResultTtlInSeconds: AuthorizerResultTtlInSeconds }), ...(ProviderARNs !== undefined && { providerARNs: ProviderARNs }),
      ...(IdentitySource !== undefined && type === 'request' && { identitySource: IdentitySource }), ...(IdentityValidationExpression !== undefined && { identityValidationExpression: IdentityValidationExpression }),
    },
  };
}

/** The path of a `Ref` to a resource, or of the API's root; undefined when it leads to neither. */
function pathOf(template: Template, reference: Json | undefined, apiId: string, resources: ReadonlyMap<string, Resource>): string | undefined {
  const parts: string[] = [];
  let current = reference;
  for (let hops = 0; hops < MOST_PARENTS; hops++) {
    const root = isObject(current) ? current['Fn::GetAtt'] : undefined;
    if (Array.isArray(root) && root[0] === apiId && root[1] === 'RootResourceId') return `/${parts.join('/')}`;
    const resource = resources.get(refOf(current) ?? '');
    const part = resource && template.text(resource.properties['PathPart']);
    if (part === undefined) return undefined;
    parts.unshift(part);
    current = resource!.properties['ParentId'];
  }
  return undefined;
}

function parsed(text: string): Json {
  try { return JSON.parse(text) as Json; } catch { return text; }
}
