/** TLS in front: certificates by server name, ALPN between HTTP/2 and HTTP/1.1, new certificates without a restart. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createSecureContext, createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import type { GatewayState } from '../gateway-state.js';

/** One certificate, as files, so that it can be read again. */
export interface Certificate {
  /** Names it serves, e.g. `api.example.com`, `*.example.com`; the first certificate also serves every other name. */
  readonly names: readonly string[];
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TlsOptions {
  readonly certificates: readonly Certificate[];
  /** Certificate authorities of clients: given, a client must present a certificate of theirs (mutual TLS). */
  readonly clientCaFile?: string;
  /** 'TLSv1.2' (API Gateway's TLS_1_2) or 'TLSv1.3'. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly handshakeTimeoutMs?: number;
}

export interface TlsFront extends GatewayServer {
  /** Reads the certificates again; connections that are open keep theirs. Throws, and changes nothing, when they cannot be used. */
  reload(): void;
}

/** `http2` null: HTTP/1.1 only. Both get their sockets from here; do not call their `listen`. */
export function createTlsFront(options: TlsOptions, http1: GatewayServer, http2: GatewayServer | null, log: (line: string) => void): TlsFront {
  const server: Server = createServer({
    ...read(options.certificates[0]!, options),
    requestCert: options.clientCaFile !== undefined,
    rejectUnauthorized: options.clientCaFile !== undefined,
    ALPNProtocols: http2 === null ? ['http/1.1'] : ['h2', 'http/1.1'],
    handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
    allowHalfOpen: true, noDelay: true,
  }, (socket: TLSSocket) => {
    if (http2 !== null && socket.alpnProtocol === 'h2') http2.accept(socket, true);
    else http1.accept(socket, true);
  });
  const addContexts = (): void => {
    for (const certificate of options.certificates) {
      for (const name of certificate.names) server.addContext(name, createSecureContext(read(certificate, options)));
    }
  };
  addContexts();
  // A handshake that fails is the client's business: no error, no line per port scan.
  server.on('tlsClientError', () => {});
  return {
    listen: (port, host) => new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 4_096 }, () => {
        server.off('error', reject);
        server.on('error', (error) => log(`listener: ${error.message}`));
        resolve({ port: (server.address() as AddressInfo).port });
      });
    }),
    accept: (socket) => { server.emit('connection', socket); },
    swap(handler: RequestHandler, state: GatewayState): void {
      http1.swap(handler, state);
      http2?.swap(handler, state);
    },
    async close(graceMs) {
      server.close();
      await Promise.all([http1.close(graceMs), http2?.close(graceMs)]);
    },
    get connections() { return http1.connections + (http2?.connections ?? 0); },
    reload() {
      const first = read(options.certificates[0]!, options);
      for (const certificate of options.certificates) createSecureContext(read(certificate, options));
      server.setSecureContext(first);
      addContexts();
    },
  };
}

function read(certificate: Certificate, options: TlsOptions): SecureContextOptions {
  return {
    cert: readFileSync(certificate.certFile), key: readFileSync(certificate.keyFile), minVersion: options.minVersion ?? 'TLSv1.2',
    ...(options.clientCaFile === undefined ? {} : { ca: readFileSync(options.clientCaFile) }),
  };
}
