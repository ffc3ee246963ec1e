/** The control plane on a store, without a gateway: what `gwc keys --store` works on. A gateway that runs on the same store is told within a second. */
import { callControlPlane } from '../../runtime/keys/control-plane.js';
import { KeyManager } from '../../runtime/keys/key-manager.js';
import { readAnswer, type ControlClient } from './control-client.js';
import { openReachable, storeFailure } from './open-store.js';

export async function storeClient(address: string): Promise<ControlClient> {
  const store = await openReachable(address);
  const manager = new KeyManager(store);
  try { await manager.open(); } catch (error) {
    await store.close();
    throw storeFailure(store, error);
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
