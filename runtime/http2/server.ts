/** HTTP/2 in front, by node:http2, filling the same Exchange. Plain TCP with prior knowledge, or sockets that negotiated `h2` (tls-front.ts). */
import * as http2 from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream, ServerOptions } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type Connection, Exchange, type IncomingBody, type RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import type { GatewayState } from '../gateway-state.js';
import { AUTHORITY, CLASS, TARGET } from '../http1/bytes.js';
import type { Limits } from '../http1/limits.js';
import { refusalBody } from '../http1/refusal.js';
import { NO_BODY } from '../body/no-body.js';
import { locateTarget, TARGET_SPANS } from '../http1/target.js';
import { FlatFields } from '../node-http/flat-fields.js';
import { StreamBody } from '../node-http/stream-body.js';
import { StreamReply } from '../node-http/stream-reply.js';
import type { TlsClient } from '../tls/tls-client.js';
import { Http2Target } from './target.js';

const CONCURRENT_STREAMS = 128;
/** A client may give up this many requests; beyond, a session that gives up more than half of them is ended ("rapid reset", CVE-2023-44487). */
const CANCELLED = 200;

export function createHttp2Server(handler: RequestHandler, state: GatewayState, limits: Limits): GatewayServer {
  return new Http2Listener(handler, state, limits);
}

class Http2Listener implements GatewayServer {
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly options: ServerOptions;
  private server: Server | null = null;
  private draining = false;
  private closed: (() => void) | null = null;

  constructor(private handler: RequestHandler, private state: GatewayState, private readonly limits: Limits) {
    this.options = {
      maxHeaderListPairs: limits.headerCount + 8,
      // nghttp2 counts 32 bytes per field on top (RFC 9113 §6.5.2); the exact limit is checked below.
      settings: { maxConcurrentStreams: CONCURRENT_STREAMS, maxHeaderListSize: Math.min(limits.headerBytes + limits.targetBytes + 32 * limits.headerCount, 0xffffffff), enablePush: false },
      maxSessionInvalidFrames: 100,
      maxSessionRejectedStreams: 100,
    } as ServerOptions;
  }

  get connections(): number { return this.sessions.size; }

  listen(port: number, host?: string): Promise<{ port: number }> {
    const server = this.server = createServer({ noDelay: true }, (socket) => this.accept(socket, false));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 4_096 }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.state.log(`listener: ${error.message}`));
        resolve({ port: (server.address() as AddressInfo).port });
      });
    });
  }

  accept(socket: Socket, secure: boolean, tls?: TlsClient): void {
    if (this.draining || this.sessions.size >= this.limits.connections) { socket.destroy(); return; }
    const connection: Connection = { remoteAddress: socket.remoteAddress ?? '', remotePort: socket.remotePort ?? 0, localPort: socket.localPort ?? 0, secure, protocol: 'HTTP/2.0', tls };
    const session = (http2 as unknown as { performServerHandshake(socket: Socket, options: ServerOptions): ServerHttp2Session }).performServerHandshake(socket, this.options);
    socket.on('error', () => {});
    let requests = 0;
    let cancelled = 0;
    this.sessions.add(session);
    session.on('error', () => session.destroy());
    session.on('close', () => {
      this.sessions.delete(session);
      if (this.sessions.size === 0) this.closed?.();
    });
    if (this.limits.idleTimeoutMs !== Infinity) session.setTimeout(this.limits.idleTimeoutMs, () => session.close());
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      stream.on('error', () => {});
      if (++requests >= this.limits.requestsPerConnection && !session.closed) session.close();
      this.serve(stream, headers, raw, connection, () => {
        if (++cancelled > CANCELLED && cancelled > requests / 2) session.destroy();
      });
    });
  }

  swap(handler: RequestHandler, state: GatewayState): void {
    this.handler = handler;
    this.state = state;
  }

  close(graceMs = 30_000): Promise<void> {
    this.draining = true;
    this.server?.close();
    for (const session of this.sessions) session.close();
    if (this.sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cut = setTimeout(() => { for (const session of this.sessions) session.destroy(); }, graceMs);
      this.closed = () => { clearTimeout(cut); resolve(); };
    });
  }

  private serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: string[], connection: Connection, onCancelled: () => void): void {
    const { limits, state } = this;
    const method = headers[':method'] ?? '';
    const target = Buffer.from(headers[':path'] ?? '', 'latin1');
    const fields = new FlatFields(withoutPseudo(raw, headers));
    const declared = headers['content-length'];
    const length = stream.endAfterHeaders ? 0 : declared === undefined ? -1 : Number(declared);
    const refused = this.offence(method, target, headers, fields.flat, length) || (locateTarget(target, 0, target.length, method, fields, state.basePath) ? 0 : 400);
    if (refused !== 0) { this.refuse(stream, refused); return; }
    const http2Target = new Http2Target(stream, finite(limits.writeTimeoutMs));
    const reply = new StreamReply(http2Target, method === 'HEAD');
    let body: StreamBody | null = null;
    let expectsContinue = headers.expect?.toLowerCase() === '100-continue';
    if (length !== 0) {
      body = http2Target.body = new StreamBody(stream, length, limits.bodyBytes, (which) => {
        if (which === 'collect' && !reply.started) state.onTooLarge(exchange);
        else if (reply.started) stream.close(http2.constants.NGHTTP2_CANCEL);
        else { reply.gone(); this.refuse(stream, 413); }
      }, () => { if (expectsContinue) { expectsContinue = false; stream.additionalHeaders({ ':status': 100 }); } });
    }
    const exchange = new Exchange(state, method, target, TARGET_SPANS.pathFrom, TARGET_SPANS.pathTo, TARGET_SPANS.queryFrom, TARGET_SPANS.queryTo,
      fields, body ?? (NO_BODY as IncomingBody), reply, limits.proxies?.seen(connection, fields) ?? connection);
    const expired = (): void => {
      // Waiting for the backend is not the client's fault; waiting for the client's body or window is.
      if (reply.started ? stream.writableNeedDrain : body !== null && body.wanted) {
        if (reply.started) stream.close(http2.constants.NGHTTP2_CANCEL);
        else { reply.gone(); body?.abort('the request body stopped coming'); this.refuse(stream, 408); }
      } else if (!reply.ended) stream.setTimeout(finite(reply.started ? limits.writeTimeoutMs : limits.bodyTimeoutMs));
    };
    stream.setTimeout(finite(limits.bodyTimeoutMs), expired);
    const inTime = body === null || limits.requestTimeoutMs === Infinity ? undefined : setTimeout(() => {
      if (body!.finished || reply.ended) return;
      if (reply.started) stream.close(http2.constants.NGHTTP2_CANCEL);
      else { reply.gone(); body!.abort('the request took too long'); this.refuse(stream, 408); }
    }, limits.requestTimeoutMs).unref();
    stream.on('close', () => {
      clearTimeout(inTime);
      if (body !== null && !body.finished) body.abort('the client went away');
      if (!reply.ended) { reply.gone(); onCancelled(); }
    });
    try {
      this.handler(exchange);
    } catch (error) {
      state.onFault(exchange, error);
      if (!reply.ended) reply.started ? reply.abort() : reply.send(500, ['Content-Type', 'application/json'], '{"message": "Internal server error"}');
    }
  }

  private offence(method: string, target: Uint8Array, headers: IncomingHttpHeaders, flat: readonly string[], length: number): number {
    const { limits } = this;
    if (method === 'CONNECT') return 501;
    if (target.length > limits.targetBytes) return 414;
    if (target.length === 0 || (target[0] !== 47 && target[0] !== 42)) return 400;
    for (const byte of target) if ((CLASS[byte]! & TARGET) === 0) return 400;
    let bytes = 0;
    for (const text of flat) bytes += text.length + 2;
    if (bytes > limits.headerBytes || flat.length / 2 > limits.headerCount) return 431;
    const authority = headers[':authority'];
    const host = headers.host;
    if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase()) return 400;
    const name = authority ?? host ?? '';
    if (name === '') return 400;
    for (let i = 0; i < name.length; i++) if ((CLASS[name.charCodeAt(i) & 255]! & AUTHORITY) === 0) return 400;
    if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') return 417;
    return length > limits.bodyBytes ? 413 : 0;
  }

  private refuse(stream: ServerHttp2Stream, status: number): void {
    if (stream.destroyed || stream.headersSent) { stream.close(http2.constants.NGHTTP2_CANCEL); return; }
    stream.respond({ ':status': status, 'content-type': 'text; charset=utf-8' });
    stream.end(refusalBody(status, this.limits));
    stream.on('finish', () => stream.close(http2.constants.NGHTTP2_NO_ERROR));
  }
}

/** Node's timers: 0 for never. */
function finite(limit: number): number { return limit === Infinity ? 0 : limit; }

/** The fields as HTTP/1.1 would have them: Host from `:authority`, one Cookie (RFC 9113 §8.2.3, §8.3.1). */
function withoutPseudo(raw: readonly string[], headers: IncomingHttpHeaders): string[] {
  const flat: string[] = [];
  if (headers.host === undefined && headers[':authority'] !== undefined) flat.push('host', headers[':authority']);
  let cookie = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    if (name.startsWith(':')) continue;
    if (name === 'cookie') {
      if (!cookie) flat.push(name, headers.cookie ?? '');
      cookie = true;
    } else {
      flat.push(name, raw[i + 1]!);
    }
  }
  return flat;
}
