/** Problem details (RFC 9457) for messages that do not match the API's description. */
import type { Exchange } from '../exchange.js';
import type { MessageFault } from './message-faults.js';
import { requestId } from '../identifiers/request-id.js';
import { send } from '../send.js';

/** Answers a request that does not match. `accept`: the media types a body may have, for 415 (RFC 9110 §15.5.16). */
export function refuseRequest(exchange: Exchange, faults: readonly MessageFault[], accept: string): void {
  const isType = faults.some((fault) => fault.in === 'body' && fault.keyword === 'contentType' && fault.pointer === '');
  const fields = ['Content-Type', 'application/problem+json', 'x-amzn-ErrorType', isType ? 'UnsupportedMediaTypeException' : 'BadRequestException'];
  if (isType && accept !== '') fields.push('Accept', accept);
  const detail = faults.length === 1 ? sentence(faults[0]!) : `The request does not match the API description in ${faults.length} places.`;
  const problem = { type: 'about:blank', title: isType ? 'Unsupported Media Type' : 'Bad Request', status: isType ? 415 : 400, detail, errors: faults };
  exchange.errorType = isType ? 'UNSUPPORTED_MEDIA_TYPE' : faults.some((fault) => fault.in !== 'body') ? 'BAD_REQUEST_PARAMETERS' : 'BAD_REQUEST_BODY';
  exchange.errorMessage = detail;
  exchange.validationError = `[${faults.map(sentence).join(', ')}]`;
  send(exchange, problem.status, fields, JSON.stringify(problem));
}

/** Answers for a backend whose answer does not match: what exactly is the operator's business, in the log. */
export function refuseResponse(exchange: Exchange): void {
  exchange.errorType = 'INTEGRATION_FAILURE';
  exchange.errorMessage = 'The answer of the backend does not match the API description.';
  const problem = { type: 'about:blank', title: 'Bad Gateway', status: 502, detail: exchange.errorMessage };
  send(exchange, 502, ['Content-Type', 'application/problem+json', 'x-amzn-ErrorType', 'InternalServerErrorException'], JSON.stringify(problem));
}

/** One line of JSON for a message that does not match. No values of the message are in it, and nothing that could end the line. */
export function logMismatch(exchange: Exchange, event: 'request_mismatch' | 'response_mismatch', operation: string, faults: readonly MessageFault[]): void {
  exchange.gateway.log(JSON.stringify({ event, operation, requestId: requestId(exchange), errors: faults }));
}

/** `query parameter "limit" must be <= 100` */
export function sentence({ in: place, parameter, pointer, keyword, message }: MessageFault): string {
  if (place === 'status') return `status ${message}`;
  if (place !== 'body') return `${place} parameter ${JSON.stringify(parameter)}${pointer ? ` at ${pointer}` : ''} ${message}`;
  if (pointer) return `${pointer} ${message}`;
  return keyword === 'contentType' ? `the content type ${message}` : `the body ${message}`;
}
