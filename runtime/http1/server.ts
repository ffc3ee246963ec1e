/** The HTTP/1.1 listener on `node:net`: accepts, counts, times out, drains, and swaps what it serves. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { RequestHandler } from '../exchange.js';
import { TRANSPORT } from '../flags.js';
import type { Gateway } from '../gateway.js';
import { type GatewayServer, WHOLE } from '../gateway-server.js';
import type { GatewayState } from '../gateway-state.js';
import type { TlsClient } from '../tls/tls-client.js';
import { AddressCounts } from './address-counts.js';
import { Http1Connection } from './connection.js';
import type { Limits } from './limits.js';

const TICK_MS = 500;

export function createHttp1Server(handler: RequestHandler, state: GatewayState, limits: Limits): GatewayServer {
  return new Http1Listener(handler, state, limits);
}

/** Ticks after which `ms` have passed at least, from anywhere within one. */
const ticks = (ms: number): number => 1 + Math.ceil(ms / TICK_MS);

export class Http1Listener implements GatewayServer {
  isDraining = false;
  /** Bytes a head can have at most: request line and fields. */
  readonly longestHead: number;
  /** Unread bytes at which reading stops while nobody takes them. */
  readonly highWater: number;
  /** Sweeps so far: what deadlines are counted in. */
  sweeps = 0;
  readonly idleTicks: number;
  readonly headTicks: number;
  readonly bodyTicks: number;
  readonly requestTicks: number;
  readonly writeTicks: number;
  #sweeping: NodeJS.Timeout | null = null;
  readonly #connections = new Set<Http1Connection>();
  readonly #addresses: AddressCounts;
  #server: Server | null = null;
  #closed: (() => void) | null = null;

  constructor(public currentHandler: RequestHandler, public currentState: GatewayState, readonly bounds: Limits) {
    this.longestHead = bounds.targetBytes + bounds.headerBytes + 64;
    this.highWater = Math.max(65_536, this.longestHead);
    this.idleTicks = ticks(bounds.idleTimeoutMs);
    this.headTicks = ticks(bounds.headTimeoutMs);
    this.bodyTicks = ticks(bounds.bodyTimeoutMs);
    this.requestTicks = ticks(bounds.requestTimeoutMs);
    this.writeTicks = ticks(bounds.writeTimeoutMs);
    this.#addresses = new AddressCounts(bounds);
  }

  get connections(): number { return this.#connections.size; }

  listen(port: number, host?: string): Promise<{ port: number }> {
    // Half-open: a client may close its half after its last request and still gets the answer.
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 4_096 }, () => {
        this.adopt(server);
        resolve({ port: (server.address() as AddressInfo).port });
      });
    });
  }

  adopt(server: Server): void {
    this.#server = server;
    server.on('connection', (socket) => this.#begin(socket, false, true));
    // EMFILE and its like: the connection is lost, the listener is not.
    server.on('error', (error) => this.currentState.log(`listener: ${error.message}`));
  }

  release(): Server {
    const server = this.#server!;
    this.#server = null;
    return server.removeAllListeners();
  }

  succeed({ handler, state, server, transport = WHOLE }: Gateway): GatewayServer {
    if (TRANSPORT === WHOLE || !(transport & ~TRANSPORT)) { this.swap(handler, state); return this; }
    const next = server!(handler, state, this.bounds);
    // `.call` fails before anything is released where the other cannot adopt (--http1 llhttp).
    next.adopt!.call(next, this.release());
    return next;
  }

  accept(socket: Socket, secure: boolean, tls?: TlsClient): void {
    this.#begin(socket, secure, false, tls);
  }

  #begin(socket: Socket, secure: boolean, own: boolean, tls?: TlsClient): void {
    // While draining, what the kernel had accepted already is served: nobody else will.
    if (this.connections >= this.bounds.connections) { socket.destroy(); return; }
    const connection = new Http1Connection(this, socket, secure, own, tls);
    // Asking for the address is a system call.
    if (this.bounds.connectionsPerAddress !== Infinity && !this.#addresses.change(connection.remoteAddress, 1)) connection.cutOff();
    if (this.isDraining) connection.drain();
    this.#connections.add(connection);
    this.#sweeping ??= setInterval(() => this.#sweep(), TICK_MS).unref();
  }

  swap(handler: RequestHandler, state: GatewayState): void {
    this.currentHandler = handler;
    this.currentState = state;
  }

  async close(graceMs = 30_000): Promise<void> {
    this.isDraining = true;
    this.#server?.close();
    for (const connection of this.#connections) connection.drain();
    // Connections accepted in this turn are still to be announced.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.connections === 0) return;
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => {
        for (const connection of this.#connections) connection.cutOff();
      }, graceMs);
      this.#closed = () => { clearTimeout(cut); resolve(); };
    });
  }

  connectionClosed(connection: Http1Connection): void {
    this.#connections.delete(connection);
    if (this.bounds.connectionsPerAddress !== Infinity) this.#addresses.change(connection.remoteAddress, -1);
    if (this.connections > 0) return;
    if (this.#sweeping) clearInterval(this.#sweeping);
    this.#sweeping = null;
    this.#closed?.();
  }

  #sweep(): void {
    const tick = ++this.sweeps;
    for (const connection of this.#connections) if (tick > connection.readDeadline || tick > connection.writeDeadline) connection.expired();
  }
}
