/** CIDR ranges as sorted ranges that do not overlap. */
import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { parseAddress } from '../../../runtime/waf/address.js';
import { INVALID_ADDRESS } from './diagnostics.js';
import type { AddressRanges } from './ir.js';
import { problem } from './members.js';

/** A list, or what `aws wafv2 get-ip-set` prints. */
export function readAddresses(node: Node, reporter: Reporter): AddressRanges | undefined {
  const set = node.get('IPSet') ?? node;
  const list = set.isArray ? set : set.get('Addresses');
  if (!list?.isArray) return problem(node, 'an IP set is a list of ranges, or what `aws wafv2 get-ip-set` prints', reporter);
  const ranges: [number, number][] = [];
  const ranges6: [string, string][] = [];
  for (const item of list.items()) {
    const range = typeof item.value === 'string' ? rangeOf(item.value) : undefined;
    if (!range) { reporter.report(INVALID_ADDRESS, item.origin, { address: String(item.value).slice(0, 100) }); continue; }
    if (typeof range[0] === 'number') ranges.push(range as [number, number]);
    else ranges6.push(range as [string, string]);
  }
  return sorted(ranges, ranges6);
}

/** Ranges of texts; what is none is left out. */
export function rangesOf(texts: readonly string[]): AddressRanges {
  const all = texts.map(rangeOf).filter((range) => range !== undefined);
  return sorted(all.filter((range): range is [number, number] => typeof range[0] === 'number'), all.filter((range): range is [string, string] => typeof range[0] === 'string'));
}

function sorted(ranges: [number, number][], ranges6: [string, string][]): AddressRanges {
  const merged = merge(ranges, (end) => end + 1), merged6 = merge(ranges6, (end) => end);
  return { starts: merged.map(([start]) => start), ends: merged.map(([, end]) => end), starts6: merged6.map(([start]) => start), ends6: merged6.map(([, end]) => end) };
}

/** First and last address of a CIDR range; bits behind its length do not matter. */
export function rangeOf(text: string): [number, number] | [string, string] | undefined {
  const [, plain, bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const address = plain === undefined ? null : parseAddress(plain);
  if (address === null) return undefined;
  if (typeof address === 'number') {
    const mapped = plain!.includes(':');
    const length = bits === undefined ? 32 : Number(bits) - (mapped ? 96 : 0);
    if (length < 0 || length > 32) return undefined;
    const size = 2 ** (32 - length);
    const start = Math.floor(address / size) * size;
    return [start, start + size - 1];
  }
  const length = bits === undefined ? 128 : Number(bits);
  if (length > 128) return undefined;
  const mask = (1n << BigInt(128 - length)) - 1n;
  const value = BigInt(`0x${address}`);
  const digits = (number: bigint): string => number.toString(16).padStart(32, '0');
  return [digits(value & ~mask), digits(value | mask)];
}

/** `after(end)`: the address behind it; ranges that touch become one where that is known. */
export function merge<T extends number | string>(ranges: [T, T][], after: (end: T) => T): [T, T][] {
  const merged: [T, T][] = [];
  for (const [start, end] of ranges.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const last = merged.at(-1);
    if (last && start <= after(last[1])) { if (end > last[1]) last[1] = end; } else merged.push([start, end]);
  }
  return merged;
}
