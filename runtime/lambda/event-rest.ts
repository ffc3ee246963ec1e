/** The event of a REST API's Lambda proxy integration (integrations.md §8 [R]). Key order is that of AWS's own events. */
import { contextArrival, contextDomainName, contextPath, contextProtocol, contextRequestTime } from '../context.js';
import type { Exchange } from '../exchange.js';
import { allValues, authorizerContext, eventFields, eventQuery, lastValues, setOwn, signer, stageVariables } from './event-fields.js';
import { isBinary } from '../body/media-types.js';
import { clientCertificate } from '../tls/tls-client.js';
import { extendedRequestId, requestId } from '../identifiers/request-id.js';
import { latin1 } from '../request-values.js';

/** What the compiler knows of a route. */
export interface RestRoute {
  /** Path template. */
  readonly resource: string;
  readonly resourceId: string;
  readonly deploymentId: string;
  readonly operationName?: string;
  /** `binaryMediaTypes` of the API, lower case. */
  readonly binaryMediaTypes: readonly string[];
}

/** Removed before anything sees them (rest-pipeline.md §3.1 [R]). */
const DROPPED: ReadonlySet<string> = /* @__PURE__ */ new Set(['connection', 'content-length', 'content-md5', 'expect', 'max-forwards', 'proxy-authenticate', 'server', 'te', 'transfer-encoding', 'trailer', 'upgrade', 'www-authenticate']);

/** `pathParameters`: raw values, or null when the path has no variables. */
export function restEvent(exchange: Exchange, route: RestRoute, pathParameters: Record<string, string> | null) {
  const { head, body } = exchange;
  const fields = eventFields(exchange, DROPPED);
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  for (const { name, values } of fields) {
    setOwn(headers, name, values[values.length - 1]!);
    setOwn(multiValueHeaders, name, values);
  }
  const query = eventQuery(exchange);
  const hasBody = body !== null && body.length > 0;
  const binary = hasBody && isBinary(route.binaryMediaTypes, head.get('content-type'));
  return {
    resource: route.resource,
    path: latin1(exchange.target, exchange.pathStart, exchange.pathEnd),
    httpMethod: exchange.method,
    headers,
    multiValueHeaders,
    queryStringParameters: query === null ? null : lastValues(query),
    multiValueQueryStringParameters: query === null ? null : allValues(query),
    pathParameters,
    stageVariables: stageVariables(exchange),
    requestContext: requestContext(exchange, route),
    body: hasBody ? body.toString(binary ? 'base64' : 'utf8') : null,
    isBase64Encoded: binary,
  };
}

function requestContext(exchange: Exchange, route: RestRoute) {
  const { gateway, apiKey } = exchange;
  const domainName = contextDomainName(exchange);
  const dot = domainName.indexOf('.');
  const authorizer = authorizerContext(exchange);
  const context = {
    resourceId: route.resourceId,
    resourcePath: route.resource,
    httpMethod: exchange.method,
    extendedRequestId: extendedRequestId(exchange),
    requestTime: contextRequestTime(exchange),
    path: contextPath(exchange),
    accountId: gateway.accountId,
    protocol: contextProtocol(exchange),
    stage: gateway.stage,
    domainPrefix: dot < 0 ? domainName : domainName.slice(0, dot),
    requestTimeEpoch: contextArrival(exchange),
    requestId: requestId(exchange),
    identity: apiKey === null ? identity(exchange) : { ...identity(exchange), apiKey: Buffer.from(apiKey.value, 'latin1').toString('utf8'), apiKeyId: apiKey.id },
    domainName,
    deploymentId: route.deploymentId,
    apiId: gateway.apiId,
  };
  if (authorizer === null && route.operationName === undefined) return context;
  const { resourceId, resourcePath, ...others } = context;
  return {
    resourceId,
    ...(authorizer === null ? {} : { authorizer }),
    resourcePath,
    ...(route.operationName === undefined ? {} : { operationName: route.operationName }),
    ...others,
  };
}

function identity(exchange: Exchange) {
  const caller = signer(exchange), clientCert = clientCertificate(exchange);
  const known = caller === null ? anonymous(exchange) : { ...anonymous(exchange), ...caller };
  return clientCert === null ? known : { ...known, clientCert };
}

function anonymous(exchange: Exchange) {
  return {
    cognitoIdentityPoolId: null, accountId: null, cognitoIdentityId: null, caller: null,
    sourceIp: exchange.connection.remoteAddress,
    principalOrgId: null, accessKey: null, cognitoAuthenticationType: null, cognitoAuthenticationProvider: null, userArn: null,
    userAgent: exchange.head.get('user-agent') ?? null,
    user: null,
  };
}
