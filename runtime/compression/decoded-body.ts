/** A compressed request body as the rest of the gateway sees it: decoded, whether it is gathered or streamed, and never beyond the payload limit. */
import { createGunzip, createInflate, createInflateRaw, gunzip, inflate, inflateRaw, type Gunzip, type Inflate, type InflateRaw } from 'node:zlib';
import type { BodySink, Exchange, IncomingBody } from '../exchange.js';
import type { Coding } from './content-coding.js';

type Answer = (exchange: Exchange) => void;

export class DecodedBody implements IncomingBody {
  /** Known only when all of it is decoded. */
  readonly length = -1;
  readonly complete = false;
  private stream: Gunzip | Inflate | InflateRaw | null = null;

  /** `undecodable` answers a body that is not in that coding. */
  constructor(private readonly exchange: Exchange, private readonly source: IncomingBody, private readonly coding: Coding, private readonly undecodable: Answer) {}

  collect(limit: number, done: (body: Buffer) => void): void {
    this.source.collect(limit, (coded) => {
      const decode = this.coding === 'gzip' ? gunzip : isZlib(coded[0]) ? inflate : inflateRaw;
      // A body that would be larger decoded than the limit is given up as soon as that shows.
      decode(coded, { maxOutputLength: limit }, (error, body) => {
        try {
          if (error === null) done(body);
          else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') this.exchange.gateway.onTooLarge(this.exchange);
          else this.undecodable(this.exchange);
        } catch (fault) { this.exchange.gateway.onFault(this.exchange, fault); }
      });
    });
  }

  pipe(sink: BodySink): void {
    const { gateway } = this.exchange;
    let over = false, size = 0;
    const fail = (answer: Answer | null, reason: string): void => {
      if (over) return;
      over = true;
      this.stream?.destroy();
      // The answer first: whoever took the body would give one of its own.
      if (answer !== null && !this.exchange.reply.started) answer(this.exchange);
      const { status } = this.exchange;
      sink.onAbort(reason);
      if (answer !== null) this.exchange.status = status;
    };
    const start = (first: Uint8Array): Gunzip | Inflate | InflateRaw => {
      const stream = this.coding === 'gzip' ? createGunzip() : isZlib(first[0]) ? createInflate() : createInflateRaw();
      stream.on('data', (chunk: Buffer) => {
        if (over) return;
        size += chunk.length;
        if (size > gateway.payloadLimit) fail(gateway.onTooLarge, 'the decoded body is too large');
        else if (!sink.onData(chunk)) stream.pause();
      });
      stream.on('drain', () => this.source.resume());
      stream.on('end', () => { if (!over) { over = true; sink.onEnd(); } });
      stream.on('error', (error) => fail(this.undecodable, `the body is not ${this.coding}: ${error.message}`));
      return stream;
    };
    this.source.pipe({
      onData: (chunk) => over || (this.stream ??= start(chunk)).write(chunk),
      onEnd: () => { if (over) return; if (this.stream === null) fail(this.undecodable, 'the body is empty'); else this.stream.end(); },
      onAbort: (reason) => fail(null, reason),
    });
  }

  resume(): void { this.stream?.resume(); }
}

/** `deflate` is zlib's format; some clients send the bare stream. The first byte tells them apart (RFC 1950 §2.2). */
function isZlib(first: number | undefined): boolean {
  return first === undefined || (first & 0x0f) === 8;
}
