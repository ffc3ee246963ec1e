/** JWT authorizers (auth.md §8): a token of a known issuer for a known audience, with one of the route's scopes. Verified once, then remembered until it expires. */
import { hash } from 'node:crypto';
import { setAuthorizer, type AuthorizerResult } from './authorizer-result.js';
import type { Exchange } from '../exchange.js';
import { executionLog } from '../execution-log.js';
import { CommunicationError, KeySet, type LocateKeys } from './jwt-keys.js';
import { checkTimes, scopesOf, TokenError, verifyToken, type Claims } from './jwt-verify.js';
import { setOwn } from '../lambda/event-fields.js';
import type { Refuse, Step } from './refusal.js';
import { ResultCache, type Expiring } from './result-cache.js';

export interface JwtSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Seconds by which clocks may differ. */
  readonly skew: number;
}

interface Verified extends Expiring {
  readonly kid: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  /** For each route's list of scopes what the authorizer says. */
  readonly results: Map<readonly string[], AuthorizerResult | null>;
}

/** One authorizer of the document. Remembers digests of tokens, not tokens, and forgets them when their key is no longer published. */
export class JwtAuthorizer {
  readonly keys: KeySet;
  readonly verified = new ResultCache<Verified>();
  constructor(readonly settings: JwtSettings, locate: LocateKeys) { this.keys = new KeySet(locate); }
}

/** `token`: the value of the identity source. `scopes`: the route's, one of which the token must have; empty: any token will do. */
export function authorizeByJwt(exchange: Exchange, authorizer: JwtAuthorizer, token: string | undefined, scopes: readonly string[], next: Step, refuse: Refuse): void {
  if (token === undefined || token === '') return refuse(exchange, { kind: 'unauthorized', message: '', challenge: 'Bearer', error: '' });
  const bare = /^bearer /i.test(token) ? token.slice(7).trim() : token;
  const digest = hash('sha256', bare, 'base64');
  const known = authorizer.verified.get(digest, Date.now());
  if (known !== undefined && authorizer.keys.has(known.kid)) return admit(exchange, known, scopes, next, refuse);
  verify(authorizer, bare).then((verified) => {
    authorizer.verified.set(digest, verified);
    admit(exchange, verified, scopes, next, refuse);
  }, (error: unknown) => {
    if (!(error instanceof TokenError) && !(error instanceof CommunicationError)) throw error;
    if (error instanceof CommunicationError) executionLog(exchange, `${error.message}: ${error.cause instanceof Error ? error.cause.message : ''}`);
    refuse(exchange, { kind: 'unauthorized', message: '', challenge: `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${error.message}"`, error: `invalid_token: ${error.message}` });
  }).catch((error: unknown) => exchange.gateway.onFault(exchange, error));
}

async function verify({ settings, keys }: JwtAuthorizer, token: string): Promise<Verified> {
  const { claims, kid } = await verifyToken(token, keys, settings.algorithms);
  if (claims['iss'] !== settings.issuer) throw new TokenError('the token does not have a valid issuer');
  const { aud = claims['client_id'] } = claims;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.some((each) => typeof each === 'string' && settings.audience.includes(each))) throw new TokenError('the token does not have a valid audience');
  const expires = checkTimes(claims, settings.skew, Date.now());
  return { kid, expires, weight: 2 * token.length, claims: claimTexts(claims), scopes: scopesOf(claims), results: new Map() };
}

function admit(exchange: Exchange, verified: Verified, scopes: readonly string[], next: Step, refuse: Refuse): void {
  let result = verified.results.get(scopes);
  if (result === undefined) verified.results.set(scopes, (result = resultFor(verified, scopes)));
  if (result !== null) {
    setAuthorizer(exchange, result);
    return next(exchange);
  }
  refuse(exchange, { kind: 'denied', message: 'Forbidden', challenge: `Bearer scope="${scopes.join(' ')}" error="insufficient_scope" error_description="expected scopes: [${scopes.join(' ')}]"`, error: `insufficient_scope: expected scopes: [${scopes.join(' ')}]` });
}

/** null: the token has none of the route's scopes. */
function resultFor({ claims, scopes: held }: Verified, wanted: readonly string[]): AuthorizerResult | null {
  const scopes = wanted.length === 0 ? null : wanted.filter((scope) => held.includes(scope));
  if (scopes !== null && scopes.length === 0) return null;
  return { values: { claims, scopes }, event: { jwt: { claims, scopes } }, usageIdentifierKey: undefined };
}

/** Every claim as text: lists as `[a b]`, objects as JSON, null not at all (auth.md §8.5). */
function claimTexts(claims: Claims): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(claims)) {
    const value = claims[name];
    if (value === null || value === undefined) continue;
    setOwn(texts, name, Array.isArray(value) ? `[${value.map(text).join(' ')}]` : text(value));
  }
  return texts;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
