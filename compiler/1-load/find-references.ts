/** Which `$ref`s a value holds, knowing what is a reference and what only looks like one. */
import type { Json } from '../code.js';
import { escapePointer } from './node.js';
import { zoneOf, type Zone } from './zones.js';

export interface FoundReference {
  /** Pointer of the object that holds the reference. */
  readonly pointer: string;
  /** undefined when `$ref` is no string. */
  readonly reference: string | undefined;
  /** The field that holds the reference: `…/$ref`, or `…/mapping/dog` of a discriminator. */
  readonly field: string;
  /** What stands at its target. */
  readonly zone: Zone;
  /** In an example's value: a reference if it leads somewhere, else the user's data. */
  readonly isOptional?: true;
}

export interface ReferenceWalk {
  /** Objects that were looked through already. */
  readonly seen: Set<object>;
  /** In OpenAPI 2.0 `examples` holds bare data. */
  readonly examplesAreData: boolean;
  found(reference: FoundReference): void;
  /** Of a root in which no object stands at two places: what was found in its parts before. `seen` is not needed then. */
  readonly memo?: ReferenceMemo | undefined;
}

/** By part of a document: what is in it at that pointer. */
export type ReferenceMemo = WeakMap<object, { readonly id: string; readonly references: readonly FoundReference[] }>;

/** Down to `/paths/~1pets/get` and `/components/schemas/Pet`. */
const REMEMBERED_LEVELS = 3;

export function findReferences(value: Json, pointer: string, zone: Zone, walk: ReferenceWalk): void {
  search(value, pointer, [], zone, walk);
}

/** Whether a walk of all of `root` comes by what `tokens` lead to. */
export function isReached(root: Json, tokens: readonly string[], examplesAreData: boolean): boolean {
  let value = root;
  let zone: Zone = 'object';
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return false;
    const child = (value as { readonly [key: string]: Json })[token]!;
    if (!Array.isArray(value)) {
      const inner = zoneBelow(zone, token, child, examplesAreData);
      if (inner === undefined || (token === '$ref' && zone === 'object')) return false;
      zone = inner;
    }
    value = child;
  }
  return true;
}

/** undefined: there are no references in it. */
function zoneBelow(zone: Zone, key: string, child: Json, examplesAreData: boolean): Zone | undefined {
  const inner = zoneOf(zone, key, child);
  return inner === 'data' || inner === 'serverVariables' || (key === 'examples' && zone === 'object' && examplesAreData) ? undefined : inner;
}

/** `path`: keys from `base` to `value`. They become a pointer only where a reference is found: of all the nodes of a document few are. */
function search(value: Json, base: string, path: string[], zone: Zone, walk: ReferenceWalk): void {
  if (typeof value !== 'object' || value === null) return;
  if (walk.memo) {
    if (path.length > 0 && path.length <= REMEMBERED_LEVELS) return remembered(value, base, path, zone, walk, walk.memo);
  } else {
    if (walk.seen.has(value)) return;
    walk.seen.add(value);
  }
  look(value, base, path, zone, walk);
}

function remembered(value: Json & object, base: string, path: string[], zone: Zone, walk: ReferenceWalk, memo: ReferenceMemo): void {
  const id = `${zone} ${walk.examplesAreData} ${pointerTo(base, path)}`;
  let known = memo.get(value);
  if (known?.id !== id) {
    const references: FoundReference[] = [];
    look(value, base, path, zone, { ...walk, found: (reference) => references.push(reference) });
    memo.set(value, (known = { id, references }));
  }
  for (const reference of known.references) walk.found(reference);
}

function look(value: Json & object, base: string, path: string[], zone: Zone, walk: ReferenceWalk): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item = value[i] as Json;
      if (typeof item !== 'object' || item === null) continue;
      path.push(String(i));
      search(item, base, path, zone, walk);
      path.pop();
    }
    return;
  }
  const object = value as { readonly [key: string]: Json };
  for (const key in object) {
    const child = object[key]!;
    // A property may be called `$ref`: then its value is a schema.
    if (key === '$ref' && (zone === 'object' || typeof child === 'string')) {
      const pointer = pointerTo(base, path);
      walk.found({ pointer, reference: typeof child === 'string' ? child : undefined, field: `${pointer}/$ref`, zone });
      continue;
    }
    // A web ACL may stand in a file of its own, named without `$ref`.
    if (typeof child === 'string' && (key === 'webAcl' || key === 'file')) {
      const pointer = pointerTo(base, path);
      if (pointer === (key === 'webAcl' ? '/x-gwc' : '/x-gwc/webAcl')) walk.found({ pointer, reference: child, field: `${pointer}/${key}`, zone: 'object' });
      continue;
    }
    if (typeof child !== 'object' || child === null) continue;
    if (zone === 'object' && EXAMPLE_VALUES.has(key)) findValue(child, `${pointerTo(base, path)}/${key}`, walk);
    const inner = zoneBelow(zone, key, child, walk.examplesAreData);
    if (inner === undefined) continue;
    if (key === 'discriminator' && zone === 'object') findMapping(child, `${pointerTo(base, path)}/discriminator`, walk);
    path.push(key);
    search(child, base, path, inner, walk);
    path.pop();
  }
}

function pointerTo(base: string, path: readonly string[]): string {
  let pointer = base;
  for (const key of path) pointer += `/${escapePointer(key)}`;
  return pointer;
}

const EXAMPLE_VALUES = new Set(['example', 'value', 'dataValue']);

/** `value: {$ref: ./pet.json}`: by the specification an example that looks like a reference, but no one means that, and bundlers read the file. */
function findValue(value: Json, pointer: string, walk: ReferenceWalk): void {
  const reference = exampleReference(value);
  if (reference !== undefined) walk.found({ pointer, reference, field: `${pointer}/$ref`, zone: 'data', isOptional: true });
}

/** What `{$ref}` alone, as an example's value, refers to. */
export function exampleReference(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const reference = (value as { readonly $ref?: Json }).$ref;
  return typeof reference === 'string' && Object.keys(value).length === 1 && looksLikeReference(reference) ? reference : undefined;
}

/** A mapping's values are schema names or references; only the latter can lead to other files. */
function findMapping(discriminator: Json, pointer: string, walk: ReferenceWalk): void {
  const mapping = (discriminator as { readonly mapping?: Json }).mapping;
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) return;
  for (const [tag, target] of Object.entries(mapping)) {
    if (typeof target === 'string' && looksLikeReference(target)) walk.found({ pointer, reference: target, field: `${pointer}/mapping/${escapePointer(tag)}`, zone: 'object' });
  }
}

/** `#/components/schemas/Dog` and `dog.yaml` are references, `Dog` and `v1.dog` are names. */
export function looksLikeReference(target: string): boolean {
  return /[#/]/.test(target) || /\.(?:ya?ml|json)$/i.test(target);
}
