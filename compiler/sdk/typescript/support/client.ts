/** The client value: settings and the little state that its calls share. A plain object, made once per API and credentials. */
import type { TokenCache } from './auth.js';
import { retryPolicy, type RetryBudget, type RetryOptions, type RetryPolicy } from './retry.js';

/** Where the API is served, with the path in front of every route. */
export type BaseUrl = string | URL;

/** Settings of a client. `Auth` has one property per security scheme of the document. */
export interface BaseClientOptions<Auth> {
  readonly auth?: Auth | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Time for one attempt, its body included. Default 30 000; 0 = no limit. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Time for a call with all its attempts and waits. Default: no limit. */
  readonly totalTimeoutMs?: number | undefined;
  /** `false`: never. Only idempotent methods are retried, and calls with an idempotency key. */
  readonly retry?: RetryOptions | false | undefined;
  /** Send an `Idempotency-Key` with every POST and PATCH, which makes them retryable. Only where the service honours it. */
  readonly idempotencyKeys?: boolean | undefined;
  /** For every fetch: `credentials: 'include'` for a browser's cookies, `redirect: 'error'` where a key must not follow a redirect, … */
  readonly fetchOptions?: Omit<RequestInit, 'method' | 'headers' | 'body' | 'signal'> | undefined;
  /** Instead of the global fetch, e.g. with a proxy or a client certificate. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Settings of one call; they win over the client's. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly attemptTimeoutMs?: number | undefined;
  readonly totalTimeoutMs?: number | undefined;
  readonly retry?: RetryOptions | false | undefined;
  /** `true` makes a random one. The same key goes with every attempt. */
  readonly idempotencyKey?: string | true | undefined;
}

export interface Client {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly options: BaseClientOptions<object>;
  readonly auth: Readonly<Record<string, unknown>>;
  readonly retry: RetryPolicy;
  readonly budget: RetryBudget;
  readonly tokens: TokenCache;
}

/** Makes a client value. Throws when `baseUrl` is neither given nor in the document. */
export function newClient(options: BaseClientOptions<object> & { readonly baseUrl?: BaseUrl | undefined }, defaultBaseUrl?: string): Client {
  const baseUrl = options.baseUrl ?? defaultBaseUrl;
  if (baseUrl === undefined) throw new TypeError('createClient: baseUrl is missing');
  const retry = retryPolicy(options.retry);
  return { baseUrl: String(baseUrl).replace(/\/+$/, ''), options, auth: { __proto__: null, ...options.auth }, retry, budget: { left: retry.budget }, tokens: new Map() };
}
