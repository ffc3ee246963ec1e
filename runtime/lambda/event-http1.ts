/** Payload format 1.0 of an HTTP API (http-api.md §6 "Event 1.0"). */
import { contextArrival, contextDomainName, contextProtocol, contextRequestTime } from '../context.js';
import type { Exchange } from '../exchange.js';
import { decodedPath, HTTP_DROPPED, isText } from './event-http.js';
import { allValues, authorizerContext, eventFields, eventQuery, lastValues, set, setOwn, stageVariables } from './event-fields.js';
import { requestId } from '../identifiers/request-id.js';
import { clientCertificate } from '../tls/tls-client.js';

/** Written canonically whatever the client wrote; all others go on as sent. */
const CANONICAL: Readonly<Record<string, string>> = { 'content-type': 'Content-Type', host: 'Host', 'user-agent': 'User-Agent' };

/** `resource`: the route's path. `pathParameters`: decoded, or null when the path has no variables. */
export function httpEvent1(exchange: Exchange, resource: string, routeKey: string, pathParameters: Record<string, string> | null) {
  const { gateway, head, body } = exchange;
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  const size = body === null ? 0 : body.length;
  const fields = eventFields(exchange, HTTP_DROPPED);
  set(fields, 'content-length', 'Content-Length', String(size));
  for (const { lower, name, values } of fields) {
    const shown = Object.hasOwn(CANONICAL, lower) ? CANONICAL[lower]! : name;
    setOwn(headers, shown, values[values.length - 1]!);
    setOwn(multiValueHeaders, shown, values);
  }
  const query = eventQuery(exchange);
  const path = gateway.basePath + decodedPath(exchange);
  const base64 = size > 0 && !isText(head.get('content-type'));
  const domainName = contextDomainName(exchange);
  const authorizer = authorizerContext(exchange);
  const id = requestId(exchange);
  const clientCert = clientCertificate(exchange);
  return {
    version: '1.0' as const,
    resource,
    path,
    httpMethod: exchange.method,
    headers,
    multiValueHeaders,
    queryStringParameters: query === null ? null : lastValues(query),
    multiValueQueryStringParameters: query === null ? null : allValues(query),
    requestContext: {
      accountId: gateway.accountId,
      apiId: gateway.apiId,
      ...(authorizer === null ? {} : { authorizer }),
      domainName,
      domainPrefix: domainName.split('.', 1)[0]!,
      extendedRequestId: id,
      httpMethod: exchange.method,
      identity: {
        accessKey: null, accountId: null, caller: null, cognitoAmr: null, cognitoAuthenticationProvider: null, cognitoAuthenticationType: null, cognitoIdentityId: null, cognitoIdentityPoolId: null,
        principalOrgId: null, sourceIp: exchange.connection.remoteAddress, user: null, userAgent: head.get('user-agent') ?? null, userArn: null,
        ...(clientCert === null ? {} : { clientCert }),
      },
      path,
      protocol: contextProtocol(exchange),
      requestId: id,
      requestTime: contextRequestTime(exchange),
      requestTimeEpoch: contextArrival(exchange),
      resourceId: routeKey,
      resourcePath: resource,
      stage: gateway.stage,
    },
    pathParameters,
    stageVariables: stageVariables(exchange),
    body: size > 0 ? body!.toString(base64 ? 'base64' : 'utf8') : null,
    isBase64Encoded: base64,
  };
}
