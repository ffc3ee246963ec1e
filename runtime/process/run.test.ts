/** Processes: drain, hand-over to a new bundle under load, workers that crash. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers, open, pause, talk } from '../http1/testing/raw.js';

const test = suite('running a gateway');
const folder = mkdtempSync(join(tmpdir(), 'gwc-run-'));
const answerFile = join(folder, 'answer');
const children: ChildProcess[] = [];

test.after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startProcess(env: Record<string, string>, listening: number): Promise<{ child: ChildProcess; port: number; output: () => string; ended: Promise<number | null> }> {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../http1/testing/gateway-process.js', import.meta.url))], { env: { ...process.env, ANSWER_FILE: answerFile, PORT: String(port), ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  for (let i = 0; i < 500 && output.split('listening').length <= listening; i++) await pause(20);
  return { child, port, output: () => output, ended };
}

test('SIGTERM: the request in flight is answered, then the process ends', async () => {
  writeFileSync(answerFile, 'one');
  const { child, port, ended } = await startProcess({}, 1);
  const idle = await open(port);
  idle.resume();
  const slow = talk(port, get('/slow'));
  await pause(80);
  child.kill('SIGTERM');
  assert.match(answers(await slow)[0]!.body, /^one \d+$/);
  assert.is(await ended, 0);
});

test('SIGHUP: a hundred hand-overs under load, no failed request; a bundle that cannot load changes nothing', async () => {
  writeFileSync(answerFile, 'v0');
  const { child, port, output, ended } = await startProcess({}, 1);
  let running = true;
  let count = 0;
  const seen = new Set<string>();
  const client = async (): Promise<void> => {
    const socket = await open(port);
    let text = '';
    let wake: () => void = () => {};
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); wake(); });
    socket.on('close', () => { text += 'CLOSED'; wake(); });
    while (running) {
      text = '';
      socket.write('GET / HTTP/1.1\r\nHost: g\r\n\r\n');
      while (!/\r\n\r\n[^ ]+ \d+/.test(text) && !text.includes('CLOSED')) await new Promise<void>((resolve) => { wake = resolve; });
      const [answer] = answers(text);
      assert.is(answer!.status, 200);
      seen.add(answer!.body.split(' ')[0]!);
      count++;
    }
    socket.destroy();
  };
  const clients = Array.from({ length: 8 }, client);
  for (let i = 1; i <= 100; i++) {
    writeFileSync(answerFile, i % 10 === 5 ? 'broken' : `v${i}`);
    child.kill('SIGHUP');
    for (let waited = 0; waited < 200 && output().split(/took|kept/).length <= i; waited++) await pause(5);
  }
  running = false;
  await Promise.all(clients);
  assert.ok(seen.size > 50 && count > 500, `${seen.size} versions in ${count} answers`);
  assert.ok(!seen.has('broken'));
  child.kill('SIGTERM');
  assert.is(await ended, 0);
  assert.is(output().split('closed a gateway').length - 1, 91, 'every gateway that was replaced, and the last, let go of what it held');
});

test('workers: share the port, a crashed one is replaced, SIGHUP brings new ones, SIGTERM ends all', async () => {
  writeFileSync(answerFile, 'one');
  const { child, port, output, ended } = await startProcess({ WORKERS: '2' }, 2);
  const ask = async (path: string): Promise<string> => { const text = await talk(port, get(path)); return text === '' ? '' : answers(text)[0]!.body; };
  assert.match(await ask('/'), /^one /);
  assert.is(await ask('/crash'), '');
  assert.match(await ask('/'), /^one /);
  for (let i = 0; i < 250 && output().split('listening').length <= 3; i++) await pause(20);
  assert.is(output().split('listening').length - 1, 3);
  writeFileSync(answerFile, 'two');
  child.kill('SIGHUP');
  for (let i = 0; i < 500 && output().split('listening').length <= 5; i++) assert.match(await ask('/'), /^(one|two) /);
  for (let i = 0; i < 100 && !(await ask('/')).startsWith('two'); i++) await pause(10);
  await pause(300);
  for (let i = 0; i < 10; i++) assert.match(await ask('/'), /^two /);
  child.kill('SIGTERM');
  assert.is(await ended, 0);
});

test.run();
