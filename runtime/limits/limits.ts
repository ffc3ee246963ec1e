/**
 * Throttles and quotas of one running gateway: which buckets and quota a request draws on, and whether it gets in.
 * There is no account or Region limit as on AWS (10 000 per second): a gateway of one's own has what its machine gives.
 * What the document declares is laid out at start; only who manages API keys (keys/managed-clients.ts) adds to it, no client can.
 */
import { makeBuckets, setBucket, takeToken, waitForToken, type Buckets } from './token-bucket.js';
import { openQuota, rollQuota, type Period, type Quota } from './quota.js';
import type { LimitsKeeper } from './shared-limits.js';

/** Tokens per second and bucket size. */
export type Rate = readonly [rate: number, burst: number];

/** What the build knows. Operations are numbered as routes are, plans and clients (API keys) by their place in these lists. */
export interface LimitsDeclaration {
  readonly operations: number;
  /** By stage: the limit of every operation, and of those that have one of their own (null: none at all). */
  readonly stages: Readonly<Record<string, { readonly every: Rate | null; readonly operations: Readonly<Record<number, Rate | null>> }>>;
  readonly plans: readonly PlanDeclaration[];
  /** For each API key: stage → plan. */
  readonly clients: readonly Readonly<Record<string, number>>[];
  /** Stands for the names of the operations, where plans that are made later may name them: two documents that differ there do not share limits. With `names` it stands there. */
  readonly routes?: string;
  /** What all this is called where several gateways keep it; absent in a bundle that keeps it in memory. */
  readonly names?: LimitNames;
}

/** What happens while the store cannot be asked: requests are let in, are refused, or this gateway counts by itself. */
export type FailPolicy = 'open' | 'closed' | 'local';

export interface LimitNames {
  readonly api: string;
  /** Stands for the operations' numbers: documents whose operations differ do not share the buckets of single operations. */
  readonly routes: string;
  /** Ids of `plans` and of `clients`. */
  readonly plans: readonly string[];
  readonly keys: readonly string[];
  readonly planFails: readonly FailPolicy[];
  /** Of the stages' own throttles. */
  readonly stageFails: Readonly<Record<string, FailPolicy>>;
}

export interface PlanDeclaration {
  readonly throttle: Rate | null;
  readonly quota: readonly [limit: number, period: Period, offset: number] | null;
  /** Stage → operation → limit, over and above the plan's own. */
  readonly operations: Readonly<Record<string, Readonly<Record<number, Rate>>>>;
}

/** What one API key draws on. */
export interface Client {
  /** The plan's own bucket, -1: none. */
  readonly ofPlan: number;
  /** First of its buckets for single operations. */
  readonly base: number;
  /** Operation → place after `base`, -1: none. Shared by all clients of the plan. */
  readonly methods: Int32Array | null;
  readonly quota: Quota | null;
  /** Requests let in since somebody last took this down (keys/usage-ledger.ts). */
  used: number;
  /** What it is called in a store; absent when it is in no plan, or limits are kept in memory. */
  readonly stored?: StoredClient;
}

export interface StoredClient {
  readonly plan: string;
  readonly key: string;
  readonly terms: PlanDeclaration['quota'];
  readonly fail: FailPolicy;
}

export interface Limits {
  /** Two gateways with the same layout can share their limits. */
  readonly layout: string;
  /** Grows with the keys that are made at run time (keys/managed-clients.ts). */
  buckets: Buckets;
  /** Operation → bucket of the stage, -1: none. */
  readonly ofStage: Int32Array;
  readonly clients: Client[];
  /** After a refusal: microseconds until it is worth another try (Infinity: never), and the bucket that is short (-1: the quota). */
  wait: number;
  short: number;
  /** What counts while the store is away; absent where there is none. */
  local?: Limits;
  /** In a worker: the primary decides. */
  keeper: LimitsKeeper | null;
}

export const ADMITTED = 0, THROTTLED = 1, OVER_QUOTA = 2;
export type Verdict = typeof ADMITTED | typeof THROTTLED | typeof OVER_QUOTA;

/** `micros` is the monotonic clock (`monotonicMicros`), `now` Unix time in ms. */
export function createLimits(declaration: LimitsDeclaration, stage: string, micros: number, now: number): Limits {
  const rates: Rate[] = [];
  const add = (rate: Rate): number => rates.push(rate) - 1;

  const ofStage = new Int32Array(declaration.operations).fill(-1);
  const settings = Object.hasOwn(declaration.stages, stage) ? declaration.stages[stage] : undefined;
  for (let operation = 0; settings !== undefined && operation < declaration.operations; operation++) {
    const rate = Object.hasOwn(settings.operations, operation) ? settings.operations[operation]! : settings.every;
    if (rate !== null) ofStage[operation] = add(rate);
  }

  const methods = declaration.plans.map((plan) => {
    if (!Object.hasOwn(plan.operations, stage)) return { places: null, rates: [] };
    const entries = Object.entries(plan.operations[stage]!);
    const places = new Int32Array(declaration.operations).fill(-1);
    entries.forEach(([operation], place) => { places[Number(operation)] = place; });
    return { places, rates: entries.map(([, rate]) => rate) };
  });
  const { names } = declaration;
  const clients = declaration.clients.map((plans, index): Client => {
    if (!Object.hasOwn(plans, stage)) return { ofPlan: -1, base: 0, methods: null, quota: null, used: 0 };
    const plan = declaration.plans[plans[stage]!]!;
    const { places, rates: own } = methods[plans[stage]!]!;
    const ofPlan = plan.throttle === null ? -1 : add(plan.throttle);
    const base = rates.length;
    for (const rate of own) add(rate);
    return {
      ofPlan, base, methods: places, quota: plan.quota === null ? null : openQuota(...plan.quota, now), used: 0,
      ...(names && { stored: { plan: names.plans[plans[stage]!]!, key: names.keys[index]!, terms: plan.quota, fail: names.planFails[plans[stage]!]! } }),
    };
  });

  const buckets = makeBuckets(rates.length);
  rates.forEach(([rate, burst], bucket) => setBucket(buckets, bucket, rate, burst, micros));
  return { layout: JSON.stringify([stage, declaration]), buckets, ofStage, clients, wait: 0, short: -1, keeper: null };
}

/** Microseconds of a clock that is never set. */
export function monotonicMicros(): number {
  return Math.floor(performance.now() * 1000);
}

/**
 * Lets the request in or not. In the order of auth.md §3: the plan's limit for the operation, the plan's own, the stage's; then the quota.
 * A request is let in when every one of them has room, and only then takes from them. `client` -1: no API key.
 */
export function decide(limits: Limits, operation: number, client: number, micros: number, now: number): Verdict {
  const verdict = refusal(limits, operation, client, micros, now);
  if (verdict !== ADMITTED) return verdict;
  const { buckets } = limits;
  if (client >= 0) {
    const drawnOn = limits.clients[client]!;
    const { ofPlan, base, methods, quota } = drawnOn;
    drawnOn.used++;
    const place = methods === null ? -1 : methods[operation]!;
    if (place >= 0) takeToken(buckets, base + place);
    if (ofPlan >= 0) takeToken(buckets, ofPlan);
    if (quota !== null) quota.remaining--;
  }
  const ofStage = limits.ofStage[operation]!;
  if (ofStage >= 0) takeToken(buckets, ofStage);
  return ADMITTED;
}

/** Whether anything limits the request, or a store counts it: where nothing does, a worker need not ask the primary. */
export function isLimited(limits: Limits, operation: number, client: number): boolean {
  if (limits.ofStage[operation]! >= 0) return true;
  if (client < 0) return false;
  const { ofPlan, methods, quota, stored } = limits.clients[client]!;
  return ofPlan >= 0 || quota !== null || stored !== undefined || (methods !== null && methods[operation]! >= 0);
}

/** What `decide` would say, without taking anything. After a refusal `limits.wait` and `limits.short` say why. */
export function refusal(limits: Limits, operation: number, client: number, micros: number, now: number): Verdict {
  const { buckets } = limits;
  let wait = 0, short = -1;
  let quota: Quota | null = null;
  if (client >= 0) {
    const drawnOn = limits.clients[client]!;
    quota = drawnOn.quota;
    const place = drawnOn.methods === null ? -1 : drawnOn.methods[operation]!;
    if (place >= 0) {
      wait = waitForToken(buckets, drawnOn.base + place, micros);
      short = drawnOn.base + place;
    }
    if (drawnOn.ofPlan >= 0) {
      const time = waitForToken(buckets, drawnOn.ofPlan, micros);
      if (time > wait) { wait = time; short = drawnOn.ofPlan; }
    }
  }
  const ofStage = limits.ofStage[operation]!;
  if (ofStage >= 0) {
    const time = waitForToken(buckets, ofStage, micros);
    if (time > wait) { wait = time; short = ofStage; }
  }
  if (wait > 0) {
    limits.wait = wait;
    limits.short = short;
    return THROTTLED;
  }
  if (quota !== null) {
    rollQuota(quota, now);
    if (quota.remaining < 1) {
      limits.wait = (quota.end - now) * 1000;
      limits.short = -1;
      return OVER_QUOTA;
    }
  }
  return ADMITTED;
}
