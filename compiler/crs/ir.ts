/** What is compiled of the OWASP CRS (`--crs`). Texts and patterns are byte strings. */
import type { CompiledPattern } from '../pcre/compile.js';

export type RunnablePattern = Exclude<CompiledPattern, { kind: 'problem' }>;

/** ModSecurity's `t:`, those that rules of the CRS use. */
export const CRS_TRANSFORMATIONS = [
  'lowercase', 'urlDecode', 'urlDecodeUni', 'htmlEntityDecode', 'jsDecode', 'cssDecode', 'removeNulls', 'replaceNulls', 'compressWhitespace', 'removeWhitespace', 'replaceComments', 'normalizePath', 'normalizePathWin', 'cmdLine',
  'base64Decode', 'base64DecodeExt', 'hexDecode', 'escapeSeqDecode', 'sqlHexDecode', 'utf8toUnicode', 'md5', 'length',
] as const;
export type CrsTransformation = (typeof CRS_TRANSFORMATIONS)[number];

export type CrsOperator =
  | { readonly kind: 'rx'; readonly pattern: RunnablePattern }
  /** Any of them, without case. */
  | { readonly kind: 'pm'; readonly phrases: readonly string[] }
  | { readonly kind: 'contains' | 'streq' | 'beginsWith' | 'endsWith' | 'within'; readonly text: string }
  | { readonly kind: 'eq' | 'gt' | 'ge' | 'lt' | 'le'; readonly number: number };

export const PAIRED = ['ARGS', 'ARGS_GET', 'ARGS_POST', 'REQUEST_HEADERS', 'REQUEST_COOKIES'] as const;
export const SINGLE = ['REQUEST_URI', 'REQUEST_URI_RAW', 'REQUEST_FILENAME', 'REQUEST_BASENAME', 'REQUEST_LINE', 'REQUEST_METHOD', 'REQUEST_PROTOCOL', 'REQUEST_BODY', 'QUERY_STRING', 'REMOTE_ADDR'] as const;

/** values, or names, of a collection; what of it: `only` one name, all but `except`. `count`: how many there are, as a text. */
export type CrsVariable =
  | { readonly kind: 'pairs'; readonly of: (typeof PAIRED)[number]; readonly take: 'values' | 'names' | 'count'; readonly only: CrsSelector | null; readonly except: readonly CrsSelector[] }
  | { readonly kind: 'single'; readonly of: (typeof SINGLE)[number] }
  /** MATCHED_VARS: in a chain, the texts for which the rule before held. */
  | { readonly kind: 'matched' };
export type CrsSelector = { readonly name: string } | { readonly pattern: RunnablePattern };

/** One SecRule: it holds when its operator does (or, negated, does not) for any of its texts. */
export interface CrsLink {
  readonly variables: readonly CrsVariable[];
  readonly transformations: readonly CrsTransformation[];
  /** Every step of the transformations is looked at, the text as it was included. */
  readonly isMulti: boolean;
  readonly operator: CrsOperator;
  readonly isNegated: boolean;
}

/** A rule with its chain, all of which must hold. `score` is added to the anomaly score. */
export interface CrsRule { readonly id: string; readonly paranoiaLevel: number; readonly links: readonly CrsLink[]; readonly score: number }

export interface CrsRuleSet { readonly rules: readonly CrsRule[]; /** Score from which a request is refused. */ readonly threshold: number }

/** A rule as a check of one text: what SqliMatch and XssMatch ask. */
export type CrsCheck = Pick<CrsLink, 'transformations' | 'isMulti' | 'operator'> & { readonly id: string };
