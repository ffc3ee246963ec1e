/** Checks of a backend's whole answer against the responses the document declares. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { NotJson, parseJson } from '../body/json.js';
import { mediaRangeOf, parseContentType, type MediaRange } from '../body/type.js';
import { addFault, bodyFault, checkBodyValue, type Faults, type Validate } from './message-faults.js';
import type { UpstreamResponse } from '../backends/upstream.js';

/** Bytes a compressed answer may unfold to. */
const MAX_DECODED = 10_485_760;

export function undeclaredStatus(status: number): Faults {
  return addFault(null, { in: 'status', keyword: 'status', message: `${status} is not declared` });
}

/** Index of the media range the answer's body falls under; -1 no body, -2 a type that is not declared. */
export function responseBodyRange(response: UpstreamResponse, ranges: readonly MediaRange[]): number {
  if (response.body.length === 0) return -1;
  const field = response.fields.get('content-type');
  const content = field === undefined ? undefined : parseContentType(field);
  const index = content === undefined ? -1 : mediaRangeOf(content, ranges);
  return index < 0 ? -2 : index;
}

export function checkResponseJson(faults: Faults, response: UpstreamResponse, validate: Validate): Faults {
  const body = decoded(response);
  if (typeof body === 'string') return bodyFault(faults, 'contentEncoding', body);
  const value = parseJson(body);
  return value instanceof NotJson ? bodyFault(faults, 'parse', value.reason) : checkBodyValue(faults, value, validate);
}

export function checkResponseText(faults: Faults, response: UpstreamResponse, validate: Validate): Faults {
  const body = decoded(response);
  return typeof body === 'string' ? bodyFault(faults, 'contentEncoding', body) : checkBodyValue(faults, body.toString('utf8'), validate);
}

/** The body without its content codings; a text says why not. */
function decoded(response: UpstreamResponse): Buffer | string {
  let body = response.body;
  const codings = response.fields.all('content-encoding').flatMap((value) => value.split(',')).map((coding) => coding.trim().toLowerCase()).filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > 3) return 'has too many content codings';
  for (const coding of codings.reverse()) {
    try {
      const options = { maxOutputLength: MAX_DECODED };
      if (coding === 'gzip' || coding === 'x-gzip') body = gunzipSync(body, options);
      else if (coding === 'deflate') body = inflateSync(body, options);
      else if (coding === 'br') body = brotliDecompressSync(body, options);
      else return 'has a content coding that cannot be checked';
    } catch {
      return 'cannot be decoded';
    }
  }
  return body;
}
