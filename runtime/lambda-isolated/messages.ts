import type { FunctionIdentity } from '../lambda-context.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly identity: FunctionIdentity;
  /** URL of the gateway's file. */
  readonly bundle: string;
}

/** A call. `event`: UTF-8 JSON. `timeoutMs`: from now on. */
export interface ThreadCall { readonly id: string; readonly event: Uint8Array; readonly timeoutMs: number; readonly clientContext: unknown }

/** What a thread says: it is ready for a first call, or done with the one it had. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly id: string; readonly text: string }
  | { readonly kind: 'functionError'; readonly id: string; readonly message: string; readonly payload: string };
