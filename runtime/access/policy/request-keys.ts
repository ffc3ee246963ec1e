/** Condition keys of a request without IAM credentials (auth.md §5). */
import type { Exchange } from '../../exchange.js';
import type { ConditionKeys } from './conditions.js';

export function requestKeys(exchange: Exchange): ConditionKeys {
  return (name) => {
    switch (name) {
      case 'aws:currenttime': return [new Date().toISOString()];
      case 'aws:epochtime': return [String(Math.floor(Date.now() / 1_000))];
      case 'aws:securetransport': return [String(exchange.connection.secure)];
      case 'aws:referer': return one(exchange.head.get('referer'));
      case 'aws:useragent': return one(exchange.head.get('user-agent'));
      case 'aws:sourceip': return [exchange.connection.remoteAddress];
      default: return undefined;
    }
  };
}

function one(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}
