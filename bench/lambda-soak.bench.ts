/**
 * Soak: one gateway under every fault that a function or its endpoint has (CALLS=50000, default 6000): refusing, slow, closing mid-body, wrong JSON,
 * 429 and 5xx, results and payloads that are too large, crashes, busy loops, memory blow-ups, streams that break and clients that leave. Each
 * answer's status is checked, other routes are asked all the while, and after every twelfth of the calls the gateway collects its garbage and tells
 * what it holds. Fails when an answer is wrong, when heap or resident memory still grow over the second half, or when files or timers are left.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from '../compiler/index.js';
import { median, row } from './compare.js';

const CALLS = Number(process.env['CALLS'] ?? 6_000);
const PARALLEL = 24;
const SAMPLES = 12;
const folder = mkdtempSync(join(tmpdir(), 'gwc-soak-'));

const HANDLERS = `
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const act = async (event) => {
  switch (event.path.split('/').at(-1)) {
    case 'throws': throw new Error('x'.repeat(1_000));
    case 'rejects': return Promise.reject({ not: 'an error' });
    case 'hangs': return new Promise(() => undefined);
    case 'wrong': return { nothing: 'of the contract' };
    case 'large': return { statusCode: 200, body: 'x'.repeat(7_000_000) };
    case 'logs': console.log('a line', event.path); return { statusCode: 200, body: 'fine' };
    case 'exits': process.exit(1);
    case 'uncaught': setTimeout(() => { throw new Error('nobody catches this'); }, 1); return later(1_000);
    case 'busy': for (;;) { /* never comes back */ }
    case 'memory': { const all = []; for (;;) all.push(new Array(10_000).fill(7)); }
    default: return { statusCode: 200, body: 'fine' };
  }
};
export const handler = act;
export const stream = awslambda.streamifyResponse(async (event, raw) => {
  const stream = awslambda.HttpResponseStream.from(raw, { statusCode: 200 });
  const piece = Buffer.alloc(16_384, 'x');
  for (let i = 0; i < 8; i++) {
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
    if (i === 2 && event.path.endsWith('/breaks')) throw new Error('in the middle');
  }
  stream.end();
});
`;

/** The gateway tells what it holds when it is asked to (SIGUSR2), after a collection. */
const PROBE = `
import { readdirSync } from 'node:fs';
process.on('SIGUSR2', () => {
  globalThis.gc(); globalThis.gc();
  setTimeout(() => {
    globalThis.gc();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    const active = {};
    for (const name of process.getActiveResourcesInfo()) active[name] = (active[name] ?? 0) + 1;
    process.stdout.write('PROBE ' + JSON.stringify({ rss, heapUsed, external, arrayBuffers, active, threads: readdirSync('/proc/self/task').length }) + '\\n');
  }, 300);
});
`;
interface Held { readonly rss: number; readonly heapUsed: number; readonly external: number; readonly arrayBuffers: number; readonly active: Readonly<Record<string, number>>; readonly threads: number; readonly files: number; readonly calls: number }

/** [target, status, share, how]. What ends a thread is dear: a few in a thousand. */
type How = 'get' | 'leave' | 10 | 11;
const MIX: readonly (readonly [string, number, number, How?])[] = [
  ['/endpoint/Fine', 200, 250], ['/endpoint/Refused', 504, 60], ['/endpoint/Closes', 504, 60], ['/endpoint/CutBody', 502, 60], ['/endpoint/CutHead', 502, 30], ['/endpoint/WrongJson', 502, 60], ['/endpoint/NoHttp', 502, 30],
  ['/endpoint/Throttled', 500, 60], ['/endpoint/Service', 502, 60], ['/endpoint/Denied', 500, 30], ['/endpoint/Failed', 502, 60], ['/endpoint/Slow', 504, 20], ['/endpoint/Large', 502, 2],
  ['/custom/Fine', 200, 30], ['/custom/Throttled', 500, 20], ['/custom/Failed', 200, 20],
  ['/module/fine', 200, 200], ['/module/logs', 200, 60], ['/module/throws', 502, 60], ['/module/rejects', 502, 30], ['/module/wrong', 502, 60], ['/module/hangs', 504, 20], ['/module/large', 502, 2],
  ['/module/fine', 413, 3, 10], ['/module/fine', 413, 3, 11], ['/endpoint/Fine', 413, 3, 10], ['/endpoint/Fine', 413, 2, 11],
  ['/isolated/fine', 200, 60], ['/isolated/throws', 502, 30], ['/isolated/wrong', 502, 20], ['/isolated/exits', 502, 3], ['/isolated/uncaught', 502, 2], ['/isolated/busy', 504, 2], ['/isolated/memory', 502, 1],
  ['/stream/module/whole', 200, 20], ['/stream/module/breaks', 200, 10], ['/stream/module/whole', 200, 10, 'leave'],
  ['/stream/isolated/whole', 200, 20], ['/stream/isolated/breaks', 200, 10], ['/stream/isolated/whole', 200, 10, 'leave'],
  ['/stream/endpoint/CutBody', 502, 10], ['/stream/endpoint/Throttled', 500, 10],
];

const endpoint = createServer((incoming, response) => {
  incoming.resume().once('end', () => {
    const { socket } = incoming;
    const json = (status: number, body: string, fields: Record<string, string> = {}): void => { response.writeHead(status, { 'content-type': 'application/json', ...fields }).end(body); };
    switch (/functions\/(\w+)\//.exec(incoming.url!)![1]) {
      case 'Closes': return void socket.destroy();
      case 'CutBody': response.writeHead(200, { 'content-length': '100' }); response.write('{"statusCode"'); return void setTimeout(() => response.destroy(), 5);
      case 'CutHead': return void socket.end('HTTP/1.1 200 OK\r\nContent-Ty');
      case 'NoHttp': return void socket.end('220 smtp ready\r\n');
      case 'WrongJson': return json(200, '{"statusCode":200,"body":"cut o');
      case 'Throttled': return json(429, '{"message":"Rate Exceeded."}');
      case 'Service': return json(500, '{"message":"no"}', { 'x-amzn-errortype': 'ServiceException' });
      case 'Denied': return json(403, '{}', { 'x-amzn-errortype': 'AccessDeniedException' });
      case 'Failed': return json(200, '{"errorMessage":"oh no"}', { 'x-amz-function-error': 'Unhandled' });
      case 'Large': return json(200, JSON.stringify({ statusCode: 200, body: 'x'.repeat(7_000_000) }));
      case 'Slow': return;
      default: return json(200, '{"statusCode":200,"body":"fine"}');
    }
  });
});

// Closing idle connections is not among the faults: a request that meets it is one more network error.
endpoint.keepAliveTimeout = 0;

const uri = (name: string, streams: boolean): string => `arn:aws:apigateway:eu-west-1:lambda:path/${streams ? '2021-11-15' : '2015-03-31'}/functions/arn:aws:lambda:eu-west-1:123456789012:function:${name}/${streams ? 'response-streaming-' : ''}invocations`;
const operation = (name: string, more: object = {}): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', timeoutInMillis: 250, uri: uri(name, 'responseTransferMode' in more), ...more } });
const STREAM = { responseTransferMode: 'STREAM', timeoutInMillis: 5_000 };
const CUSTOM = { type: 'aws', timeoutInMillis: 5_000, requestTemplates: { 'application/json': '{"path": "/x"}' }, responses: { default: { statusCode: '200' } } };

async function startGateway(): Promise<{ process: ChildProcess; port: number; probe(calls: number): Promise<Held> }> {
  const url = await new Promise<string>((resolve) => endpoint.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`)));
  const names = [...new Set(MIX.flatMap(([target]) => (/^\/(?:endpoint|custom|stream\/endpoint)\/(\w+)$/.exec(target)?.[1] ?? [])))];
  writeFileSync(join(folder, 'handlers.mjs'), HANDLERS);
  writeFileSync(join(folder, 'probe.mjs'), PROBE);
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({
    openapi: '3.0.1', info: { title: 'soak', version: '1' }, 'x-gwc-flavour': 'rest',
    'x-gwc': { functions: {
      Module: { handler: './handlers.mjs' }, Isolated: { handler: './handlers.mjs', isolate: true, memory: 32, maxConcurrency: 3 },
      Stream: { handler: './handlers.mjs#stream' }, IsolatedStream: { handler: './handlers.mjs#stream', isolate: true, maxConcurrency: 2 },
      ...Object.fromEntries(names.map((name) => [name, { endpoint: name === 'Refused' ? 'http://127.0.0.1:1' : url }])),
    } },
    paths: {
      '/module/{what}': { get: operation('Module'), post: operation('Module') },
      // Starting a thread takes its time where cores are few: only the loop is to run into it.
      '/isolated/{what}': { get: operation('Isolated', { timeoutInMillis: 10_000 }) }, '/isolated/busy': { get: operation('Isolated', { timeoutInMillis: 1_500 }) },
      '/stream/module/{what}': { get: operation('Stream', STREAM) }, '/stream/isolated/{what}': { get: operation('IsolatedStream', { ...STREAM, timeoutInMillis: 10_000 }) },
      ...Object.fromEntries(names.flatMap((name) => [[`/endpoint/${name}`, { get: operation(name, name === 'Slow' ? {} : { timeoutInMillis: 5_000 }), post: operation(name) }], [`/custom/${name}`, { get: operation(name, CUSTOM) }], [`/stream/endpoint/${name}`, { get: operation(name, STREAM) }]])),
      '/mock': { get: { responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'mock', requestTemplates: { 'application/json': '{"statusCode": 200}' }, responses: { default: { statusCode: '200' } } } } },
    },
  }));
  const { bundle, diagnostics } = await compile(join(folder, 'spec.json'), { clients: [], minify: true });
  if (bundle === undefined) throw new Error(JSON.stringify(diagnostics));
  writeFileSync(join(folder, 'gateway.mjs'), bundle.code);
  const child = spawn(process.execPath, ['--expose-gc', '--import', pathToFileURL(join(folder, 'probe.mjs')).href, join(folder, 'gateway.mjs'), '--port', '0', '--host', '127.0.0.1'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'none' } });
  let tail = '', told: ((line: string) => void) | null = null;
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (piece: Buffer): void => {
      tail = (tail + piece.toString()).slice(-4_000);
      const listening = /listening on http:\/\/[^:]+:(\d+)/.exec(tail);
      if (listening) resolve(Number(listening[1]));
      const probe = /PROBE (\{.*\})\n/.exec(tail);
      if (probe) { tail = ''; told?.(probe[1]!); }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => { const problem = new Error(`the gateway ended (${code}): ${tail.slice(-1_000)}`); reject(problem); if (told !== null) { console.error(problem.message); process.exit(1); } });
  });
  return { process: child, port, probe: (calls) => new Promise((resolve) => {
    told = (line) => resolve({ ...(JSON.parse(line) as Held), calls, files: readdirSync(`/proc/${child.pid}/fd`).length });
    child.kill('SIGUSR2');
  }) };
}

const PAYLOADS = { 10: Buffer.alloc(10_000_000, '"'), 11: Buffer.alloc(11_000_000, 'x') };

/** The status of the answer; 0 when there is none. */
function ask(agent: Agent, port: number, target: string, how: How = 'get'): Promise<number> {
  return new Promise((resolve) => {
    const payload = typeof how === 'number' ? PAYLOADS[how] : undefined;
    let status = 0;
    const outgoing = request({ agent, port, host: '127.0.0.1', path: target, method: payload === undefined ? 'GET' : 'POST', ...(payload === undefined ? {} : { headers: { 'Content-Type': 'text/plain', 'Content-Length': payload.length } }) }, (response) => {
      status = response.statusCode!;
      // An answer that breaks off is an answer that broke off.
      response.on('error', () => undefined).once('close', () => resolve(status));
      if (how === 'leave') response.once('data', () => response.destroy());
      else response.resume();
    });
    outgoing.on('error', () => resolve(status)).end(payload);
  });
}

const total = MIX.reduce((sum, [, , share]) => sum + share, 0);
/** Kinds spread evenly: number `i` of the sequence is always the same. */
const sequence = MIX.flatMap((kind) => Array.from({ length: kind[2] }, (_, i) => ({ kind, at: (i + 0.5) / kind[2] }))).sort((a, b) => a.at - b.at).map(({ kind }) => kind);
const wrong = new Map<string, number>();
const beside: number[] = [];

const gateway = await startGateway();
const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
const own = new Agent({ keepAlive: true, maxSockets: 1 });
let done = 0, isOver = false;
const besideAll = (async () => {
  while (!isOver) {
    const begun = performance.now();
    const status = await ask(own, gateway.port, '/mock');
    if (status !== 200) wrong.set(`/mock ${status}`, (wrong.get(`/mock ${status}`) ?? 0) + 1);
    beside.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
})();
async function run(until: number): Promise<void> {
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    while (done < until) {
      const [target, expected, , how] = sequence[done++ % total]!;
      const status = await ask(agent, gateway.port, target, how);
      // A gateway may answer before it has read all of a payload, and close: then the client sees no answer at all.
      if (status !== expected && !(status === 0 && typeof how === 'number')) wrong.set(`${target} ${expected} → ${status}`, (wrong.get(`${target} ${expected} → ${status}`) ?? 0) + 1);
    }
  }));
  // What a timeout of 250 ms ended is over.
  await new Promise((resolve) => setTimeout(resolve, 400));
}

console.log(`\n${CALLS} calls, ${PARALLEL} at a time, ${MIX.length} kinds`);
row('calls', 'heap MB', 'external MB', 'RSS MB', 'files', 'threads');
const held: Held[] = [];
try {
  await run(Math.min(600, CALLS));
  for (let i = 0; i <= SAMPLES; i++) {
    await run(600 + i * (CALLS - 600) / SAMPLES);
    const sample = await gateway.probe(done);
    held.push(sample);
    row(String(sample.calls), mb(sample.heapUsed), mb(sample.external), mb(sample.rss), String(sample.files), String(sample.threads));
  }
  isOver = true;
  await besideAll;
  console.log(`  active at the end: ${JSON.stringify(held.at(-1)!.active)}`);
  const sorted = [...beside].sort((a, b) => a - b);
  console.log(`  another route meanwhile: ${beside.length} answers, median ${median(beside).toFixed(1)} ms, 99 % within ${sorted[Math.floor(sorted.length * 0.99)]!.toFixed(0)} ms`);
  for (const [what, times] of wrong) console.log(`  WRONG ${times} × ${what}`);
  const half = held.slice(Math.floor(held.length / 2));
  // Resident memory goes up and down with the threads and payloads of the moment: thirds are compared, not samples.
  const third = Math.floor(held.length / 3);
  const resident = (from: number): number => median(held.slice(from, from + third).map(({ rss }) => rss));
  const middle = resident(third), last = resident(held.length - third);
  const growth = (of: (sample: Held) => number): number => slope(half.map((sample) => sample.calls), half.map(of)) * 10_000;
  const heap = growth(({ heapUsed }) => heapUsed), files = growth(({ files: each }) => each);
  console.log(`  second half, per 10 000 calls: heap ${(heap / 1e6).toFixed(2)} MB, files ${files.toFixed(1)}; RSS of the last third ${(last / middle).toFixed(2)} × that of the middle one`);
  const grows = CALLS >= 30_000 && (heap > 300_000 || last > middle * 1.25 || files > 2);
  if (grows) console.log('  STILL GROWING');
  if (wrong.size > 0 || grows) process.exitCode = 1;
} finally {
  isOver = true;
  agent.destroy();
  own.destroy();
  gateway.process.removeAllListeners('exit');
  gateway.process.kill('SIGKILL');
  endpoint.closeAllConnections();
  endpoint.close();
  rmSync(folder, { recursive: true, force: true });
}

function mb(bytes: number): string { return (bytes / 1e6).toFixed(1); }

/** Of the line through the points that misses them least. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
  const mx = mean(x), my = mean(y);
  return x.reduce((sum, each, i) => sum + (each - mx) * (y[i]! - my), 0) / Math.max(1, x.reduce((sum, each) => sum + (each - mx) ** 2, 0));
}
