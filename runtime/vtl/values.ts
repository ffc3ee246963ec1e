/**
 * Values as a template sees them. API Gateway's engine is Java, and what prints and how numbers divide depends on Java's classes:
 * null, String, Boolean and Integer are JavaScript's null, string, boolean and number (always within 32 bits), Long is a bigint within
 * 64 bits; everything else is an object of this module.
 */
import { MAX_ELEMENTS, TemplateError } from './limits.js';
import { textOf } from './text.js';

export type Value = null | boolean | string | number | bigint | JavaObject;
export type JavaObject = JavaDouble | JavaFloat | JavaBigInteger | JavaDecimal | JavaCharacter | JavaList | JavaMap | JavaView | JavaEntry | JavaIterator | JavaClass | JavaSpecial;

export type Kind =
  | 'null' | 'boolean' | 'string' | 'integer' | 'long' | 'double' | 'float' | 'bigInteger' | 'decimal' | 'character'
  | 'list' | 'array' | 'map' | 'view' | 'entry' | 'iterator' | 'class' | 'special';

export class JavaDouble {
  constructor(readonly value: number) {}
  get kind(): 'double' { return 'double'; }
}

export class JavaFloat {
  readonly value: number;
  constructor(value: number) { this.value = Math.fround(value); }
  get kind(): 'float' { return 'float'; }
}

export class JavaBigInteger {
  constructor(readonly value: bigint) {}
  get kind(): 'bigInteger' { return 'bigInteger'; }
}

/** BigDecimal: `unscaled` × 10^-`scale`. */
export class JavaDecimal {
  constructor(readonly unscaled: bigint, readonly scale: number) {}
  get kind(): 'decimal' { return 'decimal'; }
}

export class JavaCharacter {
  constructor(readonly text: string) {}
  get kind(): 'character' { return 'character'; }
}

/** What a list is in Java: it decides how it prints. `json` is json-smart's JSONArray, which prints as JSON text. */
export type ListClass = 'java.util.ArrayList' | 'net.minidev.json.JSONArray' | 'java.util.ArrayList$SubList' | 'java.util.Arrays$ArrayList' | '[Ljava.lang.String;' | '[Ljava.lang.Object;' | '[B' | '[C';

/** A List, or a Java array (whose size is fixed). */
export class JavaList {
  /** Structural changes: a loop over a list that changes meanwhile fails, as in Java. */
  changes = 0;
  constructor(readonly items: Value[], readonly type: ListClass) {}
  get kind(): 'list' | 'array' { return this.type.charCodeAt(0) === 91 /* [ */ ? 'array' : 'list'; }

  insert(at: number, items: readonly Value[]): void {
    if (this.items.length + items.length > MAX_ELEMENTS) throw new TemplateError('the template makes a list that is too long');
    // Never spread a long array into arguments: that overflows the stack.
    const tail = at < this.items.length ? this.items.splice(at) : [];
    const added = items === this.items ? [...items] : items;
    for (let i = 0; i < added.length; i++) this.items.push(added[i]!);
    for (let i = 0; i < tail.length; i++) this.items.push(tail[i]!);
    this.changes++;
  }
}

export function arrayList(items: Value[]): JavaList { return new JavaList(items, 'java.util.ArrayList'); }

/** Up to so many entries a map is two arrays: cheaper to make, and hardly slower to search, than a hash table. */
const SMALL = 8;

/** A Map in insertion order (LinkedHashMap). Keys are compared as Java does: "1" and 1 differ. Safe for any key a client sends. */
export class JavaMap {
  /** Keys and values in order, as long as the map is small and has no key removed from a hash table. */
  private ids: MapKey[] | null = [];
  private readonly slots: Value[] = [];
  private table: Map<MapKey, Value> | null = null;
  private originals: Map<MapKey, Value> | null = null;
  changes = 0;
  /** Prints as nothing: parts of `$context` (AWS prints only their leaves). */
  opaque = false;
  get kind(): 'map' { return 'map'; }
  get size(): number { return this.ids !== null ? this.ids.length : this.table!.size; }

  get(key: Value): Value {
    const id = mapKey(key);
    if (this.ids === null) return this.table!.get(id) ?? null;
    const at = this.ids.indexOf(id);
    return at < 0 ? null : this.slots[at]!;
  }

  has(key: Value): boolean {
    const id = mapKey(key);
    return this.ids !== null ? this.ids.includes(id) : this.table!.has(id);
  }

  /** put() of a string key, without the previous value: for readers that fill a new map. */
  fill(key: string, value: Value): void {
    const { ids } = this;
    if (ids === null) { this.table!.set(key, value); return; }
    const at = ids.indexOf(key);
    if (at >= 0) { this.slots[at] = value; return; }
    if (ids.length === SMALL) { this.grow().set(key, value); return; }
    ids.push(key);
    this.slots.push(value);
  }

  put(key: Value, value: Value): Value {
    const id = mapKey(key);
    const isNew = this.ids !== null ? !this.ids.includes(id) : !this.table!.has(id);
    const old = isNew ? null : this.get(key);
    if (isNew) {
      if (this.size >= MAX_ELEMENTS) throw new TemplateError('the template makes a map that is too large');
      this.changes++;
      if (id !== key) (this.originals ??= new Map()).set(id, key);
    }
    if (this.ids === null) this.table!.set(id, value);
    else if (!isNew) this.slots[this.ids.indexOf(id)] = value;
    else if (this.ids.length === SMALL) this.grow().set(id, value);
    else {
      this.ids.push(id);
      this.slots.push(value);
    }
    return old;
  }

  private grow(): Map<MapKey, Value> {
    const table = (this.table = new Map<MapKey, Value>());
    this.ids!.forEach((name, at) => table.set(name, this.slots[at]!));
    this.ids = null;
    this.slots.length = 0;
    return table;
  }

  remove(key: Value): Value {
    const id = mapKey(key);
    const old = this.get(key);
    if (this.ids !== null) {
      const at = this.ids.indexOf(id);
      if (at < 0) return null;
      this.ids.splice(at, 1);
      this.slots.splice(at, 1);
    } else if (!this.table!.delete(id)) return null;
    this.originals?.delete(id);
    this.changes++;
    return old;
  }

  clear(): void {
    this.ids = [];
    this.slots.length = 0;
    this.table = null;
    this.originals = null;
    this.changes++;
  }

  keys(): Value[] {
    const ids = this.ids !== null ? this.ids.slice() : [...this.table!.keys()];
    const originals = this.originals;
    return originals ? ids.map((id) => originals.get(id) ?? (id as Value)) : (ids as Value[]);
  }

  items(): Value[] { return this.ids !== null ? this.slots.slice() : [...this.table!.values()]; }
}

type MapKey = string | number | bigint | boolean | null;

function mapKey(key: Value): MapKey {
  if (key === null || typeof key !== 'object') return key;
  return `\0${key.kind}:${'value' in key ? String(key.value) : key.kind === 'character' ? key.text : key.kind === 'decimal' ? `${key.unscaled}e${key.scale}` : key.kind === 'list' || key.kind === 'map' ? textOf(key) : identity(key)}`;
}

const identities = /* @__PURE__ */ new WeakMap<object, number>();
let lastIdentity = 0;

/** A number that stands for this object. */
export function identity(object: object): number {
  let id = identities.get(object);
  if (id === undefined) identities.set(object, (id = ++lastIdentity));
  return id;
}

/** What keySet(), values() and entrySet() give: a window on the map. */
export class JavaView {
  constructor(readonly map: JavaMap, readonly what: 'keys' | 'values' | 'entries') {}
  get kind(): 'view' { return 'view'; }
  items(): Value[] {
    switch (this.what) {
      case 'keys': return this.map.keys();
      case 'values': return this.map.items();
      case 'entries': return this.map.keys().map((key) => new JavaEntry(this.map, key));
    }
  }
}

export class JavaEntry {
  constructor(readonly map: JavaMap, readonly key: Value) {}
  get kind(): 'entry' { return 'entry'; }
  get value(): Value { return this.map.get(this.key); }
}

/** An Iterator: over a snapshot, failing when what it walks over changed meanwhile. */
export class JavaIterator {
  at = 0;
  private readonly expected: number;
  constructor(readonly items: readonly Value[], private readonly owner: { readonly changes: number } | null) { this.expected = owner ? owner.changes : 0; }
  get kind(): 'iterator' { return 'iterator'; }
  hasNext(): boolean { return this.at < this.items.length; }
  next(): Value {
    if (this.owner !== null && this.owner.changes !== this.expected) throw new TemplateError('a list or map changed while a loop runs over it');
    if (this.at >= this.items.length) throw new TemplateError('next() after the last element');
    return this.items[this.at++]!;
  }
}

/** `$x.class`: closed, only its name can be read. */
export class JavaClass {
  constructor(readonly name: string) {}
  get kind(): 'class' { return 'class'; }
}

/** What the engine itself puts into a template: `$foreach`, blocks of `#define`, `$input`, `$util`. */
export abstract class JavaSpecial {
  get kind(): 'special' { return 'special'; }
  abstract readonly className: string;
  /** The text it prints; null: nothing (the reference prints as if it were null). */
  abstract text(): string | null;
  property(_name: string): Value { return null; }
  setProperty(_name: string, _value: Value): void { /* read-only */ }
  call(name: string, args: readonly Value[]): Value {
    switch (name) {
      case 'toString': return args.length === 0 ? this.text() : null;
      case 'equals': return args.length === 1 ? args[0] === this : null;
      case 'getClass': return args.length === 0 ? new JavaClass(this.className) : null;
      default: return null;
    }
  }
}

export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'string': return 'string';
    case 'number': return 'integer';
    case 'boolean': return 'boolean';
    case 'bigint': return 'long';
    default: return value === null || value === undefined ? 'null' : value.kind;
  }
}

const CLASS_NAMES: { readonly [kind in Kind]?: string } = {
  string: 'java.lang.String', integer: 'java.lang.Integer', boolean: 'java.lang.Boolean', long: 'java.lang.Long', double: 'java.lang.Double', float: 'java.lang.Float',
  bigInteger: 'java.math.BigInteger', decimal: 'java.math.BigDecimal', character: 'java.lang.Character', map: 'java.util.LinkedHashMap', entry: 'java.util.LinkedHashMap$Entry',
  iterator: 'java.util.Iterator', class: 'java.lang.Class',
};

export function classOf(value: Exclude<Value, null>): JavaClass {
  if (typeof value === 'object') {
    if (value.kind === 'list' || value.kind === 'array') return new JavaClass(value.type);
    if (value.kind === 'view') return new JavaClass(`java.util.LinkedHashMap$Linked${value.what === 'keys' ? 'KeySet' : value.what === 'values' ? 'Values' : 'EntrySet'}`);
    if (value.kind === 'special') return new JavaClass(value.className);
  }
  return new JavaClass(CLASS_NAMES[kindOf(value)]!);
}
