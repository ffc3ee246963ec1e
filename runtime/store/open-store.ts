/** A store by its address, for programs that take every kind (`gwc keys`); a gateway has the kinds that it was built with (`store-kind.ts`). */
import { CannotStart } from '../cannot-start.js';
import { RedisStore } from './redis/redis-store.js';
import { SqliteStore } from './sqlite/sqlite-store.js';
import type { GatewayStore } from './limits-backend.js';
import { parseStoreAddress, withCredentials } from './store-address.js';

/** Throws CannotStart when the address is none, or is memory, which no other process can reach. The store is used once `ready()` has resolved, and closed at the end. */
export function openStore(text: string, log: (line: string) => void): GatewayStore {
  const address = withCredentials(parseStoreAddress(text), process.env);
  if (address.kind === 'sqlite') return new SqliteStore(address);
  if (address.kind === 'redis') return new RedisStore(address, log);
  throw new CannotStart('what is in the memory of a gateway can be reached only through its admin port');
}
