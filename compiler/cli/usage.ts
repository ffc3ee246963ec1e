/** `gwc usage [plan]`: what API keys used of their plans, per UTC day. */
import type { CommandModule } from 'yargs';
import { listAll } from './control-client.js';
import { controlOptions, givenOnce, periodOptions, withControl, type ControlCommandArguments } from './control-options.js';
import { findOne } from './keys.js';
import { printUsage } from './print-usage.js';

interface UsageArguments extends ControlCommandArguments { plan?: string; key?: string; from?: string; to?: string }

export const usage: CommandModule<object, UsageArguments> = {
  command: 'usage [plan]',
  describe: 'print what API keys used of their usage plans, per day',
  builder: (yargs) => periodOptions(controlOptions(yargs), '')
    .positional('plan', { type: 'string', describe: 'usage plan, by id or name (default: all)' })
    .option('key', { type: 'string', requiresArg: true, describe: 'this key alone, by id or name' }) as never,
  async handler(args) {
    givenOnce(args, ['plan', 'key', 'from', 'to', 'admin', 'store', 'tokenFile']);
    await withControl(args, async (client) => {
      const keyId = args.key === undefined ? undefined : String((await findOne(client, '/apikeys', args.key, 'API key'))['id']);
      const plans = args.plan === undefined ? await listAll(client, '/usageplans', keyId === undefined ? {} : { keyId }) : [await findOne(client, '/usageplans', args.plan, 'usage plan')];
      await printUsage(client, plans, { keyId, from: args.from, to: args.to, format: args.format });
    });
  },
};
