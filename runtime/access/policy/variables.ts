/**
 * Policy variables (IAM User Guide, "Variables and tags"): `${aws:username}`, with a default `${aws:username, 'nobody'}`, and `${*}`, `${?}`, `${$}` for the characters
 * themselves. A wildcard that comes out of a variable is a character. A variable without exactly one value makes what it stands in match nothing.
 */
import type { ConditionKeys } from './conditions.js';
import { matchesWildcard, type Matcher } from './wildcard.js';

/** Text as written, a character that is itself, or a key with its default. */
export type VariablePart = string | { readonly character: string } | { readonly key: string; readonly fallback: string | undefined };

/** What the parts come to for one request; `literal`: positions whose characters are no wildcards. */
interface Resolved { readonly text: string; readonly literal: ReadonlySet<number> }

export const hasVariables = (text: string): boolean => text.includes('${');

/** What stands for `text` where variables do not count (policies of version 2008-10-17). */
export const withoutVariables = (text: string): string => text.replaceAll('${', '${$}{');

/** A string says what is wrong. */
export function parseVariables(text: string): readonly VariablePart[] | string {
  const parts: VariablePart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{(?:([*?$])|\s*([\w:/.@+=-]+)\s*(?:,\s*'([^']*)'\s*)?)\}/g)) {
    const before = text.slice(end, match.index);
    if (hasVariables(before)) break;
    if (before !== '') parts.push(before);
    parts.push(match[1] !== undefined ? { character: match[1] } : { key: match[2]!.toLowerCase(), fallback: match[3] });
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  if (hasVariables(rest)) return `"${text.slice(0, 100)}" holds a policy variable that is none: \${aws:username}, \${aws:SourceIp, '0.0.0.0'}`;
  return rest === '' ? parts : [...parts, rest];
}

function resolve(parts: readonly VariablePart[], keys: ConditionKeys): Resolved | undefined {
  let text = '';
  const literal = new Set<number>();
  for (const part of parts) {
    if (typeof part === 'string') { text += part; continue; }
    const values = 'character' in part ? [part.character] : keys(part.key);
    const value = values?.length === 1 ? values[0]! : 'fallback' in part && (values === undefined || values.length === 0) ? part.fallback : undefined;
    if (value === undefined) return undefined;
    for (let i = 0; i < value.length; i++) literal.add(text.length + i);
    text += value;
  }
  return { text, literal };
}

/** A pattern with variables; without keys no variable has a value. */
export function variableMatcher(parts: readonly VariablePart[]): Matcher {
  return (text, keys) => {
    const resolved = resolve(parts, keys ?? (() => undefined));
    return resolved !== undefined && matchesWildcard(resolved.text, text, resolved.literal);
  };
}

/** The text that the parts come to; undefined: a variable has no value. */
export function resolvedText(parts: readonly VariablePart[], keys: ConditionKeys): string | undefined {
  return resolve(parts, keys)?.text;
}

/** The six parts of an ARN, divided where the policy's text has colons: those that variables bring are no division. */
export function arnMatchers(parts: readonly VariablePart[]): readonly Matcher[] | undefined {
  const segments: VariablePart[][] = [[]];
  for (const part of parts) {
    if (typeof part !== 'string') { segments.at(-1)!.push(part); continue; }
    part.split(':').forEach((piece, index) => {
      if (index > 0) segments.length < 6 ? segments.push([]) : segments.at(-1)!.push(':');
      if (piece !== '') segments.at(-1)!.push(piece);
    });
  }
  return segments.length === 6 && segments[0]!.length === 1 && segments[0]![0] === 'arn' ? segments.map(variableMatcher) : undefined;
}
