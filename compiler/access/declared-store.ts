/** `x-gwc.store` and `--store` of the build, as far as other slices have to know. */
import type { RawApi } from '../feature.js';

/** Whether a gateway of this document can keep its limits elsewhere than in memory. */
export function hasStore({ root, options }: RawApi): boolean {
  const node = root.get('x-gwc')?.get('store');
  const texts = node === undefined ? [] : (node.isArray ? node.items() : [node]).map(({ value }) => value);
  return [...texts, ...(options.stores ?? [])].some((text) => typeof text === 'string' && !text.startsWith('memory'));
}
