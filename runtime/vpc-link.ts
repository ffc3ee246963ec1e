/**
 * Private integrations: the targets behind a VPC link, over TCP, TLS or unix sockets. The least busy target that is up gets the next call; health
 * checks, where the link has them, run from its first call on.
 */
import { readFileSync } from 'node:fs';
import { connect, isIP, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Exchange } from './exchange.js';
import { Http1Upstream, type OpenSocket } from './http1/upstream.js';
import type { Upstream, UpstreamOptions } from './upstream.js';
import { watchHealth, type HealthCheck } from './vpc-link-health.js';

export interface VpcLink {
  /** `http://host:port`, `https://host`, `//host:port` (the integration says which) or `unix:/path`. */
  readonly targets: readonly string[];
  readonly healthCheck?: HealthCheck;
  /** Paths of PEM files, read by the gateway when it connects; relative to its working directory. */
  readonly tls?: TlsFiles;
}

export interface TlsFiles { readonly ca?: string; readonly cert?: string; readonly key?: string }

export interface LinkOptions { readonly insecureSkipVerification: boolean; readonly serverName?: string }

const DEFAULTS: UpstreamOptions = { maxConnections: 512, connectTimeoutMs: 10_000, idleTimeoutMs: 60_000, bodyTimeoutMs: 120_000 };
const pools = /* @__PURE__ */ new Map<string, { readonly pool: Http1Upstream; readonly end: () => void }>();

/** The pool of link `id`; null when there is no such link. `scheme`: of targets that do not say theirs. */
export function vpcLink(links: Readonly<Record<string, VpcLink>>, id: string, scheme: 'http' | 'https', options: LinkOptions): Upstream | null {
  if (!Object.hasOwn(links, id)) return null;
  const key = `${scheme} ${options.insecureSkipVerification} ${options.serverName ?? ''} ${id}`;
  let known = pools.get(key);
  if (known === undefined) pools.set(key, (known = open(links[id]!, scheme, options)));
  return known.pool;
}

function open(link: VpcLink, scheme: 'http' | 'https', options: LinkOptions): { pool: Http1Upstream; end: () => void } {
  const sockets = new Map<string, string>();
  const origins = link.targets.map((target, index) => {
    if (!target.startsWith('unix:')) return target.startsWith('//') ? `${scheme}:${target}` : target;
    // A name that nobody resolves: it stands for the socket's path.
    sockets.set(`unix-${index}.invalid`, target.slice('unix:'.length));
    return `http://unix-${index}.invalid`;
  });
  const connectTo = opener(sockets, link.tls);
  const pool = new Http1Upstream(origins, { ...DEFAULTS, ...options }, connectTo);
  const stop = link.healthCheck === undefined ? null : watchHealth(link.healthCheck, origins.map((origin) => new Http1Upstream(origin, { ...DEFAULTS, ...options, maxConnections: 1 }, connectTo)), (index, isUp) => pool.mark(index, isUp));
  return { pool, end: () => { stop?.(); pool.close(); } };
}

/** Stops the checks and closes idle connections; running calls finish first. */
export function closeVpcLinks(): void {
  for (const { end } of pools.values()) end();
  pools.clear();
}

function opener(sockets: ReadonlyMap<string, string>, files: TlsFiles | undefined): OpenSocket {
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
        ...readFiles(files),
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

/** The Host of a link that is named without a URL: its first target's. */
export function linkHost(links: Readonly<Record<string, VpcLink>>, id: string): string {
  const target = Object.hasOwn(links, id) ? links[id]!.targets[0]! : '';
  return target.startsWith('unix:') ? 'localhost' : withoutScheme(target);
}

export function withoutScheme(origin: string): string {
  return origin.replace(/^(?:https?:)?\/\//, '').replace(/\/.*$/, '');
}

/** In front of the path that HTTP APIs send to private integrations [D]: the stage's name, unless it is $default. */
export function stagePrefix(exchange: Exchange): string {
  const { stage } = exchange.gateway;
  return stage === '$default' ? '' : `/${encodeURIComponent(stage)}`;
}
