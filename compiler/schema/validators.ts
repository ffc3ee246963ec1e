/** Compiles schemas to validation functions with Ajv standalone: one function per distinct schema and direction, shared by all who use it. */
import AjvModule from 'ajv/dist/core.js';
import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { vocabulary } from './ajv-keywords.js';
import { DirectedSchemas, type Direction } from './direction.js';
import { planReferences, type EvaluationPlan } from './evaluation.js';
import { shareParts } from './shared-parts.js';
import { finish, PATTERN_ENGINE, stableName, writeModule, type Finished } from './standalone.js';
import { components } from './strongly-connected.js';
import { UniqueNames } from '../unique-names.js';

/** One use of a validator. `key` is the caller's; equal schemas under different keys share one function. */
export interface ValidatorRequest {
  readonly key: string;
  readonly schema: Schema;
  readonly direction: Direction;
  /** What the function's name should remind of, e.g. `createPet body`. */
  readonly hint?: string;
}

export interface Validators {
  /** An ES module (JavaScript). It imports only `gwc/runtime/validate/…` and exports `(value: unknown) => readonly ValidationError[] | null`. */
  readonly source: string;
  /** The export that validates what was asked for under `key`. */
  exportOf(key: string): string;
  readonly exports: readonly string[];
}

type Checked = ReturnType<DirectedSchemas['schema']>;

/** Never throws for schemas that `SchemaReader` made. The same requests give the same text, with whatever `cache`. */
export function compileValidators(requests: readonly ValidatorRequest[], schemas: Readonly<Record<string, NamedSchema>>, cache = new ValidatorCache()): Validators {
  const directed: Record<Direction, DirectedSchemas> = { request: new DirectedSchemas(schemas, 'request'), response: new DirectedSchemas(schemas, 'response'), model: new DirectedSchemas(schemas, 'model') };
  // Everything reachable: what was asked for (by its text) and what that refers to (by reference).
  const nodes = new Map<string, Checked>();
  const exportByText = new Map<string, string>();
  const exportByKey = new Map<string, string>();
  const names = new UniqueNames();
  for (const request of requests) {
    const checked = directed[request.direction].schema(request.schema);
    const text = soleReference(checked) ?? JSON.stringify(checked);
    let name = exportByText.get(text);
    if (name === undefined) {
      name = names.take(exportName(request.hint ?? request.key));
      exportByText.set(text, name);
      if (soleReference(checked) === undefined) nodes.set(text, checked);
    }
    exportByKey.set(request.key, name);
  }

  const behind = (ref: string): Checked => directed[/^[a-z]+/.exec(ref)![0] as Direction].behind(ref);
  const edges = new Map<string, readonly string[]>();
  const queue = [...exportByText.keys()];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (edges.has(node)) continue;
    if (!nodes.has(node)) nodes.set(node, behind(node));
    const targets = [...references(nodes.get(node)!)];
    edges.set(node, targets);
    queue.push(...targets);
  }

  const circles = nodesInCircles([...nodes.keys()], edges);
  const source = compileNodes(shareParts(nodes, (ref) => circles.has(ref)), exportByText, cache);
  return { source, exports: [...exportByText.values()], exportOf: (key) => {
    const name = exportByKey.get(key);
    if (name === undefined) throw new Error(`no validator was asked for under ${JSON.stringify(key)}`);
    return name;
  } };
}

/** Text of functions by everything it depends on, for builds that follow one another. */
export class ValidatorCache {
  private last = new Map<string, Finished>();
  private next = new Map<string, Finished>();

  of(key: string, make: () => Finished): Finished {
    const finished = this.next.get(key) ?? this.last.get(key) ?? make();
    this.next.set(key, finished);
    return finished;
  }

  /** What this build did not ask for is forgotten. */
  turn(): void {
    this.last = this.next;
    this.next = new Map();
  }
}

function nodesInCircles(nodes: readonly string[], edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const { order, componentOf } = components(nodes, (node) => edges.get(node)!);
  const circles = new Set<string>();
  for (const group of groups(order, componentOf)) if (group.length > 1 || edges.get(group[0]!)!.includes(group[0]!)) for (const node of group) circles.add(node);
  return circles;
}

/**
 * The module of all functions. `nodes`: what is checked, by text or reference; `exports`: node → name. Functions that call
 * each other in circles are made together. They are named by what they do, so that their text depends on nothing else in the document.
 */
function compileNodes(nodes: ReadonlyMap<string, Checked>, exports: ReadonlyMap<string, string>, cache: ValidatorCache): string {
  const edges = new Map([...nodes].map(([node, schema]) => [node, [...references(schema)]]));
  const { order, componentOf } = components([...nodes.keys()].sort(), (node) => edges.get(node)!);
  const nodeOf = new Map<unknown, string>();
  const isRecursive = (from: string, to: string): boolean => componentOf.get(from) === componentOf.get(to);
  const nameOf = new Map<string, string>();
  /** Nodes whose functions are being made. */
  let open: ReadonlySet<string> = new Set();
  // Ajv takes keys for URIs, so they are numbers, not names of a document.
  const keyOf = new Map(order.map((node, index) => [node, `s${index}`]));
  let made: InstanceType<typeof AjvModule.default> | undefined;
  const ajv = (): InstanceType<typeof AjvModule.default> => {
    if (made) return made;
    made = new AjvModule.default({
      allErrors: true, messages: false, strict: false, validateSchema: false, addUsedSchema: false, inlineRefs: false, logger: false, meta: false, schemaId: '$gwc',
      loopRequired: Infinity, loopEnum: Infinity, multipleOfPrecision: 10, unicodeRegExp: true,
      code: { source: true, esm: true, lines: true, optimize: 1, regExp: PATTERN_ENGINE },
    } as never);
    return made.addVocabulary(vocabulary({
      isRecursive: (from, to) => isRecursive(nodeOf.get(from)!, to), keyOf: (ref) => keyOf.get(ref)!, nameOf: (ref) => (open.has(ref) ? undefined : nameOf.get(ref)!),
    }));
  };
  const compile = (group: readonly string[]): Finished => {
    open = new Set(group);
    // In a circle a function that exists is called directly, one that does not yet through a wrapper.
    for (const node of group) {
      const schema = asObject(nodes.get(node)!);
      nodeOf.set(schema, node);
      ajv().addSchema(schema as never, keyOf.get(node)!, undefined, false);
    }
    for (const node of group) ajv().getSchema(keyOf.get(node)!);
    const functions = group.map((node) => ajv().getSchema(keyOf.get(node)!)!.source!);
    return finish(functions, new Map(group.map((node, index) => [String(functions[index]!.validateName), nameOf.get(node)!])));
  };

  const parts: Finished[] = [];
  const recursive = new Set<string>();
  // Leaves first, so that what is called outside a group has its name.
  for (const group of groups(order, componentOf)) {
    const inside = new Set(group);
    const outside = new Set(group.flatMap((node) => edges.get(node)!.filter((target) => !inside.has(target))));
    const key = JSON.stringify([group.map((node) => [node, nodes.get(node)]), [...outside].map((target) => [target, nameOf.get(target)])]);
    const stable = stableName(key);
    group.forEach((node, index) => nameOf.set(node, `check_${stable}_${index}`));
    for (const node of group) if (edges.get(node)!.some((target) => recursive.has(target) || inside.has(target))) for (const each of group) recursive.add(each);
    parts.push(cache.of(key, () => compile(group)));
  }
  cache.turn();
  return writeModule(parts, [...exports].map(([node, name]) => ({ name, validate: nameOf.get(node)!, isRecursive: recursive.has(node) })));
}

/** The nodes of each component, in the order in which they come. */
function* groups(order: readonly string[], componentOf: ReadonlyMap<string, number>): Generator<readonly string[]> {
  let group: string[] = [];
  for (const node of order) {
    if (group.length > 0 && componentOf.get(group[0]!) !== componentOf.get(node)) {
      yield group;
      group = [];
    }
    group.push(node);
  }
  if (group.length > 0) yield group;
}

function soleReference(schema: Checked): string | undefined {
  return typeof schema === 'object' && typeof schema['$ref'] === 'string' && Object.keys(schema).length === 1 ? schema['$ref'] : undefined;
}

/** Ajv keys schemas by object; `true` and `false` need one of their own. */
const asObject = (schema: Checked): Exclude<Checked, boolean> => (schema === true ? {} : schema === false ? { not: {} } : schema);

/** Values of `$ref` anywhere a schema may stand. */
function* references(schema: Json): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const item of schema as readonly Json[]) yield* references(item);
    return;
  }
  for (const [keyword, value] of Object.entries(schema as Record<string, Json>)) {
    if (keyword === '$ref' && typeof value === 'string') yield value;
    else if (keyword === 'gwcPlan') yield* planReferences(value as unknown as EvaluationPlan);
    else if (keyword === 'properties' || keyword === 'patternProperties' || keyword === 'dependentSchemas' || keyword === 'gwcCases') for (const item of Object.values(value as Record<string, Json>)) yield* references(item);
    else if (keyword !== 'enum' && keyword !== 'const' && keyword !== 'required' && keyword !== 'dependentRequired') yield* references(value);
  }
}

/** An identifier close to `hint`. */
function exportName(hint: string): string {
  const words = hint.split(/[^A-Za-z0-9]+/).filter(Boolean).map((word) => word[0]!.toUpperCase() + word.slice(1)).join('').slice(0, 60);
  // Ajv's own functions are validate0, validate1, …
  return /^\d*$/.test(words) ? `validate_${words}` : `validate${words}`;
}
