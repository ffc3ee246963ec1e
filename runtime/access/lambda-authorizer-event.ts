/** Events of Lambda authorizers (auth.md §6, §9): those of proxy integrations without the body, with what is asked for. */
import type { Exchange } from '../exchange.js';
import type { httpEvent1 } from '../lambda/event-http1.js';
import type { httpEvent2 } from '../lambda/event-http2.js';
import type { restEvent } from '../lambda/event-rest.js';
import { methodArn } from './method-arn.js';

/** `token`: the header as it was sent. */
export function tokenEvent(exchange: Exchange, token: string) {
  return { type: 'TOKEN' as const, methodArn: methodArn(exchange), authorizationToken: token };
}

/** Maps that are empty are `{}` here, not null. */
export function restRequestEvent(exchange: Exchange, event: ReturnType<typeof restEvent>) {
  const { body, isBase64Encoded, headers, multiValueHeaders, queryStringParameters, multiValueQueryStringParameters, pathParameters, stageVariables, requestContext, ...route } = event;
  void body; void isBase64Encoded;
  return {
    type: 'REQUEST' as const, methodArn: methodArn(exchange), ...route, headers, multiValueHeaders,
    queryStringParameters: queryStringParameters ?? {}, multiValueQueryStringParameters: multiValueQueryStringParameters ?? {}, pathParameters: pathParameters ?? {}, stageVariables: stageVariables ?? {}, requestContext,
  };
}

/** Format 1.0 of HTTP APIs. `identity`: the values of the identity sources. */
export function httpRequestEvent1(exchange: Exchange, event: ReturnType<typeof httpEvent1>, identity: readonly (string | undefined)[]) {
  const { version, body, isBase64Encoded, multiValueHeaders, multiValueQueryStringParameters, queryStringParameters, pathParameters, stageVariables, headers, ...route } = event;
  void body; void isBase64Encoded; void multiValueHeaders; void multiValueQueryStringParameters;
  const source = identity.length === 0 ? null : identity.join(',');
  return {
    version, type: 'REQUEST' as const, methodArn: methodArn(exchange), identitySource: source, authorizationToken: source, ...route,
    headers: withLength(exchange, headers, 'Content-Length'), queryStringParameters: queryStringParameters ?? {}, pathParameters: pathParameters ?? {}, stageVariables: stageVariables ?? {},
  };
}

/** Format 2.0. */
export function httpRequestEvent2(exchange: Exchange, event: ReturnType<typeof httpEvent2>, identity: readonly (string | undefined)[]) {
  const { version, body, isBase64Encoded, headers, ...route } = event;
  void body; void isBase64Encoded;
  return { version, type: 'REQUEST' as const, routeArn: methodArn(exchange), identitySource: identity.length === 0 ? null : identity, ...route, headers: withLength(exchange, headers, 'content-length') };
}

/** The body is not there yet: its length is what the client says. */
function withLength(exchange: Exchange, headers: Record<string, string>, name: string): Record<string, string> {
  return { ...headers, [name]: exchange.head.get('content-length') ?? '0' };
}
