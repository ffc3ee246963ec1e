// `npm run bench [name…]`: runs the compiled benches one after another, never two at once: they would measure each other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { fixturePackage } from './fixture-packages.mjs';

const folder = fileURLToPath(new URL('../build/bench/', import.meta.url));
const wanted = process.argv.slice(2);
fixturePackage('@octokit/openapi@23.0.2');
console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}; compare inside one run only\n`);
let failed = false;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.js')).sort()) {
  const name = file.replace('.bench.js', '');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`── ${name}`);
  const { status } = spawnSync(process.execPath, [folder + file], { stdio: 'inherit' });
  if (status !== 0) failed = true;
  console.log();
}
process.exit(failed ? 1 : 0);
