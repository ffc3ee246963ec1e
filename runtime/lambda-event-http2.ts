/** Payload format 2.0 of an HTTP API (http-api.md §6 "Event 2.0"): what is empty is left out. */
import { contextArrival, contextDomainName, contextProtocol, contextRequestTime } from './context.js';
import type { Exchange } from './exchange.js';
import { decodedPath, HTTP_DROPPED, isText } from './lambda-event-http.js';
import { authorizerContext2, eventFields, eventQuery, set, setOwn, stageVariables } from './lambda-event-fields.js';
import { requestId } from './request-id.js';
import { latin1 } from './request-values.js';

/** `pathParameters`: decoded, or null when the path has no variables. */
export function httpEvent2(exchange: Exchange, routeKey: string, pathParameters: Record<string, string> | null) {
  const { gateway, head, body } = exchange;
  const headers: Record<string, string> = {};
  const size = body === null ? 0 : body.length;
  const fields = eventFields(exchange, HTTP_DROPPED);
  set(fields, 'content-length', 'Content-Length', String(size));
  let cookies: string[] | null = null;
  for (const { lower, values } of fields) {
    if (lower === 'cookie') cookies = values.flatMap((value) => value.split(';')).map((cookie) => cookie.trim()).filter((cookie) => cookie !== '');
    else setOwn(headers, lower, values.join(','));
  }
  const query = eventQuery(exchange);
  const variables = stageVariables(exchange);
  const authorizer = authorizerContext2(exchange);
  const domainName = contextDomainName(exchange);
  // A named stage is a prefix of the path, whatever the gateway is mapped under; $default adds none [O].
  const path = (gateway.stage === '$default' ? '' : `/${gateway.stage}`) + decodedPath(exchange);
  const base64 = size > 0 && !isText(head.get('content-type'));
  return {
    version: '2.0' as const,
    routeKey,
    rawPath: path,
    rawQueryString: latin1(exchange.target, exchange.queryStart, exchange.queryEnd),
    ...(cookies !== null && cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(query !== null ? { queryStringParameters: joinedValues(query) } : {}),
    requestContext: {
      accountId: gateway.accountId,
      apiId: gateway.apiId,
      ...(authorizer === null ? {} : { authorizer }),
      domainName,
      domainPrefix: domainName.split('.', 1)[0]!,
      http: { method: exchange.method, path, protocol: contextProtocol(exchange), sourceIp: exchange.connection.remoteAddress, userAgent: head.get('user-agent') ?? '' },
      requestId: requestId(exchange),
      routeKey,
      stage: gateway.stage,
      time: contextRequestTime(exchange),
      timeEpoch: contextArrival(exchange),
    },
    ...(size > 0 ? { body: body!.toString(base64 ? 'base64' : 'utf8') } : {}),
    ...(pathParameters !== null ? { pathParameters } : {}),
    isBase64Encoded: base64,
    ...(variables !== null ? { stageVariables: variables } : {}),
  };
}

function joinedValues(query: Map<string, string[]>): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [name, values] of query) setOwn(map, name, values.join(','));
  return map;
}
