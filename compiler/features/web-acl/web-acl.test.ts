/** Web ACLs in built gateways: bodies that stream, rates, what is in a bundle; and what is said about ACLs that are none. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, compile, type Compilation, type CompileOptions } from '../../index.js';
import { startBackend } from '../../testing/backend.js';
import { rawRequest, runGateway } from '../../testing/running-gateway.js';

const test = suite('web ACLs');
const folder = mkdtempSync(join(tmpdir(), 'gwc-waf-'));
test.after(() => rmSync(folder, { recursive: true }));

const NONE = [{ Priority: 0, Type: 'NONE' }];
const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'm' };
const contains = (SearchString: string, FieldToMatch: object): object => ({ ByteMatchStatement: { SearchString, FieldToMatch, TextTransformations: NONE, PositionalConstraint: 'CONTAINS' } });
const rule = (Priority: number, Statement: unknown, Action: unknown = { Block: {} }): object => ({ Name: `rule${Priority}`, Priority, Statement, Action, VisibilityConfig: VISIBILITY });
const acl = (...Rules: unknown[]): Record<string, unknown> => ({ Name: 'acl', DefaultAction: { Allow: {} }, VisibilityConfig: VISIBILITY, Rules });

async function build(webAcl: unknown, upstream = 'http://127.0.0.1:9', options: CompileOptions = {}, work: typeof compile | typeof analyse = compile, more: object = {}): Promise<Compilation> {
  const path = join(folder, 'spec.json');
  const response = { responses: { 200: { description: 'ok' } } };
  const integration = { 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'ANY', uri: `${upstream}/` } };
  const mock = { 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } } };
  writeFileSync(path, JSON.stringify({
    openapi: '3.0.1', info: { title: 't', version: '1' }, 'x-gwc-flavour': 'rest', ...(webAcl === undefined ? {} : { 'x-gwc': { webAcl } }), ...more,
    paths: { '/proxy': { post: { ...response, ...integration } }, '/mock': { get: { ...response, ...mock }, delete: { ...response, ...mock } } },
  }));
  return work(path, { clients: [], ...options }) as Promise<Compilation>;
}

async function gatewayOf(webAcl: unknown, upstream?: string, args: string[] = [], options: CompileOptions = {}) {
  const { bundle, diagnostics } = await build(webAcl, upstream, options);
  assert.ok(bundle, JSON.stringify(diagnostics));
  return runGateway(bundle.code, args);
}

test('a body is looked at up to its limit and streams on, whatever the server', async () => {
  const backend = await startBackend();
  for (const http1 of ['own', 'llhttp'] as const) {
    const gateway = await gatewayOf(acl(rule(0, contains('attack', { Body: { OversizeHandling: 'CONTINUE' } })), rule(1, contains('x', { Body: { OversizeHandling: 'MATCH' } }), { Count: { CustomRequestHandling: { InsertHeaders: [{ Name: 'large', Value: 'or-x' }] } } })), backend.url, [], { http1 });
    try {
      const post = async (body: string | Buffer, fields: [string, string][] = []): Promise<{ status: number; received: string; large: boolean }> => {
        backend.received.length = 0;
        const { status } = await rawRequest(gateway.port, 'POST', '/proxy', fields, body);
        return { status, received: backend.received[0]?.body ?? '', large: backend.received[0]?.headers['x-amzn-waf-large'] === 'or-x' };
      };
      const large = 'y'.repeat(3_000_000);
      assert.equal(await post('an attack'), { status: 403, received: '', large: false });
      assert.equal(await post('harmless'), { status: 200, received: 'harmless', large: false });
      assert.equal(await post(`${'y'.repeat(16_378)}attack${large}`), { status: 403, received: '', large: false });
      const behind = `${'y'.repeat(16_379)}attack${large}`;
      const { status, received, large: marked } = await post(behind);
      assert.is(status, 200);
      assert.ok(received === behind, `all of it, in order: ${received.length} of ${behind.length}`);
      assert.ok(marked);
      assert.equal(await post('y'.repeat(16_384)), { status: 200, received: 'y'.repeat(16_384), large: false });
      assert.equal(await post('y'.repeat(16_385)), { status: 200, received: 'y'.repeat(16_385), large: true });
      assert.equal(await post('3\r\nhar\r\n5\r\nmless\r\n0\r\n\r\n', [['Transfer-Encoding', 'chunked']]), { status: 200, received: 'harmless', large: false });
      assert.equal(await post('3\r\natt\r\n3\r\nack\r\n0\r\n\r\n', [['Transfer-Encoding', 'chunked']]), { status: 403, received: '', large: false });
      assert.equal(await post(''), { status: 200, received: '', large: false });
      // Blocked by its beginning: the rest need never come.
      assert.match(await beginning(gateway.port, `POST /proxy HTTP/1.1\r\nHost: g\r\nContent-Length: 5000000\r\n\r\nattack${'y'.repeat(20_000)}`), /^HTTP\/1\.1 403 /);
      assert.is(gateway.process.exitCode, null);
    } finally {
      assert.is(await gateway.stop(), 0);
    }
  }
  await backend.close();
});

/** What comes back while the request is not complete. */
function beginning(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(5000, () => { socket.destroy(); resolve('nothing'); });
    socket.once('data', (chunk) => { resolve(chunk.toString('latin1')); socket.destroy(); });
    socket.on('error', reject);
  });
}

test('a body that breaks off leaves nothing behind', async () => {
  const backend = await startBackend();
  const gateway = await gatewayOf(acl(rule(0, contains('attack', { Body: {} }))), backend.url);
  try {
    for (const sent of ['part', 'y'.repeat(20_000)]) {
      await new Promise<void>((resolve) => {
        const socket = connect(gateway.port, '127.0.0.1', () => socket.write(`POST /proxy HTTP/1.1\r\nHost: g\r\nContent-Length: 100000\r\n\r\n${sent}`, () => setTimeout(() => socket.destroy(), 50)));
        socket.on('close', () => resolve());
        socket.on('error', () => {});
      });
    }
    assert.is((await rawRequest(gateway.port, 'POST', '/proxy', [], 'fine')).status, 200);
    assert.not.match(gateway.stderr(), /fault/);
  } finally {
    await gateway.stop();
    await backend.close();
  }
});

test('the same without a socket, over HTTP/2, and where bodies are decoded', async () => {
  const backend = await startBackend();
  try {
    const webAcl = acl(rule(0, contains('attack', { Body: {} })), rule(1, contains('count', { Body: {} }), { Count: { CustomRequestHandling: { InsertHeaders: [{ Name: 'counted', Value: 'yes' }] } } }));
    const { bundle } = await build(webAcl, backend.url, {}, compile, { 'x-amazon-apigateway-minimum-compression-size': 0 });
    const file = join(folder, 'gateway.mjs');
    writeFileSync(file, bundle!.code);
    const { createGateway } = await import(file) as { createGateway(): { fetch(request: Request): Promise<Response>; close(): void } };
    const gateway = createGateway();
    const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> => gateway.fetch(new Request('http://g/proxy', { method: 'POST', body, headers }));
    assert.is((await post('an attack')).status, 403);
    const answer = await post('please count');
    assert.is(answer.status, 200);
    const echo = await answer.json() as { body: string; headers: Record<string, string> };
    assert.is(echo.body, 'please count');
    assert.is(echo.headers['x-amzn-waf-counted'], 'yes');
    const large = `${'y'.repeat(100_000)}attack`;
    assert.is((await (await post(large)).json() as { body: string }).body, large);
    // Coded, a body is other bytes; the backend gets it decoded.
    const coded = await post(new Uint8Array(gzipSync('an attack')), { 'content-encoding': 'gzip' });
    assert.is((await coded.json() as { body: string }).body, 'an attack');
    gateway.close();

    const secure = await build(webAcl, backend.url, { tls: true });
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem'), '-days', '1', '-nodes', '-subj', '/CN=localhost'], { stdio: 'ignore' });
    const running = await runGateway(secure.bundle!.code, ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')]);
    const session = connectHttp2(`https://127.0.0.1:${running.port}`, { rejectUnauthorized: false });
    try {
      const over2 = (body: string): Promise<{ status: number; body: string }> => new Promise((resolve, reject) => {
        const stream = session.request({ ':method': 'POST', ':path': '/proxy' });
        let status = 0, text = '';
        stream.on('response', (headers) => { status = Number(headers[':status']); });
        stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
        stream.on('end', () => resolve({ status, body: text }));
        stream.on('error', reject);
        stream.end(body);
      });
      assert.is((await over2('an attack')).status, 403);
      const passed = await over2(large);
      assert.is(passed.status, 200);
      assert.is((JSON.parse(passed.body) as { body: string }).body, large);
    } finally {
      session.close();
      await running.stop();
    }
  } finally {
    await backend.close();
  }
});

test('rates: per address, per custom keys, in a scope', async () => {
  const rate = (settings: object): object => ({ RateBasedStatement: { Limit: 10, EvaluationWindowSec: 60, ...settings } });
  const gateway = await gatewayOf(acl(
    rule(0, rate({ AggregateKeyType: 'CONSTANT', ScopeDownStatement: contains('DELETE', { Method: {} }) })),
    rule(1, rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'x-user', TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }] } }, { HTTPMethod: {} }, { IP: {} }] }), { Block: { CustomResponse: { ResponseCode: 429 } } }),
    rule(2, rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Cookie: { Name: 'session', TextTransformations: NONE } }, { QueryArgument: { Name: 'q', TextTransformations: NONE } }, { UriPath: { TextTransformations: NONE } }] }), { Block: { CustomResponse: { ResponseCode: 430 } } }),
    rule(3, rate({ AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'MATCH' } }), { Block: { CustomResponse: { ResponseCode: 431 } } }),
  ));
  const statuses = async (count: number, method: string, target: string, fields: [string, string][] = []): Promise<string> => {
    const found: number[] = [];
    for (let i = 0; i < count; i++) found.push((await rawRequest(gateway.port, method, target, fields, '')).status);
    return found.map((status, index) => (index > 0 && found[index - 1] === status ? '' : `${status}@${index} `)).join('').trim();
  };
  try {
    assert.is(await statuses(12, 'DELETE', '/mock'), '200@0 403@10');
    assert.is(await statuses(12, 'GET', '/mock'), '200@0');
    assert.is(await statuses(12, 'GET', '/mock', [['X-User', 'Ann']]), '200@0 429@10');
    assert.is(await statuses(1, 'GET', '/mock', [['X-User', 'ANN']]), '429@0');
    assert.is(await statuses(12, 'GET', '/mock', [['X-User', 'bob']]), '200@0 429@10');
    assert.is(await statuses(12, 'GET', '/mock?q=1', [['Cookie', 'session=s']]), '200@0 430@10');
    assert.is(await statuses(12, 'GET', '/mock?q=2', [['Cookie', 'session=s']]), '200@0 430@10');
    assert.is(await statuses(12, 'GET', '/mock', [['Cookie', 'session=s']]), '200@0');
    assert.is(await statuses(12, 'GET', '/mock', [['X-Forwarded-For', '192.0.2.1, 10.0.0.1']]), '200@0 431@10');
    assert.is(await statuses(1, 'GET', '/mock', [['X-Forwarded-For', '192.0.2.2']]), '200@0');
    assert.is(await statuses(1, 'GET', '/mock', [['X-Forwarded-For', 'nobody']]), '431@0');
  } finally {
    await gateway.stop();
  }
});

test('rates: over all workers', async () => {
  const gateway = await gatewayOf(acl(rule(0, { RateBasedStatement: { Limit: 40, EvaluationWindowSec: 60, AggregateKeyType: 'IP' } }), rule(1, { RateBasedStatement: { Limit: 1000, EvaluationWindowSec: 60, AggregateKeyType: 'IP' } })), undefined, ['--workers', '3']);
  try {
    const statuses: number[] = [];
    for (let i = 0; i < 150; i++) {
      statuses.push((await rawRequest(gateway.port, 'GET', '/mock', [], '')).status);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const admitted = statuses.filter((status) => status === 200).length;
    // What comes in until the others have heard may pass.
    assert.ok(admitted >= 40 && admitted <= 40 + 30, String(admitted));
    assert.equal([...new Set(statuses.slice(100))], [403]);
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

/** ps fails where there is none. */
function workersOf(pid: number): number[] {
  try { return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).trim().split(/\s+/).map(Number); } catch { return []; }
}

test('rates: workers that are killed take nothing with them, and those of a reload go on', async () => {
  const gateway = await gatewayOf(acl(rule(0, { RateBasedStatement: { Limit: 20, EvaluationWindowSec: 600, AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'x-user', TextTransformations: NONE } }, { HTTPMethod: {} }] } })), undefined, ['--workers', '2']);
  const pid = gateway.process.pid!;
  const ask = async (user: string): Promise<number> => (await rawRequest(gateway.port, 'GET', '/mock', [['X-User', user]], '')).status;
  const until = async (holds: () => boolean): Promise<void> => { for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50)); };
  try {
    await until(() => workersOf(pid).length === 2);
    for (let i = 0; i < 18; i++) assert.is(await ask('ann'), 200);
    // Longer than what was counted takes to be told.
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const signal of ['SIGKILL', 'SIGHUP'] as const) {
      const old = workersOf(pid);
      // One after the other: the port is the workers'.
      for (const gone of signal === 'SIGKILL' ? old.map((worker) => [worker]) : [old]) {
        process.kill(signal === 'SIGKILL' ? gone[0]! : pid, signal);
        await until(() => { const now = workersOf(pid); return now.length === 2 && !now.some((each) => gone.includes(each)); });
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      const found: number[] = [];
      for (let i = 0; i < (signal === 'SIGKILL' ? 6 : 4); i++) { found.push(await ask('ann')); await new Promise((resolve) => setTimeout(resolve, 150)); }
      assert.equal(found, signal === 'SIGKILL' ? [200, 200, 403, 403, 403, 403] : [403, 403, 403, 403], signal);
    }
  } finally {
    assert.is(await gateway.stop(), 0);
  }
});

test('each stage has its own ACL; rules that match are logged once, with metric and labels', async () => {
  const seen = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'bots' };
  const labelled = { ...rule(0, contains('bot', { SingleHeader: { Name: 'user-agent' } }), { Count: {} }), RuleLabels: [{ Name: 'kind:bot' }], VisibilityConfig: seen };
  const blocking = { ...rule(1, { LabelMatchStatement: { Scope: 'LABEL', Key: 'kind:bot' } }), VisibilityConfig: { ...seen, MetricName: 'blocked' } };
  const { bundle, diagnostics } = await build(acl(labelled, blocking), undefined, {}, compile, { 'x-gwc': { webAcl: acl(labelled, blocking), stages: { prod: {}, test: { webAcl: null }, closed: { webAcl: { ...acl(), DefaultAction: { Block: { CustomResponse: { ResponseCode: 503 } } } } } } } });
  assert.ok(bundle, JSON.stringify(diagnostics));
  for (const [stage, expected] of [['prod', 403], ['test', 200], ['closed', 503]] as const) {
    const gateway = await runGateway(bundle.code, ['--stage', stage]);
    try {
      for (let i = 0; i < 5; i++) assert.is((await rawRequest(gateway.port, 'GET', '/mock', [['User-Agent', 'a bot']], '')).status, expected, stage);
      if (stage !== 'prod') { assert.not.match(gateway.stderr(), /rule/); continue; }
      assert.is(gateway.stderr().match(/COUNT by rule rule0 metric=bots labels=awswaf:000000000000:webacl:acl:kind:bot/g)?.length, 1, gateway.stderr());
      assert.is(gateway.stderr().match(/BLOCK by rule rule1 metric=blocked/g)?.length, 1, gateway.stderr());
    } finally {
      await gateway.stop();
    }
  }
});

test('what is not asked for is not in the bundle', async () => {
  const modules = async (webAcl: unknown): Promise<string[]> => (await build(webAcl)).bundle!.modules.map(({ module }) => module).filter((module) => module.includes('waf/')).map((module) => module.replace(/.*waf\//, '').replace(/\.[jt]s$/, '')).sort();
  assert.equal(await modules(undefined), []);
  assert.equal(await modules(acl()), ['request']);
  assert.equal(await modules(acl(rule(0, contains('x', { UriPath: {} })))), ['fields', 'request']);
  assert.ok(!(await modules(acl(rule(0, contains('x', { UriPath: {} }))))).includes('body-prefix'));
  assert.ok((await modules(acl(rule(0, contains('x', { Body: {} }))))).includes('body-prefix'));
});

const FIELD = { FieldToMatch: { UriPath: {} }, TextTransformations: NONE };
const REFUSED: readonly (readonly [what: string, webAcl: unknown, code: string, message: RegExp])[] = [
  ['a file that is not there', './none.json', 'GWC1', /none\.json/],
  ['no object', 7, 'GWC2951', /get-web-acl/],
  ['no default action', { ...acl(), DefaultAction: undefined }, 'GWC2951', /needs DefaultAction/],
  ['a misspelt member', { ...acl(), Ruless: [] }, 'GWC2952', /Ruless/],
  ['a misspelt statement', acl(rule(0, { ByteMatchStatment: {} })), 'GWC2952', /ByteMatchStatment/],
  ['two statements', acl(rule(0, { ...contains('x', { UriPath: {} }), RegexMatchStatement: {} })), 'GWC2951', /exactly one/],
  ['the same priority twice', acl(rule(0, contains('x', { UriPath: {} })), { ...rule(0, contains('x', { UriPath: {} })), Name: 'other' }), 'GWC2951', /Priority 0/],
  ['an IP set that is not given', acl(rule(0, { IPSetReferenceStatement: { ARN: 'arn:aws:wafv2:eu-west-1:1:regional/ipset/none/1' } })), 'GWC2953', /IP set/],
  ['an address that is none', { ...acl(rule(0, { IPSetReferenceStatement: { ARN: 's' } })), ipSets: { s: ['300.0.0.1/8'] } }, 'GWC2955', /300/],
  ['a managed rule group', acl({ Name: 'm', Priority: 0, Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' } }, OverrideAction: { None: {} }, VisibilityConfig: VISIBILITY }), 'GWC2954', /AWSManagedRulesCommonRuleSet/],
  ['CAPTCHA', acl(rule(0, contains('x', { UriPath: {} }), { Captcha: {} })), 'GWC2954', /Captcha/],
  ['Challenge', acl(rule(0, contains('x', { UriPath: {} }), { Challenge: {} })), 'GWC2954', /Challenge/],
  ['a TLS fingerprint', acl(rule(0, contains('x', { JA3Fingerprint: { FallbackBehavior: 'MATCH' } }))), 'GWC2954', /JA3/],
  ['a fragment', acl(rule(0, contains('x', { UriFragment: {} }))), 'GWC2975', /matches no request/],
  ['a fragment that matches', acl(rule(0, contains('x', { UriFragment: { FallbackBehavior: 'MATCH' } }))), 'GWC2975', /matches every/],
  ['what has no effect', { ...acl(), DataProtectionConfig: { DataProtections: [] } }, 'GWC2976', /DataProtectionConfig/],
  ['a pattern that is none', acl(rule(0, { RegexMatchStatement: { RegexString: '(a', ...FIELD } })), 'GWC2956', /group without/],
  ['a pattern that nothing can run', acl(rule(0, { RegexMatchStatement: { RegexString: '(?=(a+)+$)x', ...FIELD } })), 'GWC2956', /catastrophic/],
  ['a country without a source', acl(rule(0, { GeoMatchStatement: { CountryCodes: ['DE'] } })), 'GWC2957', /which country/],
  ['a database outside', { ...acl(rule(0, { GeoMatchStatement: { CountryCodes: ['DE'] } })), geo: { database: '../../etc/passwd' } }, 'GWC2957', /outside/],
  ['what looks like Base64', acl(rule(0, contains('bGV0IG1lIGlu', { UriPath: {} }))), 'GWC2959', /let me in/],
  ['the CRS without its files', acl({ Name: 'm', Priority: 0, Statement: { ManagedRuleGroupStatement: { VendorName: 'OWASP', Name: 'CRS' } }, OverrideAction: { None: {} }, VisibilityConfig: VISIBILITY }), 'GWC2971', /OWASP/],
  ['a rate inside', acl(rule(0, { NotStatement: { Statement: { RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP' } } } })), 'GWC2951', /own statement/],
  ['a rate that allows', acl(rule(0, { RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP' } }, { Allow: {} })), 'GWC2951', /Block, Count/],
  ['a window that there is not', acl(rule(0, { RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP', EvaluationWindowSec: 90 } })), 'GWC2951', /60, 120/],
  ['a body that is not given', acl(rule(0, contains('x', { UriPath: {} }), { Block: { CustomResponse: { ResponseCode: 400, CustomResponseBodyKey: 'none' } } })), 'GWC2951', /CustomResponseBodies/],
  ['a field that ends the line', acl(rule(0, contains('x', { UriPath: {} }), { Block: { CustomResponse: { ResponseCode: 400, ResponseHeaders: [{ Name: 'a', Value: 'b\r\nc: d' }] } } })), 'GWC2951', /cannot be sent/],
  ['a transformation that there is not', acl(rule(0, { ByteMatchStatement: { SearchString: 'x', FieldToMatch: { UriPath: {} }, TextTransformations: [{ Priority: 0, Type: 'TRIM' }], PositionalConstraint: 'CONTAINS' } })), 'GWC2951', /Type must be one of/],
];

test('an ACL that is not understood is refused, with the reason', async () => {
  for (const [what, webAcl, expected, message] of REFUSED) {
    const { diagnostics, bundle } = await build(webAcl);
    const found = diagnostics.find((each) => each.code.startsWith(expected) && message.test(each.message));
    assert.ok(found, `${what}: ${JSON.stringify(diagnostics.map((each) => [each.code, each.message]))}`);
    if (found.severity === 'error') assert.not(bundle, what);
  }
});

test('whatever stands there, reading it does not throw', async () => {
  const piece = fc.constantFrom<unknown>('Name', 'Rules', {}, [], null, 0, -1, 1e300, 'x', '__proto__', NONE, VISIBILITY, FIELD, { Statement: {} }, { Block: {} }, { $ref: '#/x-gwc/webAcl' });
  const names = fc.constantFrom('Name', 'Rules', 'Statement', 'Action', 'Priority', 'VisibilityConfig', 'DefaultAction', 'AndStatement', 'Statements', 'NotStatement', 'ByteMatchStatement', 'FieldToMatch', 'TextTransformations', 'RateBasedStatement', 'CustomKeys', 'WebACL', 'ipSets', 'geo', 'GeoMatchStatement', 'IPSetReferenceStatement', 'ARN', 'RuleLabels', '__proto__', 'Body', 'JsonBody', 'MatchPattern', 'file');
  const value = fc.letrec((tie) => ({ node: fc.oneof({ depthSize: 'small' }, piece, fc.dictionary(names, tie('node'), { maxKeys: 5, noNullPrototype: true }), fc.array(tie('node'), { maxLength: 3 })) })).node;
  await fc.assert(fc.asyncProperty(fc.dictionary(names, value, { maxKeys: 6, noNullPrototype: true }), async (mess) => {
    const { diagnostics } = await build({ ...acl(rule(0, contains('x', { UriPath: {} }))), ...mess }, undefined, {}, analyse);
    assert.not(diagnostics.some(({ code }) => code.startsWith('GWC9')), JSON.stringify(diagnostics));
  }), { numRuns: 40 });
});

test.run();
