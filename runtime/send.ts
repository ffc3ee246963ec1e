/** How every answer of the gateway's own leaves: with the request's identifiers and what earlier steps put on it. */
import type { ConstantAnswer, Exchange } from './exchange.js';
import { REST } from './flags.js';
import { extendedRequestId, requestId } from './identifiers/request-id.js';

/** Fields of every answer (rest-pipeline.md §3.4, http-api.md §3) and `exchange.extraFields`. */
export function answerFields(exchange: Exchange): string[] {
  const fields = REST
    ? ['x-amzn-RequestId', requestId(exchange), 'x-amz-apigw-id', extendedRequestId(exchange)]
    : ['apigw-requestid', extendedRequestId(exchange)];
  if (exchange.extraFields !== null) fields.push(...exchange.extraFields);
  return fields;
}

/** Sends a whole answer; `fields` is flat `[name, value…]`. */
export function send(exchange: Exchange, status: number, fields: readonly string[], body: Uint8Array | string | null): void {
  exchange.status = status;
  exchange.reply.send(status, [...fields, ...answerFields(exchange)], body);
}

/** Sends an answer that never changes but for identifiers and extra fields. */
export function sendConstant(exchange: Exchange, answer: ConstantAnswer): void {
  exchange.status = answer.status;
  exchange.reply.sendConstant(answer, answerFields(exchange));
}

/** Adds a field to whatever answer is sent. */
export function addField(exchange: Exchange, name: string, value: string): void {
  if (exchange.extraFields === null) exchange.extraFields = [name, value];
  else exchange.extraFields.push(name, value);
}
