/**
 * Credentials as the AWS SDKs find them: environment, web identity, profile files, container endpoint, EC2 instance. Fetched once,
 * shared by all callers, renewed before they expire. Nothing here ever prints a key.
 */
import { containerCredentials } from './credential-sources/container.js';
import { environmentCredentials } from './credential-sources/environment.js';
import { instanceCredentials } from './credential-sources/instance.js';
import { profileCredentials } from './credential-sources/profile.js';
import { webIdentityCredentials } from './credential-sources/web-identity.js';
import type { Exchange } from '../exchange.js';
import type { AwsCredentials } from './sigv4.js';

/** A source answers null when it is not configured, and throws with a reason when it is and fails. */
export type CredentialSource = () => Promise<AwsCredentials | null>;

/** In this order. The first that is configured decides, even if it fails: falling through would use somebody else's rights. */
const SOURCES: readonly CredentialSource[] = [environmentCredentials, webIdentityCredentials, profileCredentials, containerCredentials, instanceCredentials];

/** New ones are fetched in the background from here on … */
const RENEW_BEFORE_MS = 300_000;
/** … and old ones are not used any more from here on. */
const UNUSABLE_BEFORE_MS = 10_000;
/** After a failure nobody asks again for this long … */
const RETRY_AFTER_MS = 5_000;
/** … and on a machine that has no credentials at all not for this long: looking for an EC2 instance takes a second. */
const LOOK_AGAIN_AFTER_MS = 60_000;

/** Told either credentials or why there are none. */
export type UseCredentials = (credentials: AwsCredentials | null, problem: string) => void;

export interface CredentialCache {
  /** Calls `use` at once when credentials are at hand. */
  get(use: UseCredentials): void;
  /** AWS refused these: they are not used again. */
  forget(credentials: AwsCredentials): void;
}

/** Whose keys a call is signed with. `mustSign`: it goes to AWS itself, not to an emulator. */
export type CredentialsFor = (endpoint: { readonly mustSign: boolean }, exchange: Exchange) => CredentialCache;

export function credentialCache(sources: readonly CredentialSource[], now: () => number = Date.now): CredentialCache {
  let known: AwsCredentials | null = null;
  let problem = '';
  let askAgainAt = 0;
  let fetching = false;
  const waiting: UseCredentials[] = [];

  const settle = (credentials: AwsCredentials | null, text: string, retryAfterMs: number): void => {
    fetching = false;
    // What failed in the background does not spoil what is still good.
    if (credentials !== null || !usable()) known = credentials;
    problem = text;
    askAgainAt = credentials === null ? now() + retryAfterMs : 0;
    for (const use of waiting.splice(0)) use(usable() ? known : null, problem);
  };
  const fetch = (): void => {
    fetching = true;
    first(sources).then((credentials) => settle(credentials, credentials === null ? 'no AWS credentials were found (environment, web identity, profile, container, instance)' : '', LOOK_AGAIN_AFTER_MS),
      (error: unknown) => settle(null, error instanceof Error ? error.message : String(error), RETRY_AFTER_MS));
  };
  const usable = (): boolean => known !== null && now() < known.expiresAt - UNUSABLE_BEFORE_MS;

  return {
    get(use) {
      const time = now();
      const good = usable();
      if (!fetching && time >= askAgainAt && (!good || time >= known!.expiresAt - RENEW_BEFORE_MS)) fetch();
      if (good) use(known, '');
      else if (fetching) waiting.push(use);
      else use(null, problem);
    },
    forget(credentials) {
      if (known === credentials) known = null;
    },
  };
}

async function first(sources: readonly CredentialSource[]): Promise<AwsCredentials | null> {
  for (const source of sources) {
    const credentials = await source();
    if (credentials !== null) return credentials;
  }
  return null;
}

let shared: CredentialCache | null = null;

/** The process's own. */
export function awsCredentials(): CredentialCache {
  return shared ??= credentialCache(SOURCES);
}

/** Keys for one request: whoever gives them out may take longer than the client is made to wait. `deadline`: performance.now() ms. */
export function credentialsInTime(exchange: Exchange, cache: CredentialCache, deadline: number, use: UseCredentials, late: () => void): void {
  let waiting = true;
  let timer: NodeJS.Timeout | null = null;
  const settle = (end: () => void): void => {
    waiting = false;
    if (timer !== null) clearTimeout(timer);
    // Others wait for the same keys: what goes wrong here is this request's alone.
    try { end(); } catch (error) { exchange.gateway.onFault(exchange, error); }
  };
  cache.get((credentials, problem) => { if (waiting) settle(() => use(credentials, problem)); });
  if (waiting) timer = setTimeout(() => settle(late), Math.max(1, deadline - performance.now()));
}
