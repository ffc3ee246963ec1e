/** Private integrations through built gateways: which target gets a call, what it is sent, and what clients see when targets fail. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RawAnswer, type RunningGateway } from '../../testing/running-gateway.js';
import { ONE, TWO } from '../../../runtime/http2/testing/certificates.js';

const test = suite('VPC links');
const folder = mkdtempSync(join(tmpdir(), 'gwc-vpc-'));
const closing: (() => Promise<void>)[] = [];
test.after(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Target { readonly server: Server; readonly seen: string[]; port: number }

const file = (name: string, text: string): string => { writeFileSync(join(folder, name), text); return join(folder, name); };

/** Answers with its name, the host and the target of the request. `hold`: requests wait until it resolves. */
async function target(name: string, { at, tls, answer }: { at?: string | number; tls?: object; answer?: (request: IncomingMessage, response: ServerResponse) => boolean } = {}): Promise<Target> {
  const seen: string[] = [];
  const listener: RequestListener = (request, response) => {
    if (answer?.(request, response)) return;
    seen.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.end(`${name} ${request.url} ${request.headers.host}`);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => (typeof at === 'string' ? server.listen(at, resolve) : server.listen(at ?? 0, '127.0.0.1', resolve)));
  closing.push(() => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }));
  return { server, seen, port: typeof at === 'string' ? 0 : (server.address() as AddressInfo).port };
}

async function gateway(document: object, args: readonly string[] = [], environment: Record<string, string> = {}): Promise<RunningGateway> {
  const path = file(`spec-${Math.random().toString(36).slice(2)}.json`, JSON.stringify(document));
  const compilation = await compile(path, { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  const running = await runGateway(compilation.bundle.code, args, environment);
  closing.push(async () => { await running.stop('SIGKILL'); });
  return running;
}

const get = (of: RunningGateway, path: string): Promise<RawAnswer> => rawRequest(of.port, 'GET', path, [], '');

const rest = (operations: Record<string, object>, xGwc: object): object => ({
  openapi: '3.0.1', info: { title: 'private', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': xGwc,
  paths: Object.fromEntries(Object.entries(operations).map(([path, integration]) => [path, { get: { parameters: [...path.matchAll(/\{(\w+)\+?\}/g)].map((match) => ({ name: match[1]!, in: 'path', required: true, schema: { type: 'string' } })), responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'GET', connectionType: 'VPC_LINK', ...integration } } }])),
});

test('REST: the uri says host and path, the link where the call goes; stage variables choose the link; unix sockets', async () => {
  const blue = await target('blue'), green = await target('green');
  await target('socket', { at: join(folder, 'app.sock') });
  const document = rest({
    '/pets/{id}': { connectionId: 'blue', uri: 'http://pets.internal:8080/v1/pets/{id}?x=1', requestParameters: { 'integration.request.path.id': 'method.request.path.id' } },
    '/chosen': { connectionId: '${stageVariables.link}', uri: 'http://${stageVariables.host}/chosen' },
    '/socket': { connectionId: 'socket', uri: 'http://app/socket' },
    '/host': { connectionId: 'blue', uri: 'http://pets.internal/host', requestParameters: { 'integration.request.header.Host': "'mapped.example'" } },
  }, { stages: { b: { variables: { link: 'blue', host: 'b.internal' } }, g: { variables: { link: 'green', host: 'g.internal' } }, none: { variables: { link: 'toString', host: 'n.internal' } } }, vpcLinks: { blue: { targets: [`http://127.0.0.1:${blue.port}`] }, green: { targets: [`127.0.0.1:${green.port}`] }, socket: { targets: [`unix:${join(folder, 'app.sock')}`] } } });
  const running = await gateway(document, ['--stage', 'b']);
  assert.is((await get(running, '/pets/7?y=2')).body, 'blue /v1/pets/7?x=1&y=2 pets.internal:8080');
  assert.is((await get(running, '/chosen')).body, 'blue /chosen b.internal');
  assert.is((await get(running, '/socket')).body, 'socket /socket app');
  assert.is((await get(running, '/host')).body, 'blue /host mapped.example');
  const other = await gateway(document, ['--stage', 'g']);
  assert.is((await get(other, '/chosen')).body, 'green /chosen g.internal');
  const none = await gateway(document, ['--stage', 'none']);
  const answer = await get(none, '/chosen');
  assert.equal([answer.status, answer.body], [500, '{"message": "Internal server error"}']);
});

const LISTENER = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/x/1/2';
const http = (integration: object, xGwc: object): object => ({
  openapi: '3.0.1', info: { title: 'private', version: '1' }, 'x-gwc-flavour': 'http', 'x-gwc': xGwc,
  paths: { '/pets/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { default: { description: 'any' } }, 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'ANY', connectionType: 'VPC_LINK', payloadFormatVersion: '1.0', uri: LISTENER, connectionId: 'link', ...integration } } } },
});

test('HTTP APIs: the stage is in front of the path unless the path is overwritten; the host is the target\'s', async () => {
  const app = await target('app');
  const host = `127.0.0.1:${app.port}`;
  const links = { stages: { prod: {} }, vpcLinks: { link: { targets: [`http://${host}`] } } };
  const staged = await gateway(http({}, links), ['--stage', 'prod']);
  assert.is((await get(staged, '/pets/a%20b?q=%2F')).body, `app /prod/pets/a%20b?q=%2F ${host}`);
  const plain = await gateway(http({}, { vpcLinks: links.vpcLinks }));
  assert.is((await get(plain, '/pets/1')).body, `app /pets/1 ${host}`);
  const overwritten = await gateway(http({ requestParameters: { 'overwrite:path': '$request.path', 'overwrite:header.Host': 'inner.example' } }, links), ['--stage', 'prod']);
  assert.is((await get(overwritten, '/pets/1')).body, 'app /pets/1 inner.example');
  const cloudMap = await gateway(http({ uri: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1?stage=blue' }, links), ['--stage', 'prod']);
  assert.is((await get(cloudMap, '/pets/1')).body, `app /prod/pets/1 ${host}`);
});

test('a listener that a template leaves open is reached through the link; a REST API takes no ARN', async () => {
  const app = await target('app');
  const links = { vpcLinks: { link: { targets: [`http://127.0.0.1:${app.port}`] } } };
  assert.match((await get(await gateway(http({ uri: { Ref: 'Listener' } }, links)), '/pets/1')).body, /^app \/pets\/1 /);
  const { diagnostics } = await analyse(file('arn.json', JSON.stringify(rest({ '/x': { connectionId: 'link', uri: LISTENER } }, links))));
  assert.ok(diagnostics.some(({ code }) => code === 'GWC2301'));
});

test('several targets: the least busy one gets the call; one that refuses is passed over', async () => {
  const held: ServerResponse[] = [];
  const one = await target('one', { answer: (request, response) => request.url === '/slow' && held.push(response) > 0 });
  const two = await target('two', { answer: (request, response) => request.url === '/slow' && held.push(response) > 0 });
  const running = await gateway(rest({ '/{any+}': { connectionId: 'l', uri: 'http://app/{any}', requestParameters: { 'integration.request.path.any': 'method.request.path.any' } } }, { vpcLinks: { l: { targets: [`http://127.0.0.1:${one.port}`, `http://127.0.0.1:${two.port}`] } } }));
  const slow = [get(running, '/slow')];
  while (held.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  // One of them is busy: all others go to the other one.
  const busy = one.seen.length + two.seen.length;
  assert.is(busy, 0);
  const names = new Set<string>();
  for (let i = 0; i < 6; i++) names.add((await get(running, `/quick${i}`)).body.split(' ')[0]!);
  assert.is(names.size, 1, 'the idle one');
  slow.push(get(running, '/slow'));
  while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  names.clear();
  for (let i = 0; i < 6; i++) names.add((await get(running, `/quick${i}`)).body.split(' ')[0]!);
  assert.is(names.size, 2, 'equally busy ones take turns');
  for (const response of held) response.end('slow');
  await Promise.all(slow);
  one.server.closeAllConnections();
  await new Promise((resolve) => one.server.close(resolve));
  for (let i = 0; i < 6; i++) assert.equal([(await get(running, '/after')).body.split(' ')[0], i], ['two', i]);
});

test('health checks take a target out and put it back', async () => {
  let isWell = true;
  const checks: string[] = [];
  const health = (name: string, well: () => boolean) => (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url !== '/health?x=1') return false;
    checks.push(name);
    response.writeHead(well() ? 200 : 503).end();
    return true;
  };
  const one = await target('one', { answer: health('one', () => isWell) }), two = await target('two', { answer: health('two', () => true) });
  const running = await gateway(rest({ '/x': { connectionId: 'l', uri: 'http://app/x' } }, { vpcLinks: { l: { targets: [`http://127.0.0.1:${one.port}`, `http://127.0.0.1:${two.port}`], healthCheck: { path: '/health?x=1', intervalSeconds: 0.1, timeoutSeconds: 1 } } } }));
  const names = async (): Promise<string> => {
    const found = new Set<string>();
    for (let i = 0; i < 8; i++) found.add((await get(running, '/x')).body.split(' ')[0]!);
    return [...found].sort().join(' ');
  };
  const becomes = async (expected: string): Promise<void> => {
    for (let i = 0; i < 100; i++) {
      if ((await names()) === expected) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.unreachable(`still not "${expected}": ${await names()}`);
  };
  await becomes('one two');
  isWell = false;
  await becomes('two');
  isWell = true;
  await becomes('one two');
  assert.ok(checks.includes('one') && checks.includes('two'));
});

test('TLS: a private authority, the name to verify, a client certificate; what cannot be verified is not called', async () => {
  const secure = await target('secure', { tls: { cert: ONE.cert, key: ONE.key, ca: TWO.cert, requestCert: true, rejectUnauthorized: true } });
  const tls = { ca: file('ca.pem', ONE.cert), cert: file('client.pem', TWO.cert), key: file('client.key', TWO.key) };
  const at = { targets: [`127.0.0.1:${secure.port}`] };
  const links = { link: { ...at, tls }, noCa: at, noClient: { ...at, tls: { ca: tls.ca } }, gone: { ...at, tls: { ...tls, ca: join(folder, 'absent.pem') } } };
  const verified = { tlsConfig: { serverNameToVerify: 'one.test' } };
  const running = await gateway(http(verified, { vpcLinks: links }));
  assert.match((await get(running, '/pets/1')).body, /^secure \/pets\/1 /);
  for (const id of ['noCa', 'noClient', 'gone']) {
    const failing = await gateway(http({ ...verified, connectionId: id }, { vpcLinks: links }));
    const answer = await get(failing, '/pets/1');
    assert.equal([answer.status, answer.body], [503, '{"message":"Service Unavailable"}'], id);
    assert.not.match(failing.stderr(), /PRIVATE KEY|MIG/);
  }
  const wrongName = await gateway(http({ tlsConfig: { serverNameToVerify: 'two.test' } }, { vpcLinks: links }));
  assert.is((await get(wrongName, '/pets/1')).status, 503);
  const restUri = await gateway(rest({ '/x': { connectionId: 'noClient', uri: 'https://one.test/x', tlsConfig: { serverNameToVerify: 'one.test' } } }, { vpcLinks: { noClient: { ...at, tls } } }));
  assert.is((await get(restUri, '/x')).body, 'secure /x one.test');
  assert.not.match(running.stderr(), /PRIVATE KEY/);
});

test('client certificates of stages: shown to every https backend, read when the gateway connects', async () => {
  const secure = await target('secure', { tls: { cert: ONE.cert, key: ONE.key, ca: TWO.cert, requestCert: true, rejectUnauthorized: true } });
  file('stage.pem', TWO.cert);
  const document = (cert: string): object => ({ ...rest({ '/x': { connectionType: 'INTERNET', uri: `https://localhost:${secure.port}/x` }, '/plain': { connectionType: 'INTERNET', uri: 'https://${stageVariables.host}/plain' } }, {
    clientCertificates: { inner: { ca: file('stage-ca.pem', ONE.cert), cert: join(folder, cert), key: file('stage.key', TWO.key) } },
    stages: { prod: { clientCertificateId: 'inner', variables: { host: `localhost:${secure.port}` } }, bare: { variables: { host: `localhost:${secure.port}` } } },
  }) });
  const running = await gateway(document('stage.pem'), ['--stage', 'prod']);
  assert.is((await get(running, '/x')).body, `secure /x localhost:${secure.port}`);
  assert.is((await get(running, '/plain')).body, `secure /plain localhost:${secure.port}`);
  assert.is((await get(await gateway(document('stage.pem'), ['--stage', 'bare']), '/x')).status, 504);
  // Files that are not there are found when the gateway starts.
  const compilation = await compile(file('absent.json', JSON.stringify(document('absent.pem'))), { clients: [] });
  let problem = '';
  try { await runGateway(compilation.bundle!.code, ['--stage', 'prod']); } catch (error) { problem = (error as Error).message; }
  assert.match(problem, /^gateway ended with [12]: .*absent\.pem/);
  assert.ok(!compilation.bundle!.modules.some(({ module }) => /aws-|lambda|vpc-link/.test(module)), 'nothing else is in the bundle');
  const wrong = await analyse(file('wrong-certificate.json', JSON.stringify(rest({ '/x': { connectionType: 'INTERNET', uri: 'https://a/x' } }, { clientCertificates: { inner: { cert: 'x' } }, stages: { prod: { clientCertificateId: 'iner' } } }))));
  assert.equal(wrong.diagnostics.map(({ code }) => code).sort(), ['GWC2312', 'GWC2313']);
});

test('what documents get wrong', async () => {
  const report = async (document: object): Promise<string[]> => (await analyse(file('wrong.json', JSON.stringify(document)))).diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
  const links = { ok: { targets: ['http://127.0.0.1:1'] } };
  assert.equal(await report(http({ connectionId: 'okk' }, { vpcLinks: links })), ["GWC2311 there is no VPC link 'okk'"]);
  assert.equal(await report(http({ connectionId: '${stageVariables.l}' }, { vpcLinks: links, stages: { a: { variables: { l: 'ok' } }, b: { variables: { l: 'ko' } } } })), ["GWC2311 there is no VPC link 'ko', which stage 'b' names"]);
  assert.match((await report(rest({ '/x': { connectionId: 'ok', uri: 'http://a/x' } }, {})))[0]!, /^GWC2309 connectionType is not compiled yet: x-gwc\.vpcLinks names no targets/);
  for (const [link, problem] of [
    [{ targets: [] }, 'has no targets'], [{ targets: ['ftp://x'] }, "has a target that is none: 'ftp://x'"], [{ targets: ['http://u:p@x'] }, "has a target that is none: 'http://u:p@x'"], [{ targets: ['x:99999'] }, "has a target that is none: 'x:99999'"], [{ targets: ['http://x/path'] }, "has a target that is none: 'http://x/path'"],
    [{ targets: ['x'], tls: { cert: 'a' } }, 'has tls that has a cert without its key'], [{ targets: ['x'], healthCheck: { path: 'health' } }, "has a healthCheck.path that does not start with a slash: 'health'"], [{ targets: ['x'], healthCheck: { intervalSeconds: 0 } }, 'has a healthCheck.intervalSeconds that is no number from 0.1 to 300'],
  ] as const) assert.ok((await report(rest({ '/x': { connectionId: 'ok', uri: 'http://a/x' } }, { vpcLinks: { ...links, bad: link } }))).includes(`GWC2310 VPC link 'bad' ${problem}`), problem);
});

test('an ARN without its link has no endpoint', async () => {
  const running = await gateway(http({ connectionId: 'unknown' }, { vpcLinks: { link: { targets: ['http://127.0.0.1:1'] } } }));
  const answer = await get(running, '/pets/1');
  assert.equal([answer.status, answer.body], [503, '{"message":"Service Unavailable"}']);
  assert.match(running.stderr(), 'Invalid endpoint address');
});
test.run();
