/** Countries and regions of addresses, from an MMDB file (GeoLite2, GeoIP2, DB-IP, IPinfo). */
import { clientAddress, forwarded, parseAddress, type Address } from './address.js';
import { AddressDatabase, member } from './address-database.js';
import { tells } from './geo.js';
import { addLabel, type WafRequest } from './request.js';

export interface Place { readonly country: string | undefined; /** `US-CA`. */ readonly region: string | undefined }

export type GeoDatabase = AddressDatabase<Place>;

export function geoDatabase(path: string | null): GeoDatabase {
  return new AddressDatabase('geo-database', path, placeOf);
}

const code = (value: unknown): string | undefined => (typeof value === 'string' && /^[A-Z]{2}$/i.test(value) ? value.toUpperCase() : undefined);

function placeOf(record: unknown): Place {
  const country = code(member(member(record, 'country'), 'iso_code')) ?? code(member(member(record, 'registered_country'), 'iso_code')) ?? code(member(record, 'country_code')) ?? code(member(record, 'country'));
  const subdivisions = member(record, 'subdivisions');
  const subdivision = Array.isArray(subdivisions) ? member(subdivisions[0], 'iso_code') : undefined;
  return { country, region: country !== undefined && typeof subdivision === 'string' && /^[A-Z0-9]{1,3}$/.test(subdivision) ? `${country}-${subdivision}` : undefined };
}

export function isFromByDatabase(request: WafRequest, database: GeoDatabase, codes: readonly string[]): boolean {
  return tellsPlace(request, database, clientAddress(request), 'clientip', codes);
}

/** ForwardedIPConfig, as `isFromForwarded`. */
export function isFromForwardedByDatabase(request: WafRequest, database: GeoDatabase, codes: readonly string[], name: string, fallback: boolean): boolean {
  const texts = forwarded(request, name);
  if (texts === undefined) return false;
  const address = texts.length === 0 ? null : parseAddress(texts[0]!);
  return address === null ? fallback : tellsPlace(request, database, address, 'forwardedip', codes);
}

function tellsPlace(request: WafRequest, database: GeoDatabase, address: Address | null, which: 'clientip' | 'forwardedip', codes: readonly string[]): boolean {
  const place = address === null ? undefined : database.of(request.exchange.gateway, address);
  addLabel(request, `awswaf:${which}:geo:region:${place?.region ?? 'XX-XX'}`);
  return tells(request, place?.country, which, codes);
}
