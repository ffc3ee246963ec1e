/** What is compiled of the OWASP CRS (`--crs`). Texts and patterns are byte strings. */
import type { CompiledPattern } from '../pcre/compile.js';
import type { Program } from '../thompson.js';

export type RunnablePattern = Exclude<CompiledPattern, { kind: 'problem' }>;

/** ModSecurity's `t:`, those that rules of the CRS use. */
export const CRS_TRANSFORMATIONS = [
  'lowercase', 'urlDecode', 'urlDecodeUni', 'htmlEntityDecode', 'jsDecode', 'cssDecode', 'removeNulls', 'replaceNulls', 'compressWhitespace', 'removeWhitespace', 'replaceComments', 'normalizePath', 'normalizePathWin', 'cmdLine',
  'base64Decode', 'base64DecodeExt', 'hexDecode', 'escapeSeqDecode', 'sqlHexDecode', 'utf8toUnicode', 'md5', 'length',
] as const;
export type CrsTransformation = (typeof CRS_TRANSFORMATIONS)[number];

export type CrsOperator =
  /** `groups`: what they match is kept as TX:0 to TX:9 (`capture`); null: nothing is. */
  | { readonly kind: 'rx'; readonly pattern: RunnablePattern; readonly groups: Program | null }
  /** Any of them, without case. */
  | { readonly kind: 'pm'; readonly phrases: readonly string[] }
  | { readonly kind: 'contains' | 'streq' | 'beginsWith' | 'endsWith' | 'within'; readonly text: CrsText }
  | { readonly kind: 'eq' | 'gt' | 'ge' | 'lt' | 'le'; readonly number: number | CrsText }
  /** @validateUtf8Encoding: holds for what is no UTF-8. */
  | { readonly kind: 'noUtf8' }
  /** @ipMatch: addresses and CIDR ranges. */
  | { readonly kind: 'ip'; readonly ranges: readonly string[] }
  /** @detectSQLi, @detectXSS, and SqliMatch with SensitivityLevel HIGH. */
  | { readonly kind: 'sqlInjection' | 'maybeSqlInjection' | 'crossSiteScripting' };

/** A text with macros that are known at run time only: transaction variables, fields, what matched. */
export type CrsText = readonly (string | { readonly tx: string } | { readonly header: string } | { readonly matched: 'name' | 'value' })[];

/** setvar: `isSum`: the number is added to what is there. */
export interface CrsSet { readonly name: CrsText; readonly value: CrsText; readonly isSum: boolean }

export const PAIRED = ['ARGS', 'ARGS_GET', 'ARGS_POST', 'REQUEST_HEADERS', 'REQUEST_COOKIES', 'FILES', 'MULTIPART_PART_HEADERS'] as const;
export const SINGLE = ['REQUEST_URI', 'REQUEST_URI_RAW', 'REQUEST_FILENAME', 'REQUEST_BASENAME', 'REQUEST_LINE', 'REQUEST_METHOD', 'REQUEST_PROTOCOL', 'REQUEST_BODY', 'QUERY_STRING', 'REMOTE_ADDR', 'ARGS_COMBINED_SIZE', 'FILES_COMBINED_SIZE'] as const;

/** values, or names, of a collection; what of it: `only` one name, all but `except`. `count`: how many there are, as a text. */
export type CrsVariable =
  | { readonly kind: 'pairs'; readonly of: (typeof PAIRED)[number]; readonly take: 'values' | 'names' | 'count'; readonly only: CrsSelector | null; readonly except: readonly CrsSelector[] }
  | { readonly kind: 'single'; readonly of: (typeof SINGLE)[number] }
  /** XML:/*: the text of an XML body. */
  | { readonly kind: 'xml' }
  /** Variables that rules set (setvar, capture). */
  | { readonly kind: 'tx'; readonly take: 'values' | 'count'; readonly only: CrsSelector }
  /** In a chain, the texts for which the rule before held, or their names; of all or the last. */
  | { readonly kind: 'matched'; readonly take: 'values' | 'names'; readonly isLast: boolean };
export type CrsSelector = { readonly name: string } | { readonly pattern: RunnablePattern };

/** One SecRule: it holds when its operator does (or, negated, does not) for any of its texts. */
export interface CrsLink {
  readonly variables: readonly CrsVariable[];
  readonly transformations: readonly CrsTransformation[];
  /** Every step of the transformations is looked at, the text as it was included. */
  readonly isMulti: boolean;
  readonly operator: CrsOperator;
  readonly isNegated: boolean;
  /** Done for each text for which it holds. */
  readonly sets: readonly CrsSet[];
}

/** What a rule is where all of the conditions `when` hold (places in `CrsRuleSet.conditions`): it passes over something; null: nothing is left of it. */
export interface CrsVariant { readonly when: readonly number[]; readonly rule: CrsRule | null }

/** A rule with its chain, all of which must hold. */
export interface CrsRule {
  readonly id: string;
  readonly paranoiaLevel: number;
  readonly links: readonly CrsLink[];
  /** Added to the anomaly score. */
  readonly score: number;
  /** Links know of each other by variables and names, not only by the texts that matched. */
  readonly isDynamic: boolean;
  /** Conditions of which any turns it off. */
  readonly offBy: readonly number[];
  /** Those with more conditions first. */
  readonly variants: readonly CrsVariant[];
}

export interface CrsRuleSet {
  readonly rules: readonly CrsRule[];
  /** Exclusions that hold for some requests: each a rule that says for which. */
  readonly conditions: readonly CrsRule[];
  /** Score from which a request is refused. */
  readonly threshold: number;
}

/** A rule as a check of one text: what SqliMatch and XssMatch ask. */
export type CrsCheck = Pick<CrsLink, 'transformations' | 'isMulti' | 'operator'> & { readonly id: string };
