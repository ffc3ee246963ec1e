/** What a schema says about itself in words. */
import type { Json } from '../code.js';
import type { SdkDoc } from './type-node.js';

type Keywords = Readonly<Record<string, Json>>;
const BOUNDS: readonly (readonly [string, string])[] = [
  ['minimum', 'Minimum'], ['exclusiveMinimum', 'Greater than'], ['maximum', 'Maximum'], ['exclusiveMaximum', 'Less than'], ['multipleOf', 'Multiple of'],
  ['minLength', 'Minimum length'], ['maxLength', 'Maximum length'], ['pattern', 'Pattern'], ['minItems', 'Minimum items'], ['maxItems', 'Maximum items'],
];

export function docOf(schema: Keywords, outer?: string): SdkDoc {
  const text = [outer ?? string(schema['description']) ?? string(schema['title'])].find((line) => line?.trim());
  const notes: string[] = [];
  if (schema['default'] !== undefined) notes.push(`Default: ${short(schema['default'])}`);
  const format = string(schema['format']);
  if (format) notes.push(`Format: ${format}${format === 'int64' || format === 'uint64' ? ' (a number beyond 2^53 loses digits)' : ''}`);
  for (const [keyword, label] of BOUNDS) if (typeof schema[keyword] === 'number' || typeof schema[keyword] === 'string') notes.push(`${label}: ${short(schema[keyword]!)}`);
  return { text, deprecated: schema['deprecated'] === true, notes };
}

function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function string(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
