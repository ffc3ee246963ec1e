/** The response contract of a REST API's Lambda proxy integration (integrations.md §8 [R]). */
import type { Exchange } from '../exchange.js';
import { decodeBase64, hasContentType, mergedFields, objectOf, statusOf, type LambdaAnswer, type LambdaAnswerFault } from './answer.js';
import { isBinary } from '../body/media-types.js';
import { traceId } from '../identifiers/trace-id.js';

const KEYS: ReadonlySet<string> = /* @__PURE__ */ new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/** Names a function cannot set: they go out as `x-amzn-Remapped-<name>` (rest-pipeline.md §3.4). */
export const REMAPPED: ReadonlySet<string> = /* @__PURE__ */ new Set(['connection', 'content-length', 'date', 'server', 'authorization', 'content-md5', 'expect', 'host', 'max-forwards', 'proxy-authenticate', 'trailer', 'upgrade', 'user-agent', 'www-authenticate', 'x-amzn-requestid']);

/** `binaryMediaTypes`: lower case. */
export function readRestAnswer(exchange: Exchange, value: unknown, _text: string, binaryMediaTypes: readonly string[]): LambdaAnswer | LambdaAnswerFault {
  const result = objectOf(value);
  if (result === null) return 'malformed';
  for (const key in result) if (!KEYS.has(key)) return 'malformed';
  const status = statusOf(result['statusCode'], 200);
  const fields = mergedFields(result['headers'], result['multiValueHeaders'], REMAPPED);
  const encoded = result['isBase64Encoded'];
  const body = result['body'] ?? null;
  if (status < 0 || fields === null || (body !== null && typeof body !== 'string') || (encoded !== undefined && encoded !== null && typeof encoded !== 'boolean')) return 'malformed';
  if (!hasContentType(fields)) fields.unshift('Content-Type', 'application/json');
  fields.push('X-Amzn-Trace-Id', traceId(exchange));
  // Whether it is decoded depends on what the client accepts, not on the function's content type [R].
  if (body === null || encoded !== true || !isBinary(binaryMediaTypes, exchange.head.get('accept'))) return { status, fields, body };
  const bytes = decodeBase64(body);
  return bytes === null ? 'undecodable' : { status, fields, body: bytes };
}
