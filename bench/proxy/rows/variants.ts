/** One way of doing something against another. */
import { availableParallelism } from 'node:os';
import { petsBundle } from '../bundles.js';
import { checkStatus, compare, heading, printCpu, subjects, withSubjects } from '../compare.js';
import { load, median, ROUNDS, type Sample, spread } from '../load.js';

/** Reading accepted sockets into one shared buffer, against 'data' events. */
export async function onread(): Promise<void> {
  for (const path of ['/pets/1', '/local']) {
    heading(`shared read buffer of accepted sockets, ${path}`);
    printCpu(await compare(subjects('gwc data plane', 'gwc data plane, data events'), { path }));
  }
}

/** CORES: where the gateways run (those after the first two, which load and backend use). */
export async function workers(): Promise<void> {
  const cores = process.env.CORES ?? (availableParallelism() >= 4 ? `2-${Math.min(3, availableParallelism() - 1)}` : '');
  if (cores === '') { console.log(`\ntwo workers against one: left out, ${availableParallelism()} cores are not enough (two for the workers, one for the load, one for the backend); CORES=0-1 runs it all the same`); return; }
  heading(`two workers against one, on cores ${cores}`);
  await withSubjects([await petsBundle(['--workers', '1'], 'one worker'), await petsBundle(['--workers', '2'], 'two workers')], async (running) => {
    const samples = running.map((): Sample[] => []);
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, { port, process }] of running.entries()) {
        if (round < 0) await checkStatus(port, '/local', 200);
        const sample = await load(port, { path: '/local' }, process);
        if (round >= 0) samples[i]!.push(sample);
      }
    }
    for (const [i, { subject }] of running.entries()) console.log(`  ${subject.name.padEnd(14)} ${Math.round(median(samples[i]!.map(({ rate }) => rate)))}/s  ${spread(samples[i]!.map(({ rate }, round) => rate / samples[0]![round]!.rate))}× one worker`);
  }, cores);
}
