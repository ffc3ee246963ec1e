/**
 * The hostile requests of the tests through nginx, haproxy and ours, in one table: refused (status), or passed on as how many requests as a backend on llhttp
 * reads them. Exits 1 when a peer refuses what ours passes on, or when ours passes on more than one.
 */
import { HOSTILE } from '../../runtime/http1/testing/hostile-cases.js';
import { talk } from '../../runtime/http1/testing/raw.js';
import { recordingBackend } from '../../runtime/http1/testing/recording-backend.js';
import { type Running, scratch, startProcess, SUBJECTS } from './subjects.js';

const backend = await recordingBackend();
const running: { name: string; port: number; process: Running }[] = [];
let port = 19_800;
for (const subject of SUBJECTS.filter(({ name, missing }) => ['nginx', 'haproxy', 'gwc data plane'].includes(name) && missing === '')) {
  const folder = scratch(`hostile-${subject.name}`);
  port++;
  running.push({ name: subject.name, port, process: await startProcess(subject.command(port, folder, backend.port), 0, port) });
}

const rows: { name: string; outcomes: string[] }[] = [];
for (const [i, { name, bytes }] of HOSTILE.entries()) {
  const outcomes = await Promise.all(running.map(async (one, j) => {
    const mark = `-${i}-${j}-`;
    const text = await talk(one.port, bytes.replaceAll('/probe', `/probe${mark}`).replaceAll('/smuggled', `/smuggled${mark}`), 400);
    const status = /^HTTP\/1\.[01] (\d+)/.exec(text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''))?.[1];
    const seen = backend.requests.filter((line) => line.includes(mark)).length;
    if (status !== undefined && Number(status) < 300) return seen > 1 ? `${seen} REQUESTS` : 'passed on';
    // 502: it got as far as the backend, which refused it.
    return status === undefined ? (text === '' ? 'closed' : 'HTTP/0.9') : status === '502' && !one.name.startsWith('gwc') ? 'to backend' : status;
  }));
  rows.push({ name, outcomes });
}
for (const { process } of running) await process.stop();
backend.close();

let failed = 0;
console.log(`  ${''.padEnd(60)}${running.map(({ name }) => name.padStart(16)).join('')}`);
const refuses = (outcome: string): boolean => /^[45]\d\d$/.test(outcome) || outcome === 'closed';
for (const { name, outcomes } of rows) {
  const ours = outcomes.at(-1)!;
  const laxer = (!refuses(ours) && outcomes.some(refuses)) || ours.includes('REQUESTS');
  if (laxer) failed++;
  console.log(`  ${name.slice(0, 58).padEnd(60)}${outcomes.map((outcome) => outcome.padStart(16)).join('')}${laxer ? '  <- laxer' : ''}`);
}
const passing = running.map((_, j) => rows.filter(({ outcomes }) => !refuses(outcomes[j]!)).length);
console.log(`\n  passed on, of ${rows.length}: ${running.map(({ name }, j) => `${name} ${passing[j]!}`).join(', ')}`);
process.exit(failed > 0 ? 1 : 0);
