/** What every transport offers to whoever runs a gateway. */
import type { Server, Socket } from 'node:net';
import type { RequestHandler } from './exchange.js';
import type { Gateway } from './gateway.js';
import type { GatewayState } from './gateway-state.js';
import type { Limits } from './http1/limits.js';
import type { TlsClient } from './tls/tls-client.js';

/** All bits of `TRANSPORT`: a transport that carries everything. */
export const WHOLE = 15;

/** Makes one that does not listen yet. */
export type CreateServer = (handler: RequestHandler, state: GatewayState, limits: Limits) => GatewayServer;

export interface GatewayServer {
  /** Starts to accept; the promise rejects when the port cannot be had. Port 0 takes a free one. */
  listen(port: number, host?: string): Promise<{ port: number }>;
  /** Serves a socket somebody else accepted (TLS). `tls`: what its client showed. */
  accept(socket: Socket, secure: boolean, tls?: TlsClient): void;
  /** Requests that begin from now on go to `handler` and see `state`; those in flight end as they began. */
  swap(handler: RequestHandler, state: GatewayState): void;
  /**
   * Swaps, or, when `gateway` asks for more than this server was built for, lets one of that bundle listen in its place: returns who serves now. Who does
   * not any more is the caller's to close. Throws, and changes nothing, when neither can be.
   */
  succeed?(gateway: Gateway): GatewayServer;
  /** What a server listened on; it accepts no more. */
  release?(): Server;
  /** Goes on where `server` was released. */
  adopt?(server: Server): void;
  /** Stops accepting, closes idle connections, lets requests in flight be answered. After `graceMs` (30 000) what is left is cut. */
  close(graceMs?: number): Promise<void>;
  readonly connections: number;
}
