/**
 * One accepted HTTP/1.1 connection: reads requests one after the other, keeps answers in order, bounds what the client can make it hold. Longer than
 * other files: it is one state machine, and its states are only safe when read together.
 */
import { process } from '../this-process.js';
import type { Socket } from 'node:net';
import { type Connection, Exchange, type IncomingBody } from '../exchange.js';
import { withOnRead } from './onread-socket.js';
import { BAD, CLOSE, Head, INCOMPLETE, KEEP_ALIVE, UPGRADE } from './head.js';
import { NO_BODY } from '../body/no-body.js';
import { BODIES, STREAMS, UPGRADES } from '../flags.js';
import { type BodyOwner, BROKEN, type FramedBody, RequestBody } from './request-body.js';
import { Http1Reply, type ReplyOwner } from './reply.js';
import { parseRequestHead } from './request-head.js';
import { refusal } from './refusal.js';
import type { Http1Listener } from './server.js';
import { locateTarget, TARGET_SPANS } from './target.js';
import { UnreadBody } from './unread-body.js';
import type { TlsClient } from '../tls/tls-client.js';

const NONE = /* @__PURE__ */ Buffer.alloc(0);

/** An unread rest of a body up to this is read past to keep the connection. */
const DRAIN_BYTES = 65_536;
/** In ticks of the listener, two a second: how long a closed connection is read on, so that the client gets the answer rather than a reset. */
const LINGER_TICKS = 5;
/** When the listener drains, a connection without a request yet gets this long. */
const FIRST_REQUEST_TICKS = 3;
/** How long an answer to a client that has closed its half may pause. */
const HALF_CLOSED_TICKS = 10;
const TOO_LARGE = 'the request body is too large';
const LINGER_BYTES = 16_777_216;

/** Whoever took a connection over. */
export interface Taker {
  onBytes(chunk: Buffer): void;
  onDrain(): void;
  onEnd(): void;
  onClose(): void;
}

export class Http1Connection implements Connection, BodyOwner, ReplyOwner {
  protocol = 'HTTP/1.1';
  /** Tick after which `expired` is called; Infinity: not waiting for the client. */
  readDeadline = 0;
  /** Tick after which a client that takes nothing is cut. */
  writeDeadline = Infinity;
  #address: string | undefined;
  #bytes: Buffer = NONE;
  #at = 0;
  /** How far an incomplete head was searched for its end. */
  #searched = 0;
  #reply: Http1Reply | null = null;
  #body: FramedBody | null = null;
  #exchange: Exchange | null = null;
  #requests = 0;
  #requestDeadline = Infinity;
  #stalled = false;
  #keepAlive = false;
  /** No further request is read; the socket closes when the answer is out. */
  #lingering = false;
  #lingered = 0;
  #halfClosed = false;
  /** What had been written when a client that closed its half was last looked at. */
  #written = 0;
  #closed = false;
  #running = false;
  #feeding = false;
  #scheduled = false;
  /** Takes the bytes once the connection speaks another protocol. */
  #taker: Taker | null = null;

  readonly #socket: Socket;

  readonly #listener: Http1Listener;

  /** `own`: the socket was accepted by this listener and may be read the fast way. */
  constructor(listener: Http1Listener, accepted: Socket, readonly secure: boolean, own: boolean, readonly tls?: TlsClient) {
    this.#listener = listener;
    this.readDeadline = listener.sweeps + listener.idleTicks;
    const take = (chunk: Buffer): void => this.#onData(chunk);
    const socket = this.#socket = own ? withOnRead(accepted, take) : accepted.on('data', take);
    socket.on('end', () => this.#onEnd());
    socket.on('drain', () => this.#onDrain());
    socket.on('close', () => this.#onClose());
    socket.on('error', ignore);
  }

  get remoteAddress(): string { return this.#address ??= this.#socket.remoteAddress ?? ''; }
  get remotePort(): number { return this.#socket.remotePort ?? 0; }
  get localPort(): number { return this.#socket.localPort ?? 0; }
  get available(): number { return this.#bytes.length - this.#at; }
  get idle(): boolean { return !this.#reply && this.available === 0; }

  // ---- reading

  #onData(chunk: Buffer): void {
    if (UPGRADES && this.#taker) { this.#taker.onBytes(chunk); return; }
    if (this.#lingering) {
      this.#lingered += chunk.length;
      if (this.#lingered > LINGER_BYTES) this.cutOff();
      return;
    }
    if (this.available === 0) this.#bytes = chunk;
    else {
      this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
      this.#searched = Math.max(0, this.#searched - this.#at);
    }
    this.#at = 0;
    this.#run();
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    this.#scheduled = false;
    while (!this.#closed && !this.#lingering) {
      if (this.#reply) {
        if (this.#body?.isWanted) this.#feedBody();
        if (!this.#exchangeOver()) break;
        continue;
      }
      if (this.#stalled || this.available === 0 || !this.#readRequest()) break;
    }
    this.#running = false;
    if (this.#closed) return;
    if (this.available === 0) this.#bytes = NONE, this.#at = 0;
    if (this.available >= this.#listener.highWater) { if (!this.#socket.isPaused()) this.#socket.pause(); }
    else if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#halfClosed) this.#afterEnd();
  }

  /** Parses one head and hands it to the handler. false: not complete yet, or refused. */
  #readRequest(): boolean {
    const listener = this.#listener, bytes = this.#bytes;
    const { bounds: limits } = listener;
    if (this.#searched > 0 && !this.#mayBeComplete()) return false;
    const head = new Head(bytes);
    const next = parseRequestHead(head, this.#at, bytes.length, limits);
    if (next < 0) {
      if (next !== INCOMPLETE) { this.#refuse(-next); return false; }
      if (this.#searched === 0) {
        this.#requestDeadline = listener.sweeps + listener.requestTicks;
        this.readDeadline = Math.min(this.#requestDeadline, listener.sweeps + listener.headTicks);
      }
      this.#searched = bytes.length;
      return false;
    }
    if (this.#searched === 0) this.#requestDeadline = listener.sweeps + listener.requestTicks;
    this.#searched = 0;
    this.#at = next;
    this.#requests++;
    this.protocol = head.minor === 0 ? 'HTTP/1.0' : 'HTTP/1.1';
    this.#keepAlive = (head.connectionBits & CLOSE) === 0 && (head.minor === 1 || (head.connectionBits & KEEP_ALIVE) !== 0);
    if (!locateTarget(bytes, head.targetStart, head.targetEnd, head.method, head, listener.currentState.basePath)) { this.#refuse(-BAD); return false; }
    if (head.contentLength > limits.bodyBytes) { this.#refuse(413); return false; }
    let body: IncomingBody = NO_BODY;
    if (head.isChunked || head.contentLength > 0) {
      if (BODIES) body = this.#body = new RequestBody(this, head.isChunked ? -1 : head.contentLength, limits.bodyBytes);
      else this.#body = new UnreadBody(head.isChunked ? Infinity : head.contentLength);
      if (head.expectField >= 0 && head.minor === 1) {
        if (head.value(head.expectField).toLowerCase() !== '100-continue') { this.#refuse(417); return false; }
        this.#body!.expectsContinue = true;
      }
    }
    this.readDeadline = Infinity;
    const reply = this.#reply = new Http1Reply(this, head.method === 'HEAD', head.minor);
    const exchange = this.#exchange = new Exchange(
      listener.currentState, head.method, bytes, TARGET_SPANS.pathFrom, TARGET_SPANS.pathTo, TARGET_SPANS.queryFrom, TARGET_SPANS.queryTo,
      head, body, reply, limits.proxies === undefined ? this : limits.proxies.seen(this, head),
    );
    try {
      listener.currentHandler(exchange);
    } catch (error) {
      this.#fault(exchange, reply, error);
    }
    return true;
  }

  /** The handler threw: a bug of ours. The client gets an answer all the same, the process lives on. */
  #fault(exchange: Exchange, reply: Http1Reply, error: unknown): void {
    try {
      exchange.gateway.onFault(exchange, error);
    } catch (second) {
      exchange.gateway.log(`fault handler failed: ${second as Error}`);
    }
    if (reply.isOver) return;
    if (reply.started) reply.abort();
    // No status: the answer of a fault.
    else reply.send(0, [], null);
  }

  /** Does what arrived since the last attempt hold the end of the head, or an offence worth a refusal? */
  #mayBeComplete(): boolean {
    const bytes = this.#bytes;
    if (bytes.length - this.#at > this.#listener.longestHead) return true;
    for (let i = bytes.indexOf(10, this.#searched); i >= 0; i = bytes.indexOf(10, i + 1)) {
      if (i === 0 || bytes[i - 1] !== 13 || (bytes[i - 2] === 10 && bytes[i - 3] === 13)) return true;
    }
    this.#searched = bytes.length;
    return false;
  }

  // ---- the body

  bodyWanted(body: RequestBody): void {
    if (!BODIES || body !== this.#body || this.#feeding || this.#closed) return;
    this.#feedBody();
    if (this.#lingering || this.#closed) return;
    if (!body.isRead && body.expectsContinue && !body.isPaused && this.available === 0) {
      body.expectsContinue = false;
      this.put('HTTP/1.1 100 Continue\r\n\r\n');
    }
    // The loop reads on: what is left of the body, and from a socket that was paused while nobody took it.
    if (!this.#running && (!body.isRead || this.#socket.isPaused())) this.#schedule();
  }

  bodyTooLarge(body: RequestBody): void {
    if (BODIES && body === this.#body) this.#tooLarge(true);
  }

  #feedBody(): void {
    const body = this.#body!;
    if (!BODIES) this.#at = body.feed(this.#bytes, this.#at, this.#bytes.length);
    else if (!this.#feeding && this.available > 0) {
      this.#feeding = true;
      body.expectsContinue = false;
      let next = BROKEN;
      try {
        next = body.feed(this.#bytes, this.#at, this.#bytes.length);
      } catch (error) {
        // Whoever took the body failed in the middle of it: what follows cannot be told apart any more.
        this.#keepAlive = false;
        if (this.#exchange && this.#reply) this.#fault(this.#exchange, this.#reply, error);
        if (!this.#lingering) this.cutOff();
        return;
      } finally {
        this.#feeding = false;
      }
      if (this.#closed || this.#lingering) return;
      if (next < 0) {
        if (next === BROKEN) this.#refuse(400);
        else {
          const collecting = body.collecting === true;
          if (collecting) body.breakOff!(TOO_LARGE);
          this.#tooLarge(collecting);
        }
        return;
      }
      this.#at = next;
    }
    if (body === this.#body) this.readDeadline = this.#bodyDeadline();
  }

  #bodyDeadline(): number {
    const body = this.#body, listener = this.#listener;
    return body?.isWanted ? Math.min(this.#requestDeadline, listener.sweeps + listener.bodyTicks) : Infinity;
  }

  /** A body that was to be collected has a gateway response of its own; else the front layer answers. */
  #tooLarge(collecting: boolean): void {
    if (!BODIES) return;
    const exchange = this.#exchange, reply = this.#reply;
    if (collecting && exchange && reply && !reply.started) {
      try {
        exchange.gateway.onTooLarge(exchange);
      } catch (error) {
        this.#fault(exchange, reply, error);
      }
      if (reply.isOver) return;
    }
    this.#refuse(413);
  }

  // ---- answering

  keepAliveAfter(reply: Http1Reply): boolean {
    if (reply !== this.#reply || !this.#keepAlive || this.#listener.isDraining) return false;
    // A client that closed its half may have pipelined more before.
    if (this.#halfClosed && this.available === 0) return false;
    if (this.#requests >= this.#listener.bounds.requestsPerConnection) return false;
    const body = this.#body;
    if (!body || body.isRead) return true;
    // An unread body: what is left is read past when it is little; a client that waits for 100 Continue may never send it.
    return !body.expectsContinue && body.bytesLeft - this.available <= DRAIN_BYTES;
  }

  put(data: string | Buffer): boolean {
    if (this.#closed) return true;
    const flowing = this.#socket.write(data, 'latin1');
    if (!flowing) {
      this.#stalled = true;
      this.writeDeadline = this.#listener.sweeps + this.#listener.writeTicks;
    }
    return flowing;
  }

  replied(reply: Http1Reply): void {
    if (reply !== this.#reply || this.#closed) return;
    if (!reply.staysOpen) {
      this.#body?.readPast();
      this.#linger();
      return;
    }
    const body = this.#body;
    if (body && !body.isRead) body.readPast();
    if (this.#running) return;
    if (this.available > 0 || (body && !body.isRead)) this.#schedule();
    else this.#exchangeOver();
  }

  /** Pipelined requests are read in a turn of their own: the handler that answered still has its exchange in hand. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => { if (!this.#closed) this.#run(); });
  }

  /** Gets ready for the next request once answer and body are both through. */
  #exchangeOver(): boolean {
    if (!this.#reply || !this.#reply.isOver) return false;
    if (this.#body && !this.#body.isRead) {
      if (this.readDeadline === Infinity) this.readDeadline = this.#listener.sweeps + this.#listener.bodyTicks;
      return false;
    }
    this.#reply = null;
    this.#body = null;
    this.#searched = 0;
    if (this.#listener.isDraining && this.available === 0) { this.#linger(); return true; }
    this.#exchange = null;
    this.readDeadline = this.#listener.sweeps + this.#listener.idleTicks;
    return true;
  }

  /** The transport's own answer: to what is no acceptable request. The connection closes after it. */
  #refuse(status: number): void {
    const reply = this.#reply;
    this.#reply = null;
    const body = this.#body;
    this.#body = null;
    if (reply) {
      const { started } = reply;
      // Whoever took the body is told first, with the reason, and cannot answer any more.
      reply.isOver = true;
      if (BODIES) body?.breakOff!(status === 413 ? TOO_LARGE : `refused with ${status}`);
      reply.gone();
      if (started) { this.cutOff(); return; }
    }
    this.put(refusal(status, this.#listener.bounds));
    this.#linger();
  }

  // ---- the end

  /** Nothing more will be answered: closes our half, and reads on for a while so that the answer is not lost to a reset (RFC 9112 §9.6). */
  #linger(): void {
    if (this.#closed || this.#lingering) return;
    this.#lingering = true;
    this.#bytes = NONE;
    this.#at = 0;
    this.#reply = null;
    this.#body = null;
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#socket.end();
    // While the answer is still going out, its own deadline counts.
    this.readDeadline = this.#stalled ? Infinity : this.#listener.sweeps + LINGER_TICKS;
  }

  #onEnd(): void {
    if (UPGRADES && this.#taker) { this.#taker.onEnd(); return; }
    this.#halfClosed = true;
    if (!this.#running) this.#afterEnd();
  }

  /** The client has sent all it will: answer what is complete, give up the rest. */
  #afterEnd(): void {
    if (this.#closed || this.#lingering) return;
    if (!this.#reply) {
      if (!this.#stalled || this.available === 0) this.#linger();
      return;
    }
    const body = this.#body;
    // Whether a chunked one is complete shows when it is read.
    if (body && !body.isRead && (body.bytesLeft < Infinity ? body.bytesLeft > this.available : BODIES && body.isWanted && this.available === 0)) this.cutOff();
    else if (STREAMS && this.#reply.started && this.readDeadline === Infinity) this.#watchHalfClosed();
  }

  /** A client that went away and one that only closed its half look the same until something is written. An answer that pauses for long has nobody to wait for it: its backend is let go. */
  #watchHalfClosed(): void {
    this.#written = this.#socket.bytesWritten;
    this.readDeadline = this.#listener.sweeps + HALF_CLOSED_TICKS;
  }

  #onDrain(): void {
    if (this.#closed) return;
    if (UPGRADES && this.#taker) { this.#taker.onDrain(); return; }
    this.#stalled = false;
    this.writeDeadline = Infinity;
    if (this.#lingering) { this.readDeadline = this.#listener.sweeps + LINGER_TICKS; return; }
    this.#reply?.drained();
    if (!this.#reply && this.available > 0) this.#run();
  }

  /** Called by the listener's sweep when one of the deadlines has passed. */
  expired(): void {
    const isHalfOpen = STREAMS && this.#halfClosed && this.#reply !== null && this.#reply.started;
    if (isHalfOpen && !this.#stalled && this.#socket.bytesWritten !== this.#written) { this.#watchHalfClosed(); return; }
    if (this.#lingering || this.#stalled || this.idle || isHalfOpen) { this.cutOff(); return; }
    this.#refuse(408);
  }

  /** The listener drains: an idle connection closes now, a busy one after its answer. */
  drain(): void {
    if (!this.idle || this.#lingering) return;
    // A client that has only just connected is about to ask: its request may be on the way.
    if (this.#requests === 0) this.readDeadline = Math.min(this.readDeadline, this.#listener.sweeps + FIRST_REQUEST_TICKS);
    else this.#linger();
  }

  /**
   * Leaves HTTP: the bytes that have arrived after the request go to the caller, later ones to `taker`. null when `exchange` is not the one under way, was
   * answered, has a body or did not ask to upgrade. See upgrade.ts.
   */
  takeOver(exchange: Exchange, taker: Taker): { socket: Socket; head: Buffer } | null {
    if (!UPGRADES || exchange !== this.#exchange || !this.#reply || this.#reply.started || this.#body || this.#closed || this.#taker) return null;
    if (exchange.method !== 'GET' || (exchange.head as Head).method !== 'GET' || this.protocol !== 'HTTP/1.1' || ((exchange.head as Head).connectionBits & UPGRADE) === 0) return null;
    this.#taker = taker;
    this.#lingering = true;
    this.#reply.isOver = true;
    this.#reply = null;
    this.#exchange = null;
    this.readDeadline = this.writeDeadline = Infinity;
    const head = this.#bytes.subarray(this.#at);
    this.#bytes = NONE;
    this.#at = 0;
    if (this.#socket.isPaused()) this.#socket.resume();
    return { socket: this.#socket, head };
  }

  cutOff(): void {
    if (!this.#closed) this.#socket.destroy();
  }

  #onClose(): void {
    this.#closed = true;
    this.#listener.connectionClosed(this);
    if (UPGRADES) this.#taker?.onClose();
    const reply = this.#reply, body = this.#body;
    this.#reply = null;
    this.#body = null;
    this.#exchange = null;
    this.#bytes = NONE;
    if (BODIES && body && !body.isRead) body.breakOff!('the client went away');
    reply?.gone();
  }
}

function ignore(): void {}
