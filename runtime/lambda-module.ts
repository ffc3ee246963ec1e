/** Functions compiled into the bundle and called in-process. */
import type { Exchange } from './exchange.js';
import { functionIdentity, type FunctionIdentity } from './lambda-context.js';
import { messageOf, runHandler } from './lambda-handler.js';
import { PAYLOAD_LIMIT } from './lambda-limits.js';
import type { Invoke } from './lambda-proxy.js';

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

let isGuarded = false;

/** A rejection that a function left behind is its own fault: it is logged, and the gateway goes on. */
function firstIdentity(name: string, reference: string, region: string, exchange: Exchange): FunctionIdentity {
  if (!isGuarded) {
    isGuarded = true;
    const { log } = exchange.gateway;
    process.on('unhandledRejection', (reason) => log(`unhandled rejection outside of an invocation: ${reason instanceof Error ? reason.stack : messageOf(reason)}`));
  }
  return functionIdentity(name, reference, region);
}
