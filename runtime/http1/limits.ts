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

type Row<Name> = readonly [property: Name, otherwise: number, text: string];

const ROWS = [
  ['headerBytes', 10_240, 'all fields of a request, else 431'],
  ['headerCount', 200, 'number of fields, else 431'],
  ['targetBytes', 10_240, 'path and query of a request, else 414'],
  ['bodyBytes', 10_485_760, 'body of a request, else 413'],
  ['headTimeoutMs', 10_000, 'for a whole head to arrive, else 408'],
  ['bodyTimeoutMs', 30_000, 'between two pieces of a body, else 408'],
  ['requestTimeoutMs', 300_000, 'for a whole request to arrive, else 408'],
  ['idleTimeoutMs', 310_000, 'a connection without a request'],
  ['writeTimeoutMs', 60_000, 'a client that takes nothing'],
  ['connections', 65_536, 'open connections of a process'],
  ['connectionsPerAddress', Infinity, 'of them, of one address'],
  ['requestsPerConnection', Infinity, 'requests of one connection'],
] as const satisfies readonly Row<Exclude<keyof Limits, 'proxies'>>[];

/** Every limit has its row: `defaultsOf` is then a whole `Limits`. */
export const DEFAULT_LIMITS: Limits = /* @__PURE__ */ defaultsOf(ROWS) satisfies Record<(typeof ROWS)[number][0], number>;

/** The limits as options of a gateway file. */
export const LIMIT_OPTIONS: NumberOptions = { key: 'limits', rows: ROWS };

/** What a table of numbers says for when nothing is given. */
export function defaultsOf<Name extends string>(rows: readonly Row<Name>[]): Record<Name, number> {
  return Object.fromEntries(rows) as Record<Name, number>;
}
