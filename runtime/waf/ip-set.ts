/** Sets of addresses: sorted ranges that do not overlap, searched by halving. */
import { clientAddress, forwarded, parseAddress, type Address } from './address.js';
import type { WafRequest } from './request.js';

/** `starts[i]` to `ends[i]`, both in the set. */
export interface IpSet { readonly starts: readonly number[]; readonly ends: readonly number[]; readonly starts6: readonly string[]; readonly ends6: readonly string[] }

export function isInSet(address: Address | null, set: IpSet): boolean {
  if (address === null) return false;
  return typeof address === 'number' ? isInRanges(address, set.starts, set.ends) : isInRanges(address, set.starts6, set.ends6);
}

function isInRanges<T extends number | string>(address: T, starts: readonly T[], ends: readonly T[]): boolean {
  const at = lastNotAbove(address, starts);
  return at >= 0 && address <= ends[at]!;
}

/** Index of the last start that is not above `address`; -1: none. */
export function lastNotAbove<T extends number | string>(address: T, starts: ArrayLike<T>): number {
  let low = -1, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function clientIsIn(request: WafRequest, set: IpSet): boolean {
  return isInSet(clientAddress(request), set);
}

/** As many of a field's addresses are looked at for ANY. */
const MOST_FORWARDED = 10;

/** IPSetForwardedIPConfig. Without the field: no match; an address that is none: `fallback`. */
export function forwardedIsIn(request: WafRequest, set: IpSet, name: string, position: 'FIRST' | 'LAST' | 'ANY', fallback: boolean): boolean {
  const texts = forwarded(request, name);
  if (texts === undefined) return false;
  if (texts.length === 0) return fallback;
  const chosen = position === 'FIRST' ? texts.slice(0, 1) : position === 'LAST' ? texts.slice(-1) : texts.slice(0, MOST_FORWARDED);
  let isBroken = false;
  for (const text of chosen) {
    const address = parseAddress(text);
    if (address === null) isBroken = true;
    else if (isInSet(address, set)) return true;
  }
  return isBroken && fallback;
}
