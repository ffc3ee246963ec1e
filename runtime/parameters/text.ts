/** From the text of a parameter, header or form field to the JSON value it stands for. What is no such value stays text, and the schema refuses it. */

/** A text that is missing, one that cannot be decoded, and one that was given more than once where once is allowed. */
export const MALFORMED: unique symbol = Symbol('malformed');
export const REPEATED: unique symbol = Symbol('repeated');
export type Absent = undefined;
export type Text = string | Absent | typeof MALFORMED | typeof REPEATED;

export const toText = (text: string): unknown => text;

/** A JSON number; `007`, `0x10`, ` 5` and `1e999` are texts. */
export function toNumber(text: string): unknown {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

export function toBoolean(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

export function toNull(text: string): unknown {
  return text === '' || text === 'null' ? null : text;
}

export type Convert = (text: string) => unknown;

/** The first conversion that finds a value. */
export function toAny(conversions: readonly Convert[]): Convert {
  return (text) => {
    for (const convert of conversions) {
      const value = convert(text);
      if (value !== text) return value;
    }
    return text;
  };
}

/** Applies a conversion to a text; what is missing or broken stays so. */
export function convert(text: Text, conversion: Convert): unknown {
  return typeof text === 'string' ? conversion(text) : text;
}

/** Percent-decodes strictly: escapes must be two hex digits and the bytes UTF-8. `+` stays. */
export function decodePercent(raw: string): string | typeof MALFORMED {
  if (raw.indexOf('%') < 0) return isAscii(raw) ? raw : utf8(raw);
  try {
    // Raw bytes beyond ASCII came as Latin-1; escaped, they are decoded together with the rest.
    return decodeURIComponent(isAscii(raw) ? raw : raw.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    return MALFORMED;
  }
}

/** As `decodePercent`, and `+` is a blank (WHATWG URL, application/x-www-form-urlencoded). */
export function decodeForm(raw: string): string | typeof MALFORMED {
  return decodePercent(raw.indexOf('+') < 0 ? raw : raw.replace(/\+/g, ' '));
}

/** The UTF-8 text whose bytes a header field's Latin-1 value holds; as it is when they are no UTF-8. */
export function headerText(value: string): string {
  if (isAscii(value)) return value;
  const text = utf8(value);
  return text === MALFORMED ? value : text;
}

function utf8(latin1: string): string | typeof MALFORMED {
  const text = Buffer.from(latin1, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? MALFORMED : text;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** Between the items of a list: OpenAPI 2.0's csv, ssv, pipes and tsv. */
export type Separator = ',' | ' ' | '|' | '\t';

/** A client must escape blanks, tabs and bars (RFC 3986), so their escaped form delimits as well. A comma that is escaped belongs to a value. */
export function plainDelimiters(raw: string, separator: Separator): string {
  if (separator === ' ') return raw.replace(/%20/g, ' ');
  if (separator === '|') return raw.replace(/%7[cC]/g, '|');
  return separator === '\t' ? raw.replace(/%09/g, '\t') : raw;
}

/** A list of items, each decoded and converted; '' is the empty list. */
export function toList(raw: string, separator: string, decode: (raw: string) => string | typeof MALFORMED, conversion: Convert): unknown {
  if (raw === '') return [];
  const list: unknown[] = [];
  for (const item of raw.split(separator)) {
    const text = decode(item);
    if (text === MALFORMED) return MALFORMED;
    list.push(conversion(text));
  }
  return list;
}

/** How each property of an object is converted; `toText` for those not named. */
export type Conversions = Readonly<Record<string, Convert>>;

export function convertProperty(conversions: Conversions, name: string, text: string): unknown {
  return Object.prototype.hasOwnProperty.call(conversions, name) ? conversions[name]!(text) : text;
}

/** `role,admin,age,5`: names and values in turn. An odd number of parts is malformed. */
export function toPairs(raw: string, separator: string, decode: (raw: string) => string | typeof MALFORMED, conversions: Conversions): unknown {
  if (raw === '') return {};
  const parts = raw.split(separator);
  if (parts.length % 2 === 1) return MALFORMED;
  const object = {};
  for (let index = 0; index < parts.length; index += 2) {
    if (!setProperty(object, decode(parts[index]!), decode(parts[index + 1]!), conversions)) return MALFORMED;
  }
  return object;
}

/** `role=admin,age=5`: assignments. */
export function toAssignments(raw: string, separator: string, decode: (raw: string) => string | typeof MALFORMED, conversions: Conversions): unknown {
  const object = {};
  if (raw === '') return object;
  for (const part of raw.split(separator)) {
    const equals = part.indexOf('=');
    if (!setProperty(object, decode(equals < 0 ? part : part.slice(0, equals)), equals < 0 ? '' : decode(part.slice(equals + 1)), conversions)) return MALFORMED;
  }
  return object;
}

function setProperty(object: object, name: string | typeof MALFORMED, text: string | typeof MALFORMED, conversions: Conversions): boolean {
  if (name === MALFORMED || text === MALFORMED) return false;
  define(object, name, convertProperty(conversions, name, text));
  return true;
}

/** Sets an own property, whatever its name (`__proto__`). */
export function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A value serialised as JSON (`content: application/json`). */
export function toJson(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return MALFORMED; }
}
