/** The cases of AWS's own SigV4 test suite, re-created, and the worked examples of its documentation with their published signatures. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { amzDate, canonicalHeaders, canonicalRequest, signatureFields, stringToSign, type AwsCredentials, type SignableRequest } from './sigv4.js';

const test = suite('SigV4');
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** The key of AWS's published examples. */
const EXAMPLE: AwsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: '', expiresAt: Infinity };
const TIME = Date.UTC(2015, 7, 30, 12, 36, 0);
const request = (over: Partial<SignableRequest>): SignableRequest => ({ method: 'GET', host: 'example.amazonaws.com', path: '/', query: '', fields: [], body: '', ...over });

function canonical(over: Partial<SignableRequest>, service = 'service'): string[] {
  const each = request(over);
  return canonicalRequest(each, canonicalHeaders(['Host', each.host, ...each.fields]), EMPTY_HASH, service).split('\n');
}

function authorization(over: Partial<SignableRequest>, scope = { region: 'us-east-1', service: 'service' }, credentials = EXAMPLE, time = TIME): string {
  const fields = signatureFields(request(over), scope, credentials, time);
  return fields[fields.indexOf('Authorization') + 1]!;
}

test('get-vanilla has the published signature', () => {
  assert.is(authorization({}), 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
});

test('the IAM example (ListUsers) has the published signature', () => {
  const fields = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];
  assert.is(authorization({ host: 'iam.amazonaws.com', query: 'Action=ListUsers&Version=2010-05-08', fields }, { region: 'us-east-1', service: 'iam' }),
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7');
});

test('string to sign of the IAM example', () => {
  const each = request({ host: 'iam.amazonaws.com', query: 'Action=ListUsers&Version=2010-05-08' });
  const headers = canonicalHeaders(['content-type', 'application/x-www-form-urlencoded; charset=utf-8', 'host', each.host, 'x-amz-date', '20150830T123600Z']);
  const text = canonicalRequest(each, headers, EMPTY_HASH, 'iam');
  assert.is(createHash('sha256').update(text).digest('hex'), 'f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59');
  assert.is(stringToSign('20150830T123600Z', '20150830/us-east-1/iam/aws4_request', text), 'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\nf536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59');
});

test('S3 GET object example has the published signature', () => {
  const credentials = { ...EXAMPLE, accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const fields = signatureFields(request({ host: 'examplebucket.s3.amazonaws.com', path: '/test.txt', fields: ['Range', 'bytes=0-9'] }), { region: 'us-east-1', service: 's3' }, credentials, Date.UTC(2013, 4, 24));
  assert.is(fields[fields.indexOf('Authorization') + 1]!.split('Signature=')[1], 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
  assert.is(fields[fields.indexOf('X-Amz-Content-Sha256') + 1], EMPTY_HASH);
});

const PATHS: readonly [sent: string, canonical: string][] = [
  ['/', '/'], ['', '/'], ['//', '/'], ['/./', '/'], ['/example/..', '/'], ['/example1/example2/../..', '/'], ['//example//', '/example/'], ['/./example', '/example'],
  ['/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', '/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['/example%20space/', '/example%2520space/'], ['/%E1%88%B4', '/%25E1%2588%25B4'],
  ['/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Af/invocations', '/functions/arn%253Aaws%253Alambda%253Aus-east-1%253A1%253Afunction%253Af/invocations'],
];
for (const [path, expected] of PATHS) test(`path ${path || '(empty)'}`, () => assert.is(canonical({ path })[1], expected));

test('S3 takes the path as sent', () => {
  assert.is(canonical({ path: '/a//b/../c%20d' }, 's3')[1], '/a//b/../c%20d');
});

const QUERIES: readonly [sent: string, canonical: string][] = [
  ['', ''], ['Param1=value1', 'Param1=value1'], ['Param2=value2&Param1=value1', 'Param1=value1&Param2=value2'], ['Param1=Value2&Param1=value1', 'Param1=Value2&Param1=value1'],
  ['Param1=value2&Param1=Value1', 'Param1=Value1&Param1=value2'], ['a-b=1&a=2', 'a=2&a-b=1'], ['flag', 'flag='], ['x=a%20b', 'x=a%20b'], ['x=a+b', 'x=a%2Bb'], ['x=%2f', 'x=%2F'], ['x=%zz', 'x=%25zz'], ['x=%FF%c3%A9\u00e9%', 'x=%FF%C3%A9%C3%A9%25'], ['%E1%88%B4=bar', '%E1%88%B4=bar'], ['a=1&&b=2', 'a=1&b=2'], ['a=b=c', 'a=b%3Dc'],
];
for (const [query, expected] of QUERIES) test(`query ${query || '(empty)'}`, () => assert.is(canonical({ query })[2], expected));

const HEADERS: readonly [name: string, fields: string[], text: string][] = [
  ['several of one name', ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'], 'my-header1:value2,value2,value1\n'],
  ['blanks', ['My-Header1', '  value1', 'My-Header2', ' "a   b   c"  '], 'my-header1:value1\nmy-header2:"a b c"\n'],
  ['order by name, not as given', ['b', '2', 'A', '1'], 'a:1\nb:2\n'],
  ['fields that hops change', ['User-Agent', 'x', 'Connection', 'close', 'X-Amzn-Trace-Id', 'Root=1', 'Proxy-Authorization', 'x', 'a', '1'], 'a:1\n'],
];
for (const [name, fields, text] of HEADERS) test(`headers: ${name}`, () => assert.is(canonicalHeaders(fields).text, text));

test('temporary keys send and sign their token', () => {
  const fields = signatureFields(request({}), { region: 'us-east-1', service: 'service' }, { ...EXAMPLE, sessionToken: 'token/+=' }, TIME);
  assert.is(fields[fields.indexOf('X-Amz-Security-Token') + 1], 'token/+=');
  assert.match(fields.at(-1)!, 'SignedHeaders=host;x-amz-date;x-amz-security-token, ');
});

test('another day, region, service or secret means another key', () => {
  const signatures = new Set([
    authorization({}), authorization({}, { region: 'eu-west-1', service: 'service' }), authorization({}, { region: 'us-east-1', service: 'lambda' }),
    authorization({}, undefined, { ...EXAMPLE, secretAccessKey: 'other' }), authorization({}, undefined, EXAMPLE, TIME + 86_400_000), authorization({ body: 'x' }), authorization({ method: 'POST' }),
  ].map((text) => text.split('Signature=')[1]));
  assert.is(signatures.size, 7);
});

test('the secret is nowhere in what is sent', () => {
  assert.not.match(signatureFields(request({}), { region: 'r', service: 's' }, EXAMPLE, TIME).join(' '), EXAMPLE.secretAccessKey);
});

test('dates', () => {
  assert.is(amzDate(0), '19700101T000000Z');
  assert.is(amzDate(TIME + 999), '20150830T123600Z');
});
test.run();
