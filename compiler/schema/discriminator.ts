/**
 * Discriminators, in the three ways they are written, as one: {propertyName, mapping: {tag: schema name}, default?: schema name} with every tag listed.
 * - a union: `oneOf`/`anyOf` of references, with or without `mapping`;
 * - inheritance: no union; the schemas that take this one in through `allOf` are its variants (OpenAPI 2.0: always);
 * - both at once (a base with `oneOf` of its own heirs): read as inheritance, because the letter of it never ends.
 * A mapping adds to the schemas' own names: where it leaves a schema out, those it names can still be chosen by their names, too. A mapping that is
 * complete is meant to be all there is.
 * In the result a union keeps its `oneOf`/`anyOf`; a schema with a discriminator and no union is a base.
 */
import type { Json } from '../code.js';
import { escapePointer } from '../1-load/node.js';
import { closest } from '../diagnostics/suggest.js';
import type { Schema } from '../ir.js';
import { BAD_DISCRIMINATOR } from './diagnostics.js';
import { reference } from './reference-name.js';
import { child, isObject, own, type Place, type RawObject, type SchemaReader } from './reader.js';

type Lowered = { readonly [keyword: string]: Json };

export class DiscriminatorReader {
  private heirs: Map<string, Place[]> | undefined;
  constructor(private readonly reader: SchemaReader) {}

  apply(schema: Lowered, discriminator: Json, raw: RawObject, place: Place): Schema {
    const at = child(place, 'discriminator');
    const propertyName = typeof discriminator === 'string' ? discriminator : isObject(discriminator) ? own(discriminator, 'propertyName') : undefined;
    // The check of all fields has reported a missing or odd one.
    if (typeof propertyName !== 'string' || propertyName === '') return schema;
    const mapping = this.explicitMapping(discriminator, at);
    const fallback = this.defaultMapping(discriminator, at);
    const union = Array.isArray(raw['oneOf']) ? 'oneOf' : Array.isArray(raw['anyOf']) ? 'anyOf' : undefined;
    const heirs = this.heirsOf(place);
    if (union === undefined) return this.base(schema, propertyName, mapping, fallback, heirs, place);
    const branches = raw[union] as readonly Json[];
    const isItsOwnHeir = branches.some((branch) => {
      const target = this.target(branch, place);
      return target !== undefined && heirs.some((heir) => heir.file === target.file && heir.pointer === target.pointer);
    });
    if (isItsOwnHeir) {
      const rest = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== union));
      return this.base(rest, propertyName, mapping, fallback, heirs, place);
    }
    return this.union(schema, union, branches, propertyName, mapping, fallback, place);
  }

  private base(schema: Lowered, propertyName: string, mapping: Map<string, Place>, fallback: Place | undefined, heirs: readonly Place[], place: Place): Schema {
    const tags = new Map([...mapping].map(([tag, target]) => [tag, this.reader.nameOf(target)]));
    const mapped = new Set(tags.values());
    const isComplete = heirs.every((heir) => mapped.has(this.reader.nameOf(heir)));
    for (const heir of [...heirs].sort((a, b) => (a.pointer < b.pointer ? -1 : 1))) {
      const name = this.reader.nameOf(heir);
      if (!isComplete && !tags.has(name)) for (const tag of this.tagsOf(heir, propertyName, name)) if (!tags.has(tag)) tags.set(tag, name);
    }
    if (tags.size === 0) return schema;
    // The base itself may be sent too, under its own name.
    const self = this.reader.nameOf(place);
    if (!mapped.has(self) && !tags.has(self)) tags.set(self, self);
    return { ...schema, discriminator: { propertyName, mapping: Object.fromEntries(tags), ...(fallback && { default: this.reader.nameOf(fallback) }) } };
  }

  private union(schema: Lowered, union: string, branches: readonly Json[], propertyName: string, mapping: Map<string, Place>, fallback: Place | undefined, place: Place): Schema {
    const tags = new Map([...mapping].map(([tag, target]) => [tag, this.reader.nameOf(target)]));
    const mapped = new Set(tags.values());
    const isComplete = branches.every((branch) => {
      const target = this.target(branch, place);
      return target === undefined || mapped.has(this.reader.nameOf(target));
    });
    const lowered: Json[] = [];
    for (const [index, branch] of branches.entries()) {
      const at = child(child(place, union), index);
      const target = this.target(branch, place);
      const inline = target === undefined ? this.inlineTags(branch, propertyName) : undefined;
      if (target === undefined && inline === undefined) {
        if (!isNullSchema(branch)) {
          this.reader.report(BAD_DISCRIMINATOR, at, { reason: `cannot select this ${union} branch: it is neither a $ref nor has '${propertyName}' an enum`, advice: `name the schema in components.schemas and refer to it, or give it properties: {${propertyName}: {enum: [value]}}` });
          return schema;
        }
        lowered.push((schema[union] as readonly Json[])[index]!);
        continue;
      }
      const name = this.reader.nameOf(target ?? at);
      lowered.push(reference(name));
      if (isComplete && mapped.has(name)) continue;
      for (const tag of inline ?? this.tagsOf(target!, propertyName, name)) {
        const taken = tags.get(tag);
        if (taken === undefined) tags.set(tag, name);
        else if (taken !== name && !mapping.has(tag)) this.reader.report(BAD_DISCRIMINATOR, at, { reason: `'${tag}' stands for both ${taken} and ${name}`, advice: `say in mapping which of them it is, or give each a value of '${propertyName}' of its own` });
      }
    }
    if (tags.size === 0) return schema;
    return { ...schema, [union]: lowered, discriminator: { propertyName, mapping: Object.fromEntries(tags), ...(fallback && { default: this.reader.nameOf(fallback) }) } };
  }

  /** `mapping` with its values resolved; what cannot be resolved is reported and left out. */
  private explicitMapping(discriminator: Json, at: Place): Map<string, Place> {
    const mapping = isObject(discriminator) ? own(discriminator, 'mapping') : undefined;
    const result = new Map<string, Place>();
    if (!isObject(mapping)) return result;
    for (const [tag, value] of Object.entries(mapping)) {
      const target = typeof value === 'string' ? this.mappingTarget(value, at) : undefined;
      if (target) result.set(tag, target);
      else {
        const names = this.componentPlaces().map(([name]) => name);
        this.reader.report(BAD_DISCRIMINATOR, child(child(at, 'mapping'), tag), {
          reason: `there is no schema ${JSON.stringify(value)}`, closest: typeof value === 'string' ? closest(value.replace(/^.*\//, ''), names) : undefined,
        });
      }
    }
    return result;
  }

  /** OpenAPI 3.2: what a value without a tag, or with one that is not listed, has to be. */
  private defaultMapping(discriminator: Json, at: Place): Place | undefined {
    const value = isObject(discriminator) ? own(discriminator, 'defaultMapping') : undefined;
    if (typeof value !== 'string') return undefined;
    const target = this.mappingTarget(value, at);
    if (!target) this.reader.report(BAD_DISCRIMINATOR, child(at, 'defaultMapping'), { reason: `there is no schema ${JSON.stringify(value)}`, closest: closest(value.replace(/^.*\//, ''), this.componentPlaces().map(([name]) => name)) });
    return target;
  }

  /** A mapping's value is a schema's name or a reference; "ambiguous values … SHOULD be treated as a relative URI" only when no schema has that name. */
  private mappingTarget(value: string, at: Place): Place | undefined {
    const named = this.componentPlaces().find(([name]) => name === value);
    if (named) return named[1];
    return /[#/.]/.test(value) ? this.reader.locate(value, at) : undefined;
  }

  private target(branch: Json | undefined, from: Place): Place | undefined {
    const ref = isObject(branch) ? own(branch, '$ref') : undefined;
    return typeof ref === 'string' ? this.reader.locate(ref, from) : undefined;
  }

  /** Values by which a named schema is chosen: what its own tag property allows, else its name. */
  private tagsOf(place: Place, propertyName: string, name: string, depth = 0): readonly string[] {
    const raw = this.reader.rawAt(place);
    const values = this.inlineTags(raw, propertyName, place);
    if (values) return values.includes(name) ? [name] : values;
    // A branch that is itself a union is chosen by any of its members' tags.
    const union = isObject(raw) ? (own(raw, 'oneOf') ?? own(raw, 'anyOf')) : undefined;
    if (Array.isArray(union) && depth < 8) {
      const tags = union.flatMap((branch) => {
        const target = this.target(branch, place);
        return target ? [...this.tagsOf(target, propertyName, this.reader.nameOf(target), depth + 1)] : [];
      });
      if (tags.length > 0) return tags;
    }
    return [name];
  }

  /** The strings `const` or `enum` allow for the tag property of a raw schema, looking into its `allOf`; undefined when they say nothing. */
  private inlineTags(raw: Json | undefined, propertyName: string, place?: Place, depth = 0): readonly string[] | undefined {
    if (!isObject(raw) || depth > 8) return undefined;
    const properties = own(raw, 'properties');
    const property = isObject(properties) ? own(properties, propertyName) : undefined;
    const target = place && this.target(property, place);
    const schema = target ? this.reader.rawAt(target) : property;
    if (isObject(schema)) {
      const constant = own(schema, 'const');
      if (typeof constant === 'string') return [constant];
      const values = own(schema, 'enum');
      if (Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string') && target === undefined) return values as string[];
    }
    const allOf = own(raw, 'allOf');
    if (Array.isArray(allOf)) {
      for (const item of allOf) {
        const tags = isObject(item) && own(item, '$ref') === undefined ? this.inlineTags(item, propertyName, place, depth + 1) : undefined;
        if (tags) return tags;
      }
    }
    return undefined;
  }

  /** Schemas of every file's components that take in the schema at `base` through `allOf`, directly or through others. */
  private heirsOf(base: Place): readonly Place[] {
    this.heirs ??= this.findHeirs();
    const found = new Map<string, Place>();
    const queue = [`${base.file}#${base.pointer}`];
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      for (const heir of this.heirs.get(key) ?? []) {
        const id = `${heir.file}#${heir.pointer}`;
        if (found.has(id)) continue;
        found.set(id, heir);
        queue.push(id);
      }
    }
    found.delete(`${base.file}#${base.pointer}`);
    return [...found.values()];
  }

  private findHeirs(): Map<string, Place[]> {
    const heirs = new Map<string, Place[]>();
    for (const [, place] of this.componentPlaces()) {
      const raw = this.reader.rawAt(place);
      const allOf = isObject(raw) ? own(raw, 'allOf') : undefined;
      if (!Array.isArray(allOf)) continue;
      for (const item of allOf) {
        const target = this.target(item, place);
        if (!target) continue;
        const key = `${target.file}#${target.pointer}`;
        const list = heirs.get(key);
        if (list) list.push(place);
        else heirs.set(key, [place]);
      }
    }
    return heirs;
  }

  private places: (readonly [string, Place])[] | undefined;

  /** Named schemas of every file, the entry's first. */
  private componentPlaces(): readonly (readonly [string, Place])[] {
    if (this.places) return this.places;
    this.places = [...this.reader.components];
    // The entry's are those.
    for (const file of this.reader.files.slice(1)) {
      for (const pointer of ['/components/schemas', '/definitions']) {
        const map = this.reader.rawAt({ file, pointer });
        if (isObject(map)) for (const name of Object.keys(map)) this.places.push([name, { file, pointer: `${pointer}/${escapePointer(name)}` }]);
      }
    }
    return this.places;
  }
}

function isNullSchema(schema: Json): boolean {
  return isObject(schema) && (own(schema, 'type') === 'null' || (Array.isArray(schema['enum']) && schema['enum'].length === 1 && schema['enum'][0] === null));
}
