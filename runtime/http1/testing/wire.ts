/** A socket without a network, for tests that feed bytes in chosen pieces. */
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

export class Wire extends Duplex {
  written = '';
  remoteAddress = '127.0.0.1';
  remotePort = 1;
  localPort = 2;

  constructor() { super({ allowHalfOpen: true, decodeStrings: true }); }

  get socket(): Socket { return this as unknown as Socket; }
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void { this.written += chunk.toString('latin1'); done(); }
  setTimeout(): this { return this; }
  setNoDelay(): this { return this; }
  setKeepAlive(): this { return this; }
  ref(): this { return this; }
  unref(): this { return this; }
}

/** Pushes the pieces one turn apart, then waits until everything they caused has happened. */
export async function feed(wire: Wire, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (wire.destroyed) break;
    if (piece.length > 0) wire.push(piece);
    await turns(2);
  }
  await turns(6);
}

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** `bytes` cut at the given places (any order, any value). */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const to of [...at, bytes.length]) { pieces.push(bytes.subarray(from, to)); from = to; }
  return pieces;
}
