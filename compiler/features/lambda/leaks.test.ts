/** Faults by the hundred (CALLS=10000 for a long run): file descriptors, threads, child processes and memory of the gateway end where they began. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const CALLS = Number(process.env['CALLS'] ?? 400);
const PARALLEL = 16;
const test = suite('faults by the hundred');
const folder = mkdtempSync(join(tmpdir(), 'gwc-leaks-'));
const runtime = fileURLToPath(new URL('./testing/broken-runtime.js', import.meta.url));
let gateway: RunningGateway, endpoint: Server;

const HANDLER = `
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const handler = async (event) => {
  switch (event.path.split('/').at(-1)) {
    case 'throws': throw new Error('x'.repeat(1_000));
    case 'hangs': return new Promise(() => undefined);
    case 'exits': process.exit(1);
    case 'large': return { statusCode: 200, body: 'x'.repeat(7_000_000) };
    case 'wrong': return { nothing: 'of the contract' };
    default: return { statusCode: 200, body: 'fine' };
  }
};
`;
/** Target → status. Faults that end a thread or a program are dear: a few in a hundred. */
const MIX: readonly (readonly [string, number, number])[] = [
  ['/module/fine', 200, 40], ['/module/throws', 502, 30], ['/module/wrong', 502, 30], ['/module/large', 502, 2], ['/module/hangs', 504, 4],
  ['/isolated/fine', 200, 30], ['/isolated/throws', 502, 20], ['/isolated/exits', 502, 2], ['/isolated/hangs', 504, 1],
  ['/exec/pid', 200, 20], ['/exec/crash', 502, 1],
  ['/endpoint/Fine', 200, 30], ['/endpoint/Closes', 504, 20], ['/endpoint/Cut', 502, 10], ['/endpoint/Throttled', 500, 20], ['/endpoint/Slow', 504, 4], ['/refused', 504, 20],
];

test.before(async () => {
  endpoint = createServer((request, response) => {
    request.resume().once('end', () => {
      const event = /functions\/(\w+)\//.exec(request.url!)![1];
      if (event === 'Closes') request.socket.destroy();
      else if (event === 'Throttled') response.writeHead(429).end('{}');
      else if (event === 'Cut') { response.writeHead(200, { 'content-length': '100' }); response.write('{'); setTimeout(() => response.destroy(), 5); }
      else if (event === 'Fine') response.end('{"statusCode":200,"body":"fine"}');
      else response.on('close', () => undefined);
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
  const operation = (name: string): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', timeoutInMillis: 1_000, uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:${name}/invocations` } });
  writeFileSync(join(folder, 'handler.mjs'), HANDLER);
  const endpoints = ['Fine', 'Closes', 'Cut', 'Throttled', 'Slow'];
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'leaks', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': { functions: { Module: { handler: './handler.mjs' }, Isolated: { handler: './handler.mjs', isolate: true, maxConcurrency: 4 }, Exec: { exec: [process.execPath, runtime, 'work'], maxConcurrency: 2 }, Refused: { endpoint: 'http://127.0.0.1:9' }, ...Object.fromEntries(endpoints.map((name) => [name, { endpoint: url }])) } },
    paths: { ...Object.fromEntries(['module', 'isolated', 'exec'].map((name) => [`/${name}/{what}`, { get: operation(name[0]!.toUpperCase() + name.slice(1)) }])), ...Object.fromEntries(endpoints.map((name) => [`/endpoint/${name}`, { get: operation(name) }])), '/refused': { get: operation('Refused') } },
  }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  gateway = await runGateway(compilation.bundle.code);
});
test.after(async () => {
  assert.is(await gateway.stop(), 0);
  endpoint.closeAllConnections();
  endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Usage { readonly descriptors: number; readonly threads: number; readonly children: number; readonly megabytes: number }
function usage(): Usage {
  const pid = gateway.process.pid!;
  const children = execFileSync('ps', ['-eo', 'ppid='], { encoding: 'utf8' }).split('\n').filter((line) => Number(line) === pid).length;
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, threads: readdirSync(`/proc/${pid}/task`).length, children, megabytes: Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024 };
}

async function play(calls: number): Promise<void> {
  const total = MIX.reduce((sum, [, , weight]) => sum + weight, 0);
  let made = 0, seed = 7;
  const wrong = new Map<string, number>();
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (made < calls) {
      made++;
      let draw = (seed = (seed * 48_271) % 2_147_483_647) % total;
      const [target, expected] = MIX.find(([, , weight]) => (draw -= weight) < 0)!;
      const { status } = await rawRequest(gateway.port, 'GET', target, [], '');
      // A thread or program that waits for its turn behind slow ones may be late itself.
      if (status !== expected && !(status === 504 && /isolated|exec/.test(target))) wrong.set(`${target} ${status}`, (wrong.get(`${target} ${status}`) ?? 0) + 1);
    }
  }));
  assert.equal([...wrong], []);
}

const run = existsSync('/proc/self/fd') ? test : (console.log('skipped: /proc is needed to count what a process holds'), test.skip);
run(`${CALLS} calls leave nothing behind`, async () => {
  await play(Math.min(CALLS, 300));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = usage();
  await play(CALLS);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const after = usage();
  if (process.env['CALLS']) console.log(JSON.stringify({ before, after }));
  const shown = JSON.stringify({ before, after });
  // Pools keep what they may: connections to one endpoint, 4 threads (two descriptors and a few threads each), 2 programs.
  assert.ok(after.descriptors <= before.descriptors + 40, shown);
  assert.ok(after.threads <= before.threads + 12, shown);
  assert.ok(after.children <= 2, shown);
  assert.ok(after.megabytes <= before.megabytes + 120, shown);
  assert.is((await rawRequest(gateway.port, 'GET', '/module/fine', [], '')).body, 'fine');
});
test.run();
