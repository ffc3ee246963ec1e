/** Header and query maps of Lambda events. Names come from the client: `__proto__` is a name like any other. */
import type { Exchange } from './exchange.js';
import { forEachQueryParameter } from './request-values.js';
import { traceId } from './trace-id.js';

export interface EventField {
  readonly lower: string;
  readonly name: string;
  readonly values: string[];
}

/** Fields of the request but `dropped`, with those the gateway adds, sorted by name in lower case. */
export function eventFields(exchange: Exchange, dropped: ReadonlySet<string>): EventField[] {
  const fields = new Map<string, EventField>();
  exchange.head.forEach((name, value) => {
    const lower = name.toLowerCase();
    if (dropped.has(lower)) return;
    const known = fields.get(lower);
    if (known === undefined) fields.set(lower, { lower, name, values: [value] });
    else known.values.push(value);
  });
  const { connection, head } = exchange;
  const set = (name: string, value: string): void => { const lower = name.toLowerCase(); fields.set(lower, { lower, name, values: [value] }); };
  const earlier = head.all('x-forwarded-for').join(', ');
  set('X-Amzn-Trace-Id', traceId(exchange));
  set('X-Forwarded-For', earlier === '' ? connection.remoteAddress : `${earlier}, ${connection.remoteAddress}`);
  set('X-Forwarded-Port', String(connection.localPort));
  set('X-Forwarded-Proto', connection.secure ? 'https' : 'http');
  return [...fields.values()].sort((a, b) => (a.lower < b.lower ? -1 : 1));
}

/** Each query parameter's values, decoded, in order of first occurrence; null when there is none. */
export function eventQuery(exchange: Exchange): Map<string, string[]> | null {
  if (exchange.queryStart === exchange.queryEnd) return null;
  const query = new Map<string, string[]>();
  forEachQueryParameter(exchange, (name, value) => {
    const known = query.get(name);
    if (known === undefined) query.set(name, [value]);
    else known.push(value);
  });
  return query.size === 0 ? null : query;
}

/** The last value of each, as API Gateway's single-value maps have it. */
export function lastValues(query: Map<string, string[]>): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [name, values] of query) setOwn(map, name, values[values.length - 1]!);
  return map;
}

export function allValues(query: Map<string, string[]>): Record<string, string[]> {
  const map: Record<string, string[]> = {};
  for (const [name, values] of query) setOwn(map, name, values);
  return map;
}

/** Assigning to `__proto__` would set the prototype. */
export function setOwn<T>(map: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  else map[name] = value;
}

/** A copy, so that no handler changes what the next one gets; null when there are none. */
export function stageVariables(exchange: Exchange): Record<string, string> | null {
  for (const name in exchange.gateway.stageVariables) {
    void name;
    return { ...exchange.gateway.stageVariables };
  }
  return null;
}

/** What an authorizer left for the integration. */
export function authorizerContext(exchange: Exchange): object | null {
  const context = exchange.context?.['authorizer'];
  return typeof context === 'object' && context !== null ? { ...context } : null;
}
