/** One open SQLite database, whichever engine drives it: `node:sqlite` where Node has it (22.13 on), else node-sqlite3-wasm. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface SqliteDatabase {
  exec(sql: string): void;
  /** Rows changed. The statement is kept for the next time. */
  run(sql: string, ...values: SqlValue[]): number;
  all(sql: string, ...values: SqlValue[]): SqlRow[];
  close(): void;
}

/** How to get hold of a file among processes that all may want it. */
export interface SqliteEngine {
  /** Its database when this process may use it at this very moment; null: `acquire` first. */
  held(): SqliteDatabase | null;
  /** Resolves when it is (or was a moment ago) this process's. Rejects when that takes longer than `patienceMs`. */
  acquire(patienceMs: number): Promise<unknown>;
  /** A transaction has ended: whoever else waits may have the file. */
  yieldTo(): void;
  close(): void;
}
