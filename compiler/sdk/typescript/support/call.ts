/** One call: attempts, waits, deadlines. Gives back the last answer; throws only when there is none. */
import { authenticate, type Renewal } from './auth.js';
import type { CallOptions, Client } from './client.js';
import { ResponseFormatError, TimeoutError, TransportError } from './errors.js';
import { errorTypeOf } from './gateway-fault.js';
import type { OperationSpec } from './operation.js';
import { prepare, type PreparedRequest } from './request.js';
import { readResult } from './response.js';
import type { AnyResult } from './result.js';
import { delayAfter, earn, isTransient, retryPolicy, sleep } from './retry.js';

/** The generated function of an operation gives the result its type. */
export async function call(client: Client, operation: OperationSpec, params: object | undefined, options: CallOptions = {}): Promise<never> {
  // Without a prototype, `constructor` is a parameter only if the caller gave it.
  const request = prepare(client, operation, { __proto__: null, ...params }, options);
  const policy = retryPolicy(options.retry, client.retry);
  const { signal } = options;
  const attemptMs = options.attemptTimeoutMs ?? client.options.attemptTimeoutMs ?? 30_000;
  const totalMs = options.totalTimeoutMs ?? client.options.totalTimeoutMs ?? 0;
  const deadline = totalMs > 0 ? Date.now() + totalMs : Infinity;
  const left = (): number => deadline - Date.now();
  let renewed = false;

  for (let attempt = 1; ; attempt++) {
    const retryDelay = (headers?: Headers): number | undefined => (request.repeatable ? delayAfter(attempt, policy, client.budget, left(), headers) : undefined);
    const limitMs = Math.max(1, Math.min(attemptMs > 0 ? attemptMs : Infinity, left()));
    const outcome = await oneAttempt(client, operation, request, signal, limitMs, attempt, (response, renewals) => {
      // A refused request was not carried out: with a new token even a POST may go again, once.
      if (response.status === 401 && !renewed && renewals.length > 0 && !(request.body instanceof ReadableStream)) {
        renewed = true;
        for (const renew of renewals) renew();
        return 0;
      }
      // A quota does not come back within a call.
      if (isTransient(response.status) && errorTypeOf(response.headers) !== 'LimitExceededException') return retryDelay(response.headers);
      earn(client.budget, policy);
      return undefined;
    });
    if ('result' in outcome) return outcome.result as never;
    const delay = outcome.error ? retryDelay() : outcome.delay;
    if (delay === undefined) throw outcome.error!;
    await sleep(delay, signal);
  }
}

type Outcome = { readonly result: AnyResult } | { readonly delay?: number; readonly error?: TransportError };

/** `judge` looks at the head of an answer: milliseconds until the next attempt, or undefined to read this one. */
async function oneAttempt(client: Client, operation: OperationSpec, request: PreparedRequest, signal: AbortSignal | undefined, limitMs: number, attempt: number, judge: (response: Response, renewals: readonly Renewal[]) => number | undefined): Promise<Outcome> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal!.reason);
  signal?.addEventListener('abort', stop, { once: true });
  let timedOut = false;
  // Timers of browsers and Node overflow at 2^31 ms and would fire at once.
  const timer = limitMs < 2 ** 31 ? setTimeout(() => { timedOut = true; controller.abort(); }, limitMs) : undefined;
  let sent = false;
  let streaming = false;
  try {
    const outgoing = { method: request.method, url: new URL(request.url), headers: new Headers(request.headers), body: request.body };
    const renewals = await unlessAborted(authenticate(outgoing, operation.security ?? [], client.auth, client.tokens), controller.signal);
    const init: RequestInit & { duplex?: 'half' } = { ...client.options.fetchOptions, method: outgoing.method, headers: outgoing.headers, signal: controller.signal };
    if (outgoing.body !== undefined) init.body = outgoing.body;
    if (outgoing.body instanceof ReadableStream) init.duplex = 'half';
    sent = true;
    const response = await (client.options.fetch ?? fetch)(outgoing.url, init);
    const delay = judge(response, renewals);
    if (delay !== undefined) {
      await response.body?.cancel();
      return { delay };
    }
    const result = await readResult(operation, request.method, response);
    // The clock stops, but who reads a stream may still abort it.
    streaming = !!operation.read || result.body instanceof ReadableStream;
    return { result };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (timedOut) return { error: new TimeoutError(operation.id, attempt, `no answer within ${Math.round(limitMs)} ms`) };
    if (!sent || error instanceof ResponseFormatError) throw error;
    return { error: new TransportError(operation.id, attempt, `no answer from ${request.url.origin}`, error) };
  } finally {
    clearTimeout(timer);
    if (!streaming) signal?.removeEventListener('abort', stop);
  }
}

/** A token source cannot be aborted, but need not be waited for. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
