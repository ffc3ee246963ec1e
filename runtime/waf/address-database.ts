/** What a database in MaxMind's format (MMDB) says about addresses, read at start. Only in bundles whose document asks for one. */
import { readFileSync } from 'node:fs';
import { Reader } from 'mmdb-lib';
import { CannotStart } from '../cannot-start.js';
import type { GatewayState } from '../gateway-state.js';
import type { Flag, Given } from '../options.js';
import type { Address } from './address.js';

export const GEO_DATABASE_FLAG: Flag = ['geo-database', 'FILE', 'countries of addresses, for GeoMatch rules (MMDB)'];
export const ASN_DATABASE_FLAG: Flag = ['asn-database', 'FILE', 'autonomous systems of addresses, for ASN rules (MMDB)'];

/** As many addresses are remembered. */
const MOST_KEPT = 10_000;

interface Opened<T> { readonly reader: Reader<never>; readonly kept: Map<Address, T> }

/** `name`: of its flag. `path`: the document's, null when it names none. `read`: what a rule wants of a record; it gets whatever stands in the file. */
export class AddressDatabase<T> {
  private readonly opened = new WeakMap<GatewayState, Opened<T>>();

  constructor(private readonly name: string, private readonly path: string | null, private readonly read: (record: unknown) => T) {}

  /** Each gateway reads the file as it is when that begins: SIGHUP takes a new one. Throws CannotStart. */
  open(state: GatewayState, environment: Readonly<Record<string, string | undefined>>, given: Given | undefined): void {
    const path = given?.[this.name]?.at(-1) ?? environment[`GWC_${this.name.toUpperCase().replace('-', '_')}`] ?? this.path;
    if (path === null) throw new CannotStart(`--${this.name} is needed: rules of the web ACL ask where addresses are`);
    let bytes: Buffer;
    try { bytes = readFileSync(path); } catch (error) { throw new CannotStart(`--${this.name} ${path}: ${(error as Error).message}`); }
    try {
      const reader = new Reader<never>(bytes);
      // A file that breaks off says so now.
      for (const probe of ['0.0.0.0', '255.255.255.255']) reader.get(probe);
      this.opened.set(state, { reader, kept: new Map() });
    } catch (error) { throw new CannotStart(`--${this.name} ${path} is no database in MaxMind's format: ${(error as Error).message.slice(0, 200)}`); }
  }

  of(state: GatewayState, address: Address): T {
    const { reader, kept } = this.opened.get(state)!;
    let found = kept.get(address);
    if (found === undefined) {
      if (kept.size >= MOST_KEPT) for (const oldest of kept.keys()) { kept.delete(oldest); break; }
      kept.set(address, (found = this.read(recordOf(reader, address))));
    }
    return found;
  }
}

/** undefined: none, or a record that is broken. */
function recordOf(reader: Reader<never>, address: Address): unknown {
  if (typeof address === 'string' && reader.metadata.ipVersion === 4) return undefined;
  try { return reader.get(textOf(address)) ?? undefined; } catch { return undefined; }
}

function textOf(address: Address): string {
  return typeof address === 'number' ? [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.') : address.match(/.{4}/g)!.join(':');
}

/** A member of a map; undefined for anything else. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
