/**
 * What of a schema is checked in one direction of travel, stripped of everything a validator does not look at.
 *
 * `readOnly` properties of a request and `writeOnly` properties of a response (OpenAPI: "SHOULD NOT be sent") are neither required
 * nor checked nor refused there: a client may send back an object as it got it.
 */
import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { evaluationPlan } from './evaluation.js';
import { referenceName } from './reference-name.js';

/** `model`: as API Gateway checks a body against a model, where neither direction nor discriminators count (openapi-extensions.md §1). */
export type Direction = 'request' | 'response' | 'model';
type Named = Readonly<Record<string, NamedSchema>>;
type Checked = { [keyword: string]: Json };

const MAX_ALTERNATIVES = 1000;
const NO_NAMES: ReadonlySet<string> = new Set();
/** Keywords a validator never looks at. */
const DROPPED = new Set(['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'contentEncoding', 'contentMediaType', 'contentSchema', 'discriminator', 'then', 'else', 'minContains', 'maxContains']);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const SINGLE = new Set(['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties']);

/** What models do not know: exclusive limits are inclusive, and only draft-04's formats are checked. */
const MODEL: Readonly<Record<string, ((value: Json, out: Checked) => void) | undefined>> = {
  exclusiveMinimum: (value, out) => { out['minimum'] = value; },
  exclusiveMaximum: (value, out) => { out['maximum'] = value; },
  format: (value, out) => { if (['date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'regex'].includes(value as string)) out['format'] = value; },
};

/** Names of schemas as a validator refers to them: `<name>` itself, or `<name>` without its variants where an heir takes its base in. */
export type Variant = 'whole' | 'base';
export interface Target { readonly name: string; readonly variant: Variant }

export class DirectedSchemas {
  private readonly targets = new Map<string, Checked | boolean>();
  private readonly hidden: 'readOnly' | 'writeOnly' | undefined;
  private readonly parts = new Map<string, string>();
  /** `$ref` value → what it stands for. */
  private readonly meaning = new Map<string, Target>();

  constructor(private readonly named: Named, readonly direction: Direction) {
    this.hidden = direction === 'request' ? 'readOnly' : direction === 'response' ? 'writeOnly' : undefined;
  }

  /** The schema a validator checks for an unnamed schema. References are `<direction>/<name>`. */
  schema(schema: Schema): Checked | boolean {
    return this.check(schema, NO_NAMES, undefined);
  }

  /** The schema behind a reference this class has handed out. */
  behind(ref: string): Checked | boolean {
    let schema = this.targets.get(ref);
    if (schema === undefined) {
      const { name, variant } = this.meaning.get(ref)!;
      this.targets.set(ref, (schema = this.namedSchema(name, variant)));
    }
    return schema;
  }

  private ref(name: string, variant: Variant): Checked {
    const ref = `${this.direction}${variant === 'base' ? '-base' : ''}/${encodeURIComponent(name)}`;
    if (!this.meaning.has(ref)) this.meaning.set(ref, { name, variant });
    return { $ref: ref };
  }

  private namedSchema(name: string, variant: Variant): Checked | boolean {
    const { schema } = this.named[name]!;
    if (typeof schema === 'boolean') return schema;
    const checked = this.check(schema, NO_NAMES, name);
    const variants = schema['discriminator'];
    if (variant === 'base' || this.direction === 'model' || !isDiscriminator(variants) || isUnion(schema) || typeof checked === 'boolean') return checked;
    // A base with heirs: the heir that the tag names, which checks the base's rules itself; without a tag, the base's rules alone.
    const base = this.ref(name, 'base');
    return { gwcTag: variants.propertyName, gwcCases: this.cases(variants.mapping, name), ...(variants.default !== undefined ? this.fallback(variants.default, name) : { gwcNoTag: base }), gwcNoObject: base };
  }

  private cases(mapping: Readonly<Record<string, string>>, base?: string): Json {
    return Object.fromEntries(Object.entries(mapping).map(([tag, name]): [string, Json] => {
      if (!this.named[name]) return [tag, true];
      if (base === undefined) return [tag, this.ref(name, 'whole')];
      if (name === base) return [tag, this.ref(name, 'base')];
      return [tag, this.takesIn(name, base) ? this.ref(name, 'whole') : { allOf: [this.ref(base, 'base'), this.ref(name, 'whole')] }];
    }));
  }

  /** What takes values whose tag is missing or not listed. */
  private fallback(name: string, base?: string): { readonly gwcDefault: Json } {
    return { gwcDefault: (this.cases({ default: name }, base) as { readonly default: Json }).default };
  }

  /** Whether `heir` takes `base` in through `allOf`, directly or through others. */
  private takesIn(heir: string, base: string, depth = 0): boolean {
    const schema = this.named[heir]?.schema;
    if (typeof schema !== 'object' || !Array.isArray(schema['allOf']) || depth > 20) return false;
    return (schema['allOf'] as readonly Schema[]).some((item) => {
      const name = referenceName(item);
      return name !== undefined && (name === base || this.takesIn(name, base, depth + 1));
    });
  }

  /** `hiddenAround` are the names of hidden properties that schemas applied to the same value declare; `heir` the named schema being read, at its top. */
  private check(schema: Schema, hiddenAround: ReadonlySet<string>, heir: string | undefined): Checked | boolean {
    if (typeof schema === 'boolean') return schema;
    const name = referenceName(schema);
    if (name !== undefined) {
      const target = this.named[name];
      if (!target) return true;
      return isLeaf(target.schema) ? this.check(target.schema, NO_NAMES, undefined) : this.ref(name, 'whole');
    }
    const hidden = this.hiddenOf(schema, hiddenAround);
    const out: Checked = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (DROPPED.has(keyword)) continue;
      if (keyword === 'required') {
        const names = (value as readonly string[]).filter((property) => !hidden.has(property));
        if (names.length > 0) out['required'] = names;
      } else if (keyword === 'dependentRequired') {
        out[keyword] = Object.fromEntries(Object.entries(value as Record<string, readonly string[]>).map(([key, names]): [string, Json] => [key, names.filter((property) => !hidden.has(property))]));
      } else if (keyword === 'if') this.conditional(schema, hidden, out);
      else if (keyword === 'contains') {
        out['contains'] = this.check(value as Schema, NO_NAMES, undefined);
        for (const limit of ['minContains', 'maxContains']) if (schema[limit] !== undefined) out[limit] = schema[limit]!;
      } else if (LISTS.has(keyword)) out[keyword] = this.list(keyword, value as readonly Schema[], hidden, heir);
      else if (MAPS.has(keyword)) this.map(keyword, value as Record<string, Schema>, hidden, out);
      else if (SINGLE.has(keyword)) out[keyword] = this.check(value as Schema, keyword === 'not' ? hidden : NO_NAMES, undefined);
      else if (this.direction === 'model' && MODEL[keyword]) MODEL[keyword](value, out);
      else out[keyword] = value;
    }
    this.dispatch(schema, out);
    if (schema['unevaluatedProperties'] !== undefined || schema['unevaluatedItems'] !== undefined) {
      out['gwcPlan'] = evaluationPlan(schema, this.named, (part) => this.part(part)) as unknown as Json;
    }
    return out;
  }

  /** A reference under which a subschema without a name can be checked by itself. */
  private part(schema: Schema): string {
    const checked = this.check(schema, NO_NAMES, undefined);
    const text = JSON.stringify(checked);
    let ref = this.parts.get(text);
    if (ref === undefined) {
      ref = `${this.direction}-part/${this.parts.size}`;
      this.parts.set(text, ref);
      this.targets.set(ref, checked);
    }
    return ref;
  }

  private conditional(schema: Exclude<Schema, boolean>, hidden: ReadonlySet<string>, out: Checked): void {
    if (schema['then'] === undefined && schema['else'] === undefined) return;
    for (const keyword of ['if', 'then', 'else']) if (schema[keyword] !== undefined) out[keyword] = this.check(schema[keyword] as Schema, hidden, undefined);
  }

  private list(keyword: string, items: readonly Schema[], hidden: ReadonlySet<string>, heir: string | undefined): Json {
    // A RangeError becomes a diagnostic (GWC4111), as the stack's end would: Ajv writes one alternative inside the other, and its work grows with the square.
    if ((keyword === 'oneOf' || keyword === 'anyOf') && items.length > MAX_ALTERNATIVES) throw new RangeError(`${keyword} has ${items.length} alternatives; ${MAX_ALTERNATIVES} are the most`);
    return items.map((item) => {
      const name = referenceName(item);
      // An heir takes in its base's own rules; the base's variants are where the heir came from.
      if (keyword === 'allOf' && heir !== undefined && name !== undefined && this.isBase(name)) return this.ref(name, 'base');
      return this.check(item, keyword === 'prefixItems' ? NO_NAMES : hidden, undefined) as Json;
    });
  }

  private isBase(name: string): boolean {
    const schema = this.named[name]?.schema;
    return typeof schema === 'object' && isDiscriminator(schema['discriminator']) && !isUnion(schema);
  }

  private map(keyword: string, map: Record<string, Schema>, hidden: ReadonlySet<string>, out: Checked): void {
    const entries: [string, Json][] = [];
    for (const [key, value] of Object.entries(map)) {
      if (keyword === 'properties' && key === '__proto__') {
        // Ajv leaves this name out of `properties`; as a pattern it is one name like any other.
        out['patternProperties'] = { ...(out['patternProperties'] as object | undefined), '^__proto__$': this.check(value, NO_NAMES, undefined) };
      } else if (keyword === 'properties' && this.isHidden(value)) entries.push([key, true]);
      else entries.push([key, this.check(value, keyword === 'dependentSchemas' ? hidden : NO_NAMES, undefined) as Json]);
    }
    out[keyword] = keyword === 'patternProperties' ? { ...(out[keyword] as object | undefined), ...Object.fromEntries(entries) } : Object.fromEntries(entries);
  }

  /** A union with a discriminator: the tag chooses the only branch that is checked. */
  private dispatch(schema: Exclude<Schema, boolean>, out: Checked): void {
    const discriminator = schema['discriminator'];
    const union = isUnion(schema);
    if (!union || !isDiscriminator(discriminator) || this.direction === 'model') return;
    const others = (schema[union] as readonly Schema[]).filter((branch) => referenceName(branch) === undefined);
    delete out[union];
    out['gwcTag'] = discriminator.propertyName;
    out['gwcCases'] = this.cases(discriminator.mapping);
    if (discriminator.default !== undefined) Object.assign(out, this.fallback(discriminator.default));
    // What is no object has no tag: only branches without one (null) can take it.
    if (schema['type'] !== 'object') out['gwcNoObject'] = others.length === 0 ? false : { anyOf: others.map((branch) => this.check(branch, NO_NAMES, undefined)) };
  }

  private hiddenOf(schema: Exclude<Schema, boolean>, around: ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set<string>();
    this.collectHidden(schema, found, 0);
    if (found.size === 0) return around;
    for (const name of around) found.add(name);
    return found;
  }

  /** Hidden properties that `schema` and what it takes in through `allOf` declare. */
  private collectHidden(schema: Schema, found: Set<string>, depth: number): void {
    if (typeof schema === 'boolean' || depth > 20) return;
    const name = referenceName(schema);
    if (name !== undefined) return this.collectHidden(this.named[name]?.schema ?? true, found, depth + 1);
    const properties = schema['properties'] as Record<string, Schema> | undefined;
    if (properties) for (const [key, value] of Object.entries(properties)) if (this.isHidden(value)) found.add(key);
    if (Array.isArray(schema['allOf'])) for (const item of schema['allOf'] as readonly Schema[]) this.collectHidden(item, found, depth + 1);
  }

  private isHidden(schema: Schema, depth = 0): boolean {
    if (typeof schema === 'boolean' || depth > 20) return false;
    if (this.hidden === undefined) return false;
    if (schema[this.hidden] === true) return true;
    const name = referenceName(schema);
    if (name !== undefined) return this.isHidden(this.named[name]?.schema ?? true, depth + 1);
    return Array.isArray(schema['allOf']) && (schema['allOf'] as readonly Schema[]).some((item) => this.isHidden(item, depth + 1));
  }
}

interface Discriminator { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>>; readonly default?: string }
const isDiscriminator = (value: unknown): value is Discriminator => typeof value === 'object' && value !== null && 'propertyName' in value && 'mapping' in value;

function isUnion(schema: Exclude<Schema, boolean>): 'oneOf' | 'anyOf' | undefined {
  return Array.isArray(schema['oneOf']) ? 'oneOf' : Array.isArray(schema['anyOf']) ? 'anyOf' : undefined;
}

/** Small enough that a call would cost more than repeating it. */
function isLeaf(schema: Schema): boolean {
  if (typeof schema === 'boolean') return true;
  if (referenceName(schema) !== undefined) return false;
  let checks = 0;
  for (const [keyword, value] of Object.entries(schema)) {
    if (DROPPED.has(keyword)) { if (keyword === 'discriminator') return false; continue; }
    if (LISTS.has(keyword) || MAPS.has(keyword) || SINGLE.has(keyword) || keyword === 'if' || keyword === 'pattern') return false;
    if (keyword === 'enum' && (value as readonly Json[]).length > 3) return false;
    checks++;
  }
  return checks <= 3;
}

