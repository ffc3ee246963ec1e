import type { Exchange } from '../exchange.js';

/** Calls `next` with the whole request body in `exchange.body`. */
export function readBody(exchange: Exchange, next: (exchange: Exchange) => void): void {
  exchange.incoming.collect(exchange.gateway.payloadLimit, (body) => {
    exchange.body = body;
    try { next(exchange); } catch (error) { exchange.gateway.onFault(exchange, error); }
  });
}
