/** SIGHUP to a built gateway file: the bundle that is on disk then takes over the listener, under load, alone and with workers. */
import { readFileSync, renameSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers, open, pause } from '../../runtime/http1/testing/raw.js';
import { compile } from '../index.js';

const test = suite('hand-over to a new gateway file');
const folder = mkdtempSync(join(tmpdir(), 'gwc-hand-over-'));
const bundles: Record<string, string> = {};
/** Built for everything. */
const whole: Record<string, string> = {};

test.before(async () => {
  for (const version of ['one', 'two']) {
    writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.3
info: {title: hand-over, version: ${version}}
paths:
  /version:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"version":"${version}"}'}}}
`);
    for (const http1 of ['own', 'llhttp'] as const) bundles[`${http1} ${version}`] = (await compile(join(folder, 'api.yaml'), { http1 })).bundle!.code;
    whole[version] = (await compile(join(folder, 'api.yaml'), { tls: true })).bundle!.code;
  }
});
test.after(() => rmSync(folder, { recursive: true }));

/** As a deployment would: the file is never half written. */
function install(file: string, bundle: string): void {
  writeFileSync(`${file}.new`, bundle);
  renameSync(`${file}.new`, file);
}

/** A gateway file as a process. `output`: what it has written so far, on both streams. */
function run(file: string, args: readonly string[] = []) {
  const child = spawn(process.execPath, [file, '--port', '0', '--host', '127.0.0.1', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gateway = {
    child,
    output: '',
    count: (text: string): number => gateway.output.split(text).length - 1,
    /** Waits up to 15 seconds. */
    async until(condition: () => boolean): Promise<void> {
      for (let i = 0; i < 1_500 && !condition(); i++) await pause(10);
      assert.ok(condition(), gateway.output);
    },
    port: (): number => Number(/:(\d+)\n/.exec(gateway.output)![1]),
    /** Its exit code after SIGTERM. */
    end(): Promise<number | null> {
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return ended;
    },
  };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { gateway.output += chunk.toString(); });
  return gateway;
}

for (const [name, http1, args] of [['own', 'own', []], ['llhttp', 'llhttp', []], ['own, two workers', 'own', ['--workers', '2']]] as const) {
  test(`${name}: no request fails while twenty bundles follow each other`, async () => {
    const file = join(folder, 'gateway.mjs');
    install(file, bundles[`${http1} one`]!);
    const gateway = run(file, args);
    const { child, count, until } = gateway;
    const workers = args.length > 0 ? 2 : 1;
    await until(() => count('listening on') >= workers);
    const port = gateway.port();
    let running = true;
    let answered = 0;
    const seen = new Set<string>();
    const client = async (): Promise<void> => {
      while (running) {
        const socket = await open(port);
        let text = '';
        let wake: () => void = () => {};
        socket.on('data', (chunk) => { text += chunk.toString('latin1'); wake(); });
        socket.on('close', () => { text += 'CLOSED'; wake(); });
        // A worker that drains says so with its last answer: then a new connection.
        for (let kept = true; running && kept;) {
          text = '';
          socket.write('GET /version HTTP/1.1\r\nHost: g\r\n\r\n');
          while (!text.includes('"}') && !text.includes('CLOSED')) await new Promise<void>((resolve) => { wake = resolve; });
          // An idle connection may be closed just when the request is on its way (RFC 9112 §9.6): then nothing was answered.
          if (text === 'CLOSED' && workers > 1) break;
          const [answer] = answers(text.replace(/CLOSED$/, ''));
          assert.is(answer!.status, 200);
          seen.add(answer!.body);
          answered++;
          kept = answer!.fields['connection'] === 'keep-alive';
        }
        socket.destroy();
      }
    };
    const clients = Array.from({ length: 4 }, client);
    const rounds = workers > 1 ? 3 : 20;
    for (let i = 1; i <= rounds; i++) {
      install(file, bundles[`${http1} ${i % 2 === 1 ? 'two' : 'one'}`]!);
      child.kill('SIGHUP');
      if (workers > 1) await until(() => count('listening on') >= workers * (i + 1));
      else await until(() => count('took the new bundle') >= i);
      await pause(30);
    }
    install(file, 'not a module');
    child.kill('SIGHUP');
    await until(() => count(workers === 1 ? 'kept the old bundle' : 'kept an old worker') === workers);
    running = false;
    await Promise.all(clients);
    assert.equal([...seen].sort(), ['{"version":"one"}', '{"version":"two"}']);
    assert.ok(answered > 200, `${answered} answers`);
    assert.is(child.exitCode, null, gateway.output);
    assert.is(await gateway.end(), 0, gateway.output);
    assert.ok(readFileSync(file, 'utf8').length > 0);
  });
}

test('a gateway that reads no bodies hands its listener to one that does: bodies arrive, nobody on a connection of before is left without an answer', async () => {
  const backend = createServer((socket) => socket.on('data', () => {}).once('data', () => setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nback'), 20)));
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const spec = join(folder, 'grown.yaml');
  writeFileSync(spec, `openapi: 3.0.3
info: {title: hand-over, version: grown}
paths:
  /version:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:${(backend.address() as AddressInfo).port}/', passthroughBehavior: when_no_match}
  /echo:
    post:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '#set($context.responseOverride.header.X-Echo = $input.path("$.name")){"statusCode": 200}'}
        responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"version":"grown"}'}}}
`);
  const built = await compile(spec, {});
  assert.ok(built.bundle, JSON.stringify(built.diagnostics.map(({ message }) => message)));
  const small = bundles['own one']!;
  assert.not.match(small, /100 Continue/, 'the small one was built without what reads bodies');
  const file = join(folder, 'growing.mjs');
  install(file, small);
  const gateway = run(file);
  const { child, count, until } = gateway;
  try {
    await until(() => count('listening on') > 0);
    const port = gateway.port();
    const talk = async (requests: string): Promise<string> => {
      const socket = await open(port);
      let text = '';
      socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
      socket.write(requests);
      await new Promise((resolve) => socket.on('close', resolve));
      return text;
    };
    // A body nobody reads, and the next request after it.
    const unread = answers(await talk('GET /version HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nhelloGET /version HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n'));
    assert.equal(unread.map(({ status, body }) => [status, body]), [[200, '{"version":"one"}'], [200, '{"version":"one"}']]);
    const before = await open(port);
    let kept = '', closed = false;
    before.on('data', (chunk) => { kept += chunk.toString('latin1'); });
    before.on('close', () => { closed = true; });
    before.write('GET /version HTTP/1.1\r\nHost: g\r\n\r\n');
    await until(() => kept.includes('"}'));
    install(file, built.bundle.code);
    child.kill('SIGHUP');
    await until(() => count('took the new bundle') > 0);
    // It could not read a body: its last answer is out, and it is closed as in a drain.
    await until(() => closed);
    const json = '{"name":"n1"}';
    const [echo] = answers(await talk(`POST /echo HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`));
    assert.is(echo!.status, 200, gateway.output);
    assert.is(echo!.fields['x-echo'], 'n1');
    const [relayed] = answers(await talk('GET /version HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n'));
    assert.is(relayed!.body, 'back');
    // Back again: what carries everything goes on.
    install(file, small);
    child.kill('SIGHUP');
    await until(() => count('took the new bundle') === 2);
    const ask = async (): Promise<string> => answers(await talk('GET /version HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n'))[0]!.body;
    assert.is(await ask(), '{"version":"one"}');
    // One whose server cannot go on with the listener changes nothing.
    install(file, bundles['llhttp two']!);
    child.kill('SIGHUP');
    await until(() => count('kept the old bundle') > 0);
    assert.is(await ask(), '{"version":"one"}');
    // What was built for everything takes over once, and then goes on by itself.
    install(file, built.bundle.code);
    child.kill('SIGHUP');
    await until(() => count('took the new bundle') === 3);
    for (const [times, code, version] of [[4, whole['one']!, 'one'], [5, whole['two']!, 'two'], [6, whole['one']!, 'one']] as const) {
      install(file, code);
      child.kill('SIGHUP');
      await until(() => count('took the new bundle') === times);
      assert.is(await ask(), `{"version":"${version}"}`);
    }
    assert.is(await gateway.end(), 0, gateway.output);
  } finally {
    child.kill('SIGKILL');
    backend.close();
  }
});

test('SIGTERM right after such a hand-over waits for who was asked before it', async () => {
  writeFileSync(join(folder, 'slow.mjs'), `export const handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return { principalId: 'me', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }] } };
};`);
  const spec = (body: boolean): string => `openapi: 3.0.3
info: {title: hand-over, version: slow}
x-gwc: {functions: {slow: {handler: './slow.mjs#handler'}}}
paths:
  /version:
    get:
      responses: {'200': {description: ok}}
      security: [{who: []}]
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '${body ? '#set($context.responseOverride.header.X-Echo = $input.path("$.name"))' : ''}{"statusCode": 200}'}
        responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"version":"slow"}'}}}
components:
  securitySchemes:
    who: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:slow/invocations'}}
`;
  const codes: string[] = [];
  for (const body of [false, true]) {
    writeFileSync(join(folder, 'slow.yaml'), spec(body));
    const built = await compile(join(folder, 'slow.yaml'), {});
    assert.ok(built.bundle, JSON.stringify(built.diagnostics.map(({ message }) => message)));
    codes.push(built.bundle.code);
  }
  assert.equal(codes.map((code) => code.includes('100 Continue')), [false, true], 'only the second one reads bodies');
  const file = join(folder, 'slow-gateway.mjs');
  install(file, codes[0]!);
  const gateway = run(file);
  const { child, count, until } = gateway;
  try {
    await until(() => count('listening on') > 0);
    const socket = await open(gateway.port());
    let text = '', closed = false;
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
    socket.on('close', () => { closed = true; });
    socket.write('GET /version HTTP/1.1\r\nHost: g\r\nAuthorization: me\r\n\r\n');
    await pause(200);
    install(file, codes[1]!);
    child.kill('SIGHUP');
    await until(() => count('took the new bundle') > 0);
    const ended = gateway.end();
    await until(() => closed);
    assert.is(answers(text)[0]?.body, '{"version":"slow"}', gateway.output);
    assert.is(await ended, 0, gateway.output);
  } finally {
    child.kill('SIGKILL');
  }
});

test.run();
