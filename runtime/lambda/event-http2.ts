/** Payload format 2.0 of an HTTP API (http-api.md §6 "Event 2.0"): what is empty is left out. */
import { contextArrival, contextDomainName, contextProtocol, contextRequestTime } from '../context.js';
import type { Exchange } from '../exchange.js';
import { decodedPath, HTTP_DROPPED, isText } from './event-http.js';
import { authorizerContext2, eventFields, eventQuery, set, setOwn, stageVariables } from './event-fields.js';
import { requestId } from '../identifiers/request-id.js';
import { latin1 } from '../request-values.js';
import { clientCertificate, type ClientCertificate } from '../tls/tls-client.js';

/** `pathParameters`: decoded, or null when the path has no variables. */
export function httpEvent2(exchange: Exchange, routeKey: string, pathParameters: Record<string, string> | null): HttpEvent2 {
  const { gateway, head, body } = exchange;
  const headers: Record<string, string> = {};
  const size = body === null ? 0 : body.length;
  const fields = eventFields(exchange, HTTP_DROPPED);
  set(fields, 'content-length', 'Content-Length', String(size));
  let cookies: string[] | null = null;
  for (const { lower, values } of fields) {
    if (lower === 'cookie') cookies = values.flatMap((value) => value.split(';')).map((cookie) => cookie.trim()).filter((cookie) => cookie !== '');
    else setOwn(headers, lower, values.length === 1 ? values[0]! : values.join(','));
  }
  const query = eventQuery(exchange);
  const variables = stageVariables(exchange);
  const authorizer = authorizerContext2(exchange);
  const domainName = contextDomainName(exchange);
  // A named stage is a prefix of the path, whatever the gateway is mapped under; $default adds none [O].
  const path = (gateway.stage === '$default' ? '' : `/${gateway.stage}`) + decodedPath(exchange);
  const base64 = size > 0 && !isText(head.get('content-type'));
  const context: HttpContext2 = { accountId: gateway.accountId, apiId: gateway.apiId } as HttpContext2;
  const clientCert = clientCertificate(exchange);
  if (clientCert !== null) context.authentication = { clientCert };
  if (authorizer !== null) context.authorizer = authorizer;
  context.domainName = domainName;
  context.domainPrefix = domainPrefix(domainName);
  context.http = { method: exchange.method, path, protocol: contextProtocol(exchange), sourceIp: exchange.connection.remoteAddress, userAgent: head.get('user-agent') ?? '' };
  context.requestId = requestId(exchange);
  context.routeKey = routeKey;
  context.stage = gateway.stage;
  context.time = contextRequestTime(exchange);
  context.timeEpoch = contextArrival(exchange);
  // Assigned one by one, in AWS's order: spreading what may be missing costs more than everything else here.
  const event: HttpEvent2 = { version: '2.0', routeKey, rawPath: path, rawQueryString: latin1(exchange.target, exchange.queryStart, exchange.queryEnd) } as HttpEvent2;
  if (cookies !== null && cookies.length > 0) event.cookies = cookies;
  event.headers = headers;
  if (query !== null) event.queryStringParameters = joinedValues(query);
  event.requestContext = context;
  if (size > 0) event.body = body!.toString(base64 ? 'base64' : 'utf8');
  if (pathParameters !== null) event.pathParameters = pathParameters;
  event.isBase64Encoded = base64;
  if (variables !== null) event.stageVariables = variables;
  return event;
}

export interface HttpContext2 {
  accountId: string; apiId: string; authentication?: { clientCert: ClientCertificate }; authorizer?: object; domainName: string; domainPrefix: string;
  http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
  requestId: string; routeKey: string; stage: string; time: string; timeEpoch: number;
}

export interface HttpEvent2 {
  version: '2.0'; routeKey: string; rawPath: string; rawQueryString: string; cookies?: string[]; headers: Record<string, string>; queryStringParameters?: Record<string, string>;
  requestContext: HttpContext2; body?: string; pathParameters?: Record<string, string>; isBase64Encoded: boolean; stageVariables?: Record<string, string>;
}

function domainPrefix(domainName: string): string {
  const dot = domainName.indexOf('.');
  return dot < 0 ? domainName : domainName.slice(0, dot);
}

function joinedValues(query: Map<string, string[]>): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [name, values] of query) setOwn(map, name, values.length === 1 ? values[0]! : values.join(','));
  return map;
}
