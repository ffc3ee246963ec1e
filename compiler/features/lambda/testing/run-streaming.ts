/** Runs a streaming handler as Lambda's runtime does: `take` gets its bytes; resolves with the error it failed with, if any. */
import { Writable } from 'node:stream';

(globalThis as Record<string, unknown>)['awslambda'] = {
  streamifyResponse: (handler: unknown) => handler,
  HttpResponseStream: { from: (stream: Writable & { first?: object }, prelude: object) => Object.assign(stream, { first: prelude }) },
};

export async function runStreaming(event: object, take: (piece: Buffer) => Promise<void>): Promise<Error | undefined> {
  const { handler } = await import('./streaming-handler.js') as { handler: (event: object, stream: Writable, context: object) => Promise<void> };
  let isFirst = true;
  const begin = async (): Promise<void> => {
    const { first } = stream;
    if (isFirst && first !== undefined) { isFirst = false; await take(Buffer.concat([Buffer.from(JSON.stringify(first)), Buffer.alloc(8)])); }
  };
  const stream: Writable & { first?: object } = new Writable({
    write(piece: Buffer, _encoding, done) { begin().then(() => take(piece)).then(() => done(), done); },
    final(done) { begin().then(() => done(), done); },
  });
  const finished = new Promise<void>((resolve) => stream.once('finish', resolve));
  try { await handler(event, stream, {}); await finished; return undefined; } catch (error) { return error as Error; }
}
