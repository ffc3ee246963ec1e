/**
 * Lists of lists or objects in parameters. No style says how an inner list is written (OpenAPI 3 leaves it undefined; 2.0 gives `items` a collectionFormat
 * that hardly anybody reads), so whatever a client sends, the inner value stays a text that its schema refuses.
 */
import type { NamedSchema, Parameter } from '../ir.js';
import { itemsOf, valueTypes } from './value-types.js';

export function hasNestedItems({ schema, style, contentType, querystring }: Parameter, named: Readonly<Record<string, NamedSchema>>): boolean {
  if (contentType !== undefined || querystring || style === 'deepObject') return false;
  const types = valueTypes(schema, named);
  if (!types?.has('array') || [...types].some((type) => type !== 'array' && type !== 'null')) return false;
  const inner = valueTypes(itemsOf(schema, named), named);
  return inner !== undefined && inner.size > 0 && [...inner].every((type) => type === 'array' || type === 'object');
}

/** The parameter as a list of anything. */
export function withAnyItems(parameter: Parameter): Parameter {
  const { minItems, maxItems } = typeof parameter.schema === 'boolean' ? {} : parameter.schema;
  return { ...parameter, schema: { type: 'array', ...(minItems !== undefined && { minItems }), ...(maxItems !== undefined && { maxItems }) } };
}
