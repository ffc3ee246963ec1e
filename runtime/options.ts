/** Options of a gateway file: flags, each also an environment variable `GWC_<NAME>`. One table is read for parsing, checking and `--help`. */
import { STORES } from './flags.js';

/**
 * One flag: its name without dashes, what stands for its value ('': it has none; `…` at its end: several, also comma-separated), its line of `--help`; what a value
 * must pass, and what is said of one that does not (else what stands for it); its value when none is given.
 */
export type Flag = readonly [name: string, value: string, text: string, check?: { test(text: string): boolean }, wanted?: string, otherwise?: string];

/**
 * Whole numbers that are options: a property's name gives its flag (`headerBytes` → `--max-header-bytes`, `idleTimeoutMs` → `--idle-timeout-ms`).
 * Parts of a bundle that not every document needs bring theirs.
 */
export interface NumberOptions {
  /** Where they go. */
  readonly key: 'limits' | 'backend';
  /** Property, its value when none is given, its line of `--help`. */
  readonly rows: readonly (readonly [property: string, otherwise: number, text: string])[];
}

/** Every value of every flag, as it was given. Of the store's: may hold a password. */
export type Given = Readonly<Record<string, readonly string[] | undefined>>;

const PORT = { test: (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) < 65_536 };
const A_PORT = 'a port from 0 to 65535';
const NO_LIMIT = 'none';
/** Timers of Node count to 2³¹ − 1 ms. */
const LARGEST = 0x7fffffff;

const FLAGS: readonly Flag[] = [
  ['host', 'ADDRESS', 'address to listen on', , , '0.0.0.0'],
  ['port', 'N', 'port to listen on; 0 takes a free one; also PORT', PORT, A_PORT, '8080'],
  ['base-path', 'PATH', 'serve under this path; {stage} stands for the stage (/)', /^(?:[/\w.~!$&'()*+,;=:@-]|\{stage\})*$/, 'a path such as /v1 or /{stage}'],
  ['stage', 'NAME', 'which of the stages to serve'],
  ['account-id', 'N', 'the account in ARNs and $context (000000000000)', /^\d{12}$/, 'twelve digits'],
  ['workers', 'N|auto', 'processes that share the port', /^(?:auto|[1-9]\d{0,2})$/, , '1'],
  ['store', 'ADDRESS', STORES ? 'where limits and usage are kept: memory; sqlite:PATH, redis://HOST/DB, redis-cluster://HOST,HOST, redis-sentinel://HOST,HOST/MASTER if built in' : 'where limits and usage are kept: memory'],
  ['trust-proxy', 'CIDR,…', 'proxies whose X-Forwarded-* are believed (none)'],
  ['admin-port', 'N', 'port of /live and /ready, on the admin host (off)', PORT, A_PORT],
  ['admin-host', 'ADDRESS', 'address of the admin port', , , '127.0.0.1'],
  ['log-level', 'silent|error|info', 'what goes to standard error', /^(?:silent|error|info)$/, , 'info'],
];
const LAST_FLAGS: readonly Flag[] = [['help', '', 'this text'], ['version', '', 'content hash of this file']];

/** All flags of a bundle; `flags` and `numbers`: what it has besides the options every gateway file has. */
export function allFlags(flags: readonly Flag[], numbers: readonly NumberOptions[]): Flag[] {
  const numeric = numbers.flatMap(({ key, rows }) => rows.map(([property, otherwise, text]): Flag => {
    // Time and number of connections may be unlimited; what one request can make the process hold may not.
    const bounded = /(?:Bytes|Count)$/.test(property);
    const test = (given: string): boolean => (given === NO_LIMIT ? !bounded : /^[1-9]\d{0,9}$/.test(given) && Number(given) <= LARGEST);
    return [flagOf(key, property), bounded ? 'N' : 'N|none', text, { test }, `a whole number from 1 to ${LARGEST}${bounded ? '' : ' or none'}`, otherwise === Infinity ? NO_LIMIT : `${otherwise}`];
  }));
  return [...FLAGS, ...flags, ...numeric, ...LAST_FLAGS];
}

/** `backend` in front of what is about backends, `max` where the name does not say that it is a limit. */
function flagOf(key: string, property: string): string {
  const name = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return key === 'backend' ? `backend-${name}` : /Ms$/.test(property) ? name : `max-${name}`;
}

export function usage(title: string, stages: readonly string[], flags: readonly Flag[]): string {
  const lines = flags.map(([name, value, text, , , otherwise]) => `  ${`--${name} ${value} `.padEnd(38)}${text}${otherwise ? ` (${otherwise})` : ''}\n`);
  return `${title}\n\nusage: node gateway.mjs [options]\n\n${lines.join('')}\nEach option is also an environment variable: --base-path is GWC_BASE_PATH.\n${stages.length > 0 ? `Stages: ${stages.join(', ')}\n` : ''}`;
}

/** A string is what is wrong with the command line or environment. */
export function readOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>, flags: readonly Flag[]): Given | string {
  const given: Record<string, string[]> = {};
  const told: Record<string, string[]> = {};
  const take = (into: Record<string, string[]>, [name, value]: Flag, text: string): void => { (into[name] ??= []).push(...(value.endsWith('…') ? text.split(',') : [text])); };
  for (const flag of flags) {
    const [name, value] = flag;
    const text = value && (environment[`GWC_${name.toUpperCase().replaceAll('-', '_')}`] || (name === 'port' && environment['PORT']));
    if (text) take(given, flag, text);
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const [, name, text] = /^--([a-z-]+)(?:=([^]*))?$/.exec(arg === '-h' ? '--help' : arg) ?? [];
    const flag = flags.find(([known]) => known === name);
    if (!flag) return name?.startsWith('tls-') ? `--${name}: this file was built without TLS; build it with gwc build --tls` : `unknown option ${arg}`;
    const value = flag[1] && (text ?? args[++i]);
    if (value === undefined) return `--${name} needs a value`;
    take(told, flag, value);
  }
  // The command line stands over the environment.
  Object.assign(given, told);
  for (const [name, form, , check, wanted] of flags) {
    const value = given[name]?.at(-1);
    if (value !== undefined && check?.test(value) === false) return `--${name} ${value}: ${wanted ?? form}`;
  }
  return given;
}

/** The last value of a flag of `FLAGS`, or what stands for it. */
export function optionOf(given: Given, name: string): string | undefined {
  return given[name]?.at(-1) ?? FLAGS.find(([known]) => known === name)?.[5];
}

/** The numbers that were given, by `NumberOptions.key`. */
export function numbersOf(given: Given, numbers: readonly NumberOptions[]): Record<NumberOptions['key'], Record<string, number>> {
  const read: Record<NumberOptions['key'], Record<string, number>> = { limits: {}, backend: {} };
  for (const { key, rows } of numbers) {
    for (const [property] of rows) {
      const text = given[flagOf(key, property)]?.at(-1);
      if (text !== undefined) read[key][property] = text === NO_LIMIT ? Infinity : Number(text);
    }
  }
  return read;
}
