/** Credentials on requests. How a scheme of the document travels is data here; the secret comes from the client's `auth`. */
import type { SentBody } from './open-types.js';

export interface Scheme {
  /** Property of the client's `auth`. */
  readonly key: string;
  /** Name of the header field, query parameter or cookie of an API key. */
  readonly name?: string;
  /** Adds the credential; may give back what to do about a 401. */
  readonly apply: (scheme: Scheme, credential: never, request: SignableRequest, cache: TokenCache) => Renewal | void | Promise<Renewal | void>;
  /** Runs after the others, because it covers what they add. */
  readonly signs?: boolean;
}

/** A token and when it ends (milliseconds since 1970), so that it is kept until shortly before. */
export interface AccessToken { readonly token: string; readonly expiresAt?: number }

/**
 * A secret, or where it comes from. A function is asked again when the service says 401; calls that wait for it share one run.
 * A plain string from it is used for the calls that waited, an `AccessToken` is kept until a minute before it ends.
 */
export type Secret = string | (() => string | AccessToken | Promise<string | AccessToken>);
export interface BasicCredentials { readonly username: string; readonly password: string }

/** A request on its way out; a signer may replace its body by the same bytes. */
export interface SignableRequest { readonly method: string; readonly url: URL; readonly headers: Headers; body: SentBody | undefined }
export type RequestSigner = (request: SignableRequest) => void | Promise<void>;

/** Forgets a refused token. */
export type Renewal = () => void;
/** Kept per client and secret source: the token in use and the run that fetches the next one. */
export type TokenCache = Map<Secret, { token?: AccessToken; running?: Promise<AccessToken> | undefined }>;

const RENEW_BEFORE_MS = 60_000;

/** `auth` has no prototype. Applies the first alternative whose credentials are all there; the request goes out as it is when there is none. */
export async function authenticate(request: SignableRequest, security: readonly (readonly Scheme[])[], auth: Readonly<Record<string, unknown>>, cache: TokenCache): Promise<Renewal[]> {
  const schemes = security.find((all) => all.length > 0 && all.every(({ key }) => auth[key] !== undefined)) ?? [];
  const renewals: Renewal[] = [];
  for (const scheme of [...schemes].sort((a, b) => Number(a.signs ?? 0) - Number(b.signs ?? 0))) {
    const renewal = await scheme.apply(scheme, auth[scheme.key] as never, request, cache);
    if (renewal) renewals.push(renewal);
  }
  return renewals;
}

export async function headerKey({ name }: Scheme, secret: Secret, { headers }: SignableRequest, cache: TokenCache): Promise<Renewal | void> {
  return withToken(secret, cache, (text) => headers.set(name!, text));
}

export async function queryKey({ name }: Scheme, secret: Secret, { url }: SignableRequest, cache: TokenCache): Promise<Renewal | void> {
  return withToken(secret, cache, (text) => { url.search += `${url.search ? '&' : '?'}${encodeURIComponent(name!)}=${encodeURIComponent(text)}`; });
}

/** Browsers send their own cookies only: see `fetchOptions` of the client. */
export async function cookieKey({ name }: Scheme, secret: Secret, { headers }: SignableRequest, cache: TokenCache): Promise<Renewal | void> {
  return withToken(secret, cache, (text) => headers.set('cookie', [headers.get('cookie'), `${name}=${encodeURIComponent(text)}`].filter(Boolean).join('; ')));
}

export async function bearer(_: Scheme, secret: Secret, { headers }: SignableRequest, cache: TokenCache): Promise<Renewal | void> {
  return withToken(secret, cache, (text) => headers.set('authorization', `Bearer ${text}`));
}

export function basic(_: Scheme, { username, password }: BasicCredentials, { headers }: SignableRequest): void {
  headers.set('authorization', `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}`);
}

export function sign(_: Scheme, signer: RequestSigner, request: SignableRequest): void | Promise<void> {
  return signer(request);
}

async function withToken(secret: Secret, cache: TokenCache, use: (text: string) => void): Promise<Renewal | void> {
  if (typeof secret === 'string') return use(secret);
  let entry = cache.get(secret);
  if (!entry) cache.set(secret, (entry = {}));
  const held = entry;
  let { token } = held;
  if (!token || (token.expiresAt ?? Infinity) - RENEW_BEFORE_MS <= Date.now()) {
    held.running ??= (async () => {
      try {
        const given = await secret();
        return typeof given === 'string' ? { token: given } : (held.token = given);
      } finally {
        held.running = undefined;
      }
    })();
    token = await held.running;
  }
  use(token.token);
  // Another call may have renewed it meanwhile.
  return () => { if (held.token === token) delete held.token; };
}
