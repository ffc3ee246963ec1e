/** The response contracts of an HTTP API's Lambda integration: formats 1.0 and 2.0 (integrations.md §11, http-api.md §3, §6). */
import type { Exchange } from '../exchange.js';
import { decodeBase64, fieldValue, hasContentType, mergedFields, objectOf, statusOf, type LambdaAnswer, type LambdaAnswerFault } from './answer.js';

/** Format 1.0 needs an object with a statusCode. */
export function readHttpAnswer1(_exchange: Exchange, value: unknown): LambdaAnswer | LambdaAnswerFault {
  const result = objectOf(value);
  return result === null ? 'malformed' : structured(result, true);
}

/** Format 2.0: an object with a statusCode is an answer; anything else is a body, 200 and JSON, a JSON string without its quotes. */
export function readHttpAnswer2(_exchange: Exchange, value: unknown, text: string): LambdaAnswer | LambdaAnswerFault {
  const result = objectOf(value);
  if (result !== null && Object.hasOwn(result, 'statusCode')) return structured(result, false);
  return { status: 200, fields: ['content-type', 'application/json'], body: typeof value === 'string' ? value : text };
}

function structured(result: Record<string, unknown>, isFormat1: boolean): LambdaAnswer | LambdaAnswerFault {
  const status = statusOf(result['statusCode'], -1);
  const fields = mergedFields(result['headers'], isFormat1 ? result['multiValueHeaders'] : undefined, null);
  const encoded = result['isBase64Encoded'];
  const body = result['body'] ?? null;
  if (status < 0 || fields === null || (body !== null && typeof body !== 'string') || (encoded !== undefined && encoded !== null && typeof encoded !== 'boolean')) return 'malformed';
  if (!isFormat1 && !addCookies(fields, result['cookies'])) return 'malformed';
  if (!hasContentType(fields)) fields.unshift('content-type', 'text/plain; charset=utf-8');
  if (body === null || encoded !== true) return { status, fields, body };
  const bytes = decodeBase64(body);
  return bytes === null ? 'undecodable' : { status, fields, body: bytes };
}

/** One `set-cookie` each [D]. false: not sendable. */
function addCookies(fields: string[], value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!Array.isArray(value)) return false;
  for (const cookie of value) {
    const text = typeof cookie === 'string' ? fieldValue(cookie) : null;
    if (text === null) return false;
    fields.push('set-cookie', text);
  }
  return true;
}
