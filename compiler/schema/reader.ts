/**
 * From the schemas of a document, in whichever dialect, to the IR's: JSON Schema 2020-12 with references by name only.
 * Works on raw values and builds a pointer only on the way, because a document may hold hundreds of thousands of schemas.
 */
import type { Json } from '../code.js';
import type { Document } from '../1-load/document.js';
import { escapePointer, Node, parsePointer } from '../1-load/node.js';
import { closest } from '../diagnostics/suggest.js';
import type { DiagnosticDefinition, Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Dialect, NamedSchema, Schema } from '../ir.js';
import { anchorPointer } from './anchors.js';
import {
  NOT_A_SCHEMA, REF_LOOP, REF_SIBLING, TOO_DEEP, UNKNOWN_FORMAT, UNSUPPORTED_REFERENCE,
} from './diagnostics.js';
import { DIALECT_NAME } from './dialects.js';
import { DiscriminatorReader } from './discriminator.js';
import { DynamicAnchors, NO_SCOPE, type DynamicScope } from './dynamic-scope.js';
import { FORMATS } from './formats.js';
import { KeywordReader, withNull } from './keywords.js';
import { emptySchemaLoops } from './loops.js';
import { derivedName, modelName, reference } from './reference-name.js';

const MAX_DEPTH = 200;

export type RawObject = { readonly [key: string]: Json };
/** Where a raw value stands. */
export interface Place { readonly file: string; readonly pointer: string }

export const isObject = (value: Json | undefined): value is RawObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const own = (object: RawObject, key: string): Json | undefined => (Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined);
export const child = (place: Place, key: string | number): Place => ({ file: place.file, pointer: `${place.pointer}/${escapePointer(String(key))}` });

export class SchemaReader {
  private document: Document | undefined;
  /** `file#pointer` of a referred schema → its name. */
  private readonly nameByTarget = new Map<string, string>();
  private readonly targetByName = new Map<string, Place>();
  private readonly lowered = new Map<string, NamedSchema>();
  private readonly pending: string[] = [];
  private readonly resolved = new Map<string, Place | null>();
  /** A raw object that is met again (YAML aliases, shared parameters) is lowered once, */
  protected readonly memo = new Map<RawObject, Schema>();
  /** in one dynamic scope. */
  private readonly memos = new Map([[NO_SCOPE.key, this.memo]]);
  private dynamic: DynamicAnchors | undefined;
  private scope: DynamicScope = NO_SCOPE;
  /** Of schemas that were reached in another scope than their own. */
  private readonly scopeByName = new Map<string, DynamicScope>();
  private readonly keywords: KeywordReader;
  private readonly discriminators: DiscriminatorReader;
  private readonly unknownFormats = new Set<string>();
  private depth = 0;

  constructor(readonly dialect: Dialect, readonly reporter: Reporter) {
    this.keywords = new KeywordReader(this);
    this.discriminators = new DiscriminatorReader(this);
  }

  /** Lowers the schema at `node`. What it refers to is registered under a name and appears in `named()`. */
  read(node: Node): Schema {
    this.enter(node.document);
    this.scope = this.dynamic!.enter(NO_SCOPE, node);
    const schema = this.lower(node.value, node);
    this.drain();
    return schema;
  }

  /**
   * Every schema of `components.schemas` / `definitions` of the entry file, used or not, and every other schema that was referred
   * to. Call it last: it reports what only shows when all are known. Has no prototype, so that any name is safe.
   */
  named(): Record<string, NamedSchema> {
    if (this.document) for (const name of this.componentNames) this.request(name);
    this.drain();
    for (const name of emptySchemaLoops(this.lowered)) {
      const { origin } = this.lowered.get(name)!;
      this.reporter.report(REF_LOOP, { ...origin, key: true }, { name });
      this.lowered.set(name, { name, schema: true, origin });
    }
    const named: Record<string, NamedSchema> = Object.create(null);
    for (const name of [...this.lowered.keys()].sort()) named[name] = this.lowered.get(name)!;
    return named;
  }

  /** The reference to the component schema `name` (API Gateway model); undefined when the document has none. */
  component(name: string, document?: Document): Schema | undefined {
    if (document) this.enter(document);
    if (!this.componentNames.includes(name)) return undefined;
    this.request(name);
    this.drain();
    return reference(name);
  }

  // ── for the readers of keywords and discriminators ────────────────────────────────────────────────────────────────────────

  /** Lowers a raw schema. */
  lower(value: Json, place: Place): Schema {
    if (typeof value === 'boolean') return value;
    if (!isObject(value)) {
      this.report(NOT_A_SCHEMA, place, { found: value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'a string' : 'a number', misplaced: Array.isArray(value) ? /\/properties\/(required|allOf|anyOf|oneOf|enum)$/.exec(place.pointer)?.[1] : undefined });
      return true;
    }
    const scope = this.scope;
    if (typeof value['$id'] === 'string') this.scope = this.dynamic!.enter(scope, place);
    let memo = this.memos.get(this.scope.key);
    if (!memo) this.memos.set(this.scope.key, (memo = new Map()));
    const known = memo.get(value);
    if (known !== undefined) {
      this.scope = scope;
      return known;
    }
    if (this.depth >= MAX_DEPTH) {
      this.scope = scope;
      this.report(TOO_DEEP, place, {});
      return true;
    }
    this.depth++;
    const schema = this.lowerObject(value, place);
    this.depth--;
    memo.set(value, schema);
    this.scope = scope;
    return schema;
  }

  report<P>(definition: DiagnosticDefinition<P>, place: Place, parameters: P, onKey = false): void {
    const origin: Origin = onKey ? { file: place.file, pointer: place.pointer, key: true } : { file: place.file, pointer: place.pointer };
    this.reporter.report(definition, origin, parameters);
  }

  checkFormat(format: string, place: Place): void {
    if (FORMATS.has(format) || this.unknownFormats.has(format)) return;
    this.unknownFormats.add(format);
    this.report(UNKNOWN_FORMAT, place, { format, closest: closest(format, FORMATS.keys()) });
  }

  /** The place a `$ref` value leads to (one hop); undefined when 1-load could not find it, which it has reported. */
  locate(ref: string, from: Place): Place | undefined {
    const key = `${from.file}\n${ref}`;
    const known = this.resolved.get(key);
    if (known !== undefined) return known ?? undefined;
    const place = this.locateNew(ref, from);
    this.resolved.set(key, place ?? null);
    return place;
  }

  /** Entries of a map of schemas. Many write `properties: {$ref: 'base.yaml#/properties'}`, which other tools replace by what is there: the entries of that map, before the map's own. */
  entriesOf(map: RawObject, place: Place, depth = 0): readonly (readonly [string, Json, Place])[] {
    const ref = own(map, '$ref');
    const target = typeof ref === 'string' && depth < 8 ? this.locate(ref, place) : undefined;
    const shared = target && this.rawAt(target);
    const entries = new Map<string, readonly [string, Json, Place]>();
    if (isObject(shared)) for (const entry of this.entriesOf(shared, target!, depth + 1)) entries.set(entry[0], entry);
    for (const key of Object.keys(map)) if (key !== '$ref' || typeof ref !== 'string') entries.set(key, [key, map[key]!, child(place, key)]);
    return [...entries.values()];
  }

  /** The raw value at a place. */
  rawAt(place: Place): Json | undefined {
    let value = this.document!.files.get(place.file)?.root as Json | undefined;
    for (const token of parsePointer(place.pointer)) {
      if (typeof value !== 'object' || value === null || !Object.prototype.hasOwnProperty.call(value, token)) return undefined;
      value = (value as RawObject)[token];
    }
    return value;
  }

  /** The name of the schema at a place; made up the first time it is asked for. */
  nameOf(place: Place): string {
    const scope = this.scopeAt(place);
    const key = `${place.file}#${place.pointer}${scope ? `\n${scope.key}` : ''}`;
    let name = this.nameByTarget.get(key);
    if (name === undefined) {
      const base = this.nameByTarget.get(`${place.file}#${place.pointer}`) ?? derivedName(place.file, parsePointer(place.pointer));
      name = base;
      for (let n = 2; this.targetByName.has(name); n++) name = `${base}${n}`;
      this.nameByTarget.set(key, name);
      this.targetByName.set(name, place);
      if (scope) this.scopeByName.set(name, scope);
    }
    this.request(name);
    return name;
  }

  /** The place that a `$dynamicRef` means here; undefined when there is none. */
  dynamicTarget(ref: string, place: Place): Place | undefined {
    const found = this.document!.resolve(place.file, ref, place.pointer);
    const anchor = found || !/^#[^/]/.test(ref) ? undefined : anchorPointer(this.document!.files.get(place.file)!.root, ref.slice(1));
    const first = found ? { file: found.file, pointer: found.pointer } : anchor === undefined ? undefined : { file: place.file, pointer: anchor };
    const raw = first && this.rawAt(first);
    // Without a `$dynamicAnchor` of its name there it is a `$ref`.
    const isDynamic = isObject(raw) && raw['$dynamicAnchor'] === ref.slice(ref.indexOf('#') + 1);
    return isDynamic ? this.scope.anchors.get(raw['$dynamicAnchor'] as string) ?? first : first;
  }

  /** What becomes of a schema depends on the way to it. */
  protected get isScoped(): boolean { return this.dynamic?.isUsed === true; }

  /** The scope in which the schema at `place` is reached from here, when it is another one than its own and that makes a difference. */
  private scopeAt(place: Place): DynamicScope | undefined {
    if (!this.dynamic?.isUsed) return undefined;
    const reached = this.dynamic.enter(this.scope, place);
    if (reached.key === this.dynamic.enter(NO_SCOPE, place).key) return undefined;
    return this.dynamic.depends(place, (at) => this.rawAt(at), (ref, from) => this.locate(ref, from)) ? reached : undefined;
  }

  /** Files of the document, the entry first. */
  get files(): readonly string[] { return [...this.document!.files.keys()]; }

  // ── ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  private lowerObject(value: RawObject, place: Place): Schema {
    const ref = own(value, '$ref');
    if (typeof ref !== 'string') return this.withoutReference(value, place);
    const target = this.locate(ref, place);
    const schema: Schema = target ? reference(this.nameOf(target)) : true;
    if (this.dialect !== 'oas-3.1') {
      for (const keyword of Object.keys(value)) if (keyword !== '$ref' && SIBLINGS_THAT_MATTER.has(keyword)) this.report(REF_SIBLING, child(place, keyword), { keyword, dialect: DIALECT_NAME[this.dialect] }, true);
      return schema;
    }
    const siblings = Object.keys(value).filter((key) => key !== '$ref' && !key.startsWith('x-') && !key.startsWith('$'));
    if (siblings.length === 0) return schema;
    const beside = this.withoutReference(value, place);
    if (typeof beside === 'boolean') return schema;
    const allOf = Array.isArray(beside['allOf']) ? beside['allOf'] : [];
    return { ...beside, allOf: [schema as Json, ...allOf] };
  }

  private withoutReference(value: RawObject, place: Place): Schema {
    const schema = this.keywords.read(value, place);
    const discriminator = own(value, 'discriminator');
    return withNull(value, discriminator === undefined ? schema : this.discriminators.apply(schema, discriminator, value, place));
  }

  private locateNew(ref: string, from: Place): Place | undefined {
    const model = modelName(ref);
    if (model !== undefined) {
      // One that does not exist has been reported by 1-load, like any reference that leads nowhere.
      return this.componentNames.includes(model) ? this.targetByName.get(model) : undefined;
    }
    const hash = ref.indexOf('#');
    const fragment = hash < 0 ? '' : ref.slice(hash + 1);
    if (fragment !== '' && fragment[0] !== '/' && this.dialect === 'oas-3.1') {
      const file = hash === 0 ? from.file : this.document!.resolve(from.file, ref.slice(0, hash))?.file;
      const root = file === undefined ? undefined : this.document!.files.get(file)?.root;
      const pointer = root === undefined ? undefined : anchorPointer(root, fragment);
      if (pointer !== undefined) return { file: file!, pointer };
      this.report(UNSUPPORTED_REFERENCE, child(from, '$ref'), { keyword: '$ref', reason: `there is no $anchor '${fragment}' in that file` });
      return undefined;
    }
    const target = this.document!.resolve(from.file, ref);
    if (!target || this.rawAt(target) === undefined) return undefined;
    return this.aliases.get(`${target.file}#${target.pointer}`) ?? { file: target.file, pointer: target.pointer };
  }

  private componentNames: readonly string[] = [];
  /** `file#pointer` of a component that is nothing but a reference to a schema of another file (`Pet: {$ref: ./Pet.yaml}`) → that schema, which has the component's name. */
  private readonly aliases = new Map<string, Place>();

  /** The component schemas' names and places, those that stand in other files where they stand. */
  get components(): readonly (readonly [string, Place])[] { return this.componentNames.map((name) => [name, this.targetByName.get(name)!] as const); }

  private enter(document: Document): void {
    if (this.document === document) return;
    this.document = document;
    this.dynamic = new DynamicAnchors(document);
    const root = Node.root(document);
    const names: string[] = [];
    const aliases: [string, Place, string][] = [];
    for (const holder of [root.get('components')?.get('schemas'), root.get('definitions')]) {
      for (const [name, node] of holder?.entries() ?? []) {
        if (this.targetByName.has(name) || (name === '$ref' && typeof node.value === 'string')) continue;
        names.push(name);
        this.nameByTarget.set(`${node.file}#${node.pointer}`, name);
        this.targetByName.set(name, { file: node.file, pointer: node.pointer });
        const reference = node.reference;
        if (reference !== undefined && !reference.startsWith('#') && Object.keys(node.value as object).length === 1) aliases.push([name, { file: node.file, pointer: node.pointer }, reference]);
      }
    }
    this.componentNames = names;
    for (const [name, place, reference] of aliases) {
      const target = document.resolve(place.file, reference);
      const key = target && `${target.file}#${target.pointer}`;
      // One that has a name already keeps it.
      if (!target || this.nameByTarget.has(key!) || !isObject(this.rawAt(target))) continue;
      const there = { file: target.file, pointer: target.pointer };
      this.nameByTarget.set(key!, name);
      this.targetByName.set(name, there);
      this.aliases.set(`${place.file}#${place.pointer}`, there);
    }
  }

  private readonly requested = new Set<string>();

  private request(name: string): void {
    if (this.requested.has(name)) return;
    this.requested.add(name);
    this.pending.push(name);
  }

  /** Lowers what was referred to since; a queue, so that long chains of references need no stack. */
  private drain(): void {
    for (let name = this.pending.pop(); name !== undefined; name = this.pending.pop()) {
      const place = this.targetByName.get(name)!;
      const value = this.rawAt(place);
      this.scope = this.scopeByName.get(name) ?? this.dynamic!.enter(NO_SCOPE, place);
      this.lowered.set(name, { name, schema: value === undefined ? true : this.lower(value, place), origin: { file: place.file, pointer: place.pointer } });
    }
  }
}

/** Keywords whose loss next to a `$ref` changes what is accepted; descriptions and the like are expected there. */
const SIBLINGS_THAT_MATTER = new Set([
  'nullable', 'type', 'enum', 'const', 'format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'properties', 'required',
  'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'not', 'items', 'readOnly', 'writeOnly', 'default',
]);

