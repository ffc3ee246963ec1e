/** Answers of non-proxy integrations: the status picked an integration response, only mapped fields go out. */
import type { Exchange, Fields } from '../exchange.js';
import { requestId } from '../identifiers/request-id.js';
import type { UpstreamResponse } from '../backends/upstream.js';

/** Names API Gateway does not let an integration set: they go out as `x-amzn-Remapped-<name>` (rest-pipeline.md §3.4). */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'authorization', 'content-md5', 'expect', 'host', 'max-forwards', 'proxy-authenticate', 'trailer', 'upgrade', 'user-agent', 'www-authenticate']);

/** `mapped` is flat `[name, value | undefined…]`; Content-Type is application/json unless mapped. */
export function mappedFields(mapped: readonly (string | undefined)[]): string[] {
  const fields: string[] = [];
  let hasType = false;
  for (let i = 0; i < mapped.length; i += 2) {
    const name = mapped[i]!, value = mapped[i + 1];
    if (value === undefined || value === '') continue;
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') continue;
    if (lower === 'content-type') hasType = true;
    fields.push(REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, value);
  }
  if (!hasType) fields.unshift('Content-Type', 'application/json');
  return fields;
}

/** The answer the client would get, for steps that look at it first. */
export function mappedResponse(status: number, mapped: readonly (string | undefined)[], body: Uint8Array | string): UpstreamResponse {
  return { status, fields: flatFields(mappedFields(mapped)), body: typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
}

/** A mapping looked into a payload that starts like JSON and is none: 500 and a log line. Anything else is a fault of ours. */
export function answerBrokenPayload(exchange: Exchange, error: unknown, broken: (exchange: Exchange) => void): void {
  if (!(error instanceof Error) || error.name !== 'PayloadError') throw error;
  exchange.gateway.log(`(${requestId(exchange)}) Execution failed due to configuration error: Unable to transform response`);
  broken(exchange);
}

export function logNoMatch(exchange: Exchange, response: UpstreamResponse): void {
  exchange.gateway.log(`(${requestId(exchange)}) Configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${response.status}`);
}

/** The chosen status is none of the method's responses (integrations.md §6 [D]). */
export function refuseUndeclared(exchange: Exchange, status: number, broken: (exchange: Exchange) => void): void {
  exchange.gateway.log(`(${requestId(exchange)}) Execution failed due to configuration error: Output mapping refers to an invalid method response: ${status}`);
  broken(exchange);
}

/** Fields over a flat list. */
export function flatFields(list: readonly string[]): Fields {
  const all = (name: string): string[] => list.filter((_, index) => index % 2 === 1 && list[index - 1]!.toLowerCase() === name);
  return {
    get: (name) => all(name)[0],
    last: (name) => all(name).at(-1),
    all,
    forEach: (visit) => { for (let i = 0; i < list.length; i += 2) visit(list[i]!, list[i + 1]!); },
  };
}
