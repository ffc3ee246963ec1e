/**
 * HTTP Basic authentication (RFC 7617) against users with scrypt or bcrypt hashes, from the document and from files given at start, which are read again when
 * they change.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { setAuthorizer, type AuthorizerResult } from './authorizer-result.js';
import { verifyBcrypt } from './bcrypt-thread.js';
import { CannotStart } from '../cannot-start.js';
import type { Exchange } from '../exchange.js';
import { fileVersion } from './file-version.js';
import type { GatewayState } from '../gateway-state.js';
import type { Flag, Given } from '../options.js';
import { parsePasswordHash, type PasswordHash } from './password-hash.js';
import type { Refusal, Refuse, Step } from './refusal.js';
import { ResultCache, type Expiring } from './result-cache.js';
import { verifyScrypt } from './scrypt-hash.js';

export const HTPASSWD_FLAG: Flag = ['htpasswd', '[SCHEME=]FILE,…', 'users of http basic, as htpasswd -B writes them, or lines of name:$scrypt$ln=15,r=8,p=1$salt$hash; read again when it changes'];

type Environment = Readonly<Record<string, string | undefined>>;

/** Attempts that are worked on at a time; more are told to come again. bcrypt has one thread, scrypt Node's four. */
const AT_ONCE = { scrypt: 64, bcrypt: 16 };
/** A user and password that were right are not hashed again for this long. */
const KEPT_MS = 300_000;
const LONGEST = 1_024;
/** A changed file counts for requests that come this long after the change. */
const LOOK_EVERY_MS = 500;

interface Known extends Expiring { readonly result: AuthorizerResult }

type Users = ReadonlyMap<string, PasswordHash>;

interface Opened {
  users: Users;
  /** Those of one user look like those of nobody: whom a stranger is compared with. */
  hashes: readonly PasswordHash[];
  kept: ResultCache<Known>;
  readonly files: readonly string[];
  seen: string;
  lookedAt: number;
  readonly read: () => Users;
  readonly log: (line: string) => void;
}

const BUSY: Refusal = { kind: 'busy', message: '', challenge: '', error: '' };

/** One scheme of the document. */
export class BasicAuthorizer {
  private readonly opened = new WeakMap<GatewayState, Opened>();
  /** Right passwords are remembered by their digest under a key of this process, not as what they are. */
  private readonly secret = randomBytes(32);
  private readonly pending = { scrypt: 0, bcrypt: 0 };
  private readonly refusal: Refusal;

  constructor(readonly scheme: string, realm: string, private readonly declared: readonly (readonly [user: string, hash: string])[]) {
    this.refusal = { kind: 'unauthorized', message: '', challenge: `Basic realm="${realm.replace(/["\\]/g, '\\$&')}", charset="UTF-8"`, error: '' };
  }

  /** Throws CannotStart when a user has no usable hash; never shows one. */
  open(state: GatewayState, environment: Environment, given: Given | undefined): void {
    const files = (given?.['htpasswd'] ?? []).flatMap((value) => {
      const [, scheme, path] = /^([\w.-]+)=(.+)$/s.exec(value) ?? [undefined, this.scheme, value];
      return scheme === this.scheme ? [path!] : [];
    });
    const read = (): Users => this.read(environment, files);
    const seen = files.map(fileVersion).join();
    const users = read();
    this.opened.set(state, { users, hashes: [...users.values()], kept: new ResultCache(), files, seen, lookedAt: performance.now(), read, log: state.log });
  }

  authorize(exchange: Exchange, next: Step, refuse: Refuse): void {
    const opened = this.opened.get(exchange.gateway)!;
    if (opened.files.length > 0 && performance.now() - opened.lookedAt > LOOK_EVERY_MS) look(opened);
    const { users, hashes, kept } = opened;
    const values = exchange.head.all('authorization');
    const credentials = values.length === 1 && values[0]!.length <= LONGEST ? /^basic +([A-Za-z0-9+/]+=*)$/i.exec(values[0]!)?.[1] : undefined;
    const bytes = credentials === undefined ? null : Buffer.from(credentials, 'base64');
    const colon = bytes === null ? -1 : bytes.indexOf(58);
    if (bytes === null || colon < 0) return refuse(exchange, this.refusal);
    const digest = createHmac('sha256', this.secret).update(bytes).digest('base64');
    const known = kept.get(digest, performance.now());
    if (known !== undefined) { setAuthorizer(exchange, known.result); return next(exchange); }
    const user = bytes.toString('utf8', 0, colon);
    // Somebody who is not there takes as long as somebody who is, always the same one.
    const hash = users.get(user) ?? hashes[createHmac('sha256', this.secret).update(bytes.subarray(0, colon)).digest().readUInt32LE() % hashes.length];
    if (hash === undefined) return refuse(exchange, this.refusal);
    const { kind } = hash;
    if (this.pending[kind] >= AT_ONCE[kind]) return refuse(exchange, BUSY);
    this.pending[kind]++;
    verifyPassword(bytes.subarray(colon + 1), hash, (isRight) => {
      this.pending[kind]--;
      try {
        // The file may have changed meanwhile: whose hash is another is no longer let in.
        if (!isRight || !isDeepStrictEqual(opened.users.get(user), hash)) return refuse(exchange, this.refusal);
        const result: AuthorizerResult = { values: { principalId: user }, event: { principalId: user }, usageIdentifierKey: undefined };
        kept.set(digest, { result, expires: performance.now() + KEPT_MS, weight: 200 });
        setAuthorizer(exchange, result);
        next(exchange);
      } catch (error) { exchange.gateway.onFault(exchange, error); }
    });
  }

  private read(environment: Environment, files: readonly string[]): Users {
    const users = new Map<string, PasswordHash>();
    const add = (user: string, text: string, where: string): void => {
      const hash = parsePasswordHash(text);
      if (typeof hash === 'string') throw new CannotStart(`${where}: user "${user}" has ${hash}`);
      users.set(user, hash);
    };
    for (const [user, text] of this.declared) {
      const variable = text.startsWith('env:') ? text.slice(4) : undefined;
      if (variable !== undefined && !environment[variable]) throw new CannotStart(`environment variable not set: ${variable} (user "${user}")`);
      add(user, variable === undefined ? text : environment[variable]!, `scheme "${this.scheme}"`);
    }
    for (const path of files) {
      let text: string;
      try { text = readFileSync(path, 'utf8'); } catch (error) { throw new CannotStart(`--htpasswd ${path}: ${(error as Error).message}`); }
      for (const line of text.split(/\r?\n/)) {
        const colon = line.indexOf(':');
        if (line.trim() === '' || line.startsWith('#')) continue;
        if (colon < 1) throw new CannotStart(`--htpasswd ${path}: a line without a user and a colon`);
        add(line.slice(0, colon), line.slice(colon + 1).trim(), `--htpasswd ${path}`);
      }
    }
    return users;
  }
}

/** One that cannot be used changes nothing. After a change everybody is checked anew. */
function look(opened: Opened): void {
  opened.lookedAt = performance.now();
  const now = opened.files.map(fileVersion).join();
  if (now === opened.seen) return;
  opened.seen = now;
  try {
    opened.users = opened.read();
    opened.hashes = [...opened.users.values()];
    opened.kept = new ResultCache();
    opened.log(`read ${opened.files.join(', ')} again: ${opened.users.size} users`);
  } catch (error) {
    opened.log(`kept the old users: ${(error as Error).message}`);
  }
}

function verifyPassword(password: Buffer, hash: PasswordHash, done: (isRight: boolean) => void): void {
  if (hash.kind === 'scrypt') return verifyScrypt(password, hash.scrypt, done);
  const text = password.toString('utf8');
  // bcrypt ends at a NUL, and what is not UTF-8 would become something else: neither is anybody's password. Who asks waits as long.
  const isText = !text.includes('\0') && Buffer.from(text, 'utf8').equals(password);
  verifyBcrypt(isText ? text : '', hash.text, (isRight) => done(isRight && isText));
}
