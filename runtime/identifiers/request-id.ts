/** Identifiers of a request (rest-pipeline.md §3.5, http-api.md §3): made when first asked for, the same ever after. */
import { randomUUID } from 'node:crypto';
import type { Exchange } from '../exchange.js';
import { REST } from '../flags.js';
import { randomText } from './random-text.js';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** `$context.requestId`. REST: a UUID, the client's own `x-amzn-RequestId` if that is one; HTTP API: the extended id. */
export function requestId(exchange: Exchange): string {
  if (exchange.requestId !== '') return exchange.requestId;
  if (!REST) return (exchange.requestId = extendedRequestId(exchange));
  const given = exchange.head.get('x-amzn-requestid');
  return (exchange.requestId = given !== undefined && UUID.test(given) ? given : randomUUID());
}

/** `$context.extendedRequestId`: 11 random bytes as base64url with one `=`. Never the client's. */
export function extendedRequestId(exchange: Exchange): string {
  if (exchange.extendedRequestId !== '') return exchange.extendedRequestId;
  return (exchange.extendedRequestId = `${randomText(11, 'base64url')}=`);
}
