/** SIGHUP to a built gateway file: the bundle that is on disk then takes over the listener, under load, alone and with workers. */
import { readFileSync, renameSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers, open, pause } from '../../runtime/http1/testing/raw.js';
import { compile } from '../index.js';

const test = suite('hand-over to a new gateway file');
const folder = mkdtempSync(join(tmpdir(), 'gwc-hand-over-'));
const bundles: Record<string, string> = {};

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
  }
});
test.after(() => rmSync(folder, { recursive: true }));

/** As a deployment would: the file is never half written. */
function install(file: string, bundle: string): void {
  writeFileSync(`${file}.new`, bundle);
  renameSync(`${file}.new`, file);
}

for (const [name, http1, args] of [['own', 'own', []], ['llhttp', 'llhttp', []], ['own, two workers', 'own', ['--workers', '2']]] as const) {
  test(`${name}: no request fails while twenty bundles follow each other`, async () => {
    const file = join(folder, 'gateway.mjs');
    install(file, bundles[`${http1} one`]!);
    const child = spawn(process.execPath, [file, '--port', '0', '--host', '127.0.0.1', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    const count = (text: string): number => output.split(text).length - 1;
    const until = async (condition: () => boolean): Promise<void> => {
      for (let i = 0; i < 1_500 && !condition(); i++) await pause(10);
      assert.ok(condition(), output);
    };
    const workers = args.length > 0 ? 2 : 1;
    await until(() => count('listening on') >= workers);
    const port = Number(/:(\d+)\n/.exec(output)![1]);
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
    assert.is(child.exitCode, null, output);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    assert.is(await ended, 0, output);
    assert.ok(readFileSync(file, 'utf8').length > 0);
  });
}

test.run();
