/** `gwc keys <action>`: API keys of a gateway, made and changed while it runs or in its store. */
import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { listAll, type ControlClient } from './control-client.js';
import { controlOptions, descriptionOption, givenOnce, periodOptions, printerOf, printTable, shown, withControl, type ControlCommandArguments } from './control-options.js';
import { printUsage } from './print-usage.js';
import { UsageError } from './usage-error.js';

const ACTIONS = ['create', 'list', 'enable', 'disable', 'rotate', 'delete', 'import', 'usage'] as const;

interface KeysArguments extends ControlCommandArguments {
  action: (typeof ACTIONS)[number]; key?: string; plan?: string[]; description?: string; disabled: boolean; valueFile?: string; grace: string; failOnWarnings: boolean; from?: string; to?: string;
}

type Item = Readonly<Record<string, unknown>>;

export const keys: CommandModule<object, KeysArguments> = {
  command: 'keys <action> [key]',
  describe: 'manage API keys of a running gateway (--admin) or of its store (--store)',
  builder: (yargs) => periodOptions(descriptionOption(controlOptions(yargs), 'create: '), 'usage: ')
    .usage('gwc keys <action> [key]\n\nA key\'s value is printed once, by create and rotate; kept is its SHA-256. Keys that the document declares can be listed, not changed.\n\n'
      + 'gwc keys create partner-a --plan gold        a new key, in usage plan gold\ngwc keys rotate partner-a --grace 24h        a new value; the old one opens for another day\ngwc keys import keys.csv                     keys in API Gateway\'s CSV format')
    .positional('action', { choices: ACTIONS, demandOption: true, describe: 'what to do' })
    .positional('key', { type: 'string', describe: 'create: its name; import: the file, - reads standard input; list: how names begin; else: id, or name when only one has it' })
    .option('plan', { type: 'string', array: true, requiresArg: true, describe: 'create: usage plan, by id or name; may be repeated' })
    .option('disabled', { type: 'boolean', default: false, describe: 'create: it opens nothing until it is enabled' })
    .option('value-file', { type: 'string', requiresArg: true, describe: 'create, rotate: file with the value, - reads standard input (default: a random one)' })
    .option('grace', { type: 'string', default: '24h', requiresArg: true, describe: 'rotate: how long the old value still opens: 0, 90s, 30m, 24h, 7d' })
    .option('fail-on-warnings', { type: 'boolean', default: false, describe: 'import: all or nothing' }) as never,
  async handler(args) {
    givenOnce(args, ['key', 'description', 'valueFile', 'grace', 'from', 'to', 'admin', 'store', 'tokenFile']);
    const { action } = args;
    if (args.key === undefined && action !== 'list' && action !== 'create') throw new UsageError(`gwc keys ${action} <${action === 'import' ? 'file' : 'key'}>`);
    const grace = graceSeconds(args.grace);
    const value = args.valueFile === undefined || (action !== 'create' && action !== 'rotate') ? undefined : readInput(args.valueFile).trim();
    await withControl(args, (client) => run(client, args, grace, value));
  },
};

async function run(client: ControlClient, args: KeysArguments, graceSeconds: number, value: string | undefined): Promise<void> {
  const { action, key = '', format } = args;
  const print = printerOf(format);
  switch (action) {
    case 'create': {
      const plans = [];
      // Plans first: a name that is wrong leaves no key behind.
      for (const name of args.plan ?? []) plans.push((await findOne(client, '/usageplans', name, 'usage plan')));
      const created = await client.call('POST', '/apikeys', {}, JSON.stringify({ name: key, enabled: !args.disabled, ...(args.description !== undefined ? { description: args.description } : {}), ...(value !== undefined ? { value } : {}) }));
      try {
        for (const plan of plans) await client.call('POST', `/usageplans/${String(plan['id'])}/keys`, {}, JSON.stringify({ keyId: created['id'], keyType: 'API_KEY' }));
      } catch (error) {
        await client.call('DELETE', `/apikeys/${String(created['id'])}`);
        throw error;
      }
      return print(created, () => printValue(created, `created ${shown(created['name'])}${plans.length === 0 ? '; it is in no usage plan yet' : ''}`));
    }
    case 'list': {
      const items = await listAll(client, '/apikeys', key === '' ? {} : { name: key });
      return print(items, () => printTable([['ID', 'NAME', 'ENABLED', 'CREATED', 'DESCRIPTION'], ...items.map((item) => [shown(item['id']), shown(item['name']), item['enabled'] === true ? 'yes' : 'no', created(item), shown(item['description'])])]));
    }
    case 'enable':
    case 'disable': {
      const { id } = await findOne(client, '/apikeys', key, 'API key');
      const changed = await client.call('PATCH', `/apikeys/${String(id)}`, {}, JSON.stringify({ patchOperations: [{ op: 'replace', path: '/enabled', value: String(action === 'enable') }] }));
      return print(changed, () => process.stdout.write(`${action}d ${shown(changed['name'])} (${shown(id)})\n`));
    }
    case 'rotate': {
      const { id } = await findOne(client, '/apikeys', key, 'API key');
      const rotated = await client.call('POST', `/apikeys/${String(id)}`, { mode: 'rotate' }, JSON.stringify({ graceSeconds, ...(value !== undefined ? { value } : {}) }));
      return print(rotated, () => printValue(rotated, `rotated ${shown(rotated['name'])}; ${graceSeconds === 0 ? 'the old value opens nothing any more' : `the old value opens until ${new Date(Number(rotated['previousValueEnds']) * 1_000).toISOString()}`}`));
    }
    case 'delete': {
      const found = await findOne(client, '/apikeys', key, 'API key');
      await client.call('DELETE', `/apikeys/${String(found['id'])}`);
      return print({ id: found['id'], deleted: true }, () => process.stdout.write(`deleted ${shown(found['name'])} (${shown(found['id'])})\n`));
    }
    case 'import': {
      const result = await client.call('POST', '/apikeys', { mode: 'import', format: 'csv', ...(args.failOnWarnings ? { failonwarnings: 'true' } : {}) }, readInput(key));
      return print(result, () => {
        process.stdout.write(`imported ${(result['ids'] as unknown[]).length} keys\n`);
        for (const warning of result['warnings'] as unknown[]) process.stderr.write(`warning: ${shown(warning)}\n`);
      });
    }
    case 'usage': {
      const { id } = await findOne(client, '/apikeys', key, 'API key');
      const plans = await listAll(client, '/usageplans', { keyId: String(id) });
      return printUsage(client, plans, { keyId: String(id), from: args.from, to: args.to, format });
    }
    default: action satisfies never;
  }
}

/** The one with this id, or the only one with this name. */
export async function findOne(client: ControlClient, path: string, name: string, what: string): Promise<Item> {
  const all = await listAll(client, path);
  const byId = all.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const named = all.filter((item) => item['name'] === name);
  if (named.length === 1) return named[0]!;
  throw new UsageError(named.length === 0 ? `there is no ${what} "${shown(name)}"` : `${named.length} ${what}s are called "${shown(name)}": give the id, one of ${named.map(({ id }) => shown(id)).join(', ')}`);
}

function printValue(item: Item, text: string): void {
  process.stderr.write(`${text} (${shown(item['id'])}). This is its value; it cannot be shown again:\n`);
  process.stdout.write(`${String(item['value'])}\n`);
}

const created = (item: Item): string => (item['createdDate'] === 0 ? 'declared' : new Date(Number(item['createdDate']) * 1_000).toISOString().slice(0, 10));

function graceSeconds(text: string): number {
  const match = /^(\d{1,8})(s|m|h|d)?$/.exec(text);
  if (!match) throw new UsageError(`--grace ${text}: write 0, 90s, 30m, 24h or 7d`);
  return Number(match[1]) * { s: 1, m: 60, h: 3_600, d: 86_400 }[(match[2] ?? 's') as 's'];
}

function readInput(file: string): string {
  // yargs makes nothing of a dash.
  try { return readFileSync(file === '-' || file === '' ? 0 : file, 'utf8'); } catch (error) { throw new UsageError(`${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`); }
}
