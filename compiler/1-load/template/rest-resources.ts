/** A REST API that a template defines resource by resource (AWS::ApiGateway::Resource, Method, Model, …), as an OpenAPI document with API Gateway's extensions. */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import { escapePointer } from '../node.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { flagOf, paramHint } from './known-flag.js';
import { list, objects } from './sam-events.js';
import { typed } from '../placeholders/typed.js';
import { rootOf } from './resource-values.js';
import { camelCase } from './stages.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { section, type Resource, type Template } from './template.js';

const MOST_PARENTS = 100;

/** Also of an API with a definition of its own, to which they are added. `id`: of the API. */
export function addRestResources(template: Template, draft: Draft, id: string): void {
  const own = (type: string): Resource[] => template.of(`AWS::ApiGateway::${type}`).filter(({ properties }) => template.idOf(properties['RestApiId']) === id);
  const resources = new Map(own('Resource').map((resource) => [resource.id, resource]));
  const models = new Map(own('Model').map((model) => [model.id, template.text(model.properties['Name']) ?? model.id]));
  for (const model of own('Model')) {
    const schema = template.plain(model.properties['Schema']);
    draft.put([...draft.models, models.get(model.id)!], typeof schema === 'string' ? parsed(schema) : schema ?? {}, `${model.pointer}/Schema`);
  }
  const validators = new Map<string, string>();
  for (const { id: logical, properties, pointer } of own('RequestValidator')) {
    const name = template.text(properties['Name']) ?? logical;
    validators.set(logical, name);
    draft.put(['x-amazon-apigateway-request-validators', name], { validateRequestBody: flagOf(template, properties, 'ValidateRequestBody', pointer), validateRequestParameters: flagOf(template, properties, 'ValidateRequestParameters', pointer) }, pointer);
  }
  for (const { properties, pointer } of own('GatewayResponse')) {
    const type = template.text(properties['ResponseType']);
    const { StatusCode, ResponseParameters, ResponseTemplates } = properties;
    if (type !== undefined) draft.put(['x-amazon-apigateway-gateway-responses', type], { ...(StatusCode !== undefined && { statusCode: typeof StatusCode === 'number' ? String(StatusCode) : StatusCode }), ...(ResponseParameters !== undefined && { responseParameters: ResponseParameters }), ...(ResponseTemplates !== undefined && { responseTemplates: ResponseTemplates }) }, pointer);
    else template.report(diagnostics.BAD_PROPERTY, `${pointer}/ResponseType`, { name: 'ResponseType', expected: 'the type of a gateway response', hint: 'write ResponseType: DEFAULT_4XX for example' });
  }
  const authorizers = new Map<string, string>();
  for (const authorizer of own('Authorizer')) {
    const name = template.text(authorizer.properties['Name']) ?? authorizer.id;
    authorizers.set(authorizer.id, name);
    draft.put([...draft.schemes, name], scheme(template, authorizer.properties), authorizer.pointer);
  }
  for (const method of own('Method')) {
    const path = pathOf(template, method.properties['ResourceId'], id, resources);
    if (typeof path !== 'string') {
      const suggestion = path.unknown === undefined ? undefined : closest(path.unknown, resources.keys());
      const root = `!GetAtt ${id}.RootResourceId, or the !Ref of an AWS::ApiGateway::Resource`;
      template.report(diagnostics.BAD_PROPERTY, path.pointer ?? `${method.pointer}/ResourceId`, path.part
        ? { name: 'PathPart', expected: 'known in a build', hint: paramHint(template.unknownIn(path.part)) }
        : { name: path.pointer === undefined ? 'ResourceId' : 'ParentId', expected: "the Ref of a resource of the same API, or the API's RootResourceId", hint: suggestion === undefined ? `write ${path.pointer === undefined ? 'ResourceId' : 'ParentId'}: ${root}` : `did you mean '${suggestion}'?` });
      continue;
    }
    const name = template.text(method.properties['HttpMethod']);
    if (name === undefined) {
      template.report(diagnostics.BAD_PROPERTY, `${method.pointer}/HttpMethod`, { name: 'HttpMethod', expected: 'an HTTP method, or ANY', hint: 'write HttpMethod: GET' });
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
  const responses = objects(template, properties['MethodResponses']);
  put('responses', Object.fromEntries(responses.map((response) => [template.text(response['StatusCode']) ?? 'default', methodResponse(template, draft, response, models)])), 'MethodResponses');
  const text: JsonObject = draft.isVersion2 ? { type: 'string' } : { schema: { type: 'string' } };
  const declared = Object.entries(section(properties, 'RequestParameters')).flatMap(([expression, required]) => {
    const [, place, name] = /^method\.request\.(querystring|multivaluequerystring|header|multivalueheader|path)\.(.+)$/.exec(expression) ?? [];
    return place === undefined || place === 'path' ? [] : [{ name: name!, in: place.includes('header') ? 'header' : 'query', required: isRequired(template, required), ...text }];
  });
  const inPath = [...at[1]!.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({ name: name!.replace(/\+$/, ''), in: 'path', required: true, ...text }));
  const content = Object.entries(section(properties, 'RequestModels')).map(([type, model]) => [type, { schema: modelReference(template, draft, model, models) }] as const);
  const inBody = draft.isVersion2 && content.length > 0 ? [{ in: 'body', name: 'body', ...content[0]![1] }] : [];
  if (declared.length + inPath.length + inBody.length > 0) put('parameters', [...inPath, ...declared, ...inBody], 'RequestParameters');
  if (content.length > 0 && !draft.isVersion2) put('requestBody', { content: Object.fromEntries(content) }, 'RequestModels');
  if (draft.isVersion2 && content.length > 0) put('consumes', content.map(([type]) => type), 'RequestModels');
  const validator = template.idOf(properties['RequestValidatorId']);
  if (validator !== undefined && validators.has(validator)) put('x-amazon-apigateway-request-validator', validators.get(validator)!, 'RequestValidatorId');
  else if (properties['RequestValidatorId'] !== undefined) {
    const suggestion = validator === undefined ? undefined : closest(validator, validators.keys());
    template.report(diagnostics.BAD_PROPERTY, `${pointer}/RequestValidatorId`, { name: 'RequestValidatorId', expected: 'the Ref of an AWS::ApiGateway::RequestValidator of the same API', hint: suggestion !== undefined ? `did you mean '${suggestion}'?` : validators.size === 0 ? 'declare the validator in this template too, with ValidateRequestBody and ValidateRequestParameters' : `write RequestValidatorId: !Ref ${[...validators.keys()][0]!}` });
  }
  addSecurity(template, draft, properties, pointer, at, authorizers);
  const integration = template.plain(properties['Integration']);
  if (isObject(integration)) put('x-amazon-apigateway-integration', readIntegration(template, integration), 'Integration');
}

/** `true`, or an object of CDK's making; text too. */
function isRequired(template: Template, value: Json): boolean { return template.flag(value) === true; }

function methodResponse(template: Template, draft: Draft, response: JsonObject, models: ReadonlyMap<string, string>): Json {
  const headers = Object.keys(section(response, 'ResponseParameters')).flatMap((expression) => /^method\.response\.header\.(.+)$/.exec(expression)?.[1] ?? []);
  const content = Object.entries(section(response, 'ResponseModels')).map(([type, model]) => [type, { schema: modelReference(template, draft, model, models) }] as const);
  const text: JsonObject = draft.isVersion2 ? { type: 'string' } : { schema: { type: 'string' } };
  return {
    description: '',
    ...(headers.length > 0 && { headers: Object.fromEntries(headers.map((name) => [name, text])) }),
    ...(content.length > 0 && (draft.isVersion2 ? content[0]![1] : { content: Object.fromEntries(content) })),
  };
}

/** A model by its name or by a `Ref`; `Empty` and `Error` are API Gateway's own. */
function modelReference(template: Template, draft: Draft, model: Json, models: ReadonlyMap<string, string>): Json {
  const id = refOf(model);
  const name = (id !== undefined ? models.get(id) : undefined) ?? template.text(model);
  return name === undefined || (![...models.values()].includes(name) && draft.at(...draft.models, name) === undefined) ? {} : { $ref: `#/${[...draft.models, name].map(escapePointer).join('/')}` };
}

function addSecurity(template: Template, draft: Draft, properties: JsonObject, pointer: string, at: readonly string[], authorizers: ReadonlyMap<string, string>): void {
  const requirement: { [name: string]: Json } = {};
  const type = properties['AuthorizationType'] === undefined ? 'NONE' : template.text(properties['AuthorizationType'])?.toUpperCase();
  if (type === undefined || !/^(?:NONE|AWS_IAM|CUSTOM|COGNITO_USER_POOLS)$/.test(type)) {
    // Nothing may be open because its protection is not known.
    template.report(diagnostics.BAD_PROPERTY, `${pointer}/AuthorizationType`, { name: 'AuthorizationType', expected: 'NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS', hint: type === undefined ? paramHint(template.unknownIn(properties['AuthorizationType']!)) : 'write AuthorizationType: NONE for an operation that is open' });
    return;
  }
  if (type === 'AWS_IAM') {
    draft.add([...draft.schemes, 'AWS_IAM'], { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' }, pointer);
    requirement['AWS_IAM'] = [];
  } else if (type !== 'NONE') {
    const name = authorizers.get(template.idOf(properties['AuthorizerId']) ?? '');
    // Nothing may be open because a reference could not be read.
    if (name === undefined) template.report(diagnostics.BAD_PROPERTY, `${pointer}/AuthorizerId`, { name: 'AuthorizerId', expected: 'the Ref of an AWS::ApiGateway::Authorizer of the same API', hint: authorizers.size === 0 ? 'declare the authorizer in this template too, with its AuthorizerUri or ProviderARNs' : `write AuthorizerId: !Ref ${[...authorizers.keys()][0]!}` });
    else requirement[name] = list(template.plain(properties['AuthorizationScopes']));
  }
  if (flagOf(template, properties, 'ApiKeyRequired', pointer)) {
    draft.add([...draft.schemes, 'api_key'], { type: 'apiKey', name: 'x-api-key', in: 'header' }, pointer);
    requirement['api_key'] = [];
  }
  if (Object.keys(requirement).length > 0) draft.put([...at, 'security'], [requirement], pointer);
}

function readIntegration(template: Template, integration: JsonObject): Json {
  const { IntegrationHttpMethod, IntegrationResponses, RequestParameters, RequestTemplates, ...rest } = integration;
  const type = template.text(rest['Type']);
  const responses = objects(template, IntegrationResponses).map((response) => {
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

function scheme(template: Template, properties: JsonObject): Json {
  const { AuthorizerUri, AuthorizerCredentials, AuthorizerResultTtlInSeconds, IdentityValidationExpression, ProviderARNs } = properties;
  const type = (template.text(properties['Type']) ?? '').toLowerCase();
  const source = template.text(properties['IdentitySource']);
  const header = source !== undefined && type !== 'request' ? /^method\.request\.header\.([^,]+)$/.exec(source.trim())?.[1] : undefined;
  return {
    type: 'apiKey', name: header ?? (type === 'request' ? 'Unused' : 'Authorization'), in: 'header', 'x-amazon-apigateway-authtype': type === 'cognito_user_pools' ? type : 'custom',
    'x-amazon-apigateway-authorizer': {
      type, ...(AuthorizerUri !== undefined && { authorizerUri: AuthorizerUri }), ...(AuthorizerCredentials !== undefined && { authorizerCredentials: AuthorizerCredentials }),
      ...(AuthorizerResultTtlInSeconds !== undefined && { authorizerResultTtlInSeconds: typed('authorizerResultTtlInSeconds', AuthorizerResultTtlInSeconds) }), ...(ProviderARNs !== undefined && { providerARNs: ProviderARNs }),
      ...(source !== undefined && type === 'request' && { identitySource: source }), ...(IdentityValidationExpression !== undefined && { identityValidationExpression: IdentityValidationExpression }),
    },
  };
}

/** What keeps a path from being known: a reference to nothing (`pointer` undefined: the method's own), or a part without a value. */
interface Unplaced { readonly unknown?: string; readonly part?: Json; readonly pointer?: string }

/** The path of a reference to a resource, or to the API's root. */
function pathOf(template: Template, reference: Json | undefined, apiId: string, resources: ReadonlyMap<string, Resource>): string | Unplaced {
  const parts: string[] = [];
  let current = reference, pointer: string | undefined;
  for (let hops = 0; hops < MOST_PARENTS; hops++) {
    const id = template.idOf(current);
    if (id === rootOf(apiId)) return `/${parts.join('/')}`;
    const resource = resources.get(id ?? '');
    if (resource === undefined) return { ...(id !== undefined && { unknown: id }), ...(pointer !== undefined && { pointer }) };
    const part = template.text(resource.properties['PathPart']);
    if (part === undefined) return { part: resource.properties['PathPart'] ?? null, pointer: `${resource.pointer}/PathPart` };
    parts.unshift(part);
    current = resource.properties['ParentId'];
    pointer = `${resource.pointer}/ParentId`;
  }
  return { ...(pointer !== undefined && { pointer }) };
}

function parsed(text: string): Json {
  try { return JSON.parse(text) as Json; } catch { return text; }
}
