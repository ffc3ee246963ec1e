/** One way of doing something against another. */
import { availableParallelism } from 'node:os';
import { petsBundle } from '../bundles.js';
import { checkStatus, compare, heading, printCpu, subjects, withSubjects } from '../compare.js';
import { cpuPerRequest, GATEWAY_CORE, load, median, ROUNDS, type Sample, spread } from '../load.js';

/** Reading accepted sockets into one shared buffer, against 'data' events. */
export async function onread(): Promise<void> {
  for (const path of ['/pets/1', '/local']) {
    heading(`shared read buffer of accepted sockets, ${path}`);
    printCpu(await compare(subjects('gwc data plane', 'gwc data plane, data events'), { path }));
  }
}

/**
 * CORES: where the gateways run (those after the first two, which load and backend use). Where there are too few cores to see the rate, both run on one core: CPU per
 * request is what one worker and another cost each other, and 2 divided by its ratio the rate two cores could reach.
 */
export async function workers(): Promise<void> {
  const cores = process.env.CORES ?? (availableParallelism() >= 4 ? `2-${Math.min(3, availableParallelism() - 1)}` : GATEWAY_CORE);
  heading(`two workers against one, on ${cores === GATEWAY_CORE ? `core ${cores} alone: ${availableParallelism()} cores are too few to see their rate` : `cores ${cores}`}`);
  await withSubjects([await petsBundle(['--workers', '1'], 'one worker'), await petsBundle(['--workers', '2'], 'two workers')], async (running) => {
    const samples = running.map((): Sample[] => []);
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, { port, process }] of running.entries()) {
        if (round < 0) await checkStatus(port, '/local', 200);
        const sample = await load(port, { path: '/local' }, process);
        if (round >= 0) samples[i]!.push(sample);
      }
    }
    const against = (figure: (sample: Sample) => number, i: number): string => spread(samples[i]!.map((sample, round) => figure(sample) / figure(samples[0]![round]!)));
    for (const [i, { subject }] of running.entries()) console.log(`  ${subject.name.padEnd(14)} ${Math.round(median(samples[i]!.map(({ rate }) => rate)))}/s, ${against(({ rate }) => rate, i)}× one worker; ${(median(samples[i]!.map(cpuPerRequest)) * 1e6).toFixed(1)} µs CPU/request, ${against(cpuPerRequest, i)}×`);
  }, cores);
}
