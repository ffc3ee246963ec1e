/** Parameters in header fields (style simple) and cookies (style form). */
import type { Fields } from '../exchange.js';
import { headerText, MALFORMED, REPEATED, toAssignments, toPairs, type Conversions, type Convert, type Separator, type Text } from './text.js';

/** A field that may be given once. */
export function fieldText(fields: Fields, name: string): Text {
  const values = fields.all(name);
  if (values.length === 0) return undefined;
  return values.length === 1 ? headerText(values[0]!.trim()) : REPEATED;
}

/** Several lines are one list (RFC 9110 §5.3). */
function combined(fields: Fields, name: string): string | undefined {
  const values = fields.all(name);
  return values.length === 0 ? undefined : headerText(values.join(','));
}

export function fieldList(fields: Fields, name: string, separator: Separator, conversion: Convert): unknown {
  const value = combined(fields, name);
  if (value === undefined) return undefined;
  return value.trim() === '' ? [] : value.trim().split(separator).map((item) => conversion(item.trim()));
}

const trimmed = (raw: string): string => raw.trim();

/** `role,admin,age,5` */
export function fieldPairs(fields: Fields, name: string, conversions: Conversions): unknown {
  const value = combined(fields, name);
  return value === undefined ? undefined : toPairs(value, ',', trimmed, conversions);
}

/** `role=admin,age=5` (explode) */
export function fieldAssignments(fields: Fields, name: string, conversions: Conversions): unknown {
  const value = combined(fields, name);
  return value === undefined ? undefined : toAssignments(value, ',', trimmed, conversions);
}

/** Raw values of cookie `name`, in order (RFC 6265 §5.4: pairs separated by `; `; quotes belong to the value and are taken off). */
export function cookieValues(fields: Fields, name: string): readonly string[] {
  const found: string[] = [];
  for (const line of fields.all('cookie')) {
    for (const pair of line.split(';')) {
      const equals = pair.indexOf('=');
      if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
      const value = pair.slice(equals + 1).trim();
      found.push(value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value);
    }
  }
  return found;
}

/** From a cookie's raw text: `decodePercent` (style form) or `asIs` (style cookie). */
type Decode = (raw: string) => string | typeof MALFORMED;

/** Cookies of OpenAPI 3.2's style `cookie` are not percent-encoded. */
export function asIs(raw: string): string { return headerText(raw); }

export function cookieText(fields: Fields, name: string, decode: Decode): Text {
  const values = cookieValues(fields, name);
  if (values.length === 0) return undefined;
  return values.length === 1 ? decode(values[0]!) : REPEATED;
}

/** `id=3,4` and, exploded, `id=3; id=4`. */
export function cookieList(fields: Fields, name: string, decode: Decode, conversion: Convert): unknown {
  const values = cookieValues(fields, name);
  if (values.length === 0) return undefined;
  const list: unknown[] = [];
  for (const item of values.length === 1 ? (values[0] === '' ? [] : values[0]!.split(',')) : values) {
    const text = decode(item);
    if (text === MALFORMED) return MALFORMED;
    list.push(conversion(text));
  }
  return list;
}

/** `color=R,100,G,200` */
export function cookiePairs(fields: Fields, name: string, decode: Decode, conversions: Conversions): unknown {
  const values = cookieValues(fields, name);
  if (values.length === 0) return undefined;
  return values.length === 1 ? toPairs(values[0]!, ',', decode, conversions) : REPEATED;
}
