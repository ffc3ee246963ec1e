/** Reading members of WAF's JSON strictly: what is not known is reported, never passed over. */
import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { INVALID_WEB_ACL, UNKNOWN_MEMBER } from './diagnostics.js';

/** Reports members other than `known`. */
export function checkMembers(node: Node, owner: string, known: readonly string[], reporter: Reporter): void {
  for (const [name, member] of node.entries()) {
    if (!known.includes(name)) reporter.report(UNKNOWN_MEMBER, member.keyOrigin, { name: name.slice(0, 100), owner, suggestion: closest(name, known), known: known.join(', ') });
  }
}

export function problem(node: Node, text: string, reporter: Reporter, hint?: string): undefined {
  reporter.report(INVALID_WEB_ACL, node.origin, { problem: text, hint });
  return undefined;
}

/** The member as an object; undefined and reported when it is missing or none. */
export function objectOf(node: Node, name: string, owner: string, reporter: Reporter): Node | undefined {
  const member = node.get(name);
  if (member?.isObject) return member;
  return problem(member ?? node, member ? `${name} of ${owner} must be an object` : `${owner} needs ${name}`, reporter);
}

export function textOf(node: Node, name: string, owner: string, reporter: Reporter): string | undefined {
  const text = node.string(name);
  if (text !== undefined) return text;
  const member = node.at(name);
  return problem(member ?? node, member ? `${name} of ${owner} must be a text` : `${owner} needs ${name}`, reporter);
}

export function oneOf<T extends string>(node: Node, name: string, owner: string, values: readonly T[], reporter: Reporter, fallback?: T): T | undefined {
  const member = node.at(name);
  if (member === undefined && fallback !== undefined) return fallback;
  const text = node.string(name);
  if (text !== undefined && (values as readonly string[]).includes(text)) return text as T;
  return problem(member ?? node, `${owner}: ${name} must be one of ${values.join(', ')}`, reporter, text === undefined ? undefined : suggest(text, values));
}

function suggest(text: string, values: readonly string[]): string | undefined {
  const near = closest(text, values);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

export function wholeNumber(node: Node, name: string, owner: string, least: number, most: number, reporter: Reporter, fallback?: number): number | undefined {
  const member = node.at(name);
  if (member === undefined && fallback !== undefined) return fallback;
  const value = member?.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return problem(member ?? node, `${owner}: ${name} must be a whole number from ${least} to ${most}`, reporter);
}

/** The text's bytes as a byte string. */
export function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
