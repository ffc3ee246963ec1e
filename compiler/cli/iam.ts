/** `gwc iam <action>`: callers (AWS_IAM) in a gateway's store. */
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { CALLER_RECORD, readCallerRecord, type CallerRecord } from '../../runtime/access/caller-record.js';
import { readCredentialsFile } from '../../runtime/access/iam-callers.js';
import { CannotStart } from '../../runtime/cannot-start.js';
import type { GatewayStore } from '../../runtime/store/limits-backend.js';
import type { Store } from '../../runtime/store/store.js';
import { ControlFailure } from './control-client.js';
import { formatOption, givenOnce, printerOf, printTable, shown } from './control-options.js';
import { openReachable, storeFailure } from './open-store.js';
import { UsageError } from './usage-error.js';

const ACTIONS = ['create', 'import', 'list', 'enable', 'disable', 'delete'] as const;

interface IamArguments {
  action: (typeof ACTIONS)[number]; name?: string; store?: string; arn?: string; policy?: string; userId?: string; orgId?: string; tag?: string[]; session?: string; format: 'text' | 'json';
}

export const iam: CommandModule<object, IamArguments> = {
  command: 'iam <action> [name]',
  describe: 'manage access keys of AWS_IAM callers in the store of a gateway',
  builder: (yargs) => formatOption(yargs
    .usage('gwc iam <action> [name] --store ADDRESS\n\nA secret is printed once, by create, as a profile of ~/.aws/credentials. It is kept in the store as it is,\n'
      + 'because signatures cannot be verified without it: who can read the store can sign. Gateways follow within\nten seconds.\n\n'
      + 'gwc iam create partner --policy partner.json --store redis://…    a new access key\ngwc iam import credentials --store redis://…                      the profiles of a file for --iam-credentials\ngwc iam disable AKIA… --store redis://…                           it opens nothing any more')
    .positional('action', { choices: ACTIONS, demandOption: true, describe: 'what to do' })
    .positional('name', { type: 'string', describe: 'create: the caller\'s name; import: the file; enable, disable, delete: the access key, or the name when only one has it' })
    .option('store', { type: 'string', requiresArg: true, describe: 'the gateway\'s own --store: sqlite:PATH or redis://… (also GWC_STORE)' })
    .option('arn', { type: 'string', requiresArg: true, describe: 'create: its user or role (default: a user of the API\'s account)' })
    .option('policy', { type: 'string', requiresArg: true, describe: 'create: file with its policy document' })
    .option('user-id', { type: 'string', requiresArg: true, describe: 'create: aws:userid (default: the access key)' })
    .option('org-id', { type: 'string', requiresArg: true, describe: 'create: aws:PrincipalOrgID' })
    .option('tag', { type: 'string', array: true, requiresArg: true, describe: 'create: aws:PrincipalTag, as key=value; may be repeated' })
    .option('session', { type: 'string', requiresArg: true, describe: 'create: temporary credentials with a session token, for 15m, 12h, 7d' })) as never,
  async handler(args) {
    givenOnce(args, ['name', 'store', 'arn', 'policy', 'userId', 'orgId', 'session']);
    const address = args.store ?? process.env['GWC_STORE'];
    if (address === undefined || address === '') throw new UsageError('where are the callers? give --store with the gateway\'s own --store');
    if (args.action !== 'list' && (args.name === undefined || args.name === '')) throw new UsageError(`gwc iam ${args.action} <${args.action === 'import' ? 'file' : 'name'}>`);
    const records = args.action === 'create' ? [newCaller(args)] : args.action === 'import' ? readFile(args.name!) : [];
    let store: GatewayStore | undefined;
    try {
      store = await openReachable(address);
      await run(store, args, records);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      process.stderr.write(`${(store ? storeFailure(store, error) : error as Error).message}\n`);
      process.exitCode = 1;
    } finally { await store?.close(); }
  },
};

type Item = readonly [accessKeyId: string, record: CallerRecord];

async function run(store: Store, { action, name = '', format }: IamArguments, records: readonly Item[]): Promise<void> {
  const print = printerOf(format);
  switch (action) {
    case 'create': {
      const [accessKeyId, record] = records[0]!;
      if (await store.put(CALLER_RECORD, accessKeyId, record, 0) === undefined) throw new ControlFailure('the access key is taken: try again');
      const { secretAccessKey, sessionToken } = record;
      return print({ accessKeyId, ...record }, () => {
        process.stderr.write(`created ${shown(name)} (${accessKeyId}). This is its secret; it cannot be shown again:\n`);
        process.stdout.write(`[${shown(name)}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${sessionToken === '' ? '' : `aws_session_token = ${sessionToken}\n`}`);
      });
    }
    case 'import': {
      // One after the other: what was imported before a failure stays, and a second import takes it again.
      for (const [accessKeyId, record] of records) await store.put(CALLER_RECORD, accessKeyId, record);
      return print({ accessKeyIds: records.map(([id]) => id) }, () => void process.stdout.write(`imported ${records.length} access key${records.length === 1 ? '' : 's'}\n`));
    }
    case 'list': {
      const items = (await all(store)).filter(([, record]) => record.name.startsWith(name)).sort(([a, one], [b, other]) => (one.name === other.name ? (a < b ? -1 : 1) : one.name < other.name ? -1 : 1));
      return print(items.map(([accessKeyId, { secretAccessKey: _secret, sessionToken: _token, ...rest }]) => ({ accessKeyId, ...rest })), () => printTable([['ACCESS KEY', 'NAME', 'ENABLED', 'CREATED', 'EXPIRES', 'ARN'], ...items.map(([id, { name, enabled, created, expires, arn }]) => [shown(id), shown(name), enabled ? 'yes' : 'no', new Date(created).toISOString().slice(0, 10), expires === null ? 'never' : new Date(expires).toISOString().slice(0, 19) + 'Z', shown(arn)])]));
    }
    case 'enable':
    case 'disable': {
      const [id, record] = await findOne(store, name);
      await store.put(CALLER_RECORD, id, { ...record, enabled: action === 'enable' });
      return print({ accessKeyId: id, enabled: action === 'enable' }, () => void process.stdout.write(`${action}d ${shown(record.name)} (${shown(id)})\n`));
    }
    case 'delete': {
      const [id, record] = await findOne(store, name);
      await store.remove(CALLER_RECORD, id);
      return print({ accessKeyId: id, deleted: true }, () => void process.stdout.write(`deleted ${shown(record.name)} (${shown(id)})\n`));
    }
    default: action satisfies never;
  }
}

async function all(store: Store): Promise<Item[]> {
  return (await store.list(CALLER_RECORD)).flatMap(({ id, value }) => {
    const record = readCallerRecord(value);
    return typeof record === 'string' ? [] : [[id, record] as const];
  });
}

/** The one with this access key, or the only one with this name. */
async function findOne(store: Store, name: string): Promise<Item> {
  const items = await all(store);
  const byId = items.find(([id]) => id === name);
  if (byId !== undefined) return byId;
  const named = items.filter(([, record]) => record.name === name);
  if (named.length === 1) return named[0]!;
  throw new UsageError(named.length === 0 ? `there is no access key "${shown(name)}"` : `${named.length} access keys are called "${shown(name)}": give one of ${named.map(([id]) => shown(id)).join(', ')}`);
}

/** As AWS makes them: AKIA (ASIA for sessions) with sixteen letters of base 32; forty of base 64. */
function newCaller({ name, arn = '', policy, userId = '', orgId = '', tag, session }: IamArguments): Item {
  const seconds = session === undefined ? undefined : sessionSeconds(session);
  const letters = Array.from({ length: 16 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[randomInt(32)]!).join('');
  const tags = tag === undefined ? null : Object.fromEntries(tag.map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError(`--tag ${text}: write key=value`);
    return [text.slice(0, equals), text.slice(equals + 1)];
  }));
  const record = readCallerRecord({
    name, secretAccessKey: randomBytes(30).toString('base64'), sessionToken: seconds === undefined ? '' : randomBytes(150).toString('base64'), arn, policy: policy === undefined ? null : readPolicy(policy),
    userId, organization: orgId, tags, expires: seconds === undefined ? null : Date.now() + seconds * 1_000, enabled: true, created: Date.now(),
  } satisfies Record<keyof CallerRecord, unknown>);
  if (typeof record === 'string') throw new UsageError(`the caller ${record}`);
  return [`${seconds === undefined ? 'AKIA' : 'ASIA'}${letters}`, record];
}

function readPolicy(file: string): unknown {
  try { return JSON.parse(readFileSync(file, 'utf8')); } catch (error) { throw new UsageError(`--policy ${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`); }
}

function sessionSeconds(text: string): number {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  if (!match || Number(match[1]) === 0) throw new UsageError(`--session ${text}: write 900s, 15m, 12h or 7d`);
  return Number(match[1]) * { s: 1, m: 60, h: 3_600, d: 86_400 }[match[2] as 's'];
}

/** The file of `--iam-credentials`, with the policies that it names. */
function readFile(file: string): Item[] {
  let text: string;
  try { text = readFileSync(file, 'utf8'); } catch (error) { throw new UsageError(`${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`); }
  try {
    return readCredentialsFile(text, dirname(file), file).map(({ name, keys: { accessKeyId, secretAccessKey, sessionToken }, facts, expiresAt }): Item => {
      const record = readCallerRecord({ name, secretAccessKey, sessionToken, ...facts, expires: expiresAt === Infinity ? null : expiresAt, enabled: true, created: Date.now() } satisfies CallerRecord);
      if (typeof record === 'string') throw new UsageError(`${file}: profile "${name}" ${record}`);
      return [accessKeyId, record];
    });
  } catch (error) {
    if (error instanceof CannotStart) throw new UsageError(error.message);
    throw error;
  }
}
