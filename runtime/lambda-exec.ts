/** Functions that are programs of their own, started by the gateway, talking to it over the Lambda Runtime API on loopback. */
import type { Invoke } from './lambda-proxy.js';
import { PAYLOAD_LIMIT } from './lambda-limits.js';
import { functionIdentity } from './lambda-context.js';
import { RuntimeProcess } from './lambda-exec/process.js';
import { RuntimePool } from './lambda-pool/pool.js';
import { traceId } from './trace-id.js';

/** `command`: program and parameters, without a shell. `maximum`: how many of it run at most; further calls wait. */
export function execFunction(name: string, reference: string, region: string, command: readonly string[], maximum: number): Invoke {
  let pool: RuntimePool | null = null;
  return (exchange, event, timeoutMs, done, raw) => {
    const body = raw !== undefined && raw.payload.length > 0 ? raw.payload : Buffer.from(JSON.stringify(event), 'utf8');
    if (body.length > PAYLOAD_LIMIT) return done({ kind: 'tooLarge' });
    pool ??= programs(name, reference, region, command, maximum);
    pool.invoke(body, traceId(exchange), raw?.clientContext, timeoutMs, done);
  };
}

function programs(name: string, reference: string, region: string, command: readonly string[], maximum: number): RuntimePool {
  const identity = functionIdentity(name, reference, region);
  return new RuntimePool((owner) => new RuntimeProcess(command, identity, owner), maximum);
}
