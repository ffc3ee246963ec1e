/**
 * Mixed traffic with faults against the data plane: every answer is checked, memory and open files must stay flat, nothing is lost but what a fault took.
 * SECONDS (900), CLIENTS (64). Exits 1 on a wrong or lost answer, or when memory or files grow. A 504 is counted apart ("late") when the machine kept the gateway
 * or this process from running for a good part of the seconds before it: a timer that fires late is no fault of the gateway's. Runs shorter than four minutes say
 * nothing about memory: until then the heap grows to what this traffic needs.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { residentBytes, startProcess } from './subjects.js';

const SECONDS = Number(process.env.SECONDS ?? 900);
const CLIENTS = Number(process.env.CLIENTS ?? 64);
const PORT = 19_900;

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
  const hash = createHash('sha1');
  incoming.on('data', (chunk: Buffer) => hash.update(chunk));
  incoming.on('end', () => outgoing.end(kind === 'echo' ? hash.digest('hex') : id));
});
await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
// Long enough for a busy machine: only the stalling backend may run into it.
process.env.TIMEOUT_MS ??= '2000';
const gateway = await startProcess([process.execPath, fileURLToPath(new URL('data-plane.js', import.meta.url)), String(PORT), String((backend.address() as AddressInfo).port), 'node:net'], 0, PORT);
const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });

interface Outcome { status: number; body: string; error: string }

function ask(method: string, path: string, body: Buffer | null, abortAfter: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const request = http.request({ port: PORT, host: '127.0.0.1', method, path, agent }, (incoming) => {
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
  reset: ({ status }) => status === 502, close: ({ status }) => status === 502, stall: ({ status }) => status === 504, malformed: ({ status }) => status === 502,
  // Headers may be out already: then the answer breaks off.
  cut: ({ error, status }) => error !== '' || status === 502, extra: ({ status, body }) => status === 200 && body === 'ok',
};

async function client(): Promise<void> {
  while (Date.now() < until) {
    const id = randomBytes(8).toString('hex').repeat(1 + Math.floor(Math.random() * 40));
    const dice = Math.random();
    count++;
    let outcome: Outcome;
    let fine: boolean;
    let what: string;
    if (dice < 0.5) { what = pick(['ok', 'until-close']); outcome = await ask('GET', `/${what}/${id}`, null, 0); fine = outcome.status === 200 && outcome.body === id; }
    else if (dice < 0.6) { what = 'chunked'; outcome = await ask('GET', `/chunked/${id}`, null, 0); fine = outcome.status === 200 && outcome.body === `${id}!`; }
    else if (dice < 0.8) { what = 'echo'; const body = randomBytes(Math.floor(Math.random() ** 4 * 300_000)); outcome = await ask('POST', '/echo/x', body, 0); fine = outcome.status === 200 && outcome.body === createHash('sha1').update(body).digest('hex'); }
    else if (dice < 0.9) { what = 'local'; outcome = await ask('GET', '/local', null, 0); fine = outcome.body === '{"ok":true}'; }
    else if (dice < 0.93) { what = 'aborted'; outcome = await ask(pick(['GET', 'POST']), `/${pick(['ok', 'stall', 'echo'])}/${id}`, null, 1 + Math.random() * 3); fine = true; }
    else { what = pick(Object.keys(FAULTS)); outcome = await ask('GET', `/${what}/${id}`, null, 0); fine = FAULTS[what]!(outcome); }
    if (!fine && outcome.status === 504 && Date.now() < starvedUntil) late++;
    else if (!fine) { wrong++; if (wrong < 20) console.log(`WRONG ${what}: ${outcome.status} ${outcome.error} ${outcome.body.slice(0, 60)}`); }
  }
}

interface Reading { at: number; rss: number; files: number; count: number }
const readings: Reading[] = [];
const started = Date.now();
const read = (): void => {
  const reading = { at: (Date.now() - started) / 1_000, rss: residentBytes(gateway.pid), files: readdirSync(`/proc/${gateway.pid}/fd`).length, count };
  const previous = readings.at(-1);
  readings.push(reading);
  console.log(`  ${reading.at.toFixed(0).padStart(4)} s  ${(reading.rss / 1e6).toFixed(0)} MB  ${reading.files} files  ${previous === undefined ? '' : `${((reading.count - previous.count) / (reading.at - previous.at)).toFixed(0)} requests/s`}  ${wrong} wrong, ${late} late`);
};
const timer = setInterval(read, Math.max(2_000, (SECONDS * 1_000) / 20));
await Promise.all(Array.from({ length: CLIENTS }, client));
clearInterval(timer);
clearInterval(watch);
read();
// The first half warms up; after it nothing may grow: the last quarter against the third.
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
const quarter = (from: number, to: number): Reading[] => readings.filter(({ at }) => at > SECONDS * from && at <= SECONDS * to);
const [third, last] = [quarter(0.5, 0.75), quarter(0.75, 1)];
const grown = median(last.map(({ rss }) => rss)) / median(third.map(({ rss }) => rss));
const files = median(last.map((reading) => reading.files)) - median(third.map((reading) => reading.files));
const judged = SECONDS >= 240;
console.log(`${count} requests, ${wrong} wrong, ${late} late; memory of the last quarter ×${grown.toFixed(2)} of the third's, files ${files < 0 ? '' : '+'}${files}${judged ? '' : ' (too short a run to judge)'}`);
await gateway.stop();
backend.closeAllConnections();
backend.close();
agent.destroy();
process.exit(wrong > 0 || (judged && (grown > 1.1 || files > CLIENTS)) ? 1 : 0);
