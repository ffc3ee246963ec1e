/** Options of the commands that talk to the control plane. */
import type { Argv } from 'yargs';
import { controlClient, ControlFailure, type ControlArguments, type ControlClient } from './control-client.js';

export interface ControlCommandArguments extends ControlArguments { format: 'text' | 'json' }

export function controlOptions<T>(yargs: Argv<T>): Argv<T & ControlCommandArguments> {
  return yargs
    .option('admin', { type: 'string', requiresArg: true, describe: 'admin port of a running gateway: http://127.0.0.1:PORT (also GWC_ADMIN_URL)' })
    .option('token-file', { type: 'string', requiresArg: true, describe: 'file with the token of the admin port (default: the variable GWC_ADMIN_TOKEN)' })
    .option('store', { type: 'string', requiresArg: true, describe: 'store of a gateway, running or stopped, as its own --store has it: sqlite:PATH or redis://…' })
    .option('format', { choices: ['text', 'json'] as const, default: 'text', describe: 'how the result is printed' }) as never;
}

/** Runs `work` with a client; what the control plane refuses is printed, exit 1. */
export async function withControl(args: ControlArguments, work: (client: ControlClient) => Promise<void>): Promise<void> {
  let client: ControlClient | undefined;
  try {
    client = await controlClient(args);
    await work(client);
  } catch (error) {
    if (!(error instanceof ControlFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await client?.close();
  }
}

/** Columns as wide as what is in them. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ').trimEnd()}\n`);
}

/** Names come from whoever made the keys: nothing in them may steer a terminal. */
export const shown = (value: unknown): string => String(value ?? '').replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?').slice(0, 200);
