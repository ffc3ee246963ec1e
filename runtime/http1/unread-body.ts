import type { FramedBody } from './request-body.js';

/** The body of a request to a gateway that reads none. What its declared length says is read past once the answer is out; a chunked one ends the connection. */
export class UnreadBody implements FramedBody {
  readonly paused = false;
  readonly collecting = false;
  expectsContinue = false;
  wanted = false;

  /** `left`: bytes, Infinity when chunked. */
  constructor(public left: number) {}

  get finished(): boolean { return this.left === 0; }

  discard(): void { this.wanted = true; }

  abort(): void {}

  feed(_bytes: Buffer, at: number, end: number): number {
    const taken = Math.min(this.left, end - at);
    this.left -= taken;
    return at + taken;
  }
}
