/** The client half of the data plane as the rest of the runtime sees it. `http1/` implements it. */
import type { Exchange, Fields, IncomingBody } from '../exchange.js';

export type UpstreamFailure =
  /** Name not resolved, refused, unreachable, TLS handshake failed, reset before an answer. */
  | 'connect'
  /** No complete head within the time allowed. */
  | 'timeout'
  /** The backend's answer is not acceptable HTTP. */
  | 'protocol'
  /** The client went away; nobody waits for the answer. */
  | 'aborted';

export interface UpstreamRequest {
  readonly method: string;
  /** origin-form, e.g. `/pets/1?x=y`. */
  readonly target: string;
  /** Flat `[name, value…]` without Host, Connection and framing fields; those are written by the upstream. Values with CR, LF or NUL fail the call with 'protocol'. */
  readonly fields: readonly string[];
  /** Host field; '' = the origin's own. */
  readonly host: string;
  /** A body in memory, or the client's streamed through, or none. */
  readonly body: Uint8Array | IncomingBody | null;
  /** Until the backend's whole head has arrived, from the start, ms. API Gateway's timeoutInMillis. */
  readonly timeoutMs: number;
}

/** What a call answers in buffer mode. */
export interface UpstreamResponse { readonly status: number; readonly fields: Fields; readonly body: Buffer }

/** Which fields of a relayed message are dropped or renamed. Names lower case. Hop-by-hop fields and those `Connection` names never pass. */
export interface RelayRules {
  readonly dropRequest: ReadonlySet<string>;
  readonly dropResponse: ReadonlySet<string>;
  /** Sent to the client as `x-amzn-Remapped-<name as the backend spelled it>`. */
  readonly remapResponse: ReadonlySet<string>;
}

/** A pool of connections to one origin (`https://host:port`). Created once at start per origin and options. */
export interface Upstream {
  /** Buffer mode: calls and hands over the whole answer (at most `limit` bytes of body; more is 'protocol'). */
  call(request: UpstreamRequest, limit: number, done: (response: UpstreamResponse) => void, failed: (failure: UpstreamFailure, detail: string) => void): void;
  /**
   * Stream mode: sends the client's own request on (its fields by `rules`, then `extra` replacing same-named ones), and relays the answer as it comes,
   * with `exchange.extraFields` added. `failed` is called only when nothing was sent to the client yet.
   */
  relay(exchange: Exchange, request: RelayRequest, failed: (exchange: Exchange, failure: UpstreamFailure, detail: string) => void): void;
  /** Like `call`, but hands the answer over as it comes. */
  stream(request: UpstreamRequest, sink: UpstreamSink): UpstreamStream;
  close(): void;
}

/** Takes a backend's answer as it comes: the head, pieces, then onEnd; or onFailed at any time, and nothing after it. */
export interface UpstreamSink {
  /** Valid during the call only. */
  onHead(status: number, fields: Fields): void;
  /** false: no more until `resume`. Valid during the call only. */
  onPiece(piece: Buffer): boolean;
  onEnd(): void;
  onFailed(failure: UpstreamFailure, detail: string): void;
}

export interface UpstreamStream {
  resume(): void;
  /** Gives the answer up; the sink is told nothing more. */
  cancel(): void;
}

export interface RelayRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  /** Flat `[name, value…]`: set on the request, replacing the client's fields of the same name. */
  readonly extra: readonly string[];
  readonly rules: RelayRules;
  /** Flat fields for the client's answer that are sent unless the backend sent one of that name (e.g. a default content-type). */
  readonly responseDefaults: readonly string[];
  readonly timeoutMs: number;
  /** Called once after the relayed answer has ended, completely or not (access logs); not after `failed`. `exchange.status` is set. */
  readonly finished?: (exchange: Exchange) => void;
}

/** The operator's side of a pool's options. */
export interface UpstreamLimits {
  /** Open connections at most; further calls wait. */
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /** Idle keep-alive connections are closed after this. */
  readonly idleTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly bodyTimeoutMs: number;
}

export interface UpstreamOptions extends UpstreamLimits {
  /** tlsConfig.insecureSkipVerification. */
  readonly insecureSkipVerification?: boolean;
  /** tlsConfig.serverNameToVerify. */
  readonly serverName?: string;
}
