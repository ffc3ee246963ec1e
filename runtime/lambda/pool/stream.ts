/** Functions in programs or threads of their own whose results stream. */
import { PAYLOAD_LIMIT } from '../limits.js';
import type { InvokeStream } from '../stream.js';
import { traceId } from '../../identifiers/trace-id.js';
import type { RuntimePool } from './pool.js';

export function pooledStream(pool: () => RuntimePool): InvokeStream {
  return (exchange, event, timeoutMs, sink) => {
    const body = Buffer.from(JSON.stringify(event), 'utf8');
    if (body.length > PAYLOAD_LIMIT) { sink.onFailed({ kind: 'tooLarge' }); return { resume() { /* nothing runs */ }, cancel() { /* nothing runs */ } }; }
    let isCancelled = false;
    const invocation = pool().invoke(body, traceId(exchange), undefined, timeoutMs, (result) => {
      if (isCancelled || result.kind === 'answered' || result.kind === 'accepted') return;
      if (result.kind === 'returned') sink.onEnd();
      else sink.onFailed(result);
    }, (piece) => isCancelled || sink.onPiece(piece));
    return {
      resume: () => invocation.resume?.(),
      // What was paused goes on, to nobody.
      cancel: () => { isCancelled = true; (invocation.abandon ?? invocation.resume)?.(); },
    };
  };
}
