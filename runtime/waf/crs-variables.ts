/** Rules of the OWASP CRS that work with names and with variables of their own (TX). Lists are flat: name, text, name, text…; names as ModSecurity has them (`ARGS:q`). */
import type { CapturingPattern } from './captures.js';
import type { Pairs } from './crs-pairs.js';
import type { TextPattern } from './pattern.js';
import type { WafRequest } from './request.js';

/** More than arguments fit into what is inspected of a request (64 KB, two bytes each at least): rules that count by names must see every one. */
const MOST_VARIABLES = 40_000;
const variables = new WeakMap<WafRequest, Map<string, string>>();

export type Variables = Map<string, string>;

/** The request's, by names in lower case. */
export function variablesOf(request: WafRequest): Variables {
  let known = variables.get(request);
  if (known === undefined) variables.set(request, (known = new Map()));
  return known;
}

export function setVariable(tx: Variables, name: string, value: string): void {
  const lower = name.toLowerCase();
  if (tx.size < MOST_VARIABLES || tx.has(lower)) tx.set(lower, value);
}

/** setvar with `+`. */
export function addToVariable(tx: Variables, name: string, value: string): void {
  setVariable(tx, name, String((parseInt(tx.get(name.toLowerCase()) ?? '0', 10) || 0) + (parseInt(value, 10) || 0)));
}

/** Keeps groups as TX:0 to TX:9. Whether there is a match. */
function keepGroups(tx: Variables, groups: readonly (string | undefined)[] | null): boolean {
  if (groups === null) return false;
  for (let at = 0; at < 10; at++) {
    const group = groups[at];
    if (group === undefined) tx.delete(String(at)); else tx.set(String(at), group);
  }
  return true;
}

export function execute(tx: Variables, pattern: CapturingPattern, text: string): boolean {
  return keepGroups(tx, pattern.exec(text));
}

/** TX:name. */
export function variableNamed(tx: Variables, name: string): Pairs {
  const value = tx.get(name);
  return value === undefined ? [] : [`TX:${name}`, value];
}

/** TX:/pattern/. */
export function variablesLike(tx: Variables, pattern: TextPattern): Pairs {
  const found: string[] = [];
  for (const [name, value] of tx) if (pattern.test(name)) found.push(`TX:${name}`, value);
  return found;
}

/** Values under their collection's name. */
export function keyed(collection: string, pairs: Pairs): Pairs {
  return pairs.map((text, index) => (index % 2 === 0 ? `${collection}:${text}` : text));
}

/** Names as texts. */
export function keyedNames(collection: string, pairs: Pairs): Pairs {
  return pairs.map((_, index) => (index % 2 === 0 ? `${collection}:${pairs[index]!}` : pairs[index - 1]!));
}

/** `&ARGS`. */
export function keyedCount(collection: string, pairs: Pairs): Pairs {
  return [collection, String(pairs.length / 2)];
}

/** MATCHED_VARS_NAMES. */
export function namesOf(pairs: Pairs): Pairs {
  return pairs.map((_, index) => pairs[index - (index % 2)]!);
}

export function transformTexts(pairs: Pairs, transform: (text: string) => string): Pairs {
  return pairs.map((text, index) => (index % 2 === 0 ? text : transform(text)));
}

/** Those for which `test` holds. */
export function holding(pairs: Pairs, test: (text: string, name: string) => boolean): Pairs {
  const found: string[] = [];
  for (let at = 0; at < pairs.length; at += 2) if (test(pairs[at + 1]!, pairs[at]!)) found.push(pairs[at]!, pairs[at + 1]!);
  return found;
}
