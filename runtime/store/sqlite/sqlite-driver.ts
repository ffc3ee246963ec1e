import type { StoreDriver } from '../store-driver.js';
import { SqliteStore } from './sqlite-store.js';

/** The file belongs to the process that decides: the primary of `--workers`. */
export const sqliteDriver: StoreDriver<'sqlite'> = { kind: 'sqlite', ownedByPrimary: true, open: (address) => new SqliteStore(address) };
