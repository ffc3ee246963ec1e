/**
 * The whole build of GitHub's document (1 223 operations) against `swagger-parser.validate` of it alone, each in a process of its own,
 * interleaved: median ratios of time and of CPU (esbuild's own process not counted), and peak memory. Target: ≤ 2.5× the time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { githubDocument, median, row } from './compare.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const document = githubDocument();
const out = mkdtempSync(join(tmpdir(), 'gwc-bench-'));
const ROUNDS = Number(process.env['ROUNDS'] ?? 3);

/** Wall seconds, CPU seconds of all its threads and peak RSS (MB) of a Node process: it reports its own at exit. */
function run(args: readonly string[]): { seconds: number; cpu: number; megabytes: number } {
  const report = "process.on('exit', () => { const u = process.resourceUsage(); process.stderr.write('\\nUSED ' + u.maxRSS + ' ' + (u.userCPUTime + u.systemCPUTime)); })";
  const started = performance.now();
  const child = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, CI: 'true' } });
  const seconds = (performance.now() - started) / 1000;
  if (child.status !== 0) throw new Error(`${args.join(' ')} exited ${child.status}: ${child.stderr}`);
  const [, rss, cpu] = /USED (\d+) (\d+)/.exec(child.stderr)!;
  return { seconds, cpu: Number(cpu) / 1e6, megabytes: Number(rss) / 1024 };
}

const peer = ['--input-type=module', '-e', `import SwaggerParser from '@apidevtools/swagger-parser'; await SwaggerParser.validate(${JSON.stringify(document)});`];
const results = { validate: [] as ReturnType<typeof run>[], mock: [] as ReturnType<typeof run>[], upstream: [] as ReturnType<typeof run>[] };
try {
  for (let round = 0; round < ROUNDS; round++) {
    results.validate.push(run(peer));
    results.upstream.push(run(['bin/gwc.js', 'build', document, '--upstream', 'http://127.0.0.1:9', '-o', join(out, 'upstream')]));
    results.mock.push(run(['bin/gwc.js', 'build', document, '--mock', '-o', join(out, 'mock')]));
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
const seconds = (list: readonly { seconds: number }[]): number => median(list.map((each) => each.seconds));
const cpu = (list: readonly { cpu: number }[]): number => median(list.map((each) => each.cpu));
const base = seconds(results.validate);
console.log(`build of GitHub's document, ${ROUNDS} rounds`);
row('swagger-parser.validate alone', `${base.toFixed(2)} s`, `${median(results.validate.map((each) => each.megabytes)).toFixed(0)} MB peak`);
for (const mode of ['upstream', 'mock'] as const) {
  row(`gwc build --${mode}`, `${seconds(results[mode]).toFixed(2)} s`, `${median(results[mode].map((each) => each.megabytes)).toFixed(0)} MB peak`, `${(seconds(results[mode]) / base).toFixed(2)}×  (target ≤ 2.5×)`, `CPU ${(cpu(results[mode]) / cpu(results.validate)).toFixed(2)}×`);
}

// `gwc check`, and what `gwc dev` does: a build, then one line of the document is another, then a build again, all in one process.
const check: number[] = [];
const rebuild = { first: [] as number[], schema: [] as number[], text: [] as number[] };
const session = `
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from ${JSON.stringify(new URL('../compiler/index.js', import.meta.url).href)};
import { CompileCache } from ${JSON.stringify(new URL('../compiler/compile-cache.js', import.meta.url).href)};
const [, file] = process.argv;
const text = readFileSync(${JSON.stringify(document)}, 'utf8');
const options = { upstream: 'http://127.0.0.1:9', minify: false, map: false, clients: [], cache: new CompileCache() };
const edits = [(all) => all, (all) => all.replace('"summary": "Get', '"summary": "Fetch'), (all) => all.replace('"minimum": 1', '"minimum": 2')];
const seconds = [];
for (const edit of edits) {
  writeFileSync(file, edit(text));
  const started = performance.now();
  const { bundle } = await compile(file, options);
  if (!bundle) throw new Error('it does not build');
  seconds.push((performance.now() - started) / 1000);
}
console.log(JSON.stringify(seconds));
process.exit(0);`;
const scratch = mkdtempSync(join(tmpdir(), 'gwc-bench-'));
try {
  for (let round = 0; round < ROUNDS; round++) {
    check.push(run(['bin/gwc.js', 'check', document, '--mock']).seconds / run(peer).seconds);
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', session, join(scratch, 'api.json')], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const [first, text, schema] = JSON.parse(stdout) as [number, number, number];
    rebuild.first.push(first);
    rebuild.text.push(text / first);
    rebuild.schema.push(schema / first);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
row('gwc check', `${median(check).toFixed(2)}×  (target ≤ 1.2×)`);
row('gwc dev, first build', `${median(rebuild.first).toFixed(2)} s`);
row('  another summary', `${median(rebuild.text).toFixed(2)}×  (target ≤ 0.25×)`);
row('  another bound of a schema', `${median(rebuild.schema).toFixed(2)}×  (target ≤ 0.25×)`);
