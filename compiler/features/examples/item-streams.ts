import type { Json } from '../../code.js';

/** OpenAPI 3.2's sequential media types as text: what an `itemSchema` describes, one after another. undefined for a media type that is no series. */
export function serialiseItems(contentType: string, items: readonly Json[]): { readonly contentType: string; readonly text: string } | undefined {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'text/event-stream') return { contentType, text: items.map(eventText).join('') };
  if (type.endsWith('json-seq')) return { contentType, text: items.map((item) => `\x1e${JSON.stringify(item)}\n`).join('') };
  if (/ndjson$|jsonl$|jsonlines$|stream\+json$/.test(type)) return { contentType, text: items.map((item) => `${JSON.stringify(item)}\n`).join('') };
  if (!type.startsWith('multipart/')) return undefined;
  const boundary = 'gwc-example';
  const parts = items.map((item) => `--${boundary}\r\nContent-Type: ${typeof item === 'string' ? 'text/plain' : 'application/json'}\r\n\r\n${typeof item === 'string' ? item : JSON.stringify(item)}\r\n`);
  return { contentType: `${type}; boundary=${boundary}`, text: `${parts.join('')}--${boundary}--\r\n` };
}

/** HTML standard, "server-sent events": fields of an object; `data` that is no text is JSON. */
function eventText(item: Json): string {
  const fields = typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [['data', item] as const];
  const lines = fields.flatMap(([name, value]) => {
    if (!['data', 'event', 'id', 'retry'].includes(name)) return [];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.split(/\r\n?|\n/).map((line) => `${name}: ${line}\n`);
  });
  // Without data an event is none.
  return `${lines.join('')}${fields.some(([name]) => name === 'data') ? '' : 'data\n'}\n`;
}
