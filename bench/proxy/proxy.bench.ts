/**
 * CPU per request against nginx, haproxy and Node gateways. Each gateway alone on one core, load (wrk) and backend on the other; rounds are interleaved; the
 * figure is the CPU seconds of all processes of the gateway divided by the requests answered, as a multiple of nginx's in the same round.
 * ROUNDS, SECONDS, CONNECTIONS, ONLY (a part of subjects' names), SCENARIO.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendCommand, BACKEND_PORT, cpuSeconds, residentBytes, type Running, scratch, startProcess, type Subject, SUBJECTS } from './subjects.js';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 4);
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 64);
const ONLY = process.env.ONLY?.split(',');
const GATEWAY_CORE = 0;
const LOAD_CORE = availableParallelism() > 1 ? 1 : 0;

interface Scenario { readonly name: string; readonly path: string; readonly post: boolean; readonly subjects: (subject: Subject) => boolean }

const SCENARIOS: readonly Scenario[] = [
  { name: 'proxied GET 1 KB', path: '/pets/1', post: false, subjects: ({ name }) => name !== 'fastify' },
  { name: 'proxied POST 1 KB', path: '/pets', post: true, subjects: ({ name }) => name !== 'fastify' },
  { name: 'local answer', path: '/local', post: false, subjects: ({ name }) => name === 'nginx' || name.startsWith('gwc') || name === 'fastify' },
];

interface Sample { requests: number; errors: number; rate: number; cpu: number; p99: number }

const folder = scratch('wrk');
const postScript = join(folder, 'post.lua');
writeFileSync(postScript, `wrk.method = "POST"\nwrk.body = '${JSON.stringify({ name: 'Rex', tag: 'dog', age: 3, notes: 'x'.repeat(960) })}'\nwrk.headers["Content-Type"] = "application/json"\n`);

function load(port: number, scenario: Scenario, pid: number): Sample {
  const before = cpuSeconds(pid);
  const output = execFileSync('taskset', ['-c', String(LOAD_CORE), 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '--latency', ...(scenario.post ? ['-s', postScript] : []), `http://127.0.0.1:${port}${scenario.path}`], { encoding: 'utf8' });
  const cpu = cpuSeconds(pid) - before;
  const requests = Number(/(\d+) requests in/.exec(output)?.[1]);
  const errors = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0) + [...(/Socket errors: (.*)/.exec(output)?.[1] ?? '').matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(output);
  return { requests, errors, rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]), cpu, p99: Number(p99?.[1]) * (p99?.[2] === 's' ? 1_000 : p99?.[2] === 'us' ? 0.001 : 1) };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const backend = await startProcess(backendCommand(BACKEND_PORT, scratch('backend')), LOAD_CORE, BACKEND_PORT);
const all: Running[] = [backend];
try {
  for (const scenario of SCENARIOS.filter(({ name }) => process.env.SCENARIO === undefined || name.includes(process.env.SCENARIO))) {
    console.log(`\n${scenario.name}: ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections, Node ${process.versions.node}`);
    const running: { subject: Subject; process: Running; port: number; samples: Sample[] }[] = [];
    let port = BACKEND_PORT + 1;
    for (const subject of SUBJECTS.filter((one) => scenario.subjects(one) && (one.name === 'nginx' || ONLY === undefined || ONLY.some((part) => one.name.includes(part))))) {
      if (subject.missing !== '') { console.log(`  ${subject.name}: left out, ${subject.missing}`); continue; }
      port++;
      const process = await startProcess(subject.command(port, scratch(`${subject.name}-${port}`)), GATEWAY_CORE, port);
      all.push(process);
      running.push({ subject, process, port, samples: [] });
    }
    for (let round = -1; round < ROUNDS; round++) {
      for (const one of running) {
        const sample = load(one.port, scenario, one.process.pid);
        // The first round warms up.
        if (round >= 0) one.samples.push(sample);
      }
    }
    const nginx = running.find(({ subject }) => subject.name === 'nginx')?.samples ?? [];
    for (const { subject, process, samples } of running) {
      const perRequest = samples.map(({ cpu, requests }) => (cpu / requests) * 1e6);
      const ratios = samples.map(({ cpu, requests }, i) => cpu / requests / (nginx[i]!.cpu / nginx[i]!.requests));
      const errors = samples.reduce((sum, sample) => sum + sample.errors, 0);
      console.log(`  ${subject.name.padEnd(28)} ${median(perRequest).toFixed(1).padStart(7)} µs CPU/request  ${median(ratios).toFixed(2).padStart(6)}× nginx (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})  ${Math.round(median(samples.map(({ rate }) => rate))).toString().padStart(7)}/s  p99 ${median(samples.map(({ p99 }) => p99)).toFixed(1)} ms  ${(residentBytes(process.pid) / 1e6).toFixed(0)} MB${errors > 0 ? `  ${errors} ERRORS` : ''}`);
    }
    for (const { process } of running) { await process.stop(); all.splice(all.indexOf(process), 1); }
  }
} finally {
  await Promise.all(all.map((process) => process.stop()));
}
