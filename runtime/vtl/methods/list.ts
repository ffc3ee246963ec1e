/** java.util.List and arrays (whose size Velocity lets nobody change). */
import { equals } from '../compare.js';
import { step, TemplateError } from '../limits.js';
import { JavaIterator, JavaList, JavaView } from '../values.js';
import { jsonText } from '../text.js';
import { wrongArguments } from './wrong-arguments.js';
import type { Value } from '../values.js';

type Args = readonly Value[];

function isInt(value: Value | undefined): value is number { return typeof value === 'number'; }

function fail(at: number, size: number): never { throw new TemplateError(`Index ${at} out of bounds for length ${size}`); }

/** Arrays, and lists with a fixed size, refuse. */
function mutable(self: JavaList): JavaList {
  if (self.kind === 'array' || self.type === 'java.util.Arrays$ArrayList') throw new TemplateError('UnsupportedOperationException: the size of an array is fixed');
  return self;
}

function collection(value: Value | undefined): readonly Value[] | undefined {
  if (value === null) throw new TemplateError('a collection method was called with null');
  if (value instanceof JavaList) return value.kind === 'list' ? value.items : undefined;
  return value instanceof JavaView ? value.items() : undefined;
}

export function listSize(self: JavaList, args: Args): Value { return args.length === 0 ? self.items.length : wrongArguments(); }
export function listIsEmpty(self: JavaList, args: Args): Value { return args.length === 0 ? self.items.length === 0 : wrongArguments(); }

export function listGet(self: JavaList, args: Args): Value {
  if (args.length !== 1 || !isInt(args[0])) return null;
  return args[0] >= 0 && args[0] < self.items.length ? self.items[args[0]]! : fail(args[0], self.items.length);
}

export function listSet(self: JavaList, args: Args): Value {
  if (args.length !== 2 || !isInt(args[0])) return null;
  if (args[0] < 0 || args[0] >= self.items.length) fail(args[0], self.items.length);
  const old = self.items[args[0]]!;
  self.items[args[0]] = args[1]!;
  return old;
}

export function listAdd(self: JavaList, args: Args): Value {
  if (args.length === 1) {
    mutable(self).insert(self.items.length, args);
    return true;
  }
  if (args.length !== 2 || !isInt(args[0])) return null;
  if (args[0] < 0 || args[0] > self.items.length) fail(args[0], self.items.length);
  step(1 + (self.items.length >> 8));
  mutable(self).insert(args[0], [args[1]!]);
  return '';
}

export function listAddAll(self: JavaList, args: Args): Value {
  const at = args.length === 2 && isInt(args[0]) ? args[0] : args.length === 1 ? self.items.length : undefined;
  const items = at === undefined ? undefined : collection(args.at(-1));
  if (at === undefined || items === undefined) return null;
  if (at < 0 || at > self.items.length) fail(at, self.items.length);
  step(items.length);
  mutable(self).insert(at, items);
  return items.length > 0;
}

export function listRemove(self: JavaList, args: Args): Value {
  if (args.length !== 1) return null;
  step(1 + (self.items.length >> 8));
  mutable(self);
  if (isInt(args[0])) {
    if (args[0] < 0 || args[0] >= self.items.length) fail(args[0], self.items.length);
    self.changes++;
    return self.items.splice(args[0], 1)[0]!;
  }
  const at = indexOf(self.items, args[0]!);
  if (at < 0) return false;
  self.items.splice(at, 1);
  self.changes++;
  return true;
}

export function listRemoveAll(self: JavaList, args: Args): Value { return keep(self, args, false); }
export function listRetainAll(self: JavaList, args: Args): Value { return keep(self, args, true); }

function keep(self: JavaList, args: Args, wanted: boolean): Value {
  const other = args.length === 1 ? collection(args[0]) : undefined;
  if (other === undefined) return null;
  const kept = mutable(self).items.filter((item) => (indexOf(other, item) >= 0) === wanted);
  const changed = kept.length !== self.items.length;
  self.items.length = 0;
  for (const item of kept) self.items.push(item);
  if (changed) self.changes++;
  return changed;
}

export function listClear(self: JavaList, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  mutable(self).items.length = 0;
  self.changes++;
  return '';
}

export function listContains(self: JavaList, args: Args): Value { return args.length === 1 ? indexOf(self.items, args[0]!) >= 0 : null; }

export function listContainsAll(self: JavaList, args: Args): Value {
  const other = args.length === 1 ? collection(args[0]) : undefined;
  return other === undefined ? null : other.every((item) => indexOf(self.items, item) >= 0);
}

export function listIndexOf(self: JavaList, args: Args): Value { return args.length === 1 ? indexOf(self.items, args[0]!) : null; }

export function listLastIndexOf(self: JavaList, args: Args): Value {
  if (args.length !== 1) return null;
  for (let i = self.items.length - 1; i >= 0; i--) if (equals(self.items[i]!, args[0]!)) return i;
  return -1;
}

function indexOf(items: readonly Value[], value: Value): number {
  step(1 + (items.length >> 4));
  for (let i = 0; i < items.length; i++) if (equals(items[i]!, value)) return i;
  return -1;
}

/** A copy: changes to it do not reach the list it was taken from. */
export function listSubList(self: JavaList, args: Args): Value {
  if (args.length !== 2 || !isInt(args[0]) || !isInt(args[1])) return null;
  if (args[0] < 0 || args[1] > self.items.length || args[0] > args[1]) throw new TemplateError('subList: index out of bounds');
  step(1 + (args[1] - args[0]));
  return new JavaList(self.items.slice(args[0], args[1]), 'java.util.ArrayList$SubList');
}

export function listIterator(self: JavaList, args: Args): Value { return args.length === 0 ? new JavaIterator(self.items, self) : wrongArguments(); }
export function listToArray(self: JavaList, args: Args): Value { return args.length === 0 ? new JavaList([...self.items], '[Ljava.lang.Object;') : wrongArguments(); }
export function listClone(self: JavaList, args: Args): Value { return args.length === 0 && self.kind === 'list' ? new JavaList([...self.items], self.type) : null; }
/** JSONArray.toJSONString(). */
export function listToJSONString(self: JavaList, args: Args): Value { return args.length === 0 && self.type === 'net.minidev.json.JSONArray' ? jsonText(self) : null; }

// Sets and collections: what keySet(), values() and entrySet() give.

export function viewSize(self: JavaView, args: Args): Value { return args.length === 0 ? self.map.size : wrongArguments(); }
export function viewIsEmpty(self: JavaView, args: Args): Value { return args.length === 0 ? self.map.size === 0 : wrongArguments(); }
export function viewIterator(self: JavaView, args: Args): Value { return args.length === 0 ? new JavaIterator(self.items(), self.map) : wrongArguments(); }
export function viewToArray(self: JavaView, args: Args): Value { return args.length === 0 ? new JavaList(self.items(), '[Ljava.lang.Object;') : wrongArguments(); }

export function viewContains(self: JavaView, args: Args): Value {
  if (args.length !== 1) return null;
  return self.what === 'keys' ? self.map.has(args[0]!) : indexOf(self.items(), args[0]!) >= 0;
}

export function viewContainsAll(self: JavaView, args: Args): Value {
  const other = args.length === 1 ? collection(args[0]) : undefined;
  return other === undefined ? null : other.every((item) => viewContains(self, [item]) === true);
}

export function viewRemove(self: JavaView, args: Args): Value {
  if (args.length !== 1) return null;
  const key = self.what === 'keys' ? args[0]! : self.map.keys().find((candidate) => equals(self.what === 'values' ? self.map.get(candidate) : null, args[0]!));
  if (key === undefined || !self.map.has(key)) return false;
  self.map.remove(key);
  return true;
}

export function viewClear(self: JavaView, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  self.map.clear();
  return '';
}

export function viewAdd(_self: JavaView, args: Args): Value {
  if (args.length !== 1) return null;
  throw new TemplateError('UnsupportedOperationException: a view of a map cannot be added to');
}
