/**
 * `npm run bench:proxy [-- ROW…]`: the data plane against nginx, haproxy and Node gateways. Each gateway alone on one core, load (wrk) and backend on the other;
 * rounds are interleaved; figures are medians with the least and the most, of one run: compare inside a row only. CPU is that of all processes of a gateway.
 * ROUNDS (3), SECONDS (3), CONNECTIONS (64), ONLY (parts of gateways' names), GATEWAY (a bundle to measure in place of pets.yaml's).
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { authorized } from './rows/authorized.js';
import { connections, routes } from './rows/flatness.js';
import { idle } from './rows/idle.js';
import { latency } from './rows/latency.js';
import { get, local, post, refused } from './rows/requests.js';
import { streams } from './rows/streams.js';
import { onread, workers } from './rows/variants.js';

/** Those that have a file of their own, with an exit code of their own. Not run unless named: the soak takes its time. */
const script = (file: string) => (): void => { if (spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], { stdio: 'inherit' }).status !== 0) process.exitCode = 1; };

const ROWS: Readonly<Record<string, () => Promise<void> | void>> = { get, post, local, refused, authorized, latency, routes, connections, workers, streams, idle, onread };
const NAMED: typeof ROWS = { hostile: script('hostile.bench.js'), soak: script('soak.js') };

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (name in ROWS || name in NAMED) continue;
  console.error(`no row ${name}; there are ${[...Object.keys(ROWS), ...Object.keys(NAMED)].join(', ')}`);
  process.exit(2);
}
const [busy] = loadavg();
if (busy! > 1) console.log(`the machine is busy (load ${busy!.toFixed(1)}): a Node gateway suffers more from it than nginx does, figures mean little`);
for (const name of wanted.length > 0 ? wanted : Object.keys(ROWS)) await (ROWS[name] ?? NAMED[name])!();
process.exit();
