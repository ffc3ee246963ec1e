/** Cognito user pools as authorizers of REST APIs (auth.md §7): an identity token, or where the method has scopes an access token. */
import { hash } from 'node:crypto';
import { setAuthorizer, type AuthorizerResult } from './authorizer-result.js';
import type { Exchange } from '../exchange.js';
import { executionLog } from '../execution-log.js';
import { CommunicationError, KeySet, published } from './jwt-keys.js';
import { checkTimes, scopesOf, TokenError, verifyToken, type Claims } from './jwt-verify.js';
import { setOwn } from '../lambda/event-fields.js';
import { CONFIGURATION, UNAUTHORIZED, type Refusal, type Refuse, type Step } from './refusal.js';
import { ResultCache, type Expiring } from './result-cache.js';

export interface UserPool { readonly region: string; readonly id: string }

interface Verified extends Expiring {
  readonly pool: KeySet;
  readonly kid: string;
  readonly isAccess: boolean;
  readonly scopes: readonly string[];
  readonly result: AuthorizerResult;
}

const EXPIRED: Refusal = { kind: 'unauthorized', message: 'The incoming token has expired', challenge: '', error: 'The incoming token has expired' };
const ALGORITHMS = ['RS256'];

export class CognitoAuthorizer {
  readonly verified = new ResultCache<Verified>();
  private sets: Map<string, KeySet> | null = null;

  /** `fits`: what `identityValidationExpression` says of an identity token's audience; null when there is none. */
  constructor(private readonly pools: readonly UserPool[], readonly fits: ((audience: string) => boolean) | null) {}

  /** Key sets by issuer. `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER` names an emulator, whose tokens have its URL as issuer. */
  keys(issuer: string): KeySet | undefined {
    if (this.sets === null) {
      const endpoint = process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'];
      this.sets = new Map(this.pools.map(({ region, id }) => {
        const url = `${endpoint ? endpoint.replace(/\/+$/, '') : `https://cognito-idp.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`}/${id}`;
        return [url, new KeySet(published(`${url}/.well-known/jwks.json`))] as const;
      }));
    }
    return this.sets.get(issuer);
  }
}

/** `token`: the header, with or without `Bearer`. `scopes`: the method's; without any the token must be an identity token. */
export function authorizeByCognito(exchange: Exchange, authorizer: CognitoAuthorizer, token: string | undefined, scopes: readonly string[], next: Step, refuse: Refuse): void {
  if (token === undefined || token === '') return refuse(exchange, UNAUTHORIZED);
  const bare = /^bearer /i.test(token) ? token.slice(7).trim() : token;
  const digest = hash('sha256', bare, 'base64');
  const known = authorizer.verified.get(digest, Date.now());
  if (known !== undefined && known.pool.has(known.kid)) return admit(exchange, known, scopes, next, refuse);
  verify(authorizer, bare).then((verified) => {
    authorizer.verified.set(digest, verified);
    admit(exchange, verified, scopes, next, refuse);
  }, (error: unknown) => {
    if (error instanceof CommunicationError) {
      executionLog(exchange, `Execution failed due to configuration error: ${error.message}: ${error.cause instanceof Error ? error.cause.message : ''}`);
      return refuse(exchange, CONFIGURATION);
    }
    if (!(error instanceof TokenError)) throw error;
    refuse(exchange, error.message === 'the token has expired' ? EXPIRED : { ...UNAUTHORIZED, error: error.message });
  }).catch((error: unknown) => exchange.gateway.onFault(exchange, error));
}

async function verify(authorizer: CognitoAuthorizer, token: string): Promise<Verified> {
  // Which pool is what the token claims; that the pool signed it is verified next, and the claim again with it.
  const pool = authorizer.keys(issuerOf(token));
  if (pool === undefined) throw new TokenError('the token does not have a valid issuer');
  const { claims, kid } = await verifyToken(token, pool, ALGORITHMS);
  if (typeof claims['iss'] !== 'string' || authorizer.keys(claims['iss']) !== pool) throw new TokenError('the token does not have a valid issuer');
  const expires = checkTimes(claims, 0, Date.now());
  const use = claims['token_use'];
  if (use !== 'id' && use !== 'access') throw new TokenError('the token is neither an identity token nor an access token');
  if (authorizer.fits !== null) {
    const { aud } = claims;
    if (typeof aud !== 'string' || !authorizer.fits(aud)) throw new TokenError('the token does not have a valid audience');
  }
  const texts = claimTexts(claims);
  return { pool, kid, expires, weight: 2 * token.length, isAccess: use === 'access', scopes: scopesOf(claims), result: { values: { claims: texts }, event: { claims: texts }, usageIdentifierKey: undefined } };
}

function issuerOf(token: string): string {
  try {
    const { iss } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { iss?: unknown };
    return typeof iss === 'string' ? iss : '';
  } catch { return ''; }
}

function admit(exchange: Exchange, { isAccess, scopes: held, result }: Verified, scopes: readonly string[], next: Step, refuse: Refuse): void {
  const isAllowed = scopes.length === 0 ? !isAccess : isAccess && scopes.some((scope) => held.includes(scope));
  if (!isAllowed) return refuse(exchange, UNAUTHORIZED);
  setAuthorizer(exchange, result);
  next(exchange);
}

/** Every claim as text: lists with commas, times as Java prints them [O]. */
function claimTexts(claims: Claims): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(claims)) {
    const value = claims[name];
    if (value === null || value === undefined) continue;
    setOwn(texts, name, (name === 'exp' || name === 'iat') && typeof value === 'number' ? javaDate(value) : Array.isArray(value) ? value.map(text).join(',') : text(value));
  }
  return texts;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `Sun Mar 28 13:40:42 UTC 2021`. */
function javaDate(seconds: number): string {
  const time = new Date(seconds * 1_000);
  if (Number.isNaN(time.getTime())) return String(seconds);
  const [, day, date, month, year, clock] = /^(\w{3}), (\d{2}) (\w{3}) (\d{4}) ([\d:]{8})/.exec(time.toUTCString()) ?? [];
  return day === undefined ? String(seconds) : `${day} ${month} ${date} ${clock} UTC ${year}`;
}
