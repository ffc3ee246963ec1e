/** Keys and plans made at run time, in the process that decides (the only one, or the primary of `--workers`): registry, usage, and the gateways that are told. */
import { monotonicMicros, type Limits, type Rate } from '../limits/limits.js';
import type { RunningApi } from './description.js';
import { declaredPlanRecords } from './description.js';
import type { KeyChange } from './live-keys.js';
import { failOf } from './fail-tag.js';
import { ManagedClients, UNLIMITED, type PlanLayout } from './managed-clients.js';
import { operationNumber } from './method-path.js';
import type { PlanRecord, ThrottleRecord } from './records.js';
import { Registry } from './registry.js';
import { storeRecords } from './store-records.js';
import type { Store } from '../store/store.js';
import { remainingNow, usageDays, UsageLedger, utcDay } from './usage-ledger.js';
import { storedUsage } from './usage-source.js';

/** One gateway that heeds the registry. */
export interface AttachedGateway {
  readonly api: RunningApi;
  readonly limits: Limits;
  /** Its promise resolves when the changes are in force there. */
  tell(changes: readonly KeyChange[]): void | Promise<void>;
  /** A quota of this client has requests again. */
  refill(client: number): void;
}

const DAY_MS = 86_400_000;

export class KeyManager {
  readonly ledger = new UsageLedger();
  private readonly gateways = new Set<AttachedGateway>();
  private readonly managed = new WeakMap<Limits, ManagedClients>();
  /** Which plan a key's client counts for, per limits. */
  private readonly planOf = new WeakMap<Limits, Map<string, string>>();
  readonly registry: Registry;
  isClosed = false;
  private midnight: NodeJS.Timeout | null = null;

  /** `store`: where the limiter counts; null: in this process. */
  constructor(private readonly store: Store | null) {
    this.registry = new Registry(store === null ? null : storeRecords(store));
    this.registry.listen((changed) => this.spread(changed));
    this.watchMidnight();
  }

  /** Rejects when the store cannot be read; may be called again. */
  async open(): Promise<void> {
    await this.store?.ready();
    await this.registry.open();
  }

  /** The gateway's API; the newest one, when several builds are served side by side. */
  get api(): RunningApi | null {
    let newest: RunningApi | null = null;
    for (const { api } of this.gateways) newest = api;
    return newest;
  }

  /** All keys the gateway is to know are told before the promise resolves. */
  async attach(gateway: AttachedGateway): Promise<() => void> {
    this.gateways.add(gateway);
    const changes = [...this.registry.keys.keys()].map((key) => this.changeFor(gateway, key)).filter(({ layout }) => layout !== null);
    if (changes.length > 0) await gateway.tell(changes);
    return () => void this.gateways.delete(gateway);
  }

  /** Takes down what was used so far. */
  collect(now = Date.now()): void {
    if (this.store !== null) return;
    const seen = new Set<Limits>();
    for (const { api, limits } of this.gateways) {
      if (seen.has(limits)) continue;
      seen.add(limits);
      const plans = this.planOf.get(limits);
      for (const [keyId, { client }] of this.managed.get(limits)?.assigned() ?? []) this.countClient(limits, client, plans?.get(keyId), keyId, now);
      for (const key of api.description.keys) this.countClient(limits, key.client, declaredPlan(api, key.plans)?.id, key.id, now);
    }
  }

  /** Requests that a worker let in by itself: nothing limits them. */
  countUnlimited(gateway: AttachedGateway, used: readonly number[]): void {
    for (let i = 0; i + 1 < used.length; i += 2) {
      const client = gateway.limits.clients[used[i]!];
      if (client !== undefined) client.used += used[i + 1]!;
    }
  }

  /** Sets what is left of the quota of a key. The plan has one. */
  async setRemaining(plan: PlanRecord, keyId: string, remaining: number, now = Date.now()): Promise<void> {
    if (this.store !== null) {
      const { limit, period, offset } = plan.quota!;
      await this.store.setRemaining(plan.id, keyId, [limit, period, offset], remaining);
    } else {
      this.collect(now);
      for (const quota of this.quotaObjects(plan, keyId, now)) { remainingNow(quota, now); quota.remaining = remaining; }
      this.ledger.count(plan.id, keyId, 0, remaining, now);
    }
    for (const gateway of this.gateways) {
      const client = this.clientOf(gateway, plan.id, keyId);
      if (client >= 0) gateway.refill(client);
    }
  }

  /** Key → `[used, remaining]` per day, for these keys; today's remainder is what the quota says now. */
  async usageOf(plan: PlanRecord, keyIds: readonly string[], first: number, last: number, now = Date.now()): Promise<Map<string, [used: number, remaining: number][]>> {
    if (this.store !== null) return storedUsage(this.store, plan, keyIds, first, last);
    this.collect(now);
    const today = utcDay(now);
    return new Map(keyIds.map((keyId) => {
      const days = usageDays(plan, this.ledger.recordsOf(plan.id, keyId), first, last);
      const [quota] = this.quotaObjects(plan, keyId, now);
      if (quota !== undefined && today >= first && today <= last) days[today - first]![1] = remainingNow(quota, now);
      return [keyId, days];
    }));
  }

  /** Whether the key used something of the plan on these days. */
  async hasUsed(plan: PlanRecord, keyId: string, first: number, last: number): Promise<boolean> {
    return ((await this.usageOf(plan, [keyId], first, last)).get(keyId) ?? []).some(([used]) => used > 0);
  }

  close(): void {
    this.isClosed = true;
    if (this.midnight !== null) clearTimeout(this.midnight);
    this.registry.close();
  }

  private async spread(changed: ReadonlySet<string>): Promise<void> {
    this.collect();
    await Promise.all([...this.gateways].map((gateway) => gateway.tell([...changed].map((key) => this.changeFor(gateway, key)))));
  }

  private changeFor(gateway: AttachedGateway, keyId: string): KeyChange {
    const { api, limits } = gateway;
    const managed = this.managedOf(limits), plans = this.planOf.get(limits)!;
    const record = this.registry.keys.get(keyId);
    const plan = record && this.planFor(api, keyId);
    // An HTTP API has no usage plans on AWS: a key without plans opens every stage, as a declared one does.
    const opens = record !== undefined && (plan !== undefined || (api.description.flavour === 'http' && !this.registry.plansOfKey.has(keyId)));
    const now = Date.now();
    if (!opens) {
      managed.release(keyId, now);
      plans.delete(keyId);
      return { keyId, digests: [], layout: null };
    }
    const member = plan && this.registry.members.get(plan.id)?.get(keyId);
    const layout = managed.assign(keyId, plan === undefined ? UNLIMITED : layoutOf(plan, api, this.store !== null), plan === undefined ? null : this.ledger.quotaOf(plan, keyId, member?.added ?? 0, now), monotonicMicros(), now);
    if (plan === undefined) plans.delete(keyId);
    else plans.set(keyId, plan.id);
    const own = new Set(Object.keys(api.digests));
    const digests = record.enabled ? record.digests.filter(({ sha256, until }) => (until === null || until > now) && !own.has(sha256)).map(({ sha256 }) => sha256) : [];
    return { keyId, digests, layout };
  }

  /** The one plan of the key that covers the stage. */
  private planFor(api: RunningApi, keyId: string): PlanRecord | undefined {
    const ids = this.registry.plansOfKey.get(keyId);
    if (ids === undefined) return undefined;
    const covers = (plan: PlanRecord): boolean => plan.apiStages.some(({ apiId, stage }) => apiId === api.apiId && stage === api.stage);
    for (const id of ids) {
      const plan = this.registry.plans.get(id);
      if (plan !== undefined && covers(plan)) return plan;
    }
    return declaredPlanRecords(api).find((plan) => ids.has(plan.id) && covers(plan));
  }

  private managedOf(limits: Limits): ManagedClients {
    let managed = this.managed.get(limits);
    if (managed === undefined) {
      this.managed.set(limits, (managed = new ManagedClients(limits)));
      this.planOf.set(limits, new Map());
    }
    return managed;
  }

  private countClient(limits: Limits, number: number, planId: string | undefined, keyId: string, now: number): void {
    const client = limits.clients[number];
    if (client === undefined || client.used === 0) return;
    if (planId !== undefined) this.ledger.count(planId, keyId, client.used, client.quota === null ? -1 : client.quota.remaining, now);
    client.used = 0;
  }

  private clientOf({ api, limits }: AttachedGateway, planId: string, keyId: string): number {
    const declared = api.description.keys.find(({ id }) => id === keyId);
    if (declared !== undefined) return declaredPlan(api, declared.plans)?.id === planId ? declared.client : -1;
    return this.planOf.get(limits)?.get(keyId) === planId ? this.managed.get(limits)!.layoutOf(keyId)!.client : -1;
  }

  /** Every quota that this key draws on: of the ledger, or of each gateway when the document declares the key. */
  private quotaObjects(plan: PlanRecord, keyId: string, now: number): NonNullable<ReturnType<UsageLedger['quotaOf']>>[] {
    const declared = new Set([...this.gateways].flatMap((gateway) => {
      if (!gateway.api.description.keys.some(({ id }) => id === keyId)) return [];
      const client = this.clientOf(gateway, plan.id, keyId);
      return client >= 0 ? (gateway.limits.clients[client]?.quota ?? []) : [];
    }));
    if (declared.size > 0) return [...declared];
    const member = this.registry.members.get(plan.id)?.get(keyId);
    const quota = member === undefined ? null : this.ledger.quotaOf(plan, keyId, member.added, now);
    return quota === null ? [] : [quota];
  }

  /** What was used before midnight belongs to the day that ends. */
  private watchMidnight(): void {
    const now = Date.now();
    this.midnight = setTimeout(() => { this.collect(Date.now() - 1_000); this.watchMidnight(); }, (utcDay(now) + 1) * DAY_MS - now).unref();
  }
}

/** The plan of a declared key for the running stage. */
function declaredPlan(api: RunningApi, planIds: readonly string[]): PlanRecord | undefined {
  return declaredPlanRecords(api).find(({ id, apiStages }) => planIds.includes(id) && apiStages.some(({ stage }) => stage === api.stage));
}

function layoutOf(plan: PlanRecord, api: RunningApi, isStored: boolean): PlanLayout {
  const stage = plan.apiStages.find(({ apiId, stage }) => apiId === api.apiId && stage === api.stage);
  const operations = Object.entries(stage?.throttle ?? {}).flatMap(([key, throttle]) => {
    const number = operationNumber(api.description.operations, key);
    return number < 0 ? [] : [[number, ...rateOf(throttle)] as const];
  });
  return { throttle: plan.throttle && rateOf(plan.throttle), operations, quota: plan.quota && [plan.quota.limit, plan.quota.period, plan.quota.offset], stored: isStored ? { plan: plan.id, fail: failOf(plan) } : null };
}

/** What token buckets take: rates of at most three decimals, and bursts that stay exact beside them. */
function rateOf({ rateLimit, burstLimit }: ThrottleRecord): Rate {
  const rate = rateLimit > 0 ? Math.max(0.001, Math.round(rateLimit * 1_000) / 1_000) : 0;
  return [rate, Number.isInteger(rate) ? burstLimit : Math.min(burstLimit, 9_000_000)];
}
