/** `gwc usage-plans <action>`: usage plans of a gateway, made and changed while it runs or in its store. */
import type { CommandModule } from 'yargs';
import { FAIL_TAG } from '../../runtime/keys/fail-tag.js';
import { apiId } from '../access/stored-ids.js';
import { listAll, type ControlClient } from './control-client.js';
import { controlOptions, descriptionOption, givenOnce, printerOf, printTable, shown, withControl, type ControlCommandArguments } from './control-options.js';
import { findOne } from './keys.js';
import { UsageError } from './usage-error.js';

const ACTIONS = ['create', 'list', 'update', 'delete', 'add-key', 'remove-key'] as const;

interface UsagePlansArguments extends ControlCommandArguments {
  action: (typeof ACTIONS)[number]; plan?: string; key?: string; api?: string; stage?: string[]; removeStage?: string[]; rate?: string; burst?: string; quota?: string; offset?: string; method?: string[]; fail?: string; description?: string;
}

type Item = Readonly<Record<string, unknown>>;
type Patch = readonly [op: 'add' | 'replace' | 'remove', path: string, value?: string];

export const usagePlans: CommandModule<object, UsagePlansArguments> = {
  command: 'usage-plans <action> [plan] [key]',
  describe: 'manage usage plans of a running gateway (--admin) or of its store (--store)',
  builder: (yargs) => descriptionOption(controlOptions(yargs), 'create, update: ')
    .usage('gwc usage-plans <action> [plan] [key]\n\nPlans that the document declares can be listed, not changed.\n\n'
      + 'gwc usage-plans create gold --stage prod --rate 100 --burst 200 --quota 10000/MONTH --fail closed\ngwc usage-plans update gold --rate 500 --burst 1000 --quota none\ngwc usage-plans add-key gold partner-a')
    .positional('action', { choices: ACTIONS, demandOption: true, describe: 'what to do' })
    .positional('plan', { type: 'string', describe: 'create: its name; list: how names begin; else: id, or name when only one has it' })
    .positional('key', { type: 'string', describe: 'add-key, remove-key: API key, by id or name' })
    .option('stage', { type: 'string', array: true, requiresArg: true, describe: 'create, update: a stage it covers; may be repeated' })
    .option('remove-stage', { type: 'string', array: true, requiresArg: true, describe: 'update: a stage it no longer covers; may be repeated' })
    .option('api', { type: 'string', requiresArg: true, describe: 'whose stages: id or title of the API (default: the one that the running gateway serves)' })
    .option('rate', { type: 'string', requiresArg: true, describe: 'create, update: requests per second of each key; none' })
    .option('burst', { type: 'string', requiresArg: true, describe: 'create, update: requests at once' })
    .option('method', { type: 'string', array: true, requiresArg: true, describe: 'create: limit of one method in the stages, as /pets/{id}/GET=RATE:BURST; may be repeated' })
    .option('quota', { type: 'string', requiresArg: true, describe: 'create, update: requests in a period, as 10000/DAY, /WEEK or /MONTH; none' })
    .option('offset', { type: 'string', requiresArg: true, describe: 'create, update: what is taken off the quota in its first period' })
    .option('fail', { choices: ['open', 'closed', 'local'] as const, requiresArg: true, describe: `create, update: what it does while the store is away (the tag ${FAIL_TAG})` }) as never,
  async handler(args) {
    givenOnce(args, ['plan', 'key', 'api', 'rate', 'burst', 'quota', 'offset', 'fail', 'description', 'admin', 'store', 'tokenFile']);
    const { action } = args;
    if (args.plan === undefined && action !== 'list') throw new UsageError(`gwc usage-plans ${action} <plan>${/key/.test(action) ? ' <key>' : ''}`);
    if (args.key === undefined && (action === 'add-key' || action === 'remove-key')) throw new UsageError(`gwc usage-plans ${action} <plan> <key>`);
    const limits = readLimits(args);
    await withControl(args, (client) => run(client, args, limits));
  },
};

interface Limits { readonly throttle: { rateLimit: number; burstLimit: number } | 'none' | undefined; readonly quota: { limit: number; period: string; offset: number } | 'none' | undefined; readonly methods: Readonly<Record<string, { rateLimit: number; burstLimit: number }>> }

async function run(client: ControlClient, args: UsagePlansArguments, { throttle, quota, methods }: Limits): Promise<void> {
  const { action, plan: name = '', format, description, fail } = args;
  const print = printerOf(format);
  const say = (text: string, plan: Item): void => void process.stdout.write(`${text} ${shown(plan['name'])} (${shown(plan['id'])})\n`);
  const patch = (id: unknown, operations: readonly Patch[]): Promise<Item> => client.call('PATCH', `/usageplans/${String(id)}`, {}, JSON.stringify({ patchOperations: operations.map(([op, path, value]) => ({ op, path, ...(value === undefined ? {} : { value }) })) }));
  const find = (): Promise<Item> => findOne(client, '/usageplans', name, 'usage plan');
  switch (action) {
    case 'create': {
      const apiStages = args.stage === undefined ? [] : (await stagesOf(client, args, args.stage)).map((stage) => ({ ...stage, ...(Object.keys(methods).length > 0 ? { throttle: methods } : {}) }));
      const made = await client.call('POST', '/usageplans', {}, JSON.stringify({
        name, apiStages, ...(description === undefined ? {} : { description }), ...(typeof throttle === 'object' ? { throttle } : {}), ...(typeof quota === 'object' ? { quota } : {}), ...(fail === undefined ? {} : { tags: { [FAIL_TAG]: fail } }),
      }));
      return print(made, () => say('created', made));
    }
    case 'list': {
      const items = (await listAll(client, '/usageplans')).filter((plan) => String(plan['name']).startsWith(name));
      return print(items, () => printTable([['ID', 'NAME', 'RATE', 'BURST', 'QUOTA', 'FAIL', 'STAGES'], ...items.map(row)]));
    }
    case 'update': {
      const { id } = await find();
      const operations: Patch[] = [
        ...(description === undefined ? [] : [['replace', '/description', description] as const]),
        ...(throttle === 'none' ? [['remove', '/throttle'] as const] : throttle === undefined ? [] : [['replace', '/throttle/rateLimit', String(throttle.rateLimit)], ['replace', '/throttle/burstLimit', String(throttle.burstLimit)]] as const),
        ...(quota === 'none' ? [['remove', '/quota'] as const] : quota === undefined ? [] : [['replace', '/quota/limit', String(quota.limit)], ['replace', '/quota/period', quota.period], ['replace', '/quota/offset', String(quota.offset)]] as const),
        ...(await stagesOf(client, args, args.stage ?? [])).map(({ apiId: api, stage }) => ['add', '/apiStages', `${api}:${stage}`] as const),
        ...(await stagesOf(client, args, args.removeStage ?? [])).map(({ apiId: api, stage }) => ['remove', '/apiStages', `${api}:${stage}`] as const),
      ];
      if (operations.length === 0 && fail === undefined) throw new UsageError('gwc usage-plans update: what is to change?');
      let changed = await patch(id, operations);
      if (fail !== undefined) {
        await client.call('PUT', `/tags/${encodeURIComponent(`arn:aws:apigateway:us-east-1::/usageplans/${String(id)}`)}`, {}, JSON.stringify({ tags: { [FAIL_TAG]: fail } }));
        changed = await client.call('GET', `/usageplans/${String(id)}`);
      }
      return print(changed, () => say('changed', changed));
    }
    case 'delete': {
      const plan = await find();
      // API Gateway refuses to delete a plan that covers stages.
      const stages = plan['apiStages'] as { apiId: string; stage: string }[];
      if (stages.length > 0) await patch(plan['id'], stages.map(({ apiId: api, stage }) => ['remove', '/apiStages', `${api}:${stage}`] as const));
      await client.call('DELETE', `/usageplans/${String(plan['id'])}`);
      return print({ id: plan['id'], deleted: true }, () => say('deleted', plan));
    }
    case 'add-key':
    case 'remove-key': {
      const plan = await find();
      const key = await findOne(client, '/apikeys', args.key!, 'API key');
      if (action === 'add-key') await client.call('POST', `/usageplans/${String(plan['id'])}/keys`, {}, JSON.stringify({ keyId: key['id'], keyType: 'API_KEY' }));
      else await client.call('DELETE', `/usageplans/${String(plan['id'])}/keys/${String(key['id'])}`);
      return print({ usagePlanId: plan['id'], keyId: key['id'] }, () => say(`${shown(key['name'])} is ${action === 'add-key' ? 'in' : 'no longer in'}`, plan));
    }
    default: action satisfies never;
  }
}

function row(plan: Item): string[] {
  const throttle = plan['throttle'] as { rateLimit: number; burstLimit: number } | undefined, quota = plan['quota'] as { limit: number; period: string } | undefined;
  const stages = (plan['apiStages'] as { apiId: string; stage: string }[]).map(({ apiId: api, stage }) => `${api}:${stage}`).join(' ');
  return [shown(plan['id']), shown(plan['name']), throttle ? String(throttle.rateLimit) : '-', throttle ? String(throttle.burstLimit) : '-', quota ? `${quota.limit}/${quota.period}` : '-', shown((plan['tags'] as Item | undefined)?.[FAIL_TAG] ?? 'local'), shown(stages)];
}

/** A running gateway knows its API; in a store there may be plans of many. */
async function stagesOf(client: ControlClient, { api, store }: UsagePlansArguments, stages: readonly string[]): Promise<{ apiId: string; stage: string }[]> {
  if (stages.length === 0) return [];
  if (api === undefined && store !== undefined) throw new UsageError('whose stage? give --api with the title of the API (info.title of its document), or its id');
  const id = api === undefined ? String(((await client.call('GET', '/restapis'))['item'] as Item[])[0]!['id']) : /^[a-z0-9]{10}$/.test(api) ? api : apiId(api);
  return stages.map((stage) => ({ apiId: id, stage }));
}

function readLimits({ action, rate, burst, quota, offset, method }: UsagePlansArguments): Limits {
  const number = (name: string, text: string): number => {
    if (!/^\d{1,10}(?:\.\d{1,3})?$/.test(text)) throw new UsageError(`--${name} ${text}: write a number`);
    return Number(text);
  };
  if (rate !== 'none' && (rate === undefined) !== (burst === undefined)) throw new UsageError('--rate and --burst belong together');
  if (offset !== undefined && (quota === undefined || quota === 'none')) throw new UsageError('--offset is part of a --quota');
  if (method !== undefined && action !== 'create') throw new UsageError('--method is for create; later patch /apiStages/{apiId:stage}/throttle/… of the usage plan');
  const match = quota === undefined || quota === 'none' ? null : /^(\d{1,10})\/(DAY|WEEK|MONTH)$/i.exec(quota);
  if (quota !== undefined && quota !== 'none' && match === null) throw new UsageError(`--quota ${quota}: write 10000/DAY, /WEEK or /MONTH`);
  return {
    throttle: rate === undefined ? undefined : rate === 'none' ? 'none' : { rateLimit: number('rate', rate), burstLimit: number('burst', burst!) },
    quota: match === null ? (quota as 'none' | undefined) : { limit: Number(match[1]), period: match[2]!.toUpperCase(), offset: offset === undefined ? 0 : number('offset', offset) },
    methods: Object.fromEntries((method ?? []).map((text) => {
      const parts = /^(\S+)=([\d.]+):(\d+)$/.exec(text);
      if (parts === null) throw new UsageError(`--method ${text}: write /pets/{id}/GET=RATE:BURST`);
      return [parts[1]!, { rateLimit: number('method', parts[2]!), burstLimit: Number(parts[3]) }];
    })),
  };
}
