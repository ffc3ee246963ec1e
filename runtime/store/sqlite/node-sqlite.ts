/** The part of `node:sqlite` that is used: the types of Node 20, which has none. */
export interface StatementSync {
  run(...values: (string | number | null)[]): { changes: number | bigint };
  all(...values: (string | number | null)[]): unknown[];
}

export interface DatabaseSync {
  exec(sql: string): void;
  prepare(sql: string): StatementSync;
  close(): void;
}
