/** Requests to the control plane, and how their bodies and parameters are read: everything in them is hostile. */
import { badRequest } from './control-error.js';

export interface ControlRequest {
  readonly method: string;
  /** As sent, without query. */
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ControlAnswer {
  readonly status: number;
  /** `x-amzn-ErrorType`; '' when it is no error. */
  readonly errorType: string;
  /** JSON, or '' for none. */
  readonly body: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The body's fields; an empty body has none. */
export function readFields(body: string): Fields {
  if (body.trim() === '') return {};
  let value: unknown;
  try { value = JSON.parse(body); } catch { throw badRequest('Unable to parse the request body as JSON'); }
  return asFields(value, 'the request body');
}

export function asFields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest(`Invalid request input: ${name} must be an object`);
  return value as Fields;
}

/** Only these may be there. */
export function knownFields(fields: Fields, names: readonly string[]): void {
  for (const name in fields) if (!names.includes(name)) throw badRequest(`Invalid request input: unknown field '${printable(name)}'`);
}

export function textField(fields: Fields, name: string, most: number): string | undefined {
  const value = own(fields, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badRequest(`Invalid request input: ${name} must be a string`);
  if (value.length > most) throw badRequest(`Invalid request input: ${name} is longer than ${most} characters`);
  return value;
}

export function booleanField(fields: Fields, name: string): boolean | undefined {
  const value = own(fields, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw badRequest(`Invalid request input: ${name} must be true or false`);
  return value;
}

export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** At most 50 tags of at most 128 and 256 characters. */
export function tagsField(fields: Fields): Record<string, string> {
  const value = own(fields, 'tags');
  if (value === undefined || value === null) return {};
  const entries = Object.entries(asFields(value, 'tags'));
  if (entries.length > 50) throw badRequest('Invalid request input: at most 50 tags');
  for (const [key, text] of entries) if (typeof text !== 'string' || text.length > 256 || key.length > 128 || key.length === 0) throw badRequest('Invalid request input: tags are strings of at most 256 characters, named with at most 128');
  return Object.fromEntries(entries) as Record<string, string>;
}

/** What may stand in a message. */
export function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

/** One page of `all`, which is sorted by `at`: from after `position` on, at most `limit` (25 when not said, 500 at most). */
export function page<T>(all: readonly T[], at: (each: T) => string, query: ControlRequest['query']): { items: T[]; position: string | undefined } {
  const text = query['limit'];
  if (text !== undefined && !/^\d{1,6}$/.test(text)) throw badRequest('Invalid limit: it must be a positive number');
  const limit = Math.min(500, text === undefined || text === '0' ? 25 : Number(text));
  const after = query['position'] === undefined || query['position'] === '' ? undefined : readPosition(query['position']);
  const rest = after === undefined ? all : all.filter((each) => at(each) > after);
  const items = rest.slice(0, limit);
  return { items, position: rest.length > limit ? Buffer.from(at(items.at(-1)!), 'utf8').toString('base64url') : undefined };
}

function readPosition(text: string): string {
  if (text.length > 2_000 || !/^[A-Za-z0-9_-]+$/.test(text)) throw badRequest('Invalid position parameter');
  return Buffer.from(text, 'base64url').toString('utf8');
}
