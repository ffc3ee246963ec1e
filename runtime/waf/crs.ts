/** What rules of the OWASP CRS look at: ModSecurity's collections, as flat pairs [name, value, name, value…] of byte strings. */
import { isUtf8 } from 'node:buffer';
import { sentMethod } from '../exchange.js';
import { addLabel, type WafRequest } from './request.js';
import { queryString, uriPath } from './fields.js';
import { jsonArguments } from './json-arguments.js';
import { parseMultipart, type Multipart } from './multipart.js';
import { xmlText } from './xml-text.js';
import { urlDecode } from './transform/url.js';
import type { TextPattern } from './pattern.js';

export type Pairs = readonly string[];

/** More arguments than anything harmless has are not told apart: the rest is the last one's value. */
const MOST_ARGUMENTS = 2000;

interface Collections { get: Pairs | null; post: Pairs | null; all: Pairs | null; cookies: Pairs | null; headers: Pairs | null; multipart: Multipart | null }
const collections = new WeakMap<WafRequest, Collections>();

function of(request: WafRequest): Collections {
  let known = collections.get(request);
  if (known === undefined) collections.set(request, (known = { get: null, post: null, all: null, cookies: null, headers: null, multipart: null }));
  return known;
}

export function argumentsOfQuery(request: WafRequest): Pairs {
  return of(request).get ??= form(queryString(request));
}

/** Forms, parts of multipart bodies that are no files, and texts of JSON (`json.order.items.0`). */
export function argumentsOfBody(request: WafRequest): Pairs {
  return of(request).post ??= request.body === '' ? [] : bodyArguments(request);
}

function bodyArguments(request: WafRequest): Pairs {
  const type = contentType(request);
  if (type.startsWith('application/x-www-form-urlencoded')) return form(request.body);
  if (isMultipart(type)) return multipart(request).fields;
  if (!/^application\/(?:[^;]*\+)?json\b/.test(type)) return [];
  return jsonArguments(request.body, request.bodyIsCut);
}

function contentType(request: WafRequest): string {
  return request.exchange.head.get('content-type')?.toLowerCase() ?? '';
}

const isMultipart = (type: string): boolean => type.startsWith('multipart/form-data');

function multipart(request: WafRequest): Multipart {
  return of(request).multipart ??= parseMultipart(isMultipart(contentType(request)) ? request.body : '', request.exchange.head.get('content-type') ?? '');
}

/** FILES: file names by the names of their parts. */
export function files(request: WafRequest): Pairs {
  return multipart(request).files;
}

/** MULTIPART_PART_HEADERS: header lines by the names of their parts. */
export function partHeaders(request: WafRequest): Pairs {
  return multipart(request).headers;
}

export function filesCombinedSize(request: WafRequest): string {
  return String(multipart(request).filesSize);
}

/** Names and values. */
export function argumentsCombinedSize(request: WafRequest): string {
  let size = 0;
  for (const text of allArguments(request)) size += text.length;
  return String(size);
}

/** XML:/*, of a body that says it is XML. */
export function xmlTexts(request: WafRequest): readonly string[] {
  if (request.body === '' || !/^(?:application|text)\/(?:[\w.+-]+\+)?xml\b/.test(contentType(request))) return [];
  return [xmlText(request.body)];
}

/** @validateUtf8Encoding. */
export function isNoUtf8(text: string): boolean {
  return /[\x80-\xff]/.test(text) && !isUtf8(Buffer.from(text, 'latin1'));
}

export function allArguments(request: WafRequest): Pairs {
  return of(request).all ??= [...argumentsOfQuery(request), ...argumentsOfBody(request)];
}

function form(text: string): string[] {
  const pairs: string[] = [];
  if (text === '') return pairs;
  for (let start = 0, end = 0; start <= text.length; start = end + 1) {
    end = pairs.length < 2 * (MOST_ARGUMENTS - 1) ? text.indexOf('&', start) : -1;
    if (end < 0) end = text.length;
    const part = text.slice(start, end);
    const equals = part.indexOf('=');
    pairs.push(urlDecode(equals < 0 ? part : part.slice(0, equals)), equals < 0 ? '' : urlDecode(part.slice(equals + 1)));
  }
  return pairs;
}

export function requestCookies(request: WafRequest): Pairs {
  const known = of(request);
  if (known.cookies !== null) return known.cookies;
  const pairs: string[] = [];
  for (const line of request.exchange.head.all('cookie')) for (const part of line.split(';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim();
    if (name !== '') pairs.push(name, equals < 0 ? '' : part.slice(equals + 1));
  }
  return (known.cookies = pairs);
}

export function requestHeaders(request: WafRequest): Pairs {
  const known = of(request);
  if (known.headers !== null) return known.headers;
  const pairs: string[] = [];
  request.exchange.head.forEach((name, value) => { pairs.push(name, value); });
  return (known.headers = pairs);
}

/** As it came. */
export function rawUri(request: WafRequest): string {
  const query = queryString(request);
  return query === '' ? uriPath(request) : `${uriPath(request)}?${query}`;
}

/** REQUEST_URI as libmodsecurity 3 has it: decoded, query included. */
export function requestUri(request: WafRequest): string {
  return percentDecode(rawUri(request));
}

function percentDecode(text: string): string {
  return text.includes('%') ? text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))) : text;
}

/** REQUEST_FILENAME: the path, decoded. */
export function requestFilename(request: WafRequest): string {
  return percentDecode(uriPath(request));
}

export function requestBasename(request: WafRequest): string {
  const path = requestFilename(request);
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** REQUEST_METHOD: as sent. */
export function requestMethod({ exchange }: WafRequest): string {
  return sentMethod(exchange);
}

export function requestLine(request: WafRequest): string {
  return `${sentMethod(request.exchange)} ${rawUri(request)} ${request.exchange.connection.protocol}`;
}

export function values(pairs: Pairs): string[] {
  const texts: string[] = [];
  for (let i = 1; i < pairs.length; i += 2) texts.push(pairs[i]!);
  return texts;
}

export function names(pairs: Pairs): string[] {
  const texts: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) texts.push(pairs[i]!);
  return texts;
}

/** `&ARGS`. */
export function count(pairs: Pairs): string[] {
  return [String(pairs.length / 2)];
}

/** Those called `name` (lower case), or so that `pattern` matches. */
export function named(pairs: Pairs, name: string): Pairs {
  return pairs.filter((_, index) => pairs[index - (index % 2)]!.toLowerCase() === name);
}
export function namedLike(pairs: Pairs, pattern: TextPattern): Pairs {
  return pairs.filter((_, index) => pattern.test(pairs[index - (index % 2)]!));
}
export function exceptNamed(pairs: Pairs, name: string): Pairs {
  return pairs.filter((_, index) => pairs[index - (index % 2)]!.toLowerCase() !== name);
}
export function exceptNamedLike(pairs: Pairs, pattern: TextPattern): Pairs {
  return pairs.filter((_, index) => !pattern.test(pairs[index - (index % 2)]!));
}

/** multiMatch: a text and what each transformation makes of it. */
export function everyStep(texts: readonly string[], transformations: readonly ((text: string) => string)[]): string[] {
  const all: string[] = [];
  for (const text of texts) {
    let step = text;
    all.push(step);
    for (const transform of transformations) {
      const next = transform(step);
      if (next !== step) all.push(next);
      step = next;
    }
  }
  return all;
}

/** A rule fired: the request is labelled with its id. Returns its score. */
export function fired(request: WafRequest, id: string, score: number): number {
  addLabel(request, `awswaf:managed:owasp:crs:${id}`);
  return score;
}

/** t:removeWhitespace. */
export function removeWhiteSpace(text: string): string {
  return text.replace(/[\t-\r \xa0]+/g, '');
}

/** t:length. */
export function lengthOf(text: string): string {
  return String(text.length);
}

/** @eq, @gt and their like take a text that is no number for 0. */
export function numberOf(text: string): number {
  const number = parseInt(text, 10);
  return Number.isNaN(number) ? 0 : number;
}
