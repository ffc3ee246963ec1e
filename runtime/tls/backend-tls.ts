/** Certificates towards backends: which authorities are trusted and who the gateway says it is. Files are read when it connects. */
import { readFileSync } from 'node:fs';
import { connect, isIP, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Http1Upstream, type OpenSocket } from '../http1/upstream.js';
import type { Upstream } from '../backends/upstream.js';
import { poolOptions } from '../backends/upstreams.js';

/** Paths of PEM files, relative to the gateway's working directory. `ca` stands instead of the public authorities. */
export interface TlsFiles { readonly ca?: string; readonly cert?: string; readonly key?: string }

export interface BackendOptions { readonly insecureSkipVerification: boolean; readonly serverName?: string }

let stageFiles: TlsFiles | undefined;

/** At start: the client certificate of the gateway's stage. Throws when its files cannot be read: no backend would take the calls. */
export function useClientCertificate(certificates: Readonly<Record<string, TlsFiles>>, stage: string): void {
  stageFiles = Object.hasOwn(certificates, stage) ? certificates[stage] : undefined;
  if (stageFiles !== undefined) readFiles(stageFiles);
}

const pools = /* @__PURE__ */ new Map<string, Upstream>();

/** As `upstreamAt` (upstreams.ts), with the certificates of the stage; null when `origin` is none. */
export function certifiedUpstream(origin: string, options: BackendOptions): Upstream | null {
  const key = `${origin} ${options.insecureSkipVerification} ${options.serverName ?? ''}`;
  let pool = pools.get(key);
  if (pool !== undefined) return pool;
  if (!/^https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?\/?$/.test(origin)) return null;
  try { pool = new Http1Upstream(origin, poolOptions(options), certifiedSocket(NO_SOCKETS, undefined)); } catch { return null; }
  pools.set(key, pool);
  return pool;
}

/** Closes every idle connection; running calls finish first. */
export function closeCertifiedUpstreams(): void {
  for (const pool of pools.values()) pool.close();
  pools.clear();
}

const NO_SOCKETS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map();

/** `sockets`: paths of unix sockets by the host's name that stands for them. `files`: instead of the stage's. */
export function certifiedSocket(sockets: ReadonlyMap<string, string>, files: TlsFiles | undefined): OpenSocket {
  return (host, port, secure, options, onread) => {
    const path = sockets.get(host);
    if (path !== undefined) return connect({ path, onread });
    if (!secure) return connect({ host, port, noDelay: true, onread });
    try {
      return process.getBuiltinModule('node:tls').connect({
        host, port, onread, ALPNProtocols: ['http/1.1'],
        // No server name for an address literal (RFC 6066 §3).
        servername: options.serverName ?? (isIP(host) === 0 ? host : ''),
        rejectUnauthorized: options.insecureSkipVerification !== true,
        ...readFiles(files ?? stageFiles),
      } as ConnectionOptions).setNoDelay(true);
    } catch (error) {
      // The call fails as one that cannot connect, with this reason.
      return new Socket().destroy(error as Error);
    }
  };
}

/** Read for every new connection, so that renewed certificates are used without a restart. */
function readFiles({ ca, cert, key }: TlsFiles = {}): ConnectionOptions {
  return { ...(ca !== undefined ? { ca: readFileSync(ca) } : {}), ...(cert !== undefined ? { cert: readFileSync(cert) } : {}), ...(key !== undefined ? { key: readFileSync(key) } : {}) };
}
