/** What a store does for the limiter. */
import type { Decision, Tell } from '../limits/limits-keeper.js';
import type { LimitNames, Limits } from '../limits/limits.js';
import type { Store } from './store.js';

export interface LimitsBackend {
  /** Longest wait for a decision, ms. */
  readonly patienceMs: number;
  /** Decides requests as `LimitsQuestion.ask` has them, in their order. Rejects when the store cannot be asked. */
  decide(ask: readonly number[]): Promise<Decision>;
  /** So many requests of a client were let in without the store (or fewer, when it turns out that it knew of them): they are counted with the next decision. */
  owe(client: number, requests: number): void;
  /** What the quota of a client had left, as far as is known. */
  known(client: number): { readonly remaining: number; readonly ends: number } | undefined;
  /** Resolves when the store can be asked, what is owed has been counted, and what quotas have left is known. */
  probe(): Promise<void>;
}

/** A store that keeps limits too. */
export interface GatewayStore extends Store {
  /** Only one process of `--workers` opens it: the primary decides for the workers. */
  readonly ownedByPrimary: boolean;
  /** `tell` makes RateLimit fields. */
  limits(limits: Limits, names: LimitNames, stage: string, tell: Tell | null): LimitsBackend;
}
