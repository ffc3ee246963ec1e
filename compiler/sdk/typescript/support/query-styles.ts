/** Query, header and cookie parameters in OpenAPI's styles. Also the fields of url-encoded forms. */
import { encode, entries, isObject, plain } from './encode.js';
import type { Draft, ParameterSpec } from './operation.js';

export function formQuery({ name, explode }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...pairs(name, value, explode, ',', encode));
}

/** Leaves reserved characters alone (`allowReserved`), except the one that would end the query. */
export function reservedQuery({ name, explode }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...pairs(name, value, explode, ',', (text) => encodeURI(text).replace(/%5B/g, '[').replace(/%5D/g, ']').replace(/#/g, '%23')));
}

export function spaceQuery({ name, explode }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...pairs(name, value, explode, '%20', encode));
}

export function pipeQuery({ name, explode }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...pairs(name, value, explode, '%7C', encode));
}

export function tabQuery({ name, explode }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...pairs(name, value, explode, '%09', encode));
}

/** `filter[price][lt]=5`, as qs, Rails and PHP read it; gwc's gateways too. */
export function deepQuery({ name }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(...deepPairs(name, value));
}

export function jsonQuery({ name }: ParameterSpec, value: unknown, { query }: Draft): void {
  query.push(`${encode(name)}=${encode(JSON.stringify(value))}`);
}

export function simpleHeader({ name, explode }: ParameterSpec, value: unknown, { headers }: Draft): void {
  headers.set(name, Array.isArray(value) ? value.map(plain).join(',') : isObject(value) ? entries(value).map((pair) => pair.join(explode ? '=' : ',')).join(',') : plain(value));
}

/** A list with a separator of OpenAPI 2.0's. */
export function separatedHeader({ name, separator }: ParameterSpec, value: unknown, { headers }: Draft): void {
  headers.set(name, Array.isArray(value) ? value.map(plain).join(separator) : plain(value));
}

export function jsonHeader({ name }: ParameterSpec, value: unknown, { headers }: Draft): void {
  headers.set(name, JSON.stringify(value));
}

export function formCookie({ name, explode }: ParameterSpec, value: unknown, { cookies }: Draft): void {
  cookies.push(...pairs(name, value, explode, ',', encode));
}

/** `style: cookie` (3.2): as `form`, and nothing is percent-encoded. Throws a TypeError for what would be read as another cookie. */
export function plainCookie({ name, explode }: ParameterSpec, value: unknown, { cookies }: Draft): void {
  const written = pairs(name, value, explode, ',', (text) => text);
  if (written.some((pair) => /[;\r\n\0]/.test(pair))) throw new TypeError(`${name}: a cookie cannot hold ";" or a line break; encode the value as the service expects it`);
  cookies.push(...written);
}

export function jsonCookie({ name }: ParameterSpec, value: unknown, { cookies }: Draft): void {
  cookies.push(`${encode(name)}=${encode(JSON.stringify(value))}`);
}

/** `name=value` pairs, encoded. An empty list or object gives none. */
export function pairs(name: string, value: unknown, explode: boolean | undefined, separator: string, write: (text: string) => string): string[] {
  const one = (key: string, text: string): string => `${encode(key)}=${text}`;
  if (Array.isArray(value)) {
    const items = value.filter((item) => item !== undefined && item !== null).map((item) => write(plain(item)));
    return explode ? items.map((item) => one(name, item)) : items.length > 0 ? [one(name, items.join(separator))] : [];
  }
  if (!isObject(value)) return [one(name, write(plain(value)))];
  const properties = entries(value);
  if (explode) return properties.map(([key, item]) => one(key, write(item)));
  return properties.length > 0 ? [one(name, properties.flat().map(write).join(separator))] : [];
}

/** Brackets in one name; servers that read more than this are attacked with it. */
const MAX_DEPTH = 16;

/**
 * `name[property]=value` for every value inside, encoded. A list of texts repeats its name, the items of others are numbered. Empty lists and
 * objects give none: there is nothing to write. Throws a TypeError for what no server could take apart again.
 */
export function deepPairs(name: string, value: unknown, depth = 0): string[] {
  if (value === undefined || value === null) return [];
  if (depth > MAX_DEPTH) throw new TypeError(`${name}: nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    const items = (value as readonly unknown[]).filter((item) => item !== undefined && item !== null);
    return items.some(isNested) ? items.flatMap((item, index) => deepPairs(`${name}[${index}]`, item, depth + 1)) : items.map((item) => pairOf(name, item));
  }
  if (!isObject(value)) return [pairOf(name, value)];
  return Object.entries(value).flatMap(([key, item]) => {
    if (item !== undefined && (key === '' || /[[\]]/.test(key))) throw new TypeError(`${name}: the property ${JSON.stringify(key)} cannot be written between brackets`);
    return deepPairs(`${name}[${key}]`, item, depth + 1);
  });
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) || isObject(value);
}

function pairOf(name: string, value: unknown): string {
  return `${encode(name)}=${encode(plain(value))}`;
}
