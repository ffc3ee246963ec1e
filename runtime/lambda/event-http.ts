/** What both event formats of an HTTP API share (http-api.md §2, §6). */
import type { Exchange } from '../exchange.js';
import { latin1 } from '../request-values.js';

/** Hop-by-hop and what the gateway writes itself. */
export const HTTP_DROPPED: ReadonlySet<string> = /* @__PURE__ */ new Set(['connection', 'content-length', 'expect', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** The path as backends see it: percent-decoded; a decoded `?` cuts off the rest [O]. */
export function decodedPath(exchange: Exchange): string {
  const path = decodePath(latin1(exchange.target, exchange.pathStart, exchange.pathEnd));
  const cut = path.indexOf('?');
  return cut < 0 ? path : path.slice(0, cut);
}

/** Percent-decoding of a path: `+` stays; what is no valid UTF-8 or escape stays as sent. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  try { return decodeURIComponent(path); } catch { return path; }
}

/** Text only for these [O, measured]; everything else, a missing content type included, is base64. */
export function isText(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*(?:text\/[^;,\s]+|application\/(?:json|xml|javascript))\s*(?:;|$)/i.test(contentType);
}
