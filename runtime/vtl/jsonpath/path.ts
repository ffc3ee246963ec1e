/** A JSONPath in Jayway's dialect, parsed. */
import type { Value } from '../values.js';

export type PathStep =
  | { readonly kind: 'property'; readonly name: string }
  /** `['a','b']`: at the end of a path the object cut down to these keys, before that each of them in turn. */
  | { readonly kind: 'properties'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly test: Filter }
  /** `..`: the step after it applies to this value and everything below it. */
  | { readonly kind: 'scan' }
  | { readonly kind: 'function'; readonly name: string; readonly arguments: readonly Operand[] };

export interface JsonPath {
  readonly steps: readonly PathStep[];
  /** The path leads to at most one value; otherwise the result is a list. */
  readonly definite: boolean;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | '=~' | 'in' | 'nin' | 'contains' | 'size' | 'empty' | 'subsetof' | 'anyof' | 'noneof' | 'all' | 'type';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'exists'; readonly path: JsonPath; readonly root: boolean }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Operand; readonly right: Operand };

export type Operand =
  | { readonly kind: 'path'; readonly path: JsonPath; readonly root: boolean }
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'pattern'; readonly source: string; readonly ignoreCase: boolean };

export class JsonPathError extends Error {
  constructor(message: string, readonly offset: number) { super(message); }
}
