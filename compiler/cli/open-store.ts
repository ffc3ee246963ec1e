/** The store that a command works on: one that is away is said to be, in the store's own words, before anything is asked of it. */
import { openStore } from '../../runtime/store/open-store.js';
import type { GatewayStore } from '../../runtime/store/limits-backend.js';
import { ControlFailure } from './control-client.js';

/** What clients of databases say of a connection that is not there, or no longer. */
const AWAY = /isn't writeable|Connection is closed|Command timed out|\bE(?:CONN|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT|PIPE)|Cluster isn't ready|Failed to refresh slots|sentinels are unreachable/;

/** Throws ControlFailure when it is no store of a command, or cannot be reached. Close it. */
export async function openReachable(address: string): Promise<GatewayStore> {
  let problem: string | undefined;
  let store: GatewayStore | undefined;
  try {
    store = openStore(address, (line) => { problem = line.endsWith('connected again') ? undefined : line; });
    await store.ready();
    if (problem !== undefined) throw storeFailure(store, new Error(problem.replace(`${store.shown}: `, '')));
    return store;
  } catch (error) {
    await store?.close();
    throw error instanceof ControlFailure ? error : new ControlFailure((error as Error).message);
  }
}

/** Why a store that was there did not do what was asked of it. */
export function storeFailure(store: GatewayStore, error: unknown): ControlFailure {
  if (error instanceof ControlFailure) return error;
  const { message } = error as Error;
  return new ControlFailure(`${store.shown} ${AWAY.test(message) ? `cannot be reached${/E[A-Z]{4,}/.exec(message) ? ` (${/E[A-Z]{4,}/.exec(message)![0]})` : ''}` : `cannot be read: ${message}`}`);
}
