/**
 * JSON read with the engine's own parser and turned into template values only where a template looks. That is possible for texts that
 * JSON.stringify writes back unchanged: then every number prints the same in Java and JavaScript (see RISKY), keys are in order and
 * unique, and an untouched part is JSON text again without a walk.
 */
import { bounded } from './limits.js';
import { JavaBigInteger, JavaDouble, JavaList, JavaMap } from './values.js';
import type { ListClass, Value } from './values.js';

type Native = null | boolean | number | string | Native[] | { [key: string]: Native };

/** Decimals that Java prints with an exponent, or json-smart keeps as BigDecimal; digits of strings match too, which only costs time. */
const RISKY = /\d{8,}\.\d|\b0\.00|\d[eE][+-]?\d|\d\.\d{14}/;
/** Deeper texts are left to the careful reader, which refuses them. */
const MAX_DEPTH_SIGN = /[[{]{100}/;

/** The parsed text when it is of that kind; undefined when it is not (or no JSON at all). */
export function readCanonical(text: string): Native | undefined {
  if (RISKY.test(text) || MAX_DEPTH_SIGN.test(text)) return undefined;
  try {
    const parsed = JSON.parse(text) as Native;
    return JSON.stringify(parsed) === text && depthOf(text) < 400 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** An upper bound of the nesting: brackets of strings count too. */
function depthOf(text: string): number {
  if (text.length < 400) return 0;
  let depth = 0, deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x7b || c === 0x5b) { if (++depth > deepest) deepest = depth; }
    else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

export function valueOfNative(native: Native, lists: ListClass): Value {
  switch (typeof native) {
    case 'number':
      if (native === (native | 0)) return native | 0;
      if (!Number.isInteger(native)) return new JavaDouble(native);
      return integer(BigInt(native));
    case 'object':
      if (native === null) return null;
      return Array.isArray(native) ? new JavaList(native.map((item) => valueOfNative(item, lists)), lists) : new NativeMap(native, lists);
    default: return native;
  }
}

function integer(value: bigint): Value {
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : new JavaBigInteger(value);
}

/** A map over a parsed object. Its values become template values when read; everything when it is enumerated or changed. */
export class NativeMap extends JavaMap {
  private source: { [key: string]: Native } | null;
  /** Objects and lists handed out: they must be the same ones the next time, changed or not. */
  private children: Map<string, Value> | null = null;

  constructor(source: { [key: string]: Native }, private readonly lists: ListClass) {
    super();
    this.source = source;
  }

  /** JSON text of a map that nothing of has been handed out or changed. */
  override untouchedJson(): string | undefined {
    return this.source !== null && this.children === null ? bounded(JSON.stringify(this.source)) : undefined;
  }

  override get(key: Value): Value {
    const { source } = this;
    if (source === null) return super.get(key);
    if (typeof key !== 'string' || !Object.hasOwn(source, key)) return null;
    const native = source[key]!;
    if (typeof native === 'string') return native;
    if (typeof native !== 'object' || native === null) return valueOfNative(native, this.lists);
    let child = this.children?.get(key);
    if (child === undefined) (this.children ??= new Map()).set(key, (child = valueOfNative(native, this.lists)));
    return child;
  }

  override has(key: Value): boolean { return this.source === null ? super.has(key) : typeof key === 'string' && Object.hasOwn(this.source, key); }
  override get size(): number { return this.source === null ? super.size : Object.keys(this.source).length; }
  override keys(): Value[] { return this.source === null ? super.keys() : Object.keys(this.source); }
  override items(): Value[] { this.load(); return super.items(); }
  override put(key: Value, value: Value): Value { this.load(); return super.put(key, value); }
  override remove(key: Value): Value { this.load(); return super.remove(key); }
  override clear(): void { this.load(); super.clear(); }

  private load(): void {
    const { source } = this;
    if (source === null) return;
    const entries = Object.keys(source).map((key) => [key, this.get(key)] as const);
    this.source = null;
    this.children = null;
    const { changes } = this;
    for (const [key, value] of entries) super.put(key, value);
    this.changes = changes;
  }
}
