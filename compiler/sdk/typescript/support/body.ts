/** Request bodies. An encoder is named by the generated code of the operations that need it, so the others cost nothing. */
import { encode, plain, randomHex } from './encode.js';
import type { SentBody } from './open-types.js';
import type { BodySpec } from './operation.js';
import { deepPairs, pairs } from './query-styles.js';

/** How one field of a form is serialised (`encoding` of the document). */
export interface Encoding {
  readonly contentType?: string;
  /** Set when the document says how a list or object becomes text. */
  readonly explode?: boolean;
  /** Between items when not exploded, percent-encoded; 'deep': `name[property]=value`. */
  readonly separator?: string;
}

/** A body ready to be sent. A stream can be sent only once. */
export interface Outgoing { readonly body: Exclude<SentBody, FormData | URLSearchParams>; readonly contentType: string }

/** Encodes `params.body` as the caller's `contentType`, else as the first the document lists, unless the caller set another header. */
export function sendBody(specs: readonly BodySpec[], params: Readonly<Record<string, unknown>>, headers: Headers): SentBody | undefined {
  const { body: value, contentType: wanted } = params as { readonly body?: unknown; readonly contentType?: string };
  if (value === undefined) return undefined;
  const spec = specs.find(({ type }) => type === wanted) ?? specs.find(({ type }) => wanted && type.includes('*')) ?? specs[0]!;
  const { body, contentType } = spec.encode(value, wanted && spec.type.includes('*') ? wanted : spec.type, spec.encoding ?? {});
  if (!headers.has('content-type')) headers.set('content-type', contentType);
  return body;
}

export function json(value: unknown, type: string): Outgoing {
  return { body: JSON.stringify(value), contentType: concrete(type, 'application/json') };
}

export function text(value: unknown, type: string): Outgoing {
  return { body: plain(value), contentType: concrete(type, 'text/plain') };
}

export function binary(value: unknown, type: string): Outgoing {
  return { body: value as Blob, contentType: concrete(type, (value instanceof Blob && value.type) || 'application/octet-stream') };
}

/** A range (`image/*`) says what is allowed, not what is sent. */
function concrete(type: string, otherwise: string): string {
  return type.includes('*') ? otherwise : type;
}

/** application/x-www-form-urlencoded: arrays repeat the name, objects are JSON, unless the document's encoding says otherwise. */
export function form(value: unknown, type: string, encoding: Readonly<Record<string, Encoding>>): Outgoing {
  return { body: formPairs(value, encoding).join('&'), contentType: type };
}

/** Its `name=value` pairs, encoded. */
export function formPairs(value: unknown, encoding: Readonly<Record<string, Encoding>>): string[] {
  return fields(value).flatMap(([name, item]) => {
    const said = encodingOf(encoding, name);
    if (said?.contentType?.includes('json')) return [`${encode(name)}=${encode(JSON.stringify(item))}`];
    if (said?.separator === 'deep') return deepPairs(name, item);
    if (said?.separator) return pairs(name, item, said.explode, said.separator, encode);
    return Array.isArray(item) ? pairs(name, item, true, ',', encode) : [`${encode(name)}=${encode(plain(item))}`];
  });
}

/** multipart/form-data (RFC 7578): written here instead of by FormData, so that JSON parts have a type but no file name. */
export function multipart(value: unknown, type: string, encoding: Readonly<Record<string, Encoding>>): Outgoing {
  const boundary = `gwc-${randomHex()}`;
  const parts: BlobPart[] = [];
  for (const [name, value_] of fields(value)) {
    for (const item of Array.isArray(value_) ? (value_ as readonly unknown[]) : [value_]) {
      const bytes = item instanceof Blob || item instanceof ArrayBuffer || ArrayBuffer.isView(item);
      const file = item instanceof Blob ? ((item as Partial<File>).name ?? 'blob') : bytes ? 'blob' : undefined;
      const said = encodingOf(encoding, name)?.contentType;
      const single = said && !/[*,]/.test(said) ? said : undefined;
      const partType = (item instanceof Blob && item.type) || single || (bytes ? 'application/octet-stream' : typeof item === 'object' ? 'application/json' : undefined);
      parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file === undefined ? '' : `; filename="${quoted(file)}"`}\r\n${partType ? `Content-Type: ${partType.replace(/[\r\n]/g, '')}\r\n` : ''}\r\n`);
      parts.push(bytes ? (item as Blob) : plain(item), '\r\n');
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return { body: new Blob(parts), contentType: `${type}; boundary=${boundary}` };
}

function fields(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value).filter(([, item]) => item !== undefined && item !== null) : [];
}

function encodingOf(encoding: Readonly<Record<string, Encoding>>, name: string): Encoding | undefined {
  return Object.hasOwn(encoding, name) ? encoding[name] : undefined;
}

/** HTML standard, "multipart form data": how a name is written inside quotes. */
function quoted(name: string): string {
  return name.replace(/\r\n|\r|\n/g, '%0D%0A').replace(/"/g, '%22');
}
