/** The store in Redis or Valkey. Every key lies in one slot of a cluster: `{prefix}:…`. */
import { dayNumber, dayText, type QuotaTerms, type StoredRecord, type UsageDay } from '../store.js';
import type { LimitNames, Limits } from '../../limits/limits.js';
import type { Tell } from '../../limits/limits-keeper.js';
import type { GatewayStore, LimitsBackend } from '../limits-backend.js';
import type { RedisAddress } from '../store-address.js';
import { GRANT_QUOTA } from './limits-script.js';
import { RedisLimits } from './redis-limits.js';
import { PUT_RECORD, REMOVE_RECORD } from './record-scripts.js';
import { connected, connectRedis, type RedisConnection } from './redis-connection.js';

/** How long a start waits for a server that does not answer. */
const READY_MS = 2_000;

interface Scripts {
  gwcPutRecord(hash: string, counter: string, id: string, json: string, expected: string, channel: string, kind: string): Promise<number | null>;
  gwcGrantQuota(hash: string, clients: string, client: string, limit: number, period: string, offset: number, remaining: string): Promise<number>;
  gwcRemoveRecord(hash: string, counter: string, id: string, expected: string, channel: string, kind: string): Promise<number>;
}

export class RedisStore implements GatewayStore {
  readonly ownedByPrimary = false;
  readonly shown: string;
  /** For the limiter, which brings its own script. */
  readonly client: RedisConnection;
  private readonly scripts: Scripts;
  private readonly watchers = new Set<(kind: string) => void>();
  private subscriber: RedisConnection | null = null;

  constructor(private readonly address: RedisAddress, private readonly log: (line: string) => void) {
    this.shown = address.shown;
    this.client = connectRedis(address, log);
    this.client.defineCommand('gwcPutRecord', { numberOfKeys: 2, lua: PUT_RECORD });
    this.client.defineCommand('gwcRemoveRecord', { numberOfKeys: 2, lua: REMOVE_RECORD });
    this.client.defineCommand('gwcGrantQuota', { numberOfKeys: 2, lua: GRANT_QUOTA });
    this.scripts = this.client as unknown as Scripts;
  }

  limits(limits: Limits, names: LimitNames, stage: string, tell: Tell | null): LimitsBackend { return new RedisLimits(this, limits, names, stage, tell); }

  ready(): Promise<void> { return connected(this.client, this.address, READY_MS); }

  /** The name of a key of this store. */
  key(...parts: readonly string[]): string { return `{${this.address.prefix}}:${parts.join(':')}`; }

  async get(kind: string, id: string): Promise<StoredRecord | undefined> {
    const text = await this.client.hget(this.key('records', kind), id);
    return text === null ? undefined : recordOf(id, text);
  }

  async list(kind: string): Promise<StoredRecord[]> {
    const all = await this.client.hgetall(this.key('records', kind));
    return Object.entries(all).map(([id, text]) => recordOf(id, text)).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async put(kind: string, id: string, value: unknown, expected?: number): Promise<number | undefined> {
    const version = await this.scripts.gwcPutRecord(this.key('records', kind), this.key('version'), id, JSON.stringify(value), expected === undefined ? '' : String(expected), this.key('changes'), kind);
    return version ?? undefined;
  }

  async remove(kind: string, id: string, expected?: number): Promise<boolean> {
    return await this.scripts.gwcRemoveRecord(this.key('records', kind), this.key('version'), id, expected === undefined ? '' : String(expected), this.key('changes'), kind) === 1;
  }

  watch(changed: (kind: string) => void): () => void {
    this.watchers.add(changed);
    if (this.subscriber === null) this.subscribe();
    return () => {
      this.watchers.delete(changed);
      if (this.watchers.size > 0) return;
      this.subscriber?.disconnect();
      this.subscriber = null;
    };
  }

  /** A connection of its own, as Redis asks of subscribers. After it was gone every kind may have changed. */
  private subscribe(): void {
    const subscriber = this.subscriber = connectRedis(this.address, () => undefined);
    const tell = (kind: string): void => { for (const changed of [...this.watchers]) changed(kind); };
    let first = true;
    subscriber.on('ready', () => {
      subscriber.subscribe(this.key('changes')).then(async () => {
        if (!first) for (const kind of await this.kinds()) tell(kind);
        first = false;
      }).catch((error: unknown) => this.log(`${this.shown}: changes are not seen: ${(error as Error).message}`));
    });
    subscriber.on('message', (_channel: string, kind: string) => tell(kind));
  }

  private async kinds(): Promise<string[]> {
    const prefix = this.key('records', '');
    const kinds = new Set<string>();
    const nodes = 'nodes' in this.client ? this.client.nodes('master') : [this.client];
    for (const node of nodes) {
      let cursor = '0';
      do {
        const [next, keys] = await node.scan(cursor, 'MATCH', `${prefix.replace(/[[\]?*\\]/g, '\\$&')}*`, 'COUNT', 1_000);
        for (const key of keys) kinds.add(key.slice(prefix.length));
        cursor = next;
      } while (cursor !== '0');
    }
    return [...kinds];
  }

  async usage(plan: string, from: string, to: string, client?: string): Promise<UsageDay[]> {
    const clients = client === undefined ? await this.client.smembers(this.key('clients', plan)) : [client];
    const first = dayNumber(from), last = dayNumber(to);
    const days: UsageDay[] = [];
    for (const each of clients.sort()) {
      const fields = await this.client.hgetall(this.key('client', plan, each));
      const found = Object.entries(fields).flatMap(([field, text]) => (/^\d+$/.test(field) && Number(field) >= first && Number(field) <= last ? [[Number(field), text] as const] : []));
      for (const [day, text] of found.sort(([a], [b]) => a - b)) {
        const [used, remaining] = text.split(' ');
        days.push({ client: each, day: dayText(day), used: Number(used), remaining: remaining === undefined || remaining === '' ? null : Number(remaining) });
      }
    }
    return days;
  }

  remaining(plan: string, client: string, quota: QuotaTerms): Promise<number> { return this.grant(plan, client, quota, ''); }

  async setRemaining(plan: string, client: string, quota: QuotaTerms, remaining: number): Promise<void> { await this.grant(plan, client, quota, String(remaining)); }

  private grant(plan: string, client: string, [limit, period, offset]: QuotaTerms, remaining: string): Promise<number> {
    return this.scripts.gwcGrantQuota(this.key('client', plan, client), this.key('clients', plan), client, limit, period, offset, remaining);
  }

  async close(): Promise<void> {
    this.watchers.clear();
    this.subscriber?.disconnect();
    // What was sent is still answered.
    if (this.client.status === 'ready') await this.client.quit().catch(() => undefined);
    this.client.disconnect();
  }
}

function recordOf(id: string, text: string): StoredRecord {
  const colon = text.indexOf(':');
  return { id, value: JSON.parse(text.slice(colon + 1)) as unknown, version: Number(text.slice(0, colon)) };
}
