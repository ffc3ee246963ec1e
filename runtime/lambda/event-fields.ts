/** Header and query maps of Lambda events. Names come from the client: `__proto__` is a name like any other. */
import { authorizerOf, copyOf } from '../access/authorizer-result.js';
import type { Exchange } from '../exchange.js';
import { AUTHORIZERS } from '../flags.js';
import { forEachQueryParameter } from '../request-values.js';
import { traceId } from '../identifiers/trace-id.js';

export interface EventField {
  readonly lower: string;
  readonly name: string;
  readonly values: string[];
}

/** Fields of the request but `dropped`, with those the gateway adds, sorted by name in lower case. */
export function eventFields(exchange: Exchange, dropped: ReadonlySet<string>): EventField[] {
  const fields: EventField[] = [];
  exchange.head.forEach((name, value) => {
    const lower = lowerCase(name);
    if (dropped.has(lower)) return;
    const at = placeOf(fields, lower);
    if (at < fields.length && fields[at]!.lower === lower) fields[at]!.values.push(value);
    else insert(fields, at, lower, name, value);
  });
  const { connection, head } = exchange;
  const earlier = head.get('x-forwarded-for') === undefined ? '' : `${head.all('x-forwarded-for').join(', ')}, `;
  set(fields, 'x-amzn-trace-id', 'X-Amzn-Trace-Id', traceId(exchange));
  set(fields, 'x-forwarded-for', 'X-Forwarded-For', earlier + (connection.peer ?? connection).remoteAddress);
  set(fields, 'x-forwarded-port', 'X-Forwarded-Port', String(connection.localPort));
  set(fields, 'x-forwarded-proto', 'X-Forwarded-Proto', connection.secure ? 'https' : 'http');
  return fields;
}

/** Clients send few names; what they make up is not kept for long. */
const LOWER_AT_MOST = 500;
const lowerCases = /* @__PURE__ */ new Map<string, string>();

function lowerCase(name: string): string {
  const known = lowerCases.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (lowerCases.size >= LOWER_AT_MOST) lowerCases.clear();
  if (name.length <= 40) lowerCases.set(name, lower);
  return lower;
}

/** Puts a field of the gateway's own in its place, instead of the client's. */
export function set(fields: EventField[], lower: string, name: string, value: string): void {
  const at = placeOf(fields, lower);
  if (at < fields.length && fields[at]!.lower === lower) fields[at] = { lower, name, values: [value] };
  else insert(fields, at, lower, name, value);
}

function insert(fields: EventField[], at: number, lower: string, name: string, value: string): void {
  fields.push({ lower, name, values: [value] });
  for (let i = fields.length - 1; i > at; i--) [fields[i], fields[i - 1]] = [fields[i - 1]!, fields[i]!];
}

/** Where `lower` stands or would stand. Heads hold up to a hundred or so fields. */
function placeOf(fields: readonly EventField[], lower: string): number {
  let low = 0, high = fields.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fields[middle]!.lower < lower) low = middle + 1;
    else high = middle;
  }
  return low;
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

/** What an authorizer left for the integration: REST APIs and format 1.0. */
export function authorizerContext(exchange: Exchange): object | null {
  const result = AUTHORIZERS ? authorizerOf(exchange) : null;
  // A signature says who calls in `identity`, and nothing here.
  return result === null || result.identity !== undefined ? null : copyOf(result.values);
}

/** The same in format 2.0. */
export function authorizerContext2(exchange: Exchange): object | null {
  const result = AUTHORIZERS ? authorizerOf(exchange) : null;
  return result === null ? null : copyOf(result.event);
}

/** Who signed the request, for `requestContext.identity`; null when nobody did. */
export function signer(exchange: Exchange): Readonly<Record<string, string>> | null {
  return AUTHORIZERS ? authorizerOf(exchange)?.identity ?? null : null;
}
