/** Which named schemas lead to which, and which look different in requests and responses (readOnly, writeOnly). */
import type { Json } from '../code.js';
import type { Api, Schema } from '../ir.js';

export type Direction = 'request' | 'response';
type Keywords = Readonly<Record<string, Json>>;

const REFERENCE = /^#\/schemas\/(.+)$/s;

/** Name of the schema a `$ref` leads to. */
export function referenceOf(schema: Json | undefined): string | undefined {
  const reference = isKeywords(schema) ? schema['$ref'] : undefined;
  return typeof reference === 'string' ? REFERENCE.exec(reference)?.[1] : undefined;
}

export function isKeywords(schema: Json | undefined): schema is Keywords {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}

/** An array, or nothing. */
export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Schemas directly inside a schema, without following references. */
export function subschemas(schema: Json | undefined): Json[] {
  if (!isKeywords(schema)) return [];
  const found: Json[] = [];
  for (const keyword of ['items', 'additionalProperties', 'contains', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'] as const) if (schema[keyword] !== undefined) found.push(schema[keyword]!);
  for (const keyword of ['allOf', 'oneOf', 'anyOf', 'prefixItems'] as const) if (Array.isArray(schema[keyword])) found.push(...(schema[keyword] as readonly Json[]));
  for (const keyword of ['properties', 'patternProperties'] as const) if (isKeywords(schema[keyword])) found.push(...Object.values(schema[keyword] as Keywords));
  return found;
}

export class SchemaGraph {
  private readonly references = new Map<string, Set<string>>();
  /** Named schemas whose request and response types differ. */
  readonly directional = new Set<string>();

  constructor(private readonly api: Api) {
    const users = new Map<string, string[]>();
    for (const { name, schema } of Object.values(api.schemas)) {
      const names = namesIn(schema);
      this.references.set(name, names);
      for (const used of names) {
        const known = users.get(used);
        if (known) known.push(name);
        else users.set(used, [name]);
      }
      if (this.marksDirection(schema)) this.directional.add(name);
    }
    const queue = [...this.directional];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      for (const user of users.get(name) ?? []) {
        if (this.directional.has(user)) continue;
        this.directional.add(user);
        queue.push(user);
      }
    }
  }

  schema(name: string): Schema | undefined {
    return Object.hasOwn(this.api.schemas, name) ? this.api.schemas[name]!.schema : undefined;
  }

  /** Every named schema that can be met from `roots`. */
  reachable(roots: Iterable<Json | undefined>): Set<string> {
    const found = new Set<string>();
    const queue = [...roots].flatMap((root) => [...namesIn(root)]);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (found.has(name)) continue;
      found.add(name);
      queue.push(...(this.references.get(name) ?? []));
    }
    return found;
  }

  /** `readOnly` or `writeOnly` of a property, said beside or behind its reference. */
  flag(schema: Json | undefined, keyword: 'readOnly' | 'writeOnly'): boolean {
    let seen: Set<string> | undefined;
    for (let node = schema; isKeywords(node); ) {
      if (node[keyword] === true) return true;
      const name = referenceOf(node);
      if (name === undefined || seen?.has(name)) return false;
      (seen ??= new Set()).add(name);
      node = this.schema(name) as Json | undefined;
    }
    return false;
  }

  private marksDirection(schema: Json | undefined): boolean {
    if (!isKeywords(schema)) return false;
    const properties = isKeywords(schema['properties']) ? Object.values(schema['properties']) : [];
    return properties.some((property) => this.flag(property, 'readOnly') || this.flag(property, 'writeOnly')) || subschemas(schema).some((inner) => this.marksDirection(inner));
  }
}

function namesIn(schema: Json | undefined, names = new Set<string>()): Set<string> {
  const name = referenceOf(schema);
  if (name !== undefined) names.add(name);
  if (isKeywords(schema) && isKeywords(schema['discriminator']) && isKeywords(schema['discriminator']['mapping'])) {
    for (const target of Object.values(schema['discriminator']['mapping'])) if (typeof target === 'string') names.add(target);
  }
  for (const inner of subschemas(schema)) namesIn(inner, names);
  return names;
}
