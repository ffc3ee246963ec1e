import type { Origin } from '../../diagnostics/define.js';

/** Requests per second (at most three decimals) and how many may come at once. */
export type Rate = readonly [rate: number, burst: number];

/** What a limit does while the store that keeps it cannot be asked. */
export type FailPolicy = 'open' | 'closed' | 'local';

/** Everything that limits how much: stages' throttles and usage plans. */
export interface LimitsPart {
  readonly stages: Readonly<Record<string, StageLimits>>;
  /** Sorted by name. */
  readonly plans: readonly UsagePlan[];
  /** For each API key, in `declaredKeys` order: stage → place of its plan in `plans`. */
  readonly clients: readonly Readonly<Record<string, number>>[];
  /** Ids of the API keys, in the same order. */
  readonly keys: readonly string[];
  /** Stage → what its throttles do while the store is away. */
  readonly stageFails: Readonly<Record<string, FailPolicy>>;
  /** Opt-in RateLimit fields. */
  readonly headers: boolean;
}

export interface StageLimits {
  /** Of every operation that has none of its own (each has a bucket of its own); null: none. */
  readonly every: Rate | null;
  readonly operations: readonly OperationLimit[];
}

export interface OperationLimit {
  /** As written, for messages. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  /** null: explicitly none. */
  readonly rate: Rate | null;
  readonly origin: Origin;
}

export interface UsagePlan {
  readonly name: string;
  /** What people call it: its `name`, else its key. */
  readonly label: string;
  readonly description: string;
  /** Of each key, over all its operations. */
  readonly throttle: Rate | null;
  readonly quota: { readonly limit: number; readonly period: 'DAY' | 'WEEK' | 'MONTH'; readonly offset: number } | null;
  /** Stage → limits of each key for single operations. */
  readonly stages: Readonly<Record<string, readonly OperationLimit[]>>;
  readonly fail: FailPolicy;
  /** A key names it. */
  readonly used: boolean;
  readonly origin: Origin;
}

/** The operation is throttled: by stage, and by usage plan for the requests with a key of the plan. */
export interface ThrottlePart {
  readonly stages: Readonly<Record<string, Rate>>;
  readonly plans: Readonly<Record<string, { readonly all: Rate | null; readonly operation: Rate | null }>>;
  /** Keys and plans that are made at run time may limit it. */
  readonly atRunTime: boolean;
}

/** Requests count against quotas: plan → limit. */
export interface QuotaPart { readonly plans: Readonly<Record<string, { readonly limit: number; readonly period: string }>> }
