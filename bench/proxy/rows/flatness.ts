/** What a request costs must not depend on how many routes or connections there are. */
import { petsBundle, routesBundle } from '../bundles.js';
import { checkStatus, heading, subjects, withSubjects } from '../compare.js';
import { cpuPerRequest, load, median, ROUNDS, type Sample, spread } from '../load.js';

/** How often each route is asked for before anything is measured: V8 compiles the code of a route when it has been used, and that is paid once. */
const WARM = 30;

/** COUNTS: how many routes. */
export async function routes(): Promise<void> {
  const counts = (process.env.COUNTS ?? '10,100,1000,10000').split(',').map(Number);
  heading(`proxied GET 1 KB, routes asked for at random of ${counts.join(', ')}`);
  const built: Awaited<ReturnType<typeof routesBundle>>[] = [];
  for (const count of counts) built.push(await routesBundle(count));
  await withSubjects(built.map(({ subject }) => subject), async (running) => {
    const samples = running.map((): Sample[] => []);
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, { port, process }] of running.entries()) {
        const { paths } = built[i]!;
        if (round < 0) await checkStatus(port, paths.at(-1)!, 200);
        // All scripts hold as many requests, so that Lua costs each the same.
        const asked = Array.from({ length: 10_000 }, (_, n) => paths[(n * 7_919) % paths.length]!);
        const script = `local paths = {${asked.map((path) => `"${path}"`).join(',')}}\nlocal n = 0\nfunction request() n = n % #paths + 1; return "GET " .. paths[n] .. " HTTP/1.1\\r\\nHost: gateway\\r\\n\\r\\n" end\n`;
        let asks = 0;
        while (round < 0 && asks < WARM * paths.length) asks += (await load(port, { path: '/', script }, process)).requests;
        const sample = await load(port, { path: '/', script }, process);
        if (round >= 0) samples[i]!.push(sample);
      }
    }
    for (const [i, { subject }] of running.entries()) {
      const errors = samples[i]!.reduce((sum, sample) => sum + sample.errors, 0);
      console.log(`  ${subject.name.padEnd(16)} ${(median(samples[i]!.map(cpuPerRequest)) * 1e6).toFixed(1).padStart(7)} µs CPU/request  ${spread(samples[i]!.map((sample, round) => cpuPerRequest(sample) / cpuPerRequest(samples[0]![round]!)))}× ${running[0]!.subject.name}${errors > 0 ? `  ${errors} ERRORS` : ''}`);
    }
  });
}

/** COUNTS: how many connections. Opening them counts too: SECONDS=10 or more for thousands. */
export async function connections(): Promise<void> {
  const counts = (process.env.COUNTS ?? '64,500,5000').split(',').map(Number);
  heading('proxied GET 1 KB, as the number of client connections grows', counts[0]);
  await withSubjects([...subjects('nginx'), await petsBundle()], async (running) => {
    const samples = running.map(() => counts.map((): Sample[] => []));
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, { port, process }] of running.entries()) {
        for (const [j, count] of counts.entries()) {
          const sample = await load(port, { path: '/pets/1', connections: count }, process);
          if (round >= 0) samples[i]![j]!.push(sample);
        }
      }
    }
    for (const [i, { subject }] of running.entries()) {
      for (const [j, count] of counts.entries()) {
        const some = samples[i]![j]!;
        const errors = some.reduce((sum, sample) => sum + sample.errors, 0);
        console.log(`  ${subject.name.padEnd(12)} ${String(count).padStart(5)} connections  ${(median(some.map(cpuPerRequest)) * 1e6).toFixed(1).padStart(7)} µs CPU/request  ${spread(some.map((sample, round) => cpuPerRequest(sample) / cpuPerRequest(samples[i]![0]![round]!)))}× ${counts[0]} connections  ${spread(some.map((sample, round) => cpuPerRequest(sample) / cpuPerRequest(samples[0]![j]![round]!)))}× nginx${errors > 0 ? `  ${errors} ERRORS` : ''}`);
      }
    }
  });
}
