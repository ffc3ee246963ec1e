/** Results that stream out of a thread: as much as the gateway has taken, and a window more. */
import { runStream } from '../stream-handler.js';
import type { StreamSink } from '../stream.js';
import { WINDOW } from './messages.js';
import type { RunStream, Say } from './worker.js';

export const runThreadStream: RunStream = (handler, { id, timeoutMs, clientContext }, event, identity, say) => {
  const outlet = new Outlet(id, say);
  const source = runStream(handler, event, identity, timeoutMs, clientContext, outlet, id);
  return (bytes) => { if (outlet.credit(bytes)) source.resume(); };
};

class Outlet implements StreamSink {
  /** On its way, in bytes. */
  private sent = 0;
  /** Of the piece the function wrote last, which it keeps until it is told to go on. */
  private rest: Uint8Array | null = null;
  private end: (() => void) | null = null;
  private isWaiting = false;
  private isLost = false;

  constructor(private readonly id: string, private readonly say: Say) {}

  onPiece(piece: Uint8Array): boolean {
    // A function that does not stream gives its result and its end at once: nothing is written behind a rest.
    this.rest = piece;
    this.isWaiting = !this.flush();
    return !this.isWaiting;
  }

  onEnd(): void { this.finish(() => this.say({ kind: 'returned', id: this.id, text: '' })); }

  onFailed(failure: Parameters<StreamSink['onFailed']>[0]): void {
    // Out of time: the pool keeps the time and ends this thread.
    if (failure.kind === 'functionError') this.finish(() => this.say({ kind: 'functionError', id: this.id, message: failure.message, payload: failure.payload }));
  }

  /** Whether a function that was told to wait may go on. */
  credit(bytes: number): boolean {
    if (bytes === Infinity) this.isLost = true;
    this.sent = Math.max(0, this.sent - bytes);
    if (!this.isWaiting || !this.flush()) return false;
    this.isWaiting = false;
    this.end?.();
    this.end = null;
    return true;
  }

  private finish(end: () => void): void {
    if (this.rest === null) end();
    else this.end = end;
  }

  private flush(): boolean {
    if (this.isLost) this.rest = null;
    while (this.rest !== null && this.sent < WINDOW) {
      // A copy: what the function wrote is its own, and may be a part of something larger.
      const bytes = new Uint8Array(this.rest.subarray(0, WINDOW - this.sent));
      this.rest = bytes.length < this.rest.length ? this.rest.subarray(bytes.length) : null;
      this.sent += bytes.length;
      this.say({ kind: 'piece', id: this.id, bytes }, [bytes.buffer]);
    }
    return this.sent < WINDOW;
  }
}
