/** `x-amazon-apigateway-minimum-compression-size` at work, before anything else looks at the request (rest-pipeline.md §6). */
import type { Exchange } from '../exchange.js';
import { CompressedReply } from './compressed-reply.js';
import { givenCoding, preferredCoding } from './content-coding.js';
import { DecodedBody } from './decoded-body.js';

/** false: the request's coding is not supported, and it has been answered. */
export function decodeRequest(exchange: Exchange, unsupported: (exchange: Exchange) => void): boolean {
  const { head } = exchange;
  if (head.get('content-encoding') === undefined || exchange.incoming.length === 0) return true;
  const coding = givenCoding(head.all('content-encoding').join(','));
  if (coding === undefined) { unsupported(exchange); return false; }
  if (coding !== null) exchange.incoming = new DecodedBody(exchange, exchange.incoming, coding, unsupported);
  return true;
}

/** `minimum`: bytes of the smallest answer that is compressed. */
export function compressAnswer(exchange: Exchange, minimum: number): void {
  const { head } = exchange;
  if (head.get('accept-encoding') === undefined || exchange.method === 'HEAD') return;
  const coding = preferredCoding(head.all('accept-encoding').join(','));
  if (coding !== null) exchange.reply = new CompressedReply(exchange.reply, coding, minimum);
}
