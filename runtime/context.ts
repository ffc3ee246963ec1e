/** `$context.*`, one function per variable, so that a bundle holds only those its document names. */
import type { Exchange } from './exchange.js';
import { extendedRequestId, requestId } from './identifiers/request-id.js';
import { latin1 } from './request-values.js';
import { traceId } from './identifiers/trace-id.js';

export const contextAccountId = (exchange: Exchange): string => exchange.gateway.accountId;
export const contextApiId = (exchange: Exchange): string => exchange.gateway.apiId;
export const contextRequestId = (exchange: Exchange): string => requestId(exchange);
export const contextExtendedRequestId = (exchange: Exchange): string => extendedRequestId(exchange);
export const contextHttpMethod = (exchange: Exchange): string => exchange.method;
export const contextStage = (exchange: Exchange): string => exchange.gateway.stage;
export const contextStatus = (exchange: Exchange): string => (exchange.status === 0 ? '' : String(exchange.status));
export const contextSourceIp = (exchange: Exchange): string => exchange.connection.remoteAddress;
/** The key as the client sent it, '' when none was asked for. */
export const contextApiKey = (exchange: Exchange): string => exchange.apiKey?.value ?? '';
export const contextApiKeyId = (exchange: Exchange): string => exchange.apiKey?.id ?? '';
export const contextUserAgent = (exchange: Exchange): string => exchange.head.get('user-agent') ?? '';
export const contextTraceId = (exchange: Exchange): string => traceId(exchange);

/** Always 'HTTP/1.1', as API Gateway logs it for HTTP/2 clients too [D]. */
export const contextProtocol = (exchange: Exchange): string => (exchange.connection.protocol === 'HTTP/1.0' ? 'HTTP/1.0' : 'HTTP/1.1');

/** The path as the client sent it, with the base path. */
export function contextPath(exchange: Exchange): string {
  return exchange.gateway.basePath + latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
}

export function contextDomainName(exchange: Exchange): string {
  return (exchange.connection.host ?? exchange.head.get('host') ?? '').replace(/:\d+$/, '');
}

export function contextDomainPrefix(exchange: Exchange): string {
  return contextDomainName(exchange).split('.')[0]!;
}

export const contextErrorMessage = (exchange: Exchange): string => exchange.errorMessage;

/** With quotes, or `null`. */
export const contextErrorMessageString = (exchange: Exchange): string => (exchange.errorMessage === '' ? 'null' : JSON.stringify(exchange.errorMessage));
export const contextErrorResponseType = (exchange: Exchange): string => exchange.errorType;
export const contextValidationErrorString = (exchange: Exchange): string => exchange.validationError;

export function contextRequestTimeEpoch(exchange: Exchange): string {
  return String(contextArrival(exchange));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let second = -1;
let secondText = '';

/** CLF: `21/Nov/2026:10:00:00 +0000`. Written once a second. */
export function contextRequestTime(exchange: Exchange): string {
  const now = Math.floor(contextArrival(exchange) / 1_000);
  if (now !== second) {
    const time = new Date(now * 1_000);
    const two = (value: number): string => String(value).padStart(2, '0');
    secondText = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
    second = now;
  }
  return secondText;
}

/** Epoch milliseconds of the request, taken when first asked for. */
export function contextArrival(exchange: Exchange): number {
  const context = (exchange.context ??= {});
  return (context['arrival'] ??= Date.now()) as number;
}
