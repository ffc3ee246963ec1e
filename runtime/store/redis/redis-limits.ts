/** Limits in Redis: one script call for all requests of a turn (`limits-script.ts`). */
import { ADMITTED, OVER_QUOTA, monotonicMicros, type LimitNames, type Limits, type Verdict } from '../../limits/limits.js';
import type { Decision, Tell } from '../../limits/limits-keeper.js';
import { bucketTerms, putCredit } from '../../limits/token-bucket.js';
import type { LimitsBackend } from '../limits-backend.js';
import { DECIDE_LIMITS } from './limits-script.js';
import type { RedisStore } from './redis-store.js';

const PATIENCE_MS = 250;
/** Clients that come along in one call because they owe something, or nothing is known of them yet. */
const AT_ONCE = 100;
const GROUP = 8, CLIENT = 5;

interface Known { ends: number; used: number; adjustment: number; day: number; today: number }

interface Script { gwcDecideLimits(keys: number, ...args: (string | number)[]): Promise<number[]> }

export class RedisLimits implements LimitsBackend {
  readonly patienceMs = PATIENCE_MS;
  private readonly client: RedisStore['client'] & Script;
  private readonly bucketNames: string[] = [];
  private readonly clients = new Map<number, Known>();
  private readonly debts = new Map<number, number>();
  /** Of these it is not known yet what their quotas have left. */
  private readonly unknown = new Set<number>();

  constructor(private readonly store: RedisStore, private readonly limits: Limits, private readonly names: LimitNames, private readonly stage: string, private readonly tell: Tell | null) {
    limits.clients.forEach(({ stored }, client) => { if (stored !== undefined && stored.terms !== null) this.unknown.add(client); });
    store.client.defineCommand('gwcDecideLimits', { lua: DECIDE_LIMITS });
    this.client = store.client as RedisStore['client'] & Script;
  }

  owe(client: number, requests: number): void {
    const debt = Math.max(0, (this.debts.get(client) ?? 0) + requests);
    if (debt > 0 && this.limits.clients[client]?.stored !== undefined) this.debts.set(client, debt);
    else this.debts.delete(client);
  }

  known(client: number): { remaining: number; ends: number } | undefined {
    const known = this.clients.get(client);
    const terms = this.limits.clients[client]?.stored?.terms;
    return known && terms ? { remaining: Math.max(0, terms[0] + known.adjustment - known.used), ends: known.ends } : undefined;
  }

  async probe(): Promise<void> {
    await this.client.ping();
    do await this.decide([]); while (this.debts.size + this.unknown.size > 0);
  }

  async decide(ask: readonly number[]): Promise<Decision> {
    const { limits } = this;
    const buckets: number[] = [], clients: number[] = [], groups: number[] = [];
    const place = (list: number[], item: number): number => {
      if (item < 0) return 0;
      const found = list.indexOf(item);
      return found < 0 ? list.push(item) : found + 1;
    };
    const drawn: number[] = [];
    for (let i = 0; i < ask.length; i += 3) {
      const operation = ask[i]!, client = ask[i + 1]!;
      // A key that is in no plan the store knows of draws on nothing there.
      const each = client < 0 || limits.clients[client]!.stored === undefined ? undefined : limits.clients[client]!;
      const three = [each?.methods && each.methods[operation]! >= 0 ? each.base + each.methods[operation]! : -1, each ? each.ofPlan : -1, limits.ofStage[operation]!];
      drawn.push(...three);
      groups.push(Math.max(1, ask[i + 2]!), ...three.map((bucket, index) => place(buckets, this.named(bucket, index, operation, client))), each === undefined ? 0 : place(clients, client));
    }
    // Clients that owe something come along, those of the batch first.
    for (const [client] of this.debts) if (clients.length < AT_ONCE) place(clients, client);
    for (const client of this.unknown) if (clients.length < AT_ONCE) place(clients, client);
    if (clients.length + buckets.length === 0) return { answers: groupless(ask), fields: [] };

    const keys = [...buckets.map((bucket) => this.bucketNames[bucket]!)];
    const args: (string | number)[] = [buckets.length, clients.length];
    for (const bucket of buckets) args.push(...bucketTerms(limits.buckets, bucket));
    const paid: number[] = [];
    for (const client of clients) {
      const { plan, key, terms } = limits.clients[client]!.stored!;
      keys.push(this.store.key('client', plan, key), this.store.key('clients', plan));
      const known = this.clients.get(client);
      const debt = this.debts.get(client) ?? 0;
      paid.push(debt);
      args.push(key, ...(terms ?? [-1, '', 0]), known?.ends ?? 0, known?.used ?? 0, known?.adjustment ?? 0, known?.day ?? -1, known?.today ?? 0, debt);
    }
    const micros = monotonicMicros();
    const reply = await this.client.gwcDecideLimits(keys.length, ...keys, ...args, ...groups);
    clients.forEach((client, index) => {
      const [ends, used, adjustment, day, today] = reply.slice(GROUP * groups.length / 5 + CLIENT * index) as [number, number, number, number, number];
      this.unknown.delete(client);
      this.clients.set(client, { ends, used, adjustment, day, today });
      if (paid[index]! > 0) this.owe(client, -paid[index]!);
    });
    return this.read(ask, drawn, reply, micros);
  }

  private read(ask: readonly number[], drawn: readonly number[], reply: readonly number[], micros: number): Decision {
    const { limits, tell } = this;
    const answers: number[] = [], fields: string[][] = [];
    for (let group = 0; 3 * group < ask.length; group++) {
      const at = GROUP * group;
      const verdict = reply[at + 1] as Verdict;
      answers.push(Math.max(1, ask[3 * group + 2]!), reply[at]!, verdict, reply[at + 2]!, verdict === ADMITTED || verdict === OVER_QUOTA ? -1 : drawn[3 * group + reply[at + 3]! - 1]!);
      if (ask[3 * group + 2]! !== 0) continue;
      if (tell === null) { fields.push([]); continue; }
      // RateLimit fields are made from the tables of this process: they are brought to where Redis has them.
      const client = ask[3 * group + 1]!;
      for (let i = 0; i < 3; i++) if (drawn[3 * group + i]! >= 0) putCredit(limits.buckets, drawn[3 * group + i]!, reply[at + 4 + i]!, micros);
      const quota = client < 0 ? null : limits.clients[client]!.quota;
      if (quota !== null) [quota.remaining, quota.end] = [reply[at + 7]!, this.clients.get(client)!.ends];
      fields.push(tell(limits, ask[3 * group]!, client, Date.now()));
    }
    return { answers, fields };
  }

  /** The bucket itself; its name is there afterwards. Terms are part of it: a limit that was changed is another. */
  private named(bucket: number, kind: number, operation: number, client: number): number {
    if (bucket < 0 || this.bucketNames[bucket] !== undefined) return bucket;
    const { api, routes } = this.names;
    const terms = bucketTerms(this.limits.buckets, bucket).join('/');
    const stored = client < 0 ? undefined : this.limits.clients[client]!.stored;
    // A plan's own limit is over all stages of the plan.
    this.bucketNames[bucket] = kind === 2 ? this.store.key('bucket', api, this.stage, routes, String(operation), terms)
      : kind === 1 ? this.store.key('bucket', stored!.plan, stored!.key, terms)
      : this.store.key('bucket', stored!.plan, stored!.key, api, this.stage, routes, String(operation), terms);
    return bucket;
  }
}

/** Nothing limits these. */
function groupless(ask: readonly number[]): number[] {
  const answers: number[] = [];
  for (let i = 0; i < ask.length; i += 3) answers.push(Math.max(1, ask[i + 2]!), Math.max(1, ask[i + 2]!), ADMITTED, 0, -1);
  return answers;
}
