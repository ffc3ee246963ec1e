/**
 * Bounds on schemas that contain themselves. A client chooses how deep its value is nested, and with alternatives at every level
 * (`oneOf` of two recursive schemas) checking can take time exponential in that depth; both end here with an error.
 */
import type { ValidationError } from '../validation/validation-error.js';
import { report, type Fault, type Validator } from './fault.js';

/** Levels of recursion. Each may take several stack frames. */
const MAX_DEPTH = 256;
/** Recursive calls for one value: a 10 MB body of real data stays far below. */
const MAX_CALLS = 1_000_000;

let depth = 0;
let calls = 0;
let exhausted = false;

/** Calls a validator from inside its own cycle. */
export function descend(validate: Validator, value: unknown): boolean {
  if (depth >= MAX_DEPTH || ++calls > MAX_CALLS) {
    exhausted = true;
    validate.errors = [tooComplex()];
    return false;
  }
  depth++;
  const valid = validate(value);
  depth--;
  return valid;
}

/** The outermost call. Checking is synchronous, so one set of counters serves all. */
export function checkRecursive(validate: Validator, value: unknown): ValidationError[] | null {
  depth = 0;
  calls = 0;
  exhausted = false;
  let valid: boolean;
  try {
    valid = validate(value);
  } catch (error) {
    // Very large functions can fill the stack before MAX_DEPTH.
    if (!(error instanceof RangeError)) throw error;
    return report([tooComplex()]);
  }
  // A check that was cut short decides nothing: inside `not` it would even let the value pass.
  if (exhausted) return report([tooComplex()]);
  return valid ? null : report(validate.errors!);
}

const tooComplex = (): Fault => ({ pointer: '', keyword: 'depth', params: {} });
