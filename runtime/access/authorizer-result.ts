/** What an authorizer found out about the caller: kept on the exchange for `$context.authorizer`, events and the API key step. */
import type { Exchange } from '../exchange.js';

export interface AuthorizerResult {
  /** `$context.authorizer.<name>`, and `requestContext.authorizer` of REST APIs and format 1.0. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `requestContext.authorizer` of format 2.0. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Who signed the request: what `$context.identity` says of it. */
  readonly identity?: Readonly<Record<string, string>>;
  /** The caller's API key; undefined when the authorizer gave none. */
  readonly usageIdentifierKey: string | undefined;
}

export function setAuthorizer(exchange: Exchange, result: AuthorizerResult): void {
  if (exchange.context === null) exchange.context = { authorizer: result };
  else exchange.context['authorizer'] = result;
}

export function authorizerOf(exchange: Exchange): AuthorizerResult | null {
  return exchange.context === null ? null : (exchange.context['authorizer'] as AuthorizerResult | undefined) ?? null;
}

/** `usageIdentifierKey` of the authorizer's answer. */
export function authorizerKey(exchange: Exchange): string | undefined {
  return authorizerOf(exchange)?.usageIdentifierKey;
}

/** `$context.authorizer.<path>`: a value of its own or one of the claims; maps and what there is not print nothing (auth.md §7). */
export function contextAuthorizer(exchange: Exchange, path: string): string {
  if (path === 'error') return exchange.context === null ? '' : (exchange.context['authorizerError'] as string | undefined) ?? '';
  const values = authorizerOf(exchange)?.values;
  if (values === undefined) return '';
  const claim = /^claims\.(.+)$/s.exec(path)?.[1];
  const claims = values['claims'];
  const value = claim === undefined ? own(values, path) : typeof claims === 'object' && claims !== null ? own(claims as Record<string, unknown>, claim) : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function own(map: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** A copy all the way down: a result is kept for later requests, and what a function does to its event must not reach them. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const item = copyOf((value as Record<string, unknown>)[name]);
    if (name === '__proto__') Object.defineProperty(copy, name, { value: item, enumerable: true, configurable: true, writable: true });
    else copy[name] = item;
  }
  return copy as T;
}

/** `$context.identity.<name>` of who signed the request. */
export function contextCaller(exchange: Exchange, name: string): string {
  return authorizerOf(exchange)?.identity?.[name] ?? '';
}
