import { randomUUID } from 'node:crypto';
import { oversized } from '../limits.js';
import type { LambdaResult } from '../proxy.js';

/** One call of a function, waiting or running. */
export class RuntimeInvocation {
  readonly id = randomUUID();
  /** Epoch milliseconds: what the Runtime API tells. */
  readonly deadline: number;
  private readonly timer: NodeJS.Timeout;
  isOver = false;
  /** Takes a streamed result piece by piece, false: pause; null when the result is wanted as a whole. Then `succeed` is called with ''. */
  onPiece: ((piece: Uint8Array) => boolean) | null = null;
  /** Has a paused result go on. Set by the runner. */
  resume: (() => void) | null = null;
  /** Nobody takes the rest of the result; the function runs on. Set by a runner that can tell it. */
  abandon: (() => void) | null = null;

  /** `expired`: told once when the time is over; `done` is called with a timeout after it. */
  constructor(readonly event: Buffer, readonly trace: string, readonly clientContext: unknown, timeoutMs: number, private readonly done: (result: LambdaResult) => void, expired: (invocation: RuntimeInvocation) => void) {
    this.deadline = Date.now() + timeoutMs;
    this.timer = setTimeout(() => {
      expired(this);
      this.end({ kind: 'timeout', detail: 'the function did not answer in time' });
    }, timeoutMs);
  }

  succeed(text: string): void { this.end({ kind: 'returned', text, requestId: this.id }); }
  
  /** `payload`: the error as JSON; without one it is made of the message, as Lambda does. */
  fail(message: string, payload = JSON.stringify({ errorMessage: message, errorType: 'Runtime.ExitError' })): void { this.end({ kind: 'functionError', message, payload, requestId: this.id }); }

  exceed(): void { this.end(oversized(this.id)); }

  private end(result: LambdaResult): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.done(result);
  }
}
