/** Text of single values. */

/** Percent-encodes everything but unreserved characters (RFC 3986 section 2.3). */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());
}

/** A value where OpenAPI wants a primitive: dates as ISO 8601, anything nested as JSON. */
export function plain(value: unknown): string {
  return value instanceof Date ? value.toISOString() : value && typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** 32 hexadecimal digits. (crypto.randomUUID exists only in secure contexts of browsers.) */
export function randomHex(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Properties that are there, as text. */
export function entries(value: object): [name: string, value: string][] {
  return Object.entries(value).filter(([, item]) => item !== undefined && item !== null).map(([key, item]) => [key, plain(item)]);
}
