/** Options of the commands that talk to the control plane. */
import type { Argv } from 'yargs';
import { UsageError } from './usage-error.js';
import { controlClient, ControlFailure, type ControlArguments, type ControlClient } from './control-client.js';

export interface ControlCommandArguments extends ControlArguments { format: 'text' | 'json' }

export function controlOptions<T>(yargs: Argv<T>): Argv<T & ControlCommandArguments> {
  return formatOption(yargs
    .option('admin', { type: 'string', requiresArg: true, describe: 'admin port of a running gateway: http://127.0.0.1:PORT (also GWC_ADMIN_URL)' })
    .option('token-file', { type: 'string', requiresArg: true, describe: 'file with the token of the admin port (default: the variable GWC_ADMIN_TOKEN)' })
    .option('store', { type: 'string', requiresArg: true, describe: 'store of a gateway, running or stopped, as its own --store has it: sqlite:PATH or redis://…' })) as never;
}

/** An option that is given several times is a list for yargs: these are given once. */
export function givenOnce<T extends object>(args: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) if (Array.isArray(args[name])) throw new UsageError(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: give it once`);
}

/** Days of usage. */
export function periodOptions<T>(yargs: Argv<T>, prefix: string): Argv<T & { from?: string; to?: string }> {
  return yargs
    .option('from', { type: 'string', requiresArg: true, describe: `${prefix}first day, YYYY-MM-DD (default: the 1st of the month)` })
    .option('to', { type: 'string', requiresArg: true, describe: `${prefix}last day (default: today)` }) as never;
}

/** `--description` of what is made. */
export function descriptionOption<T>(yargs: Argv<T>, prefix: string): Argv<T & { description?: string }> {
  return yargs.option('description', { type: 'string', requiresArg: true, describe: `${prefix}what it is for` }) as never;
}

/** `--format` and what it asks for: JSON of the result, or `text`. */
export function formatOption<T>(yargs: Argv<T>): Argv<T & { format: 'text' | 'json' }> {
  return yargs.option('format', { choices: ['text', 'json'] as const, default: 'text', describe: 'how the result is printed' }) as never;
}

export function printerOf(format: 'text' | 'json'): (result: unknown, text: () => void) => void {
  return (result, text) => { if (format === 'json') process.stdout.write(`${JSON.stringify(result, null, 2)}\n`); else text(); };
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
