/** Identifiers of a request (rest-pipeline.md §3.5, http-api.md §3): made when first asked for, the same ever after. */
import { randomFillSync, randomUUID } from 'node:crypto';
import type { Exchange } from './exchange.js';
import { REST } from './flags.js';

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** `$context.requestId`. REST: a UUID, the client's own `x-amzn-RequestId` if that is one; HTTP API: the extended id. */
export function requestId(exchange: Exchange): string {
  if (exchange.requestId !== '') return exchange.requestId;
  if (!REST) return (exchange.requestId = extendedRequestId(exchange));
  const given = exchange.head.get('x-amzn-requestid');
  return (exchange.requestId = given !== undefined && UUID.test(given) ? given : randomUUID());
}

let pool: Buffer | null = null;
let used = 0;

/** `$context.extendedRequestId`: 11 random bytes as base64url with one `=`. Never the client's. */
export function extendedRequestId(exchange: Exchange): string {
  if (exchange.extendedRequestId !== '') return exchange.extendedRequestId;
  // Random bytes are drawn 4 KB at a time: one call into the system for 372 ids.
  if (pool === null || used + 11 > pool.length) {
    pool = randomFillSync(pool ?? Buffer.allocUnsafeSlow(4092));
    used = 0;
  }
  const id = pool.toString('base64url', used, used + 11) + '=';
  used += 11;
  return (exchange.extendedRequestId = id);
}
