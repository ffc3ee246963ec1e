/** One call of a backend, from the request's bytes to whoever takes the answer. */
import type { BodySink, BodySource, Exchange, IncomingBody, ReplyWatcher } from '../exchange.js';
import type { RelayRequest, UpstreamFailure, UpstreamRequest, UpstreamResponse, UpstreamSink, UpstreamStream } from '../backends/upstream.js';
import { fieldLines } from './field-lines.js';
import { Head } from './head.js';
import { requestLines, responseLines } from './relay-fields.js';
import type { UpstreamConnection } from './upstream-connection.js';

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}$/;
const TARGET = /^[/*][!"$-~]*$/;
const HOST = /^[-._~%!$&'()*+;=:[\]0-9A-Za-z]+$/;

export abstract class Call implements BodySink, BodySource {
  /** When the head must have arrived, then when the next piece must, in performance.now() ms; Infinity: not waiting for the backend. */
  deadline: number;
  connection: UpstreamConnection | null = null;
  /** Neighbours in the upstream's list of calls under way. */
  previous: Call | null = null;
  next: Call | null = null;
  /** A second attempt is always on a connection of its own. */
  retried = false;
  /** Targets that could not be connected to. */
  attempts = 0;
  over = false;
  /** Bytes of a streamed body were handed over: they cannot be had again. */
  streaming = false;
  /** All of the request's body was handed to the connection. */
  requestComplete = false;

  /** `text`: request line and fields, without the empty line. */
  constructor(readonly method: string, public text: string, public body: Uint8Array | IncomingBody | null, timeoutMs: number) {
    this.deadline = performance.now() + timeoutMs;
  }

  /** May this request be sent twice (RFC 9110 §9.2.2)? */
  get repeatable(): boolean {
    if (this.streaming || this.retried) return false;
    switch (this.method) {
      case 'GET': case 'HEAD': case 'OPTIONS': case 'PUT': case 'DELETE': case 'TRACE': return true;
      default: return false;
    }
  }

  // The answer, told by the connection. `piece` is valid during the call only. false: pause until `resume`.
  abstract answered(head: Head, length: number, piece: Buffer | null, complete: boolean): boolean;
  abstract more(piece: Buffer): boolean;
  abstract completed(): void;
  /** No complete answer will come. */
  abstract failed(failure: UpstreamFailure, detail: string): void;

  resume(): void { this.connection?.resume(); }

  // The request's streamed body, told by the client's connection.
  onData(chunk: Uint8Array): boolean {
    if (this.over || this.connection === null) return true;
    this.streaming = true;
    return this.connection.sendPiece(chunk);
  }

  onEnd(): void {
    this.requestComplete = true;
    if (!this.over) this.connection?.sendEnd();
  }

  onAbort(reason: string): void {
    if (this.over) return;
    this.connection?.abandon();
    this.failed('aborted', reason);
  }
}

/** Buffer mode. */
export class BufferCall extends Call {
  private head: Head | null = null;
  private pieces: Buffer[] = [];
  private size = 0;

  constructor(method: string, text: string, body: Uint8Array | IncomingBody | null, timeoutMs: number, private readonly limit: number,
    private readonly onDone: (response: UpstreamResponse) => void, private readonly onFailed: (failure: UpstreamFailure, detail: string) => void) {
    super(method, text, body, timeoutMs);
  }

  answered(head: Head, length: number, piece: Buffer | null, complete: boolean): boolean {
    const size = piece === null ? 0 : piece.length;
    if (size > this.limit || (length > this.limit && this.method !== 'HEAD')) return this.tooLarge();
    if (complete) {
      this.done({ status: head.status, fields: keep(head), body: piece === null ? EMPTY : Buffer.from(piece) });
      return true;
    }
    this.head = keep(head);
    if (piece !== null) { this.pieces.push(Buffer.from(piece)); this.size = size; }
    return true;
  }

  more(piece: Buffer): boolean {
    this.size += piece.length;
    if (this.size > this.limit) return this.tooLarge();
    this.pieces.push(Buffer.from(piece));
    return true;
  }

  completed(): void {
    this.done({ status: this.head!.status, fields: this.head!, body: Buffer.concat(this.pieces, this.size) });
  }

  /** A caller that throws is a bug of ours: its request fails, the process and the other requests live on. */
  private done(response: UpstreamResponse): void {
    this.over = true;
    try {
      this.onDone(response);
    } catch (error) {
      this.onFailed('protocol', `the answer could not be handled: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  failed(failure: UpstreamFailure, detail: string): void {
    if (this.over) return;
    this.over = true;
    this.pieces = [];
    this.onFailed(failure, detail);
  }

  private tooLarge(): boolean {
    this.connection?.abandon();
    this.failed('protocol', `the answer is larger than ${this.limit} bytes`);
    return true;
  }
}

/** Stream mode: client and backend are coupled piece by piece. */
export class RelayCall extends Call implements ReplyWatcher {
  constructor(private readonly exchange: Exchange, private readonly request: RelayRequest, text: string, body: Uint8Array | IncomingBody | null,
    private readonly onFailed: (exchange: Exchange, failure: UpstreamFailure, detail: string) => void) {
    super(request.method, text, body, request.timeoutMs);
  }

  answered(head: Head, length: number, piece: Buffer | null, complete: boolean): boolean {
    const { exchange, request } = this;
    const lines = responseLines(head, request.rules, request.responseDefaults, exchange.extraFields);
    if (lines === null) {
      if (!complete) this.connection?.abandon();
      this.failed('protocol', 'a field of the answer cannot be sent');
      return true;
    }
    exchange.status = head.status;
    const flowing = exchange.reply.relay(head.status, lines, length, piece, complete, this);
    if (complete) this.finish();
    return flowing;
  }

  more(piece: Buffer): boolean {
    return this.exchange.reply.write(piece);
  }

  completed(): void {
    this.exchange.reply.end();
    this.finish();
  }

  failed(failure: UpstreamFailure, detail: string): void {
    if (this.over) return;
    if (this.exchange.reply.started) {
      this.over = true;
      this.exchange.reply.abort();
      this.request.finished?.(this.exchange);
      return;
    }
    this.over = true;
    this.exchange.reply.watcher = null;
    try {
      this.onFailed(this.exchange, failure, detail);
    } catch (error) {
      this.exchange.gateway.onFault(this.exchange, error);
    }
  }

  onClientGone(): void {
    if (this.over) return;
    this.connection?.abandon();
    this.failed('aborted', 'the client went away');
  }

  private finish(): void {
    this.over = true;
    this.request.finished?.(this.exchange);
  }
}

/** The answer as it comes, for somebody who is no client. */
export class StreamCall extends Call implements UpstreamStream {
  constructor(method: string, text: string, body: Uint8Array | IncomingBody | null, timeoutMs: number, private readonly sink: UpstreamSink) {
    super(method, text, body, timeoutMs);
  }

  answered(head: Head, _length: number, piece: Buffer | null, complete: boolean): boolean {
    this.sink.onHead(head.status, head);
    const flowing = piece === null || this.more(piece);
    if (complete) this.completed();
    return flowing;
  }

  more(piece: Buffer): boolean {
    return this.over || this.sink.onPiece(piece);
  }

  completed(): void {
    if (this.over) return;
    this.over = true;
    this.sink.onEnd();
  }

  failed(failure: UpstreamFailure, detail: string): void {
    if (this.over) return;
    this.over = true;
    this.sink.onFailed(failure, detail);
  }

  cancel(): void {
    if (this.over) return;
    this.over = true;
    this.connection?.abandon();
  }
}

const EMPTY = /* @__PURE__ */ Buffer.alloc(0);

/** The head with bytes of its own: the connection reads its next answer into the ones it has. */
function keep(head: Head): Head {
  const start = head.fieldCount === 0 ? 0 : head.fieldSpans[0]!;
  const end = head.fieldCount === 0 ? 0 : head.fieldSpans[head.fieldCount * 4 - 1]!;
  const kept = new Head(Buffer.from(head.bytes.subarray(start, end)));
  for (let i = 0; i < head.fieldCount * 4; i++) kept.fieldSpans[i] = head.fieldSpans[i]! - start;
  kept.fieldCount = head.fieldCount;
  kept.status = head.status;
  kept.minor = head.minor;
  return kept;
}

/** The text of a call's request, or null when a part of it cannot be sent. */
export function callText(request: UpstreamRequest, host: string): string | null {
  const lines = fieldLines(request.fields);
  return lines === null ? null : requestText(request.method, request.target, request.host || host, lines, request.body);
}

export function relayText(exchange: Exchange, request: RelayRequest, host: string, body: Uint8Array | IncomingBody | null): string | null {
  const lines = requestLines(exchange.head, request.rules, request.extra);
  return lines === null ? null : requestText(request.method, request.target, request.host || host, lines, body);
}

function requestText(method: string, target: string, host: string, lines: string, body: Uint8Array | IncomingBody | null): string | null {
  if (!METHOD.test(method) || !TARGET.test(target) || !HOST.test(host)) return null;
  let framing: string;
  if (body === null) framing = method === 'POST' || method === 'PUT' || method === 'PATCH' ? 'Content-Length: 0\r\n' : '';
  else framing = body.length < 0 ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${body.length}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines}${framing}`;
}
