/** TLS in front: certificates by server name, ALPN between HTTP/2 and HTTP/1.1, new certificates without a restart. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { RequestHandler } from '../exchange.js';
import type { GatewayServer } from '../gateway-server.js';
import type { GatewayState } from '../gateway-state.js';
import { AddressCounts } from '../http1/address-counts.js';
import type { Limits } from '../http1/limits.js';
import type { CertificateFiles } from './certificate-files.js';

export interface TlsOptions {
  /** The certificates as they are now; asked at start and by `reload`. Each serves the names it holds; the first also every other name. At least one. */
  readonly certificates: () => readonly CertificateFiles[];
  /** Certificate authorities of clients: given, a client must present a certificate of theirs (mutual TLS). */
  readonly clientCaFile?: string;
  /** 'TLSv1.2' (API Gateway's TLS_1_2) or 'TLSv1.3'. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

export interface TlsFront extends GatewayServer {
  /** Reads the certificates again; connections that are open keep theirs. Throws, and changes nothing, when they cannot be used. */
  reload(): void;
}

interface Contexts { readonly first: SecureContextOptions; readonly byName: ReadonlyMap<string, SecureContext> }

/** `http2` null: HTTP/1.1 only. Both get their sockets from here; do not call their `listen`. Throws when a certificate cannot be used. */
export function createTlsFront(options: TlsOptions, limits: Limits, http1: GatewayServer, http2: GatewayServer | null, log: (line: string) => void): TlsFront {
  let contexts = readContexts(options);
  const tls = createTlsServer({
    ...contexts.first,
    SNICallback(name, done) {
      const lower = name.toLowerCase();
      done(null, contexts.byName.get(lower) ?? contexts.byName.get(lower.replace(/^[^.]*/, '*')));
    },
    requestCert: options.clientCaFile !== undefined,
    rejectUnauthorized: options.clientCaFile !== undefined,
    ALPNProtocols: http2 === null ? ['http/1.1'] : ['h2', 'http/1.1'],
    handshakeTimeout: limits.headTimeoutMs === Infinity ? 0 : limits.headTimeoutMs,
    allowHalfOpen: true, noDelay: true,
  }, (socket: TLSSocket) => {
    if (http2 !== null && socket.alpnProtocol === 'h2') http2.accept(socket, true);
    else http1.accept(socket, true);
  });
  // A handshake that fails is the client's business: no error, no line per port scan.
  tls.on('tlsClientError', () => {});
  // Both protocols share the limits, and a handshake counts: it is what costs most.
  const addresses = new AddressCounts(limits);
  let open = 0;
  const accept = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    const allowed = addresses.enter(address) && open < limits.connections;
    open++;
    socket.on('close', () => { open--; addresses.leave(address); });
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
      contexts = readContexts(options);
      tls.setSecureContext(contexts.first);
    },
  };
}

function readContexts(options: TlsOptions): Contexts {
  const byName = new Map<string, SecureContext>();
  let first: SecureContextOptions | undefined;
  for (const { certFile, keyFile } of options.certificates()) {
    try {
      const cert = readFileSync(certFile);
      const context: SecureContextOptions = {
        cert, key: readFileSync(keyFile), minVersion: options.minVersion ?? 'TLSv1.2',
        ...(options.clientCaFile === undefined ? {} : { ca: readFileSync(options.clientCaFile) }),
      };
      const secureContext = createSecureContext(context);
      first ??= context;
      for (const name of namesOf(new X509Certificate(cert))) if (!byName.has(name)) byName.set(name, secureContext);
    } catch (error) {
      throw new Error(`certificate ${certFile}: ${(error as Error).message}`);
    }
  }
  return { first: first!, byName };
}

/** The names a certificate is for, lower case: its subjectAltName, else its subject's common name (RFC 6125 §6.4.4). */
function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  const names = [...(subjectAltName ?? '').matchAll(/DNS:([^,"\s]+)/g)];
  return (names.length > 0 ? names : [...subject.matchAll(/^CN=(\S+)$/gm)]).map(([, name]) => name!.toLowerCase());
}
