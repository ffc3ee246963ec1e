/** `unevaluatedProperties` and `unevaluatedItems` of JSON Schema 2020-12: which parts of a value other keywords have looked at. */

/** What one schema evaluates. Schemas applied to the same value contribute theirs. */
export interface Evaluation {
  readonly properties?: readonly string[];
  readonly patterns?: readonly { test(text: string): boolean }[];
  /** additionalProperties or unevaluatedProperties: every property. */
  readonly all?: true;
  /** How many of the first items. */
  readonly prefix?: number;
  readonly allItems?: true;
  readonly contains?: (item: unknown) => boolean;
  /** allOf and $ref: they hold, or the value is refused anyway. */
  readonly each?: readonly Evaluation[];
  /** anyOf, oneOf, if: counts when the check passes, else the alternative. */
  readonly when?: readonly (readonly [check: (value: unknown) => boolean, then: Evaluation, otherwise?: Evaluation])[];
  /** dependentSchemas: counts when the property is there. */
  readonly has?: readonly (readonly [property: string, then: Evaluation])[];
  /** A discriminator's case: counts when the property has the value. */
  readonly tagged?: readonly (readonly [property: string, tag: string, then: Evaluation])[];
}

/** Names of evaluated properties; null when all are. */
export function evaluatedProperties(evaluation: Evaluation, value: Readonly<Record<string, unknown>>): ReadonlySet<string> | null {
  const seen = new Set<string>();
  return visit(evaluation, value, (found) => {
    if (found.all) return true;
    for (const name of found.properties ?? []) seen.add(name);
    if (found.patterns) for (const name of Object.keys(value)) if (found.patterns.some((pattern) => pattern.test(name))) seen.add(name);
    return false;
  }) ? null : seen;
}

/** Indexes of evaluated items; null when all are. */
export function evaluatedItems(evaluation: Evaluation, value: readonly unknown[]): ReadonlySet<number> | null {
  const seen = new Set<number>();
  return visit(evaluation, value, (found) => {
    if (found.allItems) return true;
    for (let index = 0; index < (found.prefix ?? 0); index++) seen.add(index);
    if (found.contains) value.forEach((item, index) => { if (found.contains!(item)) seen.add(index); });
    return false;
  }) ? null : seen;
}

/** Whether `found` said "all" for any schema that applies. */
function visit(evaluation: Evaluation, value: unknown, found: (evaluation: Evaluation) => boolean): boolean {
  if (found(evaluation)) return true;
  for (const inner of evaluation.each ?? []) if (visit(inner, value, found)) return true;
  for (const [check, then, otherwise] of evaluation.when ?? []) {
    const applies = check(value) ? then : otherwise;
    if (applies && visit(applies, value, found)) return true;
  }
  for (const [property, then] of evaluation.has ?? []) if (has(value, property) && visit(then, value, found)) return true;
  for (const [property, tag, then] of evaluation.tagged ?? []) if (has(value, property) && (value as Record<string, unknown>)[property] === tag && visit(then, value, found)) return true;
  return false;
}

const has = (value: unknown, property: string): boolean => typeof value === 'object' && value !== null && Object.prototype.hasOwnProperty.call(value, property);
