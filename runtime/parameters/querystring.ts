/** The whole query as one value (`in: querystring` of OpenAPI 3.2). */
import type { Exchange } from '../exchange.js';
import type { Field, FieldsObject } from '../body/fields.js';
import { parseForm } from '../body/form.js';
import { bufferOf, latin1 } from '../request-values.js';
import { decodePercent, MALFORMED, type Text } from './text.js';

/** As application/x-www-form-urlencoded: the object of its fields. A property that should be JSON and is none stays text, and the schema refuses it. */
export function querystringForm(exchange: Exchange, read: (fields: ReadonlyMap<string, Field>) => FieldsObject): unknown {
  const { target, queryStart, queryEnd } = exchange;
  if (queryStart >= queryEnd) return undefined;
  const fields = parseForm(bufferOf(target).subarray(queryStart, queryEnd));
  return typeof fields === 'string' ? MALFORMED : read(fields).value;
}

/** Percent-decoded; undefined when there is none. Here `+` is a plus. */
export function querystringText(exchange: Exchange): Text {
  const { target, queryStart, queryEnd } = exchange;
  return queryStart >= queryEnd ? undefined : decodePercent(latin1(target, queryStart, queryEnd));
}
