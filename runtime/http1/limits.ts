import type { Proxies } from '../forwarded.js';
import type { NumberOptions } from '../options.js';

/** What one listener accepts. Every limit bounds memory or time a client can take; 0 never means "unlimited", Infinity does. */
export interface Limits {
  /** Names, values, separators and line ends of all fields together, bytes → 431. API Gateway: 10 240. */
  readonly headerBytes: number;
  /** Fields of one request → 431. */
  readonly headerCount: number;
  /** The request target, bytes → 414. API Gateway: 10 240 (regional). */
  readonly targetBytes: number;
  /** A request's body, bytes → 413, declared or received. API Gateway: 10 485 760. */
  readonly bodyBytes: number;
  /** From a request's first byte to the end of its head, ms → 408. */
  readonly headTimeoutMs: number;
  /** Between two pieces of a request's body, ms → 408. */
  readonly bodyTimeoutMs: number;
  /** From a request's first byte to the end of its body, ms → 408. */
  readonly requestTimeoutMs: number;
  /** A connection without a request, ms. API Gateway: 310 000. */
  readonly idleTimeoutMs: number;
  /** A client that takes nothing of an answer, ms. */
  readonly writeTimeoutMs: number;
  /** Open connections of the listener; more are closed at once. */
  readonly connections: number;
  /** Open connections of one remote address; more are closed at once. */
  readonly connectionsPerAddress: number;
  /** Requests answered on one connection; the last answer closes it. */
  readonly requestsPerConnection: number;
  /** Who may say that it speaks for others. Their connections are not counted per address. */
  readonly proxies?: Proxies | undefined;
}

export const DEFAULT_LIMITS: Limits = {
  headerBytes: 10_240,
  headerCount: 200,
  targetBytes: 10_240,
  bodyBytes: 10_485_760,
  headTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  requestTimeoutMs: 300_000,
  idleTimeoutMs: 310_000,
  writeTimeoutMs: 60_000,
  connections: 65_536,
  connectionsPerAddress: Infinity,
  requestsPerConnection: Infinity,
};

/** The limits as options of a gateway file. */
export const LIMIT_OPTIONS: NumberOptions = {
  key: 'limits',
  defaults: DEFAULT_LIMITS as unknown as Record<string, number>,
  texts: {
    headerBytes: 'all fields of a request, else 431',
    headerCount: 'number of fields, else 431',
    targetBytes: 'path and query of a request, else 414',
    bodyBytes: 'body of a request, else 413',
    headTimeoutMs: 'from the first byte of a head to its last, else 408',
    bodyTimeoutMs: 'between two pieces of a body, else 408',
    requestTimeoutMs: 'for a whole request to arrive, else 408',
    idleTimeoutMs: 'a connection without a request',
    writeTimeoutMs: 'a client that takes nothing of its answer',
    connections: 'open connections of a process',
    connectionsPerAddress: 'of them, of one address',
    requestsPerConnection: 'requests before a connection is closed',
  } satisfies Record<Exclude<keyof Limits, 'proxies'>, string>,
};
