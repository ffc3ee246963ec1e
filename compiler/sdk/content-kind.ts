/** How clients treat the body of a media type. */
export type ContentKind = 'json' | 'text' | 'binary' | 'stream' | 'form' | 'multipart' | 'any';

/** Of a response. The clients' cores decide the same way when an answer arrives. */
export function responseKind(mediaType: string): ContentKind {
  const type = essence(mediaType);
  if (type === '*/*' || type === 'application/*') return 'any';
  if (/event-stream|ndjson|jsonl|json-seq|stream\+json/.test(type)) return 'stream';
  if (/[/+]json$/.test(type)) return 'json';
  return /^text\/|[/+](xml|(x-)?yaml|x-www-form-urlencoded|javascript)$/.test(type) ? 'text' : 'binary';
}

/** Of a request: forms are written from fields, a stream is bytes like others. */
export function requestKind(mediaType: string): ContentKind {
  const type = essence(mediaType);
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  const kind = responseKind(type);
  return kind === 'stream' ? 'binary' : kind;
}

export function isXml(mediaType: string): boolean {
  return /[/+]xml$/.test(essence(mediaType));
}

function essence(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase();
}
