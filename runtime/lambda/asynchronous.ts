/** The Invoke API's invocation types for functions on this machine: Lambda's asynchronous invocation without its queue and retries. */
import type { Invoke, LambdaResult } from './proxy.js';
import { requestId } from '../identifiers/request-id.js';

/** What Lambda takes in an asynchronous invocation: 1 MB. */
const EVENT_LIMIT = 1_048_576;
/** How long an asynchronous invocation may take: Lambda's longest. */
const DEADLINE_MS = 900_000;
/** Running or waiting at once, per function: Lambda queues, this machine's memory is bounded. */
const MAXIMUM = 1_000;

/** `invoke` for raw events: the payload is checked as Lambda does; `Event` answers 202 and runs, `DryRun` answers 204. */
export function withInvocationTypes(invoke: Invoke): Invoke {
  let running = 0;
  return (exchange, _event, timeoutMs, done, raw) => {
    const { payload, type } = raw!;
    let event: object;
    try { event = (payload.length === 0 ? {} : JSON.parse(payload.toString('utf8'))) as object; } catch (error) {
      return done({ kind: 'refused', status: 400, requestId: '-', detail: `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}` });
    }
    if (type === 'RequestResponse') return invoke(exchange, event, timeoutMs, done, raw);
    if (payload.length > EVENT_LIMIT) return done({ kind: 'tooLarge' });
    if (type === 'DryRun') return done({ kind: 'accepted', status: 204, requestId: '-' });
    if (running >= MAXIMUM) return done({ kind: 'refused', status: 429, requestId: '-', detail: 'Rate Exceeded.' });
    running++;
    const id = requestId(exchange);
    const { log } = exchange.gateway;
    done({ kind: 'accepted', status: 202, requestId: '-' });
    invoke(exchange, event, DEADLINE_MS, (result) => {
      running--;
      const problem = failureOf(result);
      if (problem !== undefined) log(`(${id}) Asynchronous invocation failed: ${problem.replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ').slice(0, 2_000)}`);
    }, raw);
  };
}

function failureOf(result: LambdaResult): string | undefined {
  switch (result.kind) {
    case 'returned': case 'answered': case 'accepted': return undefined;
    case 'functionError': return result.message;
    case 'tooLarge': return 'the event is too large';
    case 'refused': return `status ${result.status}: ${result.detail}`;
    default: return result.detail;
  }
}
