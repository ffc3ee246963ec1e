/**
 * A value a schema accepts, for mock answers: its example, default or const where it has one, else made up from its keywords.
 * A schema may ask for what cannot be found this way (a `not`, lookaround in a pattern, nothing at all): `isValid` says so.
 * Long because objects, lists, unions and scalars are written by functions that all call one another.
 */
import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { accepts, Verdicts } from './accepts.js';
import { DirectedSchemas, type Direction } from './direction.js';
import { matchesPattern } from './match-pattern.js';
import { regexOf } from './pattern.js';
import { referenceName } from './reference-name.js';
import { ofLength, sampleOfFormat, sampleOfPattern } from './sample-text.js';

type SchemaObject = Exclude<Schema, boolean>;
type Named = Readonly<Record<string, NamedSchema>>;
export interface Sample { readonly value: Json; /** The schema accepts it. */ readonly isValid: boolean }

/** Beyond this many values only required properties are written. */
const NODE_BUDGET = 1500;
/** As long as no more values than these were written for all samples together, each is quick. After that a quick one has at most so many itself. */
const QUICK_IN_ALL = 30_000;
const QUICK = 40;
/** Beyond this many values, or characters of made-up texts, nothing is found: `minItems` and `minLength` multiply. */
const MAX_NODES = 200_000;
const MAX_CHARACTERS = 5_000_000;
/** Levels below which only required properties are written. */
const OPTIONAL_DEPTH = 6;
const MAX_DEPTH = 40;
/** Branches tried, all in all. */
const ATTEMPTS = 300;

const samplers = new WeakMap<Named, Map<Direction, Sampler>>();

/** The sample for `schema` in one direction; null when nothing was found. What was learned about `schemas` is kept as long as they are. */
export function sampleOf(schema: Schema, schemas: Named, direction: Direction): Json {
  return samplerOf(schemas, direction).sample(schema).value;
}

/** The same where it does not take long; undefined where it would. */
export function quickSampleOf(schema: Schema, schemas: Named, direction: Direction): Json | undefined {
  return samplerOf(schemas, direction).quickSample(schema)?.value;
}

function samplerOf(schemas: Named, direction: Direction): Sampler {
  let byDirection = samplers.get(schemas);
  if (!byDirection) samplers.set(schemas, (byDirection = new Map()));
  let sampler = byDirection.get(direction);
  if (!sampler) byDirection.set(direction, (sampler = new Sampler(schemas, direction)));
  return sampler;
}

/** What a schema offers to choose from: by tag of its discriminator, each with the name of a schema, then as schemas. `rest`: itself without the choice. */
interface Choice { readonly rest: SchemaObject; readonly property: string; readonly tags: readonly [tag: string, name: string][]; readonly inline: readonly Schema[] }

/** Of a schema for scalars, whatever is around it. `characters`: those that were made up. */
interface Scalar { readonly value: Json; readonly characters: number }

/** Keeps what it learned about `schemas` from one sample to the next. */
export class Sampler {
  private readonly directed: DirectedSchemas;
  private readonly hidden: string;
  private nodes = 0;
  /** Nodes above which writing is given up. */
  private most = Infinity;
  private readonly slowOnes = new Set<string | SchemaObject>();
  /** Nodes of all samples. */
  private written = 0;
  private attempts = 0;
  private characters = 0;
  /** Named schemas being written, outermost first. */
  private open: string[] = [];
  /** By name of a referred schema, or by the schema itself. */
  private readonly samples = new Map<string | SchemaObject, Sample>();
  /** By text: the same list, the same error stands in many operations. */
  private readonly byText = new Map<string, Sample>();
  private readonly checked = new WeakMap<SchemaObject, ReturnType<DirectedSchemas['schema']>>();
  private readonly verdicts = new Verdicts();
  private readonly choices = new WeakMap<SchemaObject, Choice>();
  /** Most of what is written are scalars, and the same ones again and again. null: the schema is for more. */
  private readonly scalars = new WeakMap<SchemaObject, Scalar | null>();

  constructor(private readonly named: Named, direction: Direction) {
    this.directed = new DirectedSchemas(named, direction);
    this.hidden = direction === 'request' ? 'readOnly' : 'writeOnly';
  }

  /** undefined for one that takes long. */
  quickSample(schema: Schema): Sample | undefined {
    const key = keyOf(schema);
    if (this.slowOnes.has(key)) return undefined;
    this.most = this.written < QUICK_IN_ALL ? Infinity : QUICK;
    try {
      return this.sample(schema);
    } catch (error) {
      if (error !== TOO_SLOW) throw error;
      this.slowOnes.add(key);
      return undefined;
    } finally {
      this.most = Infinity;
    }
  }

  /** The value is shared: it must not be changed. */
  sample(schema: Schema): Sample {
    const key = keyOf(schema);
    let sample = this.samples.get(key);
    if (!sample) this.samples.set(key, (sample = typeof key === 'string' ? this.newSample(schema) : this.sampleByText(schema)));
    return sample;
  }

  private sampleByText(schema: Schema): Sample {
    const text = JSON.stringify(schema);
    let sample = this.byText.get(text);
    if (!sample) this.byText.set(text, (sample = this.newSample(schema)));
    return sample;
  }

  private newSample(schema: Schema): Sample {
    this.nodes = 0;
    this.attempts = 0;
    this.characters = 0;
    this.open = [];
    const value = this.write([schema], 0, 0) ?? null;
    this.written += this.nodes;
    return { value, isValid: this.accepts(value, schema) };
  }

  private accepts(value: Json, schema: Schema): boolean {
    if (typeof schema === 'boolean') return schema;
    let checked = this.checked.get(schema);
    if (checked === undefined) this.checked.set(schema, (checked = this.directed.schema(schema)));
    return accepts(value, checked, this.directed, this.verdicts);
  }

  /** A value that all of `schemas` accept, as far as can be told; undefined when there is none. `variation` tells items of an array apart. */
  private write(schemas: readonly Schema[], depth: number, variation: number): Json | undefined {
    if (depth > MAX_DEPTH || this.nodes > MAX_NODES || this.characters > MAX_CHARACTERS || schemas.includes(false)) return undefined;
    if (++this.nodes > this.most) throw TOO_SLOW;
    const scalar = schemas.length === 1 && variation === 0 ? this.scalarOf(schemas[0]!) : null;
    if (scalar) {
      this.characters += scalar.characters;
      return scalar.value;
    }
    const opened = this.open.length;
    const flat = this.flatten(schemas);
    const value = flat && (this.given(flat, schemas, variation) ?? this.choose(flat, schemas, depth, variation));
    this.open.length = opened;
    return value;
  }

  /** What `write` makes of a schema (or a reference to one) whose first choice is a scalar and that leads nowhere. */
  private scalarOf(schema: Schema): Scalar | null {
    if (typeof schema === 'boolean') return null;
    const name = referenceName(schema);
    const target = name === undefined ? schema : (this.named[name]?.schema ?? true);
    if (typeof target === 'boolean') return null;
    let scalar = this.scalars.get(target);
    if (scalar === undefined) this.scalars.set(target, (scalar = this.newScalar(target)));
    return scalar;
  }

  private newScalar(schema: SchemaObject): Scalar | null {
    const [type] = typesOf([schema]);
    if (type === undefined || type === 'object' || type === 'array' || BEYOND_SCALARS.some((keyword) => schema[keyword] !== undefined)) return null;
    const before = this.characters;
    const value = this.given([schema], [schema], 0) ?? this.ofType([schema], 0, 0)!;
    const characters = this.characters - before;
    this.characters = before;
    return { value, characters };
  }

  /** `schemas` with references and `allOf` followed; undefined when a cycle leads through `required` things only. */
  private flatten(schemas: readonly Schema[]): SchemaObject[] | undefined {
    const flat: SchemaObject[] = [];
    const seen = new Set<string>();
    const queue = [...schemas];
    for (let at = 0; at < queue.length; at++) {
      const schema = queue[at]!;
      if (schema === false) return undefined;
      if (schema === true) continue;
      const name = referenceName(schema);
      if (name !== undefined) {
        if (seen.has(name)) continue;
        seen.add(name);
        if (this.open.filter((other) => other === name).length > 1) return undefined;
        this.open.push(name);
        queue.push(this.named[name]?.schema ?? true);
        continue;
      }
      flat.push(schema);
      if (Array.isArray(schema['allOf'])) queue.push(...(schema['allOf'] as readonly Schema[]));
    }
    return flat;
  }

  /** A value the document itself gives. */
  private given(flat: readonly SchemaObject[], schemas: readonly Schema[], variation: number): Json | undefined {
    const candidates: Json[] = [];
    for (const schema of flat) {
      if (Array.isArray(schema['examples'])) candidates.push(...(schema['examples'] as readonly Json[]));
      if (schema['const'] !== undefined) candidates.push(schema['const']);
    }
    for (const schema of flat) if (schema['default'] !== undefined) candidates.push(schema['default']);
    for (const schema of flat) if (Array.isArray(schema['enum'])) candidates.push(...(schema['enum'] as readonly Json[]));
    for (let index = 0; index < Math.min(candidates.length, 100); index++) {
      const value = candidates[(index + variation) % candidates.length]!;
      if (schemas.every((schema) => this.accepts(value, schema))) return value;
    }
    return undefined;
  }

  /** Tries the branches of the first union, then of the next. */
  private choose(flat: readonly SchemaObject[], schemas: readonly Schema[], depth: number, variation: number): Json | undefined {
    const branches = this.branches(flat);
    if (!branches) return this.build(flat, schemas, depth, variation);
    const { without, count, option } = branches;
    let fallback: Json | undefined;
    for (let index = 0; index < count && this.attempts < ATTEMPTS; index++) {
      this.attempts++;
      const opened = this.open.length;
      const chosen = this.flatten(option((index + variation) % count));
      const value = chosen && this.choose([...without, ...chosen], schemas, depth, variation);
      this.open.length = opened;
      if (value === undefined) continue;
      if (schemas.every((schema) => this.accepts(value, schema))) return value;
      fallback ??= value;
    }
    return fallback;
  }

  /** The first schema that offers alternatives: `flat` without them, and what each adds (some bases have a thousand heirs; one or two are tried). */
  private branches(flat: readonly SchemaObject[]): { without: SchemaObject[]; count: number; option: (index: number) => Schema[] } | undefined {
    for (const [index, schema] of flat.entries()) {
      const choice = this.choiceOf(schema);
      if (!choice) continue;
      const { rest, property, tags, inline } = choice;
      return { without: [...flat.slice(0, index), rest, ...flat.slice(index + 1)], count: tags.length + inline.length, option: (at) => {
        if (at >= tags.length) return [inline[at - tags.length]!];
        const [tag, name] = tags[at]!;
        return [
          { properties: Object.fromEntries([[property, { const: tag }]]), required: [property] },
          // The base itself is among its variants; it is being written already. An heir's reference to it must not choose again.
          ...(this.named[name] && this.named[name].schema !== schema ? this.withoutChoice(name, schema) : []),
        ];
      } };
    }
    return undefined;
  }

  private choiceOf(schema: SchemaObject): Choice | undefined {
    const discriminator = schema['discriminator'] as { propertyName: string; mapping: Record<string, string> } | undefined;
    const union = Array.isArray(schema['oneOf']) ? 'oneOf' : Array.isArray(schema['anyOf']) ? 'anyOf' : undefined;
    if (!union && !discriminator) return undefined;
    let choice = this.choices.get(schema);
    if (choice) return choice;
    const rest: SchemaObject = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== union && keyword !== 'discriminator'));
    const alternatives = union === undefined ? [] : (schema[union] as readonly Schema[]);
    choice = discriminator
      ? { rest, property: discriminator.propertyName, tags: Object.entries(discriminator.mapping), inline: alternatives.filter((branch) => referenceName(branch) === undefined) }
      : { rest, property: '', tags: [], inline: alternatives };
    this.choices.set(schema, choice);
    return choice;
  }

  /** The schemas an heir adds to `base`, which is not entered a second time. */
  private withoutChoice(name: string, base: SchemaObject): Schema[] {
    const seen = new Set<string>();
    const result: Schema[] = [];
    const visit = (schema: Schema): void => {
      if (typeof schema === 'boolean') { result.push(schema); return; }
      const target = referenceName(schema);
      if (target !== undefined) {
        const named = this.named[target]?.schema;
        if (named === undefined || named === base || seen.has(target)) return;
        seen.add(target);
        if (this.open.filter((other) => other === target).length > 1) { result.push(false); return; }
        visit(named);
        return;
      }
      const { allOf, discriminator, ...own } = schema;
      const isBase = discriminator !== undefined && !Array.isArray(own['oneOf']) && !Array.isArray(own['anyOf']);
      result.push(isBase || discriminator === undefined ? own : { ...own, discriminator });
      if (Array.isArray(allOf)) for (const item of allOf as readonly Schema[]) visit(item);
    };
    visit({ $ref: `#/schemas/${name}` });
    return result;
  }

  private build(flat: readonly SchemaObject[], schemas: readonly Schema[], depth: number, variation: number): Json | undefined {
    const conditional = flat.flatMap((schema) => [schema['then'], schema['else']].filter((part) => part !== undefined)) as Schema[];
    const value = this.ofType(flat, depth, variation);
    if (conditional.length === 0 || value === undefined || schemas.every((schema) => this.accepts(value, schema))) return value;
    for (const part of conditional) {
      const more = this.flatten([part]);
      const other = more && this.ofType([...flat, ...more], depth, variation);
      if (other !== undefined && schemas.every((schema) => this.accepts(other, schema))) return other;
    }
    return value;
  }

  private ofType(flat: readonly SchemaObject[], depth: number, variation: number): Json | undefined {
    for (const type of typesOf(flat)) {
      switch (type) {
        case 'null': return null;
        case 'boolean': return variation % 2 === 0;
        case 'integer': case 'number': return this.number(flat, type, variation);
        case 'string': {
          const text = this.string(flat, variation);
          this.characters += text.length;
          return text;
        }
        case 'array': { const value = this.array(flat, depth, variation); if (value !== undefined) return value; break; }
        case 'object': { const value = this.object(flat, depth, variation); if (value !== undefined) return value; break; }
      }
    }
    return undefined;
  }

  private number(flat: readonly SchemaObject[], type: string, variation: number): Json {
    const format = first(flat, 'format');
    const step = most(flat, 'multipleOf', Math.max) ?? (type === 'integer' ? 1 : undefined);
    const low = most(flat, 'minimum', Math.max), above = most(flat, 'exclusiveMinimum', Math.max);
    const high = most(flat, 'maximum', Math.min), below = most(flat, 'exclusiveMaximum', Math.min);
    const grain = step ?? (low !== undefined && high !== undefined && high > low ? Math.min(1, (high - low) / 10) : 1);
    let value = 1;
    if (low !== undefined && value < low) value = low;
    if (above !== undefined && value <= above) value = step !== undefined ? (Math.floor(above / step) + 1) * step : above + Math.min(grain, below === undefined ? 1 : (below - above) / 2);
    if (high !== undefined && value > high) value = high;
    if (below !== undefined && value >= below) value = below - (step === undefined ? Math.min(grain, above === undefined && low === undefined ? 1 : (below - (above ?? low)!) / 2) : grain);
    if (step !== undefined) {
      value = Math.ceil(value / step) * step;
      if ((high !== undefined && value > high) || (below !== undefined && value >= below)) value -= step;
      if (type === 'integer' && !Number.isInteger(value)) value = Math.ceil(value);
    }
    value += variation * grain;
    if (format === 'int32' || format === 'int64') value = Math.round(value);
    return Number(value.toPrecision(15));
  }

  private string(flat: readonly SchemaObject[], variation: number): string {
    const min = most(flat, 'minLength', Math.max) ?? 0;
    const max = most(flat, 'maxLength', Math.min) ?? Infinity;
    const patterns = flat.map((schema) => schema['pattern']).filter((pattern): pattern is string => typeof pattern === 'string').map(regexOf);
    for (const regex of patterns) {
      if (typeof regex === 'string') continue;
      const text = sampleOfPattern(regex, min, max);
      if (text !== undefined) return text;
    }
    const format = first(flat, 'format');
    const formatted = typeof format === 'string' ? sampleOfFormat(format) : undefined;
    if (formatted !== undefined && formatted.length >= min && formatted.length <= max) return formatted;
    return ofLength(variation === 0 ? 'string' : `string${variation}`, min, max);
  }

  private array(flat: readonly SchemaObject[], depth: number, variation: number): Json | undefined {
    const min = most(flat, 'minItems', Math.max) ?? 0;
    const max = most(flat, 'maxItems', Math.min) ?? Infinity;
    const prefix = flat.flatMap((schema) => (Array.isArray(schema['prefixItems']) ? [schema['prefixItems'] as readonly Schema[]] : []));
    const contained = flat.filter((schema) => schema['contains'] !== undefined && schema['minContains'] !== 0).map((schema) => schema['contains'] as Schema);
    const items = flat.map((schema) => schema['items'] as Schema | undefined).filter((schema): schema is Schema => schema !== undefined);
    const wanted = Math.min(Math.max(min, prefix[0]?.length ?? 0, contained.length, this.isRich(depth) ? 1 : 0), max, 1000);
    const result: Json[] = [];
    for (let index = 0; index < wanted; index++) {
      const at = prefix.flatMap((list) => (index < list.length ? [list[index]!] : []));
      const value = this.write([...(at.length > 0 ? at : items), ...(index < contained.length ? [contained[index]!] : [])], depth + 1, at.length > 0 ? 0 : variation + index);
      if (value === undefined) return result.length >= min ? result : undefined;
      result.push(value);
    }
    return result;
  }

  private object(flat: readonly SchemaObject[], depth: number, variation: number): Json | undefined {
    const required = new Set(flat.flatMap((schema) => (schema['required'] as readonly string[] | undefined) ?? []));
    const properties = this.propertiesOf(flat, this.isRich(depth) ? undefined : required);
    for (const schema of flat) {
      for (const [name, others] of Object.entries((schema['dependentRequired'] ?? {}) as Record<string, readonly string[]>)) if (required.has(name) || this.isRich(depth)) for (const other of others) required.add(other);
    }
    const max = most(flat, 'maxProperties', Math.min) ?? Infinity;
    const entries: [string, Json][] = [];
    const names = required.size === 0 ? properties.keys() : new Set([...[...properties.keys()].filter((name) => required.has(name)), ...required, ...properties.keys()]);
    const isOpen = flat.every((schema) => schema['patternProperties'] === undefined && schema['additionalProperties'] === undefined);
    for (const name of names) {
      const isRequired = required.has(name);
      const declared = properties.get(name) ?? NONE;
      if (declared.some((property) => this.isHidden(property))) continue;
      if (!isRequired && (!this.isRich(depth) || entries.length >= max)) continue;
      // A property may also be covered by patterns, or by additionalProperties of the schemas that do not declare it.
      const covering = isOpen ? NONE : flat.flatMap((schema) => coveringSchemas(schema, name));
      if (!isRequired && covering.includes(false)) continue;
      const value = this.write(covering.length === 0 ? declared : [...declared, ...covering], depth + 1, variation);
      if (value !== undefined) entries.push([name, value]);
      else if (isRequired) return undefined;
    }
    this.fill(flat, entries, depth);
    if (required.size === 0) return Object.fromEntries(entries);
    // In the document's order, whatever was required.
    const position = new Map([...properties.keys()].map((name, index) => [name, index]));
    entries.sort(([a], [b]) => (position.get(a) ?? Infinity) - (position.get(b) ?? Infinity) || 0);
    return Object.fromEntries(entries);
  }

  /** What `flat` says about each property, in the document's order; of `names` only, where there is no room for more. */
  private propertiesOf(flat: readonly SchemaObject[], names: ReadonlySet<string> | undefined): Map<string, Schema[]> {
    const properties = new Map<string, Schema[]>();
    if (names?.size === 0) return properties;
    for (const schema of flat) {
      const declared = (schema['properties'] ?? {}) as Record<string, Schema>;
      for (const name of Object.keys(declared)) {
        if (names && !names.has(name)) continue;
        const known = properties.get(name);
        if (known) known.push(declared[name]!);
        else properties.set(name, [declared[name]!]);
      }
    }
    return properties;
  }

  /** Free properties: as many as `minProperties` asks for, one for a map. */
  private fill(flat: readonly SchemaObject[], entries: [string, Json][], depth: number): void {
    const min = most(flat, 'minProperties', Math.max) ?? 0;
    const isMap = entries.length === 0 && this.isRich(depth) && flat.some((schema) => typeof schema['additionalProperties'] === 'object') && (most(flat, 'maxProperties', Math.min) ?? 1) > 0;
    const names = flat.map((schema) => schema['propertyNames']).filter((schema) => schema !== undefined) as Schema[];
    for (let n = 1; (entries.length < min || (isMap && entries.length === 0)) && n <= 1000; n++) {
      const key = names.length > 0 ? this.write(names, depth + 1, n - 1) : `property${n}`;
      if (typeof key !== 'string' || entries.some(([name]) => name === key)) continue;
      const covering = flat.flatMap((schema) => coveringSchemas(schema, key));
      const value = covering.includes(false) ? undefined : this.write(covering, depth + 1, n - 1);
      if (value === undefined) return;
      entries.push([key, value]);
    }
  }

  private isRich(depth: number): boolean { return depth < OPTIONAL_DEPTH && this.nodes < NODE_BUDGET; }

  private isHidden(schema: Schema, depth = 0): boolean {
    if (typeof schema === 'boolean' || depth > 20) return false;
    const name = referenceName(schema);
    if (name !== undefined) return this.isHidden(this.named[name]?.schema ?? true, depth + 1);
    return schema[this.hidden] === true || (Array.isArray(schema['allOf']) && (schema['allOf'] as readonly Schema[]).some((item) => this.isHidden(item, depth + 1)));
  }
}

/** With one of these a schema for scalars takes more than itself to tell a value. */
const BEYOND_SCALARS = ['allOf', 'anyOf', 'oneOf', 'discriminator', 'then', 'else'];

const TOO_SLOW = Symbol('a sample that is not quick');
const NONE: readonly Schema[] = [];

const keyOf = (schema: Schema): string | SchemaObject => (typeof schema === 'boolean' ? String(schema) : (referenceName(schema) ?? schema));

/** What patternProperties and additionalProperties of one schema say about a property. */
function coveringSchemas(schema: SchemaObject, name: string): readonly Schema[] {
  if (schema['patternProperties'] === undefined && schema['additionalProperties'] === undefined) return NONE;
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as Record<string, Schema>).filter(([pattern]) => {
    return typeof regexOf(pattern) !== 'string' && matchesPattern(pattern, name);
  }).map(([, value]) => value);
  const isDeclared = Object.prototype.hasOwnProperty.call(schema['properties'] ?? {}, name);
  if (!isDeclared && patterns.length === 0 && schema['additionalProperties'] !== undefined) return [schema['additionalProperties'] as Schema];
  return patterns;
}

const ORDER = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'];

/** Types all schemas allow, the most telling first; what the keywords suggest when no type is given. */
function typesOf(flat: readonly SchemaObject[]): string[] {
  let allowed: string[] | undefined;
  for (const schema of flat) {
    if (schema['type'] === undefined) continue;
    const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]) as string[];
    allowed = allowed === undefined ? types : intersect(allowed, types);
  }
  if (allowed?.length === 1) return allowed;
  if (allowed) return [...allowed].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const keywords = new Set(flat.flatMap((schema) => Object.keys(schema)));
  const hints: [string, string[]][] = [
    ['object', ['properties', 'required', 'additionalProperties', 'minProperties', 'patternProperties', 'propertyNames']], ['array', ['items', 'minItems', 'prefixItems', 'contains', 'uniqueItems']],
    ['string', ['pattern', 'minLength', 'maxLength', 'format']], ['number', ['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum']],
  ];
  const hinted = hints.filter(([, words]) => words.some((word) => keywords.has(word))).map(([type]) => type);
  return hinted.length > 0 ? hinted : ['string', 'object', 'null'];
}

function intersect(a: readonly string[], b: readonly string[]): string[] {
  const both = a.filter((type) => b.includes(type) || (type === 'integer' && b.includes('number')));
  return b.includes('integer') && a.includes('number') && !both.includes('integer') ? [...both, 'integer'] : both;
}

const first = (flat: readonly SchemaObject[], keyword: string): Json | undefined => flat.find((schema) => schema[keyword] !== undefined)?.[keyword];

function most(flat: readonly SchemaObject[], keyword: string, pick: (...values: number[]) => number): number | undefined {
  const values = flat.map((schema) => schema[keyword]).filter((value): value is number => typeof value === 'number');
  return values.length === 0 ? undefined : pick(...values);
}

