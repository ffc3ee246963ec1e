/** How the body of a media type is read: parsed, as text, as bytes, or piece by piece while it arrives. */
export type ContentKind = 'json' | 'text' | 'binary' | 'stream';

export function contentKind(mediaType: string): ContentKind {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  if (/event-stream|ndjson|jsonl|json-seq|stream\+json/.test(type)) return 'stream';
  if (/[/+]json$/.test(type)) return 'json';
  return /^text\/|[/+](xml|(x-)?yaml|x-www-form-urlencoded|javascript)$/.test(type) ? 'text' : 'binary';
}
