/** java.util.Map, its entries, and iterators. */
import { equals } from '../compare.js';
import { step, TemplateError } from '../limits.js';
import { JavaMap, JavaView } from '../values.js';
import { wrongArguments } from './wrong-arguments.js';
import type { JavaEntry, JavaIterator, Value } from '../values.js';

type Args = readonly Value[];

export function mapGet(self: JavaMap, args: Args): Value { return args.length === 1 ? self.get(args[0]!) : null; }
export function mapGetOrDefault(self: JavaMap, args: Args): Value { return args.length === 2 ? (self.has(args[0]!) ? self.get(args[0]!) : args[1]!) : null; }
export function mapPut(self: JavaMap, args: Args): Value { return args.length === 2 ? self.put(args[0]!, args[1]!) : null; }

export function mapPutIfAbsent(self: JavaMap, args: Args): Value {
  if (args.length !== 2) return null;
  const old = self.get(args[0]!);
  if (old === null) self.put(args[0]!, args[1]!);
  return old;
}

export function mapPutAll(self: JavaMap, args: Args): Value {
  if (args.length !== 1) return null;
  const other = args[0];
  if (other === null) throw new TemplateError('putAll was called with null');
  if (!(other instanceof JavaMap)) return null;
  step(1 + other.size);
  for (const key of other.keys()) self.put(key, other.get(key));
  return '';
}

export function mapRemove(self: JavaMap, args: Args): Value { return args.length === 1 ? self.remove(args[0]!) : null; }
export function mapContainsKey(self: JavaMap, args: Args): Value { return args.length === 1 ? self.has(args[0]!) : null; }
export function mapContainsValue(self: JavaMap, args: Args): Value { return args.length === 1 ? self.items().some((item) => { step(1); return equals(item, args[0]!); }) : null; }
export function mapKeySet(self: JavaMap, args: Args): Value { return args.length === 0 ? new JavaView(self, 'keys') : wrongArguments(); }
export function mapValues(self: JavaMap, args: Args): Value { return args.length === 0 ? new JavaView(self, 'values') : wrongArguments(); }
export function mapEntrySet(self: JavaMap, args: Args): Value { return args.length === 0 ? new JavaView(self, 'entries') : wrongArguments(); }
export function mapSize(self: JavaMap, args: Args): Value { return args.length === 0 ? self.size : wrongArguments(); }
export function mapIsEmpty(self: JavaMap, args: Args): Value { return args.length === 0 ? self.size === 0 : wrongArguments(); }

export function mapClear(self: JavaMap, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  self.clear();
  return '';
}

export function mapClone(self: JavaMap, args: Args): Value {
  if (args.length !== 0) return wrongArguments();
  const copy = new JavaMap();
  mapPutAll(copy, [self]);
  return copy;
}

export function entryGetKey(self: JavaEntry, args: Args): Value { return args.length === 0 ? self.key : wrongArguments(); }
export function entryGetValue(self: JavaEntry, args: Args): Value { return args.length === 0 ? self.value : wrongArguments(); }
export function entrySetValue(self: JavaEntry, args: Args): Value { return args.length === 1 ? self.map.put(self.key, args[0]!) : null; }

export function iteratorHasNext(self: JavaIterator, args: Args): Value { return args.length === 0 ? self.hasNext() : wrongArguments(); }
export function iteratorNext(self: JavaIterator, args: Args): Value { return args.length === 0 ? self.next() : wrongArguments(); }
