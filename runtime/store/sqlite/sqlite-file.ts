/** A SQLite file that this process shares with others: transactions on it, whichever engine drives it. */
import { CannotStart } from '../../cannot-start.js';
import { nodeSqlite, openNodeEngine } from './node-engine.js';
import { migrate } from './schema.js';
import type { SqliteDatabase, SqliteEngine } from './sqlite-database.js';
import { openWasmEngine } from './wasm-engine.js';

/** Another process hands the file over between two of its transactions. */
const PATIENCE_MS = 3_000;

export interface SqliteFile {
  /**
   * Runs `work` in a transaction of its own; when it has returned, what it wrote survives the end of this process (and, but for the last moments,
   * that of the machine). At once when the file is at hand. When `work` throws nothing is written.
   */
  transact<T>(work: (database: SqliteDatabase) => T): Promise<T>;
  close(): void;
}

/** Rejects with CannotStart when the file cannot be used. */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  const prepare = (database: SqliteDatabase): void => migrate(database, path);
  const sqlite = nodeSqlite();
  let engine: SqliteEngine;
  try {
    engine = sqlite === undefined ? openWasmEngine(path, prepare) : openNodeEngine(sqlite, path, prepare);
    await engine.acquire(PATIENCE_MS);
  } catch (error) {
    throw error instanceof CannotStart ? error : new CannotStart(`the store sqlite:${path} cannot be opened: ${(error as Error).message}`);
  }
  return {
    async transact(work) {
      let database = engine.held();
      // Whoever waited for it too may have handed it over meanwhile, between its transaction and this one.
      while (!database) {
        await engine.acquire(PATIENCE_MS);
        database = engine.held();
      }
      const result = transaction(database, work);
      engine.yieldTo();
      return result;
    },
    close: () => engine.close(),
  };
}

function transaction<T>(database: SqliteDatabase, work: (database: SqliteDatabase) => T): T {
  database.run('BEGIN IMMEDIATE');
  let result: T;
  try {
    result = work(database);
    database.run('COMMIT');
  } catch (error) {
    try { database.run('ROLLBACK'); } catch { /* SQLite has rolled back by itself */ }
    throw error;
  }
  return result;
}
