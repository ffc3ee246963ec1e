/** When to try again: full jitter, the server's own wish (Retry-After, RateLimit), and a budget that keeps an outage from being amplified. */

export interface RetryOptions {
  /** Attempts in all, the first one included. Default 3. */
  readonly attempts?: number;
  /** Upper bound of the first random wait, doubled every time. Default 200. */
  readonly baseDelayMs?: number;
  /** Upper bound of every random wait. Default 10 000. */
  readonly maxDelayMs?: number;
  /** A server that asks to wait longer than this is not waited for. Default 60 000. */
  readonly maxRetryAfterMs?: number;
  /** Retries in a row that a client may spend; every answered call earns a tenth of one back. Default 10. */
  readonly budget?: number;
}

export interface RetryPolicy { readonly attempts: number; readonly baseDelayMs: number; readonly maxDelayMs: number; readonly maxRetryAfterMs: number; readonly budget: number }

const DEFAULTS: RetryPolicy = { attempts: 3, baseDelayMs: 200, maxDelayMs: 10_000, maxRetryAfterMs: 60_000, budget: 10 };
const EARNED_PER_ANSWER = 0.1;

/** What the client has left to spend on retries; shared by all its calls. */
export interface RetryBudget { left: number }

export function retryPolicy(options: RetryOptions | false | undefined, base: RetryPolicy = DEFAULTS): RetryPolicy {
  return { ...base, ...(options === false ? { attempts: 1 } : options) };
}

/** Statuses that another attempt may change (RFC 9110 section 15, RFC 6585, RFC 8470). */
export function isTransient(status: number): boolean {
  return [408, 425, 429, 500, 502, 503, 504].includes(status);
}

export function earn(budget: RetryBudget, policy: RetryPolicy): void {
  budget.left = Math.min(policy.budget, budget.left + EARNED_PER_ANSWER);
}

/** Milliseconds to wait after attempt `attempt`; undefined: do not try again. Takes one retry from the budget. */
export function delayAfter(attempt: number, policy: RetryPolicy, budget: RetryBudget, leftMs: number, headers?: Headers): number | undefined {
  if (attempt >= policy.attempts || budget.left < 1) return undefined;
  const wanted = headers && retryAfterMs(headers);
  if (wanted !== undefined && wanted > policy.maxRetryAfterMs) return undefined;
  const random = Math.random();
  // Callers that were told the same moment must not all come back at it.
  const delay = wanted !== undefined ? wanted + random * policy.baseDelayMs : random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  if (delay >= leftMs) return undefined;
  budget.left -= 1;
  return delay;
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3); else when a used-up `RateLimit` window ends. */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number | undefined {
  const after = headers.get('retry-after');
  if (after) {
    const ms = /[a-z]/i.test(after) ? Math.max(0, Date.parse(after) - now) : Number(after) * 1000;
    if (ms >= 0) return ms;
  }
  const reset = /\br=0(?:;[^,]*)?;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? (headers.get('ratelimit-remaining') === '0' ? headers.get('ratelimit-reset') : undefined);
  return reset && Number(reset) >= 0 ? Number(reset) * 1000 : undefined;
}

/** Waits, or throws the signal's reason. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => { clearTimeout(timer); reject(signal!.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
