/** `Fn::ForEach::Name: [Identifier, [value, …], {key with ${Identifier}: body}]` of AWS::LanguageExtensions, wherever an object may hold it. */
import type { Json } from '../../code.js';
import { escapePointer } from '../node.js';
import { isObject, type JsonObject } from './is-template.js';

const PREFIX = 'Fn::ForEach::';
/** More are never meant, and loops in loops multiply. */
const MOST_COPIES = 5_000, MOST_VALUES = 1_000_000;

export interface Entry { readonly key: string; readonly value: Json; readonly pointer: string }

/** The entries of an object with loops unrolled, each with where it is written. `list`: the values of a collection; undefined when they are not known. `tooMany`: called when not all were. */
export function unrolled(object: JsonObject, pointer: string, list: (collection: Json) => readonly string[] | undefined, tooMany: () => void): Entry[] {
  const entries: Entry[] = [];
  const budget = { left: MOST_VALUES };
  const visit = (holder: JsonObject, at: string, change: (value: Json) => Json): void => {
    for (const [key, value] of Object.entries(holder)) {
      const here = `${at}/${escapePointer(key)}`;
      const loop = key.startsWith(PREFIX) ? change(value) : undefined;
      if (loop === undefined) {
        if (entries.length < MOST_COPIES) entries.push({ key: String(change(key)), value: change(value), pointer: here });
        continue;
      }
      const [identifier, collection, body] = Array.isArray(loop) ? loop as readonly Json[] : [];
      if (typeof identifier !== 'string' || !isObject(body)) continue;
      for (const item of list(collection ?? null) ?? []) {
        if (entries.length >= MOST_COPIES || budget.left <= 0) return tooMany();
        visit(body, `${here}/2`, (part) => replaced(part, identifier, item, budget));
      }
    }
  };
  visit(object, pointer, (value) => value);
  return entries;
}

export function hasLoop(object: JsonObject): boolean {
  for (const key in object) if (key.startsWith(PREFIX)) return true;
  return false;
}

/** `value` with `${identifier}`, `&{identifier}` (letters and digits only) and `{Ref: identifier}` replaced. */
function replaced(value: Json, identifier: string, item: string, budget: { left: number }): Json {
  if (--budget.left < 0) return value;
  if (typeof value === 'string') return value.includes(identifier) ? value.replaceAll(`\${${identifier}}`, item).replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, '')) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => replaced(part as Json, identifier, item, budget));
  const object = value as JsonObject;
  const keys = Object.keys(object);
  if (keys.length === 1 && object['Ref'] === identifier) return item;
  return Object.fromEntries(keys.map((key) => [replaced(key, identifier, item, budget) as string, replaced(object[key]!, identifier, item, budget)]));
}
