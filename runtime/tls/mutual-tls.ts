/** Domain names that a document guards with client certificates, whatever is in front: also a gateway that was started without TLS. */
import type { Exchange } from '../exchange.js';
import { hostName } from './host-name.js';
import { logRepeated } from '../repeated-log.js';
import { forbid } from '../http2/refuse-clients.js';

/**
 * Whether the request is for a name of `domains` (name → whether its clients may come without certificate) without what that name asks for, or for a name that
 * is not among `onlyNames`.
 */
export function lacksCertificate(exchange: Exchange, domains: ReadonlyMap<string, boolean>, onlyNames: ReadonlySet<string> | null): boolean {
  return lacks(exchange, exchange.head.get('host') ?? '', domains, onlyNames) || (exchange.connection.host !== undefined && lacks(exchange, exchange.connection.host, domains, onlyNames));
}

function lacks(exchange: Exchange, host: string, domains: ReadonlyMap<string, boolean>, onlyNames: ReadonlySet<string> | null): boolean {
  const name = hostName(host), wildcard = name.replace(/^[^.]*/, '*');
  const domain = domains.has(name) ? name : domains.has(wildcard) ? wildcard : undefined;
  if (domain === undefined) return onlyNames !== null && !onlyNames.has(name) && !onlyNames.has(wildcard);
  const { tls } = exchange.connection.peer ?? exchange.connection;
  return tls === undefined || tls.trust !== domain || (tls.certificate === null && domains.get(domain) !== true);
}

export function refuseName(exchange: Exchange): void {
  logRepeated(exchange, 'mtls name', 'Access denied. Reason: no client certificate for this domain name');
  forbid(exchange);
}
