/**
 * Private integrations: the targets behind a VPC link, over TCP, TLS or unix sockets. The least busy target that is up gets the next call; health
 * checks, where the link has them, run from its first call on.
 */
import { certifiedSocket, type BackendOptions, type TlsFiles } from '../tls/backend-tls.js';
import type { Exchange } from '../exchange.js';
import { Http1Upstream } from '../http1/upstream.js';
import type { Upstream } from './upstream.js';
import { poolOptions } from './upstreams.js';
import { watchHealth, type HealthCheck } from './vpc-link-health.js';

export interface VpcLink {
  /** `http://host:port`, `https://host`, `//host:port` (the integration says which) or `unix:/path`. */
  readonly targets: readonly string[];
  readonly healthCheck?: HealthCheck;
  /** Instead of the stage's client certificate. */
  readonly tls?: TlsFiles;
}

const pools = /* @__PURE__ */ new Map<string, { readonly pool: Http1Upstream; readonly end: () => void }>();

/** The pool of link `id`; null when there is no such link. `scheme`: of targets that do not say theirs. */
export function vpcLink(links: Readonly<Record<string, VpcLink>>, id: string, scheme: 'http' | 'https', options: BackendOptions): Upstream | null {
  if (!Object.hasOwn(links, id)) return null;
  const key = `${scheme} ${options.insecureSkipVerification} ${options.serverName ?? ''} ${id}`;
  let known = pools.get(key);
  if (known === undefined) pools.set(key, (known = open(links[id]!, scheme, options)));
  return known.pool;
}

function open(link: VpcLink, scheme: 'http' | 'https', options: BackendOptions): { pool: Http1Upstream; end: () => void } {
  const sockets = new Map<string, string>();
  const origins = link.targets.map((target, index) => {
    if (!target.startsWith('unix:')) return target.startsWith('//') ? `${scheme}:${target}` : target;
    // A name that nobody resolves: it stands for the socket's path.
    sockets.set(`unix-${index}.invalid`, target.slice('unix:'.length));
    return `http://unix-${index}.invalid`;
  });
  const connectTo = certifiedSocket(sockets, link.tls);
  const pool = new Http1Upstream(origins, poolOptions(options), connectTo);
  const stop = link.healthCheck === undefined ? null : watchHealth(link.healthCheck, origins.map((origin, index) => ({ upstream: new Http1Upstream(origin, poolOptions({ ...options, maxConnections: 1 }), connectTo), host: hostOf(link.targets[index]!) })), (index, isUp) => pool.mark(index, isUp));
  return { pool, end: () => { stop?.(); pool.close(); } };
}

/** Stops the checks and closes idle connections; running calls finish first. */
export function closeVpcLinks(): void {
  for (const { end } of pools.values()) end();
  pools.clear();
}

/** The Host of a link that is named without a URL: its first target's. */
export function linkHost(links: Readonly<Record<string, VpcLink>>, id: string): string {
  return Object.hasOwn(links, id) ? hostOf(links[id]!.targets[0]!) : '';
}

function hostOf(target: string): string {
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
