/** Functions compiled into the bundle that run in threads of their own, with a limit to their memory: whatever they do costs one answer. */
import { functionIdentity } from './lambda-context.js';
import { FunctionThread } from './lambda-isolated/thread.js';
import { PAYLOAD_LIMIT } from './lambda-limits.js';
import { RuntimePool } from './lambda-pool/pool.js';
import type { Invoke } from './lambda-proxy.js';
import { traceId } from './trace-id.js';

/** `program`: an ES module that serves the handler (`lambda-isolated/worker.ts`). `bundle`: URL of the gateway, where the handler believes itself to be. */
export function isolatedFunction(name: string, reference: string, region: string, program: string, memoryMb: number, maximum: number, bundle: string): Invoke {
  let pool: RuntimePool | null = null;
  return (exchange, event, timeoutMs, done, raw) => {
    const body = raw !== undefined && raw.payload.length > 0 ? raw.payload : Buffer.from(JSON.stringify(event), 'utf8');
    if (body.length > PAYLOAD_LIMIT) return done({ kind: 'tooLarge' });
    pool ??= threads(name, reference, region, program, memoryMb, maximum, bundle);
    pool.invoke(body, traceId(exchange), raw?.clientContext, timeoutMs, done);
  };
}

function threads(name: string, reference: string, region: string, program: string, memoryMb: number, maximum: number, bundle: string): RuntimePool {
  const identity = functionIdentity(name, reference, region, String(memoryMb));
  const url = new URL(`data:text/javascript;base64,${Buffer.from(program, 'utf8').toString('base64')}`);
  return new RuntimePool((owner) => new FunctionThread(url, { identity, bundle }, memoryMb, owner), maximum);
}
