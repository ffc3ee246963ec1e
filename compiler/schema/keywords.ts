/** Reads one schema object keyword by keyword and writes it in the IR's dialect. */
import type { Json } from '../code.js';
import type { Schema } from '../ir.js';
import { BAD_KEYWORD_VALUE, BAD_PATTERN, IMPOSSIBLE_ENUM, MENDED_KEYWORD, QUADRATIC_PATTERN, OTHER_DIALECT, SLOW_PATTERN, UNSUPPORTED_REFERENCE } from './diagnostics.js';
import { DIALECT_NAME, keywordsOf, laterDialect, type KeywordKind } from './dialects.js';
import { patternHint, regexOf } from './pattern.js';
import { GUARD_HINT, isSlowOnly, patternGuard } from './pattern-guard.js';
import { child, isObject, own, type Place, type RawObject, type SchemaReader } from './reader.js';
import { isOfType, mendedType, TYPES } from './type-names.js';
import { reference } from './reference-name.js';

type Lowered = Record<string, Json>;

const EXPECTED: Partial<Record<KeywordKind, string>> = {
  count: 'a whole number, 0 or more', positive: 'a number above 0', list: 'a list that is not empty', schemas: 'a list of schemas that is not empty',
};

export class KeywordReader {
  private readonly known: ReadonlyMap<string, KeywordKind>;
  constructor(private readonly reader: SchemaReader) {
    this.known = keywordsOf(reader.dialect);
  }

  /** `raw` without its `$ref` and `discriminator`. */
  read(raw: RawObject, place: Place): { readonly [keyword: string]: Json } {
    const out: Lowered = {};
    for (const keyword of Object.keys(raw)) {
      const kind = this.known.get(keyword);
      if (kind === undefined) this.unknown(keyword, raw, place, out);
      else if (kind !== 'skip' && keyword !== 'discriminator') this.keyword(keyword, kind, raw[keyword]!, raw, place, out);
    }
    this.nullable(raw, out);
    this.checkValues(out, place);
    return out;
  }

  private keyword(keyword: string, kind: KeywordKind, value: Json, raw: RawObject, place: Place, out: Lowered): void {
    const at = (): Place => child(place, keyword);
    let good: boolean;
    switch (kind) {
      case 'skip': return;
      case 'own': return this.own(keyword, value, raw, place, out);
      case 'annotation': case 'value': out[keyword] = value; return;
      case 'schema': out[keyword] = this.reader.lower(value, at()) as Json; return;
      case 'schemas':
        good = Array.isArray(value) && value.length > 0;
        if (good) out[keyword] = this.list(value as readonly Json[], at());
        break;
      case 'map':
        good = isObject(value);
        if (good) out[keyword] = this.map(value as RawObject, at(), keyword === 'patternProperties');
        break;
      case 'number': good = typeof value === 'number'; break;
      case 'count': good = typeof value === 'number' && value >= 0 && Number.isInteger(value); break;
      case 'positive': good = typeof value === 'number' && value > 0; break;
      case 'boolean': good = typeof value === 'boolean'; break;
      case 'string': good = typeof value === 'string'; break;
      case 'strings': good = isStringList(value); break;
      case 'list': good = Array.isArray(value) && (keyword !== 'enum' || value.length > 0); break;
    }
    // A value of another JSON type has been reported by the check of all fields; here is what only a schema's reader sees.
    if (!good && isOfKind(value, kind)) this.reader.report(BAD_KEYWORD_VALUE, at(), { keyword, expected: EXPECTED[kind]! });
    else if (!good) return;
    else if (kind !== 'schemas' && kind !== 'map') out[keyword] = value;
  }

  private list(values: readonly Json[], place: Place): Json {
    return values.map((value, index) => this.reader.lower(value, child(place, index)) as Json);
  }

  private map(value: RawObject, place: Place, arePatterns = false): Json {
    // fromEntries defines own properties, so that a property called __proto__ stays one.
    const entries = this.reader.entriesOf(value, place)
      .filter(([key, , at]) => !arePatterns || this.pattern(key, at, true))
      .map(([key, schema, at]): [string, Json] => [key, this.reader.lower(schema, at) as Json]);
    return Object.fromEntries(entries);
  }

  private own(keyword: string, value: Json, raw: RawObject, place: Place, out: Lowered): void {
    const at = (): Place => child(place, keyword);
    const bad = (expected: string): void => this.reader.report(BAD_KEYWORD_VALUE, at(), { keyword, expected });
    const isNew = this.reader.dialect === 'oas-3.1';
    switch (keyword) {
      case 'type': return this.type(value, out);
      case 'format':
        if (typeof value !== 'string') return;
        this.reader.checkFormat(value, at());
        out['format'] ??= value;
        return;
      case 'pattern':
        if (typeof value !== 'string') return;
        if (this.pattern(value, at(), false)) out['pattern'] = value;
        return;
      case 'required':
        // OpenAPI 2.0 writes a parameter's type on the parameter itself, next to its `required`.
        if (typeof value === 'boolean' && typeof own(raw, 'in') === 'string') return;
        if (typeof value === 'boolean') return bad('a list of property names (on the object, not on the property)');
        if (!isStringList(value)) return;
        if (value.length > 0) out['required'] = [...new Set(value)];
        return;
      case 'items':
        // A list of schemas is how the drafts before 2020-12 write tuples.
        if (!Array.isArray(value)) { out['items'] ??= this.reader.lower(value, at()) as Json; return; }
        if (value.length > 0) out['prefixItems'] = this.list(value, at());
        if (isNew) this.reader.report(MENDED_KEYWORD, at(), { keyword, found: 'a list', written: 'prefixItems' }, true);
        return;
      case 'additionalItems':
        if (Array.isArray(raw['items'])) out['items'] = this.reader.lower(value, at()) as Json;
        return;
      case 'additionalProperties': out['additionalProperties'] = this.reader.lower(value, at()) as Json; return;
      case 'dependencies': return this.dependencies(value, at(), out);
      case 'dependentRequired':
        if (!isObject(value) || !Object.values(value).every(isStringList)) return;
        out['dependentRequired'] = value;
        return;
      case 'exclusiveMinimum': case 'exclusiveMaximum': return this.exclusive(keyword, value, raw, at(), out);
      case 'example': out['examples'] = [value, ...(Array.isArray(raw['examples']) && isNew ? raw['examples'] : [])]; return;
      case '$dynamicRef': {
        if (typeof value !== 'string') return;
        const target = this.reader.dynamicTarget(value, place);
        if (!target) this.reader.report(UNSUPPORTED_REFERENCE, at(), { keyword, reason: `there is no schema '${value.slice(0, 100)}'` });
        if (target) out['allOf'] = [reference(this.reader.nameOf(target)), ...((out['allOf'] as Json[] | undefined) ?? [])];
        return;
      }
      case 'nullable': return;
      default: throw new Error(`no reader for keyword ${keyword}`);
    }
  }

  /** Misspelt types have been reported by the check of all fields; `String` and the like are read as meant. */
  private type(value: Json, out: Lowered): void {
    const names = Array.isArray(value) ? value : [value];
    const types: string[] = [];
    let open = names.length === 0;
    for (const name of names) {
      if (name === 'file') {
        // OpenAPI 2.0: the content of an upload or download.
        types.push('string');
        out['format'] = 'binary';
      } else if (typeof name === 'string' && TYPES.has(name)) types.push(name);
      else {
        const used = typeof name === 'string' ? mendedType(name) : name === null ? 'null' : undefined;
        if (used) types.push(used);
        else open = true;
      }
    }
    const distinct = [...new Set(types)];
    if (!open && distinct.length > 0) out['type'] = distinct.length === 1 ? distinct[0]! : distinct;
  }

  private pattern(pattern: string, place: Place, onKey: boolean): boolean {
    const regex = regexOf(pattern);
    if (typeof regex === 'string') {
      this.reader.report(BAD_PATTERN, place, { reason: regex, hint: patternHint(pattern) }, onKey);
      return false;
    }
    const guard = patternGuard(regex);
    if (guard !== 'none') this.reader.report(isSlowOnly(guard) ? QUADRATIC_PATTERN : SLOW_PATTERN, place, { pattern: pattern.length > 120 ? `${pattern.slice(0, 120)}…` : pattern, guard: GUARD_HINT[guard] }, onKey);
    return true;
  }

  private exclusive(keyword: 'exclusiveMinimum' | 'exclusiveMaximum', value: Json, raw: RawObject, place: Place, out: Lowered): void {
    const limit = keyword === 'exclusiveMinimum' ? 'minimum' : 'maximum';
    const isNew = this.reader.dialect === 'oas-3.1';
    if (typeof value === 'number') {
      out[keyword] = value;
      if (!isNew) this.reader.report(MENDED_KEYWORD, place, { keyword, found: 'a number', written: `${limit}: ${value} and ${keyword}: true` });
    } else if (typeof value === 'boolean') {
      const bound = own(raw, limit);
      if (isNew) this.reader.report(MENDED_KEYWORD, place, { keyword, found: 'a boolean', written: `${keyword}: ${typeof bound === 'number' ? bound : 'the limit'}` });
      if (value && typeof bound === 'number') out[keyword] = bound;
    }
  }

  private dependencies(value: Json, place: Place, out: Lowered): void {
    if (!isObject(value)) return;
    const names: [string, Json][] = [];
    const schemas: [string, Json][] = [];
    for (const [key, item] of Object.entries(value)) {
      if (Array.isArray(item)) names.push([key, item.filter((name) => typeof name === 'string')]);
      else schemas.push([key, this.reader.lower(item, child(place, key)) as Json]);
    }
    if (names.length > 0) out['dependentRequired'] = Object.fromEntries(names);
    if (schemas.length > 0) out['dependentSchemas'] = Object.fromEntries(schemas);
  }

  private nullable(raw: RawObject, out: Lowered): void {
    // The bound a boolean exclusive limit has taken over is no bound of its own.
    if (own(raw, 'exclusiveMinimum') === true && out['exclusiveMinimum'] !== undefined) delete out['minimum'];
    if (own(raw, 'exclusiveMaximum') === true && out['exclusiveMaximum'] !== undefined) delete out['maximum'];
    if (!isNullable(raw)) return;
    if (out['type'] !== undefined) out['type'] = [...new Set([...(Array.isArray(out['type']) ? out['type'] : [out['type']]), 'null'])];
    const values = out['enum'];
    if (Array.isArray(values) && !values.includes(null)) out['enum'] = [...values, null];
  }

  private checkValues(out: Lowered, place: Place): void {
    const type = out['type'];
    const values = Array.isArray(out['enum']) ? out['enum'] : 'const' in out ? [out['const']!] : undefined;
    if (type === undefined || values === undefined) return;
    const types = (Array.isArray(type) ? type : [type]) as string[];
    const keyword = 'enum' in out ? 'enum' : 'const';
    for (const value of values) {
      if (!types.some((name) => isOfType(value, name))) this.reader.report(IMPOSSIBLE_ENUM, child(place, keyword), { value: JSON.stringify(value).slice(0, 60), type: types.join(' or ') });
    }
  }

  /** Misspelt keywords have been reported by the check of all fields; what is left are keywords of another dialect. */
  private unknown(keyword: string, raw: RawObject, place: Place, out: Lowered): void {
    const { dialect } = this.reader;
    if (keyword === 'const') out['enum'] ??= [raw['const']!];
    else if (keyword !== 'examples') {
      const later = laterDialect(keyword, dialect);
      if (later !== undefined) this.reader.report(OTHER_DIALECT, child(place, keyword), { keyword, dialect: DIALECT_NAME[dialect], later }, true);
    }
  }
}

const COMPOSITES = ['allOf', 'anyOf', 'oneOf', 'not'] as const;
const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples', 'readOnly', 'writeOnly', 'deprecated']);

const isNullable = (raw: RawObject): boolean => own(raw, 'nullable') === true || (own(raw, 'x-nullable') === true && own(raw, 'nullable') === undefined);

/**
 * `nullable: true` beside `allOf` and the like. Read to the letter it changes nothing (what is inside forbids null); what authors
 * mean by `nullable: true, allOf: [{ $ref }]` is "that, or null".
 */
export function withNull(raw: RawObject, schema: Schema): Schema {
  if (typeof schema === 'boolean' || !isNullable(raw) || !COMPOSITES.some((keyword) => schema[keyword] !== undefined)) return schema;
  const annotations = Object.entries(schema).filter(([keyword]) => ANNOTATIONS.has(keyword));
  const rest = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword));
  return { ...Object.fromEntries(annotations), anyOf: [Object.fromEntries(rest), { type: 'null' }] };
}

/** Whether a value is of the JSON type a keyword asks for, whatever else is wrong with it. */
function isOfKind(value: Json, kind: KeywordKind): boolean {
  switch (kind) {
    case 'number': case 'count': case 'positive': return typeof value === 'number';
    case 'schemas': case 'list': case 'strings': return Array.isArray(value);
    default: return false;
  }
}

function isStringList(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
