/** The backends of a gateway: one connection pool per origin and TLS setting, made when first called. */
import { createUpstream } from './http1/upstream.js';
import type { Upstream, UpstreamOptions } from './upstream.js';

export interface OriginOptions { readonly insecureSkipVerification: boolean; readonly serverName?: string }

const DEFAULTS: UpstreamOptions = { maxConnections: 512, connectTimeoutMs: 10_000, idleTimeoutMs: 60_000, bodyTimeoutMs: 120_000 };
const pools = new Map<string, Upstream>();

/** A backend whose origin the document names. No connection is opened before the first request. */
export function upstream(origin: string, options: OriginOptions): Upstream {
  const key = `${origin} ${options.insecureSkipVerification} ${options.serverName ?? ''}`;
  let pool = pools.get(key);
  if (pool === undefined) pools.set(key, (pool = createUpstream(origin, { ...DEFAULTS, ...options })));
  return pool;
}

/** A backend whose origin stage variables name; null when what they give is no origin ("Invalid endpoint address"). */
export function upstreamAt(origin: string, options: OriginOptions): Upstream | null {
  const known = pools.get(`${origin} ${options.insecureSkipVerification} ${options.serverName ?? ''}`);
  if (known !== undefined) return known;
  const match = /^(https?):\/\/([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?\/?$/.exec(origin);
  return match ? upstream(`${match[1]}://${match[2]}${match[3] ?? ''}`, options) : null;
}

/** Closes every idle connection; running calls finish first. */
export function closeUpstreams(): void {
  for (const pool of pools.values()) pool.close();
  pools.clear();
}
