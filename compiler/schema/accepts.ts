/**
 * Whether a value satisfies a schema, by walking both: for build time, where a few values are checked against many schemas and
 * compiling validators would cost more. Written without regard to speed; tests hold it against the compiled validators.
 */
import type { Json } from '../code.js';
import { equal } from '../../runtime/validate/equal.js';
import { codePoints } from '../../runtime/validate/code-points.js';
import * as formatChecks from '../../runtime/validate/formats.js';
import { evaluatedItems, evaluatedProperties, type Evaluation } from '../../runtime/validate/evaluated.js';
import { areUnique } from '../../runtime/validate/unique.js';
import type { DirectedSchemas } from './direction.js';
import type { EvaluationPlan } from './evaluation.js';
import { FORMATS } from './formats.js';
import { matchesPattern } from './match-pattern.js';
import { isOfType } from './type-names.js';

type Checked = ReturnType<DirectedSchemas['schema']>;
type SchemaObject = Exclude<Checked, boolean>;
type JsonObject = { readonly [key: string]: Json };

const MAX_DEPTH = 400;
const has = (object: object, key: string): boolean => Object.prototype.hasOwnProperty.call(object, key);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What was found about values behind references: schemas that refer to one another twice each would otherwise be walked as often as there
 * are ways through them. For one DirectedSchemas; values must not change.
 */
export class Verdicts {
  private readonly objects = new WeakMap<object, Map<string, boolean>>();
  private texts = new Map<Json, Map<string, boolean>>();

  about(value: Json): Map<string, boolean> {
    if (typeof value === 'object' && value !== null) {
      let verdicts = this.objects.get(value);
      if (!verdicts) this.objects.set(value, (verdicts = new Map()));
      return verdicts;
    }
    if (this.texts.size > 10_000) this.texts = new Map();
    let verdicts = this.texts.get(value);
    if (!verdicts) this.texts.set(value, (verdicts = new Map()));
    return verdicts;
  }
}

/** `schema` is one that `schemas` lowered. */
export function accepts(value: Json, schema: Checked, schemas: DirectedSchemas, verdicts = new Verdicts(), depth = 0): boolean {
  if (typeof schema === 'boolean') return schema;
  if (depth > MAX_DEPTH) return false;
  const inner = (item: Json, sub: Json): boolean => accepts(item, sub as Checked, schemas, verdicts, depth + 1);
  for (const keyword of Object.keys(schema)) {
    const k = schema[keyword]!;
    if (!(keyword === '$ref' ? referredHolds(k as string, value, schemas, verdicts, inner) : keywordHolds(keyword, k, value, schema, inner))) return false;
  }
  return true;
}

function referredHolds(ref: string, value: Json, schemas: DirectedSchemas, verdicts: Verdicts, inner: (value: Json, schema: Json) => boolean): boolean {
  const known = verdicts.about(value);
  let verdict = known.get(ref);
  if (verdict === undefined) known.set(ref, (verdict = inner(value, schemas.behind(ref) as Json)));
  return verdict;
}

function keywordHolds(keyword: string, k: Json, value: Json, schema: SchemaObject, inner: (value: Json, schema: Json) => boolean): boolean {
  switch (keyword) {
    case 'type': return (Array.isArray(k) ? k as string[] : [k as string]).some((type) => isOfType(value, type));
    case 'enum': return (k as readonly Json[]).some((item) => equal(item, value));
    case 'const': return equal(k, value);
    case 'allOf': return (k as readonly Json[]).every((item) => inner(value, item));
    case 'anyOf': return (k as readonly Json[]).some((item) => inner(value, item));
    case 'oneOf': return (k as readonly Json[]).filter((item) => inner(value, item)).length === 1;
    case 'not': return !inner(value, k);
    case 'if': return inner(value, k) ? schema['then'] === undefined || inner(value, schema['then']) : schema['else'] === undefined || inner(value, schema['else']);
    case 'gwcCases': return caseHolds(value, schema, inner);
    case 'unevaluatedProperties': {
      if (!isObject(value)) return true;
      const seen = evaluatedProperties(evaluation(schema['gwcPlan'] as unknown as EvaluationPlan, inner), value);
      return seen === null || Object.keys(value).every((name) => seen.has(name) || inner(value[name]!, k));
    }
    case 'unevaluatedItems': {
      if (!Array.isArray(value)) return true;
      const seen = evaluatedItems(evaluation(schema['gwcPlan'] as unknown as EvaluationPlan, inner), value);
      return seen === null || (value as readonly Json[]).every((item, index) => seen.has(index) || inner(item, k));
    }
  }
  if (typeof value === 'number') return numberHolds(keyword, k, value);
  if (typeof value === 'string') return stringHolds(keyword, k, value);
  if (Array.isArray(value)) return arrayHolds(keyword, k, value as readonly Json[], schema, inner);
  return isObject(value) ? objectHolds(keyword, k, value, schema, inner) : true;
}

function caseHolds(value: Json, schema: SchemaObject, inner: (value: Json, schema: Json) => boolean): boolean {
  const cases = schema['gwcCases'] as JsonObject;
  if (!isObject(value)) return schema['gwcNoObject'] === undefined || inner(value, schema['gwcNoObject']);
  const tag = has(value, schema['gwcTag'] as string) ? value[schema['gwcTag'] as string] : undefined;
  if (typeof tag === 'string' && has(cases, tag)) return inner(value, cases[tag]!);
  if (schema['gwcDefault'] !== undefined) return inner(value, schema['gwcDefault']);
  return tag === undefined && schema['gwcNoTag'] !== undefined && inner(value, schema['gwcNoTag']);
}

/** The plan with its references as functions. */
function evaluation(plan: EvaluationPlan, inner: (value: Json, schema: Json) => boolean): Evaluation {
  const check = (ref: string) => (value: unknown): boolean => inner(value as Json, { $ref: ref });
  const sub = (part: EvaluationPlan): Evaluation => evaluation(part, inner);
  return {
    ...plan as object,
    patterns: plan.patterns?.map((pattern) => ({ test: (text: string) => matchesPattern(pattern, text) })),
    contains: plan.contains === undefined ? undefined : check(plan.contains),
    each: plan.each?.map(sub),
    when: plan.when?.map(([ref, then, otherwise]) => [check(ref), sub(then), otherwise && sub(otherwise)] as const),
    has: plan.has?.map(([property, then]) => [property, sub(then)] as const),
    tagged: plan.tagged?.map(([property, tag, then]) => [property, tag, sub(then)] as const),
  };
}

function numberHolds(keyword: string, k: Json, value: number): boolean {
  const limit = k as number;
  switch (keyword) {
    case 'minimum': return value >= limit;
    case 'maximum': return value <= limit;
    case 'exclusiveMinimum': return value > limit;
    case 'exclusiveMaximum': return value < limit;
    case 'multipleOf': return !(Math.abs(Math.round(value / limit) - value / limit) > 1e-10);
    case 'format': return formatHolds(k as string, value);
    default: return true;
  }
}

function formatHolds(name: string, value: string | number): boolean {
  const format = FORMATS.get(name);
  if (!format?.check || format.type !== typeof value) return true;
  return (formatChecks[format.check] as (value: string | number) => boolean)(value);
}

function stringHolds(keyword: string, k: Json, value: string): boolean {
  switch (keyword) {
    case 'minLength': return codePoints(value) >= (k as number);
    case 'maxLength': return codePoints(value) <= (k as number);
    case 'pattern': return matchesPattern(k as string, value);
    case 'format': return formatHolds(k as string, value);
    default: return true;
  }
}

function arrayHolds(keyword: string, k: Json, value: readonly Json[], schema: SchemaObject, inner: (value: Json, schema: Json) => boolean): boolean {
  switch (keyword) {
    case 'minItems': return value.length >= (k as number);
    case 'maxItems': return value.length <= (k as number);
    case 'uniqueItems': return k !== true || areUnique(value);
    case 'prefixItems': return (k as readonly Json[]).every((item, index) => index >= value.length || inner(value[index]!, item));
    case 'items': return value.slice((schema['prefixItems'] as readonly Json[] | undefined)?.length ?? 0).every((item) => inner(item, k));
    case 'contains': {
      const count = value.filter((item) => inner(item, k)).length;
      return count >= ((schema['minContains'] as number | undefined) ?? 1) && count <= ((schema['maxContains'] as number | undefined) ?? Infinity);
    }
    default: return true;
  }
}

function objectHolds(keyword: string, k: Json, value: JsonObject, schema: SchemaObject, inner: (value: Json, schema: Json) => boolean): boolean {
  const keys = Object.keys(value);
  const map = k as JsonObject;
  switch (keyword) {
    case 'required': return (k as readonly string[]).every((name) => has(value, name));
    case 'minProperties': return keys.length >= (k as number);
    case 'maxProperties': return keys.length <= (k as number);
    case 'properties': return Object.keys(map).every((name) => !has(value, name) || inner(value[name]!, map[name]!));
    case 'patternProperties': return Object.keys(map).every((pattern) => keys.every((name) => !matchesPattern(pattern, name) || inner(value[name]!, map[pattern]!)));
    case 'propertyNames': return keys.every((name) => inner(name, k));
    case 'dependentRequired': return Object.keys(map).every((name) => !has(value, name) || (map[name] as readonly string[]).every((other) => has(value, other)));
    case 'dependentSchemas': return Object.keys(map).every((name) => !has(value, name) || inner(value, map[name]!));
    case 'additionalProperties': {
      const known = (schema['properties'] ?? {}) as JsonObject;
      const patterns = Object.keys((schema['patternProperties'] ?? {}) as JsonObject);
      return keys.every((name) => has(known, name) || patterns.some((pattern) => matchesPattern(pattern, name)) || inner(value[name]!, k));
    }
    default: return true;
  }
}
