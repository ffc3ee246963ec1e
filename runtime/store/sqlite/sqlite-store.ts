/** The store in a SQLite file. */
import { statSync } from 'node:fs';
import { dayNumber, dayText, type QuotaTerms, type StoredRecord, type UsageDay } from '../store.js';
import type { LimitNames, Limits } from '../../limits/limits.js';
import type { Tell } from '../../limits/limits-keeper.js';
import type { GatewayStore, LimitsBackend } from '../limits-backend.js';
import type { SqliteAddress } from '../store-address.js';
import { addUsage, readQuota, remainingOf, writeQuota } from './quota-rows.js';
import { SqliteLimits } from './sqlite-limits.js';
import type { SqliteDatabase, SqlRow } from './sqlite-database.js';
import { openSqliteFile, type SqliteFile } from './sqlite-file.js';

/** How often changes that other processes made are looked for. */
const POLL_MS = 250;

export class SqliteStore implements GatewayStore {
  readonly ownedByPrimary = true;
  readonly shown: string;
  private readonly path: string;
  private readonly file: Promise<SqliteFile>;
  private readonly atExit: () => void;
  private readonly watchers = new Set<(kind: string) => void>();
  private poll: NodeJS.Timeout | null = null;
  private seen = new Map<string, number>();
  private modified = 0;

  constructor(address: SqliteAddress) {
    this.shown = address.shown;
    this.path = address.path;
    this.file = openSqliteFile(address.path);
    let opened: SqliteFile | undefined;
    this.file.then((file) => { opened = file; }, () => undefined);
    // The log goes into the file, and the next process finds it free.
    this.atExit = () => opened?.close();
    process.once('exit', this.atExit);
    // Whoever needs it gets the error from `ready` or from the first use.
    this.file.catch(() => undefined);
  }

  limits(limits: Limits, _names: LimitNames, _stage: string, tell: Tell | null): LimitsBackend { return new SqliteLimits(this, limits, tell); }

  async ready(): Promise<void> { await this.file; }

  async get(kind: string, id: string): Promise<StoredRecord | undefined> {
    const [row] = await this.transact((database) => database.all('SELECT id, value, version FROM records WHERE kind = ? AND id = ?', kind, id));
    return row && recordOf(row);
  }

  async list(kind: string): Promise<StoredRecord[]> {
    return (await this.transact((database) => database.all('SELECT id, value, version FROM records WHERE kind = ? ORDER BY id', kind))).map(recordOf);
  }

  async put(kind: string, id: string, value: unknown, expected?: number): Promise<number | undefined> {
    const text = JSON.stringify(value);
    const version = await this.transact((database) => {
      if (expected !== undefined && versionOf(database, kind, id) !== expected) return undefined;
      const next = nextVersion(database, kind);
      database.run('INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value, version = excluded.version', kind, id, text, next);
      return next;
    });
    if (version !== undefined) await this.look(false, true);
    return version;
  }

  async remove(kind: string, id: string, expected?: number): Promise<boolean> {
    const removed = await this.transact((database) => {
      const version = versionOf(database, kind, id);
      if (version === 0 || (expected !== undefined && version !== expected)) return false;
      database.run('DELETE FROM records WHERE kind = ? AND id = ?', kind, id);
      nextVersion(database, kind);
      return true;
    });
    if (removed) await this.look(false, true);
    return removed;
  }

  watch(changed: (kind: string) => void): () => void {
    this.watchers.add(changed);
    if (this.poll === null) {
      // What changed before is no news.
      void this.look(true);
      this.poll = setInterval(() => void this.look(), POLL_MS).unref();
    }
    return () => {
      this.watchers.delete(changed);
      if (this.watchers.size > 0 || this.poll === null) return;
      clearInterval(this.poll);
      this.poll = null;
    };
  }

  async usage(plan: string, from: string, to: string, client?: string): Promise<UsageDay[]> {
    const rows = await this.transact((database) => (client === undefined
      ? database.all('SELECT client, day, used, remaining FROM usage WHERE plan = ? AND day BETWEEN ? AND ? ORDER BY client, day', plan, dayNumber(from), dayNumber(to))
      : database.all('SELECT client, day, used, remaining FROM usage WHERE plan = ? AND client = ? AND day BETWEEN ? AND ? ORDER BY day', plan, client, dayNumber(from), dayNumber(to))));
    return rows.map((row) => ({ client: row['client'] as string, day: dayText(row['day'] as number), used: row['used'] as number, remaining: row['remaining'] as number | null }));
  }

  async remaining(plan: string, client: string, quota: QuotaTerms): Promise<number> {
    return this.transact((database) => remainingOf(readQuota(database, plan, client, quota, Date.now()), quota));
  }

  async setRemaining(plan: string, client: string, quota: QuotaTerms, remaining: number): Promise<void> {
    await this.transact((database) => {
      const now = Date.now();
      const row = readQuota(database, plan, client, quota, now);
      row.adjustment = remaining + row.used - quota[0];
      writeQuota(database, plan, client, quota, row);
      addUsage(database, plan, client, 0, remaining, now);
    });
  }

  /** For the limiter, which has tables of its own in the file. */
  async transact<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    return (await this.file).transact(work);
  }

  async close(): Promise<void> {
    if (this.poll !== null) clearInterval(this.poll);
    this.watchers.clear();
    process.off('exit', this.atExit);
    await this.file.then((file) => file.close(), () => undefined);
  }

  /** Tells the watchers which kinds have changed. While nobody has touched the file it is not opened for that. */
  private async look(silent = false, certain = silent): Promise<void> {
    if (this.watchers.size === 0) return;
    try {
      const modified = newest(this.path);
      if (modified === this.modified && !certain) return;
      const rows = await this.transact((database) => database.all('SELECT kind, version FROM changes'));
      // Times of files are some milliseconds wide: a change of the same moment would look like none.
      this.modified = Date.now() - newest(this.path) > 50 ? newest(this.path) : 0;
      for (const row of rows) {
        const kind = row['kind'] as string, version = row['version'] as number;
        if (this.seen.get(kind) === version) continue;
        this.seen.set(kind, version);
        if (!silent) for (const changed of [...this.watchers]) changed(kind);
      }
    } catch { /* what uses the file reports what is wrong with it; the next look comes soon */ }
  }
}

function newest(path: string): number {
  let time = 0;
  for (const file of [path, `${path}-wal`]) time = Math.max(time, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return time;
}

const recordOf = (row: SqlRow): StoredRecord => ({ id: row['id'] as string, value: JSON.parse(row['value'] as string) as unknown, version: row['version'] as number });

function versionOf(database: SqliteDatabase, kind: string, id: string): number {
  return (database.all('SELECT version FROM records WHERE kind = ? AND id = ?', kind, id)[0]?.['version'] ?? 0) as number;
}

function nextVersion(database: SqliteDatabase, kind: string): number {
  const next = ((database.all('SELECT max(version) AS version FROM changes')[0]?.['version'] ?? 0) as number) + 1;
  database.run('INSERT INTO changes VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET version = excluded.version', kind, next);
  return next;
}
