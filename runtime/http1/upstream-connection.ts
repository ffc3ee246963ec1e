/** One connection to a backend: sends a request, reads its answer, and goes back to the pool. */
import type { Socket } from 'node:net';
import type { IncomingBody } from '../exchange.js';
import { ChunkedDecoder } from './chunked.js';
import { CLOSE, Head, INCOMPLETE, KEEP_ALIVE, resetHead } from './head.js';
import { parseResponseHead } from './response-head.js';
import type { Call } from './upstream-call.js';
import type { Http1Upstream, Target } from './upstream.js';

const CONNECTING = 0;
const IDLE = 1;
const HEAD = 2;
const LENGTH = 3;
const CHUNKED = 4;
const UNTIL_CLOSE = 5;
const CLOSED = 6;

const SMALL = 4_096;
const HEAD_BYTES = 70_000;
const INFORMATIONAL = 16;

export class UpstreamConnection {
  private phase = CONNECTING;
  private readonly head = new Head(NONE);
  private pending: Buffer | null = null;
  private remaining = 0;
  private decoder: ChunkedDecoder | null = null;
  private keepAlive = true;
  private informational = 0;
  /** Bytes of the current answer have arrived. */
  private answering = false;
  private served = 0;
  private chunkedRequest = false;
  private paused = false;
  /** The socket's error, for the message. */
  private error = '';
  /** How long the backend says it keeps an idle connection, less a margin for what is under way, ms. */
  idleMs = Infinity;
  /** When an idle connection is given up, performance.now() ms. */
  idleUntil = 0;
  readonly openedAt = performance.now();
  private socket: Socket | null = null;

  constructor(private readonly pool: Http1Upstream, readonly target: Target, private call: Call | null) {}

  /** Called once the socket exists; its data comes by `onData` (the documented `onread` option). */
  attach(socket: Socket, readyEvent: 'connect' | 'secureConnect'): void {
    this.socket = socket;
    socket.on(readyEvent, () => this.onReady());
    socket.on('drain', () => this.onDrain());
    socket.on('end', () => this.onEnd());
    socket.on('error', (error: NodeJS.ErrnoException) => { this.error = error.code ?? error.message; });
    socket.on('close', () => this.onClose());
  }

  get connecting(): boolean { return this.phase === CONNECTING; }

  private onReady(): void {
    this.phase = IDLE;
    const { call } = this;
    this.call = null;
    if (call === null || call.over) this.pool.release(this);
    else this.start(call);
  }

  // ---- sending

  start(call: Call): void {
    this.call = call;
    call.connection = this;
    this.phase = HEAD;
    this.answering = false;
    this.informational = 0;
    this.keepAlive = true;
    this.chunkedRequest = false;
    const socket = this.socket!;
    const { body } = call;
    if (body === null) {
      call.requestComplete = true;
      socket.write(`${call.text}\r\n`, 'latin1');
    } else if (body instanceof Uint8Array) {
      call.requestComplete = true;
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      if (bytes.length <= SMALL) socket.write(`${call.text}\r\n${bytes.toString('latin1')}`, 'latin1');
      else {
        socket.cork();
        socket.write(`${call.text}\r\n`, 'latin1');
        socket.write(bytes);
        socket.uncork();
      }
    } else {
      this.chunkedRequest = body.length < 0;
      socket.write(`${call.text}\r\n`, 'latin1');
      body.pipe(call);
    }
  }

  sendPiece(chunk: Uint8Array): boolean {
    const socket = this.socket!;
    if (this.phase === CLOSED || chunk.length === 0) return true;
    if (!this.chunkedRequest) return socket.write(chunk);
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    socket.write(chunk);
    const flowing = socket.write('\r\n', 'latin1');
    socket.uncork();
    return flowing;
  }

  sendEnd(): void {
    if (this.chunkedRequest && this.phase !== CLOSED) this.socket!.write('0\r\n\r\n', 'latin1');
  }

  private onDrain(): void {
    const body = this.call?.body;
    if (body != null && !(body instanceof Uint8Array)) (body as IncomingBody).resume();
  }

  // ---- receiving

  /** Bytes [0, size) of `buffer`, valid during the call. false: stop reading. */
  onData(size: number, buffer: Buffer): boolean {
    const { call } = this;
    // Nobody asked: whatever this is, it must not become the answer to the next request.
    if (call === null || this.phase === IDLE) { this.destroy(); return false; }
    let bytes = buffer;
    let at = 0;
    let end = size;
    this.answering = true;
    if (this.phase === HEAD) {
      if (this.pending !== null) {
        bytes = Buffer.concat([this.pending, buffer.subarray(0, size)]);
        end = bytes.length;
        this.pending = null;
      }
      at = this.readHead(bytes, end);
      if (at < 0) return !this.paused;
      this.beginBody(call, bytes, at, end);
    } else {
      this.readBody(call, bytes, at, end);
    }
    return !this.paused;
  }

  /** Parses the head, passing over 1xx answers: the position after it, or -1 when more is needed or all is over. */
  private readHead(bytes: Buffer, end: number): number {
    const { head } = this;
    let at = 0;
    for (;;) {
      resetHead(head, bytes);
      const next = at === end ? INCOMPLETE : parseResponseHead(head, at, end);
      if (next === INCOMPLETE) {
        if (end - at > HEAD_BYTES) return this.refuse('the head of the answer is too large');
        if (at < end) this.pending = Buffer.from(bytes.subarray(at, end));
        return -1;
      }
      if (next < 0) return this.refuse('the answer is not acceptable HTTP/1.1');
      if (head.status >= 200) return next;
      // 101 was not asked for: Upgrade is never sent on.
      if (head.status === 101 || ++this.informational > INFORMATIONAL) return this.refuse('unexpected 1xx answers');
      at = next;
    }
  }

  private refuse(detail: string): -1 {
    this.fail('protocol', detail);
    return -1;
  }

  private beginBody(call: Call, bytes: Buffer, at: number, end: number): void {
    const { head } = this;
    this.keepAlive = (head.connectionBits & CLOSE) === 0 && (head.minor === 1 || (head.connectionBits & KEEP_ALIVE) !== 0);
    if (head.keepAliveField >= 0) this.idleMs = keepAliveMs(head.value(head.keepAliveField));
    let length = head.contentLength;
    let piece: Buffer | null = null;
    if (call.method === 'HEAD' || head.status === 204 || head.status === 304) {
      this.remaining = 0;
      this.phase = LENGTH;
    } else if (head.isChunked) {
      this.decoder = new ChunkedDecoder();
      this.phase = CHUNKED;
      length = -1;
    } else if (length >= 0) {
      this.remaining = length;
      this.phase = LENGTH;
    } else {
      this.keepAlive = false;
      this.phase = UNTIL_CLOSE;
    }
    let complete = false;
    if (this.phase === LENGTH) {
      const take = Math.min(this.remaining, end - at);
      if (take > 0) piece = bytes.subarray(at, at + take);
      at += take;
      this.remaining -= take;
      complete = this.remaining === 0;
    } else if (this.phase === CHUNKED) {
      const pieces: Buffer[] = [];
      at = this.decode(bytes, at, end, pieces);
      if (at < 0) { this.fail('protocol', 'the chunked coding of the answer is broken'); return; }
      complete = this.decoder!.done;
      piece = pieces.length === 0 ? null : pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    } else {
      piece = at < end ? bytes.subarray(at, end) : null;
      at = end;
    }
    if (complete) {
      if (at < end) this.keepAlive = false;
      this.finish(call);
      call.answered(head, length, piece, true);
      return;
    }
    call.deadline = this.pool.bodyDeadline();
    if (!call.answered(head, length, piece, false)) this.pause();
  }

  private readBody(call: Call, bytes: Buffer, at: number, end: number): void {
    let flowing = true;
    let complete = false;
    if (this.phase === LENGTH) {
      const take = Math.min(this.remaining, end);
      this.remaining -= take;
      at = take;
      complete = this.remaining === 0;
      flowing = call.more(take === bytes.length ? bytes : bytes.subarray(0, take));
    } else if (this.phase === CHUNKED) {
      const pieces: Buffer[] = [];
      at = this.decode(bytes, at, end, pieces);
      if (at < 0) { this.fail('protocol', 'the chunked coding of the answer is broken'); return; }
      for (const piece of pieces) flowing = call.more(piece) && flowing;
      complete = this.decoder!.done;
    } else {
      at = end;
      flowing = call.more(bytes.subarray(0, end));
    }
    // `more` may have given up on the answer.
    if (this.phase === CLOSED || call.over) return;
    if (complete) {
      if (at < end) this.keepAlive = false;
      this.finish(call);
      call.completed();
      return;
    }
    call.deadline = this.pool.bodyDeadline();
    if (!flowing) this.pause();
  }

  private decode(bytes: Buffer, at: number, end: number, pieces: Buffer[]): number {
    const decoder = this.decoder!;
    while (at < end && !decoder.done) {
      at = decoder.next(bytes, at, end);
      if (at < 0) return -1;
      if (decoder.dataEnd > decoder.dataStart) pieces.push(bytes.subarray(decoder.dataStart, decoder.dataEnd));
    }
    return at;
  }

  private pause(): void {
    this.paused = true;
    if (this.call !== null) this.call.deadline = Infinity;
  }

  resume(): void {
    if (!this.paused || this.phase === CLOSED) return;
    this.paused = false;
    if (this.call !== null) this.call.deadline = this.pool.bodyDeadline();
    this.socket!.resume();
  }

  /** The answer is complete: back to the pool, unless the exchange left something on the connection. */
  private finish(call: Call): void {
    this.call = null;
    call.connection = null;
    this.decoder = null;
    this.served++;
    this.pool.ended(call);
    if (this.keepAlive && call.requestComplete && !this.paused) {
      this.phase = IDLE;
      this.pool.release(this);
    } else {
      this.destroy();
    }
  }

  // ---- the end

  private onEnd(): void {
    const { call } = this;
    if (this.phase === UNTIL_CLOSE && call !== null) {
      this.finish(call);
      call.completed();
    } else {
      this.destroy();
    }
  }

  private onClose(): void {
    const wasConnecting = this.phase === CONNECTING;
    const { call } = this;
    const retry = call !== null && !call.over && this.served > 0 && !this.answering && call.repeatable;
    this.phase = CLOSED;
    this.call = null;
    this.pool.closed(this.target);
    if (call === null || call.over) return;
    call.connection = null;
    if (retry) { this.pool.again(call); return; }
    if (wasConnecting && this.pool.elsewhere(call, this.target)) return;
    this.pool.ended(call);
    const reason = this.error || 'closed';
    const { hostField } = this.target;
    if (this.answering) call.failed('protocol', `${hostField}: the connection broke in the middle of the answer (${reason})`);
    else call.failed('connect', `${hostField}: ${wasConnecting ? 'no connection' : 'closed before it answered'} (${reason})`);
  }

  private fail(failure: 'protocol' | 'timeout' | 'connect', detail: string): void {
    const { call } = this;
    this.call = null;
    this.destroy();
    if (call === null) return;
    call.connection = null;
    this.pool.ended(call);
    call.failed(failure, `${this.target.hostField}: ${detail}`);
  }

  /** The call's deadline has passed. */
  expired(): void {
    const { call } = this;
    if (this.connecting && call !== null && performance.now() < call.deadline) {
      this.call = null;
      this.destroy();
      if (this.pool.elsewhere(call, this.target)) return;
      this.call = call;
    }
    this.fail(this.connecting ? 'connect' : 'timeout', this.connecting ? 'no connection in time' : this.answering ? 'the answer stopped coming' : 'no answer in time');
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    const { call } = this;
    this.call = null;
    if (call !== null) {
      call.connection = null;
      this.pool.ended(call);
    }
    this.destroy();
  }

  destroy(): void {
    if (this.phase === IDLE) this.pool.unlist(this);
    if (this.phase !== CONNECTING) this.phase = CLOSED;
    this.socket?.destroy();
  }
}

const NONE = /* @__PURE__ */ Buffer.alloc(0);

/** `Keep-Alive: timeout=5`: a request sent when the time is nearly up would meet a closing connection, and cannot always be repeated. */
function keepAliveMs(value: string): number {
  const seconds = /(?:^|[,; ])timeout=(\d{1,6})/i.exec(value)?.[1];
  return seconds === undefined ? Infinity : Math.max(0, Number(seconds) * 1_000 - 1_000);
}
