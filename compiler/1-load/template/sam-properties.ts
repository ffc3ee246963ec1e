/** Properties of AWS::Serverless::Api and HttpApi that belong in the document. */
import type { Json } from '../../code.js';
import { escapePointer } from '../node.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list } from './sam-events.js';
import { isObject, type JsonObject } from './is-template.js';
import { section, type Template } from './template.js';

/** What is about deployment, or read elsewhere. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'AccessLogSetting', 'AlwaysDeploy', 'Auth', 'CacheClusterEnabled', 'CacheClusterSize', 'CanarySetting', 'CorsConfiguration', 'Cors', 'DefaultRouteSettings', 'DefinitionBody', 'DefinitionUri', 'Description', 'Domain', 'EndpointConfiguration', 'FailOnWarnings', 'MergeDefinitions',
  'MethodSettings', 'Mode', 'Name', 'OpenApiVersion', 'PropagateTags', 'RouteSettings', 'StageName', 'StageVariables', 'Tags', 'TracingEnabled', 'Variables', 'BinaryMediaTypes', 'MinimumCompressionSize', 'ApiKeySourceType', 'GatewayResponses', 'Models', 'DisableExecuteApiEndpoint',
  'ParameterOverrides', 'SecurityPolicy',
]);

export function applyRestProperties(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const at = (name: string): string => `${pointer}/${name}`;
  const types = template.plain(properties['BinaryMediaTypes']);
  // A `/` cannot stand in a media type there.
  if (types !== undefined) draft.put(['x-amazon-apigateway-binary-media-types'], list(types).map((type) => (template.text(type)?.replaceAll('~1', '/') ?? type)), at('BinaryMediaTypes'));
  if (properties['MinimumCompressionSize'] !== undefined) draft.put(['x-amazon-apigateway-minimum-compression-size'], properties['MinimumCompressionSize']!, at('MinimumCompressionSize'));
  if (properties['ApiKeySourceType'] !== undefined) draft.put(['x-amazon-apigateway-api-key-source'], properties['ApiKeySourceType']!, at('ApiKeySourceType'));
  for (const [name, model] of Object.entries(section(properties, 'Models'))) draft.put([...draft.models, name], model, `${at('Models')}/${escapePointer(name)}`);
  for (const [name, response] of Object.entries(section(properties, 'GatewayResponses'))) {
    if (isObject(response)) draft.put(['x-amazon-apigateway-gateway-responses', name], gatewayResponse(response), `${at('GatewayResponses')}/${escapePointer(name)}`);
  }
  reportUnread(template, properties, 'AWS::Serverless::Api', pointer);
}

export function applyHttpProperties(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const cors = template.plain(properties['CorsConfiguration']);
  if (cors === true) draft.put(['x-amazon-apigateway-cors'], { allowOrigins: ['*'] }, `${pointer}/CorsConfiguration`);
  else if (isObject(cors)) draft.put(['x-amazon-apigateway-cors'], Object.fromEntries(Object.entries(cors).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value])), `${pointer}/CorsConfiguration`);
  reportUnread(template, properties, 'AWS::Serverless::HttpApi', pointer);
}

function reportUnread(template: Template, properties: JsonObject, owner: string, pointer: string): void {
  for (const name of Object.keys(properties)) {
    if (!ELSEWHERE.has(name)) template.report(diagnostics.NOT_READ, `${pointer}/${escapePointer(name)}`, { name, owner, hint: 'leave it out, or say it in an overlay (--overlay)' }, true);
  }
  if (template.plain(properties['FailOnWarnings']) === true) template.report(diagnostics.FAILS_ON_WARNINGS, `${pointer}/FailOnWarnings`, {}, true);
}

/** SAM groups the parameters of a response by kind. */
function gatewayResponse(response: JsonObject): Json {
  const parameters = Object.entries(section(response, 'ResponseParameters')).flatMap(([kind, values]) => Object.entries(isObject(values) ? values : {}).map(([name, value]) => [`gatewayresponse.${kind === 'Headers' ? 'header' : kind === 'Paths' ? 'path' : 'querystring'}.${name}`, value] as const));
  return {
    ...(response['StatusCode'] !== undefined && { statusCode: typeof response['StatusCode'] === 'number' ? String(response['StatusCode']) : response['StatusCode']! }),
    ...(parameters.length > 0 && { responseParameters: Object.fromEntries(parameters) }),
    ...(response['ResponseTemplates'] !== undefined && { responseTemplates: response['ResponseTemplates']! }),
  };
}

/** An OPTIONS operation for every path without one, as SAM makes it. */
export function applyCors(template: Template, draft: Draft, value: Json | undefined, pointer: string): void {
  const cors = template.plain(value);
  if (cors === undefined) return;
  const settings: JsonObject = isObject(cors) ? cors : { AllowOrigin: cors };
  const text = (name: string): string | undefined => { const found = settings[name]; return found === undefined ? undefined : template.text(found); };
  for (const [path, item] of Object.entries(section(draft.root, 'paths'))) {
    if (!isObject(item) || item['options'] !== undefined) continue;
    const present = Object.keys(item).filter((key) => /^(?:get|put|post|delete|head|patch)$/.test(key)).map((key) => key.toUpperCase());
    const methods = item['x-amazon-apigateway-any-method'] !== undefined ? ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] : [...present, 'OPTIONS'].sort();
    const headers: [string, string | undefined][] = [
      ['Access-Control-Allow-Headers', text('AllowHeaders')], ['Access-Control-Allow-Methods', text('AllowMethods') ?? `'${methods.join(',')}'`], ['Access-Control-Allow-Origin', text('AllowOrigin') ?? "'*'"],
      ['Access-Control-Max-Age', text('MaxAge')], ['Access-Control-Allow-Credentials', settings['AllowCredentials'] === true ? "'true'" : undefined],
    ];
    const set = headers.filter((entry): entry is [string, string] => entry[1] !== undefined);
    const header: Json = draft.isVersion2 ? { type: 'string' } : { schema: { type: 'string' } };
    draft.put(['paths', path, 'options'], {
      summary: 'CORS support',
      responses: { 200: { description: 'Default response for CORS method', headers: Object.fromEntries(set.map(([name]) => [name, header])) } },
      'x-amazon-apigateway-integration': {
        type: 'mock', requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
        responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '{}\n' }, responseParameters: Object.fromEntries(set.map(([name, expression]) => [`method.response.header.${name}`, expression])) } },
      },
    }, pointer);
  }
}
