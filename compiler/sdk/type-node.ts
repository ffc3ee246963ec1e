/** A type of an SDK, in no language's words yet. */
import type { Json } from '../code.js';

export type TypeNode =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'never' }
  | { readonly kind: 'null' }
  /** No body at all (204, HEAD). */
  | { readonly kind: 'void' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly integer: boolean; readonly format?: string }
  /** Dates and every other format stay text. */
  | { readonly kind: 'string'; readonly format?: string }
  /** Bytes with a media type: a file, a download. `sent`: what may be given to be sent. */
  | { readonly kind: 'binary'; readonly sent: boolean }
  /** What arrives piece by piece: typed items, or bytes. */
  | { readonly kind: 'stream'; readonly items?: TypeNode }
  | { readonly kind: 'literal'; readonly value: Json }
  /** Known values; a newer document may have others. */
  | { readonly kind: 'enum'; readonly values: readonly (string | number)[]; readonly base: 'string' | 'number' }
  | { readonly kind: 'array'; readonly items: TypeNode }
  | { readonly kind: 'tuple'; readonly items: readonly TypeNode[]; readonly rest: TypeNode | undefined }
  | { readonly kind: 'object'; readonly properties: readonly SdkProperty[]; readonly additional: TypeNode | undefined }
  | { readonly kind: 'union'; readonly members: readonly TypeNode[] }
  | { readonly kind: 'intersection'; readonly members: readonly TypeNode[] }
  /** One of `variants`, told apart by `property`, or one that this document does not know: then it has at least what `base` has. */
  | { readonly kind: 'discriminated'; readonly property: string; readonly variants: readonly SdkVariant[]; readonly base: TypeNode | undefined }
  | { readonly kind: 'reference'; readonly name: string };

export interface SdkProperty {
  readonly name: string;
  readonly type: TypeNode;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly doc: SdkDoc;
}

export interface SdkVariant {
  readonly tags: readonly string[];
  readonly type: TypeNode;
  /** The type's own property already says the tag. */
  readonly tagged: boolean;
}

/** Text of the document (hostile: emitters escape it). */
export interface SdkDoc {
  readonly text: string | undefined;
  readonly deprecated: boolean;
  /** Constraints worth knowing: `Default: 20`, `Format: date-time`. */
  readonly notes: readonly string[];
}

export const UNKNOWN: TypeNode = { kind: 'unknown' };
export const NO_DOC: SdkDoc = { text: undefined, deprecated: false, notes: [] };

/** Without nesting, duplicates and members that say nothing. */
export function union(members: readonly TypeNode[]): TypeNode {
  if (members.length === 1) return members[0]!;
  const flat = distinct(members.flatMap((member) => (member.kind === 'union' ? member.members : [member])).filter((member) => member.kind !== 'never'));
  if (flat.some((member) => member.kind === 'unknown')) return UNKNOWN;
  // null reads best at the end.
  const ordered = [...flat.filter((member) => member.kind !== 'null'), ...flat.filter((member) => member.kind === 'null')];
  return ordered.length === 0 ? { kind: 'never' } : ordered.length === 1 ? ordered[0]! : { kind: 'union', members: ordered };
}

export function intersection(members: readonly TypeNode[]): TypeNode {
  if (members.length === 1) return members[0]!;
  const flat = distinct(members.flatMap((member) => (member.kind === 'intersection' ? member.members : [member])).filter((member) => member.kind !== 'unknown'));
  if (flat.some((member) => member.kind === 'never')) return { kind: 'never' };
  return flat.length === 0 ? UNKNOWN : flat.length === 1 ? flat[0]! : { kind: 'intersection', members: flat };
}

/** Drops repetitions where comparing is cheap; two equal objects in a union do no harm. */
function distinct(nodes: readonly TypeNode[]): readonly TypeNode[] {
  if (nodes.length < 2) return nodes;
  const seen = new Set<string>();
  return nodes.filter((node) => {
    if (DEEP.has(node.kind)) return true;
    const key = JSON.stringify(node);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

const DEEP: ReadonlySet<TypeNode['kind']> = new Set(['object', 'tuple', 'union', 'intersection', 'discriminated']);
