/**
 * `+ - * / %` and number comparison as Velocity 1.7 computes them: integers stay integers and grow Integer → Long → BigInteger,
 * `/` truncates, division by zero is null, a decimal makes the result a Double.
 */
import { exactDecimal } from './double-text.js';
import { TemplateError } from './limits.js';
import { JavaBigInteger, JavaDecimal, JavaDouble, JavaFloat } from './values.js';
import type { Value } from './values.js';

export type JavaNumber = number | bigint | JavaDouble | JavaFloat | JavaBigInteger | JavaDecimal;
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export function isNumber(value: Value): value is JavaNumber {
  switch (typeof value) {
    case 'number': case 'bigint': return true;
    case 'object': return value instanceof JavaDouble || value instanceof JavaBigInteger || value instanceof JavaDecimal || value instanceof JavaFloat;
    default: return false;
  }
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
/** Digits are cheap to multiply and dear to print. */
const MAX_BITS = 2n ** 20_000n;

function isIntegral(value: JavaNumber): value is number | bigint | JavaBigInteger {
  return typeof value !== 'object' || value instanceof JavaBigInteger;
}

function toBigInt(value: number | bigint | JavaBigInteger): bigint {
  return typeof value === 'object' ? value.value : BigInt(value);
}

/** Number.doubleValue(). */
export function toDouble(value: JavaNumber): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof JavaDecimal) return Number(`${value.unscaled}e${-value.scale}`);
  return Number(value.value);
}

/** A Long unless it fits neither: then a BigInteger. */
function fromBigInt(value: bigint): JavaNumber {
  if (value >= LONG_MIN && value <= LONG_MAX) return value;
  return bigInteger(value);
}

export function bigInteger(value: bigint): JavaBigInteger {
  if (value > MAX_BITS || value < -MAX_BITS) throw new TemplateError('the template makes a number that is too large');
  return new JavaBigInteger(value);
}

export function toDecimal(value: JavaNumber): JavaDecimal {
  if (value instanceof JavaDecimal) return value;
  if (value instanceof JavaBigInteger) return new JavaDecimal(value.value, 0);
  const double = toDouble(value);
  if (!Number.isFinite(double)) throw new TemplateError('Infinite or NaN');
  return exactDecimal(double);
}

function align(a: JavaDecimal, b: JavaDecimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  if (scale - a.scale > 5000 || scale - b.scale > 5000) throw new TemplateError('the template computes with a number that is too large');
  return [a.unscaled * 10n ** BigInt(scale - a.scale), b.unscaled * 10n ** BigInt(scale - b.scale), scale];
}

/** The result, or null: an operand is no number, or the divisor is zero. */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return integers(operator, left, right);
  if (!isNumber(left) || !isNumber(right)) return null;
  if ((operator === '/' || operator === '%') && isZero(right)) return null;
  if (left instanceof JavaDecimal || right instanceof JavaDecimal || ((!isIntegral(left) || !isIntegral(right)) && (left instanceof JavaBigInteger || right instanceof JavaBigInteger))) {
    return decimals(operator, toDecimal(left), toDecimal(right));
  }
  if (isIntegral(left) && isIntegral(right)) {
    const big = left instanceof JavaBigInteger || right instanceof JavaBigInteger;
    const a = toBigInt(left), b = toBigInt(right);
    if (!big) {
      // Long.MIN_VALUE / -1 overflows silently in Java; multiplication is checked by dividing back, which misses the same case.
      if (operator === '/' || operator === '%' || (operator === '*' && a === LONG_MIN && b === -1n)) return BigInt.asIntN(64, operator === '*' ? a * b : bigIntegers(operator, a, b));
      return fromBigInt(bigIntegers(operator, a, b));
    }
    if (operator === '%') {
      if (b < 0n) throw new TemplateError('BigInteger: modulus not positive');
      return bigInteger(((a % b) + b) % b);
    }
    return bigInteger(bigIntegers(operator, a, b));
  }
  if (left instanceof JavaDouble || right instanceof JavaDouble) return new JavaDouble(doubles(operator, toDouble(left), toDouble(right)));
  return new JavaFloat(doubles(operator, Math.fround(toDouble(left)), Math.fround(toDouble(right))));
}

function integers(operator: ArithmeticOperator, a: number, b: number): Value {
  let result: number;
  switch (operator) {
    case '+': result = a + b; break;
    case '-': result = a - b; break;
    case '*': {
      result = a * b;
      // Above 2^53 the product of two doubles is inexact.
      if (!Number.isSafeInteger(result)) return BigInt(a) * BigInt(b);
      break;
    }
    case '/': if (b === 0) return null; result = Math.trunc(a / b); break;
    case '%': if (b === 0) return null; result = a % b; break;
  }
  return result === (result | 0) ? result | 0 : BigInt(result);
}

function bigIntegers(operator: ArithmeticOperator, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    case '%': return a % b;
  }
}

function doubles(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    case '%': return a % b;
  }
}

function decimals(operator: ArithmeticOperator, a: JavaDecimal, b: JavaDecimal): Value {
  switch (operator) {
    case '+': { const [x, y, scale] = align(a, b); return decimal(x + y, scale); }
    case '-': { const [x, y, scale] = align(a, b); return decimal(x - y, scale); }
    case '*': return decimal(a.unscaled * b.unscaled, a.scale + b.scale);
    case '/': {
      // divide(divisor, ROUND_HALF_DOWN): the quotient has the dividend's scale.
      const shift = b.scale;
      if (Math.abs(shift) > 5000) throw new TemplateError('the template computes with a number that is too large');
      const numerator = shift >= 0 ? a.unscaled * 10n ** BigInt(shift) : a.unscaled;
      const denominator = shift >= 0 ? b.unscaled : b.unscaled * 10n ** BigInt(-shift);
      return decimal(divideHalfDown(numerator, denominator), a.scale);
    }
    case '%': throw new TemplateError('Cannot calculate the modulo of BigDecimals.');
  }
}

function decimal(unscaled: bigint, scale: number): JavaDecimal {
  if (unscaled > MAX_BITS || unscaled < -MAX_BITS || Math.abs(scale) > 100_000) throw new TemplateError('the template makes a number that is too large');
  return new JavaDecimal(unscaled, scale);
}

function divideHalfDown(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const x = a < 0n ? -a : a, y = b < 0n ? -b : b;
  let quotient = x / y;
  if ((x % y) * 2n > y) quotient++;
  return negative ? -quotient : quotient;
}

function isZero(value: JavaNumber): boolean {
  if (typeof value === 'number') return value === 0;
  if (typeof value === 'bigint') return value === 0n;
  if (value instanceof JavaBigInteger) return value.value === 0n;
  if (value instanceof JavaDecimal) return value.unscaled === 0n;
  return value.value === 0;
}

/** -1, 0 or 1. A NaN is neither smaller nor larger: 0, as in the Java engine. */
export function compareNumbers(left: JavaNumber, right: JavaNumber): number {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  if (isIntegral(left) && isIntegral(right)) {
    const a = toBigInt(left), b = toBigInt(right);
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (left instanceof JavaDecimal || right instanceof JavaDecimal || left instanceof JavaBigInteger || right instanceof JavaBigInteger) {
    const [a, b] = align(toDecimal(left), toDecimal(right));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const a = toDouble(left), b = toDouble(right);
  return a < b ? -1 : a > b ? 1 : 0;
}
