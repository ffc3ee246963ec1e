/** Lambda proxy integrations, wherever the function runs: event in, answer or the documented failure out (errors.md §4, §5). */
import type { Exchange } from '../exchange.js';
import type { LambdaAnswer, LambdaAnswerFault } from './answer.js';
import { CORS } from '../flags.js';
import { mappedResponseFields, mappedStatus, type ResponseChanges } from '../integration/http-api-mapping.js';
import type { RawEvent } from './raw-event.js';
import { flatFields } from '../integration/integration-response.js';
import { PAYLOAD_LIMIT } from './limits.js';
import { requestId } from '../identifiers/request-id.js';
import { send } from '../send.js';
import type { UpstreamResponse } from '../backends/upstream.js';

/** What came of an invocation. */
export type LambdaResult =
  /** `text`: the function's result as JSON, as it was sent. */
  | { readonly kind: 'returned'; readonly text: string; readonly requestId: string; readonly response?: UpstreamResponse }
  /** `answer`: what JSON would make of the result, an object with a statusCode that was not written as JSON at all. */
  | { readonly kind: 'answered'; readonly answer: Readonly<Record<string, unknown>> }
  /** The function threw, crashed or ran out of time. `payload`: its error as JSON, `{errorMessage, errorType…}`. */
  | { readonly kind: 'functionError'; readonly message: string; readonly payload: string; readonly requestId: string; readonly response?: UpstreamResponse }
  /** Nobody waits for the result (202, `Event`) or there is none (204, `DryRun`). */
  | { readonly kind: 'accepted'; readonly status: 202 | 204; readonly requestId: string; readonly response?: UpstreamResponse }
  /** `integration.timeoutInMillis` is over. */
  | { readonly kind: 'timeout'; readonly detail: string }
  /** Nobody answers at the endpoint. */
  | { readonly kind: 'network'; readonly detail: string }
  /** The event is larger than Lambda takes. */
  | { readonly kind: 'tooLarge' }
  /** The Invoke API refused with this status. `detail`: its message. */
  | { readonly kind: 'refused'; readonly status: number; readonly requestId: string; readonly detail: string }
  /** The gateway cannot call: no credentials, no region, an ARN that is none. */
  | { readonly kind: 'configuration'; readonly detail: string }
  /** The endpoint's answer is no HTTP, is cut off, or is larger than Lambda allows. */
  | { readonly kind: 'broken'; readonly detail: string };

/** A function that can be called. `done` is called exactly once. `raw`: the event as it goes out, instead of `event` as JSON. `response` of a result: the Invoke API's own answer. */
export type Invoke = (exchange: Exchange, event: object, timeoutMs: number, done: (result: LambdaResult) => void, raw?: RawEvent) => void;

/** Why the client gets a gateway response; generated code picks which. */
export type LambdaFailure = 'timeout' | 'network' | 'throttled' | 'function' | 'configuration' | 'tooLarge';

/** `value`: the function's result; `text`: as JSON, '' when it never was (then `value` has a statusCode). */
export type ReadAnswer = (exchange: Exchange, value: unknown, text: string, binaryMediaTypes: readonly string[]) => LambdaAnswer | LambdaAnswerFault;

export function proxyLambda(exchange: Exchange, invoke: Invoke, event: object, timeoutMs: number, read: ReadAnswer, binaryMediaTypes: readonly string[],
  respond: (exchange: Exchange, answer: LambdaAnswer) => void, failed: (exchange: Exchange, failure: LambdaFailure) => void): void {
  invoke(exchange, event, timeoutMs, (result) => {
    try {
      if (result.kind === 'accepted') return failed(exchange, explain(exchange, { kind: 'refused', status: result.status, requestId: result.requestId, detail: '' }));
      if (result.kind !== 'returned' && result.kind !== 'answered') return failed(exchange, explain(exchange, result));
      const answer = result.kind === 'answered' ? read(exchange, result.answer, '', binaryMediaTypes) : readText(exchange, result.text, read, binaryMediaTypes);
      if (typeof answer === 'object') return respond(exchange, answer);
      logInvocation(exchange, answer === 'malformed' ? 'Execution failed due to configuration error: Malformed Lambda proxy response' : 'Execution failed due to configuration error: Unable to base64 decode the body.');
      failed(exchange, answer === 'malformed' ? 'function' : 'configuration');
    } catch (error) { exchange.gateway.onFault(exchange, error); }
  });
}

function readText(exchange: Exchange, text: string, read: ReadAnswer, binaryMediaTypes: readonly string[]): LambdaAnswer | LambdaAnswerFault {
  let value: unknown;
  try { value = JSON.parse(text); } catch { return 'malformed'; }
  return read(exchange, value, text, binaryMediaTypes);
}

/** Writes API Gateway's own line for what happened. */
export function explain(exchange: Exchange, result: Exclude<LambdaResult, { kind: 'returned' | 'answered' | 'accepted' }>): LambdaFailure {
  switch (result.kind) {
    case 'functionError':
      logInvocation(exchange, `Lambda execution failed with status 200 due to customer function error: ${result.message}. Lambda request id: ${result.requestId}`);
      return 'function';
    case 'timeout':
      logInvocation(exchange, `Execution failed due to a timeout error: ${result.detail}`);
      return 'timeout';
    case 'network':
      logInvocation(exchange, `Execution failed due to configuration error or network error: ${result.detail}`);
      return 'network';
    case 'tooLarge':
      logInvocation(exchange, `Execution failed: the event is larger than ${PAYLOAD_LIMIT} bytes`);
      return 'tooLarge';
    case 'configuration':
      logInvocation(exchange, `Execution failed due to configuration error: ${result.detail}`);
      return 'configuration';
    case 'broken':
      logInvocation(exchange, `Execution failed: the Lambda endpoint's answer is unusable: ${result.detail}`);
      return 'function';
    case 'refused':
      logInvocation(exchange, `Lambda invocation failed with status: ${result.status}. Lambda request id: ${result.requestId}`);
      if (result.status === 413) return 'tooLarge';
      if (result.status === 429) { logInvocation(exchange, 'Execution failed due to configuration error: Rate Exceeded.'); return 'throttled'; }
      if (result.status === 401 || result.status === 403 || result.status === 404) { logInvocation(exchange, 'Execution failed due to configuration error: Invalid permissions on Lambda function'); return 'configuration'; }
      return 'function';
    default: return result satisfies never;
  }
}

/** One line each, whatever a function put into its message. */
export function logInvocation(exchange: Exchange, text: string): void {
  exchange.gateway.log(`(${requestId(exchange)}) ${text.replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ').slice(0, 2_000)}`);
}

/** Sends what the function answered. Where the gateway does CORS, what the function says about it is not sent (http-api.md §4 [D]). */
export function sendLambdaAnswer(exchange: Exchange, answer: LambdaAnswer): void {
  send(exchange, answer.status, CORS ? withoutCors(answer.fields) : answer.fields, answer.body);
}

function withoutCors(fields: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) if (!/^access-control-/i.test(fields[i]!)) kept.push(fields[i]!, fields[i + 1]!);
  return kept;
}

/** The answer as response parameter mappings of an HTTP API change it. */
export function changedAnswer(answer: LambdaAnswer, changes: ResponseChanges): LambdaAnswer {
  return { status: mappedStatus(answer.status, changes), fields: mappedResponseFields(answer.fields, changes), body: answer.body };
}

/** The answer for steps that look at it first. */
export function lambdaResponse(answer: LambdaAnswer): UpstreamResponse {
  return { status: answer.status, fields: flatFields(answer.fields), body: typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body ?? Buffer.alloc(0) };
}

/** REST: failures of the function itself are 502, throttling 500, whatever INTEGRATION_FAILURE's own status is [R, O]. */
export function restStatus(exchange: Exchange, failure: LambdaFailure): void {
  if (failure !== 'function' && failure !== 'throttled') return;
  exchange.status = failure === 'function' ? 502 : 500;
  exchange.errorMessage = 'Internal server error';
}
