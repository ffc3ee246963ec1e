/** The beginning of a body for rules that look at it. What was read is handed on, and the rest streams as if nobody had looked. */
import type { BodySink, Exchange, IncomingBody } from '../exchange.js';
import type { WafRequest } from './request.js';

/** Reads `limit` bytes of the body into `request.body`, or all of it, then calls `next`. A body that never comes: the exchange is over. */
export function readBodyPrefix(request: WafRequest, limit: number, next: (request: WafRequest) => void): void {
  const { exchange } = request;
  if (exchange.incoming.length === 0) { next(request); return; }
  const body = new InspectedBody(exchange, exchange.incoming, limit, (prefix, isCut) => {
    request.body = prefix.toString('latin1');
    request.bodyIsCut = isCut;
    exchange.incoming = body;
    try { next(request); } catch (error) { exchange.gateway.onFault(exchange, error); }
  });
  body.start();
}

class InspectedBody implements IncomingBody, BodySink {
  private pieces: Uint8Array[] = [];
  private size = 0;
  private isEnded = false;
  private reason: string | null = null;
  private inspected = false;
  private sink: BodySink | null = null;
  /** The sink asked for a pause. */
  private paused = false;
  private flushing = false;

  constructor(private readonly exchange: Exchange, private readonly source: IncomingBody, private readonly limit: number, private readonly ready: (prefix: Buffer, isCut: boolean) => void) {}

  start(): void { this.source.pipe(this); }

  get length(): number { return this.source.length; }
  get complete(): boolean { return this.isEnded; }

  onData(chunk: Uint8Array): boolean {
    if (this.sink !== null && !this.flushing && this.pieces.length === 0) {
      const flows = this.sink.onData(chunk);
      if (!flows) this.paused = true;
      return flows;
    }
    this.pieces.push(chunk);
    this.size += chunk.length;
    if (this.inspected) return this.sink !== null && !this.paused;
    if (this.size <= this.limit) return true;
    this.inspect(true);
    // Whoever wants the body by now has asked for it; else it waits.
    return this.sink !== null && !this.paused;
  }

  onEnd(): void {
    this.isEnded = true;
    if (!this.inspected) this.inspect(false);
    else this.flush();
  }

  onAbort(reason: string): void {
    this.reason = reason;
    this.sink?.onAbort(reason);
  }

  private inspect(isCut: boolean): void {
    this.inspected = true;
    const all = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces, this.size);
    this.ready(Buffer.from(all.buffer, all.byteOffset, Math.min(all.length, this.limit)), isCut);
  }

  collect(limit: number, done: (body: Buffer) => void): void {
    const pieces: Uint8Array[] = [];
    let size = 0;
    const tooLarge = (): void => { pieces.length = 0; size = Infinity; this.exchange.gateway.onTooLarge(this.exchange); };
    if (this.length > limit) { tooLarge(); return; }
    this.pipe({
      onData: (chunk) => {
        if (size === Infinity) return true;
        pieces.push(chunk);
        size += chunk.length;
        if (size > limit) tooLarge();
        return true;
      },
      onEnd: () => { if (size !== Infinity) done(pieces.length === 1 ? Buffer.from(pieces[0]!.buffer, pieces[0]!.byteOffset, pieces[0]!.length) : Buffer.concat(pieces, size)); },
      onAbort: () => {},
    });
  }

  pipe(sink: BodySink): void {
    this.sink = sink;
    if (this.reason !== null) { sink.onAbort(this.reason); return; }
    this.flush();
    if (!this.paused && !this.isEnded) this.source.resume();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.flush();
    if (!this.paused && !this.isEnded) this.source.resume();
  }

  /** Hands on what was kept, then the end. */
  private flush(): void {
    if (this.sink === null || this.flushing) return;
    this.flushing = true;
    while (this.pieces.length > 0 && !this.paused) if (!this.sink.onData(this.pieces.shift()!)) this.paused = true;
    this.flushing = false;
    if (this.isEnded && this.pieces.length === 0 && !this.paused) {
      const { sink } = this;
      this.sink = null;
      sink.onEnd();
    }
  }
}
