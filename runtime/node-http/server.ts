/** `--http1 llhttp`: node:http in front, for whoever wants llhttp to parse. Same Exchange, same limits, same refusals, several times the cost. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Connection, Exchange, type IncomingBody, type RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import type { GatewayState } from '../gateway-state.js';
import { AddressCounts } from '../http1/address-counts.js';
import type { Limits } from '../http1/limits.js';
import { refusal } from '../http1/refusal.js';
import { NO_BODY } from '../body/no-body.js';
import { statusText } from '../http1/status-line.js';
import { locateTarget, TARGET_SPANS } from '../http1/target.js';
import type { TlsClient } from '../tls/tls-client.js';
import { FlatFields } from './flat-fields.js';
import { offence } from './offence.js';
import { StreamBody } from './stream-body.js';
import { type ReplyTarget, StreamReply } from './stream-reply.js';

export function createNodeHttpServer(handler: RequestHandler, state: GatewayState, limits: Limits): GatewayServer {
  return new NodeHttpListener(handler, state, limits);
}

class NodeHttpListener implements GatewayServer {
  private readonly server: Server;
  private readonly addresses: AddressCounts;
  /** Requests under way on each connection. node:http takes a connection that never sent one for busy. */
  private readonly underWay = new Map<Socket, number>();
  /** Ends the request whose body a connection is receiving. */
  private readonly receiving = new WeakMap<Socket, () => void>();
  private readonly clients = new WeakMap<Socket, TlsClient>();
  connections = 0;
  draining = false;

  constructor(private handler: RequestHandler, private state: GatewayState, private readonly limits: Limits) {
    this.addresses = new AddressCounts(limits);
    const requestTimeout = finite(limits.requestTimeoutMs);
    const server = this.server = createServer({
      insecureHTTPParser: false, requireHostHeader: true, noDelay: true,
      // node:http counts the request line too, and joins nothing: the exact limits are checked on what it parsed.
      maxHeaderSize: Math.min(limits.headerBytes + limits.targetBytes + 64, 0x7fffffff),
      // node:http refuses a head that may take longer than its request.
      headersTimeout: Math.min(finite(limits.headTimeoutMs), requestTimeout || Infinity), requestTimeout, keepAliveTimeout: finite(limits.idleTimeoutMs),
      connectionsCheckingInterval: 500,
    });
    server.maxHeadersCount = 0;
    server.maxRequestsPerSocket = finite(limits.requestsPerConnection);
    server.on('connection', (socket: Socket) => this.count(socket));
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => this.serve(incoming, outgoing, false));
    server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => this.serve(incoming, outgoing, true));
    server.on('checkExpectation', (incoming: IncomingMessage, outgoing: ServerResponse) => this.refuse(417, incoming.socket, outgoing));
    server.on('connect', (_incoming: IncomingMessage, socket: Socket) => this.refuse(501, socket));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      // Bytes after the last request of a connection: its answer may still be on the way.
      if (error.code === 'HPE_CLOSED_CONNECTION') return;
      const underWay = this.underWay.get(socket) ?? 0;
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && underWay === 1 && this.receiving.has(socket)) { this.receiving.get(socket)!(); return; }
      // A refusal must not get in front of, or into, the answer to an earlier request.
      if (error.code === 'ECONNRESET' || !socket.writable || underWay > 0) { socket.destroy(); return; }
      this.refuse(refusedWith(error.code), socket);
    });
  }

  listen(port: number, host?: string): Promise<{ port: number }> {
    const { server } = this;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 4_096 }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.state.log(`listener: ${error.message}`));
        resolve({ port: (server.address() as AddressInfo).port });
      });
    });
  }

  accept(socket: Socket, _secure: boolean, tls?: TlsClient): void {
    if (tls !== undefined) this.clients.set(socket, tls);
    this.server.emit('connection', socket);
  }

  swap(handler: RequestHandler, state: GatewayState): void {
    this.handler = handler;
    this.state = state;
  }

  close(graceMs = 30_000): Promise<void> {
    this.draining = true;
    return new Promise((resolve) => {
      const cut = setTimeout(() => { for (const socket of this.underWay.keys()) socket.destroy(); }, graceMs);
      // The sockets' own close events come after this one.
      this.server.close(() => { clearTimeout(cut); setImmediate(resolve); });
      for (const [socket, requests] of this.underWay) if (requests === 0) socket.destroy();
    });
  }

  private count(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const allowed = this.addresses.change(address, 1);
    this.connections++;
    this.underWay.set(socket, 0);
    socket.on('close', () => {
      this.connections--;
      this.underWay.delete(socket);
      this.addresses.change(address, -1);
    });
    if (this.draining || this.connections > this.limits.connections || !allowed) socket.destroy();
  }

  private refuse(status: number, socket: Socket, outgoing?: ServerResponse): void {
    outgoing?.removeAllListeners();
    socket.end(refusal(status, this.limits), 'latin1');
    setTimeout(() => socket.destroy(), 2_000).unref();
  }

  private serve(incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean): void {
    const { limits, state } = this;
    const fields = new FlatFields(incoming.rawHeaders);
    const declared = incoming.headers['content-length'];
    const length = incoming.headers['transfer-encoding'] !== undefined ? -1 : declared === undefined ? 0 : Number(declared);
    const target = Buffer.from(incoming.url!, 'latin1');
    const refused = offence(incoming, target, length, limits)
      || (locateTarget(target, 0, target.length, incoming.method!, fields, state.basePath) ? 0 : 400);
    if (refused !== 0) { this.refuse(refused, incoming.socket, outgoing); return; }
    const connection: Connection = {
      remoteAddress: incoming.socket.remoteAddress ?? '', remotePort: incoming.socket.remotePort ?? 0, localPort: incoming.socket.localPort ?? 0,
      secure: 'encrypted' in incoming.socket, protocol: `HTTP/${incoming.httpVersion}`, tls: this.clients.get(incoming.socket),
    };
    let body: StreamBody | null = null;
    const reply = new StreamReply(new NodeHttpTarget(this, outgoing, () => body, finite(limits.writeTimeoutMs)), incoming.method === 'HEAD');
    if (length !== 0) {
      body = new StreamBody(incoming, length, limits.bodyBytes, (which) => {
        if (which === 'collect' && !reply.started) state.onTooLarge(exchange);
        else if (reply.started) outgoing.destroy();
        else { reply.gone(); this.refuse(413, incoming.socket, outgoing); }
      }, () => { if (expectsContinue) { expectsContinue = false; outgoing.writeContinue(); } });
    }
    const exchange = new Exchange(state, incoming.method!, target, TARGET_SPANS.pathFrom, TARGET_SPANS.pathTo, TARGET_SPANS.queryFrom, TARGET_SPANS.queryTo,
      fields, body ?? (NO_BODY as IncomingBody), reply, limits.proxies?.seen(connection, fields) ?? connection);
    const expire = (): void => {
      if (reply.started) { outgoing.destroy(); return; }
      reply.gone();
      body?.abort('the request body stopped coming');
      this.refuse(408, incoming.socket, outgoing);
    };
    if (body !== null) this.receiving.set(incoming.socket, expire);
    else this.receiving.delete(incoming.socket);
    outgoing.setTimeout(finite(limits.bodyTimeoutMs), () => {
      // Waiting for the backend is not the client's fault; waiting for the client's body, or for it to read, is.
      if (reply.started ? outgoing.writableNeedDrain : body !== null && body.wanted) expire();
      else if (!reply.ended) incoming.socket.setTimeout(finite(limits.bodyTimeoutMs));
    });
    this.underWay.set(incoming.socket, (this.underWay.get(incoming.socket) ?? 0) + 1);
    outgoing.on('close', () => {
      const left = this.underWay.get(incoming.socket);
      if (left !== undefined) this.underWay.set(incoming.socket, left - 1);
      if (body !== null && !body.finished) body.abort('the client went away');
      if (!reply.ended) reply.gone();
    });
    try {
      this.handler(exchange);
    } catch (error) {
      state.onFault(exchange, error);
      if (!reply.ended) reply.started ? reply.abort() : reply.send(500, ['Content-Type', 'application/json'], '{"message": "Internal server error"}');
    }
  }
}

class NodeHttpTarget implements ReplyTarget {
  constructor(private readonly listener: NodeHttpListener, readonly stream: ServerResponse, private readonly body: () => StreamBody | null, private readonly writeTimeoutMs: number) {}

  head(status: number, fields: string[], length: number, bodyless: boolean): void {
    if (length >= 0) fields.push('Content-Length', String(length));
    const body = this.body();
    const unread = body !== null && !body.finished;
    if (this.listener.draining || unread) this.stream.shouldKeepAlive = false;
    this.stream.setTimeout(this.writeTimeoutMs);
    if (length < 0 && bodyless) this.stream.removeHeader('Transfer-Encoding');
    this.stream.writeHead(status, statusText(status), fields);
  }

  reset(): void { this.stream.destroy(); }
  replied(): void { this.body()?.discard(); }
}

function finite(limit: number): number { return limit === Infinity ? 0 : limit; }

function refusedWith(code: string | undefined): number {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': return 431;
    case 'HPE_INVALID_METHOD': return 501;
    case 'HPE_INVALID_TRANSFER_ENCODING': return 501;
    case 'ERR_HTTP_REQUEST_TIMEOUT': return 408;
    default: return 400;
  }
}
