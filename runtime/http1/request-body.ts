/** The body of one HTTP/1.1 request: framing, limits, and delivery to whoever asked for it. */
import type { BodySink, IncomingBody } from '../exchange.js';
import { ChunkedDecoder } from './chunked.js';

const EMPTY = /* @__PURE__ */ Buffer.alloc(0);

/** What the body needs of its connection. */
export interface BodyOwner {
  /** Bytes that have arrived and were not taken yet. */
  readonly available: number;
  /** Somebody waits for the body: hand over what has arrived with `feed`, and let more come. */
  bodyWanted(body: RequestBody): void;
  /** More than `limit` bytes (declared or received) were to be collected. */
  bodyTooLarge(body: RequestBody): void;
}

/** A body as its connection knows it: one to be read, or one to be read past (`UnreadBody`). */
export interface FramedBody {
  /** Every byte was taken. */
  readonly isRead: boolean;
  /** The sink asked for a pause. */
  readonly isPaused?: boolean;
  /** 100 Continue is still owed to the client before it will send anything. */
  expectsContinue: boolean;
  /** Does anybody take the bytes? */
  readonly isWanted: boolean;
  readonly collecting?: boolean;
  /** Bytes still to be taken; Infinity when only the coding knows. */
  readonly bytesLeft: number;
  /** The answer is out: whatever still comes is read past. */
  readPast(): void;
  /** The body will never be complete. */
  breakOff?(reason: string): void;
  /** Takes the bytes [at, end): the position after what was used (the body's end or the sink's pause), BROKEN or TOO_LARGE. */
  feed(bytes: Buffer, at: number, end: number): number;
}

/** Results of `feed` besides a position. */
export const BROKEN = -1;
export const TOO_LARGE = -2;

export class RequestBody implements IncomingBody, FramedBody {
  readonly #decoder: ChunkedDecoder | null;
  #remaining: number;
  #received = 0;
  #sink: BodySink | null = null;
  #done: ((body: Buffer) => void) | null = null;
  #gathered: Buffer = EMPTY;
  #gatheredLength = 0;
  #discarding = false;
  /** Every byte was taken. */
  isRead = false;
  /** The sink asked for a pause. */
  isPaused = false;
  /** 100 Continue is still owed to the client before it will send anything. */
  expectsContinue = false;

  readonly #owner: BodyOwner;
  #limit: number;

  /** `length` -1: chunked. `limit` bytes at most, declared ones have been checked. */
  constructor(owner: BodyOwner, readonly length: number, limit: number) {
    this.#owner = owner;
    this.#limit = limit;
    this.#decoder = length < 0 ? new ChunkedDecoder() : null;
    this.#remaining = length;
  }

  /** Does anybody take the bytes? */
  get isWanted(): boolean { return !this.isRead && !this.isPaused && (this.#sink !== null || this.#done !== null || this.#discarding); }

  get collecting(): boolean { return this.#done !== null; }

  get complete(): boolean { return this.isRead || (this.#decoder === null && this.#owner.available >= this.#remaining); }

  /** Bytes still to be taken; Infinity when only the coding knows. */
  get bytesLeft(): number { return this.isRead ? 0 : this.#decoder === null ? this.#remaining : Infinity; }

  collect(limit: number, done: (body: Buffer) => void): void {
    this.#limit = Math.min(this.#limit, limit);
    if (this.length > this.#limit) { this.#owner.bodyTooLarge(this); return; }
    this.#done = done;
    this.#owner.bodyWanted(this);
  }

  pipe(sink: BodySink): void {
    this.#sink = sink;
    this.#owner.bodyWanted(this);
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#owner.bodyWanted(this);
  }

  /** The answer is out: whatever still comes is read past. */
  readPast(): void {
    this.#sink = null;
    this.#done = null;
    this.#gathered = EMPTY;
    this.#discarding = true;
    this.isPaused = false;
  }

  /** The body will never be complete. */
  breakOff(reason: string): void {
    const sink = this.#sink;
    this.readPast();
    sink?.onAbort(reason);
  }

  /** Takes the bytes [at, end): the position after what was used (the body's end or the sink's pause), BROKEN or TOO_LARGE. */
  feed(bytes: Buffer, at: number, end: number): number {
    while (at < end && !this.isRead && !this.isPaused) {
      let from = at;
      let to: number;
      if (this.#decoder === null) {
        at = to = Math.min(end, at + this.#remaining);
        this.#remaining -= to - from;
        this.isRead = this.#remaining === 0;
      } else {
        at = this.#decoder.next(bytes, at, end);
        if (at < 0) return BROKEN;
        from = this.#decoder.dataStart;
        to = this.#decoder.dataEnd;
        this.isRead = this.#decoder.done;
      }
      if (to > from) {
        this.#received += to - from;
        if (this.#received > this.#limit) return TOO_LARGE;
        this.#deliver(bytes, from, to);
      }
    }
    if (this.isRead) this.#finish();
    return at;
  }

  #deliver(bytes: Buffer, from: number, to: number): void {
    if (this.#sink !== null) {
      if (!this.#sink.onData(bytes.subarray(from, to))) this.isPaused = !this.#discarding;
    } else if (this.#done !== null) {
      if (this.isRead && this.#gatheredLength === 0) {
        this.#gathered = bytes.subarray(from, to);
        this.#gatheredLength = to - from;
      } else {
        this.#gather(bytes, from, to);
      }
    }
  }

  /** Appends to a buffer that doubles, up to the declared length: a declared length alone reserves nothing, tiny pieces cost no object each. */
  #gather(bytes: Buffer, from: number, to: number): void {
    const needed = this.#gatheredLength + to - from;
    if (needed > this.#gathered.length) {
      const most = this.length >= 0 ? this.length : this.#limit;
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(most, Math.max(4_096, this.#gathered.length * 2))));
      this.#gathered.copy(grown, 0, 0, this.#gatheredLength);
      this.#gathered = grown;
    }
    bytes.copy(this.#gathered, this.#gatheredLength, from, to);
    this.#gatheredLength = needed;
  }

  #finish(): void {
    const sink = this.#sink, done = this.#done;
    this.#sink = null;
    this.#done = null;
    if (done !== null) {
      const body = this.#gathered.length === this.#gatheredLength ? this.#gathered : this.#gathered.subarray(0, this.#gatheredLength);
      this.#gathered = EMPTY;
      done(body);
    } else if (sink !== null) {
      sink.onEnd();
    }
  }
}
