/** Hostile requests, backends and templates, through the built gateway: a clear answer each time, nothing leaked, the process alive, its memory bounded. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../index.js';
import { diagnosticsText } from '../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../testing/running-gateway.js';

const test = suite('hostile requests, backends and templates');
let backend: Server, gateway: RunningGateway | undefined;
/** What the backend answers next, and what it got. */
let answer: { status?: number; fields?: Record<string, string>; body: string | Buffer } = { body: '{}' };
let received: { url: string; fields: string[] } = { url: '', fields: [] };

/** Each answers with what it renders, over the request's payload. */
const TEMPLATES: Readonly<Record<string, string>> = {
  replace: "$input.path('$.s').replaceAll($input.path('$.r'), 'x')",
  matches: "$input.path('$.s').matches($input.path('$.r'))",
  split: "$input.path('$.s').split($input.path('$.r')).size()",
  macro: '#macro(m $x)#m("$x$x")#end#m($input.body)',
  define: '#define($a)$b$b$b$b#end#define($b)$c$c$c$c#end#define($c)$a$a$a$a#end#foreach($i in [1..1000])#foreach($j in [1..1000])$a$b$c#end#end',
  evaluate: "#set($t = '#evaluate($t)')#evaluate($t)",
  evaluated: "#evaluate($input.path('$.t'))",
  loops: '#foreach($i in [1..1000])#foreach($j in [1..1000])#foreach($k in [1..1000])$input.path("$.s")#end#end#end',
  doubling: '#set($s = $input.body)#foreach($i in [1..1000])#set($s = "$s$s")#end$s',
  json: "$input.json('$')",
  path: "$input.path('$')",
  scan: "$input.json($input.path('$.p'))",
  format: "$input.body.format($input.path('$.f'), 1)",
  params: '#foreach($k in $input.params().querystring.keySet())$k=$input.params($k);#end$input.params("toString")$input.params("__proto__")',
  class: "$input.class.forName('java.lang.Runtime')$input.getClass().getClassLoader()$util.class.constructor$context.constructor.constructor('return process')",
};

test.before(async () => {
  backend = createServer((request, response) => {
    received = { url: request.url!, fields: request.rawHeaders };
    request.on('error', () => {});
    request.resume();
    request.on('end', () => { response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.fields }); response.end(answer.body); });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const uri = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const operation = (integration: object): object => ({ post: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': integration } });
  const document = {
    openapi: '3.0.1', info: { title: 'hostile', version: '1' },
    paths: {
      // A mock renders over nothing in its response: the request template of an http integration sees the payload.
      ...Object.fromEntries(Object.entries(TEMPLATES).map(([name, template]) => [`/${name}`, operation({
        type: 'http', httpMethod: 'POST', uri: `${uri}/in`, requestTemplates: { 'application/json': template }, responses: { default: { statusCode: '200' } },
      })])),
      '/override': operation({
        type: 'http', httpMethod: 'POST', uri: `${uri}/{p}/x`,
        requestTemplates: { 'application/json': "#set($context.requestOverride.header[$input.path('$.name')] = $input.path('$.value'))#set($context.requestOverride.path.p = $input.path('$.path'))#set($context.requestOverride.querystring[$input.path('$.name')] = $input.path('$.value')){}" },
        responses: { default: { statusCode: '200' } },
      }),
      '/answer': operation({
        type: 'http', httpMethod: 'POST', uri: `${uri}/in`,
        responses: { default: { statusCode: '200', responseParameters: { 'method.response.header.X-A': 'integration.response.body.a' }, responseTemplates: { 'application/json': "#set($context.responseOverride.header[$input.path('$.name')] = $input.path('$.value'))$input.json('$')" } } },
      }),
      '/mapped': operation({
        type: 'http', httpMethod: 'POST', uri: `${uri}/in`, requestParameters: { 'integration.request.header.X-A': 'method.request.body.a', 'integration.request.querystring.all': 'method.request.querystring.q' },
        responses: { default: { statusCode: '200' } },
      }),
    },
  };
  const folder = mkdtempSync(join(tmpdir(), 'gwc-hostile-'));
  writeFileSync(join(folder, 'api.json'), JSON.stringify(document));
  const compilation = await compile(join(folder, 'api.json'), { minify: true, clients: [], cwd: folder });
  rmSync(folder, { recursive: true, force: true });
  if (!compilation.bundle) { backend.close(); throw new Error(diagnosticsText(compilation)); }
  gateway = await runGateway(compilation.bundle.code);
});

test.after(async () => {
  if (gateway === undefined) return;
  answer = { body: '{}' };
  // The gateway that answered all of the above still answers, and did not grow.
  const last = await post('/json', '{"a": 1}');
  assert.is(last.status, 200);
  if (existsSync(`/proc/${gateway.process.pid}/status`)) {
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway.process.pid}/status`, 'utf8'))![1]) / 1024;
    assert.ok(peak < 1_200, `${peak} MB at its peak`);
  }
  assert.is(await gateway.stop(), 0, gateway.stderr());
  backend.closeAllConnections();
  backend.close();
});

const post = (path: string, body: string | Buffer, fields: readonly (readonly [string, string])[] = [['Content-Type', 'application/json']]): Promise<RawAnswer> => rawRequest(gateway!.port, 'POST', path, fields, body);

/** The answer to a template that fails: 500, and not a word of why. */
async function fails(path: string, body: string, status = 500): Promise<void> {
  const { status: actual, body: text } = await post(path, body);
  assert.is(actual, status, `${path}: ${text}`);
  if (status === 500) assert.is(text, '{"message": "Internal server error"}');
  else assert.match(text, /^\{"message": "Could not process payload/);
}

for (const path of ['/replace', '/matches', '/split']) {
  for (const r of ['(a+)+b', '(a|aa)+b', '(.*a){30}', '((a*)*)*b']) test(`a regex bomb: ${path} ${r}`, async () => {
    const started = Date.now();
    const { status, body } = await post(path, JSON.stringify({ r, s: 'a'.repeat(5_000) }));
    // Some of these are harmless to an engine that bounds its work; none may take long, and none may crash.
    assert.ok(status === 200 || (status === 500 && body === '{"message": "Internal server error"}'), `${status} ${body.slice(0, 100)}`);
    assert.ok(Date.now() - started < 30_000);
  });
  test(`a pattern that is none: ${path}`, () => fails(path, JSON.stringify({ r: '(', s: 'a' })));
}

test('macros, blocks and #evaluate without end', async () => {
  await fails('/macro', '{"a": 1}');
  await fails('/define', '{}');
  await fails('/evaluate', '{}');
  await fails('/evaluated', JSON.stringify({ t: '#macro(x)#x()#end#x()' }));
  await fails('/loops', JSON.stringify({ s: 'x'.repeat(1_000) }));
  await fails('/doubling', '{"a": 1}');
});

test('payloads that nest deeply, or start like JSON and are none', async () => {
  for (const path of ['/json', '/path']) {
    await fails(path, '['.repeat(1_000_000), 400);
    await fails(path, '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000), 400);
    await fails(path, '{"a": secret}', 400);
  }
  const { status, body } = await post('/mapped', '['.repeat(1_000_000));
  assert.is(status, 400);
  assert.is(body, '{"message": "Invalid JSON in request body"}');
});

test('a path of the payload, a format of the payload', async () => {
  await fails('/scan', JSON.stringify({ p: '$[' }));
  await fails('/scan', JSON.stringify({ p: '$' + '..*'.repeat(12), deep: JSON.parse('['.repeat(200) + ']'.repeat(200)) as unknown }));
  await fails('/format', JSON.stringify({ f: '%999999999d' }));
});

test('prototype names are names', async () => {
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":2},"toString":"t"}';
  const { status } = await post('/json', body);
  assert.is(status, 200);
  await post('/params?__proto__=a&constructor=b&hasOwnProperty=c', '{}', [['Content-Type', 'application/json'], ['__proto__', 'x'], ['constructor', 'y']]);
  const answered = await post('/class', '{}');
  assert.is(answered.status, 200);
  const after = await post('/json', '{"a":1}');
  assert.is(after.status, 200);
});

test('names and values of overrides cannot add a field, a line, a segment or another parameter', async () => {
  const send = async (name: string, value: string, path = 'p'): Promise<RawAnswer> => { received = { url: '', fields: [] }; return post('/override', JSON.stringify({ name, value, path })); };
  for (const [name, value] of [['X-A', 'a\r\nX-Evil: 1'], ['X-A\r\nX-Evil', '1'], ['X A', '1'], ['X-A: 1\r\n\r\nGET /evil HTTP/1.1', 'x'], ['', 'x'], ['X-A', '\u010aX-Evil: 1']] as const) {
    const { status } = await send(name, value);
    assert.ok(status >= 400, `${JSON.stringify(name)}: ${status}`);
    assert.is(received.url, '', 'nothing reached the backend');
  }
  assert.is((await send('Content-Length', '0')).status, 500);
  assert.is((await send('Transfer-Encoding', 'chunked')).status, 500);
  assert.is((await send('__proto__', 'x')).status, 200);
  assert.is((await send('X-A', 'v&evil=1', '../../etc/passwd?evil=1#x')).status, 200);
  assert.is(received.url, '/..%2F..%2Fetc%2Fpasswd%3Fevil%3D1%23x/x?X-A=v%26evil%3D1');
});

test('ten megabytes are mapped, more is 413', async () => {
  const text = 'x'.repeat(9_900_000);
  answer = { body: '{}' };
  assert.is((await post('/json', JSON.stringify({ text }))).status, 200);
  assert.is((await post('/json', '', [['Content-Type', 'application/json'], ['Content-Length', '20000000']])).status, 413);
  // No backend takes a field of ten megabytes: this one answers 431 or breaks the connection, whichever comes first.
  const { status } = await post('/mapped', JSON.stringify({ a: text }));
  assert.ok(status === 502 || status === 504, String(status));
});

test('backends: broken JSON, deep nesting, too much, fields that are none', async () => {
  const given = async (body: string | Buffer, status: number): Promise<RawAnswer> => {
    answer = { body };
    const result = await post('/answer', '{}');
    assert.is(result.status, status, `${body.toString().slice(0, 40)}: ${result.body.slice(0, 200)}`);
    return result;
  };
  await given('{"a": ', 500);
  await given('['.repeat(1_000_000), 500);
  await given(Buffer.alloc(11_000_000, 0x20), 502);
  for (const bad of [{ a: 'x\r\nSet-Cookie: evil=1' }, { name: 'X\r\nY', value: '1' }, { name: 'X-B', value: '\u010a' }]) {
    const result = await given(JSON.stringify(bad), 500);
    assert.not.ok(result.fields.some(([name]) => /set-cookie|^y$/i.test(name)));
  }
  const split = await given(JSON.stringify({ name: 'Content-Length', value: '1' }), 200);
  assert.ok(split.body.length > 1);
});

test.run();
