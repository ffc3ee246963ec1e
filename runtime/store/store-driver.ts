/** The kinds of store that a gateway file was built with. */
import { CannotStart } from '../cannot-start.js';
import type { GatewayStore } from './limits-backend.js';
import { parseStoreAddress, withCredentials, type StoreAddress, type StoreKind } from './store-address.js';

export interface StoreDriver<Kind extends StoreKind = 'sqlite' | 'redis'> {
  readonly kind: Kind;
  /** Only one process of `--workers` opens it. */
  readonly ownedByPrimary: boolean;
  open(address: Extract<StoreAddress, { kind: Kind }>, log: (line: string) => void): GatewayStore;
}

/** `alone`: a gateway without workers. */
export type StoreRole = 'alone' | 'worker' | 'primary';

/** null: memory, or it is another process's to open. Throws CannotStart when the address is wrong, or of a kind that is not in the file. */
export function openBuiltStore(drivers: readonly StoreDriver[], text: string, role: StoreRole, log: (line: string) => void): GatewayStore | null {
  if (text === 'redis' || text === 'sqlite') {
    const example = text === 'redis' ? 'redis://host:6379' : 'sqlite:/var/lib/gateway.db';
    throw new CannotStart(`this gateway keeps its limits in ${text === 'redis' ? 'Redis' : 'a SQLite file'}: say where with --store ${example} or GWC_STORE; --store memory keeps them in this gateway alone`);
  }
  const address = withCredentials(parseStoreAddress(text), process.env);
  if (address.kind === 'memory') return null;
  const driver = drivers.find(({ kind }) => kind === address.kind);
  if (driver === undefined) throw new CannotStart(notBuilt(address.kind));
  if (role !== 'alone' && driver.ownedByPrimary !== (role === 'primary')) return null;
  return driver.open(address as never, log);
}

function notBuilt(kind: string): string {
  return `this gateway was built without the store "${kind}": write x-gwc: {store: [memory, ${kind}]} in the document, or build it with gwc build --store ${kind}`;
}
