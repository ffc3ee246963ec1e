/** The core against a real server: attempts, waits, deadlines, credentials, bodies, results. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startService, type Received } from '../testing/service.js';
import { basic, bearer, cookieKey, headerKey, queryKey, sign, type Scheme } from './auth.js';
import { binary, form, json, multipart, sendBody, text } from './body.js';
import { call } from './call.js';
import { newClient, type BaseClientOptions, type CallOptions } from './client.js';
import { ApiError, GatewayError, isApiError, QuotaExceededError, RequestRejectedError, ResponseFormatError, ThrottledError, TimeoutError, TransportError } from './errors.js';
import type { OperationSpec } from './operation.js';
import { greedyPath, simplePath } from './path-styles.js';
import { formQuery, simpleHeader } from './query-styles.js';
import { unwrap, type AnyResult } from './result.js';
import { retryAfterMs } from './retry.js';

const test = suite('typescript client: calls');
const service = await startService();

const GET: OperationSpec = { id: 'getPet', method: 'GET', path: ['/pets/', 0], parameters: [{ key: 'petId', name: 'petId', write: simplePath, required: true }], accept: 'application/json', responses: { 200: ['json'], 404: ['json'] } };
const POST: OperationSpec = { id: 'createPet', method: 'POST', path: ['/pets'], send: sendBody, body: [{ type: 'application/json', encode: json }], responses: { 201: ['json'] } };
const FAST = { baseDelayMs: 1, maxDelayMs: 5 };

function client(options: BaseClientOptions<object> = {}): ReturnType<typeof newClient> {
  return newClient({ baseUrl: `${service.url}/v1/`, retry: FAST, ...options });
}
function run(operation: OperationSpec, params: object = {}, options: CallOptions = {}, settings: BaseClientOptions<object> = {}): Promise<AnyResult> {
  return call(client(settings), operation, params, options) as Promise<AnyResult>;
}
async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then((value) => assert.unreachable(`no error but ${JSON.stringify(value)}`), (error: unknown) => error);
}

test('sends a request and reads a declared success', async () => {
  service.answer({ body: '{"name":"Rex"}', headers: { 'x-amzn-requestid': 'r-1' } });
  const result = await run(GET, { petId: 'a/b ü' }, { headers: { 'x-more': '1' } }, { headers: { 'x-all': '2' } });
  assert.equal({ ...result, headers: null }, { ok: true, status: 200, body: { name: 'Rex' }, headers: null, requestId: 'r-1', operation: 'getPet' });
  const [received] = service.received;
  assert.is(received!.url, '/v1/pets/a%2Fb%20%C3%BC');
  assert.is(received!.headers.accept, 'application/json');
  assert.equal([received!.headers['x-more'], received!.headers['x-all']], ['1', '2']);
});

test('declared, undeclared and ranged statuses', async () => {
  const ranged: OperationSpec = { ...GET, responses: { '2XX': ['json'], '4XX': ['json'], default: ['json'] } };
  const bare: OperationSpec = { ...GET, responses: {} };
  for (const [spec, status, ok] of [[GET, 200, true], [GET, 202, false], [GET, 404, false], [GET, 418, false], [ranged, 206, true], [ranged, 409, false], [ranged, 501, false], [bare, 201, true], [bare, 400, false]] as const) {
    service.answer({ status, body: '{"a":1}' });
    const result = await run(spec, { petId: '1' });
    assert.equal([result.status, result.ok, result.body], [status, ok, { a: 1 }]);
  }
});

test('bodies by content type', async () => {
  const of = async (kinds: readonly ('json' | 'text' | 'binary' | 'stream')[], headers: Record<string, string>, body: string | Buffer): Promise<unknown> => {
    service.answer({ headers, body });
    return (await run({ ...GET, responses: { 200: kinds } }, { petId: '1' })).body;
  };
  assert.equal(await of(['json'], { 'content-type': 'application/vnd.x+json; charset=utf-8' }, '[1]'), [1]);
  assert.equal(await of(['json'], { 'content-type': 'text/plain' }, '{"mislabelled":true}'), { mislabelled: true });
  assert.is(await of(['text'], { 'content-type': 'text/csv' }, 'a,b'), 'a,b');
  assert.is(await of(['json', 'text'], { 'content-type': 'text/csv' }, 'a,b'), 'a,b');
  assert.is(await of(['text'], { 'content-type': 'text/plain' }, ''), '');
  assert.is(await of([], { 'content-type': 'text/plain' }, 'x'), 'x');
  assert.is(await of([], {}, ''), undefined);
  const blob = (await of(['binary'], { 'content-type': 'image/png' }, Buffer.from([1, 2, 255]))) as Blob;
  assert.equal([blob.type, ...new Uint8Array(await blob.arrayBuffer())], ['image/png', 1, 2, 255]);
  const stream = (await of(['stream'], { 'content-type': 'text/event-stream' }, 'data: 1\n\n')) as ReadableStream<Uint8Array>;
  assert.is(await new Response(stream).text(), 'data: 1\n\n');
});

test('a success that is not what it says is an error of its own; a failure is given as it is', async () => {
  service.answer({ headers: { 'content-type': 'text/html', 'x-amzn-requestid': 'r' }, body: '<html>login</html>' });
  const error = (await failure(run(GET, { petId: '1' }))) as ResponseFormatError;
  assert.instance(error, ResponseFormatError);
  assert.equal([error.status, error.text, error.requestId, error.operation], [200, '<html>login</html>', 'r', 'getPet']);
  service.answer({ body: '' });
  assert.instance(await failure(run(GET, { petId: '1' })), ResponseFormatError);
  service.answer({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' });
  assert.is((await run(GET, { petId: '1' })).body, '<html>');
});

test('HEAD and 204 have no body', async () => {
  service.answer({ status: 204, body: '' });
  assert.equal((await run({ ...GET, responses: { 204: [] } }, { petId: '1' })).body, undefined);
  service.answer({ status: 200, headers: { 'content-length': '99' }, body: '' });
  assert.equal((await run({ ...GET, method: 'HEAD' }, { petId: '1' })).body, undefined);
});

test('unwrap gives the body or throws the class that says why', async () => {
  service.answer({ body: '{"name":"Rex"}' });
  assert.equal(await unwrap(run(GET, { petId: '1' })), { name: 'Rex' });
  const thrown = async (status: number, headers: Record<string, string>, body: string): Promise<ApiError> => {
    service.answer({ status, headers, body });
    return (await failure(unwrap(run(GET, { petId: '1' }, { retry: false })))) as ApiError;
  };
  const plain = await thrown(404, {}, '{"message":"no such pet"}');
  assert.is(plain.constructor, ApiError);
  assert.is(plain.message, 'getPet answered 404: no such pet');
  assert.ok(isApiError(plain) && !isApiError(new Error('x')));
  const throttled = await thrown(429, { 'x-amzn-errortype': 'TooManyRequestsException', 'x-amzn-requestid': 'abc' }, '{"message":"Too Many Requests"}');
  assert.instance(throttled, ThrottledError);
  assert.is(throttled.message, 'getPet answered 429: Too Many Requests (request abc)');
  assert.instance(await thrown(429, { 'x-amzn-errortype': 'LimitExceededException' }, '{"message":"Limit Exceeded"}'), QuotaExceededError);
  const rejected = (await thrown(400, { 'x-amzn-errortype': 'BadRequestException' }, '{"message": "Missing required request parameters: [a, b]"}')) as RequestRejectedError;
  assert.instance(rejected, RequestRejectedError);
  assert.equal(rejected.fields.map(({ parameter, in: where }) => [parameter, where]), [['a', 'parameter'], ['b', 'parameter']]);
  const forbidden = await thrown(403, { 'x-amzn-errortype': 'ForbiddenException' }, '{"message":"Forbidden"}');
  assert.is(forbidden.constructor, GatewayError);
  assert.is(forbidden.name, 'GatewayError');
  assert.ok(forbidden instanceof Error && forbidden instanceof ApiError);
});

test('transient answers are tried again, with the same body, and the last answer is given', async () => {
  service.answer({ status: 503 }, { status: 502 }, { body: '{"n":3}' });
  assert.equal((await run(GET, { petId: '1' })).body, { n: 3 });
  assert.is(service.received.length, 3);
  service.answer({ status: 503, body: '{"down":true}' });
  const result = await run(GET, { petId: '1' });
  assert.equal([result.status, result.body, service.received.length], [503, { down: true }, 3]);
  for (const status of [400, 401, 403, 404, 409, 422, 501]) {
    service.answer({ status });
    await run(GET, { petId: '1' });
    assert.is(service.received.length, 1, String(status));
  }
  service.answer({ hangUp: true }, {});
  assert.ok((await run(GET, { petId: '1' })).ok);
  assert.is(service.received.length, 2);
});

test('only what can do no harm is tried again: POST needs an idempotency key, and keeps it', async () => {
  service.answer({ status: 503 }, { status: 201 });
  assert.is((await run(POST, { body: { a: 1 } })).status, 503);
  assert.is(service.received.length, 1);
  service.answer({ status: 503 }, { hangUp: true }, { status: 201 });
  assert.is((await run(POST, { body: { a: 1 } }, { idempotencyKey: true })).status, 201);
  const keys = new Set(service.received.map(({ headers }) => headers['idempotency-key']));
  assert.is(keys.size, 1);
  assert.match([...keys][0] as string, /^[0-9a-f]{32}$/);
  assert.equal(service.received.map(({ body }) => body.toString()), Array(3).fill('{"a":1}'));
  service.answer({ status: 500 }, { status: 201 });
  assert.is((await run(POST, { body: {} }, {}, { idempotencyKeys: true, retry: FAST })).status, 201);
  service.answer({ status: 500 }, { status: 201 });
  assert.is((await run(POST, { body: {} }, { idempotencyKey: 'mine' })).status, 201);
  assert.is(service.received[1]!.headers['idempotency-key'], 'mine');
  service.answer({ status: 503 });
  await run({ ...GET, method: 'PUT' }, { petId: '1' });
  assert.is(service.received.length, 3, 'PUT is idempotent');
  assert.is(service.received[0]!.headers['idempotency-key'], undefined);
});

test('Retry-After decides the wait; too long a wait is not waited for', async () => {
  service.answer({ status: 429, headers: { 'retry-after': '0.2' } }, {});
  assert.ok((await run(GET, { petId: '1' })).ok);
  const gap = service.received[1]!.at - service.received[0]!.at;
  assert.ok(gap >= 195 && gap < 10_000, String(gap));
  service.answer({ status: 503, headers: { 'retry-after': new Date(Date.now() + 2000).toUTCString() } }, {});
  assert.ok((await run(GET, { petId: '1' })).ok);
  assert.ok(service.received[1]!.at - service.received[0]!.at >= 900);
  service.answer({ status: 503, headers: { 'retry-after': '120' } });
  const started = Date.now();
  assert.is((await run(GET, { petId: '1' })).status, 503);
  assert.ok(Date.now() - started < 60_000);
  assert.is(service.received.length, 1);
});

test('how long to wait, from headers', () => {
  const wait = (headers: Record<string, string>): number | undefined => retryAfterMs(new Headers(headers), Date.parse('2026-01-01T00:00:00Z'));
  assert.is(wait({ 'retry-after': '7' }), 7000);
  assert.is(wait({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }), 9000);
  assert.is(wait({ 'retry-after': 'Thu, 01 Jan 2015 00:00:00 GMT' }), 0);
  assert.is(wait({ 'retry-after': 'soon' }), undefined);
  assert.is(wait({ 'retry-after': '-3' }), undefined);
  assert.is(wait({ ratelimit: '"default";r=0;t=30' }), 30_000);
  assert.is(wait({ ratelimit: '"default";r=5;t=30' }), undefined);
  assert.is(wait({ ratelimit: '"operation";r=0;t=2, "quota";r=50;t=8000' }), 2000);
  assert.is(wait({ ratelimit: '"operation";r=10;t=2, "quota";r=0; pk=:YQ==:; t=80' }), 80_000);
  assert.is(wait({ 'ratelimit-remaining': '0', 'ratelimit-reset': '4' }), 4000);
  assert.is(wait({ 'ratelimit-remaining': '2', 'ratelimit-reset': '4' }), undefined);
  assert.is(wait({}), undefined);
});

test('a used-up quota is not tried again, a throttled call is', async () => {
  service.answer({ status: 429, headers: { 'x-amzn-errortype': 'LimitExceededException' } });
  await run(GET, { petId: '1' });
  assert.is(service.received.length, 1);
  service.answer({ status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } }, {});
  assert.ok((await run(GET, { petId: '1' })).ok);
});

test('the budget ends retries in an outage, and answers earn it back', async () => {
  const shared = client({ retry: { ...FAST, budget: 3 } });
  service.answer({ status: 503 });
  for (let n = 0; n < 5; n++) await call(shared, GET, { petId: '1' });
  assert.is(service.received.length, 5 + 3);
  service.answer({});
  for (let n = 0; n < 12; n++) await call(shared, GET, { petId: '1' });
  service.answer({ status: 503 });
  await call(shared, GET, { petId: '1' });
  assert.is(service.received.length, 2, 'twelve answers earn one retry');
});

test('waits are random and double', async () => {
  const { delayAfter } = await import('./retry.js');
  const policy = { attempts: 9, baseDelayMs: 100, maxDelayMs: 500, maxRetryAfterMs: 1000, budget: 1e9 };
  for (const [attempt, limit] of [[1, 100], [2, 200], [3, 400], [4, 500], [8, 500]] as const) {
    const delays = Array.from({ length: 400 }, () => delayAfter(attempt, policy, { left: 10 }, Infinity)!);
    assert.ok(Math.max(...delays) <= limit && Math.min(...delays) < limit * 0.1 && Math.max(...delays) > limit * 0.9, `${attempt}: ${Math.min(...delays)}…${Math.max(...delays)}`);
  }
  assert.is(delayAfter(9, policy, { left: 10 }, Infinity), undefined);
  assert.is(delayAfter(1, policy, { left: 0.9 }, Infinity), undefined);
  const budget = { left: 5 };
  assert.is(delayAfter(1, policy, budget, 0), undefined);
  assert.is(budget.left, 5, 'a wait that is not taken costs nothing');
});

test('an attempt has its time, and a call has its own', async () => {
  service.answer({ delayMs: 5000 }, { body: '{"second":true}' });
  assert.equal((await run(GET, { petId: '1' }, { attemptTimeoutMs: 1500 })).body, { second: true });
  service.answer({ delayMs: 5000 });
  const error = (await failure(run(GET, { petId: '1' }, { attemptTimeoutMs: 60, retry: { attempts: 2 } }))) as TimeoutError;
  assert.instance(error, TimeoutError);
  assert.instance(error, TransportError);
  assert.is(error.attempts, 2);
  const started = Date.now();
  assert.instance(await failure(run(GET, { petId: '1' }, { totalTimeoutMs: 200 })), TimeoutError);
  assert.ok(Date.now() - started < 4500);
  service.answer({ status: 503, headers: { 'retry-after': '30' } });
  assert.is((await run(GET, { petId: '1' }, { totalTimeoutMs: 1000 })).status, 503, 'no wait beyond the deadline: the answer is given instead');
});

test('the time includes the body', async () => {
  service.answer({ stall: true, body: '{"half":' });
  assert.instance(await failure(run(GET, { petId: '1' }, { attemptTimeoutMs: 200, retry: false })), TimeoutError);
});

test('an abort ends a call where it is: sending, reading, waiting, before', async () => {
  const reason = new Error('enough');
  for (const script of [{ delayMs: 5000 }, { stall: true, body: '{' }, { status: 503, headers: { 'retry-after': '20' } }]) {
    service.answer(script);
    const controller = new AbortController();
    const started = Date.now();
    // Once it has arrived: the answer's head, or its wait, is on the way.
    const arrival = setInterval(() => {
      if (service.received.length === 0) return;
      clearInterval(arrival);
      setTimeout(() => controller.abort(reason), 100);
    }, 5);
    assert.is(await failure(run(GET, { petId: '1' }, { signal: controller.signal })), reason);
    assert.ok(Date.now() - started < 4500);
    assert.is(service.received.length, 1);
  }
  service.answer({});
  assert.is(await failure(run(GET, { petId: '1' }, { signal: AbortSignal.abort(reason) })), reason);
  assert.is(service.received.length, 0);
});

test('no answer at all', async () => {
  const gone = newClient({ baseUrl: 'http://127.0.0.1:1', retry: FAST });
  const error = (await failure(call(gone, GET, { petId: '1' }))) as TransportError;
  assert.instance(error, TransportError);
  assert.not.instance(error, TimeoutError);
  assert.is(error.attempts, 3);
  assert.instance(error.cause, Error);
});

test('values that would reach another operation are refused before anything is sent', async () => {
  service.answer({});
  for (const petId of ['.', '..', '', undefined, null]) assert.instance(await failure(run(GET, { petId })), TypeError, String(petId));
  const greedy: OperationSpec = { ...GET, path: ['/files/', 0], parameters: [{ key: 'petId', name: 'petId', write: greedyPath, required: true }] };
  for (const petId of ['a/../../admin', '..', 'a/./b']) assert.instance(await failure(run(greedy, { petId })), TypeError, petId);
  assert.is(service.received.length, 0);
  await run(greedy, { petId: 'a b/c%2F..d' });
  assert.is(service.received[0]!.url, '/v1/files/a%20b/c%252F..d');
  const required: OperationSpec = { ...GET, parameters: [...GET.parameters!, { key: 'q', name: 'q', write: formQuery, required: true }] };
  assert.match(((await failure(run(required, { petId: '1' }))) as Error).message, /getPet: q is missing/);
  const own: OperationSpec = { ...GET, parameters: [...GET.parameters!, { key: 'constructor', name: 'constructor', write: formQuery }] };
  await run(own, { petId: '1' });
  assert.is(service.received[1]!.url, '/v1/pets/1');
});

test('header values cannot smuggle fields', async () => {
  const header: OperationSpec = { ...GET, parameters: [...GET.parameters!, { key: 'h', name: 'x-h', write: simpleHeader }] };
  assert.instance(await failure(run(header, { petId: '1', h: 'a\r\nx-evil: 1' })), TypeError);
});

const scheme = (key: string, apply: Scheme['apply'], name?: string, signs = false): Scheme => ({ key, apply, ...(name ? { name } : {}), signs });

test('credentials travel where the document says', async () => {
  const header = scheme('k', headerKey, 'x-api-key'), query = scheme('q', queryKey, 'api key'), cookie = scheme('c', cookieKey, 'sid'), user = scheme('u', basic), token = scheme('t', bearer);
  const auth = { k: 'secret', q: 'a&b', c: 'x y', u: { username: 'ü', password: 'p:w' }, t: 'tok' };
  const sent = async (security: readonly (readonly Scheme[])[], given: object = auth): Promise<Received> => {
    service.answer({});
    await run({ ...GET, security }, { petId: '1' }, {}, { auth: given });
    return service.received[0]!;
  };
  assert.is((await sent([[header]])).headers['x-api-key'], 'secret');
  assert.is((await sent([[query]])).url, '/v1/pets/1?api%20key=a%26b');
  assert.is((await sent([[cookie]])).headers.cookie, 'sid=x%20y');
  assert.is((await sent([[token]])).headers.authorization, 'Bearer tok');
  assert.is((await sent([[user]])).headers.authorization, `Basic ${Buffer.from('ü:p:w').toString('base64')}`);
  const both = await sent([[scheme('missing', bearer), header], [header, query]]);
  assert.equal([both.headers['x-api-key'], both.url, both.headers.authorization], ['secret', '/v1/pets/1?api%20key=a%26b', undefined]);
  const optional = await sent([[], [header]]);
  assert.is(optional.headers['x-api-key'], 'secret', 'optional credentials are sent when they are there');
  const none = await sent([[header]], {});
  assert.equal([none.headers['x-api-key'], none.headers.authorization], [undefined, undefined]);
  const inherited = await sent([[scheme('constructor', headerKey, 'x-api-key')]]);
  assert.is(inherited.headers['x-api-key'], undefined);
  // The signer comes last, whatever the order.
  const signer = { k: 'secret', s: (request: { headers: Headers }) => request.headers.set('x-signed', [...request.headers.keys()].includes('x-api-key') ? 'after' : 'before') };
  assert.is((await sent([[scheme('s', sign, undefined, true), header]], signer)).headers['x-signed'], 'after');
});

test('a token is fetched once for calls that wait together, kept, and renewed after a 401', async () => {
  let fetched = 0;
  const source = async (): Promise<{ token: string; expiresAt: number }> => {
    const n = ++fetched;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { token: `t${n}`, expiresAt: Date.now() + 3_600_000 };
  };
  const operation: OperationSpec = { ...GET, security: [[scheme('t', bearer)]] };
  const shared = client({ auth: { t: source } });
  const once = (): Promise<AnyResult> => call(shared, operation, { petId: '1' });
  service.answer({});
  await Promise.all([once(), once(), once()]);
  await once();
  assert.is(fetched, 1);
  // The service revokes t1: calls in flight share one renewal, each is sent again once.
  service.answer((request) => (request.headers.authorization === 'Bearer t1' ? { status: 401, delayMs: Math.random() * 30 } : {}));
  const results = await Promise.all([once(), once(), once()]);
  assert.ok(results.every(({ ok }) => ok));
  assert.is(fetched, 2);
  service.answer({ status: 401 });
  assert.is((await once()).status, 401);
  assert.is(service.received.length, 2, 'one renewal per call');
  const post = await call(shared, { ...POST, security: operation.security! }, { body: {} }) as AnyResult;
  assert.is(post.status, 401);
  service.answer({ status: 401 }, { status: 201 });
  assert.is(((await call(shared, { ...POST, security: operation.security! }, { body: {} })) as AnyResult).status, 201, 'a refused POST was not carried out');
});

test('tokens that end soon, tokens without an end, sources that fail', async () => {
  const operation: OperationSpec = { ...GET, security: [[scheme('t', bearer)]] };
  const count = async (source: (n: number) => unknown, calls: number): Promise<number> => {
    let n = 0;
    const shared = client({ auth: { t: () => source(++n) } });
    service.answer({});
    for (let i = 0; i < calls; i++) await call(shared, operation, { petId: '1' });
    return n;
  };
  assert.is(await count((n) => ({ token: `t${n}`, expiresAt: Date.now() + 30_000 }), 3), 3);
  assert.is(await count((n) => ({ token: `t${n}` }), 3), 1);
  assert.is(await count((n) => `t${n}`, 3), 3);
  service.answer({});
  const broken = new Error('no token today');
  assert.is(await failure(run(operation, { petId: '1' }, {}, { auth: { t: () => Promise.reject(broken) } })), broken);
  assert.is(service.received.length, 0);
  const hanging = await failure(run(operation, { petId: '1' }, { attemptTimeoutMs: 50, retry: false }, { auth: { t: () => new Promise(() => undefined) } }));
  assert.instance(hanging, TimeoutError);
});

test('request bodies: JSON, text, bytes, forms', async () => {
  const send = async (type: string, encode: typeof form, body: unknown, extra: object = {}): Promise<Received> => {
    service.answer({ status: 201 });
    await run({ ...POST, body: [{ type, encode, ...extra }] }, { body });
    return service.received[0]!;
  };
  const asJson = await send('application/merge-patch+json', json, { a: null, b: undefined });
  assert.equal([asJson.headers['content-type'], asJson.body.toString()], ['application/merge-patch+json', '{"a":null}']);
  assert.is((await send('application/json', json, null)).body.toString(), 'null');
  assert.is((await send('text/plain', text, 'häh')).body.toString(), 'häh');
  const bytes = await send('image/*', binary, new Blob(['x'], { type: 'image/png' }));
  assert.equal([bytes.headers['content-type'], bytes.body.toString()], ['image/png', 'x']);
  assert.is((await send('application/octet-stream', binary, new Uint8Array([1, 2]))).body.length, 2);
  const urlencoded = await send('application/x-www-form-urlencoded', form, { a: 'x y&z', list: ['1', '2'], object: { k: 'v' }, none: undefined, joined: ['p', 'q'], deep: { a: { b: 1 } } }, { encoding: { joined: { separator: ',' }, deep: { separator: 'deep' } } });
  assert.is(urlencoded.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal([...new URLSearchParams(urlencoded.body.toString())], [['a', 'x y&z'], ['list', '1'], ['list', '2'], ['object', '{"k":"v"}'], ['joined', 'p,q'], ['deep[a][b]', '1']]);
  service.answer({ status: 201 });
  await run(POST, {});
  assert.equal([service.received[0]!.headers['content-type'], service.received[0]!.body.length], [undefined, 0]);
});

test('multipart parts, read back by an independent parser', async () => {
  service.answer({ status: 503 }, { status: 201 });
  const body = { photo: new File([new Uint8Array([0, 255, 13, 10])], 'a"b\r\nc.png', { type: 'image/png' }), bytes: new Uint8Array([7]), caption: 'Grüße', tags: ['x', 'y'], meta: { a: 1 }, none: null };
  await run({ ...POST, body: [{ type: 'multipart/form-data', encode: multipart }] }, { body }, { idempotencyKey: 'k' });
  assert.is(service.received.length, 2, 'the body can be sent again');
  assert.equal(service.received[0]!.body, service.received[1]!.body);
  const { headers, body: raw } = service.received[1]!;
  const parsed = await new Response(new Uint8Array(raw), { headers: { 'content-type': headers['content-type']! } }).formData();
  const photo = parsed.get('photo') as File;
  assert.equal([photo.name, photo.type, ...new Uint8Array(await photo.arrayBuffer())], ['a"b\r\nc.png', 'image/png', 0, 255, 13, 10]);
  assert.is((parsed.get('bytes') as File).type, 'application/octet-stream');
  assert.equal([parsed.get('caption'), parsed.getAll('tags'), parsed.has('none')], ['Grüße', ['x', 'y'], false]);
  assert.is(parsed.get('meta'), '{"a":1}', 'a JSON part has no file name');
  assert.match(raw.toString('latin1'), /name="meta"\r\nContent-Type: application\/json\r\n\r\n\{"a":1\}/);
});

test('a stream is sent once', async () => {
  service.answer({ status: 503 });
  const body = new Blob(['streamed']).stream();
  await run({ ...POST, method: 'PUT', body: [{ type: 'application/octet-stream', encode: binary }] }, { body });
  assert.equal(service.received.map((request) => request.body.toString()), ['streamed']);
});

test('the caller chooses among content types, and any method of an ANY operation', async () => {
  const many: OperationSpec = { ...POST, body: [{ type: 'application/json', encode: json }, { type: 'text/plain', encode: text }, { type: 'image/*', encode: binary }] };
  const type = async (params: object): Promise<unknown> => { service.answer({ status: 201 }); await run(many, params); return service.received[0]!.headers['content-type']; };
  assert.is(await type({ body: { a: 1 } }), 'application/json');
  assert.is(await type({ body: 'x', contentType: 'text/plain' }), 'text/plain');
  assert.is(await type({ body: new Uint8Array(1), contentType: 'image/webp' }), 'image/webp');
  const { method: _, ...any } = GET;
  service.answer({});
  await run(any, { petId: '1', method: 'delete' });
  await run(any, { petId: '1' });
  assert.equal(service.received.map(({ method }) => method), ['DELETE', 'GET']);
});

test('a client needs somewhere to go', () => {
  assert.throws(() => newClient({}), /baseUrl is missing/);
  assert.is(newClient({}, 'https://x.example/').baseUrl, 'https://x.example');
  assert.is(newClient({ baseUrl: new URL('https://y.example/a/') }, 'https://x.example').baseUrl, 'https://y.example/a');
});

test.after(() => service.close());
test.run();
