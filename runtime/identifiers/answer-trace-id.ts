import type { Exchange } from '../exchange.js';
import { addField } from '../send.js';
import { traceId } from './trace-id.js';

/** `X-Amzn-Trace-Id` of an answer that came from a backend (rest-pipeline.md §3.4 [R]); what a load balancer added to it (`Self=`) stays out [O]. */
export function answerTraceId(exchange: Exchange): void {
  addField(exchange, 'X-Amzn-Trace-Id', traceId(exchange).replace(/(?:^|;)\s*Self=[^;]*/, '').replace(/^;/, ''));
}
