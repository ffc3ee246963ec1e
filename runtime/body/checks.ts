/** Checks of a request body, one function per kind of media type. `exchange.body` has been read where a function looks at it. */
import type { Field, FieldsObject } from './fields.js';
import { NotJson, requestJson } from './json.js';
import { mediaRangeOf, parseContentType, type MediaRange } from './type.js';
import type { Exchange } from '../exchange.js';
import { bodyFault, checkBodyValue, type Faults, type Validate } from '../validation/message-faults.js';
import type { Convert } from '../parameters/text.js';

/** No body was sent. */
export const NO_BODY = -1;
/** The body's media type is none of those listed. */
export const OTHER_TYPE = -2;

/**
 * Index of the media range the request's body falls under, or one of the two above. A body without a Content-Type counts as JSON
 * (as API Gateway has it) where JSON is listed, else as the only type there is.
 */
export function requestBodyRange(exchange: Exchange, ranges: readonly MediaRange[], untyped: number): number {
  if (exchange.body === null ? exchange.incoming.length === 0 : exchange.body.length === 0) return NO_BODY;
  const field = exchange.head.get('content-type');
  if (field === undefined) return untyped;
  const content = parseContentType(field);
  const index = content === undefined ? -1 : mediaRangeOf(content, ranges);
  return index < 0 ? OTHER_TYPE : index;
}

/** The body's charset parameter, lower case; utf-8 when there is none. */
function charset(exchange: Exchange): string {
  const field = exchange.head.get('content-type');
  return field === undefined || !/charset/i.test(field) ? 'utf-8' : parseContentType(field)?.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
}

/** A body in a content coding would have to be decoded by everybody who looks at it (RFC 7694: 415). */
function isCoded(exchange: Exchange): boolean {
  const coding = exchange.head.get('content-encoding');
  return coding !== undefined && coding !== '' && coding.toLowerCase() !== 'identity';
}

const coded = (faults: Faults): Faults => bodyFault(faults, 'contentType', 'must not be in a content coding');

export function checkJsonBody(faults: Faults, exchange: Exchange, validate: Validate): Faults {
  if (isCoded(exchange)) return coded(faults);
  const encoding = charset(exchange);
  if (encoding !== 'utf-8' && encoding !== 'us-ascii' && encoding !== 'utf8') return bodyFault(faults, 'contentType', 'must be UTF-8, as JSON is');
  const value = requestJson(exchange);
  return value instanceof NotJson ? bodyFault(faults, 'parse', value.reason) : checkBodyValue(faults, value, validate);
}

/** text/plain and the like, as one string. */
export function checkTextBody(faults: Faults, exchange: Exchange, conversion: Convert, validate: Validate): Faults {
  if (isCoded(exchange)) return coded(faults);
  const encoding = charset(exchange);
  const text = exchange.body!.toString(encoding === 'iso-8859-1' || encoding === 'latin1' || encoding === 'windows-1252' ? 'latin1' : 'utf8');
  return checkBodyValue(faults, conversion(text), validate);
}

/** `parse`: `parseForm` or `parseMultipart`. `read`: the fields as the object that the schema speaks of. `types`: content types a field's parts must have, by field name. */
export function checkFields(faults: Faults, exchange: Exchange, parse: (body: Buffer, boundary: string | undefined) => ReadonlyMap<string, Field> | string, read: (fields: ReadonlyMap<string, Field>) => FieldsObject, types: Readonly<Record<string, readonly MediaRange[]>>, validate: Validate): Faults {
  if (isCoded(exchange)) return coded(faults);
  const fields = parse(exchange.body!, parseContentType(exchange.head.get('content-type') ?? '')?.parameters.get('boundary'));
  if (typeof fields === 'string') return bodyFault(faults, 'parse', fields);
  let result = faults;
  for (const [name, { contentTypes }] of fields) {
    if (!Object.prototype.hasOwnProperty.call(types, name)) continue;
    for (const field of contentTypes) {
      const content = parseContentType(field ?? 'text/plain');
      if (content === undefined || mediaRangeOf(content, types[name]!) < 0) result = bodyFault(result, 'contentType', 'has a part of another content type', pointerTo(name));
    }
  }
  const { value, malformed } = read(fields);
  for (const [name, problem] of malformed) result = bodyFault(result, 'parse', problem, pointerTo(name));
  return malformed.length > 0 ? result : checkBodyValue(result, value, validate);
}

const pointerTo = (name: string): string => `/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`;
