/** Parameter mapping of HTTP APIs at work (integrations.md §11 "Parameter mapping"). A mapping whose value is undefined is skipped. */
import type { Exchange } from '../exchange.js';
import { jsonAt } from './json-at.js';
import { fieldValue } from '../lambda/answer.js';
import { flatFields } from './integration-response.js';
import { decodeFormComponent, latin1, queryValues } from '../request-values.js';
import type { UpstreamResponse } from '../backends/upstream.js';

/** Paths see a body up to here [D]. */
const BODY_LIMIT = 102_400;

/** All values of query parameter `name` as API Gateway combines them; undefined when it does not occur. */
export function joinedQuery(exchange: Exchange, name: string): string | undefined {
  const values = queryValues(exchange, name);
  return values.length === 0 ? undefined : values.join(',');
}

/** A body, or what stands at a path of names and indexes in it; objects as JSON. A path sees its first 100 KB only: what is cut is no JSON any more. */
export function bodyText(body: Uint8Array | null, steps: readonly (string | number)[] | null): string | undefined {
  if (body === null || body.length === 0) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, steps === null ? body.length : Math.min(body.length, BODY_LIMIT)).toString('utf8');
  if (steps === null) return text;
  let value: unknown;
  try { value = JSON.parse(text); } catch { return undefined; }
  const found = jsonAt(value, steps);
  return found === undefined || found === null ? undefined : typeof found === 'object' ? JSON.stringify(found) : String(found);
}

/** What field `name` (lower case) becomes: `overwritten`, else the client's own values, with `appended` behind; undefined: nothing changes it. */
export function mappedHeader(exchange: Exchange, name: string, overwritten: string | undefined, appended: readonly (string | undefined)[]): string | undefined {
  const first = asField(overwritten);
  const added = appended.map(asField).filter((value) => value !== undefined);
  if (first === undefined && added.length === 0) return undefined;
  return [...(first === undefined ? exchange.head.all(name) : [first]), ...added].join(',');
}

/** What no field can hold is not mapped. */
function asField(value: string | undefined): string | undefined {
  return value === undefined ? undefined : fieldValue(value)?.trim();
}

/** The client's query with parameters replaced, removed and added; `overwritten` and `appended` flat `[name, value…]`. Untouched ones stay as sent. */
export function mappedQuery(exchange: Exchange, overwritten: readonly (string | undefined)[], appended: readonly (string | undefined)[], removed: readonly string[]): string {
  const dropped = new Set(removed);
  for (let i = 0; i < overwritten.length; i += 2) if (overwritten[i + 1] !== undefined) dropped.add(overwritten[i]!);
  const pairs = latin1(exchange.target, exchange.queryStart, exchange.queryEnd).split('&').filter((pair) => {
    if (pair === '') return false;
    const equals = pair.indexOf('=');
    return !dropped.has(decodeFormComponent(equals < 0 ? pair : pair.slice(0, equals)));
  });
  for (const list of [overwritten, appended]) for (let i = 0; i < list.length; i += 2) {
    const value = list[i + 1];
    if (value !== undefined && !removed.includes(list[i]!)) pairs.push(`${encodeURIComponent(list[i]!)}=${encodeURIComponent(wellFormed(value))}`);
  }
  return pairs.join('&');
}

/** A path as a request target holds it; `otherwise` when there is no value. */
export function mappedPath<T>(value: string | undefined, otherwise: T): string | T {
  if (value === undefined || value === '') return otherwise;
  return encodeURI(wellFormed(value.startsWith('/') ? value : `/${value}`)).replace(/%25([0-9A-Fa-f]{2})/g, '%$1').replace(/[?#]/g, (mark) => (mark === '?' ? '%3F' : '%23'));
}

function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}

/** What is changed about an answer; lists flat `[name, value…]`. */
export interface ResponseChanges {
  readonly status: string | undefined;
  readonly overwritten: readonly (string | undefined)[];
  readonly appended: readonly (string | undefined)[];
  /** Lower case. */
  readonly removed: readonly string[];
}

/** `overwrite:statuscode`: a status from 200 to 599, else `status`. */
export function mappedStatus(status: number, changes: ResponseChanges): number {
  return changes.status !== undefined && /^[2-5]\d\d$/.test(changes.status) ? Number(changes.status) : status;
}

/** `fields` (flat) with the changes. A field that is appended to gets one more value, Set-Cookie one more line. */
export function mappedResponseFields(fields: readonly string[], changes: ResponseChanges): string[] {
  let result: string[] = [...fields];
  const drop = (lower: string): void => {
    const kept: string[] = [];
    for (let i = 0; i < result.length; i += 2) if (result[i]!.toLowerCase() !== lower) kept.push(result[i]!, result[i + 1]!);
    result = kept;
  };
  for (let i = 0; i < changes.overwritten.length; i += 2) {
    const value = asField(changes.overwritten[i + 1]);
    if (value === undefined) continue;
    drop(changes.overwritten[i]!.toLowerCase());
    result.push(changes.overwritten[i]!, value);
  }
  for (let i = 0; i < changes.appended.length; i += 2) {
    const name = changes.appended[i]!, value = asField(changes.appended[i + 1]);
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    let last = lower === 'set-cookie' ? -1 : result.length - 2;
    while (last >= 0 && result[last]!.toLowerCase() !== lower) last -= 2;
    if (last < 0) result.push(name, value);
    else result[last + 1] += `,${value}`;
  }
  for (const lower of changes.removed) drop(lower);
  return result;
}

/** A backend's answer with the changes, for whoever sends it on. */
export function mappedUpstreamResponse(response: UpstreamResponse, changes: ResponseChanges): UpstreamResponse {
  const fields: string[] = [];
  response.fields.forEach((name, value) => { fields.push(name, value); });
  return { status: mappedStatus(response.status, changes), fields: flatFields(mappedResponseFields(fields, changes)), body: response.body };
}
