/** Whose signatures a gateway knows: callers that `x-gwc.callers` declares, and the profiles of a credentials file. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AuthorizerResult } from './authorizer-result.js';
import { readProfiles } from '../aws/credential-sources/profile-file.js';
import { CannotStart } from '../cannot-start.js';
import { fileVersion } from './file-version.js';
import { NO_ACCOUNT } from '../gateway.js';
import type { GatewayState } from '../gateway-state.js';
import type { SigningCaller } from './iam-signature.js';
import { parseConditions } from './policy/conditions.js';
import { resourceMatcher } from './policy/patterns.js';
import { parsePolicy, type Dialect, type Policy } from './policy/policy.js';

/** What is known of a caller besides the keys. */
export interface CallerFacts {
  /** '': a user of the API's account with the caller's name. */
  readonly arn: string;
  /** Policy document; null: the caller has none. */
  readonly policy: object | null;
  /** `aws:userid`; '': the access key. */
  readonly userId: string;
  /** `aws:PrincipalOrgID`; '': none. */
  readonly organization: string;
  /** `aws:PrincipalTag/<name>`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A declaration. Texts that begin with `env:` are read when the gateway starts; a caller without keys takes them from the profile of its name. */
export interface CallerDeclaration extends CallerFacts {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Caller extends SigningCaller, CallerFacts {
  readonly account: string;
  readonly statements: Policy;
  /** Epoch milliseconds; Infinity for long-term keys. */
  readonly expiresAt: number;
  readonly result: AuthorizerResult;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Policies of identities name resources of any API by their ARN. */
export const IDENTITY_DIALECT: Dialect = { resource: resourceMatcher, condition: (element) => parseConditions(element), hasPrincipal: false };

/** A changed file counts for requests that come this long after the change. */
const LOOK_EVERY_MS = 500;

/** Callers by access key. With a file it is read again when it changes; one that cannot be used changes nothing. */
export class Callers {
  private byKey: ReadonlyMap<string, Caller>;
  private seen = '';
  private lookedAt = 0;

  /** Throws CannotStart when something is missing or cannot be used; never shows a secret. */
  constructor(private readonly state: GatewayState, private readonly declarations: readonly CallerDeclaration[], private readonly environment: Environment, private readonly file: string | undefined) {
    this.seen = file === undefined ? '' : fileVersion(file);
    this.byKey = this.read();
    this.lookedAt = performance.now();
  }

  get(accessKeyId: string): Caller | undefined {
    if (this.file !== undefined && performance.now() - this.lookedAt > LOOK_EVERY_MS) this.look();
    return this.byKey.get(accessKeyId);
  }

  private look(): void {
    this.lookedAt = performance.now();
    const now = fileVersion(this.file!);
    if (now === this.seen) return;
    this.seen = now;
    try {
      this.byKey = this.read();
      this.state.log(`read ${this.file!} again: ${this.byKey.size} access keys`);
    } catch (error) {
      this.state.log(`kept the old IAM credentials: ${(error as Error).message}`);
    }
  }

  private read(): ReadonlyMap<string, Caller> {
    const callers = new Map<string, Caller>();
    const add = (name: string, keys: SigningCaller, facts: CallerFacts, expiresAt: number): void => {
      if (callers.has(keys.accessKeyId)) throw new CannotStart(`two callers have the same access key: "${name}" is the second`);
      callers.set(keys.accessKeyId, callerOf(name, keys, facts, expiresAt, this.state.accountId));
    };
    const missing: string[] = [];
    for (const declared of this.declarations) {
      const { name, accessKeyId, secretAccessKey, sessionToken } = declared;
      if (accessKeyId === '') continue;
      const read = (text: string): string => {
        if (!text.startsWith('env:')) return text;
        const value = this.environment[text.slice(4)];
        if (value === undefined || value === '') missing.push(`${text.slice(4)} (caller "${name}")`);
        return value ?? '';
      };
      const keys = { accessKeyId: read(accessKeyId), secretAccessKey: read(secretAccessKey), sessionToken: read(sessionToken) };
      if (missing.length === 0) add(name, keys, declared, Infinity);
    }
    if (missing.length > 0) throw new CannotStart(`environment variable${missing.length > 1 ? 's' : ''} not set: ${missing.join(', ')}`);
    if (this.file !== undefined) this.readFile(this.file, add);
    return callers;
  }

  private readFile(file: string, add: (name: string, keys: SigningCaller, facts: CallerFacts, expiresAt: number) => void): void {
    let text: string;
    try { text = readFileSync(file, 'utf8'); } catch (error) { throw new CannotStart(`--iam-credentials ${file}: ${(error as Error).message}`); }
    for (const { name, keys, facts, expiresAt } of readCredentialsFile(text, dirname(file), `--iam-credentials ${file}`)) add(name, keys, factsOf(facts, this.declarations.find((each) => each.name === name)), expiresAt);
  }
}

/** Facts as they are given outside of the document: '' and null say nothing. */
export interface GivenFacts extends Omit<CallerFacts, 'tags'> { readonly tags: CallerFacts['tags'] | null }

export interface CredentialsProfile { readonly name: string; readonly keys: SigningCaller; readonly facts: GivenFacts; readonly expiresAt: number }

/** Profiles with AWS's keys; `gwc_arn`, `gwc_policy` (a file in `folder`), `gwc_user_id`, `gwc_org_id`, `gwc_tags` (`a=1,b=2`), `gwc_expiration`. Throws CannotStart; its message shows no secret. */
export function readCredentialsFile(text: string, folder: string, where: string): CredentialsProfile[] {
  return [...readProfiles('', text)].flatMap(([name, profile]) => {
    const problem = (what: string): CannotStart => new CannotStart(`${where}: profile "${name}" ${what}`);
    const { aws_access_key_id: accessKeyId = '', aws_secret_access_key: secretAccessKey = '', aws_session_token: sessionToken = '' } = profile;
    if (accessKeyId === '' && secretAccessKey === '') return [];
    if (!/^\w{16,128}$/.test(accessKeyId)) throw problem('has no aws_access_key_id of 16 to 128 letters and digits');
    // An empty secret is one that everybody knows.
    if (secretAccessKey === '') throw problem('has no aws_secret_access_key');
    const arn = profile['gwc_arn'] ?? '';
    if (arn !== '' && !CALLER_ARN.test(arn)) throw problem(`has a gwc_arn that is none: "${arn}"`);
    const expiration = profile['gwc_expiration'];
    const expiresAt = expiration === undefined ? Infinity : Date.parse(expiration);
    if (Number.isNaN(expiresAt)) throw problem('has a gwc_expiration that is no date');
    const policyFile = profile['gwc_policy'];
    const policy = policyFile === undefined ? null : readPolicy(resolve(folder, policyFile), problem);
    const tags = profile['gwc_tags'];
    return [{ name, keys: { accessKeyId, secretAccessKey, sessionToken }, facts: { arn, policy, userId: profile['gwc_user_id'] ?? '', organization: profile['gwc_org_id'] ?? '', tags: tags === undefined ? null : readTags(tags) }, expiresAt }];
  });
}

/** What is said of a caller outside of the document stands over what the document declares under the same name. */
export function factsOf(given: GivenFacts, declared: CallerDeclaration | undefined): CallerFacts {
  return { arn: given.arn || declared?.arn || '', policy: given.policy ?? declared?.policy ?? null, userId: given.userId || declared?.userId || '', organization: given.organization || declared?.organization || '', tags: given.tags ?? declared?.tags ?? {} };
}

export const CALLER_ARN = /^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:user|role|assumed-role|root)[\w+=,.@/-]*$/;

const ofResult = /* @__PURE__ */ new WeakMap<AuthorizerResult, Caller>();

/** Whose result of an authorization this is. */
export function callerOfResult(result: AuthorizerResult): Caller | undefined { return ofResult.get(result); }

/** Throws CannotStart when the policy is none. */
export function callerOf(name: string, keys: SigningCaller, facts: CallerFacts, expiresAt: number, apiAccount: string): Caller {
  const statements = facts.policy === null ? [] : parsePolicy(facts.policy, IDENTITY_DIALECT);
  if (typeof statements === 'string') throw new CannotStart(`the policy of caller "${name}" is none: ${statements}`);
  const arn = facts.arn === '' ? `arn:aws:iam::${apiAccount}:user/${name.replace(/[^\w+=,.@-]/g, '-')}` : facts.arn;
  const account = arn.split(':')[4]!;
  const id = facts.userId === '' ? keys.accessKeyId : facts.userId;
  const organization = facts.organization === '' ? null : facts.organization;
  const identity = { accessKey: keys.accessKeyId, accountId: account, caller: id, user: id, userArn: arn, ...(organization === null ? {} : { principalOrgId: organization }) };
  const event = { iam: { accessKey: keys.accessKeyId, accountId: account, callerId: id, cognitoIdentity: null, principalOrgId: organization, userArn: arn, userId: id } };
  const caller: Caller = { ...facts, ...keys, arn, account, statements, expiresAt, result: { values: {}, identity, event, usageIdentifierKey: undefined } };
  ofResult.set(caller.result, caller);
  return caller;
}

/** Between the caller's account and the API's both policies must allow; where nobody says which account the API's is, callers belong to it. */
export function isForeign(caller: Caller, apiAccount: string): boolean {
  return apiAccount !== NO_ACCOUNT && caller.account !== apiAccount;
}

function readPolicy(file: string, problem: (what: string) => CannotStart): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object;
  } catch (error) {
    throw problem(`has a gwc_policy that cannot be read: ${(error as Error).message}`);
  }
}

function readTags(text: string): Record<string, string> {
  return Object.fromEntries(text.split(',').map((item) => { const equals = item.indexOf('='); return equals < 0 ? [item.trim(), ''] : [item.slice(0, equals).trim(), item.slice(equals + 1).trim()]; }));
}
