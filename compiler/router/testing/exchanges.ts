import { Exchange } from '../../../runtime/exchange.js';

/** An exchange as a transport fills it: the target lies somewhere inside a longer received buffer. Only what routing reads is there. */
export function exchangeFor(method: string, path: string | Uint8Array, query = ''): Exchange {
  const head = Buffer.from(`${method} `, 'latin1');
  const bytes = typeof path === 'string' ? Buffer.from(path, 'latin1') : path;
  const target = Buffer.concat([head, bytes, Buffer.from(`${query === '' ? '' : `?${query}`} HTTP/1.1\r\nHost: a/b\r\n\r\n`, 'latin1')]);
  const end = head.length + bytes.length;
  const unused = null as never;
  return new Exchange(unused, method, target, head.length, end, query === '' ? end : end + 1, query === '' ? end : end + 1 + query.length, unused, unused, unused, unused);
}
