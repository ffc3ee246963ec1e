/** Runs gateways in turn under one load: rounds are interleaved, so that whatever else the machine does falls on all of them. */
import { CONNECTIONS, cpuPerRequest, GATEWAY_CORE, load, type Load, LOAD_CORE, median, ROUNDS, type Sample, SECONDS, spread } from './load.js';
import { BACKEND_PORT, backendCommand, residentBytes, type Running, scratch, startProcess, type Subject, SUBJECTS } from './subjects.js';

export interface Measured { readonly name: string; readonly samples: readonly Sample[]; readonly resident: number }

/** Starts `subjects` and the backend, hands them to `body` with their ports, ends them. What cannot run is said and left out. */
export async function withSubjects<T>(subjects: readonly Subject[], body: (running: { subject: Subject; port: number; process: Running }[]) => Promise<T>, core: number | string = GATEWAY_CORE): Promise<T> {
  const all: Running[] = [await startProcess(backendCommand(BACKEND_PORT, scratch('backend')), LOAD_CORE, BACKEND_PORT)];
  try {
    const running: { subject: Subject; port: number; process: Running }[] = [];
    let port = BACKEND_PORT;
    for (const subject of subjects) {
      if (subject.missing !== '') { console.log(`  ${subject.name}: left out, ${subject.missing}`); continue; }
      const process = await startProcess(subject.command(++port, scratch(`${subject.name}-${port}`)), core, port);
      all.push(process);
      running.push({ subject, port, process });
    }
    return await body(running);
  } finally {
    await Promise.all(all.map((process) => process.stop()));
  }
}

/** Every answer of a wrong gateway would be fast. */
export async function checkStatus(port: number, path: string, status: number, init?: RequestInit): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
  await answer.arrayBuffer();
  if (answer.status !== status) throw new Error(`${path} answers ${answer.status}, not ${status}`);
}

/** ROUNDS of `what` on each in turn after one to warm up. `check` is asked of each first. */
export async function compare(subjects: readonly Subject[], what: Load, check: (port: number) => Promise<void> = (port) => checkStatus(port, what.path, what.status ?? 200)): Promise<Measured[]> {
  return withSubjects(subjects, async (running) => {
    const samples = running.map((): Sample[] => []);
    for (const { port } of running) { await check(port); }
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, { port, process }] of running.entries()) {
        const sample = await load(port, what, process);
        if (round >= 0) samples[i]!.push(sample);
      }
    }
    return running.map(({ subject, process }, i) => ({ name: subject.name, samples: samples[i]!, resident: residentBytes(process.pid) }));
  });
}

/** One line per gateway: CPU per request, as a multiple of the first one's in the same round. */
export function printCpu(measured: readonly Measured[]): void {
  const base = measured[0]!;
  for (const { name, samples, resident } of measured) {
    const ratios = samples.map((sample, i) => cpuPerRequest(sample) / cpuPerRequest(base.samples[i]!));
    const errors = samples.reduce((sum, sample) => sum + sample.errors, 0);
    console.log(`  ${name.padEnd(30)} ${(median(samples.map(cpuPerRequest)) * 1e6).toFixed(1).padStart(7)} µs CPU/request  ${spread(ratios).padStart(18)}× ${base.name}  ${Math.round(median(samples.map(({ rate }) => rate))).toString().padStart(7)}/s  p99 ${median(samples.map(({ p99Ms }) => p99Ms)).toFixed(1)} ms  ${(resident / 1e6).toFixed(0)} MB${errors > 0 ? `  ${errors} ERRORS` : ''}`);
  }
}

/** `names` of the gateways that are not compiled, in that order. ONLY (parts of names) leaves some of them out, never the first. */
export function subjects(...names: string[]): Subject[] {
  const only = process.env.ONLY?.split(',');
  return names.filter((name, i) => i === 0 || only === undefined || only.some((part) => name.includes(part))).map((name) => SUBJECTS.find((subject) => subject.name === name)!);
}

export function heading(text: string, connections = CONNECTIONS): void {
  console.log(`\n${text}: ${ROUNDS} rounds of ${SECONDS} s, ${connections} connections, Node ${process.versions.node}`);
}
