import type { FramedBody } from './request-body.js';

/** The body of a request to a gateway that reads none. What its declared length says is read past once the answer is out; a chunked one ends the connection. */
export class UnreadBody implements FramedBody {
  expectsContinue = false;
  isWanted = false;

  /** Infinity when chunked. */
  constructor(public bytesLeft: number) {}

  get isRead(): boolean { return this.bytesLeft === 0; }

  readPast(): void { this.isWanted = true; }

  feed(_bytes: Buffer, at: number, end: number): number {
    const taken = Math.min(this.bytesLeft, end - at);
    this.bytesLeft -= taken;
    return at + taken;
  }
}
