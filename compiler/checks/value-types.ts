/** Which JSON types a schema allows, for whatever arrives as text and has to become a value first. */
import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { referenceName } from '../schema/index.js';

export type ValueType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';
type Named = Readonly<Record<string, NamedSchema>>;

const ALL: readonly ValueType[] = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'];
const MAX_DEPTH = 20;

/** Types of the values `schema` can take; undefined when it does not say. */
export function valueTypes(schema: Schema, named: Named, depth = 0): ReadonlySet<ValueType> | undefined {
  if (typeof schema === 'boolean' || depth > MAX_DEPTH) return undefined;
  const name = referenceName(schema);
  if (name !== undefined) return valueTypes(named[name]?.schema ?? true, named, depth + 1);
  let types: ReadonlySet<ValueType> | undefined;
  const narrow = (other: ReadonlySet<ValueType> | undefined): void => {
    if (other !== undefined) types = types === undefined ? other : intersect(types, other);
  };
  const type = schema['type'];
  if (type !== undefined) narrow(new Set((Array.isArray(type) ? type : [type]) as ValueType[]));
  const values = Array.isArray(schema['enum']) ? schema['enum'] as readonly Json[] : schema['const'] !== undefined ? [schema['const']] : undefined;
  if (values && types === undefined) narrow(new Set(values.map(typeOf)));
  for (const item of list(schema, 'allOf')) narrow(valueTypes(item, named, depth + 1));
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = list(schema, keyword).map((branch) => valueTypes(branch, named, depth + 1));
    if (branches.length > 0 && branches.every((branch) => branch !== undefined)) narrow(new Set(branches.flatMap((branch) => [...branch!])));
  }
  return types;
}

/** Subschemas under `keyword` (`properties`, `items`) of a schema and of what it takes in; nearest first. */
function* inPlace(schema: Schema, named: Named, depth = 0): Generator<Exclude<Schema, boolean>> {
  if (typeof schema === 'boolean' || depth > MAX_DEPTH) return;
  const name = referenceName(schema);
  if (name !== undefined) return yield* inPlace(named[name]?.schema ?? true, named, depth + 1);
  yield schema;
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) for (const item of list(schema, keyword)) yield* inPlace(item, named, depth + 1);
}

/** The schema of a list's items; true when nothing is said. */
export function itemsOf(schema: Schema, named: Named): Schema {
  for (const part of inPlace(schema, named)) {
    if (part['items'] !== undefined) return part['items'] as Schema;
    if (Array.isArray(part['prefixItems'])) return { anyOf: part['prefixItems'] };
  }
  return true;
}

/** Declared properties of an object, from every schema applied to it. */
export function propertiesOf(schema: Schema, named: Named): ReadonlyMap<string, Schema> {
  const properties = new Map<string, Schema>();
  for (const part of inPlace(schema, named)) {
    for (const [name, property] of Object.entries((part['properties'] ?? {}) as Record<string, Schema>)) if (!properties.has(name)) properties.set(name, property);
  }
  return properties;
}

/** The schema of properties that are not declared; true when nothing is said. */
export function additionalOf(schema: Schema, named: Named): Schema {
  for (const part of inPlace(schema, named)) if (part['additionalProperties'] !== undefined) return part['additionalProperties'] as Schema;
  return true;
}

/** Whether properties that are not declared may belong to the object: it is said so (`additionalProperties: true` or a schema), or it declares none. */
export function isOpenObject(schema: Schema, named: Named): boolean {
  const parts = [...inPlace(schema, named)];
  return parts.some((part) => part['additionalProperties'] !== undefined && part['additionalProperties'] !== false) || !parts.some((part) => part['properties'] !== undefined);
}

/** Whether every text is a value of the schema, so that there is nothing to check. */
export function acceptsAnyText(schema: Schema, named: Named): boolean {
  if (typeof schema === 'boolean') return schema;
  const name = referenceName(schema);
  if (name !== undefined) return acceptsAnyText(named[name]?.schema ?? true, named);
  return Object.keys(schema).every((keyword) => TELLS_NOTHING.has(keyword) || (keyword === 'type' && (schema['type'] === 'string' || (Array.isArray(schema['type']) && schema['type'].includes('string')))) || (keyword === 'format' && FREE_FORMATS.has(schema['format'] as string)));
}

const TELLS_NOTHING = new Set(['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'contentEncoding', 'contentMediaType', 'contentSchema']);
const FREE_FORMATS = new Set(['binary', 'password']);

function intersect(a: ReadonlySet<ValueType>, b: ReadonlySet<ValueType>): ReadonlySet<ValueType> {
  return new Set(ALL.filter((type) => (a.has(type) && b.has(type)) || (type === 'integer' && ((a.has('integer') && b.has('number')) || (a.has('number') && b.has('integer'))))));
}

function typeOf(value: Json): ValueType {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value as ValueType;
}

function list(schema: Exclude<Schema, boolean>, keyword: string): readonly Schema[] {
  return Array.isArray(schema[keyword]) ? schema[keyword] as readonly Schema[] : [];
}
