/** OpenAPI 3.2's sequential media types: what a response with an `itemSchema` is a series of. */
import type { Api, MediaType, Schema } from '../ir.js';
import { eventWithJsonData } from '../checks/event-data.js';
import type { TypeReader } from './read-types.js';
import type { TypeNode } from './type-node.js';

export interface SdkItemStream {
  /** Without parameters, lower case. */
  readonly mediaType: string;
  /** 'jsonEvents': server-sent events whose `data` is JSON. */
  readonly format: 'lines' | 'sequence' | 'events' | 'jsonEvents' | 'parts';
  readonly items: TypeNode;
}

/** undefined for a media type that is no series, or one that does not say of what. */
export function readItemStream({ type, itemSchema }: MediaType, api: Api, types: TypeReader): SdkItemStream | undefined {
  if (itemSchema === undefined) return undefined;
  const mediaType = type.split(';')[0]!.trim().toLowerCase();
  const of = (format: SdkItemStream['format'], schema: Schema = itemSchema): SdkItemStream => ({ mediaType, format, items: types.read(schema, 'response') });
  if (mediaType === 'text/event-stream') {
    const event = eventWithJsonData(itemSchema, api.schemas);
    return event ? of('jsonEvents', event) : of('events');
  }
  if (/json-seq$/.test(mediaType)) return of('sequence');
  if (/ndjson$|jsonl$|jsonlines$|stream\+json$/.test(mediaType)) return of('lines');
  return mediaType.startsWith('multipart/') ? of('parts') : undefined;
}
