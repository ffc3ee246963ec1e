/** The request target of a service's action or path. */
import type { Exchange } from '../exchange.js';
import { encodeRfc3986 } from './sigv4.js';

/** Of a service's action: sent unless the integration maps these fields itself. `target` is '' where the query says what is to be done. */
export interface ActionHeader { readonly target: string; readonly contentType: string }

/** `/?Action=Name&Version=…`; without a version when `version` is ''. */
export function actionTarget(action: string, version: string): string {
  const text = `/?Action=${encodeRfc3986(action)}`;
  return version === '' ? text : `${text}&Version=${version}`;
}

/** Puts the non-empty parameters behind a target that may have some already. */
export function withParameters(target: string, ...parameters: readonly string[]): string {
  let text = target;
  for (const part of parameters) if (part !== '') text += (text.includes('?') ? '&' : '?') + part;
  return text;
}

export interface ServiceForm {
  /** '' in path form. */
  readonly action: string;
  /** With its query. */
  readonly path: string;
  /** Behind the action, without '&'. */
  readonly parameters: string;
}

/** A stage variable that says `action/Name&key=value` or `path/…`; the empty path when it says neither. */
export function readForm(text: string): ServiceForm {
  const match = /^(?:action\/([\w.-]+)(?:[&?]([!-~]*))?|path\/([!-~]*))$/.exec(text);
  if (match === null) return { action: '', path: '', parameters: '' };
  if (match[1] !== undefined) return { action: match[1], path: '', parameters: match[2] ?? '' };
  const rest = match[3]!;
  return { action: '', path: rest.startsWith('/') ? rest : `/${rest}`, parameters: '' };
}

/** What a client writes into a path must not lead out of it: the endpoint would resolve `..`, and so does the signature. */
export function hasDotSegments(path: string): boolean {
  return /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path);
}

export function refusePath(exchange: Exchange, answer: (exchange: Exchange) => void): void {
  exchange.errorMessage = 'Invalid path';
  answer(exchange);
}
