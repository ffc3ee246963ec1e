/** The backends of a gateway: one connection pool per origin and TLS setting, made when first called. */
import { createUpstream } from '../http1/upstream.js';
import { defaultsOf } from '../http1/limits.js';
import type { NumberOptions } from '../options.js';
import type { Upstream, UpstreamLimits, UpstreamOptions } from './upstream.js';

export interface OriginOptions { readonly insecureSkipVerification: boolean; readonly serverName?: string }

const ROWS = [
  ['maxConnections', 512, 'connections to one backend'],
  ['connectTimeoutMs', 10_000, 'for a connection to a backend'],
  ['idleTimeoutMs', 60_000, 'an unused connection to a backend is kept'],
  ['bodyTimeoutMs', 120_000, "between two pieces of a backend's answer"],
] as const satisfies readonly (readonly [keyof UpstreamLimits, number, string])[];
const DEFAULTS: UpstreamLimits = /* @__PURE__ */ defaultsOf(ROWS);
/** What every pool's own options inherit: pools are made when the file is loaded, before its options are read. */
const limits: UpstreamLimits = { ...DEFAULTS };

/** The limits of connections to backends as options of a gateway file. How long a backend may take to answer is the document's: timeoutInMillis. */
export const BACKEND_OPTIONS: NumberOptions = { key: 'backend', rows: ROWS };

/** Every new gateway: `given` over the defaults, for all pools. */
export function limitBackends(given: Partial<UpstreamLimits> | undefined): void {
  Object.assign(limits, DEFAULTS, given);
}

/** A pool's own options over the limits, which may change until the gateway starts. */
export function poolOptions(own: Partial<UpstreamOptions>): UpstreamOptions {
  return Object.assign(Object.create(limits) as UpstreamOptions, own);
}

const pools = new Map<string, Upstream>();

/** A backend whose origin the document names. No connection is opened before the first request. */
export function upstream(origin: string, options: OriginOptions): Upstream {
  const key = `${origin} ${options.insecureSkipVerification} ${options.serverName ?? ''}`;
  let pool = pools.get(key);
  if (pool === undefined) pools.set(key, (pool = createUpstream(origin, poolOptions(options))));
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
