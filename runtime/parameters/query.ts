/** Query parameters, read once per request for the names an operation declares. Values stay encoded until their style has been taken apart. */
import type { Exchange } from '../exchange.js';
import { latin1 } from '../request-values.js';
import { DeepPlace, NO_LIST, type DeepShape } from './deep.js';
import { convertProperty, decodeForm, define, MALFORMED, plainDelimiters, REPEATED, toList, toPairs, type Conversions, type Convert, type Separator, type Text } from './text.js';

/** One parameter's raw values: none, one, or all of them in order. */
export type RawValues = string | readonly string[] | undefined;

/** Parameters that are given in several, by how many an operation can tell: more are malformed input. */
const MAX_PAIRS = 2000;

/** Raw values by index in `names`. Names match as sent, or once decoded. */
export function readQuery(exchange: Exchange, names: ReadonlyMap<string, number>): readonly RawValues[] {
  const values: (string | string[] | undefined)[] = [];
  forEachPair(exchange, (name, value) => {
    const index = names.get(name);
    if (index === undefined) return;
    const before = values[index];
    if (before === undefined) values[index] = value;
    else if (typeof before === 'string') values[index] = [before, value];
    else before.push(value);
  });
  return values;
}

/** Visits the query's parameters: the decoded name and the raw value, Latin-1. A name that cannot be decoded is nobody's. */
function forEachPair(exchange: Exchange, visit: (name: string, value: string) => void): void {
  const { queryStart, queryEnd, target } = exchange;
  if (queryStart >= queryEnd) return;
  const query = latin1(target, queryStart, queryEnd);
  for (let start = 0, pairs = 0; start <= query.length && pairs < MAX_PAIRS; pairs++) {
    let end = query.indexOf('&', start);
    if (end < 0) end = query.length;
    if (end > start) {
      let equals = query.indexOf('=', start);
      if (equals < 0 || equals > end) equals = end;
      const raw = query.slice(start, equals);
      const name = raw.includes('%') || raw.includes('+') ? decodeForm(raw) : raw;
      if (name !== MALFORMED) visit(name, equals === end ? '' : query.slice(equals + 1, end));
    }
    start = end + 1;
  }
}

/** The value of a parameter that may be given once. */
export function queryText(raw: RawValues): Text {
  if (typeof raw === 'string') return decodeForm(raw);
  return raw === undefined ? undefined : REPEATED;
}

/** `?id=3&id=4` (form, explode). */
export function queryItems(raw: RawValues, conversion: Convert): unknown {
  if (raw === undefined) return undefined;
  const list: unknown[] = [];
  for (const item of typeof raw === 'string' ? [raw] : raw) {
    const text = decodeForm(item);
    if (text === MALFORMED) return MALFORMED;
    list.push(conversion(text));
  }
  return list;
}

/** `?id=3,4`, `?id=3%204`, `?id=3|4`: one value with delimiters. Escaped delimiters other than the comma are delimiters too: the styles are defined that way. */
export function queryList(raw: RawValues, separator: Separator, conversion: Convert): unknown {
  if (typeof raw !== 'string') return raw === undefined ? undefined : REPEATED;
  return toList(queryDelimiters(raw, separator), separator, decodeForm, conversion);
}

/** `?color=R,100,G,200` and the same with other delimiters. */
export function queryPairs(raw: RawValues, separator: Separator, conversions: Conversions): unknown {
  if (typeof raw !== 'string') return raw === undefined ? undefined : REPEATED;
  return toPairs(queryDelimiters(raw, separator), separator, decodeForm, conversions);
}

/** A `+` is a blank in a query. */
const queryDelimiters = (raw: string, separator: Separator): string => plainDelimiters(separator === ' ' ? raw.replace(/\+/g, ' ') : raw, separator);

/** `?R=100&G=200` (form, explode, an object): the parameters that are its properties. `known`: its declared properties; `others`: names of other parameters, or null when only declared properties count. */
export function queryProperties(exchange: Exchange, known: Conversions, others: ReadonlySet<string> | null): unknown {
  let object: object | undefined;
  let isMalformed = false;
  forEachPair(exchange, (name, raw) => {
    if (!Object.prototype.hasOwnProperty.call(known, name) && (others === null || others.has(name))) return;
    const text = decodeForm(raw);
    if (text === MALFORMED) isMalformed = true;
    else define(object ??= {}, name, convertProperty(known, name, text));
  });
  return isMalformed ? MALFORMED : object;
}

/** `?color[R]=100&color[G]=200` (deepObject), of any depth. `shapes[0]` is the parameter's. */
export function queryDeepObject(exchange: Exchange, name: string, shapes: readonly DeepShape[]): unknown {
  let root: DeepPlace | undefined;
  let isMalformed = false;
  const { convert, items } = shapes[0]!;
  forEachPair(exchange, (key, raw) => {
    if (!key.startsWith(name) || (key.length > name.length && key[name.length] !== '[')) return;
    // A text of the same name is another parameter, unless this one may be a text or a list of them.
    if (key.length === name.length && convert === null && items === NO_LIST) return;
    const text = decodeForm(raw);
    if (text === MALFORMED || !(root ??= new DeepPlace()).add(key.slice(name.length), text)) isMalformed = true;
  });
  return isMalformed ? MALFORMED : root?.read(shapes, 0);
}
