/**
 * Bodies that are a series of items (OpenAPI 3.2, `itemSchema`), read while they arrive. In memory are one chunk and one unfinished item;
 * who stops reading (`break`, an exception) ends the request.
 */
import type { ContentKind } from './content-kind.js';
import { ResponseFormatError, TransportError } from './errors.js';
import type { ByteStream, ItemStream } from './open-types.js';
import type { OperationSpec } from './operation.js';
import { readBody } from './response.js';
import type { Answer } from './result.js';

type Head = Omit<Answer<number, unknown>, 'body'>;
/** Makes the body of an answer a stream of items. */
export type ReadItems = (body: ByteStream, answer: Head) => ItemStream<unknown>;

/** Status ('200', 'default') → media types without parameters, and how their items are read; '' is any other. */
export type ItemSpecs = Readonly<Record<string, readonly (readonly [mediaType: string, read: ReadItems])[]>>;

/** Reads the body of an operation that may answer with a stream of items. `declared`: its status among the document's. */
export async function readItems(response: Response, kinds: readonly ContentKind[], answer: Head | false, { items = {} }: OperationSpec, declared = 'default'): Promise<unknown> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const readers = answer && response.body && Object.hasOwn(items, declared) ? items[declared]! : [];
  const [, read] = readers.find(([own]) => own === type) ?? readers.find(([own]) => own === '') ?? [];
  return read ? read(response.body!, answer as Head) : readBody(response, kinds, answer);
}

/** Takes chunks apart. `undefined` ends the body. */
type Cut = (chunk: Uint8Array | undefined) => Iterable<unknown>;

/** Longest item, in characters or bytes. */
const MAX_ITEM = 16 * 1024 * 1024;

/** application/jsonl, application/x-ndjson: one JSON document a line; blank lines are skipped. */
export function lineItems(body: ByteStream, answer: Head): ItemStream<unknown> {
  return jsonItems(body, answer, '\n');
}

/** application/json-seq (RFC 7464): every record begins with RS. */
export function sequenceItems(body: ByteStream, answer: Head): ItemStream<unknown> {
  return jsonItems(body, answer, '\x1e');
}

/** text/event-stream (HTML standard, "server-sent events"): `{ event?, data, id?, retry? }`. */
export function eventItems(body: ByteStream, answer: Head): ItemStream<unknown> {
  return events(body, answer, (data) => data);
}

/** The same where `data` is JSON. */
export function jsonEventItems(body: ByteStream, answer: Head): ItemStream<unknown> {
  return events(body, answer, (data) => parseJson(data, answer));
}

/** multipart/mixed: parts of JSON are parsed, texts are strings, anything else is a Blob. */
export function partItems(body: ByteStream, answer: Head): ItemStream<unknown> {
  return itemStream(body, answer, parts(answer));
}

function itemStream(bytes: ByteStream, answer: Head, cut: Cut): ItemStream<unknown> {
  return { bytes, cancel: (reason) => bytes.cancel(reason), [Symbol.asyncIterator]: () => items(bytes, answer, cut) };
}

async function* items(bytes: ByteStream, { operation }: Head, cut: Cut): AsyncGenerator<unknown, undefined> {
  const reader = bytes.getReader();
  let ended = false;
  try {
    while (!ended) {
      const { done, value } = await reader.read();
      ended = done;
      yield* cut(value);
    }
    return undefined;
  } catch (error) {
    // What fetch says when the connection breaks; an abort has its own reason.
    throw error instanceof TypeError ? new TransportError(operation, 1, 'the answer broke off', error) : error;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

function parseJson(text: string, answer: Head): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ResponseFormatError(answer, text, cause);
  }
}

function misshapen(answer: Head, text: string, problem: string): ResponseFormatError {
  const error = new ResponseFormatError(answer, text, undefined);
  error.message = `${answer.operation} answered ${answer.status}, but ${problem}`;
  return error;
}

function tooLong(answer: Head, text: string): ResponseFormatError {
  return misshapen(answer, text, `an item is longer than ${MAX_ITEM}`);
}

function decoding(): (chunk: Uint8Array | undefined) => string {
  const decoder = new TextDecoder();
  return (chunk) => decoder.decode(chunk, { stream: chunk !== undefined });
}

/** Text between separators; `finish` gives what is left as one more. */
function pieces(separator: string, answer: Head): { take(text: string): string[]; finish(): string } {
  let pending: string[] = [];
  let length = 0;
  return {
    take(text) {
      const found = text.split(separator);
      const rest = found.pop()!;
      if (found.length > 0) {
        found[0] = pending.join('') + found[0]!;
        pending = [];
        length = 0;
      }
      pending.push(rest);
      length += rest.length;
      if (length > MAX_ITEM) throw tooLong(answer, pending[0]!);
      return found;
    },
    finish: () => pending.join(''),
  };
}

function jsonItems(body: ByteStream, answer: Head, separator: string): ItemStream<unknown> {
  const decode = decoding();
  const { take, finish } = pieces(separator, answer);
  // One by one: what comes before a broken item is there, whatever chunk it came in.
  return itemStream(body, answer, function* cut(chunk) {
    const found = take(decode(chunk));
    if (chunk === undefined) found.push(finish());
    for (const text of found) if (text.trim() !== '') yield parseJson(text, answer);
  });
}

function events(body: ByteStream, answer: Head, read: (data: string) => unknown): ItemStream<unknown> {
  const decode = decoding();
  const { take } = pieces('\n', answer);
  let event: { event?: string; data?: string[]; id?: string; retry?: number } = {};
  let length = 0;
  let afterCr = false;
  return itemStream(body, answer, function* cut(chunk) {
    // An event that no blank line ends is none.
    if (chunk === undefined) return;
    const arrived = decode(chunk);
    if (arrived === '') return;
    // Lines end with LF, CR LF, which a chunk may cut in two, or CR alone.
    const text = afterCr && arrived.startsWith('\n') ? arrived.slice(1) : arrived;
    afterCr = arrived.endsWith('\r');
    for (const line of take(text.replace(/\r\n?/g, '\n'))) {
      if (line === '') {
        if (event.data) yield { ...event, data: read(event.data.join('\n')) };
        event = {};
        length = 0;
        continue;
      }
      length += line.length;
      if (length > MAX_ITEM) throw tooLong(answer, line);
      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
      if (name === 'data') (event.data ??= []).push(value);
      else if (name === 'event') event.event = value;
      else if (name === 'id' && !value.includes('\0')) event.id = value;
      else if (name === 'retry' && /^\d{1,15}$/.test(value)) event.retry = Number(value);
    }
  });
}

function parts(answer: Head): Cut {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(answer.headers.get('content-type') ?? '');
  if (!boundary) throw misshapen(answer, '', 'with a multipart type that names no boundary');
  const delimiter = new TextEncoder().encode(`\r\n--${boundary[1] ?? boundary[2]}`);
  // The first boundary may have no line end before it.
  let pending: Uint8Array = new Uint8Array([13, 10]);
  let searched = 0;
  let inside = false;
  let closed = false;
  return function* cut(chunk) {
    if (closed) return;
    if (chunk === undefined) throw new TransportError(answer.operation, 1, 'the answer ended before its last part');
    pending = joined(pending, chunk);
    while (!closed) {
      const at = indexOf(pending, delimiter, searched);
      const after = at + delimiter.length;
      if (at < 0 || pending.length < after + 2) {
        searched = at < 0 ? Math.max(0, pending.length - delimiter.length) : at;
        if (pending.length > MAX_ITEM) throw tooLong(answer, '');
        return;
      }
      closed = pending[after] === 45 && pending[after + 1] === 45;
      // The beginning of a longer line is content.
      if (!closed && ![9, 13, 32].includes(pending[after]!)) { searched = at + 1; continue; }
      const part = pending.subarray(0, at);
      // The line end of the boundary stays: a head may be empty.
      pending = pending.subarray(after);
      searched = 0;
      if (inside) yield partOf(part, answer);
      inside = true;
    }
  };
}

/** `\r\nContent-Type: …\r\n\r\n…` */
function partOf(bytes: Uint8Array, answer: Head): unknown {
  const end = indexOf(bytes, new Uint8Array([13, 10, 13, 10]), 0);
  if (end < 0) throw misshapen(answer, new TextDecoder().decode(bytes), 'a part has no head');
  const type = /\r\ncontent-type:[ \t]*([^\r\n]*)/i.exec(new TextDecoder().decode(bytes.subarray(0, end)))?.[1] ?? 'text/plain';
  const content = bytes.slice(end + 4);
  if (/^[^;]*[/+]json\s*(?:;|$)/i.test(type)) return parseJson(new TextDecoder().decode(content), answer);
  return /^text\//i.test(type) ? new TextDecoder().decode(content) : new Blob([content], { type });
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0]!, from); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length++;
    if (length === wanted.length) return at;
  }
  return -1;
}
