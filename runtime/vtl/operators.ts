/** `+` on anything, and ranges. */
import { arithmetic, isNumber } from './arithmetic.js';
import { bounded, MAX_ELEMENTS, step, TemplateError } from './limits.js';
import { numberIntValue } from './methods/number.js';
import { concatenated } from './print.js';
import { JavaList } from './values.js';
import type { Value } from './values.js';

/** Concatenation when one side is a String, otherwise addition. `leftNull`, `rightNull`: what null concatenates as. */
export function plus(left: Value, right: Value, leftNull: string, rightNull: string): Value {
  if (typeof left === 'number' && typeof right === 'number') return arithmetic('+', left, right);
  const text = concatenated(left, right, leftNull, rightNull);
  return text === undefined ? arithmetic('+', left, right) : bounded(text);
}

/** `[from..to]`, ascending or descending; null unless both are numbers. */
export function range(from: Value, to: Value): Value {
  if (!isNumber(from) || !isNumber(to)) return null;
  const first = numberIntValue(from, []) as number, last = numberIntValue(to, []) as number;
  const count = Math.abs(last - first) + 1;
  if (count > MAX_ELEMENTS) throw new TemplateError('a range is too long');
  step(count);
  const delta = first >= last ? -1 : 1;
  return new JavaList(Array.from({ length: count }, (_, i) => first + i * delta), 'java.util.ArrayList');
}
