/** `X-Amzn-Trace-Id` (rest-pipeline.md §3.5): the client's Root and Parent are kept, a Root is made where there is none. */
import type { Exchange } from '../exchange.js';
import { randomText } from './random-text.js';

const TRACE = /^[A-Za-z0-9=;:._-]{1,512}$/;

/** What the backend is told. Without tracing: `Root=1-<8 hex epoch seconds>-<24 hex>` only [O]. */
export function traceId(exchange: Exchange): string {
  const context = (exchange.context ??= {});
  const known = context['traceId'];
  if (typeof known === 'string') return known;
  const given = exchange.head.get('x-amzn-trace-id');
  const value = given !== undefined && TRACE.test(given) && /(?:^|;)\s*Root=1-[0-9a-fA-F]{8}-[0-9a-fA-F]{24}/.test(given)
    ? given
    : `Root=1-${Math.floor(Date.now() / 1000).toString(16).padStart(8, '0')}-${randomText(12, 'hex')}`;
  context['traceId'] = value;
  return value;
}
