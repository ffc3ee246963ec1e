/** `contentHandling` and `binaryMediaTypes` at work (integrations.md §3): which payloads are bytes, which are text, and how one becomes the other. */
import { isUtf8 } from 'node:buffer';
import { decodeBase64 } from './base64.js';
import type { Exchange } from '../exchange.js';
import { isBinary } from './media-types.js';
import { requestId } from '../identifiers/request-id.js';
import type { UpstreamResponse } from '../backends/upstream.js';

type Answer = (exchange: Exchange) => void;

/** Text as API Gateway passes it on: UTF-8, invalid bytes as U+FFFD [R]. */
export function utf8Body(body: Buffer): Buffer {
  return isUtf8(body) ? body : Buffer.from(body.toString('utf8'), 'utf8');
}

export function isBinaryRequest(exchange: Exchange, binaryMediaTypes: readonly string[]): boolean {
  return isBinary(binaryMediaTypes, exchange.head.last('content-type'));
}

/** A request payload that is text. */
export function textRequest(exchange: Exchange): void {
  if (exchange.body !== null) exchange.body = utf8Body(exchange.body);
}

/** CONVERT_TO_TEXT of bytes: base64. */
export function encodeRequest(exchange: Exchange): void {
  if (exchange.body !== null) exchange.body = Buffer.from(exchange.body.toString('base64'), 'latin1');
}

/** CONVERT_TO_BINARY of text: base64 decoded. false: it is none, and the request has been answered (500 [R]). */
export function decodeRequest(exchange: Exchange, broken: Answer): boolean {
  if (exchange.body === null) return true;
  const bytes = decodeBase64(exchange.body.toString('latin1'));
  if (bytes !== null) exchange.body = bytes;
  else fail(exchange, 'Unable to base64 decode the body.', broken);
  return bytes !== null;
}

/** A template applies to text only. */
export function refuseBinaryRequest(exchange: Exchange, broken: Answer): void {
  fail(exchange, 'Unable to transform request', broken);
}

export function refuseBinaryResponse(exchange: Exchange, broken: Answer): void {
  fail(exchange, 'Unable to transform response', broken);
}

/** CONVERT_TO_TEXT of a backend's answer. */
export function textOfResponse(response: UpstreamResponse, binaryMediaTypes: readonly string[]): string {
  return response.body.toString(isBinary(binaryMediaTypes, response.fields.last('content-type')) ? 'base64' : 'utf8');
}

/** CONVERT_TO_BINARY of a backend's answer; null: it is no base64, and the request has been answered. */
export function bytesOfResponse(exchange: Exchange, response: UpstreamResponse, binaryMediaTypes: readonly string[], broken: Answer): Buffer | null {
  return isBinary(binaryMediaTypes, response.fields.last('content-type')) ? response.body : decoded(exchange, response.body.toString('latin1'), broken);
}

/** Without contentHandling the client's Accept decides: a string is text, a Buffer bytes; null as above. */
export function acceptedPayload(exchange: Exchange, response: UpstreamResponse, binaryMediaTypes: readonly string[], broken: Answer): Buffer | string | null {
  const accepted = isBinary(binaryMediaTypes, exchange.head.get('accept'));
  if (isBinary(binaryMediaTypes, response.fields.last('content-type'))) return accepted ? response.body : response.body.toString('base64');
  return accepted ? decoded(exchange, response.body.toString('latin1'), broken) : response.body.toString('utf8');
}

/** The same for `http_proxy`: text goes on byte for byte. */
export function acceptedResponse(exchange: Exchange, response: UpstreamResponse, binaryMediaTypes: readonly string[], broken: Answer): UpstreamResponse | null {
  const accepted = isBinary(binaryMediaTypes, exchange.head.get('accept'));
  if (accepted === isBinary(binaryMediaTypes, response.fields.last('content-type'))) return response;
  const body = accepted ? decoded(exchange, response.body.toString('latin1'), broken) : Buffer.from(response.body.toString('base64'), 'latin1');
  return body === null ? null : { status: response.status, fields: response.fields, body };
}

/** What `text` stands for in base64; null when it is none, and then the request has been answered. */
export function decoded(exchange: Exchange, text: string, broken: Answer): Buffer | null {
  const bytes = decodeBase64(text);
  if (bytes === null) fail(exchange, 'Unable to base64 decode the body.', broken);
  return bytes;
}

function fail(exchange: Exchange, reason: string, broken: Answer): void {
  exchange.gateway.log(`(${requestId(exchange)}) Execution failed due to configuration error: ${reason}`);
  broken(exchange);
}
