import type { StoreDriver } from '../store-driver.js';
import { RedisStore } from './redis-store.js';

/** Each worker has a connection of its own: Redis decides for all of them. */
export const redisDriver: StoreDriver<'redis'> = { kind: 'redis', ownedByPrimary: false, open: (address, log) => new RedisStore(address, log) };
