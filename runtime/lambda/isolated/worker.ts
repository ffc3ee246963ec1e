/** The other side: runs in the thread, bundled with the user's handler. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionIdentity } from '../context.js';
import { runHandler } from '../handler.js';
import type { ThreadCall, ThreadData, ThreadMessage, ThreadOrder } from './messages.js';

export type Say = (message: ThreadMessage, transfer?: readonly ArrayBuffer[]) => void;

/** Runs a call whose result streams; the result is told of credits. */
export type RunStream = (handler: unknown, call: ThreadCall, event: object, identity: FunctionIdentity, say: Say) => (bytes: number) => void;

/** Serves calls of `handler` until the thread is ended. `runStream`: null where no integration streams. */
export function serveCalls(handler: unknown, runStream: RunStream | null): void {
  const port = parentPort!;
  const { identity } = workerData as ThreadData;
  const say: Say = (message, transfer) => port.postMessage(message, transfer);
  let stream: { readonly id: string; readonly credit: (bytes: number) => void } | null = null;
  port.on('message', (order: ThreadOrder) => {
    if (order.kind === 'credit') {
      if (stream?.id === order.id) stream.credit(order.bytes);
      return;
    }
    const { id, event: bytes, timeoutMs, clientContext } = order;
    const event = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as object;
    if (order.streams) {
      stream = { id, credit: runStream!(handler, order, event, identity, say) };
      return;
    }
    runHandler(handler, event, identity, timeoutMs, clientContext, (result) => {
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
