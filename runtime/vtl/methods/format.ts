/** String.format: `%s %d %x %o %c %b %e %f %g %n %%` with flags, width, precision and explicit indexes. Root locale. */
import { isNumber, toDouble } from '../arithmetic.js';
import { doubleText } from '../double-text.js';
import { hashCode } from '../compare.js';
import { bounded, TemplateError } from '../limits.js';
import { stringOf } from '../text.js';
import { JavaBigInteger, JavaCharacter, JavaDecimal } from '../values.js';
import type { Value } from '../values.js';

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;
const MAX_WIDTH = 100_000;

export function formatText(format: string, args: readonly Value[]): string {
  let next = 0;
  let last = -1;
  let covered = 0;
  const text = format.replace(SPECIFIER, (specifier, position: string | undefined, flags: string, widthText: string | undefined, precisionText: string | undefined, conversion: string, offset: number) => {
    if (format.slice(covered, offset).includes('%')) throw new TemplateError('UnknownFormatConversionException');
    covered = offset + specifier.length;
    const width = widthText === undefined ? 0 : Number(widthText), precision = precisionText === undefined ? undefined : Number(precisionText);
    if (width > MAX_WIDTH || (precision ?? 0) > MAX_WIDTH) throw new TemplateError('a format is too wide');
    if (conversion === 'n') return '\n';
    if (conversion === '%') return pad('%', width, flags);
    const at = flags.includes('<') ? last : position === undefined ? next++ : Number(position) - 1;
    last = at;
    if (at < 0 || at >= args.length) throw new TemplateError(`MissingFormatArgumentException: ${specifier}`);
    const result = convert(args[at]!, conversion, flags, width, precision, specifier);
    return conversion >= 'A' && conversion <= 'Z' ? result.toUpperCase() : result;
  });
  if (format.slice(covered).includes('%')) throw new TemplateError('UnknownFormatConversionException');
  return bounded(text);
}

function pad(text: string, width: number, flags: string): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function illegal(conversion: string): never { throw new TemplateError(`IllegalFormatConversionException: ${conversion}`); }

function convert(value: Value, conversion: string, flags: string, width: number, precision: number | undefined, specifier: string): string {
  switch (conversion.toLowerCase()) {
    case 's': return pad(cut(stringOf(value), precision), width, flags);
    case 'b': return pad(cut(value === null ? 'false' : typeof value === 'boolean' ? String(value) : 'true', precision), width, flags);
    case 'h': return pad(cut(value === null ? 'null' : (hashCode(value) >>> 0).toString(16), precision), width, flags);
    case 'c':
      if (value === null) return pad('null', width, flags);
      if (value instanceof JavaCharacter) return pad(value.text, width, flags);
      return typeof value === 'number' && value >= 0 && value <= 0x10ffff ? pad(String.fromCodePoint(value), width, flags) : illegal(specifier);
    case 'd': case 'x': case 'o': {
      if (value === null) return pad('null', width, flags);
      const integer = typeof value === 'number' ? BigInt(value) : typeof value === 'bigint' ? value : value instanceof JavaBigInteger ? value.value : illegal(specifier);
      if (precision !== undefined) throw new TemplateError('IllegalFormatPrecisionException');
      if (conversion === 'd') return number((integer < 0n ? -integer : integer).toString(), integer < 0n, width, flags);
      const bits = typeof value === 'number' ? 32 : 64;
      const unsigned = value instanceof JavaBigInteger ? integer : BigInt.asUintN(bits, integer);
      const digits = unsigned.toString(conversion.toLowerCase() === 'x' ? 16 : 8);
      const text = (flags.includes('#') ? (conversion.toLowerCase() === 'x' ? '0x' : '0') : '') + digits;
      return flags.includes('0') ? text.padStart(width, '0') : pad(text, width, flags);
    }
    case 'e': case 'f': case 'g': {
      if (value === null) return pad('null', width, flags);
      if (!isNumber(value) || typeof value !== 'object' || value instanceof JavaBigInteger) return illegal(specifier);
      const double = toDouble(value);
      if (!Number.isFinite(double)) return pad(doubleText(double), width, flags);
      const digits = precision ?? 6;
      const negative = double < 0 || Object.is(double, -0);
      if (conversion.toLowerCase() === 'f') return number(fixed(value instanceof JavaDecimal ? value : toDecimalText(Math.abs(double)), digits), negative, width, flags);
      const scientific = Math.abs(double).toExponential(Math.min(100, conversion === 'g' ? Math.max(0, (digits || 1) - 1) : digits));
      const text = scientific.replace(/e([+-])(\d)$/, 'e$10$2');
      if (conversion.toLowerCase() === 'g') {
        const magnitude = Math.abs(double);
        const significant = digits || 1;
        if (magnitude === 0 || (magnitude >= 1e-4 && magnitude < 10 ** significant)) {
          const before = magnitude === 0 ? 1 : Math.floor(Math.log10(magnitude)) + 1;
          return number(fixed(toDecimalText(magnitude), Math.max(0, significant - before)), negative, width, flags);
        }
      }
      return number(text, negative, width, flags);
    }
    default: throw new TemplateError(`UnknownFormatConversionException: ${conversion}`);
  }
}

/** Java rounds the decimal that Double.toString shows, half up. */
function toDecimalText(value: number): JavaDecimal {
  const [mantissa, exponent = '0'] = doubleText(value).split('E');
  const point = mantissa!.indexOf('.');
  const digits = mantissa!.slice(0, point) + mantissa!.slice(point + 1);
  return new JavaDecimal(BigInt(digits), mantissa!.length - point - 1 - Number(exponent));
}

function fixed(value: JavaDecimal, digits: number): string {
  let unscaled = value.unscaled < 0n ? -value.unscaled : value.unscaled;
  if (value.scale > digits) {
    const divisor = 10n ** BigInt(value.scale - digits);
    const quotient = unscaled / divisor;
    unscaled = (unscaled % divisor) * 2n >= divisor ? quotient + 1n : quotient;
  } else unscaled *= 10n ** BigInt(digits - value.scale);
  const text = unscaled.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : text.slice(0, precision);
}

function number(magnitude: string, negative: boolean, width: number, flags: string): string {
  let text = magnitude;
  if (flags.includes(',')) text = text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
  const open = negative ? (flags.includes('(') ? '(' : '-') : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const close = negative && flags.includes('(') ? ')' : '';
  if (flags.includes('0')) text = text.padStart(width - open.length - close.length, '0');
  return pad(open + text + close, width, flags);
}

