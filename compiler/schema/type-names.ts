/** The types of JSON Schema, and what people write instead. */
import type { Json } from '../code.js';

export const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

const SLIPS: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'], ['int32', 'integer'], ['int64', 'integer'], ['long', 'integer'], ['short', 'integer'], ['float', 'number'], ['double', 'number'], ['decimal', 'number'],
  ['bool', 'boolean'], ['str', 'string'], ['text', 'string'], ['uuid', 'string'], ['date', 'string'], ['list', 'array'], ['map', 'object'], ['dict', 'object'], ['nil', 'null'], ['none', 'null'],
]);

/** What a misspelt type surely means: `String` → string, `int` → integer. */
export function mendedType(type: string): string | undefined {
  const lower = type.trim().toLowerCase();
  return TYPES.has(lower) ? lower : SLIPS.get(lower);
}

/** Whether `value` is an instance of `type` (JSON Schema: 1.0 is an integer). */
export function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case 'null': return value === null;
    case 'array': return Array.isArray(value);
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer': return typeof value === 'number' && Number.isInteger(value);
    default: return typeof value === type;
  }
}
