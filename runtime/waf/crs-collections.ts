/** ModSecurity's collections of a request: arguments, cookies, header fields, parts. Each is read once. */
import type { Pairs } from './crs-pairs.js';
import { formArguments } from './crs-form.js';
import { queryString } from './fields.js';
import { jsonArguments } from './json-arguments.js';
import { parseMultipart, type Multipart } from './multipart.js';
import type { WafRequest } from './request.js';
import { xmlText } from './xml-text.js';

interface Collections { get: Pairs | null; post: Pairs | null; all: Pairs | null; cookies: Pairs | null; headers: Pairs | null; multipart: Multipart | null }
const collections = new WeakMap<WafRequest, Collections>();

function of(request: WafRequest): Collections {
  let known = collections.get(request);
  if (known === undefined) collections.set(request, (known = { get: null, post: null, all: null, cookies: null, headers: null, multipart: null }));
  return known;
}

export function argumentsOfQuery(request: WafRequest): Pairs {
  return of(request).get ??= formArguments(queryString(request));
}

/** Forms, parts of multipart bodies that are no files, and texts of JSON (`json.order.items.0`). */
export function argumentsOfBody(request: WafRequest): Pairs {
  return of(request).post ??= request.body === '' ? [] : bodyArguments(request);
}

function bodyArguments(request: WafRequest): Pairs {
  const type = contentType(request);
  if (type.startsWith('application/x-www-form-urlencoded')) return formArguments(request.body);
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

export function allArguments(request: WafRequest): Pairs {
  return of(request).all ??= [...argumentsOfQuery(request), ...argumentsOfBody(request)];
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
