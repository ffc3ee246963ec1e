// Runs every compiled uvu test file in a process of its own and adds up what they report.
// uvu fails open (a thrown string, a rejected promise, a forgotten run() all exit 0), so each file's own totals are read
// and anything short of "all passed" fails. Arguments filter by path; JOBS sets how many run at once.
import { spawn } from 'node:child_process';
import { readdirSync, existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const filters = process.argv.slice(2);
const jobs = Number(process.env.JOBS ?? Math.max(2, availableParallelism()));
const limitMs = Number(process.env.TEST_FILE_TIMEOUT_MS ?? 900_000);

function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    // A compiled test whose source is gone is stale, not a test.
    else if (entry.name.endsWith('.test.js') && existsSync(join(root, relative(join(root, 'build'), path).replace(/\.js$/, '.ts')))) yield path;
  }
}

const files = [...testFiles(join(root, 'build'))].sort().filter((file) => filters.length === 0 || filters.some((f) => file.includes(f)));
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

/** `alone`: the second run of a file that failed beside others. */
function run(file, alone = false) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file], { cwd: root, env: { ...process.env, FORCE_COLOR: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const started = Date.now();
    child.stdout.on('data', (chunk) => { output += chunk; });
    child.stderr.on('data', (chunk) => { output += chunk; });
    const timer = setTimeout(() => { output += `\ntimed out after ${limitMs} ms`; child.kill('SIGKILL'); }, limitMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      const read = (label) => Number(new RegExp(`^\\s*${label}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
      const total = read('Total'), passed = read('Passed'), skipped = read('Skipped');
      const short = total === 0 ? 1 : Math.max(0, total - passed - skipped);
      const failed = Math.max(short, code === 0 ? 0 : 1);
      if (failed && !alone && files.length > 1) { again.push(file); resolve(); return; }
      totals.passed += passed; totals.failed += failed; totals.skipped += skipped;
      const name = relative(join(root, 'build'), file);
      console.log(`${failed ? 'FAIL' : alone && files.length > 1 ? 'ok (alone; failed beside others)' : 'ok  '} ${name}  ${passed}/${total}${skipped ? ` (${skipped} skipped)` : ''}  ${Date.now() - started} ms`);
      if (failed) failures.push(`──── ${name} (exit ${code})\n${output.trim()}`);
      else for (const line of output.split('\n')) if (/^skipped: /.test(line)) console.log(`     ${line}`);
      resolve();
    });
  });
}

const queue = [...files];
const again = [];
await Promise.all(Array.from({ length: jobs }, async () => { while (queue.length) await run(queue.shift()); }));
// Tests of timeouts and processes can starve on a busy machine: a file that failed runs once more, with the machine to itself.
for (const file of again) await run(file, true);
for (const failure of failures) console.log(`\n${failure}`);
if (files.length === 0) { console.log('no test file found'); totals.failed++; }
if (process.env.CI && totals.skipped > 0) { console.log(`\n${totals.skipped} skipped: in CI nothing is skipped`); totals.failed += totals.skipped; }
console.log(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`);
process.exit(totals.failed ? 1 : 0);
