/** Documents of token issuers: discovery and key sets. Bounded in time and size; redirects are not followed. */
import { createUpstream } from '../http1/upstream.js';

/** As API Gateway has them (http-api.md §3). */
const TIMEOUT_MS = 1_500;
const LIMIT = 150_000;

/** The JSON object at `url`. Rejects with a reason for the log. */
export function fetchDocument(url: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    let parts: URL;
    try { parts = new URL(url); } catch { return reject(new Error(`"${url.slice(0, 200)}" is no URL`)); }
    if (parts.protocol !== 'https:' && parts.protocol !== 'http:') return reject(new Error(`${parts.protocol} is not asked`));
    if (parts.username !== '' || parts.password !== '') return reject(new Error(`${parts.host}: a URL with user information is not asked`));
    const upstream = createUpstream(parts.origin, { maxConnections: 1, connectTimeoutMs: TIMEOUT_MS, idleTimeoutMs: 1, bodyTimeoutMs: TIMEOUT_MS });
    // Pieces that trickle in one by one are no answer either: the whole may not take longer.
    const timer = setTimeout(() => { upstream.close(); reject(new Error(`${url}: no answer in time`)); }, 2 * TIMEOUT_MS);
    const over = (): void => { clearTimeout(timer); upstream.close(); };
    upstream.call({ method: 'GET', target: parts.pathname + parts.search, fields: ['Accept', 'application/json'], host: parts.host, body: null, timeoutMs: TIMEOUT_MS }, LIMIT, (response) => {
      over();
      if (response.status !== 200) return reject(new Error(`${url} answered ${response.status}`));
      let value: unknown;
      try { value = JSON.parse(response.body.toString('utf8')); } catch { /* rejected below */ }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return reject(new Error(`${url} is no JSON object`));
      resolve(value as Record<string, unknown>);
    }, (failure, detail) => { over(); reject(new Error(`${url}: ${failure}: ${detail}`)); });
  });
}
