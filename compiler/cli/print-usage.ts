/** What keys used of usage plans, day by day. */
import type { ControlClient } from './control-client.js';
import { printTable, shown } from './control-options.js';
import { UsageError } from './usage-error.js';

export interface UsageChoice { readonly keyId: string | undefined; readonly from: string | undefined; readonly to: string | undefined; readonly format: 'text' | 'json' }

type Item = Readonly<Record<string, unknown>>;
type Days = readonly (readonly [used: number, remaining: number])[];

const DAY_MS = 86_400_000;

export async function printUsage(client: ControlClient, plans: readonly Item[], { keyId, from, to, format }: UsageChoice): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  const startDate = from ?? `${today.slice(0, 8)}01`, endDate = to ?? today;
  for (const [name, date] of [['--from', startDate], ['--to', endDate]] as const) if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new UsageError(`${name} ${date}: write YYYY-MM-DD`);
  const answers: Item[] = [];
  for (const plan of plans) {
    const values: Record<string, Days> = {};
    let position: string | undefined;
    do {
      const page = await client.call('GET', `/usageplans/${String(plan['id'])}/usage`, { startDate, endDate, limit: '500', ...(keyId === undefined ? {} : { keyId }), ...(position === undefined ? {} : { position }) });
      Object.assign(values, page['values']);
      position = page['position'] as string | undefined;
    } while (position !== undefined);
    answers.push({ usagePlanId: plan['id'], usagePlan: plan['name'], startDate, endDate, values });
  }
  if (format === 'json') return void process.stdout.write(`${JSON.stringify(answers, null, 2)}\n`);
  const rows = answers.flatMap((answer) => Object.entries(answer['values'] as Record<string, Days>).flatMap(([key, days]) => days.flatMap(([used, remaining], index) => {
    const date = new Date(Date.parse(startDate) + index * DAY_MS).toISOString().slice(0, 10);
    // Days without requests say nothing; the last one tells what is left.
    return used === 0 && index < days.length - 1 ? [] : [[shown(answer['usagePlan']), key, date, String(used), remaining < 0 ? 'no quota' : String(remaining)]];
  })));
  if (rows.length === 0) return void process.stdout.write('nothing was used\n');
  printTable([['PLAN', 'KEY', 'DAY', 'USED', 'REMAINING'], ...rows]);
}
