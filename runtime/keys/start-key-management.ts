/** Keys and plans made at run time, in a gateway: at start it joins the process that keeps them, or is that process. */
import type { GatewayOptions } from '../gateway.js';
import type { GatewayState } from '../gateway-state.js';
import type { ControlAnswer, ControlRequest } from './control-request.js';
import { callControlPlane } from './control-plane.js';
import type { ApiKeysDescription, RunningApi } from './description.js';
import { KeyManager } from './key-manager.js';
import { liveKeys } from './live-keys.js';
import { openManager } from './open-manager.js';
import { joinManager } from './shared-keys.js';

/** What a gateway has of it. */
export interface KeyManagement {
  /** Resolves when the keys that were kept open, or cannot be read for now. */
  readonly ready: Promise<void>;
  /** null in a worker: the primary has it. */
  readonly manager: KeyManager | null;
  call(request: ControlRequest): Promise<ControlAnswer>;
  close(): void;
}

/** Sets `state.management`; `state.apiKeys` and `state.limits` are set. */
export function startKeyManagement(state: GatewayState, description: ApiKeysDescription, options: Pick<GatewayOptions, 'replaces' | 'primary'>): void {
  const api: RunningApi = { apiId: state.apiId, stage: state.stage, description, digests: Object.fromEntries([...state.apiKeys!.byDigest].map(([hex, { id }]) => [hex, id])) };
  // A worker that opens the store itself needs no primary: changes reach it through the store.
  state.management = options.primary !== undefined && state.store === null ? joinManager(state, api, options.primary)
    : ownManager(state, api, state.store === null ? (options.replaces?.management?.manager ?? null) : null);
}

/** `running`: of the gateway whose place this one takes, when keys are in memory alone. */
function ownManager(state: GatewayState, api: RunningApi, running: KeyManager | null): KeyManagement {
  const manager = running ?? new KeyManager(state.store);
  const live = liveKeys(state, false);
  const opened = running === null ? openManager(manager, state.log) : Promise.resolve();
  const attached = opened.then(() => manager.attach({ api, limits: state.limits!, tell: (changes) => live.apply(changes), refill: (client) => state.limits!.keeper?.forget(client) }));
  let closed = false;
  return {
    ready: attached.then(() => {}),
    manager,
    call: (request) => callControlPlane(manager, request),
    close() {
      if (closed) return;
      closed = true;
      void attached.then((detach) => detach()).then(() => (manager.api === null ? manager.close() : undefined), () => {});
    },
  };
}
