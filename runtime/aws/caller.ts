/** The keys of whoever signed the request, for integrations with `credentials: arn:aws:iam::*:user/*`. */
import { signingCaller } from '../access/authorize-iam.js';
import type { CredentialCache } from './credentials.js';
import type { Exchange } from '../exchange.js';
import type { SigningCaller } from '../access/iam-signature.js';

/** Callers are declared: they are few and live as long as their gateway. */
const caches = /* @__PURE__ */ new WeakMap<SigningCaller, CredentialCache>();

const UNKNOWN: CredentialCache = {
  get(use) { use(null, "the caller's identity is asked for, but nobody signed the request"); },
  forget() { /* there are none */ },
};

export function callerCredentials(_endpoint: { readonly mustSign: boolean }, exchange: Exchange): CredentialCache {
  const caller = signingCaller(exchange);
  if (caller === undefined) return UNKNOWN;
  let cache = caches.get(caller);
  if (cache === undefined) caches.set(caller, (cache = fixed(caller)));
  return cache;
}

/** What AWS thinks of the keys is between AWS and the caller: they are never replaced. */
function fixed({ accessKeyId, secretAccessKey, sessionToken }: SigningCaller): CredentialCache {
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiresAt: Infinity };
  return { get(use) { use(credentials, ''); }, forget() { /* there are no others */ } };
}
