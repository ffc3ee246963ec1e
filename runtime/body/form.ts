/** application/x-www-form-urlencoded bodies. */
import { addValue, type Field } from './fields.js';
import { decodeForm, MALFORMED } from '../parameters/text.js';

const MAX_FIELDS = 1000;

/** Fields by name; a text says why the body is none. */
export function parseForm(body: Buffer): ReadonlyMap<string, Field> | string {
  const fields = new Map<string, Field>();
  const text = body.toString('latin1');
  let count = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (++count > MAX_FIELDS) return `has more than ${MAX_FIELDS} fields`;
      const equals = text.indexOf('=', start);
      const split = equals < 0 || equals > end ? end : equals;
      const name = decodeForm(text.slice(start, split));
      const value = decodeForm(split === end ? '' : text.slice(split + 1, end));
      if (name === MALFORMED || value === MALFORMED) return 'has a field that cannot be decoded';
      addValue(fields, name, value);
    }
    start = end + 1;
  }
  return fields;
}
