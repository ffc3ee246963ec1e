/** Of the dozens of errors that JSON Schema's oneOf and anyOf give for one fault, the one that names it. */

export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
  readonly message?: string;
}

export interface SpecificError { readonly pointer: string; readonly problem: string }

/** They only say that something inside failed. */
const COMBINED = new Set(['oneOf', 'anyOf', 'allOf', 'if', 'not', 'dependentSchemas', '$ref', '$dynamicRef']);
/** Unknown fields are checked with "did you mean" by 2-read/known-fields. */
const UNKNOWN_FIELD = new Set(['additionalProperties', 'unevaluatedProperties']);

/** One error per deepest faulty place, in the document's order of appearance. */
export function mostSpecific(errors: readonly SchemaError[]): SpecificError[] {
  const byPlace = new Map<string, SchemaError[]>();
  for (const error of errors) {
    if (error.params['missingProperty'] === '$ref') continue;
    const at = byPlace.get(error.instancePath);
    if (at) at.push(error);
    else byPlace.set(error.instancePath, [error]);
  }
  const found: SpecificError[] = [];
  for (const [pointer, all] of byPlace) {
    if (hasDeeper(byPlace, pointer)) continue;
    const own = all.filter((error) => !COMBINED.has(error.keyword));
    if (isOtherBranch(byPlace, pointer, own)) continue;
    if (own.length > 0 && own.every((error) => UNKNOWN_FIELD.has(error.keyword))) continue;
    const named = own.filter((error) => !UNKNOWN_FIELD.has(error.keyword));
    found.push({ pointer, problem: named.length > 0 ? describe(named) : 'fits none of the forms that the specification allows here' });
  }
  return found;
}

/** An error further inside says more, except that a branch for another `type` or `in` always fails at that field. */
function hasDeeper(byPlace: ReadonlyMap<string, readonly SchemaError[]>, pointer: string): boolean {
  for (const [other, errors] of byPlace) {
    if (other.length <= pointer.length || !other.startsWith(`${pointer}/`)) continue;
    if (/\/(?:type|in)$/.test(other) && errors.every((error) => error.keyword === 'enum' || error.keyword === 'const') && isTaken(errors)) continue;
    return true;
  }
  return false;
}

/** Where objects are told apart by `type` or `in`, the branches of the other values fail there; that is no news when something else is wrong. */
function isOtherBranch(byPlace: ReadonlyMap<string, readonly SchemaError[]>, pointer: string, errors: readonly SchemaError[]): boolean {
  const holder = /^(.*)\/(?:type|in)$/.exec(pointer)?.[1];
  if (holder === undefined || !errors.every((error) => error.keyword === 'enum' || error.keyword === 'const')) return false;
  for (const [other, others] of byPlace) {
    if (other !== pointer && (other === holder || other.startsWith(`${holder}/`)) && others.some((error) => !COMBINED.has(error.keyword))) return true;
  }
  return false;
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
