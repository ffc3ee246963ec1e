import { BODIES } from '../flags.js';
import type { Exchange } from '../exchange.js';

/** REST: the front layer's plain text, without identifiers and not customisable (rest-pipeline.md §5 [O]). */
export function sendPayloadTooLarge(exchange: Exchange): void {
  if (!BODIES) return;
  exchange.status = 413;
  exchange.reply.send(413, ['content-type', 'text; charset=utf-8'], `HTTP content length exceeded ${exchange.gateway.payloadLimit} bytes.`);
}
