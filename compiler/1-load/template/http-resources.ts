/** An HTTP API that a template defines resource by resource (AWS::ApiGatewayV2::Route, Integration, Authorizer), as an OpenAPI document with API Gateway's extensions. */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import { typed } from '../placeholders/typed.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { isObject, type JsonObject } from './is-template.js';
import { list, objects } from './sam-events.js';
import { camelCase } from './stages.js';
import { section, type Resource, type Template } from './template.js';

/** Also of an API with a definition of its own, to which they are added. `id`: of the API. */
export function addHttpResources(template: Template, draft: Draft, id: string): void {
  const own = (type: string): Resource[] => template.of(`AWS::ApiGatewayV2::${type}`).filter(({ properties }) => template.idOf(properties['ApiId']) === id);
  const integrations = new Map(own('Integration').map((integration) => [integration.id, integration]));
  const authorizers = new Map<string, string>();
  for (const authorizer of own('Authorizer')) {
    const name = template.text(authorizer.properties['Name']) ?? authorizer.id;
    authorizers.set(authorizer.id, name);
    draft.put([...draft.schemes, name], scheme(template, authorizer.properties), authorizer.pointer);
  }
  for (const route of own('Route')) addRoute(template, draft, route, integrations, authorizers);
  for (const { pointer } of own('ApiGatewayManagedOverrides')) template.report(diagnostics.NOT_READ, pointer, { name: 'AWS::ApiGatewayV2::ApiGatewayManagedOverrides', owner: id, hint: 'write what it says into the routes, integrations and stages themselves' }, true);
}

/** `Target` of an API: one route (`RouteKey`, by default all of them) to a function or a URL. */
export function addQuickRoute(template: Template, draft: Draft, { properties, pointer }: Resource): void {
  const target = properties['Target'];
  if (target === undefined) return;
  const route = routeOf(template.text(properties['RouteKey'] ?? '$default'));
  if (route === undefined) return reportRouteKey(template, pointer);
  const isUrl = /^https?:/i.test(template.text(target) ?? '');
  const credentials: JsonObject = properties['CredentialsArn'] === undefined ? {} : { credentials: properties['CredentialsArn']! };
  addOperation(draft, route, { type: isUrl ? 'http_proxy' : 'aws_proxy', uri: target, httpMethod: isUrl ? 'ANY' : 'POST', payloadFormatVersion: isUrl ? '1.0' : '2.0', ...credentials }, `${pointer}/Target`);
}

function addRoute(template: Template, draft: Draft, { properties, pointer }: Resource, integrations: ReadonlyMap<string, Resource>, authorizers: ReadonlyMap<string, string>): void {
  const route = routeOf(template.text(properties['RouteKey']));
  if (route === undefined) return reportRouteKey(template, pointer);
  const target = template.text(properties['Target']);
  const integration = integrations.get(target?.replace(/^integrations\//, '') ?? '');
  if (integration === undefined) {
    const suggestion = closest(target?.replace(/^integrations\//, '') ?? '', integrations.keys());
    const first = suggestion ?? [...integrations.keys()][0];
    return template.report(diagnostics.BAD_PROPERTY, `${pointer}/Target`, { name: 'Target', expected: 'integrations/ and the Ref of an AWS::ApiGatewayV2::Integration of the same API', hint: first === undefined ? 'declare the integration in this template too' : `write Target: !Sub integrations/\${${first}}` });
  }
  const at = addOperation(draft, route, readIntegration(template, integration.properties), integration.pointer);
  const operationId = template.text(properties['OperationName']);
  if (operationId !== undefined) draft.put([...at, 'operationId'], operationId, `${pointer}/OperationName`);
  addSecurity(template, draft, properties, pointer, at, authorizers);
}

function reportRouteKey(template: Template, pointer: string): void {
  template.report(diagnostics.BAD_PROPERTY, `${pointer}/RouteKey`, { name: 'RouteKey', expected: 'a method and a path, or $default', hint: "write RouteKey: 'GET /pets/{id}', RouteKey: 'ANY /{proxy+}' or RouteKey: $default" });
}

interface Route { readonly path: string; readonly method: string; readonly isDefault: boolean }

function routeOf(key: string | undefined): Route | undefined {
  if (key?.trim() === '$default') return { path: '$default', method: 'x-amazon-apigateway-any-method', isDefault: true };
  const [, method, path] = /^\s*([A-Za-z]+)\s+(\/\S*)\s*$/.exec(key ?? '') ?? [];
  return method === undefined ? undefined : { path: path!, method: method.toUpperCase() === 'ANY' ? 'x-amazon-apigateway-any-method' : method.toLowerCase(), isDefault: false };
}

/** Gives the operation's path in the document. */
function addOperation(draft: Draft, { path, method, isDefault }: Route, integration: Json, pointer: string): readonly string[] {
  const at = ['paths', isDefault && draft.at('paths', '/$default') !== undefined ? '/$default' : path, method];
  draft.put([...at, 'x-amazon-apigateway-integration'], integration, pointer);
  draft.add([...at, 'responses'], { default: { description: '' } }, pointer);
  if (isDefault) draft.add([...at, 'isDefaultRoute'], true, pointer);
  const text: JsonObject = draft.isVersion2 ? { type: 'string' } : { schema: { type: 'string' } };
  const parameters = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({ name: name!.replace(/\+$/, ''), in: 'path', required: true, ...text }));
  if (parameters.length > 0) draft.add([...at, 'parameters'], parameters, pointer);
  return at;
}

/** Names of a few properties differ from those of the OpenAPI extension. */
function readIntegration(template: Template, properties: JsonObject): Json {
  const { ApiId: _, Description: __, IntegrationType, IntegrationUri, IntegrationMethod, CredentialsArn, RequestParameters, ResponseParameters, TimeoutInMillis, ...rest } = properties;
  const type = template.text(IntegrationType);
  const byStatus = Object.entries(isObject(ResponseParameters) ? ResponseParameters : {}).map(([status, value]) => {
    const parameters = objects(template, isObject(value) ? value['ResponseParameters'] : undefined);
    return [status, Object.fromEntries(parameters.map(({ Destination, Source }) => [template.text(Destination) ?? '', Source ?? '']))] as const;
  });
  return {
    ...(camelCase(rest) as JsonObject), ...(type !== undefined && { type: type.toLowerCase() }), ...(IntegrationUri !== undefined && { uri: IntegrationUri }), ...(IntegrationMethod !== undefined && { httpMethod: IntegrationMethod }),
    ...(CredentialsArn !== undefined && { credentials: CredentialsArn }), ...(RequestParameters !== undefined && { requestParameters: RequestParameters }), ...(byStatus.length > 0 && { responseParameters: Object.fromEntries(byStatus) }),
    ...(TimeoutInMillis !== undefined && { timeoutInMillis: typed('timeoutInMillis', TimeoutInMillis) }),
  };
}

function addSecurity(template: Template, draft: Draft, properties: JsonObject, pointer: string, at: readonly string[], authorizers: ReadonlyMap<string, string>): void {
  const type = properties['AuthorizationType'] === undefined ? 'NONE' : template.text(properties['AuthorizationType'])?.toUpperCase();
  if (type === 'NONE') return;
  if (type === 'AWS_IAM') {
    draft.add([...draft.schemes, 'AWS_IAM'], { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' }, pointer);
    draft.put([...at, 'security'], [{ AWS_IAM: [] }], pointer);
    return;
  }
  const name = authorizers.get(template.idOf(properties['AuthorizerId']) ?? '');
  // Nothing may be open because a reference could not be read.
  if (type !== 'JWT' && type !== 'CUSTOM') template.report(diagnostics.BAD_PROPERTY, `${pointer}/AuthorizationType`, { name: 'AuthorizationType', expected: 'NONE, AWS_IAM, JWT or CUSTOM', hint: 'write AuthorizationType: NONE for a route that is open' });
  else if (name === undefined) template.report(diagnostics.BAD_PROPERTY, `${pointer}/AuthorizerId`, { name: 'AuthorizerId', expected: 'the Ref of an AWS::ApiGatewayV2::Authorizer of the same API', hint: authorizers.size === 0 ? 'declare the authorizer in this template too, with its JwtConfiguration or AuthorizerUri' : `write AuthorizerId: !Ref ${[...authorizers.keys()][0]!}` });
  else draft.put([...at, 'security'], [{ [name]: [...list(template.plain(properties['AuthorizationScopes']))] }], pointer);
}

function scheme(template: Template, properties: JsonObject): Json {
  const { AuthorizerUri, AuthorizerCredentialsArn, AuthorizerPayloadFormatVersion, AuthorizerResultTtlInSeconds, EnableSimpleResponses, IdentitySource } = properties;
  const sources = template.plain(IdentitySource);
  if (template.text(properties['AuthorizerType'])?.toUpperCase() === 'JWT') {
    const configuration = section(properties, 'JwtConfiguration');
    const source = Array.isArray(sources) ? (sources as readonly Json[])[0] : sources;
    return { type: 'oauth2', 'x-amazon-apigateway-authorizer': { type: 'jwt', jwtConfiguration: { issuer: configuration['Issuer'] ?? '', audience: configuration['Audience'] ?? [] }, identitySource: source ?? '$request.header.Authorization' } };
  }
  return {
    type: 'apiKey', name: 'Unused', in: 'header',
    'x-amazon-apigateway-authorizer': {
      type: 'request', ...(AuthorizerUri !== undefined && { authorizerUri: AuthorizerUri }), ...(AuthorizerPayloadFormatVersion !== undefined && { authorizerPayloadFormatVersion: AuthorizerPayloadFormatVersion }),
      ...(AuthorizerCredentialsArn !== undefined && { authorizerCredentials: AuthorizerCredentialsArn }), ...(sources !== undefined && { identitySource: sources }),
      ...(AuthorizerResultTtlInSeconds !== undefined && { authorizerResultTtlInSeconds: typed('authorizerResultTtlInSeconds', AuthorizerResultTtlInSeconds) }),
      ...(EnableSimpleResponses !== undefined && { enableSimpleResponses: typed('enableSimpleResponses', EnableSimpleResponses) }),
    },
  };
}
