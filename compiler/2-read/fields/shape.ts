/** How the tables in this folder say which fields an object has. */
import type { SpecVersion } from '../../1-load/document.js';

/** What may stand at a place of the document. */
export type Type =
  | { readonly is: 'text' | 'boolean' | 'number' | 'scalar' | 'any' }
  /** One of these texts. `anyCase`: API Gateway compares some of its enumerations without case. */
  | { readonly is: 'enum'; readonly values: readonly string[]; readonly anyCase: boolean }
  | { readonly is: 'list'; readonly of: Type }
  /** An object whose keys the user chose. */
  | { readonly is: 'map'; readonly of: Type; readonly keys?: KeyRule }
  | { readonly is: 'object'; readonly shape: () => Shape }
  /** The first whose JSON type fits. */
  | { readonly is: 'either'; readonly types: readonly Type[] };

export interface KeyRule { readonly pattern: RegExp; readonly expected: string }

/** Where an extension may stand. */
export type Level = 'root' | 'path item' | 'operation' | 'security scheme' | 'server' | 'tag' | 'components';

export interface Field {
  readonly type: Type;
  /** Absence is an error, or only odd because nothing here depends on it. */
  readonly required?: 'error' | 'odd';
  /** The last version that wants a required field. */
  readonly requiredUntil?: SpecVersion;
  /** Absent: every version. */
  readonly versions?: readonly SpecVersion[];
  /** What to write in the versions that do not have the field. */
  readonly instead?: string;
}

export interface Shape {
  /** As users know it: `operation`, `integration`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Keys that are not in `fields`, by pattern (`/pets` in paths, `200` in responses). */
  readonly others?: { readonly type: Type; readonly keys: KeyRule };
  /** Which extensions of API Gateway and ours belong here; other `x-…` keys are the user's own business. */
  readonly level?: Level;
  /** Where its objects are kept for reuse: `schemas`, `parameters` … */
  readonly component?: string;
  /** Fields that are required for some values of `type`. */
  readonly requiredByType?: Readonly<Record<string, readonly string[]>>;
  /** Names that people write instead, and what to do about them. */
  readonly mistakes?: Readonly<Record<string, string>>;
  /** Unknown fields are legal (JSON Schema 2020-12): only those that look like a known one are worth a word. */
  readonly lenient?: boolean;
  /** An extension object of API Gateway or ours: stray fields in it have diagnostics of their own. */
  readonly extension?: boolean;
}

export const text: Type = { is: 'text' };
export const boolean: Type = { is: 'boolean' };
export const number: Type = { is: 'number' };
/** A text, a number or a boolean: YAML makes numbers of unquoted `200` and `1.0`, and API Gateway takes them. */
export const scalar: Type = { is: 'scalar' };
export const any: Type = { is: 'any' };

export function oneOf(...values: string[]): Type { return { is: 'enum', values, anyCase: false }; }
export function oneOfAnyCase(...values: string[]): Type { return { is: 'enum', values, anyCase: true }; }
export function list(of: Type): Type { return { is: 'list', of }; }
export function map(of: Type, keys?: KeyRule): Type { return { is: 'map', of, ...(keys && { keys }) }; }
/** Late, because shapes refer to each other; once, because a shape's identity matters. */
export function object(shape: () => Shape): Type {
  let made: Shape | undefined;
  return { is: 'object', shape: () => (made ??= shape()) };
}
export function either(...types: Type[]): Type { return { is: 'either', types }; }

type Fields = Readonly<Record<string, Type | Field>>;

/** A bare type is an optional field of every version. */
export function fields(table: Fields): Readonly<Record<string, Field>> {
  return Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, 'is' in entry ? { type: entry } : entry]));
}

export function required(type: Type): Field { return { type, required: 'error' }; }
/** The specification requires it, API Gateway and gwc can do without. */
export function expected(type: Type): Field { return { type, required: 'odd' }; }
export function since31(type: Type, instead?: string): Field { return { type, versions: ['3.1', '3.2'], ...(instead !== undefined && { instead }) }; }
export function since32(type: Type, instead?: string): Field { return { type, versions: ['3.2'], ...(instead !== undefined && { instead }) }; }
export function until30(type: Type, instead: string): Field { return { type, versions: ['2.0', '3.0'], instead }; }
