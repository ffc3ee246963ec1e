/** A request's body that comes as a Node stream (node:http, node:http2). */
import type { Readable } from 'node:stream';
import type { BodySink, IncomingBody } from '../exchange.js';

/** What happens to a body that is too large: 'collect' has a gateway response of its own, 'limit' is the listener's. */
export type TooLarge = (which: 'collect' | 'limit') => void;

export class StreamBody implements IncomingBody {
  private received = 0;
  private sink: BodySink | null = null;
  private gathered: Buffer = EMPTY;
  private over = false;
  private asking = false;
  finished = false;

  constructor(private readonly stream: Readable, readonly length: number, private readonly limit: number, private readonly tooLarge: TooLarge, private readonly asked: () => void) {}

  /** Somebody waits for more of it. */
  get wanted(): boolean { return this.asking && !this.over && !this.finished && !this.stream.isPaused(); }

  get complete(): boolean { return this.finished; }

  collect(limit: number, done: (body: Buffer) => void): void {
    if (this.length > Math.min(limit, this.limit)) { this.over = true; this.tooLarge('collect'); return; }
    this.listen(Math.min(limit, this.limit), 'collect', (chunk) => this.gather(chunk), () => {
      const body = this.gathered.subarray(0, this.received);
      this.gathered = EMPTY;
      done(body);
    });
  }

  pipe(sink: BodySink): void {
    this.sink = sink;
    this.listen(this.limit, 'limit', (chunk) => { if (!sink.onData(chunk) && !this.over) this.stream.pause(); }, () => sink.onEnd());
  }

  resume(): void { if (!this.over) this.stream.resume(); }

  /** The exchange is over: what still comes is nobody's. */
  discard(): void {
    this.over = true;
    this.sink = null;
    this.gathered = EMPTY;
  }

  abort(reason: string): void {
    if (this.over || this.finished) return;
    const { sink } = this;
    this.discard();
    sink?.onAbort(reason);
  }

  private listen(limit: number, which: 'collect' | 'limit', take: (chunk: Buffer) => void, end: () => void): void {
    this.stream.on('data', (chunk: Buffer) => {
      if (this.over) return;
      this.received += chunk.length;
      if (this.received > limit) {
        // The refusal goes out before whoever takes the body can answer its end.
        if (which === 'limit') this.tooLarge(which);
        this.abort('the request body is too large');
        this.over = true;
        if (which === 'collect') this.tooLarge(which);
        return;
      }
      take(chunk);
    });
    this.stream.on('end', () => {
      if (this.over) return;
      this.finished = true;
      end();
    });
    this.asking = true;
    this.asked();
  }

  private gather(chunk: Buffer): void {
    if (this.received > this.gathered.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.received, Math.min(this.length >= 0 ? this.length : this.limit, Math.max(4_096, this.gathered.length * 2))));
      this.gathered.copy(grown, 0, 0, this.received - chunk.length);
      this.gathered = grown;
    }
    chunk.copy(this.gathered, this.received - chunk.length);
  }
}

const EMPTY = /* @__PURE__ */ Buffer.alloc(0);
