/** Functions compiled into the bundle and called in-process. */
import type { Exchange } from '../exchange.js';
import { functionIdentity, type FunctionIdentity } from './context.js';
import { messageOf, runHandler } from './handler.js';
import { PAYLOAD_LIMIT } from './limits.js';
import type { Invoke } from './proxy.js';

/** A body below this cannot make an event larger than the limit, however it is escaped: most events need not be measured. */
const SURELY_SMALL = 900_000;

/** `handler`: the export as it is; what is no function fails each call, as on Lambda. */
export function moduleFunction(name: string, reference: string, region: string, handler: unknown): Invoke {
  let identity: FunctionIdentity | null = null;
  return (exchange, event, timeoutMs, done, raw) => {
    if ((exchange.body?.length ?? 0) >= SURELY_SMALL && Buffer.byteLength(JSON.stringify(event)) > PAYLOAD_LIMIT) return done({ kind: 'tooLarge' });
    identity ??= firstIdentity(name, reference, region, exchange);
    runHandler(handler, event, identity, timeoutMs, raw?.clientContext, done);
  };
}

/** On `process`: where to log. Every bundle that takes over from another has modules of its own; one listener serves them all. */
const REJECTION_LOG = Symbol.for('gwc.rejectionLog');

/** A rejection that a function left behind is its own fault: it is logged, and the gateway goes on. */
function firstIdentity(name: string, reference: string, region: string, exchange: Exchange): FunctionIdentity {
  const guarded = process as { [REJECTION_LOG]?: (line: string) => void };
  if (guarded[REJECTION_LOG] === undefined) process.on('unhandledRejection', (reason) => guarded[REJECTION_LOG]!(`unhandled rejection outside of an invocation: ${reason instanceof Error ? reason.stack : messageOf(reason)}`));
  guarded[REJECTION_LOG] = exchange.gateway.log;
  return functionIdentity(name, reference, region);
}
