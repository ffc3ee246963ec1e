import type { Exchange } from '../exchange.js';

/** The value of the first cookie `name` (RFC 6265 §4.2), quotes taken off; undefined when there is none. */
export function cookieValue(exchange: Exchange, name: string): string | undefined {
  for (const line of exchange.head.all('cookie')) {
    for (const pair of line.split(';')) {
      const equals = pair.indexOf('=');
      if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
      const value = pair.slice(equals + 1).trim();
      return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    }
  }
  return undefined;
}
