/**
 * Mixed traffic with faults against a compiled gateway (soak.yaml): every answer is checked, memory and open files must stay flat, nothing is lost but what a
 * fault took. In the first half it is handed a new bundle SWAPS times, one of two in turn: a module that was loaded stays in memory in Node, so each of them
 * costs some, which is told apart. SECONDS (900), CLIENTS (64), SWAPS (100). Exits 1 on a wrong or lost answer, or when memory or files grow. A 504 is counted apart ("late") when the machine kept the gateway
 * or this process from running for a good part of the seconds before it: a timer that fires late is no fault of the gateway's. Runs shorter than four minutes say
 * nothing about memory: until then the heap grows to what this traffic needs.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../compiler/index.js';
import { residentBytes, scratch, startProcess } from './subjects.js';

const SECONDS = Number(process.env.SECONDS ?? 900);
const CLIENTS = Number(process.env.CLIENTS ?? 64);
const SWAPS = Number(process.env.SWAPS ?? 100);
const PORT = 19_900;
/** As in soak.yaml. */
const BACKEND = 19_701;
const KEY = 'the-key-of-the-soak-bench';

const backend = http.createServer((incoming, outgoing) => {
  const [, kind, id] = incoming.url!.split('/');
  incoming.on('error', () => {});
  switch (kind) {
    case 'reset': incoming.socket.resetAndDestroy(); return;
    case 'close': incoming.socket.end(); return;
    case 'stall': return;
    case 'malformed': incoming.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'); return;
    case 'cut': outgoing.writeHead(200, { 'Content-Length': '1000' }); outgoing.write('x'); setTimeout(() => incoming.socket.destroy(), 2); return;
    case 'extra': incoming.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong'); return;
    case 'chunked': outgoing.write(id!); setImmediate(() => outgoing.end('!')); return;
    case 'until-close': incoming.socket.end(`HTTP/1.1 200 OK\r\n\r\n${id!}`); return;
  }
  if (kind === 'body') { incoming.pipe(outgoing); return; }
  const hash = createHash('sha1');
  incoming.on('data', (chunk: Buffer) => hash.update(chunk));
  incoming.on('end', () => outgoing.end(kind === 'echo' ? hash.digest('hex') : id));
});
await new Promise<void>((resolve) => backend.listen(BACKEND, '127.0.0.1', resolve));

/** The same gateway twice; only a constant tells them apart. */
const document = fileURLToPath(new URL('../../../bench/proxy/soak.yaml', import.meta.url));
const folder = scratch('soak');
const { bundle, diagnostics } = await compile(document, { clients: [] });
if (bundle === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
const builds = ['one', 'two'].map((name) => bundle.code.replace(/(build\\?":\\?")one/, `$1${name}`));
if (builds[0] === builds[1]) throw new Error('the two builds are the same');
const file = join(folder, 'gateway.mjs');
function deploy(build: number): void {
  writeFileSync(`${file}.new`, builds[build]!);
  renameSync(`${file}.new`, file);
}
deploy(0);
const gateway = await startProcess([process.execPath, file, '--port', String(PORT), '--host', '127.0.0.1', '--log-level', 'silent'], 0, PORT);
const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });

interface Outcome { status: number; body: string; error: string }

function ask(method: string, path: string, body: Buffer | string | null, abortAfter: number, headers: http.OutgoingHttpHeaders = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const request = http.request({ port: PORT, host: '127.0.0.1', method, path, agent, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('latin1');
      incoming.on('data', (chunk: string) => { text += chunk; });
      incoming.on('end', () => resolve({ status: incoming.statusCode!, body: text, error: '' }));
      incoming.on('error', (error) => resolve({ status: incoming.statusCode!, body: text, error: error.message }));
    });
    request.on('error', (error) => resolve({ status: 0, body: '', error: error.message }));
    // A request that was given up may end without an error event.
    request.on('close', () => resolve({ status: 0, body: '', error: 'closed' }));
    if (abortAfter > 0) setTimeout(() => request.destroy(), abortAfter);
    request.end(body);
  });
}

let count = 0;
let wrong = 0;
let late = 0;

/** How long a process was ready to run and did not get a core, ms (Linux; 0 elsewhere). */
function waitedMs(pid: number): number {
  let sum = 0;
  try { for (const task of readdirSync(`/proc/${pid}/task`)) sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[1]) / 1e6; } catch { /* a thread that ended, or no Linux */ }
  return sum;
}

const STEP_MS = 250;
let starvedUntil = 0;
let before = waitedMs(gateway.pid) + waitedMs(process.pid);
let stepped = Date.now();
const watch = setInterval(() => {
  const now = Date.now();
  const waited = waitedMs(gateway.pid) + waitedMs(process.pid);
  // Half of the time without a core, or this process itself late by as much.
  if (waited - before > (now - stepped) / 2 || now - stepped > 2 * STEP_MS) starvedUntil = now + 3_000;
  before = waited;
  stepped = now;
}, STEP_MS);
const until = Date.now() + SECONDS * 1_000;
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
const FAULTS: Readonly<Record<string, (outcome: Outcome) => boolean>> = {
  reset: ({ status }) => status === 504, close: ({ status }) => status === 504, stall: ({ status }) => status === 504, malformed: ({ status }) => status === 502,
  // Headers may be out already: then the answer breaks off.
  cut: ({ error, status }) => error !== '' || status === 504, extra: ({ status, body }) => status === 200 && body === 'ok',
};
const JSON_BODY = { 'Content-Type': 'application/json' };
const answeredBy = [0, 0];

/** By name: asks for something and says whether the answer was right. */
const KINDS: readonly (readonly [weight: number, name: string, run: (id: string) => Promise<readonly [Outcome, boolean]>])[] = [
  [25, 'get', async (id) => { const outcome = await ask('GET', `/relay/ok/${id}`, null, 0); return [outcome, outcome.status === 200 && outcome.body === id]; }],
  [5, 'until close', async (id) => { const outcome = await ask('GET', `/relay/until-close/${id}`, null, 0); return [outcome, outcome.status === 200 && outcome.body === id]; }],
  [10, 'chunked', async (id) => { const outcome = await ask('GET', `/relay/chunked/${id}`, null, 0); return [outcome, outcome.status === 200 && outcome.body === `${id}!`]; }],
  [15, 'echo', async () => { const body = randomBytes(Math.floor(Math.random() ** 4 * 300_000)); const outcome = await ask('POST', '/relay/echo/x', body, 0); return [outcome, outcome.status === 200 && outcome.body === createHash('sha1').update(body).digest('hex')]; }],
  [5, 'checked', async (id) => { const body = JSON.stringify({ id, count: 1 }); const outcome = await ask('POST', '/checked', body, 0, JSON_BODY); return [outcome, outcome.status === 200 && outcome.body === body]; }],
  [5, 'refused', async (id) => { const outcome = await ask('POST', '/checked', JSON.stringify({ id, count: -1 }), 0, JSON_BODY); return [outcome, outcome.status === 400 && outcome.body.includes('Invalid request body')]; }],
  [8, 'mapped', async (id) => { const items = [id, '"', '\n']; const outcome = await ask('POST', `/mapped/${id}`, JSON.stringify({ items }), 0, JSON_BODY); return [outcome, outcome.status === 200 && outcome.body === `{"seen": ${JSON.stringify(items)}, "of": "${id}"}`]; }],
  [6, 'function', async () => { const n = Math.floor(Math.random() * 1e6); const outcome = await ask('GET', `/function/${n}`, null, 0); return [outcome, outcome.status === 200 && outcome.body === String(2 * n)]; }],
  [1, 'function at fault', async () => { const what = pick(['throw', 'malformed', 'never']); const outcome = await ask('GET', `/function/${what}`, null, 0); return [outcome, outcome.status === (what === 'never' ? 504 : 502)]; }],
  [5, 'local', async () => { const outcome = await ask('GET', '/local', null, 0); const build = outcome.body === '{"build":"one"}' ? 0 : outcome.body === '{"build":"two"}' ? 1 : -1; if (build >= 0) answeredBy[build]!++; return [outcome, build >= 0]; }],
  [3, 'keyed', async () => { const key = Math.random() < 0.5; const outcome = await ask('GET', '/keyed', null, 0, { 'x-api-key': key ? KEY : 'wrong' }); return [outcome, outcome.status === (key ? 200 : 403)]; }],
  [2, 'limited', async () => { const outcome = await ask('GET', '/limited', null, 0); return [outcome, outcome.status === 200 || outcome.status === 429]; }],
  // What became of them nobody knows.
  [3, 'given up', async (id) => [await ask(pick(['GET', 'POST']), `/relay/${pick(['ok', 'stall', 'echo'])}/${id}`, null, 1 + Math.random() * 3), true]],
  [7, 'fault', async (id) => { const what = pick(Object.keys(FAULTS)); const outcome = await ask('GET', `/relay/${what}/${id}`, null, 0); return [{ ...outcome, error: `${what} ${outcome.error}` }, FAULTS[what]!(outcome)]; }],
];
const TOTAL = KINDS.reduce((sum, [weight]) => sum + weight, 0);

async function client(): Promise<void> {
  while (Date.now() < until) {
    const id = randomBytes(8).toString('hex').repeat(1 + Math.floor(Math.random() * 40));
    let dice = Math.random() * TOTAL;
    const [, name, run] = KINDS.find(([weight]) => (dice -= weight) < 0)!;
    count++;
    const [outcome, fine] = await run(id);
    if (!fine && outcome.status === 504 && Date.now() < starvedUntil) late++;
    else if (!fine) { wrong++; if (wrong < 20) console.log(`WRONG ${name}: ${outcome.status} ${outcome.error} ${outcome.body.slice(0, 60)}`); }
  }
}

let swaps = 0;
const swapping = SWAPS === 0 ? null : setInterval(() => {
  if (swaps === SWAPS) return clearInterval(swapping!);
  deploy(++swaps % 2);
  process.kill(gateway.pid, 'SIGHUP');
}, (SECONDS * 500) / Math.max(1, SWAPS));

interface Reading { at: number; rss: number; files: number; count: number }
const readings: Reading[] = [];
let printed: Reading | undefined;
let printAt = 0;
const started = Date.now();
const read = (): void => {
  const reading = { at: (Date.now() - started) / 1_000, rss: residentBytes(gateway.pid), files: readdirSync(`/proc/${gateway.pid}/fd`).length, count };
  const previous = printed;
  readings.push(reading);
  if (previous !== undefined && Date.now() < printAt) return;
  printAt = Date.now() + (SECONDS * 1_000) / 20;
  printed = reading;
  console.log(`  ${reading.at.toFixed(0).padStart(4)} s  ${(reading.rss / 1e6).toFixed(0)} MB  ${reading.files} files  ${previous === undefined ? '' : `${((reading.count - previous.count) / (reading.at - previous.at)).toFixed(0)} requests/s`}  ${wrong} wrong, ${late} late, ${swaps} swaps`);
};
const timer = setInterval(read, Math.max(1_000, (SECONDS * 1_000) / 180));
await Promise.all(Array.from({ length: CLIENTS }, client));
clearInterval(timer);
clearInterval(watch);
if (swapping !== null) clearInterval(swapping);
read();
// The first half warms up; after it nothing may grow: the last quarter against the third. The least of each is what is left after a collection.
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
const quarter = (from: number, to: number): Reading[] => readings.filter(({ at }) => at > SECONDS * from && at <= SECONDS * to);
const [third, last] = [quarter(0.5, 0.75), quarter(0.75, 1)];
const grown = Math.min(...last.map(({ rss }) => rss)) / Math.min(...third.map(({ rss }) => rss));
const files = median(last.map((reading) => reading.files)) - median(third.map((reading) => reading.files));
const judged = SECONDS >= 240;
console.log(`${count} requests, ${wrong} wrong, ${late} late; ${swaps} hand-overs (${answeredBy[0]} and ${answeredBy[1]} answers of the two builds); memory of the last quarter ×${grown.toFixed(2)} of the third's, files ${files < 0 ? '' : '+'}${files}${judged ? '' : ' (too short a run to judge)'}`);
await gateway.stop();
backend.closeAllConnections();
backend.close();
agent.destroy();
process.exit(wrong > 0 || (judged && (grown > 1.1 || files > CLIENTS)) ? 1 : 0);
