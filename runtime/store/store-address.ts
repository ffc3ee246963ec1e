/** `--store`: which store, and where. The whole address may hold secrets; `shown` does not. */
import { CannotStart } from '../cannot-start.js';

export type StoreKind = 'memory' | 'sqlite' | 'redis';

export interface SqliteAddress { readonly kind: 'sqlite'; readonly shown: string; readonly path: string }

/** Paths of PEM files, read when the connection is made; '': not given. */
export interface RedisTls {
  /** Authorities of the server's certificate. '': those that Node trusts. */
  readonly ca: string;
  /** Of the gateway, for servers that want one. */
  readonly cert: string;
  readonly key: string;
  /** The name in the server's certificate. '': the host of the address. */
  readonly servername: string;
}

export interface RedisAddress {
  readonly kind: 'redis';
  readonly shown: string;
  readonly form: 'single' | 'cluster' | 'sentinel';
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** null: without TLS. The server's certificate and its name are always verified. */
  readonly tls: RedisTls | null;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Sentinel: what it calls the master. */
  readonly master: string;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  /** Every key begins with it, as `{prefix}:`, so that all lie in one slot of a cluster. */
  readonly prefix: string;
}

export type StoreAddress = { readonly kind: 'memory'; readonly shown: string } | SqliteAddress | RedisAddress;

const STORE_FORMS = 'memory, sqlite:PATH, redis://HOST:PORT/DB, rediss://…, redis-cluster://HOST:PORT,HOST:PORT or redis-sentinel://HOST:PORT,HOST:PORT/MASTER';

const FORMS: Readonly<Record<string, readonly [form: RedisAddress['form'], tls: boolean, port: number]>> = {
  'redis': ['single', false, 6379], 'rediss': ['single', true, 6379],
  'redis-cluster': ['cluster', false, 6379], 'rediss-cluster': ['cluster', true, 6379],
  'redis-sentinel': ['sentinel', false, 26379], 'rediss-sentinel': ['sentinel', true, 26379],
};

const OPTIONS = ['prefix', 'sentinelUsername', 'sentinelPassword'], TLS_OPTIONS = ['ca', 'cert', 'key', 'servername'];

const REDIS = /^([a-z-]+):\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/** Throws WrongAddress; its message never shows more than the scheme. */
export function parseStoreAddress(text: string): StoreAddress {
  if (text === 'memory' || text === 'memory:') return { kind: 'memory', shown: 'memory' };
  const scheme = /^([a-z-]+):/.exec(text)?.[1];
  if (scheme === 'sqlite') {
    const path = text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path === '' || path.includes('\0')) throw wrong('sqlite: needs a file, as in sqlite:/var/lib/gateway.db');
    return { kind: 'sqlite', shown: `sqlite:${path}`, path };
  }
  if (scheme === undefined || !Object.hasOwn(FORMS, scheme)) throw wrong('it is not one of them');
  const [form, tls, defaultPort] = FORMS[scheme]!;
  const match = REDIS.exec(text);
  if (match === null) throw wrong(`${scheme}:// is followed by hosts; an @, / or ? in a password is written %40, %2F, %3F`);
  const [, , credentials, hosts, path = '', query] = match;
  const nodes = hosts!.split(',').map((node) => readNode(node, defaultPort));
  if (form === 'single' && nodes.length > 1) throw wrong(`${scheme}:// has one host; several are redis-cluster:// or redis-sentinel://`);
  const parts = path.split('/');
  const master = form === 'sentinel' ? decode(parts.shift() ?? '') : '';
  if (form === 'sentinel' && master === '') throw wrong('redis-sentinel:// ends in the name of the master, as in redis-sentinel://host:26379/mymaster');
  const database = parts[0] ?? '';
  if (!/^\d{0,5}$/.test(database) || parts.length > 1 || (form === 'cluster' && Number(database) !== 0)) throw wrong(form === 'cluster' ? 'a cluster has only database 0' : 'the database is a number');
  const options = new URLSearchParams(query);
  for (const name of options.keys()) {
    if (!tls && TLS_OPTIONS.includes(name)) throw wrong(`?${name} is about TLS: write ${scheme.replace('redis', 'rediss')}://`);
    if (!OPTIONS.includes(name) && !TLS_OPTIONS.includes(name)) throw wrong(`there is no option ?${name.replace(/[^\w-]/g, '')}; there are ?${OPTIONS.join(', ?')} and, with TLS, ?${TLS_OPTIONS.join(', ?')}`);
  }
  const textOf = (name: string): string => options.get(name) ?? '';
  if ((textOf('cert') === '') !== (textOf('key') === '')) throw wrong('?cert and ?key belong together');
  const prefix = options.get('prefix') ?? 'gwc';
  if (!/^[\w.-]{1,64}$/.test(prefix)) throw wrong('?prefix is letters, digits, . _ and -');
  const colon = credentials?.indexOf(':') ?? -1;
  const username = credentials === undefined ? '' : decode(colon < 0 ? credentials : credentials.slice(0, colon));
  const password = credentials === undefined || colon < 0 ? '' : decode(credentials.slice(colon + 1));
  return {
    kind: 'redis', form, nodes, master, prefix,
    tls: tls ? { ca: textOf('ca'), cert: textOf('cert'), key: textOf('key'), servername: textOf('servername') } : null,
    username: username || undefined, password: password || undefined, database: Number(database || 0),
    sentinelUsername: options.get('sentinelUsername') || undefined, sentinelPassword: options.get('sentinelPassword') || undefined,
    shown: `${scheme}://${hosts!}${path === '' ? '' : `/${path}`}`,
  };
}

/** Name and password from `GWC_STORE_USERNAME` and `GWC_STORE_PASSWORD` where the address has none. */
export function withCredentials(address: StoreAddress, environment: Readonly<Record<string, string | undefined>>): StoreAddress {
  if (address.kind !== 'redis' || address.username !== undefined || address.password !== undefined) return address;
  return { ...address, username: environment['GWC_STORE_USERNAME'] || undefined, password: environment['GWC_STORE_PASSWORD'] || undefined };
}

function readNode(node: string, defaultPort: number): { host: string; port: number } {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(node);
  if (match === null || Number(match[2] ?? 1) > 65_535) throw wrong('a host is a name or an address with a port, as in 10.0.0.7:6379');
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port: Number(match[2] ?? defaultPort) };
}

function decode(text: string): string {
  try { return decodeURIComponent(text); } catch { throw wrong('a % in name or password is written %25'); }
}

export class WrongAddress extends CannotStart {
  /** `problem` shows nothing of the address but its scheme. */
  constructor(readonly problem: string) { super(`--store (GWC_STORE) is ${STORE_FORMS}: ${problem}`); }
}

const wrong = (problem: string): WrongAddress => new WrongAddress(problem);
