/** Functions compiled into the bundle that stream, called in-process. */
import { randomUUID } from 'node:crypto';
import { functionIdentity, type FunctionIdentity } from './context.js';
import { PAYLOAD_LIMIT } from './limits.js';
import { IDLE, runStream } from './stream-handler.js';
import type { InvokeStream } from './stream.js';

const SURELY_SMALL = 900_000;

export function moduleStream(name: string, reference: string, region: string, handler: unknown): InvokeStream {
  let identity: FunctionIdentity | null = null;
  return (exchange, event, timeoutMs, sink) => {
    if ((exchange.body?.length ?? 0) >= SURELY_SMALL && Buffer.byteLength(JSON.stringify(event)) > PAYLOAD_LIMIT) { sink.onFailed({ kind: 'tooLarge' }); return IDLE; }
    identity ??= functionIdentity(name, reference, region);
    return runStream(handler, event, identity, timeoutMs, undefined, sink, randomUUID());
  };
}
