/** What mapping templates see of an exchange (vtl.md §1, §4, §5). One scope per exchange: what a request template writes, the response template reads. */
import { authorizerOf } from './authorizer-result.js';
import {
  contextDomainName, contextDomainPrefix, contextPath, contextProtocol, contextRequestTime, contextRequestTimeEpoch, contextTraceId,
} from './context.js';
import type { Exchange } from './exchange.js';
import { AUTHORIZERS } from './flags.js';
import { extendedRequestId, requestId } from './request-id.js';
import { forEachQueryParameter } from './request-values.js';
import { TemplateInput, type TemplateParameters } from './vtl/input.js';
import { LazyMap, overrideMaps, textMap, type TemplateScope } from './vtl/scope.js';
import { JavaMap, type Value } from './vtl/values.js';

/** Fields API Gateway removes before anything sees the request (rest-pipeline.md §3.1). */
const REMOVED = new Set(['connection', 'content-length', 'content-md5', 'expect', 'max-forwards', 'proxy-authenticate', 'server', 'te', 'transfer-encoding', 'trailer', 'upgrade', 'www-authenticate']);

/** The scope of the exchange's request templates. `path` is flat `[name, value…]`, values as received. */
export function requestScope(exchange: Exchange, path: readonly string[], resourcePath: string, payload: string): TemplateScope {
  const parameters: TemplateParameters = { path: pathMap(path), querystring: queryMap(exchange), header: headerMap(exchange) };
  const scope: TemplateScope = {
    input: new TemplateInput(payload, parameters),
    context: contextMap(exchange, resourcePath),
    stageVariables: textMap(Object.entries(exchange.gateway.stageVariables)),
  };
  (exchange.context ??= {})['templateScope'] = scope;
  return scope;
}

/** The scope of the response templates: the backend's payload, the request's parameters and overrides. */
export function responseScope(exchange: Exchange, path: readonly string[], resourcePath: string, payload: string): TemplateScope {
  const request = (exchange.context?.['templateScope'] as TemplateScope | undefined) ?? requestScope(exchange, path, resourcePath, '');
  return { ...request, input: new TemplateInput(payload, request.input.parameters) };
}

function pathMap(path: readonly string[]): JavaMap {
  const entries: [string, string][] = [];
  for (let i = 0; i < path.length; i += 2) entries.push([path[i]!, path[i + 1]!]);
  return textMap(entries);
}

/** The last value of a repeated name. */
function queryMap(exchange: Exchange): JavaMap {
  const entries: [string, string][] = [];
  forEachQueryParameter(exchange, (name, value) => entries.push([name, value]));
  return textMap(entries);
}

function headerMap(exchange: Exchange): JavaMap {
  const entries: [string, string][] = [];
  exchange.head.forEach((name, value) => { if (!REMOVED.has(name.toLowerCase())) entries.push([name, value]); });
  return textMap(entries);
}

const CONTEXT = ['resourceId', 'resourcePath', 'httpMethod', 'extendedRequestId', 'requestTime', 'path', 'accountId', 'protocol', 'requestOverride', 'stage', 'domainPrefix', 'requestTimeEpoch', 'requestId', 'identity', 'domainName', 'deploymentId', 'responseOverride', 'apiId'];
const IDENTITY = ['cognitoIdentityPoolId', 'accountId', 'cognitoIdentityId', 'caller', 'sourceIp', 'principalOrgId', 'accessKey', 'cognitoAuthenticationType', 'cognitoAuthenticationProvider', 'userArn', 'userAgent', 'user'];

/** `$context`. Of its maps only leaves print (recorded). */
function contextMap(exchange: Exchange, resourcePath: string): JavaMap {
  const overrides = overrideMaps();
  const identity = new LazyMap(() => IDENTITY, (name): Value => (name === 'sourceIp' ? exchange.connection.remoteAddress : name === 'userAgent' ? (exchange.head.get('user-agent') ?? null) : AUTHORIZERS ? authorizerOf(exchange)?.identity?.[name] ?? null : null));
  identity.opaque = true;
  const context = new LazyMap(() => (!AUTHORIZERS || authorizerOf(exchange) === null ? CONTEXT : [...CONTEXT, 'authorizer']), (name): Value => {
    switch (name) {
      case 'authorizer': return AUTHORIZERS ? authorizerMap(exchange) : null;
      case 'resourcePath': return resourcePath;
      case 'httpMethod': return exchange.method;
      case 'extendedRequestId': return extendedRequestId(exchange);
      case 'requestId': return requestId(exchange);
      case 'requestTime': return contextRequestTime(exchange);
      case 'requestTimeEpoch': return BigInt(contextRequestTimeEpoch(exchange));
      case 'path': return contextPath(exchange);
      case 'accountId': return exchange.gateway.accountId;
      case 'apiId': return exchange.gateway.apiId;
      case 'stage': return exchange.gateway.stage;
      case 'protocol': return contextProtocol(exchange);
      case 'domainName': return contextDomainName(exchange);
      case 'domainPrefix': return contextDomainPrefix(exchange);
      case 'xrayTraceId': return contextTraceId(exchange);
      case 'identity': return identity;
      case 'requestOverride': return overrides.requestOverride;
      case 'responseOverride': return overrides.responseOverride;
      default: return null;
    }
  });
  context.opaque = true;
  return context;
}

/** `$context.authorizer`: its values are text, the claims of a token a map. Only leaves print. */
function authorizerMap(exchange: Exchange): JavaMap | null {
  const values = authorizerOf(exchange)?.values;
  return values === undefined ? null : leaves(values);
}

function leaves(values: object): JavaMap {
  const map = new JavaMap();
  for (const [name, value] of Object.entries(values) as [string, unknown][]) {
    if (typeof value === 'string') map.fill(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') map.fill(name, String(value));
    else if (name === 'claims' && typeof value === 'object' && value !== null) map.fill(name, leaves(value));
  }
  map.opaque = true;
  return map;
}
