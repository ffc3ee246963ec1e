/** Properties of AWS::Serverless::Api and HttpApi that belong in the document. */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import { escapePointer } from '../node.js';
import { typed } from '../placeholders/typed.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list, pathParameters } from './sam-events.js';
import { isObject, type JsonObject } from './is-template.js';
import { camelCase } from './stages.js';
import { section, type Template } from './template.js';

/** By type of resource: what is about deployment, or read elsewhere. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Api': [
    'AccessLogSetting', 'AlwaysDeploy', 'Auth', 'CacheClusterEnabled', 'CacheClusterSize', 'CanarySetting', 'Cors', 'DefinitionBody', 'DefinitionUri', 'Description', 'Domain', 'EndpointAccessMode', 'EndpointConfiguration', 'FailOnWarnings', 'MergeDefinitions',
    'MethodSettings', 'Mode', 'Name', 'OpenApiVersion', 'Policy', 'PropagateTags', 'StageName', 'Tags', 'TracingEnabled', 'Variables', 'BinaryMediaTypes', 'MinimumCompressionSize', 'ApiKeySourceType', 'GatewayResponses', 'Models', 'DisableExecuteApiEndpoint',
    'ParameterOverrides', 'SecurityPolicy', '__MANAGE_SWAGGER',
  ],
  'AWS::Serverless::HttpApi': [
    'AccessLogSettings', 'Auth', 'CorsConfiguration', 'DefaultRouteSettings', 'DefinitionBody', 'DefinitionUri', 'Description', 'Domain', 'DisableExecuteApiEndpoint', 'FailOnWarnings', 'Name', 'PropagateTags', 'RouteSettings', 'StageName', 'StageVariables', 'Tags', 'Basepath',
    '__MANAGE_SWAGGER', 'IpAddressType',
  ],
  'AWS::ApiGateway::RestApi': [
    'ApiKeySourceType', 'BinaryMediaTypes', 'Body', 'BodyS3Location', 'Description', 'DisableExecuteApiEndpoint', 'EndpointAccessMode', 'EndpointConfiguration', 'FailOnWarnings', 'MinimumCompressionSize', 'Mode', 'Name', 'Parameters', 'Policy', 'SecurityPolicy', 'Tags',
  ],
  'AWS::ApiGatewayV2::Api': [
    'Basepath', 'Body', 'BodyS3Location', 'CorsConfiguration', 'CredentialsArn', 'Description', 'DisableExecuteApiEndpoint', 'DisableSchemaValidation', 'FailOnWarnings', 'IpAddressType', 'Name', 'ProtocolType', 'RouteKey', 'RouteSelectionExpression', 'ApiKeySelectionExpression',
    'Tags', 'Target', 'Version',
  ],
};

/** What REST APIs of SAM and of CloudFormation have in common. */
export function applyRestSettings(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const at = (name: string): string => `${pointer}/${name}`;
  const types = template.plain(properties['BinaryMediaTypes']);
  // A `/` cannot stand in a media type there.
  if (types !== undefined) draft.put(['x-amazon-apigateway-binary-media-types'], list(types).map((type) => (template.text(type)?.replaceAll('~1', '/') ?? type)), at('BinaryMediaTypes'));
  const size = properties['MinimumCompressionSize'];
  if (size !== undefined) draft.put(['x-amazon-apigateway-minimum-compression-size'], typed('x-amazon-apigateway-minimum-compression-size', size), at('MinimumCompressionSize'));
  if (properties['ApiKeySourceType'] !== undefined) draft.put(['x-amazon-apigateway-api-key-source'], properties['ApiKeySourceType']!, at('ApiKeySourceType'));
}

export function applyRestProperties(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const at = (name: string): string => `${pointer}/${name}`;
  applyRestSettings(template, draft, properties, pointer);
  for (const [name, model] of Object.entries(section(properties, 'Models'))) draft.put([...draft.models, name], model, `${at('Models')}/${escapePointer(name)}`);
  for (const [name, response] of Object.entries(section(properties, 'GatewayResponses'))) {
    if (isObject(response)) draft.put(['x-amazon-apigateway-gateway-responses', name], gatewayResponse(response), `${at('GatewayResponses')}/${escapePointer(name)}`);
  }
  reportUnread(template, properties, 'AWS::Serverless::Api', pointer);
}

export function applyHttpProperties(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  applyCorsConfiguration(template, draft, properties, pointer);
  reportUnread(template, properties, 'AWS::Serverless::HttpApi', pointer);
}

export function applyCorsConfiguration(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const cors = template.plain(properties['CorsConfiguration']);
  if (template.flag(properties['CorsConfiguration']) === true) draft.put(['x-amazon-apigateway-cors'], { allowOrigins: ['*'] }, `${pointer}/CorsConfiguration`);
  else if (isObject(cors)) draft.put(['x-amazon-apigateway-cors'], camelCase(cors), `${pointer}/CorsConfiguration`);
}

/** Properties that nobody reads, and those without effect here. `owner`: the type of the resource. */
export function reportUnread(template: Template, properties: JsonObject, owner: string, pointer: string): void {
  const known = ELSEWHERE[owner]!;
  for (const name of Object.keys(properties)) {
    if (known.includes(name)) continue;
    const meant = closest(name, known);
    template.report(diagnostics.NOT_READ, `${pointer}/${escapePointer(name)}`, { name, owner, hint: meant === undefined ? 'leave it out, or say it in an overlay (--overlay)' : `did you mean '${meant}'?` }, true);
  }
  if (template.flag(properties['FailOnWarnings']) === true) template.report(diagnostics.FAILS_ON_WARNINGS, `${pointer}/FailOnWarnings`, {}, true);
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
      ['Access-Control-Max-Age', text('MaxAge')], ['Access-Control-Allow-Credentials', template.flag(settings['AllowCredentials']) === true ? "'true'" : undefined],
    ];
    const set = headers.filter((entry): entry is [string, string] => entry[1] !== undefined);
    const header: Json = draft.isVersion2 ? { type: 'string' } : { schema: { type: 'string' } };
    const parameters = pathParameters(path, draft.isVersion2);
    draft.put(['paths', path, 'options'], {
      summary: 'CORS support', ...(parameters.length > 0 && { parameters }),
      responses: { 200: { description: 'Default response for CORS method', headers: Object.fromEntries(set.map(([name]) => [name, header])) } },
      'x-amazon-apigateway-integration': {
        type: 'mock', requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
        responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '{}\n' }, responseParameters: Object.fromEntries(set.map(([name, expression]) => [`method.response.header.${name}`, expression])) } },
      },
    }, pointer);
  }
}
