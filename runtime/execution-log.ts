import type { Exchange } from './exchange.js';
import { requestId } from './identifiers/request-id.js';

/** A line about a request, as API Gateway's execution log has it: one line, whatever the text holds. */
export function executionLog(exchange: Exchange, text: string): void {
  exchange.gateway.log(`(${requestId(exchange)}) ${text.replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ').slice(0, 2_000)}`);
}
