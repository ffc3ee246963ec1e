/** From JSON Schema to the types of an SDK. */
import type { Json } from '../code.js';
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Api, Schema } from '../ir.js';
import { SELF_REFERENCE } from './diagnostics.js';
import { Names, pascalCase } from './names.js';
import { docOf } from './schema-doc.js';
import { discriminatorProperty, isBase, mappingOf, ownTags, tagsByTarget } from './discriminator.js';
import { isKeywords, list, referenceOf, SchemaGraph, type Direction } from './schema-graph.js';
import { withoutSelfReferences } from './self-references.js';
import { intersection, union, UNKNOWN, type SdkDoc, type SdkProperty, type SdkVariant, type TypeNode } from './type-node.js';

type Keywords = Readonly<Record<string, Json>>;

/** A named type. */
export interface SdkType {
  readonly name: string;
  /** Name of the schema it was made from. */
  readonly schema: string;
  /** 'response': only what is received; 'request': only what is sent; 'both': the same either way. */
  readonly direction: Direction | 'both';
  readonly node: TypeNode;
  readonly doc: SdkDoc;
  readonly origin: Origin;
}

/** Where a schema is met: which properties it has there, and as part of which named schema. */
interface Place { readonly direction: Direction; readonly inside?: string }

export class TypeReader {
  private readonly graph: SchemaGraph;
  private readonly names = new Map<string, string>();
  private readonly inputNames = new Map<string, string>();
  private readonly baseNames = new Map<string, string>();
  private readonly inputBaseNames = new Map<string, string>();

  constructor(private readonly api: Api, private readonly reporter: Reporter, readonly typeNames: Names) {
    this.graph = new SchemaGraph(api);
    for (const { name, origin } of Object.values(api.schemas)) this.names.set(name, typeNames.take(pascalCase(name, 'Type'), name, origin));
    for (const { name, schema, origin } of Object.values(api.schemas)) if (isBase(schema)) this.baseNames.set(name, typeNames.take(`${this.names.get(name)!}Base`, name, origin));
  }

  /** All named types; those that differ when sent also as `…Input`, if they are reached from `sent`. Call before `read`. */
  readAll(sent: Iterable<Schema | undefined>): SdkType[] {
    const inputs = this.graph.reachable(sent as Iterable<Json | undefined>);
    const schemas = Object.values(this.api.schemas);
    for (const { name, origin } of schemas) {
      if (!inputs.has(name) || !this.graph.directional.has(name)) continue;
      this.inputNames.set(name, this.typeNames.take(`${this.names.get(name)!}Input`, name, origin));
      if (this.baseNames.has(name)) this.inputBaseNames.set(name, this.typeNames.take(`${this.names.get(name)!}BaseInput`, name, origin));
    }
    const types: SdkType[] = [];
    for (const { name, schema, origin } of schemas) {
      const directional = this.graph.directional.has(name);
      for (const direction of ['response', 'request'] as const) {
        if (direction === 'request' && !this.inputNames.has(name)) continue;
        const common = { schema: name, direction: directional ? direction : ('both' as const), doc: docOf(isKeywords(schema as Json) ? (schema as Keywords) : {}), origin };
        const place: Place = { direction, inside: name };
        const typeName = direction === 'request' ? this.inputNames.get(name)! : this.names.get(name)!;
        if (this.baseNames.has(name)) {
          types.push({ ...common, name: this.base(name, direction), node: this.node(schema as Json, place) });
          types.push({ ...common, name: typeName, node: this.inheritors(name, schema as Keywords, place) });
        } else types.push({ ...common, name: typeName, node: this.node(schema as Json, place) });
      }
    }
    return withoutSelfReferences(types, ({ origin, schema }) => this.reporter.report(SELF_REFERENCE, { ...origin, key: true }, { name: schema }));
  }

  read(schema: Schema | undefined, direction: Direction): TypeNode {
    return schema === undefined ? UNKNOWN : this.node(schema as Json, { direction });
  }

  /** Fields of a multipart form: strings that are bytes (`format: binary`, `contentMediaType`) become files. */
  readForm(schema: Schema | undefined): TypeNode {
    const node = this.flatObject(schema as Json | undefined, { direction: 'request' });
    return node ?? this.read(schema, 'request');
  }

  private flatObject(schema: Json | undefined, place: Place): TypeNode | undefined {
    const properties = this.formProperties(schema, place, new Set());
    if (properties === undefined) return undefined;
    const byName = new Map<string, SdkProperty>();
    for (const property of properties) byName.set(property.name, { ...property, required: property.required || byName.get(property.name)?.required === true });
    return { kind: 'object', properties: [...byName.values()], additional: undefined };
  }

  private formProperties(schema: Json | undefined, place: Place, seen: Set<string>): SdkProperty[] | undefined {
    const name = referenceOf(schema);
    if (name !== undefined) return seen.has(name) ? undefined : this.formProperties(this.graph.schema(name) as Json | undefined, place, seen.add(name));
    if (!isKeywords(schema) || schema['oneOf'] || schema['anyOf']) return undefined;
    const inherited = Array.isArray(schema['allOf']) ? (schema['allOf'] as readonly Json[]).map((part) => this.formProperties(part, place, seen)) : [];
    if (inherited.some((part) => part === undefined) || (!isKeywords(schema['properties']) && inherited.length === 0)) return undefined;
    const own = isKeywords(schema['properties']) ? (schema['properties'] as Keywords) : {};
    return [...inherited.flatMap((part) => part!), ...this.properties(schema, place).map((property) => ({ ...property, type: fileType(own[property.name]) ?? property.type }))];
  }

  private reference(name: string, { direction, inside }: Place, inherits: boolean): TypeNode {
    if (!this.names.has(name)) return UNKNOWN;
    const input = direction === 'request' && this.inputNames.has(name);
    if (inherits && this.baseNames.has(name) && inside !== undefined && this.isInheritor(inside, name)) return { kind: 'reference', name: this.base(name, direction) };
    return { kind: 'reference', name: input ? this.inputNames.get(name)! : this.names.get(name)! };
  }

  private base(name: string, direction: Direction): string {
    return (direction === 'request' ? this.inputBaseNames.get(name) : undefined) ?? this.baseNames.get(name)!;
  }

  /** A listed variant takes its parent's own properties, not the union of all variants; so does a schema that adds something. */
  private isInheritor(child: string, parent: string): boolean {
    const schema = this.graph.schema(child);
    const mapping = mappingOf(this.graph.schema(parent) as Json | undefined);
    return Object.values(mapping).includes(child) || (isKeywords(schema as Json) && (isKeywords((schema as Keywords)['properties']) || (Array.isArray((schema as Keywords)['allOf']) && ((schema as Keywords)['allOf'] as readonly Json[]).length > 1)));
  }

  private node(schema: Json | undefined, place: Place): TypeNode {
    if (schema === false) return { kind: 'never' };
    if (!isKeywords(schema)) return UNKNOWN;
    const types = typesOf(schema);
    const nullable = types.includes('null');
    const parts: TypeNode[] = [];
    const name = referenceOf(schema);
    if (name !== undefined) parts.push(this.reference(name, place, false));
    for (const part of list(schema['allOf'])) parts.push(referenceOf(part) !== undefined && Object.keys(part as Keywords).length === 1 ? this.reference(referenceOf(part)!, place, true) : this.node(part, place));
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      const members = list(schema[keyword]);
      if (members.length > 0) parts.push(this.variants(schema, members, place) ?? union(members.map((member) => this.node(member, place))));
    }
    const applied = parts.length > 0;
    const literal = literals(schema, nullable);
    if (literal) parts.push(literal);
    else {
      const own = types.filter((type) => type !== 'null').map((type) => this.typed(type, schema, place, applied));
      if (own.length > 0) parts.unshift(union(own));
    }
    if (parts.length === 0) return nullable ? { kind: 'null' } : UNKNOWN;
    const node = intersection(parts);
    return nullable && node.kind !== 'unknown' ? union([node, { kind: 'null' }]) : node;
  }

  /** `applied`: another keyword (allOf, oneOf, …) already says what kind of object this is. */
  private typed(type: string, schema: Keywords, place: Place, applied: boolean): TypeNode {
    const format = typeof schema['format'] === 'string' ? { format: schema['format'] } : {};
    switch (type) {
      case 'boolean': return { kind: 'boolean' };
      case 'integer': return { kind: 'number', integer: true, ...format };
      case 'number': return { kind: 'number', integer: false, ...format };
      case 'string': return { kind: 'string', ...format };
      case 'array': {
        const prefix = list(schema['prefixItems']);
        const items = this.node(schema['items'] === undefined ? true : schema['items'], { direction: place.direction });
        if (prefix.length === 0) return applied && schema['items'] === undefined ? UNKNOWN : { kind: 'array', items };
        return { kind: 'tuple', items: prefix.map((item) => this.node(item, place)), rest: schema['items'] === false ? undefined : items };
      }
      case 'object': {
        const properties = this.properties(schema, place);
        const additional = this.additional(schema, place, properties.length > 0 || applied);
        return applied && properties.length === 0 && additional === undefined ? UNKNOWN : { kind: 'object', properties, additional };
      }
      default: return UNKNOWN;
    }
  }

  private properties(schema: Keywords, place: Place): SdkProperty[] {
    const required = new Set(list(schema['required']));
    const properties: SdkProperty[] = [];
    const own = isKeywords(schema['properties']) ? (schema['properties'] as Keywords) : {};
    for (const [name, property] of Object.entries(own)) {
      const readOnly = this.graph.flag(property, 'readOnly');
      const writeOnly = this.graph.flag(property, 'writeOnly');
      if (place.direction === 'request' ? readOnly && !writeOnly : writeOnly && !readOnly) {
        required.delete(name);
        continue;
      }
      // A property is no longer "the named schema itself".
      properties.push({ name, type: this.node(property, { direction: place.direction }), required: required.delete(name), readOnly: readOnly && place.direction === 'response', doc: docOf(isKeywords(property) ? property : {}) });
    }
    for (const name of required) if (typeof name === 'string' && !Object.hasOwn(own, name)) properties.push({ name, type: UNKNOWN, required: true, readOnly: false, doc: docOf({}) });
    return properties;
  }

  /** Type of properties that are not named; undefined when the schema does not speak of them. */
  private additional(schema: Keywords, place: Place, otherwiseSpecific: boolean): TypeNode | undefined {
    const inner: Place = { direction: place.direction };
    const patterns = isKeywords(schema['patternProperties']) ? Object.values(schema['patternProperties'] as Keywords).map((pattern) => this.node(pattern, inner)) : [];
    const said = schema['additionalProperties'];
    if (said === undefined || said === false) return patterns.length > 0 ? (said === false ? union(patterns) : UNKNOWN) : otherwiseSpecific || said === false ? undefined : UNKNOWN;
    return union([...patterns, this.node(said, inner)]);
  }

  /** `oneOf`/`anyOf` with a discriminator over references; undefined: an ordinary union. */
  private variants(schema: Keywords, members: readonly Json[], place: Place): TypeNode | undefined {
    const property = discriminatorProperty(schema);
    const tags = tagsByTarget(schema);
    const rest = members.filter((member) => !isNull(member));
    if (property === undefined || rest.length === 0 || !rest.every((member) => tags.has(referenceOf(member) ?? ''))) return undefined;
    const variants = distinctNames(rest).map((name) => this.variant(name, tags.get(name)!, property, this.reference(name, place, false)));
    const node: TypeNode = { kind: 'discriminated', property, variants, base: undefined };
    return rest.length < members.length ? union([node, { kind: 'null' }]) : node;
  }

  /** The union that stands for a schema with a discriminator whose variants inherit from it. */
  private inheritors(name: string, schema: Keywords, place: Place): TypeNode {
    const property = discriminatorProperty(schema)!;
    const base: TypeNode = { kind: 'reference', name: this.base(name, place.direction) };
    const variants = [...tagsByTarget(schema)].map(([target, tags]) => (target === name ? { tags, type: base, tagged: false } : this.variant(target, tags, property, this.reference(target, { direction: place.direction }, false))));
    return { kind: 'discriminated', property, variants, base };
  }

  private variant(name: string, tags: readonly string[], property: string, type: TypeNode): SdkVariant {
    const own = ownTags(name, property, (target) => this.graph.schema(target) as Json | undefined);
    return { tags: own ?? tags, type, tagged: own !== undefined };
  }
}

function distinctNames(members: readonly Json[]): string[] {
  return [...new Set(members.map((member) => referenceOf(member)!))];
}

function isNull(schema: Json): boolean {
  return isKeywords(schema) && schema['type'] === 'null';
}

/** `type` as a list; told from other keywords when it is not there. */
function typesOf(schema: Keywords): readonly string[] {
  const type = schema['type'];
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return (type as readonly Json[]).filter((item): item is string => typeof item === 'string');
  if (['properties', 'additionalProperties', 'patternProperties', 'required'].some((keyword) => schema[keyword] !== undefined)) return ['object'];
  return schema['items'] !== undefined || schema['prefixItems'] !== undefined ? ['array'] : [];
}

/** `const` and `enum`. One value is meant exactly; several may become more. */
function literals(schema: Keywords, nullable: boolean): TypeNode | undefined {
  if (schema['const'] !== undefined) return { kind: 'literal', value: schema['const'] };
  if (!Array.isArray(schema['enum'])) return undefined;
  const values = (schema['enum'] as readonly Json[]).filter((value) => value !== null);
  const hasNull = nullable || values.length < (schema['enum'] as readonly Json[]).length;
  const open = (['string', 'number'] as const).flatMap((base): TypeNode[] => {
    const known = values.filter((value): value is string | number => typeof value === base);
    return known.length > 1 ? [{ kind: 'enum', values: [...new Set(known)], base }] : known.map((value) => ({ kind: 'literal', value }));
  });
  const others = values.filter((value) => typeof value !== 'string' && typeof value !== 'number').map((value): TypeNode => ({ kind: 'literal', value }));
  return union([...open, ...others, ...(hasNull ? [{ kind: 'null' } as const] : [])]);
}

function fileType(schema: Json | undefined): TypeNode | undefined {
  if (!isKeywords(schema)) return undefined;
  if (typesOf(schema).includes('array') && fileType(schema['items'])) return { kind: 'array', items: { kind: 'binary', sent: true } };
  const bytes = schema['format'] === 'binary' || schema['type'] === 'file' || (schema['contentMediaType'] !== undefined && schema['contentEncoding'] === undefined && schema['contentSchema'] === undefined);
  return bytes ? { kind: 'binary', sent: true } : undefined;
}
