import type { Exchange } from '../exchange.js';

/** The request's content type without parameters, lower case; a request without one counts as application/json (integrations.md §2). */
export function requestMediaType(exchange: Exchange): string {
  const type = exchange.head.get('content-type');
  if (type === undefined) return 'application/json';
  const end = type.indexOf(';');
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase() || 'application/json';
}
