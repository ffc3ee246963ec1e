/** What every object has, and Boolean and Character. */
import { equals, hashCode } from '../compare.js';
import { TemplateError } from '../limits.js';
import { textOf } from '../text.js';
import { classOf, JavaCharacter } from '../values.js';
import { wrongArguments, wrongClass } from './wrong-arguments.js';
import type { JavaClass, Value } from '../values.js';

type Args = readonly Value[];

export function objectToString(self: Value, args: Args): Value { return args.length === 0 ? textOf(self) : wrongArguments(); }
export function objectEquals(self: Value, args: Args): Value { return args.length === 1 ? equals(self, args[0]!) : null; }
export function objectHashCode(self: Value, args: Args): Value { return args.length === 0 ? hashCode(self) : wrongArguments(); }
export function objectGetClass(self: Value, args: Args): Value { return args.length === 0 && self !== null ? classOf(self) : null; }
/** Reflection is closed: of a class only its name can be had. */
export function classGetName(self: JavaClass, args: Args): Value { return args.length === 0 ? self.name : wrongArguments(); }
/** A class answers nothing else. */
export function classNothing(): Value { return null; }

export function booleanBooleanValue(self: boolean, args: Args): Value { return args.length === 0 ? self : wrongArguments(); }
export function booleanParseBoolean(_self: boolean, args: Args): Value {
  return args.length === 1 && (typeof args[0] === 'string' || args[0] === null) ? (args[0] ?? '').toLowerCase() === 'true' : null;
}
export function booleanValueOf(self: boolean, args: Args): Value {
  return args.length === 1 && typeof args[0] === 'boolean' ? args[0] : args[0] === null ? null : booleanParseBoolean(self, args);
}
export function booleanCompareTo(self: boolean, args: Args): Value {
  if (args[0] === null) throw new TemplateError('compareTo was called with null');
  return args.length === 1 && typeof args[0] === 'boolean' ? Number(self) - Number(args[0]) : args.length === 1 ? wrongClass() : null;
}
export function booleanLogicalAnd(_self: boolean, args: Args): Value { return args.length === 2 && typeof args[0] === 'boolean' && typeof args[1] === 'boolean' ? args[0] && args[1] : null; }
export function booleanLogicalOr(_self: boolean, args: Args): Value { return args.length === 2 && typeof args[0] === 'boolean' && typeof args[1] === 'boolean' ? args[0] || args[1] : null; }
export function booleanToString(self: boolean, args: Args): Value {
  return args.length === 0 ? textOf(self) : args.length === 1 && typeof args[0] === 'boolean' ? textOf(args[0]) : wrongArguments();
}

export function characterCharValue(self: JavaCharacter, args: Args): Value { return args.length === 0 ? self : wrongArguments(); }
export function characterCompareTo(self: JavaCharacter, args: Args): Value {
  return args.length === 1 && args[0] instanceof JavaCharacter ? self.text.charCodeAt(0) - args[0].text.charCodeAt(0) : args.length === 1 ? wrongClass() : null;
}
function is(pattern: RegExp, args: Args): Value {
  const [c] = args;
  if (args.length !== 1) return null;
  if (c instanceof JavaCharacter) return pattern.test(c.text);
  return typeof c === 'number' && c >= 0 && c <= 0x10ffff ? pattern.test(String.fromCodePoint(c)) : null;
}
export function characterIsDigit(_self: JavaCharacter, args: Args): Value { return is(/^\p{Nd}$/u, args); }
export function characterIsLetter(_self: JavaCharacter, args: Args): Value { return is(/^\p{L}$/u, args); }
export function characterIsLetterOrDigit(_self: JavaCharacter, args: Args): Value { return is(/^[\p{L}\p{Nd}]$/u, args); }
export function characterIsUpperCase(_self: JavaCharacter, args: Args): Value { return is(/^\p{Uppercase}$/u, args); }
export function characterIsLowerCase(_self: JavaCharacter, args: Args): Value { return is(/^\p{Lowercase}$/u, args); }
export function characterIsWhitespace(_self: JavaCharacter, args: Args): Value { return is(/^[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]$/u, args); }
