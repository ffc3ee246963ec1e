/** What every reading of a function's result shares: statuses, fields and bodies that a function may return. */
import { isFieldName } from '../http1/field-lines.js';

export { decodeBase64 } from '../body/base64.js';

/** What goes to the client. `fields` is flat `[name, value…]`. */
export interface LambdaAnswer { readonly status: number; readonly fields: string[]; readonly body: Buffer | string | null }

/** 'malformed': not the shape the contract asks for. 'undecodable': `isBase64Encoded` and no base64. */
export type LambdaAnswerFault = 'malformed' | 'undecodable';

/** An object that is no array; null for anything else. */
export function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : null;
}

/** A whole number, or one in text; `missing` for undefined and null; -1 for what is no status that can be sent. */
export function statusOf(value: unknown, missing: number): number {
  if (value === undefined || value === null) return missing;
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : -1;
  return Number.isInteger(number) && number >= 200 && number <= 599 ? number : -1;
}

/** A field value of a string, number or boolean as it goes on the wire (text beyond ASCII as UTF-8); null for anything else or what no field can hold. */
export function fieldValue(value: unknown): string | null {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return null;
  return /[\x80-\uffff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
}

export function hasContentType(fields: readonly string[]): boolean {
  for (let i = 0; i < fields.length; i += 2) if (fields[i]!.toLowerCase() === 'content-type') return true;
  return false;
}

/**
 * `headers` and `multiValueHeaders` as fields: multi-value ones first, in their spelling; a single-value one of the same name joins them
 * unless its value is there already. Those of `remapped` (lower case) go out as `x-amzn-Remapped-<name>`. null when they are not maps of the
 * contract or cannot be sent.
 */
export function mergedFields(single: unknown, multi: unknown, remapped: ReadonlySet<string> | null): string[] | null {
  const singles = single === undefined || single === null ? {} : objectOf(single);
  const multis = multi === undefined || multi === null ? {} : objectOf(multi);
  if (singles === null || multis === null) return null;
  const merged = new Map<string, { name: string; values: string[] }>();
  for (const name in multis) {
    const list = multis[name];
    if (!Array.isArray(list) || !isFieldName(name)) return null;
    const { values } = entryOf(merged, name);
    for (const item of list) {
      const value = fieldValue(item);
      if (value === null) return null;
      values.push(value);
    }
  }
  for (const name in singles) {
    const value = fieldValue(singles[name]);
    if (value === null || !isFieldName(name)) return null;
    const { values } = entryOf(merged, name);
    if (!values.includes(value)) values.push(value);
  }
  const fields: string[] = [];
  for (const [lower, { name, values }] of merged) {
    if (lower === 'transfer-encoding') continue;
    const sent = remapped !== null && remapped.has(lower) ? `x-amzn-Remapped-${name}` : name;
    for (const value of values) fields.push(sent, value);
  }
  return fields;
}

function entryOf(merged: Map<string, { name: string; values: string[] }>, name: string): { name: string; values: string[] } {
  const lower = name.toLowerCase();
  let entry = merged.get(lower);
  if (entry === undefined) merged.set(lower, (entry = { name, values: [] }));
  return entry;
}
