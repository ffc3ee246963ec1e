/**
 * Limits with a SQLite file: quotas and usage are in it, token buckets in the memory of the process that decides (they are about seconds). The
 * decisions of one turn of the event loop are one transaction, so that several gateways on one file never exceed a quota together, and no request
 * is let in before the file says so.
 */
import { type Limits } from '../../limits/limits.js';
import { decideAll, type Decision, type Tell } from '../../limits/limits-keeper.js';
import type { LimitsBackend } from '../limits-backend.js';
import { addUsage, readQuota, remainingOf, writeQuota, type QuotaRow } from './quota-rows.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SqliteStore } from './sqlite-store.js';

/** Another gateway on the same file hands it over between two transactions, which may mean that a slow disk has to write first. */
const PATIENCE_MS = 4_000;

interface Waiting { readonly ask: readonly number[]; readonly resolve: (decision: Decision) => void; readonly reject: (error: Error) => void }

export class SqliteLimits implements LimitsBackend {
  readonly patienceMs = PATIENCE_MS;
  private readonly debts = new Map<number, number>();
  private readonly lastKnown = new Map<number, { remaining: number; ends: number }>();
  private waiting: Waiting[] = [];

  constructor(private readonly store: SqliteStore, private readonly limits: Limits, private readonly tell: Tell | null) {}

  owe(client: number, requests: number): void {
    const debt = Math.max(0, (this.debts.get(client) ?? 0) + requests);
    if (debt > 0 && this.limits.clients[client]?.stored !== undefined) this.debts.set(client, debt);
    else this.debts.delete(client);
  }

  known(client: number): { remaining: number; ends: number } | undefined { return this.lastKnown.get(client); }

  /** Also finds out what all quotas have left, in case that the file cannot be had later. */
  async probe(): Promise<void> {
    await this.decide([]);
    await this.store.transact((database) => this.limits.clients.forEach(({ stored }, client) => {
      if (!stored?.terms || this.lastKnown.has(client)) return;
      const row = readQuota(database, stored.plan, stored.key, stored.terms, Date.now());
      this.lastKnown.set(client, { remaining: remainingOf(row, stored.terms), ends: row.ends });
    }));
  }

  /** What several workers ask in one turn is one transaction. */
  decide(ask: readonly number[]): Promise<Decision> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => void this.flush());
      this.waiting.push({ ask, resolve, reject });
    });
  }

  private async flush(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    const debts = [...this.debts];
    try {
      // Where no key is concerned the file is not either.
      const needed = debts.length > 0 || waiting.some(({ ask }) => ask.length === 0 || ask.some((client, i) => i % 3 === 1 && client >= 0 && this.limits.clients[client]?.stored !== undefined));
      const decisions = needed ? await this.store.transact((database) => this.transaction(database, waiting, debts)) : waiting.map(({ ask }) => decideAll(this.limits, ask, this.tell));
      for (const [client, requests] of debts) this.owe(client, -requests);
      waiting.forEach(({ resolve }, index) => resolve(decisions[index]!));
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error);
    }
  }

  private transaction(database: SqliteDatabase, waiting: readonly Waiting[], debts: readonly (readonly [client: number, requests: number])[]): Decision[] {
    const { limits } = this;
    const now = Date.now();
    const owed = new Map(debts);
    const rows = new Map<number, QuotaRow>();
    const concerned = new Set<number>(owed.keys());
    for (const { ask } of waiting) for (let i = 1; i < ask.length; i += 3) if (ask[i]! >= 0 && limits.clients[ask[i]!]?.stored !== undefined) concerned.add(ask[i]!);
    for (const client of concerned) {
      const { quota, stored } = limits.clients[client]!;
      if (quota === null) continue;
      const row = readQuota(database, stored!.plan, stored!.key, stored!.terms!, now);
      row.used += owed.get(client) ?? 0;
      rows.set(client, row);
      quota.remaining = remainingOf(row, stored!.terms!);
      quota.end = row.ends;
    }
    const admitted = new Map<number, number>();
    const decisions = waiting.map(({ ask }) => {
      const decision = decideAll(limits, ask, this.tell);
      for (let group = 0; 3 * group < ask.length; group++) {
        const client = ask[3 * group + 1]!;
        if (client >= 0) admitted.set(client, (admitted.get(client) ?? 0) + decision.answers[5 * group + 1]!);
      }
      return decision;
    });
    for (const client of concerned) {
      const { plan, key, terms } = limits.clients[client]!.stored!;
      const count = admitted.get(client) ?? 0;
      const row = rows.get(client);
      if (row !== undefined) {
        row.used += count;
        this.lastKnown.set(client, { remaining: remainingOf(row, terms!), ends: row.ends });
      }
      const total = count + (owed.get(client) ?? 0);
      if (total === 0) continue;
      if (row !== undefined) writeQuota(database, plan, key, terms!, row);
      addUsage(database, plan, key, total, row === undefined ? null : remainingOf(row, terms!), now);
    }
    return decisions;
  }
}
