/** HTTP Basic authentication (RFC 7617) against users with scrypt hashes, from the document and from files given at start. */
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setAuthorizer, type AuthorizerResult } from './authorizer-result.js';
import { CannotStart } from '../cannot-start.js';
import type { Exchange } from '../exchange.js';
import type { GatewayState } from '../gateway-state.js';
import type { Flag, Given } from '../options.js';
import type { Refusal, Refuse, Step } from './refusal.js';
import { ResultCache, type Expiring } from './result-cache.js';
import { parseScryptHash, verifyScrypt, type ScryptHash } from './scrypt-hash.js';

export const HTPASSWD_FLAG: Flag = ['htpasswd', '[SCHEME=]FILE,…', 'users of http basic: lines of name:$scrypt$ln=15,r=8,p=1$salt$hash'];

type Environment = Readonly<Record<string, string | undefined>>;

/** Attempts that are worked on at a time; more are told to come again. */
const AT_ONCE = 64;
/** A user and password that were right are not hashed again for this long. */
const KEPT_MS = 300_000;
const LONGEST = 1_024;

interface Known extends Expiring { readonly result: AuthorizerResult }
interface Opened { readonly users: ReadonlyMap<string, ScryptHash>; readonly kept: ResultCache<Known> }

const BUSY: Refusal = { kind: 'busy', message: '', challenge: '', error: '' };

/** One scheme of the document. */
export class BasicAuthorizer {
  private readonly opened = new WeakMap<GatewayState, Opened>();
  /** Right passwords are remembered by their digest under a key of this process, not as what they are. */
  private readonly secret = randomBytes(32);
  private pending = 0;
  private readonly refusal: Refusal;

  constructor(readonly scheme: string, realm: string, private readonly declared: readonly (readonly [user: string, hash: string])[]) {
    this.refusal = { kind: 'unauthorized', message: '', challenge: `Basic realm="${realm.replace(/["\\]/g, '\\$&')}", charset="UTF-8"`, error: '' };
  }

  /** Throws CannotStart when a user has no usable hash; never shows one. */
  open(state: GatewayState, environment: Environment, given: Given | undefined): void {
    const users = new Map<string, ScryptHash>();
    const add = (user: string, text: string, where: string): void => {
      const hash = parseScryptHash(text);
      if (hash === undefined) throw new CannotStart(`${where}: user "${user}" has no scrypt hash ($scrypt$ln=15,r=8,p=1$salt$hash)`);
      users.set(user, hash);
    };
    for (const [user, text] of this.declared) {
      const variable = text.startsWith('env:') ? text.slice(4) : undefined;
      if (variable !== undefined && !environment[variable]) throw new CannotStart(`environment variable not set: ${variable} (user "${user}")`);
      add(user, variable === undefined ? text : environment[variable]!, `scheme "${this.scheme}"`);
    }
    for (const value of given?.['htpasswd'] ?? []) {
      const [, scheme, path] = /^([\w.-]+)=(.+)$/s.exec(value) ?? [undefined, this.scheme, value];
      if (scheme !== this.scheme) continue;
      let text: string;
      try { text = readFileSync(path!, 'utf8'); } catch (error) { throw new CannotStart(`--htpasswd ${path!}: ${(error as Error).message}`); }
      for (const line of text.split(/\r?\n/)) {
        const colon = line.indexOf(':');
        if (line.trim() === '' || line.startsWith('#')) continue;
        if (colon < 1) throw new CannotStart(`--htpasswd ${path!}: a line without a user and a colon`);
        add(line.slice(0, colon), line.slice(colon + 1).trim(), `--htpasswd ${path!}`);
      }
    }
    this.opened.set(state, { users, kept: new ResultCache() });
  }

  authorize(exchange: Exchange, next: Step, refuse: Refuse): void {
    const { users, kept } = this.opened.get(exchange.gateway)!;
    const values = exchange.head.all('authorization');
    const credentials = values.length === 1 && values[0]!.length <= LONGEST ? /^basic +([A-Za-z0-9+/]+=*)$/i.exec(values[0]!)?.[1] : undefined;
    const bytes = credentials === undefined ? null : Buffer.from(credentials, 'base64');
    const colon = bytes === null ? -1 : bytes.indexOf(58);
    if (bytes === null || colon < 0) return refuse(exchange, this.refusal);
    const digest = createHmac('sha256', this.secret).update(bytes).digest('base64');
    const known = kept.get(digest, performance.now());
    if (known !== undefined) { setAuthorizer(exchange, known.result); return next(exchange); }
    const user = bytes.toString('utf8', 0, colon);
    // Somebody who is not there takes as long as somebody who is.
    const hash = users.get(user) ?? users.values().next().value;
    if (hash === undefined) return refuse(exchange, this.refusal);
    if (this.pending >= AT_ONCE) return refuse(exchange, BUSY);
    this.pending++;
    verifyScrypt(bytes.subarray(colon + 1), hash, (isRight) => {
      this.pending--;
      try {
        if (!isRight || !users.has(user)) return refuse(exchange, this.refusal);
        const result: AuthorizerResult = { values: { principalId: user }, event: { principalId: user }, usageIdentifierKey: undefined };
        kept.set(digest, { result, expires: performance.now() + KEPT_MS, weight: 200 });
        setAuthorizer(exchange, result);
        next(exchange);
      } catch (error) { exchange.gateway.onFault(exchange, error); }
    });
  }
}
