/** Gateway responses: answers of the gateway itself to requests it did not pass on (errors.md §1, §2). */
import type { ConstantAnswer, Exchange } from './exchange.js';
import { send, sendConstant } from './send.js';

/** A gateway response as the document left it: constant unless a step gave a message of its own. */
export function answerDefault(exchange: Exchange, type: string, answer: ConstantAnswer): void {
  exchange.errorType = type;
  sendConstant(exchange, answer);
}

/** The default template with a message that varies. `prefix` and `suffix` enclose the JSON-quoted message. */
export function answerMessage(exchange: Exchange, type: string, status: number, errorType: string, message: string, prefix: string, suffix: string): void {
  exchange.errorType = type;
  if (exchange.errorMessage === '') exchange.errorMessage = message;
  const fields = ['Content-Type', 'application/json'];
  if (errorType !== '') fields.push('x-amzn-ErrorType', errorType);
  send(exchange, exchange.status !== 0 ? exchange.status : status, fields, prefix + JSON.stringify(exchange.errorMessage) + suffix);
}

/** Starts a customised response: remembers its type and message for `$context.error.*`. */
export function beginGatewayResponse(exchange: Exchange, type: string, message: string): void {
  exchange.errorType = type;
  if (exchange.errorMessage === '') exchange.errorMessage = message;
}

/** Sends a customised response. A header whose source has no value is left out. */
export function sendGatewayResponse(exchange: Exchange, status: number, contentType: string, errorType: string, headers: readonly (string | undefined)[], body: string): void {
  const fields = ['Content-Type', contentType];
  if (errorType !== '') fields.push('x-amzn-ErrorType', errorType);
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1];
    if (value === undefined || value === '') continue;
    if (headers[i]!.toLowerCase() === 'content-type') fields[1] = value;
    else fields.push(headers[i]!, value);
  }
  send(exchange, status, fields, body);
}

/** The request's first `Accept` entry without parameters, lower case; '' when there is none. */
export function acceptedType(exchange: Exchange): string {
  const accept = exchange.head.get('accept');
  return accept === undefined ? '' : accept.split(',', 1)[0]!.split(';', 1)[0]!.trim().toLowerCase();
}
