/** The other side: runs in the thread, bundled with the user's handler. */
import { parentPort, workerData } from 'node:worker_threads';
import { runHandler } from '../lambda-handler.js';
import type { ThreadCall, ThreadData, ThreadMessage } from './messages.js';

/** Serves calls of `handler` until the thread is ended. */
export function serveCalls(handler: unknown): void {
  const port = parentPort!;
  const { identity } = workerData as ThreadData;
  const say = (message: ThreadMessage): void => port.postMessage(message);
  port.on('message', ({ id, event, timeoutMs, clientContext }: ThreadCall) => {
    const text = Buffer.from(event.buffer, event.byteOffset, event.byteLength).toString('utf8');
    runHandler(handler, JSON.parse(text) as object, identity, timeoutMs, clientContext, (result) => {
      switch (result.kind) {
        case 'answered': return say({ kind: 'returned', id, text: JSON.stringify(result.answer) });
        case 'returned': return say({ kind: 'returned', id, text: result.text });
        case 'functionError': return say({ kind: 'functionError', id, message: result.message, payload: result.payload });
        // Out of time: the pool keeps the time and ends this thread.
        default: return;
      }
    }, id);
  });
  say({ kind: 'ready' });
}
