/** What a template can see: the payload and parameters, `$context`, `$stageVariables`. Knows no Exchange. */
import { currentRendering, TemplateError } from './limits.js';
import { textOf } from './text.js';
import { JavaMap } from './values.js';
import type { TemplateInput } from './input.js';
import type { Value } from './values.js';

export interface TemplateScope {
  /** `$input`: the request's payload in a request template, the backend's in a response template. */
  readonly input: TemplateInput;
  /**
   * `$context`. Its `requestOverride` (`path`, `querystring`, `header`) and `responseOverride` (`header`, later `status`) are ordinary
   * maps that templates write to and the caller reads afterwards (see `overrideMaps`); other writes are kept to this scope.
   */
  readonly context: JavaMap;
  readonly stageVariables: JavaMap;
}

/** A map whose entries are computed when a template asks for them: `get` for one, everything when keys are enumerated. */
export class LazyMap extends JavaMap {
  private loaded = false;
  constructor(private readonly names: () => readonly string[], private readonly compute: (name: string) => Value) { super(); }

  override get(key: Value): Value {
    if (!this.loaded && typeof key === 'string' && !super.has(key)) {
      const value = this.compute(key);
      // Not `put`: that asks for the size, and so for every entry.
      if (value !== null) this.fill(key, value);
      return value;
    }
    return super.get(key);
  }
  override has(key: Value): boolean { return this.load() && super.has(key); }
  override get size(): number { this.load(); return super.size; }
  override keys(): Value[] { this.load(); return super.keys(); }
  override items(): Value[] { this.load(); return super.items(); }
  override put(key: Value, value: Value): Value { this.load(); return super.put(key, value); }
  override remove(key: Value): Value { this.load(); return super.remove(key); }
  override clear(): void { this.loaded = true; super.clear(); }

  /** The value when it has been asked for or put already; does not compute it. */
  peek(name: string): Value { return super.get(name); }

  private load(): true {
    if (!this.loaded) {
      this.loaded = true;
      // In the order of the names, whatever was asked for before.
      const known = super.keys().map((key) => [key, super.get(key)] as const);
      super.clear();
      const before = new Map(known);
      for (const name of this.names()) {
        super.put(name, before.has(name) ? before.get(name)! : this.compute(name));
        before.delete(name);
      }
      for (const [key, value] of before) super.put(key, value);
    }
    return true;
  }
}

/** A map of strings, for parameters and stage variables. */
export function textMap(entries: Iterable<readonly [string, string]>): JavaMap {
  const map = new JavaMap();
  for (const [name, value] of entries) map.fill(name, value);
  return map;
}

/**
 * `$context`: `names` are those that exist, `compute` gives a value by name when a template asks for it. The override maps come with it,
 * made when first touched: `peek('requestOverride')` is null when the template never did.
 */
export function templateContext(names: readonly string[], compute: (name: string) => Value): LazyMap {
  let overrides: ReturnType<typeof overrideMaps> | undefined;
  const context = new LazyMap(() => [...names, 'requestOverride', 'responseOverride'], (name) => (name === 'requestOverride' || name === 'responseOverride' ? (overrides ??= overrideMaps())[name] : compute(name)));
  context.opaque = true;
  return context;
}

/**
 * Parameters a template overrides, each once: "Overrides are final. An override may only be applied to each parameter once. If you try to
 * override the same parameter multiple times, API Gateway returns a 5XX response […] throughout the template" [D]. A mock's response template
 * may override what its request template did. Names that differ in case are two [L].
 */
class OverrideMap extends JavaMap {
  override opaque = true;
  /** Name → the rendering that overrode it. */
  private readonly written = new Map<Value, number>();
  /** `only`: the one name that is a parameter; others are a template's own affair. */
  constructor(private readonly name: string, private readonly only: string | null = null) { super(); }

  override put(key: Value, value: Value): Value {
    if (value !== null && (this.only === null || key === this.only)) {
      const name = textOf(key), rendering = currentRendering();
      if (this.written.get(name) === rendering) throw new TemplateError(`$context.${this.name}.${name ?? ''} is overridden more than once`);
      this.written.set(name, rendering);
    }
    return super.put(key, value);
  }
}

/** The maps behind `$context.requestOverride` and `$context.responseOverride`, with the keys API Gateway gives them (recorded). */
export function overrideMaps(): { requestOverride: JavaMap; responseOverride: JavaMap } {
  const requestOverride = new JavaMap(), responseOverride = new OverrideMap('responseOverride', 'status');
  requestOverride.opaque = true;
  for (const name of ['path', 'header', 'querystring']) requestOverride.put(name, new OverrideMap(`requestOverride.${name}`));
  responseOverride.put('header', new OverrideMap('responseOverride.header'));
  return { requestOverride, responseOverride };
}
