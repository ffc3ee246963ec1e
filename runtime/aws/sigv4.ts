/** AWS Signature Version 4, header form (IAM User Guide, "Create a signed AWS API request"). */
import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** '' for long-term keys. */
  readonly sessionToken: string;
  /** Epoch milliseconds; Infinity for keys that do not expire. */
  readonly expiresAt: number;
}

export interface SignableRequest {
  readonly method: string;
  readonly host: string;
  /** As sent: percent-encoded once. */
  readonly path: string;
  /** As sent, without '?'. */
  readonly query: string;
  /** Flat `[name, value…]`; signed all but those that hops may change (`isSigned`). */
  readonly fields: readonly string[];
  readonly body: Uint8Array | string;
}

export interface SigningScope { readonly region: string; readonly service: string }

/**
 * What is to be added to the request: `X-Amz-Date`, `X-Amz-Security-Token` for temporary keys, S3's body hash, `Authorization`. `time` in epoch
 * milliseconds. A request that has an `X-Amz-Content-Sha256` already is signed with that (`UNSIGNED-PAYLOAD`, a hash its sender knows).
 */
export function signatureFields(request: SignableRequest, scope: SigningScope, credentials: AwsCredentials, time: number): string[] {
  const date = amzDate(time);
  const given = bodyHashOf(request.fields);
  const bodyHash = given ?? sha256(request.body);
  const added = ['X-Amz-Date', date];
  if (credentials.sessionToken !== '') added.push('X-Amz-Security-Token', credentials.sessionToken);
  if (given === undefined && isS3(scope.service)) added.push('X-Amz-Content-Sha256', bodyHash);
  const headers = canonicalHeaders(['Host', request.host, ...request.fields, ...added]);
  const canonical = canonicalRequest(request, headers, bodyHash, scope.service);
  const day = date.slice(0, 8);
  const scopeText = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const signature = createHmac('sha256', signingKey(credentials.secretAccessKey, day, scope)).update(stringToSign(date, scopeText, canonical)).digest('hex');
  added.push('Authorization', `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scopeText}, SignedHeaders=${headers.signed}, Signature=${signature}`);
  return added;
}

/** S3 and its relatives take paths as they are and want the body's hash (S3 API reference, "Authenticating requests"). By signing name. */
export function isS3(service: string): boolean {
  return service === 's3' || service === 's3express' || service === 's3-outposts' || service === 's3-object-lambda';
}

function bodyHashOf(fields: readonly string[]): string | undefined {
  for (let i = 0; i < fields.length; i += 2) if (fields[i]!.toLowerCase() === 'x-amz-content-sha256') return fields[i + 1]!.trim();
  return undefined;
}

export interface CanonicalHeaders {
  /** `name:value` LF for each. */
  readonly text: string;
  /** `host;x-amz-date`. */
  readonly signed: string;
}

export function canonicalRequest(request: SignableRequest, headers: CanonicalHeaders, bodyHash: string, service: string): string {
  return `${request.method}\n${canonicalPath(request.path, service)}\n${canonicalQuery(request.query)}\n${headers.text}\n${headers.signed}\n${bodyHash}`;
}

export function stringToSign(date: string, scope: string, canonical: string): string {
  return `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
}

/** Names in lower case, sorted; values without surrounding blanks and with single ones inside; several of one name joined by commas. */
export function canonicalHeaders(fields: readonly string[]): CanonicalHeaders {
  const values = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    if (!isSigned(name)) continue;
    // Blanks are HTTP's: a no-break space is part of the value.
    const value = fields[i + 1]!.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
    const known = values.get(name);
    values.set(name, known === undefined ? value : `${known},${value}`);
  }
  const names = [...values.keys()].sort(byCodePoint);
  return { text: names.map((name) => `${name}:${values.get(name)!}\n`).join(''), signed: names.join(';') };
}

const UNSIGNED = /* @__PURE__ */ new Set(['authorization', 'cache-control', 'connection', 'expect', 'from', 'keep-alive', 'max-forwards', 'pragma', 'referer', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'x-amzn-trace-id']);

/** Hops on the way may change some fields; signing those would break the signature. `name` in lower case. */
function isSigned(name: string): boolean {
  return !UNSIGNED.has(name) && !name.startsWith('proxy-') && !name.startsWith('sec-');
}

/** Every service but S3: dot segments resolved, slashes collapsed, and what is encoded already is encoded again. */
function canonicalPath(path: string, service: string): string {
  if (isS3(service)) return path === '' ? '/' : path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encodeRfc3986(segment));
  }
  return segments.length === 0 ? '/' : `/${segments.join('/')}${path.endsWith('/') ? '/' : ''}`;
}

/** Decoded and encoded anew, sorted by name, then by value. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').filter((pair) => pair !== '').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [recode(pair), ''] : [recode(pair.slice(0, equals)), recode(pair.slice(equals + 1))];
  });
  pairs.sort(([a, x], [b, y]) => byCodePoint(a, b) || byCodePoint(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** What is encoded in any way, encoded in the one way of `encodeRfc3986`, octet by octet: escapes that are no UTF-8 stay what they are, a `%` without digits is itself. */
export function recode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})|[^\w.~-]/gu, (character, hex: string | undefined) => {
    const code = hex === undefined ? character.codePointAt(0)! : parseInt(hex, 16);
    if (code > 127 && hex === undefined) return encodeURIComponent((character as string & { toWellFormed(): string }).toWellFormed());
    const plain = String.fromCharCode(code);
    return /[\w.~-]/.test(plain) ? plain : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** What is no valid escape stays as it is. */
export function decodeQueryPart(text: string): string {
  try { return decodeURIComponent(text); } catch { return text; }
}

/** Unreserved characters of RFC 3986 §2.3 stay, everything else is encoded. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `20261121T090000Z`. */
export function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Keys are derived per day, region and service; a gateway uses few. Bounded, because credentials change. */
const KEYS_AT_MOST = 32;
const keys = /* @__PURE__ */ new Map<string, Buffer>();

export function signingKey(secret: string, day: string, { region, service }: SigningScope): Buffer {
  const id = `${day} ${region} ${service} ${secret}`;
  let key = keys.get(id);
  if (key === undefined) {
    key = deriveKey(secret, day, { region, service });
    if (keys.size >= KEYS_AT_MOST) keys.clear();
    keys.set(id, key);
  }
  return key;
}

/** The key of one day, region and service. */
export function deriveKey(secret: string, day: string, { region, service }: SigningScope): Buffer {
  const hmac = (by: Buffer | string, text: string): Buffer => createHmac('sha256', by).update(text).digest();
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
