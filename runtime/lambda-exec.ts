/** Functions that are programs of their own, started by the gateway, talking to it over the Lambda Runtime API on loopback. */
import type { Invoke } from './lambda-proxy.js';
import { PAYLOAD_LIMIT } from './lambda-proxy.js';
import { RuntimePool } from './lambda-exec/pool.js';
import { traceId } from './trace-id.js';

/** `command`: program and parameters, without a shell. `maximum`: how many of it run at most; further calls wait. */
export function execFunction(name: string, reference: string, region: string, command: readonly string[], maximum: number): Invoke {
  let pool: RuntimePool | null = null;
  return (exchange, event, timeoutMs, done, raw) => {
    const body = raw !== undefined && raw.payload.length > 0 ? raw.payload : Buffer.from(JSON.stringify(event), 'utf8');
    if (body.length > PAYLOAD_LIMIT) return done({ kind: 'tooLarge' });
    pool ??= new RuntimePool(name, reference, region, command, maximum);
    pool.invoke(body, traceId(exchange), raw?.clientContext, timeoutMs, done);
  };
}
