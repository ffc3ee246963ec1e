/** The control plane on a store, without a gateway: what `gwc keys --store` works on. A gateway that runs on the same store is told within a second. */
import { callControlPlane } from '../../runtime/keys/control-plane.js';
import { KeyManager } from '../../runtime/keys/key-manager.js';
import { openStore } from '../../runtime/store/open-store.js';
import { ControlFailure, readAnswer, type ControlClient } from './control-client.js';

export async function storeClient(address: string): Promise<ControlClient> {
  let store;
  try {
    store = openStore(address, () => {});
    await store.ready();
  } catch (error) { throw new ControlFailure((error as Error).message); }
  const manager = new KeyManager(store);
  try { await manager.open(); } catch (error) {
    await store.close();
    throw new ControlFailure(`${store.shown} cannot be read: ${(error as Error).message}`);
  }
  return {
    async call(method, path, query = {}, body = '') {
      return readAnswer(await callControlPlane(manager, { method, path, query, body }), store.shown);
    },
    async close() {
      manager.close();
      await store.close();
    },
  };
}
