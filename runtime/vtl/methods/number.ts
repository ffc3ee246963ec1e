/** Integer, Long, Double, Float, BigInteger, BigDecimal: conversions, comparisons and the static parsers templates call through an instance. */
import { arithmetic, bigInteger, compareNumbers, isNumber, toDecimal, toDouble } from '../arithmetic.js';
import { TemplateError } from '../limits.js';
import { textOf } from '../text.js';
import { JavaBigInteger, JavaDecimal, JavaDouble, JavaFloat, kindOf } from '../values.js';
import { wrongArguments, wrongClass } from './wrong-arguments.js';
import type { JavaNumber } from '../arithmetic.js';
import type { Value } from '../values.js';

type Args = readonly Value[];

function truncated(self: JavaNumber): bigint {
  if (typeof self === 'number') return BigInt(self);
  if (typeof self === 'bigint') return self;
  if (self instanceof JavaBigInteger) return self.value;
  if (self instanceof JavaDecimal) return self.scale <= 0 ? self.unscaled * 10n ** BigInt(-self.scale) : self.unscaled / 10n ** BigInt(self.scale);
  // Java: NaN is 0, what is too large is the largest.
  if (Number.isNaN(self.value)) return 0n;
  if (Math.abs(self.value) === Infinity) return self.value > 0 ? 2n ** 63n - 1n : -(2n ** 63n);
  return BigInt(Math.trunc(self.value));
}

function clamp(value: bigint, bits: number): bigint {
  const limit = 2n ** BigInt(bits - 1);
  return value >= limit ? limit - 1n : value < -limit ? -limit : value;
}

function integral(self: JavaNumber, bits: 32 | 64): bigint {
  const value = truncated(self);
  // Floating point saturates, integers wrap around.
  return self instanceof JavaDouble || self instanceof JavaFloat ? clamp(value, bits) : BigInt.asIntN(bits, value);
}

export function numberIntValue(self: JavaNumber, args: Args): Value { return args.length === 0 ? Number(integral(self, 32)) : wrongArguments(); }
export function numberLongValue(self: JavaNumber, args: Args): Value { return args.length === 0 ? integral(self, 64) : wrongArguments(); }
export function numberShortValue(self: JavaNumber, args: Args): Value { return args.length === 0 ? Number(BigInt.asIntN(16, integral(self, 32))) : wrongArguments(); }
export function numberByteValue(self: JavaNumber, args: Args): Value { return args.length === 0 ? Number(BigInt.asIntN(8, integral(self, 32))) : wrongArguments(); }
export function numberDoubleValue(self: JavaNumber, args: Args): Value { return args.length === 0 ? new JavaDouble(toDouble(self)) : wrongArguments(); }
export function numberFloatValue(self: JavaNumber, args: Args): Value { return args.length === 0 ? new JavaFloat(toDouble(self)) : wrongArguments(); }

/** Integer.compareTo(Integer) and so on: only the same class fits. */
export function numberCompareTo(self: JavaNumber, args: Args): Value {
  if (args.length !== 1) return null;
  const [other] = args;
  if (other === null) throw new TemplateError('compareTo was called with null');
  return kindOf(other!) === kindOf(self) && isNumber(other!) ? compareNumbers(self, other) : wrongClass();
}

/** Static compare(a, b). */
export function numberCompare(_self: JavaNumber, args: Args): Value {
  const [a, b] = args;
  return args.length === 2 && a !== null && b !== null && isNumber(a!) && isNumber(b!) && kindOf(a) === kindOf(b) ? compareNumbers(a, b) : null;
}

export function doubleIsNaN(self: JavaDouble | JavaFloat, args: Args): Value { return args.length === 0 ? Number.isNaN(self.value) : wrongArguments(); }
export function doubleIsInfinite(self: JavaDouble | JavaFloat, args: Args): Value { return args.length === 0 ? Math.abs(self.value) === Infinity : wrongArguments(); }

function digits(value: Value | undefined, radix: number): bigint {
  if (value === null || typeof value !== 'string') throw new TemplateError('NumberFormatException: null');
  const match = /^([+-]?)([0-9a-zA-Z]+)$/.exec(value);
  const text = match?.[2]!.toLowerCase();
  if (!match || text!.length > 100 || radix < 2 || radix > 36 || [...text!].some((c) => parseInt(c, 36) >= radix)) throw new TemplateError('NumberFormatException: not an integer');
  let result = 0n;
  for (const c of text!) result = result * BigInt(radix) + BigInt(parseInt(c, 36));
  return match[1] === '-' ? -result : result;
}

function within(value: bigint, bits: number): bigint {
  if (BigInt.asIntN(bits, value) !== value) throw new TemplateError('NumberFormatException: out of range');
  return value;
}

function parses(args: Args): boolean {
  return (args.length === 1 || (args.length === 2 && typeof args[1] === 'number')) && (typeof args[0] === 'string' || args[0] === null);
}

/** Integer.parseInt(String[, radix]). */
export function integerParseInt(_self: number, args: Args): Value {
  return parses(args) ? Number(within(digits(args[0], args.length === 2 ? (args[1] as number) : 10), 32)) : null;
}

/** Integer.valueOf(String | int). */
export function integerValueOf(self: number, args: Args): Value {
  return args.length === 1 && typeof args[0] === 'number' ? args[0] : args[0] === null ? null : integerParseInt(self, args);
}

export function longParseLong(_self: bigint, args: Args): Value {
  return parses(args) ? within(digits(args[0], args.length === 2 ? (args[1] as number) : 10), 64) : null;
}

export function longValueOf(self: bigint, args: Args): Value {
  if (args.length === 1 && (typeof args[0] === 'number' || typeof args[0] === 'bigint')) return BigInt(args[0]);
  return args[0] === null ? null : longParseLong(self, args);
}

export function doubleParseDouble(_self: JavaDouble, args: Args): Value {
  if (args.length !== 1 || (typeof args[0] !== 'string' && args[0] !== null)) return null;
  const text = (args[0] ?? '').replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, '');
  if (!/^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/.test(text)) throw new TemplateError('NumberFormatException: not a number');
  return new JavaDouble(Number(text.replace(/[fFdD]$/, '')));
}

export function doubleValueOf(self: JavaDouble, args: Args): Value {
  if (args.length === 1 && args[0] !== null && isNumber(args[0]!) && !(args[0] instanceof JavaBigInteger) && !(args[0] instanceof JavaDecimal)) return new JavaDouble(toDouble(args[0]));
  return doubleParseDouble(self, args);
}

/** toString(), and the static toString(int[, radix]). */
export function integerToString(self: number, args: Args): Value {
  if (args.length === 0) return textOf(self);
  if (args.length === 1 && typeof args[0] === 'number') return textOf(args[0]);
  if (args.length === 2 && typeof args[0] === 'number' && typeof args[1] === 'number') return args[0].toString(args[1] < 2 || args[1] > 36 ? 10 : args[1]);
  return wrongArguments();
}

function radixText(args: Args, radix: number, bits: number): Value {
  const [value] = args;
  if (args.length !== 1 || (typeof value !== 'number' && !(bits === 64 && typeof value === 'bigint'))) return null;
  return BigInt.asUintN(bits, BigInt(value as number | bigint)).toString(radix);
}

export function integerToHexString(_self: number, args: Args): Value { return radixText(args, 16, 32); }
export function integerToBinaryString(_self: number, args: Args): Value { return radixText(args, 2, 32); }
export function integerToOctalString(_self: number, args: Args): Value { return radixText(args, 8, 32); }
export function longToHexString(_self: bigint, args: Args): Value { return radixText(args, 16, 64); }
export function longToBinaryString(_self: bigint, args: Args): Value { return radixText(args, 2, 64); }

/** Static max(a, b), min(a, b), sum(a, b), signum(a) of Integer; the same of Long and Double. */
function pick(self: JavaNumber, args: Args, choose: (a: JavaNumber, b: JavaNumber) => JavaNumber): Value {
  const [a, b] = args;
  if (args.length !== 2 || a === null || b === null || !isNumber(a!) || !isNumber(b!)) return null;
  if (typeof self === 'number') return typeof a === 'number' && typeof b === 'number' ? choose(a, b) : null;
  if (typeof self === 'bigint') return (typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint') ? choose(BigInt(a), BigInt(b)) : null;
  return new JavaDouble(toDouble(choose(new JavaDouble(toDouble(a)), new JavaDouble(toDouble(b)))));
}

export function numberMax(self: JavaNumber, args: Args): Value { return pick(self, args, (a, b) => (compareNumbers(a, b) >= 0 ? a : b)); }
export function numberMin(self: JavaNumber, args: Args): Value { return pick(self, args, (a, b) => (compareNumbers(a, b) <= 0 ? a : b)); }
export function numberSum(self: JavaNumber, args: Args): Value {
  return pick(self, args, (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return (a + b) | 0;
    if (typeof a === 'bigint' && typeof b === 'bigint') return BigInt.asIntN(64, a + b);
    return new JavaDouble(toDouble(a) + toDouble(b));
  });
}

export function integerSignum(_self: number, args: Args): Value { return args.length === 1 && typeof args[0] === 'number' ? Math.sign(args[0]) : null; }
export function integerReverse(_self: number, args: Args): Value {
  if (args.length !== 1 || typeof args[0] !== 'number') return null;
  return parseInt((args[0] >>> 0).toString(2).padStart(32, '0').split('').reverse().join(''), 2) | 0;
}
export function integerBitCount(_self: number, args: Args): Value {
  return args.length === 1 && typeof args[0] === 'number' ? (args[0] >>> 0).toString(2).replace(/0/g, '').length : null;
}

// BigInteger and BigDecimal.

type Big = JavaBigInteger | JavaDecimal;

function bigOperation(self: Big, args: Args, operator: '+' | '-' | '*'): Value {
  return args.length === 1 && kindOf(args[0]!) === self.kind ? arithmetic(operator, self, args[0]!) : null;
}

export function bigAdd(self: Big, args: Args): Value { return bigOperation(self, args, '+'); }
export function bigSubtract(self: Big, args: Args): Value { return bigOperation(self, args, '-'); }
export function bigMultiply(self: Big, args: Args): Value { return bigOperation(self, args, '*'); }
export function bigNegate(self: Big, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  return self instanceof JavaDecimal ? new JavaDecimal(-self.unscaled, self.scale) : bigInteger(-self.value);
}
export function bigAbs(self: Big, args: Args): Value { return args.length === 0 ? ((self instanceof JavaDecimal ? self.unscaled : self.value) < 0n ? bigNegate(self, args) : self) : wrongArguments(); }
export function bigSignum(self: Big, args: Args): Value {
  const value = self instanceof JavaDecimal ? self.unscaled : self.value;
  return args.length === 0 ? (value > 0n ? 1 : value < 0n ? -1 : 0) : wrongArguments();
}
export function decimalToPlainString(self: JavaDecimal, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  if (self.scale <= 0) return (self.unscaled * 10n ** BigInt(-self.scale)).toString();
  const negative = self.unscaled < 0n;
  const text = (negative ? -self.unscaled : self.unscaled).toString().padStart(self.scale + 1, '0');
  return `${negative ? '-' : ''}${text.slice(0, -self.scale)}.${text.slice(-self.scale)}`;
}
export function decimalScale(self: JavaDecimal, args: Args): Value { return args.length === 0 ? toDecimal(self).scale : wrongArguments(); }
