/** Lambda custom integrations (`aws`): what the function gave picks an integration response by its `errorMessage` (integrations.md §6). */
import type { Exchange } from '../exchange.js';
import { selectionText } from './error-message.js';
import { flatFields } from '../integration/integration-response.js';
import { explain, logInvocation, type Invoke, type LambdaFailure, type LambdaResult } from './proxy.js';
import type { RawEvent } from './raw-event.js';
import { bodyValue, payloadInput } from '../integration/mapping.js';
import { requestId } from '../identifiers/request-id.js';
import { traceId } from '../identifiers/trace-id.js';
import type { UpstreamResponse } from '../backends/upstream.js';
import type { TemplateInput } from '../vtl/input.js';
import { matchesPattern } from '../vtl/java-regex/matches.js';
import type { JsonPath } from '../vtl/jsonpath/path.js';
import { beginWork, PayloadError, TemplateError } from '../vtl/limits.js';

/** 'badRequest': Lambda took the payload for no JSON; `exchange.errorMessage` has its words. */
export type CustomFailure = LambdaFailure | 'badRequest';

const NO_EVENT = {};

/** `respond` gets what the Invoke API answered and the payload's `errorMessage`, '' when it has none. */
export function callLambda(exchange: Exchange, invoke: Invoke, event: RawEvent, timeoutMs: number,
  respond: (exchange: Exchange, response: UpstreamResponse, errorMessage: string) => void, failed: (exchange: Exchange, failure: CustomFailure) => void): void {
  invoke(exchange, NO_EVENT, timeoutMs, (result) => {
    try {
      switch (result.kind) {
        case 'returned': case 'functionError': case 'answered': case 'accepted': {
          const text = payloadOf(result);
          return respond(exchange, result.kind !== 'answered' && result.response !== undefined ? result.response : localResponse(exchange, result, text), selectionText(text));
        }
        case 'refused':
          if (result.status === 400) {
            logInvocation(exchange, `Lambda invocation failed with status: 400. Lambda request id: ${result.requestId}`);
            exchange.errorMessage = result.detail;
            return failed(exchange, 'badRequest');
          }
          // Whatever else Lambda itself refuses with is 500 to the client.
          return failed(exchange, refusal(explain(exchange, result)));
        default: return failed(exchange, explain(exchange, result));
      }
    } catch (error) { exchange.gateway.onFault(exchange, error); }
  }, event);
}

const refusal = (failure: LambdaFailure): LambdaFailure => (failure === 'function' ? 'throttled' : failure);

type Outcome = Extract<LambdaResult, { kind: 'returned' | 'functionError' | 'answered' | 'accepted' }>;

function payloadOf(result: Outcome): string {
  switch (result.kind) {
    case 'returned': return result.text;
    case 'functionError': return result.payload;
    case 'answered': return JSON.stringify(result.answer);
    case 'accepted': return '';
    default: return result satisfies never;
  }
}

/** What the Invoke API would have answered for a function on this machine. */
function localResponse(exchange: Exchange, result: Outcome, text: string): UpstreamResponse {
  const fields = ['x-amzn-RequestId', result.kind === 'answered' || result.requestId === '-' ? requestId(exchange) : result.requestId, 'X-Amzn-Trace-Id', traceId(exchange)];
  if (result.kind !== 'accepted') fields.push('Content-Type', 'application/json', 'X-Amz-Executed-Version', '$LATEST');
  if (result.kind === 'functionError') fields.push('X-Amz-Function-Error', 'Unhandled');
  return { status: result.kind === 'accepted' ? result.status : 200, fields: flatFields(fields), body: Buffer.from(text, 'utf8') };
}

/** Whether the whole of `errorMessage` matches; a pattern that takes too long to say so does not. */
export function selects(exchange: Exchange, pattern: string, errorMessage: string): boolean {
  beginWork();
  try { return matchesPattern(pattern, false, errorMessage); } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    logInvocation(exchange, `Selection pattern could not be matched: ${error.message}`);
    return false;
  }
}

/** `integration.response.body.errorMessage.<path>`: the text is read as JSON [D]; `whole` where it is an object already. */
export function errorMessageValue(input: TemplateInput, message: JsonPath, rest: JsonPath, whole: JsonPath): string | undefined {
  const direct = bodyValue(input, whole);
  if (direct !== undefined) return direct;
  const text = bodyValue(input, message);
  if (text === undefined) return undefined;
  try { return bodyValue(payloadInput(text), rest); } catch (error) {
    if (error instanceof PayloadError) return undefined;
    throw error;
  }
}

export function logNoSelection(exchange: Exchange, response: UpstreamResponse): void {
  logInvocation(exchange, `Configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${response.status}`);
}

/** REST: failures of the function itself are 502, what Lambda refused 500, what it could not read 400. */
export function customStatus(exchange: Exchange, failure: CustomFailure): void {
  if (failure === 'badRequest') { exchange.status = 400; return; }
  if (failure !== 'function' && failure !== 'throttled') return;
  exchange.status = failure === 'function' ? 502 : 500;
  exchange.errorMessage = 'Internal server error';
}
