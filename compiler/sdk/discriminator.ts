/** What a `discriminator` says: which property, which tags stand for which schemas. */
import type { Json } from '../code.js';
import type { Schema } from '../ir.js';
import { isKeywords, list, referenceOf } from './schema-graph.js';

type Keywords = Readonly<Record<string, Json>>;

/** Whether variants inherit from the schema, instead of being listed by its `oneOf`. */
export function isBase(schema: Schema): boolean {
  const keywords = schema as Json;
  return isKeywords(keywords) && discriminatorProperty(keywords) !== undefined && list(keywords['oneOf']).length === 0 && list(keywords['anyOf']).length === 0 && Object.keys(mappingOf(keywords)).length > 0;
}

export function discriminatorProperty(schema: Keywords): string | undefined {
  const name = isKeywords(schema['discriminator']) ? (schema['discriminator'] as Keywords)['propertyName'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

export function mappingOf(schema: Json | undefined): Keywords {
  const mapping = isKeywords(schema) && isKeywords(schema['discriminator']) ? schema['discriminator']['mapping'] : undefined;
  return isKeywords(mapping) ? mapping : {};
}

export function tagsByTarget(schema: Keywords): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [tag, target] of Object.entries(mappingOf(schema))) if (typeof target === 'string') tags.set(target, [...(tags.get(target) ?? []), tag]);
  return tags;
}

/** The tags that a schema's own property says: `kind: {const: cat}`, or a required one of `{enum: [cat]}`. Looks behind references and into `allOf`. */
export function ownTags(name: string, property: string, schemaOf: (name: string) => Json | undefined, seen = new Set<string>()): readonly string[] | undefined {
  if (seen.has(name)) return undefined;
  seen.add(name);
  const search = (schema: Json | undefined): readonly string[] | undefined => {
    if (!isKeywords(schema)) return undefined;
    const target = referenceOf(schema);
    if (target !== undefined) return ownTags(target, property, schemaOf, seen);
    const found = isKeywords(schema['properties']) && Object.hasOwn(schema['properties'], property) ? (schema['properties'] as Keywords)[property] : undefined;
    if (isKeywords(found)) {
      if (typeof found['const'] === 'string') return [found['const']];
      const values = list(found['enum']);
      if (values.length === 1 && typeof values[0] === 'string' && list(schema['required']).includes(property)) return [values[0]];
    }
    for (const part of list(schema['allOf'])) {
      const tags = search(part);
      if (tags) return tags;
    }
    return undefined;
  };
  return search(schemaOf(name));
}
