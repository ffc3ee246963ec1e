/** JSON bodies. RFC 8259 §8.1: UTF-8; a byte order mark is ignored. */
import { isUtf8 } from 'node:buffer';
import { PARSE_PENDING, type Exchange } from '../exchange.js';

/** Why a body is not JSON; never quotes the body. */
export class NotJson { constructor(readonly reason: string) {} }

/** The request's body as JSON, parsed once and kept on the exchange for later steps. `exchange.body` has been read. */
export function requestJson(exchange: Exchange): unknown {
  if (exchange.json !== PARSE_PENDING) return exchange.json;
  const value = parseJson(exchange.body!);
  if (!(value instanceof NotJson)) exchange.json = value;
  return value;
}

export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) return new NotJson('is not UTF-8');
  const start = body.length >= 3 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  try {
    return JSON.parse(body.toString('utf8', start)) as unknown;
  } catch (error) {
    // The engine's own message quotes the body, and differs from version to version.
    return new NotJson(/end of JSON|Unterminated/.test((error as Error).message) ? 'is not JSON: it ends too early' : 'is not JSON');
  }
}
