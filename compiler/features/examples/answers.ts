import { isStream } from '../../checks/media-types.js';
import { eventWithJsonData } from '../../checks/event-data.js';
import type { Json } from '../../code.js';
import type { Api, MediaType, Operation, Response, Schema } from '../../ir.js';
import { referenceName, sampleOf, quickSampleOf } from '../../schema/index.js';
import { serialiseItems } from './item-streams.js';
import { xmlDocument } from './xml.js';

export interface ExampleAnswer {
  readonly status: number;
  /** Flat `[name, value…]`. */
  readonly fields: readonly string[];
  /** Empty: the answer has no body. */
  readonly bodies: readonly ExampleBody[];
}

/** `name` is the example's name in the document, '' when it has none. */
export interface ExampleBody { readonly contentType: string; readonly name: string; readonly text: string | SampleText }

/** A text that is made from a schema, which takes long. Equal keys are equal texts. */
export interface SampleText { readonly key: string; make(): string }

/** What an operation can answer, the default first: the lowest 2xx, else the first declared. */
export function exampleAnswers(operation: Operation, api: Api): ExampleAnswer[] {
  const responses = operation.responses.map((response) => ({ response, status: concreteStatus(response.status, operation.responses) })).filter(({ status }) => isFinal(status));
  if (responses.length === 0) return [{ status: 200, fields: [], bodies: [] }];
  responses.sort((a, b) => Number(!isSuccess(a.status)) - Number(!isSuccess(b.status)) || a.status - b.status);
  return responses.map(({ response, status }) => ({ status, fields: sampleFields(response, api), bodies: response.content.flatMap((media) => bodiesOf(media, api)) }));
}

/** 1xx announces an answer, it is none (RFC 9110 15.2); nothing is known of what lies beyond 5xx. */
const isFinal = (status: number): boolean => status >= 200 && status < 600;
const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** '4XX' → 400; 'default' → 200 when nothing else is declared, else 500. */
function concreteStatus(status: string, all: readonly Response[]): number {
  if (/^\d{3}$/.test(status)) return Number(status);
  if (/^[1-5]XX$/.test(status)) return Number(status[0]) * 100;
  return all.some((response) => /^2/.test(response.status)) ? 500 : 200;
}

/** Required response headers with a sample of their schema. */
function sampleFields(response: Response, api: Api): string[] {
  const fields: string[] = [];
  for (const header of response.headers) {
    const sample = sampleOf(header.schema, api.schemas, 'response');
    if (sample === null || sample === undefined || typeof sample === 'object') continue;
    const text = String(sample);
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header.name) && !/[^\t\x20-\x7e\x80-\xff]/.test(text) && !FRAMING.has(header.name.toLowerCase())) fields.push(header.name, text);
  }
  return fields;
}

const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'date', 'content-encoding', 'trailer', 'upgrade']);

function bodiesOf(media: MediaType, api: Api): ExampleBody[] {
  const contentType = concreteType(media.type);
  if (media.examples.length > 0) {
    return media.examples.map(({ name = '', value }) => {
      const items = Array.isArray(value) && (media.itemSchema !== undefined || isStream(contentType)) ? serialiseItems(contentType, value as Json[]) : undefined;
      return { contentType, name, text: serialise(contentType, value, isXml(contentType) ? rootOf(media.schema ?? true) : ''), ...items };
    });
  }
  // `schema` speaks of the whole series as a list (3.2, sequential media types).
  const whole = media.schema !== undefined && isStream(contentType) ? sampleOf(media.schema, api.schemas, 'response') : undefined;
  const series = Array.isArray(whole) ? serialiseItems(contentType, whole as Json[]) : undefined;
  if (series) return [{ name: '', ...series }];
  const items = media.itemSchema !== undefined && media.schema === undefined ? serialiseItems(contentType, [sampleOf((/^text\/event-stream\b/i.test(contentType) && eventWithJsonData(media.itemSchema, api.schemas)) || media.itemSchema, api.schemas, 'response')]) : undefined;
  if (items) return [{ name: '', ...items }];
  const { schema } = media;
  if (schema === undefined) return [{ contentType, name: '', text: '' }];
  const quick = quickSampleOf(schema, api.schemas, 'response');
  if (quick !== undefined) return [{ contentType, name: '', text: sampleText(contentType, quick, schema) }];
  return [{ contentType, name: '', text: { key: `${contentType} ${referenceName(schema) ?? JSON.stringify(schema)}`, make: () => sampleText(contentType, sampleOf(schema, api.schemas, 'response'), schema) } }];
}

/** Of samples that stand for several schemas, by content type. */
const texts = new WeakMap<object, Map<string, string>>();

function sampleText(contentType: string, value: Json, schema: Schema): string {
  const root = isXml(contentType) ? rootOf(schema) : '';
  if (typeof value !== 'object' || value === null) return serialise(contentType, value, root);
  let byType = texts.get(value);
  if (!byType) texts.set(value, (byType = new Map()));
  const key = `${contentType} ${root}`;
  let text = byType.get(key);
  if (text === undefined) byType.set(key, (text = serialise(contentType, value, root)));
  return text;
}

/** Media ranges as `image/*` cannot be sent. */
function concreteType(type: string): string {
  return type.replace(/^\*\/\*/, 'application/json').replace(/^text\/\*/, 'text/plain').replace(/\/\*/, '/octet-stream').replace(/[^\t\x20-\x7e]/g, '');
}

const isXml = (contentType: string): boolean => /^[^;]*[/+]xml\b/i.test(contentType);

/** The name of the element around it all: that of the schema (OpenAPI, XML Node Names). */
function rootOf(schema: Schema): string {
  const title = typeof schema === 'object' ? schema['title'] : undefined;
  return referenceName(schema) ?? (typeof title === 'string' && title !== '' ? title : 'response');
}

/** `root`: what an XML document's first element is called. */
function serialise(contentType: string, value: Json, root: string): string {
  if (isXml(contentType) && typeof value === 'object' && value !== null) return xmlDocument(root, value);
  if (/^[^;]*[/+]json\b/i.test(contentType)) return JSON.stringify(value);
  if (/^application\/(x-ndjson|jsonl?|json-seq)/i.test(contentType)) return JSON.stringify(value) + '\n';
  if (/^application\/x-www-form-urlencoded/i.test(contentType) && typeof value === 'object' && value !== null) {
    return new URLSearchParams(Object.entries(value).map(([key, item]) => [key, typeof item === 'object' ? JSON.stringify(item) : String(item)])).toString();
  }
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
