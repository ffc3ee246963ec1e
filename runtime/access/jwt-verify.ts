/** Signed tokens (RFC 7519, RFC 7515) and who signed them. Follows RFC 8725 ("JSON Web Token Best Current Practices"). */
import { compactVerify, importJWK } from 'jose';
import type { KeySet, PublishedKey } from './jwt-keys.js';

export type Claims = Readonly<Record<string, unknown>>;

/** Why a token is none: for the client, so it repeats nothing of the token. */
export class TokenError extends Error {}

/** Longer ones are not looked at. */
const LONGEST = 16_384;

type ImportedKey = Awaited<ReturnType<typeof importJWK>>;
/** Imported once, for one algorithm each. */
const imported = new WeakMap<PublishedKey, Map<string, Promise<ImportedKey>>>();

/**
 * The claims of a token that `keys` has signed with one of `algorithms`. Rejects with a TokenError, or a CommunicationError when the keys cannot be had.
 * The algorithm is the gateway's choice, not the token's: a key is used only for what it is made for. `jku`, `jwk`, `x5u` and `x5c` of the token mean nothing here.
 */
export async function verifyToken(token: string, keys: KeySet, algorithms: readonly string[]): Promise<{ claims: Claims; kid: string }> {
  if (token.length > LONGEST) throw new TokenError('the token is too large');
  const segments = token.split('.');
  if (segments.length !== 3) throw new TokenError('token contains an invalid number of segments');
  const header = decode(segments[0]!);
  const { alg, kid, crit } = header;
  if (typeof alg !== 'string' || !algorithms.includes(alg)) throw new TokenError('the token is signed with an unsupported algorithm');
  if (crit !== undefined || header['b64'] !== undefined) throw new TokenError('the token has an unsupported header');
  if (typeof kid !== 'string' || kid === '' || kid.length > 256) throw new TokenError('the token does not have a key ID');
  const key = (await keys.find(kid)).find((each) => fits(each, alg));
  if (key === undefined) throw new TokenError('the token is signed with an unknown key');
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(token, await importKey(key, alg), { algorithms: [alg] }));
  } catch { throw new TokenError('the token signature is invalid'); }
  return { claims: parse(Buffer.from(payload).toString('utf8')), kid };
}

/** Whether a published key may verify `alg` (RFC 7518 §3.1, RFC 8037). */
function fits(key: PublishedKey, alg: string): boolean {
  if (key['alg'] !== undefined && key['alg'] !== alg) return false;
  if (Array.isArray(key['key_ops']) && !key['key_ops'].includes('verify')) return false;
  if (alg.startsWith('RS') || alg.startsWith('PS')) return key.kty === 'RSA';
  if (alg.startsWith('ES')) return key.kty === 'EC';
  return key.kty === 'OKP';
}

function importKey(key: PublishedKey, alg: string): Promise<ImportedKey> {
  let forKey = imported.get(key);
  if (forKey === undefined) imported.set(key, (forKey = new Map()));
  let promise = forKey.get(alg);
  if (promise === undefined) {
    const { kty, n, e, crv, x, y } = key;
    // Of a key only what makes it one: nothing else in the document has a say.
    promise = importJWK(JSON.parse(JSON.stringify({ kty, n, e, crv, x, y })) as Parameters<typeof importJWK>[0], alg);
    forKey.set(alg, promise);
  }
  return promise;
}

function decode(segment: string): Claims {
  // Nothing but base64url: Buffer would skip over whatever else stands in between.
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) throw new TokenError('token contains an invalid segment');
  return parse(Buffer.from(segment, 'base64url').toString('utf8'));
}

function parse(text: string): Claims {
  let value: unknown;
  try { value = JSON.parse(text); } catch { /* refused below */ }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TokenError('token contains an invalid segment');
  return value as Claims;
}

/** Times of a token, in seconds. `skew`: by how much clocks may differ. Returns ms from which on it has expired. */
export function checkTimes(claims: Claims, skew: number, nowMs: number): number {
  const { exp, nbf, iat } = claims;
  const now = Math.floor(nowMs / 1_000);
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw new TokenError('the token does not have an expiration time');
  if (exp + skew <= now) throw new TokenError('the token has expired');
  for (const time of [nbf, iat]) {
    if (time === undefined) continue;
    if (typeof time !== 'number' || time - skew > now) throw new TokenError('the token is not valid yet');
  }
  return (exp + skew) * 1_000;
}

/** Scopes of a token: `scope` (RFC 9068) or `scp`, as a text with blanks or a list. */
export function scopesOf(claims: Claims): readonly string[] {
  const scope = claims['scope'] ?? claims['scp'];
  if (typeof scope === 'string') return scope.split(' ').filter((each) => each !== '');
  return Array.isArray(scope) ? scope.filter((each): each is string => typeof each === 'string') : [];
}
