/** Which validation functions a gateway needs: one per distinct schema and direction, shared by all who use it. `compile-validators.ts` writes them. */
import type { Json } from '../code.js';
import type { NamedSchema, Schema } from '../ir.js';
import { DirectedSchemas, type Direction } from './direction.js';
import { planReferences, type EvaluationPlan } from './evaluation.js';
import { shareParts } from './shared-parts.js';
import { stableName } from './stable-name.js';
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

/** Plain data: it goes to the thread that compiles. */
export interface ValidatorPlan {
  /** Texts of `Group`s: what a group's functions are depends on nothing else. Leaves first. */
  readonly groups: readonly string[];
  readonly entries: readonly Entry[];
}

/** Functions that call one another in circles, or one alone: what each checks, by text or reference; and the names of those outside they call. */
export type Group = readonly [nodes: readonly (readonly [node: string, schema: Checked])[], outside: readonly (readonly [ref: string, name: string])[]];

/** An export: what it is called and the function behind it. */
export interface Entry { readonly name: string; readonly validate: string; readonly isRecursive: boolean }

export interface PlannedValidators {
  readonly plan: ValidatorPlan;
  /** The export that validates what was asked for under `key`. */
  exportOf(key: string): string;
}

export type Checked = ReturnType<DirectedSchemas['schema']>;

/** The same requests give the same plan. */
export function planValidators(requests: readonly ValidatorRequest[], schemas: Readonly<Record<string, NamedSchema>>): PlannedValidators {
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
  const plan = planNodes(shareParts(nodes, (ref) => circles.has(ref)), exportByText);
  return { plan, exportOf: (key) => {
    const name = exportByKey.get(key);
    if (name === undefined) throw new Error(`no validator was asked for under ${JSON.stringify(key)}`);
    return name;
  } };
}

function nodesInCircles(nodes: readonly string[], edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const { order, componentOf } = components(nodes, (node) => edges.get(node)!);
  const circles = new Set<string>();
  for (const group of groups(order, componentOf)) if (group.length > 1 || edges.get(group[0]!)!.includes(group[0]!)) for (const node of group) circles.add(node);
  return circles;
}

/**
 * `nodes`: what is checked, by text or reference; `exports`: node → name. Functions that call each other in circles are made together. They are named by
 * what they do, so that their text depends on nothing else in the document.
 */
function planNodes(nodes: ReadonlyMap<string, Checked>, exports: ReadonlyMap<string, string>): ValidatorPlan {
  const edges = new Map([...nodes].map(([node, schema]) => [node, [...references(schema)]]));
  const { order, componentOf } = components([...nodes.keys()].sort(), (node) => edges.get(node)!);
  const nameOf = new Map<string, string>();
  const texts: string[] = [];
  const recursive = new Set<string>();
  // Leaves first, so that what is called outside a group has its name.
  for (const group of groups(order, componentOf)) {
    const inside = new Set(group);
    const outside = new Set(group.flatMap((node) => edges.get(node)!.filter((target) => !inside.has(target))));
    const text = JSON.stringify([group.map((node) => [node, nodes.get(node)!]), [...outside].map((target) => [target, nameOf.get(target)!])] satisfies Group);
    for (const [index, name] of functionNames(text, group.length).entries()) nameOf.set(group[index]!, name);
    for (const node of group) if (edges.get(node)!.some((target) => recursive.has(target) || inside.has(target))) for (const each of group) recursive.add(each);
    texts.push(text);
  }
  return { groups: texts, entries: [...exports].map(([node, name]) => ({ name, validate: nameOf.get(node)!, isRecursive: recursive.has(node) })) };
}

/** What the functions of a group are called. */
export function functionNames(group: string, count: number): string[] {
  const stable = stableName(group);
  return Array.from({ length: count }, (_, index) => `check_${stable}_${index}`);
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
