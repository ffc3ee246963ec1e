/** What a request costs must not depend on how many routes or connections there are. */
import { petsBundle, routesBundle } from '../bundles.js';
import { checkStatus, heading, subjects, withSubjects } from '../compare.js';
import { cpuPerRequest, load, median, ROUNDS, type Sample, spread } from '../load.js';

/** How often each route is asked for before a gateway counts as warm: V8 compiles the code of a route when it has been used, and that is paid once. */
const WARM = Number(process.env.WARM ?? 30);

/** So many requests of a gateway that has just been started are a figure of their own: V8's work is in them. */
const COLD = Number(process.env.COLD ?? 30_000);

/** COUNTS: how many routes. */
export async function routes(): Promise<void> {
  const counts = (process.env.COUNTS ?? '10,100,1000,10000').split(',').map(Number);
  heading(`proxied GET 1 KB, routes asked for at random of ${counts.join(', ')}`);
  const built: Awaited<ReturnType<typeof routesBundle>>[] = [];
  for (const count of counts) built.push(await routesBundle(count));
  await withSubjects(built.map(({ subject }) => subject), async (running) => {
    const ask = (i: number): Promise<Sample> => {
      const { paths } = built[i]!;
      // All scripts hold as many requests, so that Lua costs each the same.
      const asked = Array.from({ length: 10_000 }, (_, n) => paths[(n * 7_919) % paths.length]!);
      const script = `local paths = {${asked.map((path) => `"${path}"`).join(',')}}\nlocal n = 0\nfunction request() n = n % #paths + 1; return "GET " .. paths[n] .. " HTTP/1.1\\r\\nHost: gateway\\r\\n\\r\\n" end\n`;
      return load(running[i]!.port, { path: '/', script }, running[i]!.process);
    };
    for (const [i, { port }] of running.entries()) await checkStatus(port, built[i]!.paths.at(-1)!, 200);
    const cold = running.map(() => ({ requests: 0, cpu: 0, errors: 0 }));
    while (cold.some(({ requests }) => requests < COLD)) {
      for (const [i, sum] of cold.entries()) {
        if (sum.requests >= COLD) continue;
        const { requests, cpu, errors } = await ask(i);
        cold[i] = { requests: sum.requests + requests, cpu: sum.cpu + cpu, errors: sum.errors + errors };
      }
    }
    for (const [i, { requests }] of cold.entries()) for (let asks = requests; asks < WARM * built[i]!.paths.length;) asks += (await ask(i)).requests;
    const samples = running.map((): Sample[] => []);
    for (let round = 0; round < ROUNDS; round++) for (const i of running.keys()) samples[i]!.push(await ask(i));
    for (const [i, { subject }] of running.entries()) {
      const errors = [cold[i]!, ...samples[i]!].reduce((sum, each) => sum + each.errors, 0);
      const microseconds = (value: number): string => `${(value * 1e6).toFixed(1).padStart(7)} µs CPU/request`;
      const ratios = samples[i]!.map((sample, round) => cpuPerRequest(sample) / cpuPerRequest(samples[0]![round]!));
      console.log(`  ${subject.name.padEnd(16)} ${microseconds(median(samples[i]!.map(cpuPerRequest)))}  ${spread(ratios)}× ${running[0]!.subject.name}; first ${cold[i]!.requests} requests ${microseconds(cold[i]!.cpu / cold[i]!.requests)}  ${(cold[i]!.cpu / cold[i]!.requests / (cold[0]!.cpu / cold[0]!.requests)).toFixed(2)}×${errors > 0 ? `  ${errors} ERRORS` : ''}`);
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
