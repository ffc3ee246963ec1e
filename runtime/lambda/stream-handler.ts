/** Handlers called for a stream: `awslambda.streamifyResponse(async (event, responseStream, context) => …)`. */
import { Writable } from 'node:stream';
import { invocationScope } from './console.js';
import type { FunctionIdentity } from './context.js';
import { messageOf, runHandler } from './handler.js';
import type { StreamSink, StreamSource } from './stream.js';
import type { PreludeStream } from './streamify.js';

const STREAMING = /* @__PURE__ */ Symbol.for('aws.lambda.runtime.handler.streaming');
type StreamHandler = (event: object, stream: Writable, context: object) => unknown;

/** A handler that does not stream gives one piece: its result as JSON, as on Lambda. `id`: the request id Lambda would give. */
export function runStream(handler: unknown, event: object, identity: FunctionIdentity, timeoutMs: number, clientContext: unknown, sink: StreamSink, id: string): StreamSource {
  if (typeof handler === 'function' && (handler as unknown as Record<symbol, unknown>)[STREAMING] === 'response') return runStreaming(handler as StreamHandler, event, identity, timeoutMs, sink, id);
  runHandler(handler, event, identity, timeoutMs, clientContext, (result) => {
    if (result.kind !== 'returned' && result.kind !== 'answered') { if (result.kind !== 'accepted') sink.onFailed(result); return; }
    sink.onPiece(Buffer.from(result.kind === 'returned' ? result.text : JSON.stringify(result.answer), 'utf8'));
    sink.onEnd();
  }, id);
  return IDLE;
}

export const IDLE: StreamSource = { resume() { /* one piece: nothing waits */ }, cancel() { /* the function runs on */ } };

function runStreaming(handler: StreamHandler, event: object, identity: FunctionIdentity, timeoutMs: number, sink: StreamSink, id: string): StreamSource {
  const deadline = performance.now() + timeoutMs;
  let waiting: (() => void) | null = null;
  let isOver = false;
  const fail = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    sink.onFailed({ kind: 'functionError', message: messageOf(error), payload: '', requestId: id });
  };
  let hasBegun = false;
  /** The prelude goes before the first bytes, or before the end. */
  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    if (stream.prelude !== undefined) sink.onPiece(Buffer.concat([Buffer.from(JSON.stringify(stream.prelude) ?? 'null', 'utf8'), Buffer.alloc(8)]));
  };
  const stream: PreludeStream & { setContentType?: (type: string) => void } = new Writable({
    write(piece: Buffer, _encoding, done) {
      begin();
      if (isOver || sink.onPiece(piece)) done();
      else waiting = done;
    },
    final(done) { begin(); done(); },
    destroy(error, done) { if (error) fail(error); done(null); },
  });
  stream.on('finish', () => { if (!isOver) { isOver = true; sink.onEnd(); } });
  stream.on('error', fail);
  stream.setContentType = () => { /* the prelude says it */ };
  const context = {
    callbackWaitsForEmptyEventLoop: true, functionName: identity.name, functionVersion: identity.version, invokedFunctionArn: identity.arn, memoryLimitInMB: identity.memory, awsRequestId: id,
    logGroupName: identity.logGroupName, logStreamName: identity.logStreamName, getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
  try {
    const result: unknown = invocationScope().run(id, handler, event, stream, context);
    if (typeof result !== 'object' || result === null || !('then' in result)) fail(new Error('Streaming does not support non-async handlers.'));
    else (result as PromiseLike<unknown>).then(undefined, fail);
  } catch (error) { fail(error); }
  const resume = (): void => {
    const done = waiting;
    waiting = null;
    done?.();
  };
  return { resume, cancel() { isOver = true; resume(); } };
}
