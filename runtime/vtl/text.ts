/** Values as text: Java's toString(), and JSON. */
import { decimalText, doubleText, floatText } from './double-text.js';
import { bounded, MAX_NESTING, step, TemplateError } from './limits.js';
import { identity } from './values.js';
import type { JavaList, JavaObject, Value } from './values.js';

/** `toString()`. null gives null; a block of `#define` that nests too deeply gives null too. */
export function textOf(value: Value): string | null {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return value === 0 ? '0' : String(value);
    case 'boolean': return value ? 'true' : 'false';
    case 'bigint': return value.toString();
    default: return value === null || value === undefined ? null : objectText(value, 0);
  }
}

/** String.valueOf(value): null is `null`. */
export function stringOf(value: Value): string { return textOf(value) ?? 'null'; }

function objectText(value: JavaObject, depth: number): string | null {
  switch (value.kind) {
    case 'double': return doubleText(value.value);
    case 'float': return floatText(value.value);
    case 'bigInteger': return value.value.toString();
    case 'decimal': return decimalText(value);
    case 'character': return value.text;
    case 'array': return `${value.type}@${identity(value).toString(16)}`;
    case 'list': return value.type === 'net.minidev.json.JSONArray' ? jsonText(value) : collectionText(value.items, depth, value);
    case 'view': return collectionText(value.items(), depth, value);
    case 'map': {
      if (value.opaque) return '';
      const keys = value.keys(), items = value.items();
      let text = '{';
      for (let i = 0; i < keys.length; i++) text += `${i === 0 ? '' : ', '}${elementText(keys[i]!, depth, value)}=${elementText(items[i]!, depth, value)}`;
      return bounded(text + '}');
    }
    case 'entry': return `${elementText(value.key, depth, null)}=${elementText(value.value, depth, null)}`;
    case 'iterator': return `java.util.Iterator@${identity(value).toString(16)}`;
    case 'class': return 'class ' + value.name;
    case 'special': return value.text();
  }
}

function collectionText(items: readonly Value[], depth: number, self: Value): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : ', ') + elementText(items[i]!, depth, self);
  return bounded(text + ']');
}

function elementText(value: Value, depth: number, container: Value): string {
  step(1);
  if (value === null || typeof value !== 'object') return textOf(value) ?? 'null';
  if (value === container) return value.kind === 'map' ? '(this Map)' : '(this Collection)';
  if (depth >= MAX_NESTING) throw new TemplateError('a value that contains itself, or nests too deeply, cannot be printed');
  return bounded(objectText(value, depth + 1) ?? 'null');
}

/** Compact JSON text, as `$input.json` gives it. Doubles print as Java prints them. */
export function jsonText(value: Value, depth = 0): string {
  switch (typeof value) {
    case 'string': return quoted(value);
    case 'number': case 'boolean': case 'bigint': return textOf(value)!;
    default: break;
  }
  if (value === null) return 'null';
  if (depth >= MAX_NESTING * 2) throw new TemplateError('a value that contains itself, or nests too deeply, cannot be printed');
  step(1);
  switch (value.kind) {
    case 'double': case 'float': return Number.isFinite(value.value) ? objectText(value, 0)! : 'null';
    case 'bigInteger': case 'decimal': return objectText(value, 0)!;
    case 'list': case 'array': return jsonArray(value, depth);
    case 'view': return bounded(`[${value.items().map((item) => jsonText(item, depth + 1)).join(',')}]`);
    case 'map': {
      const keys = value.keys(), items = value.items();
      let text = '{';
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i]!, item = items[i]!;
        text += (i === 0 ? '' : ',') + quoted(typeof key === 'string' ? key : stringOf(key)) + ':' + (typeof item === 'string' ? quoted(item) : jsonText(item, depth + 1));
      }
      return bounded(text + '}');
    }
    default: return JSON.stringify(stringOf(value));
  }
}

/** A JSON string. Most need no escaping, and asking is cheaper than doing. */
function quoted(text: string): string {
  return /["\\\x00-\x1f\ud800-\udfff]/.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function jsonArray(list: JavaList, depth: number): string {
  const { items } = list;
  let text = '[';
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    text += (i === 0 ? '' : ',') + (typeof item === 'string' ? quoted(item) : jsonText(item, depth + 1));
  }
  return bounded(text + ']');
}
