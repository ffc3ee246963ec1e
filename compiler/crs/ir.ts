/** What is compiled of the OWASP CRS (`--crs`). */
import type { CompiledPattern } from '../pcre/compile.js';

export type RunnablePattern = Exclude<CompiledPattern, { kind: 'problem' }>;

/** ModSecurity's `t:` by name. */
export type CrsTransformation = 'lowercase' | 'uppercase' | 'urlDecode' | 'urlDecodeUni' | 'htmlEntityDecode' | 'jsDecode' | 'cssDecode' | 'removeNulls' | 'replaceNulls' | 'compressWhitespace' | 'removeWhitespace' | 'replaceComments' | 'normalisePath' | 'normalisePathWin' | 'cmdLine' | 'base64Decode' | 'base64DecodeExt' | 'hexDecode' | 'hexEncode' | 'escapeSeqDecode' | 'sqlHexDecode' | 'utf8toUnicode' | 'md5' | 'sha1' | 'length' | 'trim';

export type CrsOperator =
  | { readonly kind: 'rx'; readonly pattern: RunnablePattern }
  | { readonly kind: 'pm'; readonly phrases: readonly string[] }
  | { readonly kind: 'contains' | 'streq' | 'beginsWith' | 'endsWith' | 'within'; readonly text: string }
  | { readonly kind: 'eq' | 'gt' | 'ge' | 'lt' | 'le'; readonly number: number };

/** A rule on one text: what SqliMatch and XssMatch ask. */
export interface CrsCheck { readonly id: string; readonly transformations: readonly CrsTransformation[]; readonly operator: CrsOperator; readonly isNegated: boolean }

export interface CrsVariable {
  readonly collection: CrsCollection;
  /** What of the collection; null: all of it. A name in lower case, or a pattern. */
  readonly selector: { readonly name: string } | { readonly pattern: RunnablePattern } | null;
  /** `&ARGS`: how many there are. */
  readonly isCount: boolean;
  readonly isExcluded: boolean;
}
export type CrsCollection = 'ARGS' | 'ARGS_NAMES' | 'ARGS_GET' | 'ARGS_GET_NAMES' | 'ARGS_POST' | 'ARGS_POST_NAMES' | 'REQUEST_HEADERS' | 'REQUEST_HEADERS_NAMES' | 'REQUEST_COOKIES' | 'REQUEST_COOKIES_NAMES' | 'REQUEST_URI' | 'REQUEST_URI_RAW' | 'REQUEST_FILENAME' | 'REQUEST_BASENAME' | 'REQUEST_LINE' | 'REQUEST_METHOD' | 'REQUEST_PROTOCOL' | 'REQUEST_BODY' | 'QUERY_STRING' | 'REMOTE_ADDR';

export interface CrsLink { readonly variables: readonly CrsVariable[]; readonly transformations: readonly CrsTransformation[]; readonly operator: CrsOperator; readonly isNegated: boolean }

export interface CrsRule { readonly id: string; readonly message: string; /** The rule and its chain: all must hold. */ readonly links: readonly CrsLink[]; /** Added to the anomaly score. */ readonly score: number; readonly tags: readonly string[] }

export interface CrsRuleSet { readonly rules: readonly CrsRule[]; /** Score from which a request is refused. */ readonly threshold: number }
