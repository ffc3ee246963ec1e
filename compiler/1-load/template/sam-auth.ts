/** SAM's `Auth` of an API and of its events → security schemes with authorizers, and `security` of operations. */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import { escapePointer } from '../node.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { invocationUri, list, type SamEvent } from './sam-events.js';
import { isObject, type JsonObject } from './is-template.js';
import { flagOf, paramHint } from './known-flag.js';
import { section, type Template } from './template.js';

const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'x-amazon-apigateway-any-method']);
const API_KEY = 'api_key', IAM = 'AWS_IAM';

interface Operation { readonly event: SamEvent; readonly path: readonly string[] }

/** `operations`: those that events made, with their own `Auth`. `pointer`: of the API's properties. */
export function applyAuth(template: Template, draft: Draft, auth: JsonObject, isHttp: boolean, operations: readonly Operation[], pointer: string): void {
  const declared = section(auth, 'Authorizers');
  const names = Object.keys(declared);
  const isKeyRequired = flagOf(template, auth, 'ApiKeyRequired', `${pointer}/Auth`);
  const at = `${pointer}/Auth`;
  const scopes = new Map<string, readonly Json[]>();
  for (const [name, authorizer] of Object.entries(declared)) {
    if (!isObject(authorizer)) continue;
    scopes.set(name, list(authorizer['AuthorizationScopes']));
    draft.add([...draft.schemes, name], isHttp ? httpScheme(authorizer) : restScheme(authorizer), `${at}/Authorizers/${escapePointer(name)}`);
  }
  const isKnown = (name: string, place: string): boolean => {
    if (name === 'NONE' || name === IAM || names.includes(name)) return true;
    template.report(diagnostics.UNKNOWN_AUTHORIZER, place, { name, suggestion: closest(name, names) });
    return false;
  };
  /** undefined: none is named. One whose name is not known must not leave the operation open. */
  const nameOf = (section: JsonObject, property: string, place: string): string | undefined | false => {
    const written = section[property];
    const name = template.text(written);
    if (written === undefined || (name !== undefined && isKnown(name, `${place}/${property}`))) return name;
    if (name === undefined) template.report(diagnostics.BAD_PROPERTY, `${place}/${property}`, { name: property, expected: 'known in a build', hint: paramHint(template.unknownIn(written)) });
    return false;
  };
  const standard = nameOf(auth, 'DefaultAuthorizer', at);
  const byEvent = new Map(operations.map(({ event, path }) => [path.join('\n'), event]));
  for (const [path, item] of Object.entries(section(draft.root, 'paths'))) {
    if (!isObject(item)) continue;
    for (const [method, operation] of Object.entries(item)) {
      if (!METHODS.has(method) || !isObject(operation)) continue;
      const event = byEvent.get(['paths', path, method].join('\n'));
      const own = event ? section(event.properties, 'Auth') : {};
      const isPreflight = method === 'options' && !event;
      const place = event ? `${event.pointer}/Auth` : at;
      const chosen = nameOf(own, 'Authorizer', place);
      if (chosen === false || standard === false) continue;
      const name = chosen ?? ((isHttp && method === 'options') || isPreflight && template.flag(auth['AddDefaultAuthorizerToCorsPreflight']) === false ? undefined : standard);
      const needsKey = flagOf(template, own, 'ApiKeyRequired', place, isKeyRequired && !(isPreflight && template.flag(auth['AddApiKeyRequiredToCorsPreflight']) === false));
      const requirements: Json[] = [];
      if (name === IAM) draft.add([...draft.schemes, IAM], { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' }, place);
      if (needsKey) draft.add([...draft.schemes, API_KEY], { type: 'apiKey', name: 'x-api-key', in: 'header' }, place);
      // API Gateway wants all of an operation's schemes, however they are listed.
      if (name !== undefined && name !== 'NONE') requirements.push({ [name]: name === IAM ? [] : list(own['AuthorizationScopes'] ?? scopes.get(name)), ...(needsKey && { [API_KEY]: [] }) });
      else if (needsKey) requirements.push({ [API_KEY]: [] });
      // What the definition itself says stays, unless the event says something.
      if (operation['security'] !== undefined && Object.keys(own).length === 0) continue;
      if (requirements.length > 0 || chosen === 'NONE') draft.put(['paths', path, method, 'security'], requirements, place);
    }
  }
}

function restScheme(authorizer: JsonObject): Json {
  const identity = section(authorizer, 'Identity');
  const header = typeof identity['Header'] === 'string' ? identity['Header'] : 'Authorization';
  const expression: JsonObject = identity['ValidationExpression'] === undefined ? {} : { identityValidationExpression: identity['ValidationExpression'] };
  const ttl: JsonObject = identity['ReauthorizeEvery'] === undefined ? {} : { authorizerResultTtlInSeconds: identity['ReauthorizeEvery'] };
  if (authorizer['UserPoolArn'] !== undefined) {
    const pools = Array.isArray(authorizer['UserPoolArn']) ? authorizer['UserPoolArn'] as readonly Json[] : [authorizer['UserPoolArn']!];
    return { type: 'apiKey', name: header, in: 'header', 'x-amazon-apigateway-authtype': 'cognito_user_pools', 'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools', providerARNs: pools, ...expression } };
  }
  const common: JsonObject = {
    authorizerUri: invocationUri(authorizer['FunctionArn'] ?? ''), ...ttl,
    ...(authorizer['FunctionInvokeRole'] !== undefined && authorizer['FunctionInvokeRole'] !== 'NONE' && { authorizerCredentials: authorizer['FunctionInvokeRole'] }),
  };
  if (authorizer['FunctionPayloadType'] !== 'REQUEST') return { type: 'apiKey', name: header, in: 'header', 'x-amazon-apigateway-authtype': 'custom', 'x-amazon-apigateway-authorizer': { type: 'token', ...common, ...expression } };
  const sources = [
    ...list(identity['Headers']).map((name) => `method.request.header.${String(name)}`), ...list(identity['QueryStrings']).map((name) => `method.request.querystring.${String(name)}`),
    ...list(identity['StageVariables']).map((name) => `stageVariables.${String(name)}`), ...list(identity['Context']).map((name) => `context.${String(name)}`),
  ];
  return { type: 'apiKey', name: 'Unused', in: 'header', 'x-amazon-apigateway-authtype': 'custom', 'x-amazon-apigateway-authorizer': { type: 'request', ...common, ...(sources.length > 0 && { identitySource: sources.join(', ') }) } };
}

function httpScheme(authorizer: JsonObject): Json {
  const identity = section(authorizer, 'Identity');
  if (authorizer['JwtConfiguration'] !== undefined) {
    const jwt = section(authorizer, 'JwtConfiguration');
    return { type: 'oauth2', 'x-amazon-apigateway-authorizer': { type: 'jwt', jwtConfiguration: { issuer: jwt['issuer'] ?? jwt['Issuer'] ?? '', audience: jwt['audience'] ?? jwt['Audience'] ?? [] }, identitySource: authorizer['IdentitySource'] ?? '$request.header.Authorization' } };
  }
  const sources = [
    ...list(identity['Headers']).map((name) => `$request.header.${String(name)}`), ...list(identity['QueryStrings']).map((name) => `$request.querystring.${String(name)}`),
    ...list(identity['StageVariables']).map((name) => `$stageVariables.${String(name)}`), ...list(identity['Context']).map((name) => `$context.${String(name)}`),
  ];
  return {
    type: 'apiKey', name: 'Unused', in: 'header',
    'x-amazon-apigateway-authorizer': {
      type: 'request', authorizerUri: invocationUri(authorizer['FunctionArn'] ?? ''), authorizerPayloadFormatVersion: authorizer['AuthorizerPayloadFormatVersion'] ?? '2.0',
      ...(sources.length > 0 && { identitySource: sources }), ...(authorizer['EnableSimpleResponses'] !== undefined && { enableSimpleResponses: authorizer['EnableSimpleResponses'] }),
      ...(identity['ReauthorizeEvery'] !== undefined && { authorizerResultTtlInSeconds: identity['ReauthorizeEvery'] }),
      ...(authorizer['FunctionInvokeRole'] !== undefined && { authorizerCredentials: authorizer['FunctionInvokeRole'] }),
    },
  };
}
