/**
 * node-sqlite3-wasm, given a file system of our choosing. In a bundle this module is replaced by one that holds the package's code and its
 * WebAssembly (compressed) instead of looking for them among installed packages.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';

export interface WasmStatement {
  run(values: readonly (string | number | null)[]): { changes: number };
  all(values: readonly (string | number | null)[]): Record<string, string | number | bigint | null>[];
  finalize(): void;
}

export interface WasmDatabase {
  exec(sql: string): void;
  prepare(sql: string): WasmStatement;
  close(): void;
}

export interface SqliteWasm { readonly Database: new (path: string) => WasmDatabase }

/** `fileSystem` stands for `node:fs`. */
export function loadSqliteWasm(fileSystem: object): SqliteWasm {
  const find = createRequire(import.meta.url);
  const file = find.resolve('node-sqlite3-wasm');
  const module = { exports: {} as SqliteWasm };
  const run = compileFunction(readFileSync(file, 'utf8'), ['module', 'require', '__dirname', 'Module'], { filename: file }) as (module: object, require: (name: string) => unknown, folder: string, options: object) => void;
  run(module, (name) => (name === 'node:fs' ? fileSystem : find(name)), dirname(file), {});
  return module.exports;
}
