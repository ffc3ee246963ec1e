/** What is in the SQLite file. A file of an older version is brought up to date when it is opened; one of a newer version is not touched. */
import { CannotStart } from '../../cannot-start.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** "gwc1": tells the file from any other SQLite database. */
const APPLICATION_ID = 0x67776331;

/** Each entry leads from the version that is its index to the next. Never change one that was released: add another. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE records (kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
   CREATE TABLE changes (kind TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE quotas (plan TEXT NOT NULL, client TEXT NOT NULL, period TEXT NOT NULL, ends INTEGER NOT NULL, used INTEGER NOT NULL, adjustment INTEGER NOT NULL, PRIMARY KEY (plan, client)) WITHOUT ROWID;
   CREATE TABLE usage (plan TEXT NOT NULL, client TEXT NOT NULL, day INTEGER NOT NULL, used INTEGER NOT NULL, remaining INTEGER, PRIMARY KEY (plan, client, day)) WITHOUT ROWID;
   CREATE INDEX usage_by_day ON usage (day);`,
];

export function migrate(database: SqliteDatabase, path: string): void {
  const pragma = (name: string): number => Number(database.all(`PRAGMA ${name}`)[0]![name]);
  if (pragma('user_version') === MIGRATIONS.length && pragma('application_id') === APPLICATION_ID) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = pragma('user_version');
    const isEmpty = database.all('SELECT 1 AS one FROM sqlite_schema LIMIT 1').length === 0;
    if (!isEmpty && pragma('application_id') !== APPLICATION_ID) throw new CannotStart(`${path} is a SQLite database of another program: name a file of its own after sqlite:`);
    if (version > MIGRATIONS.length) throw new CannotStart(`${path} was written by a later version of gwc`);
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${MIGRATIONS.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
