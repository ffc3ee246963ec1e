/** Requests signed with AWS Signature Version 4, verified (auth.md §4; IAM User Guide, "Create a signed AWS API request"). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ALGORITHM, authorizationParameters } from './authorization-header.js';
import { sentMethod, type Exchange } from '../exchange.js';
import { latin1 } from '../request-values.js';
import { amzDate, canonicalRequest, decodeQueryPart, deriveKey, stringToSign } from '../aws/sigv4.js';

export interface SigningCaller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** '' for long-term keys. */
  readonly sessionToken: string;
  /** Epoch milliseconds; Infinity for long-term keys. */
  readonly expiresAt?: number;
}

/** Why a signature is none. `message` is API Gateway's own. */
export interface SignatureFault { readonly kind: 'missing' | 'incomplete' | 'unknown' | 'expired' | 'signature'; readonly message: string }

export interface Signature {
  readonly accessKeyId: string;
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly token: string;
  /** Seconds; -1 for the header form. */
  readonly expires: number;
  readonly unsignedPayload: boolean;
}

const SKEW_MS = 300_000;
const LONGEST_S = 604_800;

/** Who signed the request, or why nobody did. The whole body is in `exchange.body`. `region` '': whichever the signer chose. */
export function verifySignature<C extends SigningCaller>(exchange: Exchange, callers: { get(accessKeyId: string): C | undefined }, region: string, now = Date.now(), service: 'execute-api' | 'apigateway' = 'execute-api'): C | SignatureFault {
  const signature = readSignature(exchange);
  return 'kind' in signature ? signature : verifyRead(exchange, signature, callers, region, now, service);
}

/** The same when the signature has been read. */
export function verifyRead<C extends SigningCaller>(exchange: Exchange, signature: Signature, callers: { get(accessKeyId: string): C | undefined }, region: string, now = Date.now(), service: 'execute-api' | 'apigateway' = 'execute-api'): C | SignatureFault {
  const { scope, date, signedHeaders } = signature;
  let misplaced = '';
  if (region !== '' && scope[1] !== region) misplaced += 'Credential should be scoped to a valid region. ';
  if (scope[2] !== service) misplaced += `Credential should be scoped to correct service: '${service}'. `;
  if (scope[3] !== 'aws4_request') misplaced += "Credential should be scoped with a valid terminator: 'aws4_request'. ";
  if (scope[0] !== date.slice(0, 8)) misplaced += 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. ';
  if (misplaced !== '') return { kind: 'signature', message: misplaced };
  if (!signedHeaders.includes('host')) return { kind: 'signature', message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization." };
  const loose = unsignedAmzHeader(exchange, signedHeaders);
  if (loose !== undefined) return { kind: 'signature', message: `There were headers present in the request which were not signed: ${loose}` };
  const caller = callers.get(signature.accessKeyId);
  if (caller === undefined || !equal(caller.sessionToken, signature.token)) return { kind: 'unknown', message: 'The security token included in the request is invalid.' };
  if (caller.expiresAt !== undefined && caller.expiresAt <= now) return { kind: 'expired', message: 'The security token included in the request is expired' };
  const late = checkTime(signature, now);
  if (late !== undefined) return { kind: 'signature', message: late };
  const canonical = canonicalOf(exchange, signature, service);
  const toSign = stringToSign(date, scope.join('/'), canonical);
  const expected = createHmac('sha256', keyOf(caller, scope[0]!, scope[1]!, service)).update(toSign).digest('hex');
  if (equal(expected, signature.signature)) return caller;
  return { kind: 'signature', message: `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n` };
}

/** The key of a day, kept with its caller: deriving it costs more than all the rest. */
function keyOf(caller: SigningCaller, day: string, region: string, service: string): Buffer {
  const kept = derived.get(caller);
  if (kept !== undefined && kept.day === day && kept.region === region && kept.service === service) return kept.key;
  const key = deriveKey(caller.secretAccessKey, day, { region, service });
  derived.set(caller, { day, region, service, key });
  return key;
}

const derived = /* @__PURE__ */ new WeakMap<SigningCaller, { readonly day: string; readonly region: string; readonly service: string; readonly key: Buffer }>();

/** In constant time for texts of one length. */
function equal(a: string, b: string): boolean {
  const x = Buffer.from(a, 'utf8'), y = Buffer.from(b, 'utf8');
  return x.length === y.length && timingSafeEqual(x, y);
}

/** What the request says of its signature, in header or query. */
export function readSignature(exchange: Exchange): Signature | SignatureFault {
  const headers = exchange.head.all('authorization');
  if (headers.length === 0) return readPresigned(exchange);
  const parameters = authorizationParameters(exchange, headers);
  if (typeof parameters === 'string') return { kind: 'incomplete', message: parameters };
  return parts(parameters.get('Credential')!, parameters.get('SignedHeaders')!, parameters.get('Signature')!, exchange.head.get('x-amz-date')!, exchange.head.get('x-amz-security-token') ?? '', -1, false);
}

/** The query form, for links that are handed on. */
function readPresigned(exchange: Exchange): Signature | SignatureFault {
  const query = new Map<string, string>();
  for (const pair of rawQuery(exchange).split('&')) {
    const equals = pair.indexOf('=');
    const name = decodeQueryPart(equals < 0 ? pair : pair.slice(0, equals));
    if (!name.startsWith('X-Amz-')) continue;
    if (query.has(name)) return { kind: 'incomplete', message: `Query-string parameter '${name.slice(0, 50)}' occurs twice.` };
    query.set(name, equals < 0 ? '' : decodeQueryPart(pair.slice(equals + 1)));
  }
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Algorithm')) return { kind: 'missing', message: 'Missing Authentication Token' };
  const missing = ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'].filter((name) => !query.get(name));
  if (query.get('X-Amz-Algorithm') !== ALGORITHM || missing.length > 0) return { kind: 'incomplete', message: missing.length > 0 ? missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' ') : "Unsupported AWS 'algorithm'." };
  const text = query.get('X-Amz-Expires') ?? '300';
  const expires = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (expires < 1 || expires > LONGEST_S) return { kind: 'incomplete', message: `X-Amz-Expires must be a number between 1 and ${LONGEST_S} seconds.` };
  return parts(query.get('X-Amz-Credential')!, query.get('X-Amz-SignedHeaders')!, query.get('X-Amz-Signature')!, query.get('X-Amz-Date')!, query.get('X-Amz-Security-Token') ?? '', expires, query.get('X-Amz-Content-Sha256') === 'UNSIGNED-PAYLOAD');
}

function parts(credential: string, headers: string, signature: string, date: string, token: string, expires: number, unsignedPayload: boolean): Signature | SignatureFault {
  const [accessKeyId, ...scope] = credential.split('/');
  if (scope.length !== 4 || accessKeyId === '') return { kind: 'incomplete', message: 'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.' };
  if (!/^\d{8}T\d{6}Z$/.test(date)) return { kind: 'incomplete', message: 'Date must be in ISO-8601 basic format.' };
  const signedHeaders = headers.split(';');
  if (signedHeaders.some((name, i) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || (i > 0 && name <= signedHeaders[i - 1]!))) return { kind: 'incomplete', message: "'SignedHeaders' must be a sorted list of header names in lower case." };
  return { accessKeyId: accessKeyId!, scope, signedHeaders, signature, date, token, expires, unsignedPayload };
}

/** What a hop could have added: `x-amz-…` that the signature does not cover. */
function unsignedAmzHeader(exchange: Exchange, signed: readonly string[]): string | undefined {
  let found: string | undefined;
  exchange.head.forEach((name) => {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !signed.includes(lower)) found ??= lower.slice(0, 50);
  });
  return found;
}

function checkTime({ date, expires }: Signature, now: number): string | undefined {
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(signed)) return 'Date must be in ISO-8601 basic format.';
  if (signed > now + SKEW_MS) return `Signature not yet current: ${date} is still later than ${amzDate(now + SKEW_MS)} (${amzDate(now)} + 5 min.)`;
  const oldest = now - (expires < 0 ? SKEW_MS : expires * 1_000);
  if (signed < oldest) return `Signature expired: ${date} is now earlier than ${amzDate(oldest)} (${amzDate(now)} - ${expires < 0 ? '5 min.' : `${expires} s`})`;
  return undefined;
}

function canonicalOf(exchange: Exchange, { signedHeaders, expires, unsignedPayload }: Signature, service: string): string {
  const text = signedHeaders.map((name) => `${name}:${exchange.head.all(name).map((value) => value.trim().replace(/\s+/g, ' ')).join(',')}\n`).join('');
  const sent = asRead(rawQuery(exchange));
  const query = expires < 0 ? sent : sent.split('&').filter((pair) => !/^X-Amz-Signature(?:=|$)/.test(pair)).join('&');
  const path = exchange.gateway.basePath + latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
  const bodyHash = unsignedPayload ? 'UNSIGNED-PAYLOAD' : createHash('sha256').update(exchange.body ?? '').digest('hex');
  return canonicalRequest({ method: sentMethod(exchange), host: '', path, query, fields: [], body: '' }, { text, signed: signedHeaders.join(';') }, bodyHash, service);
}

/** The query as mappings and events read it, where `;` divides and `+` is a blank: `%3B` and `%2B` must not verify in their place, or the other way round. */
function asRead(query: string): string {
  return /[;+]/.test(query) ? query.replaceAll(';', '&').replaceAll('+', '%20') : query;
}

function rawQuery(exchange: Exchange): string {
  return latin1(exchange.target, exchange.queryStart, exchange.queryEnd);
}
