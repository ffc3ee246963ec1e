/**
 * SQLite by WebAssembly, for Node without `node:sqlite`. It locks a file by a folder that outlives a killed process and that keeps SQLite from
 * rolling back what such a process left half done; so its locks are switched off and one process owns the file at a time (`file-owner.ts`). An owner
 * keeps the file open, in SQLite's exclusive mode with a write-ahead log, for as long as nobody else asks for it.
 */
import * as fs from 'node:fs';
import { CannotStart } from '../../cannot-start.js';
import { FileOwner } from './file-owner.js';
import type { SqliteDatabase, SqliteEngine, SqlRow, SqlValue } from './sqlite-database.js';
import { loadSqliteWasm, type SqliteWasm, type WasmDatabase, type WasmStatement } from './wasm-package.js';

/** How often an owner with nothing to do looks whether somebody wants the file, and who waits whether it is free. */
const LOOK_MS = 20;
const RETRY_MS = 2;

/** No `<path>.lock` is ever made or found. */
function withoutLocks(): object {
  const isLock = (path: unknown): boolean => typeof path === 'string' && path.endsWith('.lock');
  return {
    ...fs,
    mkdirSync: (path: string) => { if (!isLock(path)) fs.mkdirSync(path); },
    rmdirSync: (path: string) => { if (!isLock(path)) fs.rmdirSync(path); },
    accessSync(path: string, mode: number) {
      if (isLock(path)) throw Object.assign(new Error('no lock'), { code: 'ENOENT' });
      fs.accessSync(path, mode);
    },
  };
}

export function openWasmEngine(path: string, prepare: (database: SqliteDatabase) => void): SqliteEngine {
  return new WasmEngine(path, prepare, loadSqliteWasm(withoutLocks()));
}

class WasmEngine implements SqliteEngine {
  private database: WasmDatabaseOf | null = null;
  private watch: NodeJS.Timeout | null = null;
  private waiting: Promise<SqliteDatabase> | null = null;
  private readonly owner: FileOwner;

  constructor(private readonly path: string, private readonly prepare: (database: SqliteDatabase) => void, private readonly sqlite: SqliteWasm) { this.owner = new FileOwner(path); }

  held(): SqliteDatabase | null { return this.database; }

  acquire(patienceMs: number): Promise<SqliteDatabase> {
    return this.waiting ??= this.wait(patienceMs).finally(() => { this.waiting = null; });
  }

  private async wait(patienceMs: number): Promise<SqliteDatabase> {
    const until = performance.now() + patienceMs;
    let asked = false;
    try {
      while (!this.owner.take()) {
        if (performance.now() > until) throw new Error(`${this.path} is held by another process, which does not hand it over`);
        this.owner.want();
        asked = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    } finally {
      if (asked) this.owner.wantNoLonger();
    }
    if (this.database === null) this.open();
    return this.database!;
  }

  private open(): void {
    try {
      // A log of Node's own SQLite, whose locks this one does not see.
      if (fs.existsSync(`${this.path}-shm`)) throw new CannotStart(`${this.path} is in use by a gateway on Node 22.13 or later: run all that share it on the same version of Node (if none runs any more, open it once with that version)`);
      this.database = new WasmDatabaseOf(new this.sqlite.Database(this.path));
      this.database.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
      this.prepare(this.database);
    } catch (error) {
      this.release();
      throw error;
    }
    this.watch = setInterval(() => this.yieldTo(), LOOK_MS).unref();
  }

  yieldTo(): void {
    if (this.database !== null && this.owner.isWanted()) this.release();
  }

  private release(): void {
    if (this.watch !== null) clearInterval(this.watch);
    this.watch = null;
    const { database } = this;
    this.database = null;
    // Whatever this process has open of the file is closed before another may have it.
    try { database?.close(); } finally { this.owner.give(); }
  }

  close(): void { this.release(); }
}

class WasmDatabaseOf implements SqliteDatabase {
  private readonly statements = new Map<string, WasmStatement>();
  constructor(private readonly database: WasmDatabase) {}
  exec(sql: string): void { this.database.exec(sql); }
  run(sql: string, ...values: SqlValue[]): number { return this.statement(sql).run(values).changes; }
  all(sql: string, ...values: SqlValue[]): SqlRow[] { return this.statement(sql).all(values) as SqlRow[]; }

  close(): void {
    for (const statement of this.statements.values()) statement.finalize();
    this.statements.clear();
    this.database.close();
  }

  private statement(sql: string): WasmStatement {
    let statement = this.statements.get(sql);
    if (statement === undefined) this.statements.set(sql, (statement = this.database.prepare(sql)));
    return statement;
  }
}
