/** Autonomous systems of addresses, from an MMDB file (GeoLite2-ASN and its like). An address of none is of number 0, as on AWS. */
import { clientAddress, forwarded, parseAddress } from './address.js';
import { AddressDatabase, member } from './address-database.js';
import type { WafRequest } from './request.js';

export type AsnDatabase = AddressDatabase<number>;

export function asnDatabase(path: string | null): AsnDatabase {
  return new AddressDatabase('asn-database', path, numberOf);
}

function numberOf(record: unknown): number {
  const number = member(record, 'autonomous_system_number') ?? member(record, 'asn');
  if (typeof number === 'number') return number;
  return typeof number === 'string' && /^AS\d{1,10}$/i.test(number) ? Number(number.slice(2)) : 0;
}

export function isOfNetwork(request: WafRequest, database: AsnDatabase, numbers: readonly number[]): boolean {
  const address = clientAddress(request);
  return address !== null && numbers.includes(database.of(request.exchange.gateway, address));
}

/** ForwardedIPConfig: the field's first address. Without the field: no match; no address: `fallback`. */
export function isOfForwardedNetwork(request: WafRequest, database: AsnDatabase, numbers: readonly number[], name: string, fallback: boolean): boolean {
  const texts = forwarded(request, name);
  if (texts === undefined) return false;
  const address = texts.length === 0 ? null : parseAddress(texts[0]!);
  return address === null ? fallback : numbers.includes(database.of(request.exchange.gateway, address));
}

/** The custom key ASN of rates. */
export function networkKey(request: WafRequest, database: AsnDatabase): string | null {
  const address = clientAddress(request);
  return address === null ? null : String(database.of(request.exchange.gateway, address));
}
