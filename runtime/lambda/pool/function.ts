/** Functions in programs or threads of their own whose results are wanted as a whole. */
import { PAYLOAD_LIMIT } from '../limits.js';
import type { Invoke } from '../proxy.js';
import { traceId } from '../../identifiers/trace-id.js';
import type { RuntimePool } from './pool.js';

export function pooledFunction(pool: () => RuntimePool): Invoke {
  return (exchange, event, timeoutMs, done, raw) => {
    const body = raw !== undefined && raw.payload.length > 0 ? raw.payload : Buffer.from(JSON.stringify(event), 'utf8');
    if (body.length > PAYLOAD_LIMIT) return done({ kind: 'tooLarge' });
    pool().invoke(body, traceId(exchange), raw?.clientContext, timeoutMs, done);
  };
}
