/** `$a.b`, `$a[b]` and assignments to them, by the rules of Velocity's Uberspect over Java's classes. */
import { TemplateError } from './limits.js';
import { stringBytes } from './methods/string.js';
import { classOf, JavaList, JavaMap } from './values.js';
import type { Value } from './values.js';

/** `$target.name`. Anything on null is null. */
export function property(target: Value, name: string): Value {
  if (target instanceof JavaMap) return name === 'class' || name === 'Class' ? classOf(target) : target.get(name);
  if (target === null || target === undefined) return null;
  return otherProperty(target, name);
}

function otherProperty(target: Exclude<Value, null>, name: string): Value {
  if (typeof target === 'object') {
    if (target.kind === 'special') return target.property(name);
    if (target.kind === 'class') return name === 'name' || name === 'Name' ? target.name : null;
    if (target.kind === 'entry') {
      if (name === 'key' || name === 'Key') return target.key;
      if (name === 'value' || name === 'Value') return target.value;
    }
  }
  switch (name) {
    case 'class': case 'Class': return classOf(target);
    case 'empty': case 'Empty':
      if (typeof target === 'string') return target === '';
      if (target instanceof JavaList) return target.kind === 'list' ? target.items.length === 0 : null;
      if (typeof target === 'object' && target.kind === 'view') return target.map.size === 0;
      return null;
    case 'blank': case 'Blank': return typeof target === 'string' ? target.trim() === '' : null;
    case 'bytes': case 'Bytes': return typeof target === 'string' ? stringBytes(target, []) : null;
    case 'naN': case 'NaN': return typeof target === 'object' && (target.kind === 'double' || target.kind === 'float') ? Number.isNaN(target.value) : null;
    case 'infinite': case 'Infinite': return typeof target === 'object' && (target.kind === 'double' || target.kind === 'float') ? Math.abs(target.value) === Infinity : null;
    default: return null;
  }
}

/** A negative index counts from the end of whatever has a size. */
function fromEnd(target: Value, key: Value): Value {
  if (typeof key !== 'number' || key >= 0) return key;
  if (target instanceof JavaList) return key + target.items.length;
  if (target instanceof JavaMap) return key + target.size;
  if (typeof target === 'object' && target?.kind === 'view') return key + target.map.size;
  const size = typeof target === 'object' && target?.kind === 'special' ? target.call('size', []) : null;
  if (typeof size === 'number') return key + size;
  throw new TemplateError("a negative index needs a list: 'size()' does not exist");
}

/** `$target[key]` on API Gateway: an index outside the list is null. */
export function index(target: Value, key: Value): Value {
  if (target instanceof JavaMap) return target.get(fromEnd(target, key));
  if (target instanceof JavaList) return typeof key === 'number' ? target.items[key < 0 ? key + target.items.length : key] ?? null : null;
  return otherIndex(target, key);
}

/** `$target[key]` in stock Velocity: an index outside the list is an error. */
export function indexOrFail(target: Value, key: Value): Value {
  if (target instanceof JavaList && typeof key === 'number') {
    const at = key < 0 ? key + target.items.length : key;
    if (at < 0 || at >= target.items.length) throw new TemplateError(`Index ${at} out of bounds for length ${target.items.length}`);
    return target.items[at]!;
  }
  return index(target, key);
}

function otherIndex(target: Value, key: Value): Value {
  if (target === null || target === undefined) return null;
  fromEnd(target, key);
  return typeof target === 'object' && target.kind === 'special' ? target.call('get', [key]) : null;
}

/** `#set($target.name = value)`. On what has no such property: nothing happens. */
export function setProperty(target: Value, name: string, value: Value): void {
  if (target instanceof JavaMap) target.put(name, value);
  else if (typeof target === 'object' && target !== null && target.kind === 'special') target.setProperty(name, value);
}

/** `#set($target[key] = value)`. */
export function setIndex(target: Value, key: Value, value: Value): void {
  const at = target === null ? key : fromEnd(target, key);
  if (target instanceof JavaMap) target.put(at, value);
  else if (target instanceof JavaList) {
    if (typeof at !== 'number') return;
    if (at < 0 || at >= target.items.length) throw new TemplateError(`Index ${at} out of bounds for length ${target.items.length}`);
    target.items[at] = value;
  } else if (typeof target === 'object' && target !== null && target.kind === 'special') target.call('put', [at, value]);
}
