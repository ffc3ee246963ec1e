/** p99 at half of the maximum rate. wrk's own `delay` spaces the requests: exponentially, so that they do not come in step. */
import { petsBundle } from '../bundles.js';
import { checkStatus, subjects, withSubjects } from '../compare.js';
import { CONNECTIONS, load, median, ROUNDS, type Sample, SECONDS, spread } from '../load.js';

export async function latency(): Promise<void> {
  console.log(`\np99 of a proxied GET 1 KB at half of each gateway's own maximum rate, and all at half of the slowest's: ${ROUNDS} rounds of ${SECONDS} s`);
  await withSubjects([...subjects('nginx', 'haproxy'), await petsBundle()], async (running) => {
    const most: number[] = [];
    for (const { port, process } of running) {
      await checkStatus(port, '/pets/1', 200);
      await load(port, { path: '/pets/1' }, process, 1);
      most.push((await load(port, { path: '/pets/1' }, process)).rate);
    }
    for (const [what, rateOf] of [['own half', (i: number) => most[i]! / 2], ['same rate', () => Math.min(...most) / 2]] as const) {
      const samples = running.map((): Sample[] => []);
      for (let round = 0; round < ROUNDS; round++) {
        for (const [i, { port, process }] of running.entries()) {
          const meanMs = (CONNECTIONS / rateOf(i)) * 1_000;
          samples[i]!.push(await load(port, { path: '/pets/1', script: `math.randomseed(os.time())\nfunction delay() return math.floor(-math.log(1 - math.random()) * ${meanMs.toFixed(3)} + 0.5) end\n` }, process));
        }
      }
      for (const [i, { subject }] of running.entries()) {
        const p99 = samples[i]!.map(({ p99Ms }) => p99Ms);
        console.log(`  ${what.padEnd(10)} ${subject.name.padEnd(18)} p99 ${spread(p99).padStart(18)} ms  ${spread(p99.map((ms, round) => ms / samples[0]![round]!.p99Ms)).padStart(18)}× ${running[0]!.subject.name}  at ${Math.round(median(samples[i]!.map(({ rate }) => rate)))}/s of ${Math.round(most[i]!)}/s`);
      }
    }
  });
}
