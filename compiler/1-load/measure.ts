import type { Json } from '../code.js';
import { MAX_DEPTH } from './limits.js';

/** What JSON.parse does not look at. */
export interface Measured { keys: number; tooDeep: boolean; notFinite: boolean }

/** Of a value that stands `depth` levels deep, its own included. */
export function measure(value: Json, depth = 1): Measured {
  const measured: Measured = { keys: 0, tooDeep: false, notFinite: false };
  add(value, depth, measured);
  return measured;
}

function add(value: Json, depth: number, into: Measured): void {
  if (typeof value === 'number') into.notFinite ||= !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) { into.tooDeep = true; return; }
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) if (typeof item === 'object' || typeof item === 'number') add(item, depth + 1, into);
    return;
  }
  const object = value as { readonly [key: string]: Json };
  for (const key in object) {
    into.keys++;
    const item = object[key]!;
    if (typeof item === 'object' || typeof item === 'number') add(item, depth + 1, into);
  }
}
