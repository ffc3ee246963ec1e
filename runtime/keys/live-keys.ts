/** Run-time keys in a running gateway: what `api-keys.ts` looks up, kept up to date. */
import type { ApiKey } from './api-keys.js';
import type { GatewayState } from '../gateway-state.js';
import { monotonicMicros } from '../limits/limits.js';
import { mirrorClient, type ClientLayout } from './managed-clients.js';

/** What a key opens from now on. */
export interface KeyChange {
  readonly keyId: string;
  /** SHA-256 in hex of the values that open; none: the key opens nothing. */
  readonly digests: readonly string[];
  /** null: it draws on nothing any more. */
  readonly layout: ClientLayout | null;
}

/** A worker is told only what differs from what it knows of a client: used up quotas that were filled up again. */
export interface LiveKeys {
  apply(changes: readonly KeyChange[]): void;
}

/** `mirrors`: limits are decided elsewhere, this process lays them out alike. */
export function liveKeys(state: GatewayState, mirrors: boolean): LiveKeys {
  const known = new Map<string, Map<string, ApiKey>>();
  return {
    apply(changes) {
      const { byDigest, byValue } = state.apiKeys!;
      for (const { keyId, digests, layout } of changes) {
        if (mirrors && layout !== null) mirrorClient(state.limits!, keyId, layout, monotonicMicros(), Date.now());
        if (layout !== null) state.limits!.keeper?.forget(layout.client);
        const before = known.get(keyId) ?? new Map<string, ApiKey>();
        const now = new Map<string, ApiKey>();
        for (const [hex, key] of before) {
          if (layout !== null && digests.includes(hex) && key.client === layout.client) { now.set(hex, key); continue; }
          if (byDigest.get(hex) === key) byDigest.delete(hex);
          // Requests with this value were let in before: they are no longer.
          if (byValue.get(key.value) === key) byValue.delete(key.value);
        }
        if (layout !== null) {
          for (const hex of digests) {
            // The document's own keys stand over those of the store.
            if (now.has(hex) || byDigest.has(hex)) continue;
            const key: ApiKey = { id: keyId, client: layout.client, digest: Buffer.from(hex, 'hex'), value: '' };
            byDigest.set(hex, key);
            now.set(hex, key);
          }
        }
        if (now.size === 0) known.delete(keyId);
        else known.set(keyId, now);
      }
    },
  };
}
