/** An answer that goes out through a Node stream (node:http, node:http2). */
import type { Writable } from 'node:stream';
import type { BodySource, ConstantAnswer, Reply, ReplyWatcher } from '../exchange.js';
import { isFieldName, isFieldValue, isTransportField } from '../http1/field-lines.js';

/** The protocol's side of an answer. */
export interface ReplyTarget {
  /** Where the body goes. */
  readonly stream: Writable;
  /** Sends the head. `fields` are checked and without the transport's own; `length` -1: unknown; `bodyless`: nothing follows. */
  head(status: number, fields: string[], length: number, bodyless: boolean): void;
  /** Breaks the answer off. */
  reset(): void;
  /** The answer is complete. */
  replied(): void;
}

const PIECE = 131_072;

export class StreamReply implements Reply {
  started = false;
  ended = false;
  bodyBytes = 0;
  watcher: ReplyWatcher | null = null;
  private bodyless = false;
  private promised = -1;
  private drain: (() => void) | null = null;

  constructor(private readonly target: ReplyTarget, private readonly isHead: boolean) {
    target.stream.on('drain', () => this.drain?.());
  }

  send(status: number, fields: readonly string[], body: Uint8Array | string | null): void {
    if (this.started || this.ended) return;
    let checked = checkedFields(fields);
    if (checked === null || status < 200 || status > 999) {
      status = 500;
      checked = ['Content-Type', 'application/json'];
      body = '{"message": "Internal server error"}';
    }
    const bytes = body === null ? EMPTY : typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.start(status, checked, bytes.length);
    this.bodyBytes = bytes.length;
    this.promised = -1;
    if (this.bodyless || bytes.length === 0) this.finish();
    else this.sendPieces(bytes, 0);
  }

  sendConstant(answer: ConstantAnswer, fields: readonly string[]): void {
    this.send(answer.status, fields.length === 0 ? answer.fields : [...answer.fields, ...fields], answer.body);
  }

  begin(status: number, fields: readonly string[], length: number, drain: () => void): void {
    if (this.started || this.ended) return;
    const checked = checkedFields(fields);
    if (checked === null || status < 200 || status > 999) { this.send(500, [], null); return; }
    this.drain = drain;
    this.start(status, checked, length);
  }

  write(chunk: Uint8Array): boolean {
    if (!this.started || this.ended || chunk.length === 0) return true;
    this.bodyBytes += chunk.length;
    if (this.bodyless) return true;
    if (this.promised >= 0 && (this.promised -= chunk.length) < 0) { this.abort(); return true; }
    return this.target.stream.write(Buffer.from(chunk));
  }

  end(): void {
    if (!this.started || this.ended) return;
    if (this.promised > 0) { this.abort(); return; }
    this.finish();
  }

  abort(): void {
    if (this.ended) return;
    this.ended = true;
    this.target.reset();
  }

  relay(status: number, lines: string, length: number, piece: Buffer | null, complete: boolean, source: BodySource): boolean {
    if (this.started || this.ended) return true;
    if (complete && length < 0 && !this.isHead && status !== 304) length = piece === null ? 0 : piece.length;
    const fields: string[] = [];
    for (let at = 0; at < lines.length; ) {
      const colon = lines.indexOf(': ', at);
      const end = lines.indexOf('\r\n', colon);
      fields.push(lines.slice(at, colon), lines.slice(colon + 2, end));
      at = end + 2;
    }
    this.start(status, fields, length);
    const flowing = piece === null || this.write(piece);
    if (complete) this.end();
    else this.drain = () => source.resume();
    return flowing;
  }

  gone(): void {
    this.ended = true;
    const { watcher } = this;
    this.watcher = null;
    watcher?.onClientGone();
  }

  private start(status: number, fields: string[], length: number): void {
    this.started = true;
    this.bodyless = this.isHead || status === 204 || status === 304;
    if (status === 204 || (status === 304 && length <= 0)) length = -1;
    else if (length >= 0 && !this.bodyless) this.promised = length;
    this.target.head(status, fields, length, this.bodyless);
  }

  private sendPieces(bytes: Uint8Array, at: number): void {
    let flowing = true;
    while (at < bytes.length && flowing) {
      const next = Math.min(bytes.length, at + PIECE);
      flowing = this.target.stream.write(bytes.subarray(at, next));
      at = next;
    }
    if (at === bytes.length) this.finish();
    else this.drain = () => { if (!this.ended) this.sendPieces(bytes, at); };
  }

  private finish(): void {
    if (this.ended) return;
    this.ended = true;
    this.watcher = null;
    this.drain = null;
    this.target.stream.end();
    this.target.replied();
  }
}

const EMPTY = /* @__PURE__ */ Buffer.alloc(0);

function checkedFields(fields: readonly string[]): string[] | null {
  const checked: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (!isFieldName(fields[i]!) || !isFieldValue(fields[i + 1]!)) return null;
    if (!isTransportField(fields[i]!)) checked.push(fields[i]!, fields[i + 1]!);
  }
  return checked;
}
