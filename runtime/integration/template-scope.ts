/**
 * What mapping templates see of an exchange (vtl.md §1, §4, §5). One scope per exchange: what a request template writes, the response template reads.
 * Nothing of it is made before a template asks for it.
 */
import { authorizerOf } from '../access/authorizer-result.js';
import {
  contextDomainName, contextDomainPrefix, contextPath, contextProtocol, contextRequestTime, contextRequestTimeEpoch, contextTraceId,
} from '../context.js';
import type { Exchange } from '../exchange.js';
import { AUTHORIZERS, WAF_CONTEXT } from '../flags.js';
import { extendedRequestId, requestId } from '../identifiers/request-id.js';
import { clientCertificate, type ClientCertificate } from '../tls/tls-client.js';
import { forEachQueryParameter } from '../request-values.js';
import { contextWaf } from '../waf/outcome.js';
import { TemplateInput, type TemplateParameters } from '../vtl/input.js';
import { LazyMap, templateContext, textMap, type TemplateScope } from '../vtl/scope.js';
import { JavaMap, type Value } from '../vtl/values.js';

/** Fields API Gateway removes before anything sees the request (rest-pipeline.md §3.1). */
const REMOVED = new Set(['connection', 'content-length', 'content-md5', 'expect', 'max-forwards', 'proxy-authenticate', 'server', 'te', 'transfer-encoding', 'trailer', 'upgrade', 'www-authenticate']);

/** What the compiler knows of a route. */
export interface TemplateRoute {
  /** Path template. */
  readonly resourcePath: string;
  readonly resourceId: string;
  readonly deploymentId: string;
  readonly operationName?: string;
}

/** The scope of the exchange's request templates. `path` is flat `[name, value…]`, values as received. */
export function requestScope(exchange: Exchange, path: readonly string[], route: TemplateRoute, payload: string): TemplateScope {
  const scope = new RequestScope(exchange, route, new TemplateInput(payload, new RequestParameters(exchange, path)));
  (exchange.context ??= {})['templateScope'] = scope;
  return scope;
}

/** The scope of the response templates: the backend's payload, the request's parameters and overrides. */
export function responseScope(exchange: Exchange, path: readonly string[], route: TemplateRoute, payload: string): TemplateScope {
  const request = (exchange.context?.['templateScope'] as TemplateScope | undefined) ?? requestScope(exchange, path, route, '');
  return new ResponseScope(request, new TemplateInput(payload, request.input.parameters));
}

class RequestScope implements TemplateScope {
  private contextMap: JavaMap | null = null;
  private variables: JavaMap | null = null;
  constructor(private readonly exchange: Exchange, private readonly route: TemplateRoute, readonly input: TemplateInput) {}
  get context(): JavaMap { return (this.contextMap ??= contextMap(this.exchange, this.route)); }
  get stageVariables(): JavaMap { return (this.variables ??= textMap(Object.entries(this.exchange.gateway.stageVariables))); }
}

class ResponseScope implements TemplateScope {
  constructor(private readonly request: TemplateScope, readonly input: TemplateInput) {}
  get context(): JavaMap { return this.request.context; }
  get stageVariables(): JavaMap { return this.request.stageVariables; }
}

class RequestParameters implements TemplateParameters {
  private pathMap: JavaMap | null = null;
  private queryMap: JavaMap | null = null;
  private headerMap: JavaMap | null = null;
  constructor(private readonly exchange: Exchange, private readonly values: readonly string[]) {}

  get path(): JavaMap {
    if (this.pathMap !== null) return this.pathMap;
    const entries: [string, string][] = [];
    for (let i = 0; i < this.values.length; i += 2) entries.push([this.values[i]!, this.values[i + 1]!]);
    return (this.pathMap = textMap(entries));
  }

  /** The last value of a repeated name. */
  get querystring(): JavaMap {
    if (this.queryMap !== null) return this.queryMap;
    const entries: [string, string][] = [];
    forEachQueryParameter(this.exchange, (name, value) => entries.push([name, value]));
    return (this.queryMap = textMap(entries));
  }

  get header(): JavaMap {
    if (this.headerMap !== null) return this.headerMap;
    const entries: [string, string][] = [];
    this.exchange.head.forEach((name, value) => { if (!REMOVED.has(name.toLowerCase())) entries.push([name, value]); });
    return (this.headerMap = textMap(entries));
  }
}

const CONTEXT = ['resourceId', 'resourcePath', 'httpMethod', 'extendedRequestId', 'requestTime', 'path', 'accountId', 'protocol', 'stage', 'domainPrefix', 'requestTimeEpoch', 'requestId', 'identity', 'domainName', 'deploymentId', 'apiId'];
const IDENTITY = ['cognitoIdentityPoolId', 'accountId', 'cognitoIdentityId', 'caller', 'sourceIp', 'principalOrgId', 'accessKey', 'cognitoAuthenticationType', 'cognitoAuthenticationProvider', 'userArn', 'userAgent', 'user'];

/** `$context`. Of its maps only leaves print (recorded); what the gateway has no value for is null, and prints as nothing. */
function contextMap(exchange: Exchange, route: TemplateRoute): JavaMap {
  const names = [...CONTEXT, ...(route.operationName === undefined ? [] : ['operationName']), ...(AUTHORIZERS && authorizerOf(exchange) !== null ? ['authorizer'] : []), ...(WAF_CONTEXT && contextWaf(exchange, 'webaclArn') !== '' ? ['wafResponseCode', 'webaclArn'] : [])];
  return templateContext(names, (name): Value => {
    switch (name) {
      case 'authorizer': return AUTHORIZERS ? authorizerMap(exchange) : null;
      case 'resourceId': return route.resourceId;
      case 'resourcePath': return route.resourcePath;
      case 'deploymentId': return route.deploymentId;
      case 'operationName': return route.operationName ?? null;
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
      case 'identity': return identityMap(exchange);
      case 'wafResponseCode': case 'webaclArn': return WAF_CONTEXT ? contextWaf(exchange, name) || null : null;
      case 'waf': return WAF_CONTEXT ? wafMap(exchange) : null;
      default: return null;
    }
  });
}

/** `$context.waf`. */
function wafMap(exchange: Exchange): JavaMap {
  const map = textMap(['error', 'latency', 'status'].map((name) => [name, contextWaf(exchange, `waf.${name}`)] as const).filter(([, text]) => text !== ''));
  map.opaque = true;
  return map;
}

/** `apiKey` and `apiKeyId` exist where the method asks for a key. */
function identityMap(exchange: Exchange): JavaMap {
  const { apiKey } = exchange;
  const certificate = clientCertificate(exchange);
  const identity = new LazyMap(() => [...IDENTITY, ...(apiKey === null ? [] : ['apiKey', 'apiKeyId']), ...(certificate === null ? [] : ['clientCert'])], (name): Value => {
    switch (name) {
      case 'clientCert': return certificate === null ? null : certificateMap(certificate);
      case 'sourceIp': return exchange.connection.remoteAddress;
      case 'userAgent': return exchange.head.get('user-agent') ?? null;
      case 'apiKey': return apiKey === null ? null : apiKey.value;
      case 'apiKeyId': return apiKey === null ? null : apiKey.id;
      default: return AUTHORIZERS ? authorizerOf(exchange)?.identity?.[name] ?? null : null;
    }
  });
  identity.opaque = true;
  return identity;
}

function certificateMap({ validity, ...texts }: ClientCertificate): JavaMap {
  const map = textMap(Object.entries(texts)), dates = textMap(Object.entries(validity));
  map.fill('validity', dates);
  map.opaque = dates.opaque = true;
  return map;
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
