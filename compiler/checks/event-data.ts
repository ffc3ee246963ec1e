import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { referenceName } from '../schema/index.js';

type Keywords = { readonly [keyword: string]: Json };

/**
 * A server-sent event's `data` is text. Where its schema says what that text is JSON of (`contentSchema`, OpenAPI 3.2 section 4.14.4), the schema
 * of the event with that in its place; undefined where it does not.
 */
export function eventWithJsonData(schema: Schema, named: Readonly<Record<string, NamedSchema>>): Schema | undefined {
  const name = referenceName(schema);
  const event = (name === undefined ? schema : named[name]?.schema) as Json | undefined;
  if (!isObject(event) || !isObject(event['properties'])) return undefined;
  const { properties } = event;
  const data = Object.hasOwn(properties, 'data') ? properties['data'] : undefined;
  if (!isObject(data) || data['contentSchema'] === undefined || !/[/+]json$/i.test(String(data['contentMediaType'] ?? 'application/json'))) return undefined;
  return { ...event, properties: { ...properties, data: data['contentSchema'] } };
}

function isObject(value: Json | undefined): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
