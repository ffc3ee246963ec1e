/** Two signers that others wrote, aws4 and the AWS SDK's own, against ours: every intermediate text and the signature, byte for byte. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalHeaders, canonicalRequest, isS3, signatureFields, stringToSign, type AwsCredentials, type SignableRequest, type SigningScope } from './sigv4.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);
const test = suite('SigV4 against aws4 and @smithy/signature-v4');

interface Texts { readonly canonical: string; readonly toSign: string; readonly authorization: string }

function ours(request: SignableRequest, scope: SigningScope, credentials: AwsCredentials, time: number): Texts {
  const added = signatureFields(request, scope, credentials, time);
  const authorization = added.pop()!;
  added.pop();
  const fields = ['Host', request.host, ...request.fields, ...added];
  const hashAt = fields.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-amz-content-sha256');
  const hash = hashAt >= 0 ? fields[hashAt + 1]! : createHash('sha256').update(request.body).digest('hex');
  const canonical = canonicalRequest(request, canonicalHeaders(fields), hash, scope.service);
  const date = added[1]!;
  return { canonical, toSign: stringToSign(date, `${date.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`, canonical), authorization };
}

class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', typeof secret === 'string' ? secret : ArrayBuffer.isView(secret) ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength) : new Uint8Array(secret));
  }
  update(data: Uint8Array): void { this.hash.update(data); }
  async digest(): Promise<Uint8Array> { return this.hash.digest(); }
  reset(): void { throw new Error('not needed'); }
}

/** Keeps what the SDK's signer makes on its way. */
class Recorder extends SignatureV4 {
  canonical = '';
  toSign = '';
  protected override createCanonicalRequest(...given: Parameters<SignatureV4['createCanonicalRequest']>): string { return (this.canonical = super.createCanonicalRequest(...given)); }
  protected override async createStringToSign(...given: Parameters<SignatureV4['createStringToSign']>): Promise<string> { return (this.toSign = await super.createStringToSign(...given)); }
}

async function smithys(request: SignableRequest, scope: SigningScope, credentials: AwsCredentials, time: number): Promise<Texts> {
  const signer = new Recorder({ credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey, ...(credentials.sessionToken !== '' ? { sessionToken: credentials.sessionToken } : {}) }, region: scope.region, service: scope.service, sha256: Sha256, uriEscapePath: !isS3(scope.service), applyChecksum: isS3(scope.service) });
  const signed = await signer.sign({ method: request.method, protocol: 'https:', hostname: request.host, path: request.path || '/', query: queryObject(request.query), headers: headerObject(request), body: request.body }, { signingDate: new Date(time) });
  return { canonical: signer.canonical, toSign: signer.toSign, authorization: signed.headers['authorization']! };
}

interface Aws4Signer { canonicalString(): string; stringToSign(): string; authHeader(): string }
const { RequestSigner } = createRequire(import.meta.url)('aws4') as { RequestSigner: new (request: object, credentials: object) => Aws4Signer };

/** What we leave unsigned because hops may change it, aws4 signs, and the other way round. */
const UNSIGNED = ['cache-control', 'from', 'keep-alive', 'max-forwards', 'pragma', 'referer', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-authorization', 'sec-fetch-mode'];

function aws4s(request: SignableRequest, scope: SigningScope, credentials: AwsCredentials, time: number): Texts {
  const date = new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { ...headerObject(request), 'X-Amz-Date': date };
  if (credentials.sessionToken !== '') headers['X-Amz-Security-Token'] = credentials.sessionToken;
  if (isS3(scope.service) && !Object.keys(headers).some((name) => name.toLowerCase() === 'x-amz-content-sha256')) headers['X-Amz-Content-Sha256'] = createHash('sha256').update(request.body).digest('hex');
  const signer = new RequestSigner({
    method: request.method, host: request.host, path: `${request.path}${request.query === '' ? '' : `?${request.query}`}`, headers, body: request.body, service: scope.service, region: scope.region, doNotModifyHeaders: true,
    extraHeadersToInclude: { range: true }, extraHeadersToIgnore: Object.fromEntries(UNSIGNED.map((name) => [name, true])),
  }, { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey, sessionToken: credentials.sessionToken });
  // It takes the date from the request only while it modifies its fields.
  (signer as unknown as { datetime: string }).datetime = date;
  return { canonical: signer.canonicalString(), toSign: signer.stringToSign(), authorization: signer.authHeader() };
}

function headerObject(request: SignableRequest): Record<string, string> {
  const headers: Record<string, string> = { Host: request.host };
  for (let i = 0; i < request.fields.length; i += 2) {
    const name = request.fields[i]!;
    const spelled = Object.keys(headers).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
    headers[spelled] = headers[spelled] === undefined ? request.fields[i + 1]! : `${headers[spelled]},${request.fields[i + 1]!}`;
  }
  return headers;
}

function queryObject(query: string): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeURIComponent(equals < 0 ? pair : pair.slice(0, equals)), value = equals < 0 ? '' : decodeURIComponent(pair.slice(equals + 1));
    const known = object[name];
    object[name] = known === undefined ? value : [...(typeof known === 'string' ? [known] : known), value];
  }
  return { ...object };
}

// ---- what is signed

const encoded = encodeURIComponent;
/** As a client may write them: some characters that need no escape escaped, hex digits in either case. */
const written = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.boolean(), fc.boolean()).map(([text, more, lower]) => {
  const once = more ? encoded(text).replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`) : encoded(text);
  return lower ? once.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()) : once;
});
const segment = fc.oneof({ weight: 5, arbitrary: written }, { weight: 3, arbitrary: fc.constantFrom('.', '..', '', 'a', 'arn%3Aaws%3As3', "it's(ok)*!", '~user', 'a+b', 'a=b&c', '@:;,$') });
const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`);
/** S3's keys, encoded as SDKs do, slashes as they are: then what is sent is the canonical form and nobody has to guess. */
const s3Path = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => encoded(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%2F', '/')), fc.constantFrom('..', '.', '', 'a%20b')), { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

const pair = fc.tuple(fc.oneof(written.filter((text) => text !== ''), fc.constantFrom('a', 'A', 'a-b', 'Action', 'list-type', '%61')), fc.oneof(fc.constant(null), written)).map(([name, value]) => (value === null ? name : `${name}=${value}`));
const query = fc.array(pair, { maxLength: 6 }).map((pairs) => pairs.join('&'));
const singleQuery = fc.uniqueArray(pair, { maxLength: 6, selector: (each) => decodeURIComponent(each.split('=')[0]!) }).map((pairs) => pairs.join('&'));

const blank = fc.constantFrom('', ' ', '  ', '\t', ' \t ');
const word = fc.oneof(fc.string({ maxLength: 6 }).map((text) => text.replace(/\s/g, '_')), fc.constantFrom('"a  b"', 'text/plain; charset=utf-8', 'é', '\u00a0', ''));
const value = fc.tuple(blank, fc.array(fc.tuple(word, blank), { maxLength: 3 }), blank).map(([before, words, after]) => before + words.flat().join('') + after);
const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('Content-Type', 'X-Amz-Target', 'x-amz-meta-name', 'X-AMZ-META-NAME', 'Accept', 'Range', 'If-Match', 'x-a', 'X-a-b', 'x-a_b') }, fc.constantFrom(...UNSIGNED, 'User-Agent', 'Connection', 'Expect', 'X-Amzn-Trace-Id', 'authorization'));
/** One value of a name: how several are joined is said by the cases of AWS's suite. */
const fields = fc.uniqueArray(fc.tuple(name, value), { maxLength: 6, selector: ([each]) => each.toLowerCase() }).map((pairs) => pairs.flat());
const body = fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 40 }), fc.uint8Array({ maxLength: 60 }));

const credentials = fc.record({
  accessKeyId: fc.constantFrom('AKIDEXAMPLE', 'ASIA0123456789'), secretAccessKey: fc.string({ minLength: 1, maxLength: 40 }), sessionToken: fc.oneof(fc.constant(''), fc.base64String({ minLength: 4, maxLength: 60 })), expiresAt: fc.constant(Infinity),
});
const time = fc.date({ min: new Date('2012-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true }).map((date) => date.getTime());
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH');
const region = fc.constantFrom('us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-west-1');

const request = (paths: fc.Arbitrary<string>, queries: fc.Arbitrary<string>): fc.Arbitrary<SignableRequest> => fc.record({
  method, host: fc.constantFrom('example.amazonaws.com', 'dynamodb.eu-central-1.amazonaws.com', '127.0.0.1:4566', 'bucket.s3.amazonaws.com'), path: paths, query: queries, fields, body,
});

test('any service: the SDK', async () => {
  await fc.assert(fc.asyncProperty(request(path, query), region, fc.constantFrom('dynamodb', 'sqs', 'execute-api', 'lambda'), credentials, time, async (each, regionName, service, keys, at) => {
    const scope = { region: regionName, service };
    assert.equal(ours(each, scope, keys, at), await smithys(each, scope, keys, at));
  }), { numRuns: RUNS });
});

test('any service: aws4', () => {
  // It takes '+' of a query for a blank, which is a form's rule and not the signature's, and blanks of any kind for blanks.
  const notForms = (each: SignableRequest): boolean => !each.query.includes('+') && !each.fields.some((text) => text.includes('\u00a0'));
  fc.assert(fc.property(request(path, query).filter(notForms), region, fc.constantFrom('dynamodb', 'sqs', 'execute-api'), credentials, time, (each, regionName, service, keys, at) => {
    const scope = { region: regionName, service };
    assert.equal(ours(each, scope, keys, at), aws4s(each, scope, keys, at));
  }), { numRuns: RUNS });
});

test('S3: paths once encoded and never resolved, the hash of the body sent; the SDK and aws4', async () => {
  const hash = fc.constantFrom<readonly string[]>([], [], ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'], ['X-Amz-Content-Sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']);
  await fc.assert(fc.asyncProperty(request(s3Path, singleQuery), hash, region, credentials, time, async (each, given, regionName, keys, at) => {
    const scope = { region: regionName, service: 's3' };
    const whole = { ...each, fields: [...each.fields, ...given] };
    const own = ours(whole, scope, keys, at);
    assert.equal(own, await smithys(whole, scope, keys, at));
    if (!each.query.includes('+') && !each.fields.some((text) => text.includes('\u00a0'))) assert.equal(own, aws4s(whole, scope, keys, at));
  }), { numRuns: RUNS });
});

/** The cases of AWS's published test suite (its names), written anew: method, target, fields, body. */
const SUITE: readonly [name: string, method: string, path: string, query: string, fields: readonly string[], body: string][] = [
  ['get-vanilla', 'GET', '/', '', [], ''],
  ['get-unreserved', 'GET', '/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', '', [], ''],
  ['get-utf8', 'GET', '/%E1%88%B4', '', [], ''],
  ['get-space', 'GET', '/example%20space/', '', [], ''],
  ['get-slash', 'GET', '//', '', [], ''],
  ['get-slashes', 'GET', '//example//', '', [], ''],
  ['get-slash-dot-slash', 'GET', '/./', '', [], ''],
  ['get-slash-pointless-dot', 'GET', '/./example', '', [], ''],
  ['get-relative', 'GET', '/example/..', '', [], ''],
  ['get-relative-relative', 'GET', '/example1/example2/../..', '', [], ''],
  ['get-vanilla-query', 'GET', '/', 'Param1=value1', [], ''],
  ['get-vanilla-empty-query-key', 'GET', '/', 'Param1=', [], ''],
  ['get-vanilla-query-order-key', 'GET', '/', 'Param1=value2&Param1=Value1', [], ''],
  ['get-vanilla-query-order-key-case', 'GET', '/', 'Param2=value2&Param1=value1', [], ''],
  ['get-vanilla-query-order-value', 'GET', '/', 'Param1=value2&Param1=value1', [], ''],
  ['get-vanilla-query-unreserved', 'GET', '/', '-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ=-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', [], ''],
  ['get-vanilla-utf8-query', 'GET', '/', '%E1%88%B4=bar', [], ''],
  ['get-header-value-trim', 'GET', '/', '', ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'], ''],
  ['get-header-value-order', 'GET', '/', '', ['My-Header1', 'value4', 'My-Header1', 'value1', 'My-Header1', 'value3', 'My-Header1', 'value2'], ''],
  ['get-header-key-duplicate', 'GET', '/', '', ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'], ''],
  ['post-vanilla', 'POST', '/', '', [], ''],
  ['post-vanilla-query', 'POST', '/', 'Param1=value1', [], ''],
  ['post-header-key-case', 'POST', '/', '', [], ''],
  ['post-header-key-sort', 'POST', '/', '', ['My-Header1', 'value1'], ''],
  ['post-header-value-case', 'POST', '/', '', ['My-Header1', 'VALUE1'], ''],
  ['post-x-www-form-urlencoded', 'POST', '/', '', ['Content-Type', 'application/x-www-form-urlencoded'], 'Param1=value1'],
  ['post-x-www-form-urlencoded-parameters', 'POST', '/', '', ['Content-Type', 'application/x-www-form-urlencoded; charset=utf8'], 'Param1=value1'],
];
/** The suite's own key, day, region and service. */
const SUITE_KEY: AwsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: '', expiresAt: Infinity };
const SUITE_TOKEN = 'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const SUITE_TIME = Date.UTC(2015, 7, 30, 12, 36, 0);

for (const [caseName, caseMethod, casePath, caseQuery, caseFields, caseBody] of SUITE) {
  for (const sessionToken of ['', SUITE_TOKEN]) {
    test(`${caseName}${sessionToken === '' ? '' : ' with the token of post-sts-header-before'}`, async () => {
      const each = { method: caseMethod, host: 'example.amazonaws.com', path: casePath, query: caseQuery, fields: caseFields, body: caseBody };
      const scope = { region: 'us-east-1', service: 'service' }, keys = { ...SUITE_KEY, sessionToken };
      const own = ours(each, scope, keys, SUITE_TIME);
      assert.equal(own, await smithys(each, scope, keys, SUITE_TIME));
      assert.equal(own, aws4s(each, scope, keys, SUITE_TIME));
    });
  }
}
test.run();
