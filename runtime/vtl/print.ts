/** How a reference in a template's text prints. */
import { textOf } from './text.js';
import type { Value } from './values.js';

/** API Gateway: null prints nothing. */
export function printed(value: Value): string {
  return typeof value === 'string' ? value : textOf(value) ?? '';
}

/** Stock Velocity: null prints the reference as written. */
export function printedOr(value: Value, literal: string): string {
  return typeof value === 'string' ? value : textOf(value) ?? literal;
}

/** `\\$a`: backslashes in front, an even number of them: half when there is a value, all when there is none. */
export function printedAfterEscapes(value: Value, escapes: string, prefix: string, literal: string): string {
  const text = textOf(value);
  return text === null ? escapes + escapes + prefix + literal : escapes + prefix + text;
}

/** `\$a`: an odd number: the reference as written, without the backslash when it has a value. */
export function printedEscaped(value: Value, escapes: string, literal: string): string {
  return escapes + (value === null ? '\\' : '') + literal;
}

/** `+` with a String: null is the operand as written (stock Velocity) or nothing (API Gateway), given as `left`- and `rightNull`. */
export function concatenated(left: Value, right: Value, leftNull: string, rightNull: string): string | undefined {
  if (typeof left !== 'string' && typeof right !== 'string') return undefined;
  return (textOf(left) ?? leftNull) + (textOf(right) ?? rightNull);
}
