import type { FunctionIdentity } from '../context.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly identity: FunctionIdentity;
  /** URL of the gateway's file. */
  readonly bundle: string;
}

/** A call. `event`: UTF-8 JSON. `timeoutMs`: from now on. `streams`: the result is wanted piece by piece. */
export interface ThreadCall { readonly kind: 'call'; readonly id: string; readonly event: Uint8Array; readonly timeoutMs: number; readonly clientContext: unknown; readonly streams: boolean }

/** So many bytes of a streamed result have been taken: as many more may come. Infinity: nobody takes the rest. */
export interface ThreadCredit { readonly kind: 'credit'; readonly id: string; readonly bytes: number }

export type ThreadOrder = ThreadCall | ThreadCredit;

/** What a thread says: it is ready for a first call, a piece of the result of the one it has, or it is done with it. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'piece'; readonly id: string; readonly bytes: Uint8Array }
  | { readonly kind: 'returned'; readonly id: string; readonly text: string }
  | { readonly kind: 'functionError'; readonly id: string; readonly message: string; readonly payload: string };

/** What may be on its way from a thread, in bytes: a client that does not read keeps the function waiting, not the gateway's memory. */
export const WINDOW = 262_144;
