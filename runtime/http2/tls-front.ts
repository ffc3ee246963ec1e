/** TLS in front: certificates by server name, ALPN between HTTP/2 and HTTP/1.1, new certificates without a restart. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import type { GatewayState } from '../gateway-state.js';
import { hostName } from '../tls/host-name.js';
import { AddressCounts } from '../http1/address-counts.js';
import type { Limits } from '../http1/limits.js';
import type { CertificateFiles } from './certificate-files.js';
import { readContexts } from './certificate-contexts.js';
import { readTrustStores, trustFor, type TrustDeclaration } from './client-trust.js';
import { judgeClient } from './client-verdict.js';
import { refuseClients } from './refuse-clients.js';

export interface TlsOptions {
  /** The certificates as they are now; asked at start and by `reload`. Each serves the names it holds; the first also every other name. At least one. */
  readonly certificates: () => readonly CertificateFiles[];
  /** Whose certificates clients show, by server name (mutual TLS); none: nobody is asked for one. The same names at every `reload`. */
  readonly clients: readonly TrustDeclaration[];
  /** 'TLSv1.2' (API Gateway's TLS_1_2) or 'TLSv1.3'. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

export interface TlsFront extends GatewayServer {
  /** Reads the certificates again; connections that are open keep theirs. Throws, and changes nothing, when they cannot be used. */
  reload(): void;
}

/** `http2` null: HTTP/1.1 only. Both get their sockets and `handler` from here; do not call their `listen`. Throws when a certificate cannot be used. */
export function createTlsFront(options: TlsOptions, limits: Limits, http1: GatewayServer, http2: GatewayServer | null, handler: RequestHandler, state: GatewayState): TlsFront {
  const { log } = state;
  const mutual = options.clients.length > 0;
  const read = () => {
    const stores = readTrustStores(options.clients, log);
    return { stores, contexts: readContexts(options.certificates(), stores, options.minVersion ?? 'TLSv1.2') };
  };
  let { stores, contexts } = read();
  const guarded = (unguarded: RequestHandler): RequestHandler => (mutual ? refuseClients(unguarded, () => stores) : unguarded);
  const swap = (next: RequestHandler, state: GatewayState): void => {
    const guard = guarded(next);
    http1.swap(guard, state);
    http2?.swap(guard, state);
  };
  swap(handler, state);
  const tls = createTlsServer({
    ...contexts.first,
    // The same name as `judgeClient` gets: certificate and verdict belong to one store.
    SNICallback: (name, done) => done(null, contexts.contextFor(hostName(name))),
    // What is not accepted is refused in HTTP, as API Gateway does: `judgeClient`.
    requestCert: mutual,
    rejectUnauthorized: false,
    ALPNProtocols: http2 === null ? ['http/1.1'] : ['h2', 'http/1.1'],
    handshakeTimeout: limits.headTimeoutMs === Infinity ? 0 : limits.headTimeoutMs,
    allowHalfOpen: true, noDelay: true,
  }, (socket: TLSSocket) => {
    const client = mutual ? judgeClient(socket, trustFor(stores, serverName(socket))) : undefined;
    if (client === null) { socket.destroy(); return; }
    // A second handshake could show another certificate.
    if (mutual) socket.disableRenegotiation();
    if (http2 !== null && socket.alpnProtocol === 'h2') http2.accept(socket, true, client);
    else http1.accept(socket, true, client);
  });
  // A handshake that fails is the client's business: no error, no line per port scan.
  tls.on('tlsClientError', () => {});
  // Both protocols share the limits, and a handshake counts: it is what costs most.
  const addresses = new AddressCounts(limits);
  let open = 0;
  const accept = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    const allowed = addresses.change(address, 1) && open < limits.connections;
    open++;
    socket.on('close', () => { open--; addresses.change(address, -1); });
    if (allowed) tls.emit('connection', socket);
    else socket.destroy();
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  return {
    listen: (port, host) => new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: 4_096 }, () => {
        server.off('error', reject);
        server.on('error', (error) => log(`listener: ${error.message}`));
        resolve({ port: (server.address() as AddressInfo).port });
      });
    }),
    accept,
    swap,
    async close(graceMs) {
      server.close();
      await Promise.all([http1.close(graceMs), http2?.close(graceMs)]);
    },
    get connections() { return http1.connections + (http2?.connections ?? 0); },
    reload() {
      ({ stores, contexts } = read());
      tls.setSecureContext(contexts.first);
    },
  };
}

function serverName(socket: TLSSocket): string {
  // Node's types leave out what there is without SNI: false.
  const { servername } = socket as TLSSocket & { servername?: string | false };
  return typeof servername === 'string' ? hostName(servername) : '';
}
