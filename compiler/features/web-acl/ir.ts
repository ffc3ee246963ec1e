import type { CompiledPattern } from '../../pcre/compile.js';
import type { Origin } from '../../diagnostics/define.js';
import type { CrsCheck, CrsRuleSet } from '../../crs/ir.js';

/** `x-gwc.webAcl` and `x-gwc.stages.<stage>.webAcl`. */
export interface WebAclsPart {
  readonly acls: readonly WebAcl[];
  /** Place in `acls` for stages that have none of their own; null: none. */
  readonly every: number | null;
  /** Stages that say so themselves. */
  readonly byStage: Readonly<Record<string, number | null>>;
  /** Something in the document asks what the ACL said (`$context.wafResponseCode` and its like). */
  readonly isTold: boolean;
}

export interface WebAcl {
  readonly name: string;
  /** Its ARN, or `<name>/<id>` where it has none. */
  readonly arn: string;
  /** Bytes of the body that rules see. */
  readonly bodyLimit: number;
  /** In order of priority. */
  readonly rules: readonly Rule[];
  readonly defaultAction: Action;
  readonly visibility: Visibility;
  readonly geo: GeoSource | null;
  readonly asn: AddressFile | null;
  readonly origin: Origin;
}

/** `metric`: what a log line names; null: no line. */
export interface Visibility { readonly metric: string | null }

export interface Rule {
  readonly name: string;
  readonly does: RuleStatement | RuleGroup;
  /** For a statement. */
  readonly action: Action;
  /** Fully qualified. */
  readonly labels: readonly string[];
  readonly visibility: Visibility;
}

export interface RuleStatement { readonly kind: 'statement'; readonly statement: Statement }

/** `asCount`: OverrideAction Count: its first rule that would end the evaluation ends the group's only. */
export interface RuleGroup { readonly kind: 'group'; readonly name: string; readonly rules: readonly Rule[]; readonly asCount: boolean }

export type Action =
  | { readonly kind: 'allow' | 'count'; /** Flat. */ readonly insert: readonly string[] }
  | { readonly kind: 'block'; readonly response: { readonly status: number; readonly fields: readonly string[]; readonly body: string } | null };

export type Statement =
  | { readonly kind: 'and' | 'or'; readonly statements: readonly Statement[] }
  | { readonly kind: 'not'; readonly statement: Statement }
  | { readonly kind: 'byteMatch'; readonly in: Inspection; readonly search: string; readonly position: Position }
  | { readonly kind: 'patterns'; readonly in: Inspection; readonly patterns: readonly RunnablePattern[] }
  | { readonly kind: 'size'; readonly in: Inspection; readonly operator: 'EQ' | 'NE' | 'LE' | 'LT' | 'GE' | 'GT'; readonly size: number }
  | { readonly kind: 'crs'; readonly in: Inspection; readonly checks: readonly CrsCheck[] }
  | { readonly kind: 'crsRules'; readonly rules: CrsRuleSet }
  | { readonly kind: 'ipSet'; readonly set: AddressRanges; readonly forwarded: { readonly header: string; readonly position: 'FIRST' | 'LAST' | 'ANY'; readonly fallback: boolean } | null }
  | { readonly kind: 'geo'; readonly codes: readonly string[]; readonly forwarded: { readonly header: string; readonly fallback: boolean } | null }
  | { readonly kind: 'asn'; readonly numbers: readonly number[]; readonly forwarded: { readonly header: string; readonly fallback: boolean } | null }
  | { readonly kind: 'label'; readonly scope: 'LABEL' | 'NAMESPACE'; readonly prefix: string; readonly key: string }
  | { readonly kind: 'rate'; readonly id: string; readonly limit: number; readonly window: number; readonly key: RateKey; readonly scope: Statement | null };

export type RunnablePattern = Exclude<CompiledPattern, { kind: 'problem' }>;
export type Position = 'EXACTLY' | 'STARTS_WITH' | 'ENDS_WITH' | 'CONTAINS' | 'CONTAINS_WORD';

/** Sorted, not overlapping, merged; IPv6 as 32 hexadecimal digits. */
export interface AddressRanges { readonly starts: readonly number[]; readonly ends: readonly number[]; readonly starts6: readonly string[]; readonly ends6: readonly string[] }

export interface Inspection { readonly field: Field; readonly transformations: readonly Transformation[] }

export type Oversize = 'CONTINUE' | 'MATCH' | 'NO_MATCH';
export type Scope = 'ALL' | 'KEY' | 'VALUE';
/** null: everything. Names in lower case. */
export type NameSelection = { readonly names: readonly string[]; readonly isExcluded: boolean } | null;

export type Field =
  | { readonly kind: 'header' | 'queryArgument'; readonly name: string }
  | { readonly kind: 'queryArguments' | 'uriPath' | 'queryString' | 'method' }
  | { readonly kind: 'body'; readonly oversize: Oversize }
  /** What no request has: `fallback` is the answer, whatever is asked of it. */
  | { readonly kind: 'uriFragment'; readonly fallback: boolean }
  | { readonly kind: 'headers' | 'cookies'; readonly select: NameSelection; readonly scope: Scope; readonly oversize: Oversize }
  | { readonly kind: 'headerOrder'; readonly oversize: Oversize }
  | { readonly kind: 'jsonBody'; readonly paths: readonly string[] | null; readonly scope: Scope; readonly oversize: Oversize; readonly invalid: 'MATCH' | 'NO_MATCH' | 'EVALUATE_AS_STRING' | null };

export const TRANSFORMATIONS = [
  'NONE', 'COMPRESS_WHITE_SPACE', 'HTML_ENTITY_DECODE', 'LOWERCASE', 'CMD_LINE', 'URL_DECODE', 'BASE64_DECODE', 'HEX_DECODE', 'MD5', 'REPLACE_COMMENTS', 'ESCAPE_SEQ_DECODE', 'SQL_HEX_DECODE', 'CSS_DECODE', 'JS_DECODE',
  'NORMALIZE_PATH', 'NORMALIZE_PATH_WIN', 'REMOVE_NULLS', 'REPLACE_NULLS', 'BASE64_DECODE_EXT', 'URL_DECODE_UNI', 'UTF8_TO_UNICODE',
] as const;
export type Transformation = Exclude<(typeof TRANSFORMATIONS)[number], 'NONE'>;

export type RateKey =
  | { readonly kind: 'constant' }
  | { readonly kind: 'ip' }
  | { readonly kind: 'forwarded'; readonly header: string; readonly fallback: boolean }
  | { readonly kind: 'custom'; readonly parts: readonly KeyPart[] };

export type KeyPart =
  | { readonly kind: 'ip' | 'method' | 'asn' }
  | { readonly kind: 'forwarded'; readonly header: string }
  | { readonly kind: 'label'; readonly namespace: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly transformations: readonly Transformation[] }
  | { readonly kind: 'text'; readonly in: Inspection };

/** A database of addresses that the gateway reads at start; `path`: where it is unless an option says otherwise. */
export interface AddressFile { readonly path: string | null }

/** header: only from a trusted proxy. table: ranges of a CSV file, those of countries that rules ask for. */
export type GeoSource =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string | null }
  | { readonly kind: 'table'; readonly codes: readonly string[]; readonly ranges: readonly (readonly [start: number, end: number, code: number])[]; readonly ranges6: readonly (readonly [start: string, end: string, code: number])[] };
