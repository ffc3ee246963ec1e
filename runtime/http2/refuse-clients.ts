/** Answers clients whose certificate is not accepted (errors.md §1: a refusal outside of the API, which gateway responses cannot change). */
import type { Exchange, RequestHandler } from '../exchange.js';
import { REST } from '../flags.js';
import { hostName } from '../tls/host-name.js';
import { logRepeated } from '../repeated-log.js';
import { send } from '../send.js';
import { trustFor, type TrustStores } from './client-trust.js';

const FIELDS = ['Content-Type', 'application/json', ...(REST ? ['x-amzn-ErrorType', 'ForbiddenException'] : [])];

/** `handler` for clients that may come in. `stores` may change from request to request. */
export function refuseClients(handler: RequestHandler, stores: () => TrustStores): RequestHandler {
  return (exchange) => {
    const reason = refusalOf(exchange, stores());
    if (reason === '') return handler(exchange);
    logRepeated(exchange, `mtls ${reason}`, `Access denied. Reason: ${reason}`);
    forbid(exchange);
  };
}

/** The one answer of mutual TLS. */
export function forbid(exchange: Exchange): void {
  send(exchange, 403, FIELDS, '{"message":"Forbidden"}');
}

function refusalOf(exchange: Exchange, stores: TrustStores): string {
  const { tls } = exchange.connection.peer ?? exchange.connection;
  if (tls === undefined) return '';
  if (tls.refusal !== '') return tls.refusal;
  // What the handshake showed counts for the name it was made with: nobody comes in by one name and asks for another.
  const isOwn = (host: string): boolean => (trustFor(stores, hostName(host))?.name ?? null) === tls.trust;
  return isOwn(exchange.head.get('host') ?? '') && (exchange.connection.host === undefined || isOwn(exchange.connection.host)) ? '' : 'the Host is not the server name of the handshake';
}
