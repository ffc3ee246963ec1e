/** What compiled validators do when a value fails: the cold path, so that the functions themselves stay small. */
import type { ValidationError } from '../validation/validation-error.js';
import { faultMessage } from './message.js';

/** Most errors one answer tells of. */
const MAX_REPORTED = 20;

export interface Fault { pointer: string; readonly keyword: string; readonly params: Readonly<Record<string, unknown>> }
export interface Validator { (value: unknown): boolean; errors?: Fault[] | null }

/** Adds an error at `pointer`. */
export function fault(errors: Fault[] | null, pointer: string, keyword: string, params: Readonly<Record<string, unknown>>): Fault[] {
  const added = { pointer, keyword, params };
  if (errors === null) return [added];
  errors.push(added);
  return errors;
}

const MISS: Fault = { pointer: '', keyword: 'not', params: {} };

/** Counts an error nobody will see (inside `not`, `if`, `contains`). */
export function miss(errors: Fault[] | null): Fault[] {
  if (errors === null) return [MISS];
  errors.push(MISS);
  return errors;
}

/** Adds the first errors of a referred schema, which was applied at `path`. */
export function inherit(errors: Fault[] | null, inner: Fault[], path: string): Fault[] {
  const result = errors ?? [];
  const count = Math.min(inner.length, MAX_REPORTED);
  for (let index = 0; index < count; index++) {
    const error = inner[index]!;
    if (error !== MISS) error.pointer = path + error.pointer;
    result.push(error);
  }
  return result;
}

/** Errors as the gateway's answers tell them. */
export function report(errors: readonly Fault[]): ValidationError[] {
  return errors.slice(0, MAX_REPORTED).map(({ pointer, keyword, params }) => ({ pointer, keyword: keyword === 'gwcCases' ? 'discriminator' : keyword === 'false schema' ? 'not' : keyword, message: faultMessage(keyword, params), params }));
}
