import type { Json } from '../../code.js';
import { setOwn } from '../set-own.js';

interface Entry { readonly key: string }

/** `value`, whose keys are those of `entries`, with those from `first` up to `last` replaced by `parts`; all other values are the same. */
export function spliceObject(value: { readonly [key: string]: Json }, entries: readonly Entry[], first: number, parts: readonly { readonly value: Json; readonly node: Entry }[], last: number): { [key: string]: Json } {
  const result: { [key: string]: Json } = {};
  for (const { key } of entries.slice(0, first)) setOwn(result, key, value[key]!);
  for (const { value: item, node: { key } } of parts) setOwn(result, key, item);
  for (const { key } of entries.slice(last)) setOwn(result, key, value[key]!);
  return result;
}
