/** How Java prints floating-point numbers (Double.toString, Float.toString): `1.0`, `1.0E10`, `1.234E-5`, `NaN`, `Infinity`. */
import { JavaDecimal } from './values.js';

export function doubleText(value: number): string {
  if (Number.isInteger(value) && value > -1e7 && value < 1e7) return Object.is(value, -0) ? '-0.0' : `${value}.0`;
  const magnitude = Math.abs(value);
  // Between these, Java and JavaScript write the same.
  if (magnitude >= 1e-3 && magnitude < 1e7) return String(value);
  const shortest = String(magnitude);
  // Java shows at least two digits, the nearest two: Double.MIN_VALUE is 4.9E-324.
  if (/^\de/.test(shortest) && Number(value.toPrecision(2)) === value) return javaStyle(value, Math.abs(value).toPrecision(2));
  return javaStyle(value, shortest);
}

export function floatText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return javaStyle(value, String(Math.abs(value)));
  // The shortest digits that give the same 32-bit number.
  for (let digits = 1; digits <= 9; digits++) {
    const text = Math.abs(value).toPrecision(digits);
    if (Math.fround(Number(text)) === Math.abs(value)) return javaStyle(value, text);
  }
  return javaStyle(value, String(Math.abs(value)));
}

/** `text`: the digits of |value| in any JavaScript notation. */
function javaStyle(value: number, text: string): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return sign + 'Infinity';
  if (value === 0) return sign + '0.0';
  const [mantissa, exponentText = '0'] = text.split('e');
  const point = mantissa!.indexOf('.');
  const whole = point < 0 ? mantissa! : mantissa!.slice(0, point);
  const all = whole + (point < 0 ? '' : mantissa!.slice(point + 1));
  const leadingZeros = /^0*/.exec(all)![0].length;
  const digits = all.slice(leadingZeros).replace(/0+$/, '') || '0';
  /** The value is 0.digits × 10^exponent. */
  const exponent = whole.length - leadingZeros + Number(exponentText);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
    return `${sign}${digits.slice(0, exponent).padEnd(exponent, '0')}.${digits.slice(exponent) || '0'}`;
  }
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent - 1}`;
}

/** BigDecimal.toString: scientific notation when the exponent is positive or below -6. */
export function decimalText(value: JavaDecimal): string {
  const negative = value.unscaled < 0n;
  const digits = (negative ? -value.unscaled : value.unscaled).toString();
  const sign = negative ? '-' : '';
  const adjusted = digits.length - 1 - value.scale;
  if (value.scale >= 0 && adjusted >= -6) {
    if (value.scale === 0) return sign + digits;
    if (digits.length > value.scale) return `${sign}${digits.slice(0, -value.scale)}.${digits.slice(-value.scale)}`;
    return `${sign}0.${'0'.repeat(value.scale - digits.length)}${digits}`;
  }
  return `${sign}${digits[0]}${digits.length > 1 ? '.' + digits.slice(1) : ''}${adjusted === 0 ? '' : `E${adjusted > 0 ? '+' : ''}${adjusted}`}`;
}

/** The exact decimal value of a finite double, as `new BigDecimal(double)` gives it. */
export function exactDecimal(value: number): JavaDecimal {
  if (Number.isInteger(value)) return new JavaDecimal(BigInt(value), 0);
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const high = bits.getUint32(0), low = bits.getUint32(4);
  const biased = (high >>> 20) & 0x7ff;
  let significand = (BigInt(high & 0xfffff) << 32n) | BigInt(low);
  if (biased !== 0) significand |= 1n << 52n;
  let exponent = (biased || 1) - 1075;
  while (exponent < 0 && (significand & 1n) === 0n && significand !== 0n) { significand >>= 1n; exponent++; }
  if (high >>> 31) significand = -significand;
  return exponent >= 0 ? new JavaDecimal(significand << BigInt(exponent), 0) : new JavaDecimal(significand * 5n ** BigInt(-exponent), -exponent);
}

/** A decimal from its text (`-1.50e3`), exactly. */
export function parseDecimal(text: string): JavaDecimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const fraction = match[3] ?? '';
  const unscaled = BigInt(match[2] + fraction || '0');
  return new JavaDecimal(match[1] === '-' ? -unscaled : unscaled, fraction.length - Number(match[4] ?? 0));
}
