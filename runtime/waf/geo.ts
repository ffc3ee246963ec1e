/** Where a request comes from: from a field that a trusted proxy sets, or from a table of address ranges. */
import { clientAddress, forwarded, parseAddress, type Address } from './address.js';
import { lastNotAbove } from './ip-set.js';
import { addLabel, type WafRequest } from './request.js';

/** Sorted ranges that do not overlap; `countries[i]` is the place of the range's code in `codes`. */
export interface GeoTable {
  readonly codes: readonly string[];
  readonly starts: Uint32Array; readonly ends: Uint32Array; readonly countries: Uint16Array;
  readonly starts6: readonly string[]; readonly ends6: readonly string[]; readonly countries6: readonly number[];
}

/** `packed`: big-endian starts, ends and places as Base64. */
export function geoTable(codes: readonly string[], packed: string, starts6: readonly string[], ends6: readonly string[], countries6: readonly number[]): GeoTable {
  const bytes = Buffer.from(packed, 'base64');
  const count = bytes.length / 10;
  const starts = new Uint32Array(count), ends = new Uint32Array(count), countries = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    starts[i] = bytes.readUInt32BE(i * 4);
    ends[i] = bytes.readUInt32BE((count + i) * 4);
    countries[i] = bytes.readUInt16BE(count * 8 + i * 2);
  }
  return { codes, starts, ends, countries, starts6, ends6, countries6 };
}

/** The ISO 3166 code; undefined: not known. */
function countryOf(table: GeoTable, address: Address | null): string | undefined {
  if (address === null) return undefined;
  if (typeof address === 'number') {
    const at = lastNotAbove(address, table.starts);
    return at >= 0 && address <= table.ends[at]! ? table.codes[table.countries[at]!] : undefined;
  }
  const at = lastNotAbove(address, table.starts6);
  return at >= 0 && address <= table.ends6[at]! ? table.codes[table.countries6[at]!] : undefined;
}

/** Believed from a trusted proxy only (`--trust-proxy`): anybody else may have invented it. */
export function isFromByField(request: WafRequest, name: string, codes: readonly string[]): boolean {
  const { exchange } = request;
  const country = exchange.connection.peer === undefined ? undefined : exchange.head.last(name)?.trim().toUpperCase();
  return tells(request, country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined, 'clientip', codes);
}

export function isFromByTable(request: WafRequest, table: GeoTable, codes: readonly string[]): boolean {
  return tells(request, countryOf(table, clientAddress(request)), 'clientip', codes);
}

/** ForwardedIPConfig: the field's first address. Without the field: no match; no address: `fallback`. */
export function isFromForwarded(request: WafRequest, table: GeoTable, codes: readonly string[], name: string, fallback: boolean): boolean {
  const texts = forwarded(request, name);
  if (texts === undefined) return false;
  const address = texts.length === 0 ? null : parseAddress(texts[0]!);
  if (address === null) return fallback;
  return tells(request, countryOf(table, address), 'forwardedip', codes);
}

/** Whether it matches or not, the request is labelled. */
export function tells(request: WafRequest, country: string | undefined, which: 'clientip' | 'forwardedip', codes: readonly string[]): boolean {
  addLabel(request, `awswaf:${which}:geo:country:${country ?? 'XX'}`);
  return country !== undefined && codes.includes(country);
}
