/** Options of a gateway file: flags, each also an environment variable `GWC_<NAME>`. */

/** One flag: its name without dashes, what stands for its value (`…` at its end: several, also comma-separated), its line of `--help`. */
export type Flag = readonly [name: string, value: string, text: string];

/**
 * Whole numbers that are options: a property's name gives its flag (`headerBytes` → `--max-header-bytes`, `idleTimeoutMs` → `--idle-timeout-ms`).
 * Parts of a bundle that not every document needs bring theirs.
 */
export interface NumberOptions {
  /** Where they go. */
  readonly key: 'limits' | 'backend';
  readonly defaults: Readonly<Record<string, number>>;
  /** Property → its line of `--help`; properties without one are no option. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface ServeOptions {
  host: string;
  port: number;
  basePath: string | undefined;
  stage: string | undefined;
  accountId: string | undefined;
  workers: string;
  adminPort: number | undefined;
  adminHost: string;
  /** May hold a password. */
  store: string | undefined;
  logLevel: 'silent' | 'error' | 'info';
  help: boolean;
  version: boolean;
  /** The numbers that were given, by `NumberOptions.key`. */
  numbers: Record<NumberOptions['key'], Record<string, number>>;
  /** Every value of every flag, as it was given. */
  given: Given;
}

export type Given = Readonly<Record<string, readonly string[] | undefined>>;

const FLAGS: readonly Flag[] = [
  ['host', 'ADDRESS', 'address to listen on (0.0.0.0)'],
  ['port', 'N', 'port to listen on (8080; 0 takes a free one); also PORT'],
  ['base-path', 'PATH', 'serve under this path; {stage} stands for the stage (/)'],
  ['stage', 'NAME', 'which of the stages to serve'],
  ['account-id', 'N', 'the account in ARNs and $context, twelve digits (000000000000)'],
  ['workers', 'N|auto', 'processes that share the port (1)'],
  ['store', 'ADDRESS', 'where limits and usage are kept: memory; sqlite:PATH, redis://HOST/DB, redis-cluster://HOST,HOST, redis-sentinel://HOST,HOST/MASTER if built in'],
  ['trust-proxy', 'CIDR,…', 'proxies whose X-Forwarded-For, -Proto, -Port and -Host are believed (none)'],
  ['admin-port', 'N', 'port of /live and /ready, on the admin host (off)'],
  ['admin-host', 'ADDRESS', 'address of the admin port (127.0.0.1)'],
  ['log-level', 'silent|error|info', 'what goes to standard error (info)'],
];

const NO_LIMIT = 'none';

/** Time and number of connections may be unlimited; what one request can make the process hold may not. */
const bounded = (property: string): boolean => /(Bytes|Count)$/.test(property);

/** `backend` in front of what is about backends, `max` where the name does not say that it is a limit. */
function flagOf(key: string, property: string): string {
  const name = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return key === 'backend' ? `backend-${name}` : /Ms$/.test(property) ? name : `max-${name}`;
}

function flagsOf({ key, defaults, texts }: NumberOptions): Flag[] {
  return Object.keys(texts).map((property) => [flagOf(key, property), bounded(property) ? 'N' : `N|${NO_LIMIT}`, `${texts[property]!} (${defaults[property] === Infinity ? NO_LIMIT : defaults[property]!})`]);
}

/** `flags` and `numbers`: what this bundle has besides the options every gateway file has. */
export function usage(title: string, stages: readonly string[], flags: readonly Flag[], numbers: readonly NumberOptions[]): string {
  const lines = [...FLAGS, ...flags, ...numbers.flatMap(flagsOf), ['help', '', 'this text'], ['version', '', 'content hash of this file']].map(([name, value, text]) => `  ${`--${name!} ${value!} `.padEnd(38)}${text!}`);
  return [`${title}`, '', 'usage: node gateway.mjs [options]', '', ...lines, '',
    `Each option is also an environment variable: --base-path is GWC_BASE_PATH.`, ...(stages.length > 0 ? [`Stages: ${stages.join(', ')}`] : []), ''].join('\n');
}

/** A string is what is wrong with the command line or environment. */
export function readOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>, flags: readonly Flag[], numbers: readonly NumberOptions[]): ServeOptions | string {
  const known = new Map([...FLAGS, ...flags, ...numbers.flatMap(flagsOf)].map(([name, value]) => [name, value.endsWith('…')]));
  const given: Record<string, string[]> = {};
  const fromEnvironment = new Set<string>();
  const take = (name: string, value: string): void => { (given[name] ??= []).push(...(known.get(name) ? value.split(',') : [value])); };
  for (const name of known.keys()) {
    const value = environment[`GWC_${name.toUpperCase().replaceAll('-', '_')}`] || (name === 'port' && environment['PORT']);
    if (!value) continue;
    take(name, value);
    fromEnvironment.add(name);
  }
  let help = false, version = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--help' || arg === '-h') { help = true; continue; }
    if (arg === '--version') { version = true; continue; }
    const match = /^--([a-z-]+)(?:=([^]*))?$/.exec(arg);
    const name = match?.[1];
    if (name === undefined || !known.has(name)) return name?.startsWith('tls-') ? `--${name}: this file was built without TLS; build it with gwc build --tls` : `unknown option ${arg}`;
    const value = match![2] ?? args[++i];
    if (value === undefined) return `--${name} needs a value`;
    // The command line stands over the environment.
    if (fromEnvironment.delete(name)) delete given[name];
    take(name, value);
  }
  const last = (name: string): string | undefined => given[name]?.at(-1);
  const portOf = (name: string): number | undefined => {
    const text = last(name);
    return text === undefined || !/^\d{1,5}$/.test(text) || Number(text) > 65535 ? undefined : Number(text);
  };
  for (const name of ['port', 'admin-port']) if (given[name] !== undefined && portOf(name) === undefined) return `--${name} ${last(name)} is no port`;
  const workers = last('workers') ?? '1';
  if (workers !== 'auto' && !/^[1-9]\d{0,2}$/.test(workers)) return `--workers ${workers}: a number or auto`;
  const logLevel = last('log-level') ?? 'info';
  if (logLevel !== 'silent' && logLevel !== 'error' && logLevel !== 'info') return `--log-level ${logLevel}: silent, error or info`;
  const read: ServeOptions['numbers'] = { limits: {}, backend: {} };
  for (const { key, texts } of numbers) {
    for (const property in texts) {
      const name = flagOf(key, property);
      const text = last(name);
      if (text === undefined) continue;
      const unlimited = text === NO_LIMIT && !bounded(property);
      // Timers of Node count to 2³¹ − 1 ms.
      if (!unlimited && (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > 0x7fffffff)) return `--${name} ${text}: a whole number from 1 to ${0x7fffffff}${bounded(property) ? '' : ` or ${NO_LIMIT}`}`;
      read[key][property] = unlimited ? Infinity : Number(text);
    }
  }
  const accountId = last('account-id');
  if (accountId !== undefined && !/^\d{12}$/.test(accountId)) return `--account-id ${accountId}: twelve digits`;
  const basePath = last('base-path');
  if (basePath !== undefined && !/^(?:[/\w.~!$&'()*+,;=:@-]|\{stage\})*$/.test(basePath)) return `--base-path ${basePath}: a path such as /v1 or /{stage}, of characters that need no escape`;
  return { host: last('host') ?? '0.0.0.0', port: portOf('port') ?? 8080, basePath, stage: last('stage'), accountId, workers, adminPort: portOf('admin-port'), adminHost: last('admin-host') ?? '127.0.0.1', store: last('store'), logLevel, help, version, numbers: read, given };
}
