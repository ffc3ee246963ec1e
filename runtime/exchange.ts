/**
 * One request and its answer, whatever carries them. The transports (`http1/`, `node-http/`, `http2/`, `fetch.ts`) fill an
 * Exchange and generated handlers work on it; nothing outside the transports knows a socket.
 */
import type { ApiKey } from './keys/api-keys.js';
import type { GatewayState } from './gateway-state.js';
import type { TlsClient } from './tls/tls-client.js';

/** The fields of a message. Names are matched case-insensitively; values are Latin-1 strings as received, without surrounding blanks. */
export interface Fields {
  /** The first value of `name` (lower case), or undefined. */
  get(name: string): string | undefined;
  /** The last value (what API Gateway's single-value maps and mappings take). */
  last(name: string): string | undefined;
  /** Every value, in order. */
  all(name: string): string[];
  /** Every field in order, names spelled as received. */
  forEach(visit: (name: string, value: string) => void): void;
}

/** Takes a body piece by piece. */
export interface BodySink {
  /** false: pause until the source's `resume()`. The chunk is the sink's from now on: nobody writes to its memory again. */
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** The body will never be complete: the peer went away, broke the framing, timed out or exceeded a limit. */
  onAbort(reason: string): void;
}

/** The request's body on its way in. */
export interface IncomingBody {
  /** Declared length in bytes; -1 when chunked or unknown; 0 when there is no body. */
  readonly length: number;
  /** The whole body has arrived (or there is none): `collect` answers synchronously. */
  readonly complete: boolean;
  /**
   * Gathers the whole body into one Buffer, then calls `done` (synchronously when it has arrived already). More than `limit` bytes:
   * `done` is not called and the transport answers `exchange.gateway.onTooLarge`. A broken body: neither, the exchange is over.
   */
  collect(limit: number, done: (body: Buffer) => void): void;
  /** Streams the body into `sink`. At most one of collect and pipe is called, once. */
  pipe(sink: BodySink): void;
  resume(): void;
}

/** The way back to the client. Exactly one of `send` or `begin … end` is called per exchange. */
export interface Reply {
  /**
   * The whole answer. `fields` is flat `[name, value, name, value…]`; the transport adds Date, Content-Length, Connection and drops
   * what HTTP forbids (body of HEAD, 204, 304). Values holding CR, LF or NUL are refused: the transport answers 500 instead.
   */
  send(status: number, fields: readonly string[], body: Uint8Array | string | null): void;
  /** Like `send` for an answer that is always the same but for `fields`: the transport may keep its serialised form on it. */
  sendConstant(answer: ConstantAnswer, fields: readonly string[]): void;
  /** Starts a streamed answer; `length` -1 when unknown. */
  begin(status: number, fields: readonly string[], length: number, drain: () => void): void;
  /** false: wait for `drain`. The chunk is copied or written before this returns. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  /** The answer cannot be completed: break the connection (or reset the stream), so that the client sees it is incomplete. */
  abort(): void;
  readonly started: boolean;
  /** Bytes of body handed over so far, whether or not the method or status lets them be sent (`$context.responseLength`). */
  readonly bodyBytes: number;
  /** Told once when the client goes away before the answer is complete. Set by whoever works on the answer. */
  watcher: ReplyWatcher | null;
  /**
   * For the upstream's relay: starts an answer whose field lines are serialised and checked already (`Name: value` CRLF …, Latin-1, without
   * Date, Connection and framing). `length` -1 when unknown; for HEAD and 304 the length the backend declared. `piece` is the body's
   * beginning, valid during the call only; `complete`: nothing follows. Otherwise go on with `write` and `end`; false: wait for `source.resume()`.
   */
  relay(status: number, lines: string, length: number, piece: Buffer | null, complete: boolean, source: BodySource): boolean;
}

export interface ReplyWatcher {
  onClientGone(): void;
}

/** Whatever feeds a streamed answer; `resume` is called when the client takes data again. */
export interface BodySource {
  resume(): void;
}

/** An answer whose status, fields and body never change. Built at start by generated code. */
export interface ConstantAnswer {
  readonly status: number;
  /** Flat `[name, value…]`. */
  readonly fields: readonly string[];
  readonly body: Buffer;
  /** The transport's own cached form. */
  wire: unknown;
}

export function constantAnswer(status: number, fields: readonly string[], body: string): ConstantAnswer {
  return { status, fields, body: Buffer.from(body), wire: null };
}

/** Where a request comes from. Behind a trusted proxy (`--trust-proxy`) it is the client's side of that: see forwarded.ts. */
export interface Connection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** TLS terminated here, or by a trusted proxy. */
  readonly secure: boolean;
  /** The name a trusted proxy was called by. */
  readonly host?: string;
  /** The connection of the trusted proxy. */
  readonly peer?: Connection;
  /** 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2.0'. */
  readonly protocol: string;
  /** Who is at the other end, where clients are asked for certificates. */
  readonly tls?: TlsClient | undefined;
}

/** All fields are initialised in one order, so that every exchange has the same hidden class. */
export class Exchange {
  // Declared only: written twice they would be in every bundle twice.
  declare readonly gateway: GatewayState;
  /** Upper or mixed case as received; of REST APIs what `overrideMethod` made of it. */
  declare method: string;
  /** Bytes that hold the request target; spans below index into it. */
  declare readonly target: Uint8Array;
  /**
   * Path without query: [pathStart, pathEnd). Starts with '/', base path already taken off, several leading slashes are one. Empty when
   * no route can match: the request is outside the base path, or `OPTIONS *`.
   */
  declare readonly pathStart: number;
  declare readonly pathEnd: number;
  /** Query without '?': [queryStart, queryEnd); empty when queryStart === queryEnd. */
  declare readonly queryStart: number;
  declare readonly queryEnd: number;
  /** A step may put another view of them in its place. */
  declare head: Fields;
  /** A step may put a decoded view in its place. */
  declare incoming: IncomingBody;
  /** A step may put one that transforms answers in its place. */
  declare reply: Reply;
  declare readonly connection: Connection;
  /** Index of the matched route's handler, -1 before routing. Written by the router. */
  route = -1;
  /** The whole request body once a step asked for it (`readBody`), else null. */
  body: Buffer | null = null;
  /** `body` parsed as JSON, once; PARSE_PENDING before. Written by the first step that needs it, shared by all later ones. */
  json: unknown = PARSE_PENDING;
  /** Fields steps want on whatever answer is sent (CORS…), flat; null when none. */
  extraFields: string[] | null = null;
  /** Status sent; 0 before. Written by send. */
  status = 0;
  /** `$context.requestId`; '' until asked for. */
  requestId = '';
  /** `$context.extendedRequestId`; '' until asked for. */
  extendedRequestId = '';
  /** `$context.error.message` of a gateway response; '' when none. */
  errorMessage = '';
  /** `$context.error.responseType`. */
  errorType = '';
  /** `$context.error.validationErrorString`. */
  validationError = '';
  /** performance.now() at the request's first byte; 0 when nobody asked for timing. */
  startedAt = 0;
  /** The API key the request was let in with; null before the apiKey step and without one. */
  apiKey: ApiKey | null = null;
  /** Steps' own data that outlives a step (`requestOverride`, authorizer context…); null until first used. */
  context: Record<string, unknown> | null = null;

  constructor(
    gateway: GatewayState, method: string, target: Uint8Array, pathStart: number, pathEnd: number, queryStart: number, queryEnd: number,
    head: Fields, incoming: IncomingBody, reply: Reply, connection: Connection,
  ) {
    this.gateway = gateway;
    this.method = method;
    this.target = target;
    this.pathStart = pathStart;
    this.pathEnd = pathEnd;
    this.queryStart = queryStart;
    this.queryEnd = queryEnd;
    this.head = head;
    this.incoming = incoming;
    this.reply = reply;
    this.connection = connection;
  }
}

const METHODS = /^(?:DELETE|GET|OPTIONS|PATCH|POST|PUT)$/;

/**
 * REST APIs: "API Gateway overrides the method" of requests with `X-HTTP-Method-Override` [D], before anything looks at it. false: it names no
 * method, and nothing can match. How an answer is framed the header cannot change: it makes no HEAD of another method.
 */
export function overrideMethod(exchange: Exchange): boolean {
  const method = exchange.head.get('x-http-method-override');
  if (method === undefined || method === exchange.method || method === 'HEAD') return true;
  // A backend is asked with it: nothing else may stand in its request line.
  if (!METHODS.test(method)) return false;
  (exchange.context ??= {})['sentMethod'] = exchange.method;
  exchange.method = method;
  return true;
}

/** The method that the client sent, and signed. */
export function sentMethod({ context, method }: Exchange): string {
  return (context?.['sentMethod'] as string | undefined) ?? method;
}

/** Registered, so that a handler and a transport of different copies of the runtime (`gwc dev`) mean the same. */
export const PARSE_PENDING: unique symbol = Symbol.for('gwc.json-not-parsed');

/** A bundle's compiled handlers as a transport sees them: one call per request, at the end of the head. */
export interface RequestHandler {
  (exchange: Exchange): void;
}
