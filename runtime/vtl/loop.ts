/** `#foreach`: what can be looped over, and `$foreach`. */
import { MAX_ITERATIONS, step, TemplateError } from './limits.js';
import { hashCode } from './compare.js';
import { textOf } from './text.js';
import { classOf, JavaIterator, JavaMap, JavaSpecial, JavaView } from './values.js';
import type { Value } from './values.js';

/** An iterator over a list, array, map (its values), view or iterator; null for anything else: then the loop does not run. */
export function iterate(value: Value): JavaIterator | null {
  if (value === null || typeof value !== 'object') return null;
  switch (value.kind) {
    case 'list': case 'array': return new JavaIterator(value.items, value);
    case 'map': return new JavaIterator(value.items(), value);
    case 'view': return new JavaIterator(value.items(), value.map);
    case 'iterator': return value;
    case 'special': return value instanceof ForeachScope ? new JavaIterator(value.storage.items(), value.storage) : null;
    default: return null;
  }
}

/** The same, with nothing to loop over in place of null. */
export function iterateOrNone(value: Value): JavaIterator {
  return iterate(value) ?? new JavaIterator([], null);
}

/**
 * Whether a loop that did `done` iterations goes on. AWS: a loop runs up to 1 000 iterations; here it then ends, as the engine's own
 * `directive.foreach.maxloops` does.
 */
export function goesOn(iterator: JavaIterator, done: number): boolean {
  step(1);
  return iterator.hasNext() && done < MAX_ITERATIONS;
}

/** The same without API Gateway's limit, for comparison with stock Velocity. Still bounded by the work of a rendering. */
export function goesOnForever(iterator: JavaIterator, _done: number): boolean {
  step(1);
  return iterator.hasNext();
}

/** `$foreach`. A Map too: a template may keep values in it. */
export class ForeachScope extends JavaSpecial {
  override readonly className: string = 'org.apache.velocity.runtime.directive.ForeachScope';
  index = -1;
  hasNext = false;
  readonly storage = new JavaMap();
  readonly parent: ForeachScope | null;
  readonly replaced: Value;

  constructor(previous: Value, private readonly stoppable: boolean) {
    super();
    this.parent = previous instanceof ForeachScope ? previous : null;
    this.replaced = previous instanceof ForeachScope ? null : previous;
  }

  /** What `$foreach` is after the loop, when nobody assigned it meanwhile. */
  static after(current: Value): Value {
    return current instanceof ForeachScope ? current.parent ?? current.outerReplaced() : current;
  }

  private outerReplaced(): Value { return this.replaced ?? this.parent?.outerReplaced() ?? null; }

  override text(): string | null { return textOf(this.storage); }

  override property(name: string): Value {
    switch (name[0]!.toLowerCase() + name.slice(1)) {
      case 'index': return this.index;
      case 'count': return this.index + 1;
      case 'hasNext': return this.hasNext;
      case 'first': return this.index < 1;
      case 'last': return !this.hasNext;
      case 'parent': return this.parent;
      case 'topmost': { let top: ForeachScope = this; while (top.parent) top = top.parent; return top; }
      case 'replaced': return this.outerReplaced();
      case 'class': return classOf(this);
      default: return this.stored(name);
    }
  }

  private stored(name: Value): Value {
    return this.storage.has(name) || !this.parent ? this.storage.get(name) : this.parent.stored(name);
  }

  override setProperty(name: string, value: Value): void { this.storage.put(name, value); }

  override call(name: string, args: readonly Value[]): Value {
    if (args.length === 0) {
      switch (name) {
        case 'hasNext': case 'getHasNext': return this.hasNext;
        case 'getIndex': return this.index;
        case 'getCount': return this.index + 1;
        case 'isFirst': case 'getFirst': return this.index < 1;
        case 'isLast': case 'getLast': return !this.hasNext;
        case 'getParent': return this.parent;
        case 'getTopmost': return this.property('topmost');
        case 'size': return this.storage.size;
        case 'hashCode': return hashCode(this.storage);
        case 'isEmpty': return this.storage.size === 0;
        case 'keySet': return new JavaView(this.storage, 'keys');
        case 'values': return new JavaView(this.storage, 'values');
        case 'entrySet': return new JavaView(this.storage, 'entries');
        case 'clear': this.storage.clear(); return '';
        case 'stop': if (this.stoppable) throw new BreakSignal(this); return null;
      }
    }
    if (name === 'get' && args.length === 1) return this.stored(args[0]!);
    if (name === 'put' && args.length === 2) return this.storage.put(args[0]!, args[1]!);
    if (name === 'remove' && args.length === 1) return this.storage.remove(args[0]!);
    if (name === 'containsKey' && args.length === 1) return this.storage.has(args[0]!);
    return super.call(name, args);
  }
}

/** `#break` on its way to the loop (or block, or macro) it leaves: the nearest, or the one whose scope it names. */
export class BreakSignal {
  constructor(readonly target: ForeachScope | null) {}
}

/** `#stop`: rendering ends, what was written stays. */
export class StopSignal {}

/** `#break($scope)`. */
export function breakTo(scope: Value): never {
  if (scope instanceof ForeachScope) throw new BreakSignal(scope);
  throw new TemplateError('#break takes a scope such as $foreach');
}

/** Inside a loop's catch: true when the signal is for this loop; anything else is thrown on. */
export function endsLoop(error: unknown, scope: ForeachScope | null): true {
  if (error instanceof BreakSignal && (error.target === null || error.target === scope)) return true;
  throw error;
}
