/** Signatures against AWS's published ones (the first two: get-vanilla, get-vanilla-query-order-key-case) and those of AWS's own client library. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SentBody } from './open-types.js';
import type { SignableRequest } from './auth.js';
import { multipart } from './body.js';
import { sigV4 } from './sigv4.js';

const test = suite('typescript client: sigv4');
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const now = (): Date => new Date('2015-08-30T12:36:00Z');

async function signed(method: string, target: string, body?: SentBody, contentType?: string, sessionToken?: string): Promise<SignableRequest> {
  const request: SignableRequest = { method, url: new URL(`https://example.amazonaws.com${target}`), headers: new Headers(contentType ? { 'content-type': contentType } : {}), body };
  await sigV4({ region: 'us-east-1', service: 'service', credentials: { ...KEYS, sessionToken }, now })(request);
  return request;
}

const VECTORS = [
  ['GET', '/', undefined, undefined, undefined, 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['GET', '/?Param2=value2&Param1=value1', undefined, undefined, undefined, 'host;x-amz-date', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
  ['GET', '/pets/a%20b%2Fc/%E1%88%B4?list=b&list=a&empty=&q=%2B%26%3D', undefined, undefined, undefined, 'host;x-amz-date', '80d99e8465a7d01afd0b1697f3f4b18dda1226223fd16a395db13f5260258dfb'],
  ['POST', '/stage/orders/', '{"a":1}', 'application/json', undefined, 'content-type;host;x-amz-date', '072bb001ae888495d87c5d447693324b6c88b43b04439eb001aa8d79779a458c'],
  ['GET', '/x', undefined, undefined, 'to+ken/==', 'host;x-amz-date;x-amz-security-token', '20b8dd5415221ef7297a1d08468a3d8901c7ba03aeb4ea2e76af6f57894bd53a'],
] as const;

for (const [method, target, body, type, token, names, signature] of VECTORS) {
  test(`${method} ${target}${token ? ' with a session token' : ''}`, async () => {
    const { headers } = await signed(method, target, body, type, token);
    assert.is(headers.get('authorization'), `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`);
    assert.is(headers.get('x-amz-date'), '20150830T123600Z');
    assert.is(headers.get('x-amz-security-token'), token ?? null);
  });
}

test('bodies that are not text are signed as the bytes that are sent', async () => {
  const text = (await signed('POST', '/', 'häh')).headers.get('authorization');
  for (const body of [new TextEncoder().encode('häh'), new Blob(['häh'])]) {
    const request = await signed('POST', '/', body);
    assert.is(request.headers.get('authorization'), text);
    assert.is(new TextDecoder().decode(request.body as Uint8Array), 'häh');
  }
  const { body, contentType } = multipart({ a: '1' }, 'multipart/form-data', {});
  const request = await signed('POST', '/', body, contentType);
  assert.is(new TextDecoder().decode(request.body as Uint8Array), await (body as Blob).text());
  let error: unknown;
  await signed('POST', '/', new Blob(['x']).stream()).catch((thrown: unknown) => { error = thrown; });
  assert.match((error as Error).message, /a stream cannot be signed/);
});

test('credentials may come from a function, asked every time', async () => {
  let asked = 0;
  const sign = sigV4({ region: 'us-east-1', credentials: async () => ({ ...KEYS, accessKeyId: `AKID${++asked}` }), now });
  for (const id of ['AKID1', 'AKID2']) {
    const request: SignableRequest = { method: 'GET', url: new URL('https://a.execute-api.us-east-1.amazonaws.com/'), headers: new Headers(), body: undefined };
    await sign(request);
    assert.match(request.headers.get('authorization')!, new RegExp(`Credential=${id}/20150830/us-east-1/execute-api/aws4_request`));
  }
});

test.run();
