/** What form-urlencoded and multipart bodies have in common: named fields, each read as its property's schema says. */
import { define, MALFORMED, toJson, type Convert } from '../parameters/text.js';

/** All values of one field, in order, decoded. A file's content is its bytes as Latin-1. */
export interface Field { readonly values: string[]; readonly contentTypes: (string | undefined)[] }

/** From a field's values to its property's value; MALFORMED when they are none. */
export type ReadField = (values: readonly string[]) => unknown;

/** How each declared property is read; fields of other names are texts, or lists of texts when repeated. */
export type FieldReaders = Readonly<Record<string, ReadField>>;

export const oneValue = (conversion: Convert): ReadField => (values) => (values.length === 1 ? conversion(values[0]!) : [...values]);
export const eachValue = (conversion: Convert): ReadField => (values) => values.map(conversion);
export const delimitedValue = (separator: string, conversion: Convert): ReadField => (values) => (values.length === 1 ? (values[0] === '' ? [] : values[0]!.split(separator).map(conversion)) : values.map(conversion));
export const jsonValue: ReadField = (values) => (values.length === 1 ? toJson(values[0]!) : [...values]);
/** A list whose items are JSON documents. */
export const jsonValues: ReadField = (values) => {
  const items = values.map(toJson);
  return items.includes(MALFORMED) ? MALFORMED : items;
};

/** The object the schema is checked against, and the properties that could not be read, with what is wrong with them. */
export interface FieldsObject { readonly value: object; readonly malformed: readonly (readonly [name: string, problem: string])[] }

export function fieldsObject(fields: ReadonlyMap<string, Field>, readers: FieldReaders): FieldsObject {
  const value = {};
  const malformed: [string, string][] = [];
  for (const [name, { values }] of fields) {
    const read = Object.prototype.hasOwnProperty.call(readers, name) ? readers[name] : undefined;
    const result = read ? read(values) : values.length === 1 ? values[0] : values;
    if (result === MALFORMED) malformed.push([name, 'is not JSON']);
    define(value, name, result === MALFORMED ? values[0] : result);
  }
  return { value, malformed };
}

export function addValue(fields: Map<string, Field>, name: string, value: string, contentType?: string): void {
  const field = fields.get(name);
  if (field) {
    field.values.push(value);
    field.contentTypes.push(contentType);
  } else fields.set(name, { values: [value], contentTypes: [contentType] });
}
