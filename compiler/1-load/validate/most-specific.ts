/** Of the dozens of errors that JSON Schema's oneOf and anyOf give for one fault, the one that names it. */

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
  readonly message?: string;
}

export const NO_FORM = 'fits none of the forms that the specification allows here';

export interface SpecificError { readonly pointer: string; readonly problem: string }

/** They only say that something inside failed. */
const COMBINED = new Set(['oneOf', 'anyOf', 'allOf', 'if', 'not', 'dependentSchemas', '$ref', '$dynamicRef']);
/** Unknown fields are checked with "did you mean" by 2-read/known-fields. */
const UNKNOWN_FIELD = new Set(['additionalProperties', 'unevaluatedProperties']);

/** One error per deepest faulty place, in the order found. */
export function mostSpecific(errors: readonly SchemaError[]): SpecificError[] {
  const byPlace = new Map<string, SchemaError[]>();
  for (const error of errors) {
    if (error.params['missingProperty'] === '$ref') continue;
    const at = byPlace.get(error.instancePath);
    if (at) at.push(error);
    else byPlace.set(error.instancePath, [error]);
  }
  /** Places with an error further inside, which says more. */
  const outer = new Set<string>();
  /** How many places at or below a place have an error of their own. */
  const within = new Map<string, number>();
  for (const [pointer, all] of byPlace) {
    const isBranch = isDiscriminator(pointer, all) && isTaken(all);
    const isOwn = all.some((error) => !COMBINED.has(error.keyword));
    for (let at: string | undefined = pointer; at !== undefined; at = at === '' ? undefined : at.slice(0, at.lastIndexOf('/'))) {
      if (at !== pointer && !isBranch) outer.add(at);
      if (isOwn) within.set(at, (within.get(at) ?? 0) + 1);
    }
  }
  const found: SpecificError[] = [];
  for (const [pointer, all] of byPlace) {
    if (outer.has(pointer)) continue;
    const own = all.filter((error) => !COMBINED.has(error.keyword));
    // Where objects are told apart by `type` or `in`, the branches of the other values fail there: no news when something else is wrong.
    if (isDiscriminator(pointer, own) && within.get(pointer.slice(0, pointer.lastIndexOf('/')))! > 1) continue;
    if (own.length > 0 && own.every((error) => UNKNOWN_FIELD.has(error.keyword))) continue;
    const named = own.filter((error) => !UNKNOWN_FIELD.has(error.keyword));
    found.push({ pointer, problem: named.length > 0 ? describe(named) : NO_FORM });
  }
  return found;
}

/** Only the value of a field that tells objects apart is at fault. */
function isDiscriminator(pointer: string, errors: readonly SchemaError[]): boolean {
  return /\/(?:type|in)$/.test(pointer) && errors.length > 0 && errors.every((error) => error.keyword === 'enum' || error.keyword === 'const');
}

/** Each branch allows one other value: then the value itself was accepted by the branch that is not among the errors. */
function isTaken(errors: readonly SchemaError[]): boolean {
  const allowed = new Set(errors.flatMap((error) => (Array.isArray(error.params['allowedValues']) ? error.params['allowedValues'] as unknown[] : [])));
  return allowed.size > 0 && allowed.size < 4;
}

function describe(errors: readonly SchemaError[]): string {
  const allowed = errors.filter((error) => error.keyword === 'enum' || error.keyword === 'const');
  if (allowed.length === errors.length) {
    const values = new Set(allowed.flatMap((error) => (Array.isArray(error.params['allowedValues']) ? error.params['allowedValues'] as unknown[] : [error.params['allowedValue']])));
    return `must be ${values.size > 1 ? 'one of ' : ''}${[...values].map((value) => JSON.stringify(value)).join(', ')}`;
  }
  const types = errors.filter((error) => error.keyword === 'type');
  if (types.length === errors.length) return `must be ${[...new Set(types.flatMap((error) => error.params['type'] as string | string[]))].join(' or ')}`;
  const missing = errors.filter((error) => error.keyword === 'required');
  if (missing.length > 0) return `'${String(missing[0]!.params['missingProperty'])}' is missing`;
  return errors[0]!.message ?? 'is not allowed';
}
