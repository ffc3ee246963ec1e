/** What a schema evaluates, worked out once: the data behind `unevaluatedProperties` and `unevaluatedItems`. */
import type { NamedSchema, Schema } from '../ir.js';
import { referenceName } from './reference-name.js';

/** `runtime/validate/evaluated`'s Evaluation as JSON: checks are references, patterns their text. */
export interface EvaluationPlan {
  properties?: string[];
  patterns?: string[];
  all?: true;
  prefix?: number;
  allItems?: true;
  contains?: string;
  each?: EvaluationPlan[];
  when?: [check: string, then: EvaluationPlan, otherwise?: EvaluationPlan][];
  has?: [property: string, then: EvaluationPlan][];
  tagged?: [property: string, tag: string, then: EvaluationPlan][];
}

const MAX_DEPTH = 30;

/** `part` gives a reference under which a subschema can be checked by itself. `isTop`: the schema whose unevaluated… keyword asks. */
export function evaluationPlan(schema: Schema, named: Readonly<Record<string, NamedSchema>>, part: (schema: Schema) => string, isTop = true, depth = 0): EvaluationPlan {
  if (typeof schema === 'boolean' || depth > MAX_DEPTH) return {};
  const inner = (sub: Schema): EvaluationPlan => evaluationPlan(sub, named, part, false, depth + 1);
  const name = referenceName(schema);
  if (name !== undefined) return inner(named[name]?.schema ?? true);
  const plan: EvaluationPlan = {};
  const list = (keyword: string): readonly Schema[] => (Array.isArray(schema[keyword]) ? schema[keyword] as readonly Schema[] : []);
  const map = (keyword: string): [string, Schema][] => Object.entries((schema[keyword] ?? {}) as Record<string, Schema>);
  if (schema['properties'] !== undefined) plan.properties = map('properties').map(([key]) => key);
  if (schema['patternProperties'] !== undefined) plan.patterns = map('patternProperties').map(([key]) => key);
  if (schema['additionalProperties'] !== undefined || (!isTop && schema['unevaluatedProperties'] !== undefined)) plan.all = true;
  if (schema['prefixItems'] !== undefined) plan.prefix = list('prefixItems').length;
  if (schema['items'] !== undefined || (!isTop && schema['unevaluatedItems'] !== undefined)) plan.allItems = true;
  if (schema['contains'] !== undefined) plan.contains = part(schema['contains'] as Schema);
  if (schema['allOf'] !== undefined) plan.each = list('allOf').map(inner);
  const when: EvaluationPlan['when'] = [];
  const discriminator = schema['discriminator'] as { propertyName: string; mapping: Record<string, string>; default?: string } | undefined;
  if (discriminator) {
    plan.tagged = Object.entries(discriminator.mapping).filter(([, target]) => named[target] && named[target].schema !== schema).map(([tag, target]) => [discriminator.propertyName, tag, inner({ $ref: `#/schemas/${target}` })]);
    // The default takes other tags than those; where it accepts a value of theirs it may count as well.
    const fallback: Schema | undefined = discriminator.default === undefined ? undefined : { $ref: `#/schemas/${discriminator.default}` };
    if (fallback !== undefined && named[discriminator.default!]?.schema !== schema) when.push([part(fallback), inner(fallback)]);
  } else for (const branch of [...list('anyOf'), ...list('oneOf')]) when.push([part(branch), inner(branch)]);
  if (schema['if'] !== undefined) {
    const condition = inner(schema['if'] as Schema);
    when.push([part(schema['if'] as Schema), schema['then'] === undefined ? condition : { each: [condition, inner(schema['then'] as Schema)] }, ...(schema['else'] === undefined ? [] : [inner(schema['else'] as Schema)]) as [EvaluationPlan?]]);
  }
  if (when.length > 0) plan.when = when;
  if (schema['dependentSchemas'] !== undefined) plan.has = map('dependentSchemas').map(([key, sub]) => [key, inner(sub)]);
  return plan;
}

/** Every reference a plan checks with. */
export function* planReferences(plan: EvaluationPlan): Generator<string> {
  if (plan.contains !== undefined) yield plan.contains;
  for (const inner of plan.each ?? []) yield* planReferences(inner);
  for (const [check, then, otherwise] of plan.when ?? []) {
    yield check;
    yield* planReferences(then);
    if (otherwise) yield* planReferences(otherwise);
  }
  for (const [, then] of plan.has ?? []) yield* planReferences(then);
  for (const [, , then] of plan.tagged ?? []) yield* planReferences(then);
}
