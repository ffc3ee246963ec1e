/** The answer to one HTTP/1.1 request: serialising, framing, and what it means for the connection. */
import type { BodySource, ConstantAnswer, Reply, ReplyWatcher } from '../exchange.js';
import { FAULT_BODY, JSON_TYPE } from '../fault-body.js';
import { STREAMS } from '../flags.js';
import { bufferOf } from '../request-values.js';
import { fieldLines } from './field-lines.js';
import { dateLine, statusLine } from './status-line.js';

/** What a reply needs of its connection. */
export interface ReplyOwner {
  /** Decides, when an answer starts, whether the connection goes on after it. */
  keepAliveAfter(reply: Http1Reply): boolean;
  /** Writes; false: wait for `drained`. */
  put(data: string | Buffer): boolean;
  /** The answer is complete. */
  replied(reply: Http1Reply): void;
  cutOff(): void;
}

/** Bodies up to this go out in one string with the head; larger ones as a piece of their own. */
const SMALL = 4_096;
/** Larger bodies are written in pieces, so that a slow reader is told from a stalled one. */
const PIECE = 131_072;

const KEEP = 'Connection: keep-alive\r\n\r\n';
const CLOSE = 'Connection: close\r\n\r\n';

/** Parts of a constant answer around Date and the variable fields. */
interface ConstantWire { readonly start: string; readonly keep: string; readonly keepHead: string }

export class Http1Reply implements Reply {
  started = false;
  isOver = false;
  bodyBytes = 0;
  watcher: ReplyWatcher | null = null;
  staysOpen = false;
  #chunked = false;
  #bodyless = false;
  /** Bytes promised by Content-Length and not sent yet; -1 when nothing was promised. */
  #promised = -1;
  #source: BodySource | null = null;
  #drain: (() => void) | null = null;

  readonly #owner: ReplyOwner;
  readonly #isHead: boolean;
  readonly #minor: number;

  constructor(owner: ReplyOwner, isHead: boolean, minor: number) {
    this.#owner = owner;
    this.#isHead = isHead;
    this.#minor = minor;
  }

  send(status: number, fields: readonly string[], body: Uint8Array | string | null): void {
    if (this.started || this.isOver) return;
    let lines = fieldLines(fields);
    if (lines === null || status < 200 || status > 999) {
      status = 500;
      lines = `Content-Type: ${JSON_TYPE}\r\n`;
      body = FAULT_BODY;
    }
    if (typeof body === 'string') {
      const length = Buffer.byteLength(body);
      if (length === body.length) { this.#sendText(status, lines, body); return; }
      body = Buffer.from(body);
    }
    if (!body?.length) { this.#sendText(status, lines, ''); return; }
    const bytes = bufferOf(body);
    if (bytes.length <= SMALL) { this.#sendText(status, lines, bytes.toString('latin1')); return; }
    this.#owner.put(this.#head(status, lines, bytes.length));
    this.bodyBytes = bytes.length;
    if (STREAMS) this.#promised = -1;
    if (this.#bodyless) this.#finish();
    else this.#sendPieces(bytes, 0);
  }

  sendConstant(answer: ConstantAnswer, fields: readonly string[]): void {
    if (this.started || this.isOver) return;
    const wire = (answer.wire as ConstantWire | false | null) ?? constantWire(answer);
    const lines = fields.length === 0 ? '' : fieldLines(fields);
    this.staysOpen = this.#owner.keepAliveAfter(this);
    if (wire === false || lines === null || !this.staysOpen) { this.send(answer.status, [...answer.fields, ...fields], answer.body); return; }
    this.started = true;
    this.bodyBytes = answer.body.length;
    this.#owner.put(wire.start + dateLine() + lines + (this.#isHead ? wire.keepHead : wire.keep));
    this.#finish();
  }

  begin(status: number, fields: readonly string[], length: number, drain: () => void): void {
    if (!STREAMS || this.started || this.isOver) return;
    const lines = fieldLines(fields);
    if (lines === null || status < 200 || status > 999) { this.send(500, [], null); return; }
    this.#drain = drain;
    const head = this.#head(status, lines, length);
    this.#owner.put(head);
  }

  write(chunk: Uint8Array): boolean {
    if (!STREAMS || !this.started || this.isOver || chunk.length === 0) return true;
    this.bodyBytes += chunk.length;
    if (this.#bodyless) return true;
    return this.#put(chunk);
  }

  end(): void {
    if (!STREAMS || !this.started || this.isOver) return;
    // Fewer bytes than promised: the client must not take the next answer for the rest of this one.
    if (this.#promised > 0) { this.abort(); return; }
    if (this.#chunked) this.#owner.put('0\r\n\r\n');
    this.#finish();
  }

  abort(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#owner.cutOff();
  }

  relay(status: number, lines: string, length: number, piece: Buffer | null, complete: boolean, source: BodySource): boolean {
    if (!STREAMS || this.started || this.isOver) return true;
    const size = piece === null ? 0 : piece.length;
    if (complete && length < 0 && !this.#isHead && status !== 304) length = size;
    const head = this.#head(status, lines, length);
    this.bodyBytes = size;
    let flowing: boolean;
    if (this.#bodyless || size === 0) flowing = this.#owner.put(head);
    else if (complete && size <= SMALL && !this.#chunked && this.#spend(size)) flowing = this.#owner.put(head + piece!.toString('latin1'));
    else {
      // Head and first piece leave together: they are two writes of one tick, and small enough to be joined.
      const framed = this.#frame(piece!, head);
      if (framed === null) { this.#owner.cutOff(); return true; }
      flowing = this.#owner.put(framed);
    }
    if (complete) this.end();
    else this.#source = source;
    return flowing;
  }

  /** The connection takes data again. */
  drained(): void {
    if (STREAMS && this.#source !== null) this.#source.resume();
    else this.#drain?.();
  }

  /** The connection is gone, or the transport answers in place of the handler. */
  gone(): void {
    this.isOver = true;
    const watcher = this.watcher;
    this.watcher = null;
    watcher?.onClientGone();
  }

  #sendText(status: number, lines: string, body: string): void {
    const head = this.#head(status, lines, body.length);
    this.bodyBytes = body.length;
    if (STREAMS) this.#promised = -1;
    this.#owner.put(this.#bodyless ? head : head + body);
    this.#finish();
  }

  /** Starts the answer: status line, fields, framing for this request and status (RFC 9110 §6.4.1, RFC 9112 §6). */
  #head(status: number, lines: string, length: number): string {
    this.started = true;
    this.#bodyless = this.#isHead || status === 204 || status === 304;
    let framing = '';
    let mustClose = false;
    if (status === 204 || (status === 304 && length <= 0)) framing = '';
    else if (!STREAMS || length >= 0) {
      framing = `Content-Length: ${length}\r\n`;
      if (STREAMS && !this.#bodyless) this.#promised = length;
    } else if (this.#minor === 0) {
      // HTTP/1.0: the end of the connection is the end of the body.
      mustClose = !this.#bodyless;
    } else {
      framing = 'Transfer-Encoding: chunked\r\n';
      this.#chunked = !this.#bodyless;
    }
    this.staysOpen = !(STREAMS && mustClose) && this.#owner.keepAliveAfter(this);
    return statusLine(status) + dateLine() + lines + framing + (this.staysOpen ? KEEP : CLOSE);
  }

  #put(chunk: Uint8Array): boolean {
    if (!STREAMS) return true;
    const framed = this.#frame(chunk, '');
    if (framed === null) { this.abort(); return true; }
    return this.#owner.put(framed);
  }

  /** `head` and one piece of body as a Buffer of their own; null when it is more than was promised. */
  #frame(chunk: Uint8Array, head: string): Buffer | null {
    if (!STREAMS || !this.#spend(chunk.length)) return null;
    const size = this.#chunked ? `${chunk.length.toString(16)}\r\n` : '';
    const start = head.length + size.length;
    const framed = Buffer.allocUnsafe(start + chunk.length + (this.#chunked ? 2 : 0));
    if (start > 0) framed.write(head + size, 0, 'latin1');
    framed.set(chunk, start);
    if (this.#chunked) { framed[framed.length - 2] = 13; framed[framed.length - 1] = 10; }
    return framed;
  }

  #spend(bytes: number): boolean {
    if (!STREAMS || this.#promised < 0) return true;
    this.#promised -= bytes;
    return this.#promised >= 0;
  }

  #sendPieces(bytes: Buffer, at: number): void {
    let flowing = true;
    while (at < bytes.length && flowing) {
      const next = Math.min(bytes.length, at + PIECE);
      flowing = this.#owner.put(bytes.subarray(at, next));
      at = next;
    }
    if (at === bytes.length) { this.#drain = null; this.#finish(); }
    else this.#drain = () => { if (!this.isOver) this.#sendPieces(bytes, at); };
  }

  #finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.watcher = null;
    if (STREAMS) this.#source = null;
    this.#drain = null;
    this.#owner.replied(this);
  }
}

/** false: it is not one that can be sent as it is. */
function constantWire(answer: ConstantAnswer): ConstantWire | false {
  const lines = fieldLines(answer.fields);
  const { status, body } = answer;
  if (lines === null || status < 200 || status > 999 || body.length > PIECE) return answer.wire = false;
  const bodyless = status === 204 || status === 304;
  const head = `${lines}${bodyless ? '' : `Content-Length: ${body.length}\r\n`}${KEEP}`;
  const wire: ConstantWire = { start: statusLine(status), keep: bodyless ? head : head + body.toString('latin1'), keepHead: head };
  answer.wire = wire;
  return wire;
}
