/** Large answers: throughput, and that memory does not grow with their size. */
import { petsBundle } from '../bundles.js';
import { checkStatus, subjects, withSubjects } from '../compare.js';
import { load, median, ROUNDS, type Sample, SECONDS, spread } from '../load.js';
import { peakBytes } from '../subjects.js';

export async function streams(): Promise<void> {
  for (const [name, connections] of [['1m', 16], ['100m', 4]] as const) {
    console.log(`\nstreamed answer of ${name === '1m' ? '1 MB' : '100 MB'}: ${ROUNDS} rounds of ${SECONDS} s, ${connections} connections`);
    await withSubjects([...subjects('nginx', 'haproxy', 'gwc data plane'), await petsBundle()], async (running) => {
      const samples = running.map((): Sample[] => []);
      const before: number[] = [];
      for (const { port, process } of running) {
        await checkStatus(port, '/files/1m', 200);
        before.push(peakBytes(process.pid));
      }
      for (let round = -1; round < ROUNDS; round++) {
        for (const [i, { port, process }] of running.entries()) {
          const sample = await load(port, { path: `/files/${name}`, connections }, process);
          if (round >= 0) samples[i]!.push(sample);
        }
      }
      for (const [i, { subject, process }] of running.entries()) {
        const rates = samples[i]!.map(({ bytesPerSecond }) => bytesPerSecond);
        // A second counts more than the share of nginx's throughput when both fill the same core with the kernel's copying.
        const perByte = samples[i]!.map((sample, round) => sample.cpu / sample.bytesPerSecond / (samples[0]![round]!.cpu / samples[0]![round]!.bytesPerSecond));
        const errors = samples[i]!.reduce((sum, sample) => sum + sample.errors, 0);
        console.log(`  ${subject.name.padEnd(16)} ${(median(rates) / 1e6).toFixed(0).padStart(6)} MB/s  ${spread(rates.map((rate, round) => rate / samples[0]![round]!.bytesPerSecond)).padStart(18)}× nginx  CPU per byte ${spread(perByte)}× nginx  peak ${(before[i]! / 1e6).toFixed(0)} → ${(peakBytes(process.pid) / 1e6).toFixed(0)} MB${errors > 0 ? `  ${errors} ERRORS` : ''}`);
      }
    });
  }
}
