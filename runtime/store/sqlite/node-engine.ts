/** SQLite by `node:sqlite`: processes share the file through SQLite's own locks and a write-ahead log. */
import { closeSync, existsSync, openSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from './node-sqlite.js';
import { CannotStart } from '../../cannot-start.js';
import { isOwned } from './file-owner.js';
import type { SqliteDatabase, SqliteEngine, SqlRow, SqlValue } from './sqlite-database.js';

interface NodeSqlite { readonly DatabaseSync: new (path: string) => DatabaseSync }

/** Undefined where Node has no SQLite. Node 22 and 24 warn that it is experimental; that is for those who write the program, not for those who run it. */
export function nodeSqlite(): NodeSqlite | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try { return process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite | undefined; } finally { process.emitWarning = emitWarning; }
}

export function openNodeEngine(sqlite: NodeSqlite, path: string, prepare: (database: SqliteDatabase) => void): SqliteEngine {
  if (existsSync(path) && isOwned(path)) throw new CannotStart(`${path} is in use by a gateway on a Node without node:sqlite: run all that share it on the same version of Node`);
  // There may be secrets of callers in it: a new file, and SQLite's log beside it, is for its owner alone.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  const database = new NodeDatabase(new sqlite.DatabaseSync(path));
  try {
    // Another process may be in the middle of a transaction: they last a few milliseconds.
    database.exec('PRAGMA busy_timeout=2000');
    database.exec('PRAGMA journal_mode=WAL');
    database.exec('PRAGMA synchronous=NORMAL');
    prepare(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return { held: () => database, acquire: async () => database, yieldTo: () => {}, close: () => database.close() };
}

class NodeDatabase implements SqliteDatabase {
  private readonly statements = new Map<string, StatementSync>();
  constructor(private readonly database: DatabaseSync) {}
  exec(sql: string): void { this.database.exec(sql); }
  run(sql: string, ...values: SqlValue[]): number { return Number(this.statement(sql).run(...values).changes); }
  all(sql: string, ...values: SqlValue[]): SqlRow[] { return this.statement(sql).all(...values) as SqlRow[]; }
  close(): void { this.statements.clear(); this.database.close(); }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) this.statements.set(sql, (statement = this.database.prepare(sql)));
    return statement;
  }
}
