/**
 * Mutated documents through every phase: a gateway or a diagnostic, never a throw, never a hang. FUZZ_MS (default 5 s) says how long,
 * FUZZ_SEED repeats a run. Bundling is left out but for every fiftieth: it costs more than all the rest; that generated text parses is seen to each time.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { loadDocument } from '../1-load/index.js';
import { checkKnownFields } from '../2-read/known-fields.js';
import { readApi } from '../2-read/read-api.js';
import { planApi } from '../3-plan/plan-api.js';
import { emitGateway } from '../4-emit/emit-gateway.js';
import { bundleGateway } from '../5-bundle/bundle-gateway.js';
import type { Json } from '../code.js';
import { Sources } from '../diagnostics/locate.js';
import { renderText } from '../diagnostics/render.js';
import { Reporter } from '../diagnostics/report.js';
import { compilePlan } from '../schema/compile-validators.js';
import { buildSdkModel } from '../sdk/model.js';
import { emitTypescript } from '../sdk/typescript/emit.js';
import { corrupt, mutate, random } from './mutate.js';

const test = suite('mutated documents, all phases');
const milliseconds = Number(process.env['FUZZ_MS'] ?? 5_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9);
const root = fileURLToPath(new URL('../../../', import.meta.url));
/** CPU time one document may take. */
const LIMIT_MS = 20_000;

/** Our own documents, every fixture's, and the examples of oas-examples. */
async function seeds(): Promise<string[]> {
  const { fixturePackage } = (await import(join(root, 'bin/fixture-packages.mjs'))) as { fixturePackage: (name: string) => string };
  const folders = [join(root, 'specs'), join(root, 'fixtures'), fixturePackage('@readme/oas-examples@8.2.2')].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)));
  return files.filter((file) => /(?:spec|specs[\\/][^\\/]*|3\.[01][\\/].*|2\.0[\\/].*)\.(?:ya?ml|json)$/.test(file) && !file.includes('expect')).sort().map((file) => readFileSync(file, 'utf8')).filter((text) => text.length < 60_000);
}

/** undefined for what is faulty, a bomb or a circle already: bytes of it are changed. */
function valueOf(text: string): Json | undefined {
  try {
    const value = parse(text, { maxAliasCount: 100, logLevel: 'silent' }) as Json;
    return JSON.stringify(value).length < 500_000 ? value : undefined;
  } catch { return undefined; }
}

test(`FUZZ_SEED=${seed}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-fuzz-'));
  const texts = await seeds();
  const roots = texts.map(valueOf);
  const pick = random(seed);
  const counts = { documents: 0, built: 0, refused: 0, bundled: 0, slowest: 0 };
  try {
    for (const end = Date.now() + milliseconds; Date.now() < end;) {
      const which = pick(texts.length);
      const asJson = pick(2) === 0;
      const original = roots[which];
      let content: string | Buffer;
      if (original === undefined || pick(8) === 0) content = corrupt(texts[which]!, pick);
      else {
        const changed = structuredClone(original) as Json;
        for (let n = 1 + pick(4); n > 0; n--) mutate(changed, pick);
        content = asJson ? JSON.stringify(changed) : stringify(changed, { aliasDuplicateObjects: false });
      }
      const name = asJson ? 'api.json' : 'api.yaml';
      writeFileSync(join(folder, name), content);
      const before = process.cpuUsage();
      try {
        const outcome = await build(folder, name, pick(3) > 0, counts.documents % 50 === 0);
        counts[outcome]++;
        if (outcome === 'built' && counts.documents % 50 === 0) counts.bundled++;
        const { user, system } = process.cpuUsage(before);
        counts.slowest = Math.max(counts.slowest, Math.round((user + system) / 1000));
        assert.ok((user + system) / 1000 < LIMIT_MS, `${(user + system) / 1000} ms`);
      } catch (error) {
        const kept = join(tmpdir(), `gwc-fuzz-all-${seed}-${name}`);
        writeFileSync(kept, content);
        throw new Error(`FUZZ_SEED=${seed}, document ${counts.documents}, kept as ${kept}: ${(error as Error).stack}`, { cause: error });
      }
      counts.documents++;
    }
  } finally { rmSync(folder, { recursive: true }); }
  const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(`FUZZ_SEED=${seed}, ${counts.documents} documents: ${counts.built} built (${counts.bundled} bundled), ${counts.refused} refused; slowest ${counts.slowest} ms of CPU, ${megabytes} MB`);
  assert.ok(counts.documents > 0 && counts.built > 0);
  assert.ok(megabytes < 2_500, `${megabytes} MB`);
});

async function build(folder: string, name: string, mock: boolean, alsoBundle: boolean): Promise<'built' | 'refused'> {
  const reporter = new Reporter();
  const sources = new Sources(folder);
  const options = mock ? { mock } : { upstream: 'http://127.0.0.1:9' };
  const document = await loadDocument(name, { params: { a: 'b' }, overlays: [], cwd: folder, sources }, reporter);
  assert.ok(document || reporter.hasErrors, 'no document and no reason');
  if (document) {
    checkKnownFields(document, reporter);
    const api = readApi(document, options, reporter);
    const plan = planApi(api, reporter);
    if (!reporter.hasErrors) {
      const emitted = emitGateway(api, plan, options);
      const client = emitTypescript(buildSdkModel(api, 'hash', reporter));
      const validators = emitted.validators ? [{ path: 'validators.js', text: compilePlan(emitted.validators) }] : [];
      for (const { path, text } of [...emitted.files, ...validators, ...client]) if (/\.[cm]?[tj]s$/.test(path)) transformSync(text, { loader: 'ts', sourcefile: path });
      if (alsoBundle && emitted.localFunctions.length === 0) {
        const { bundle, diagnostics } = await bundleGateway({ emitted, minify: true, map: true, origin: api.origin });
        assert.ok(bundle, JSON.stringify(diagnostics));
      }
    }
  }
  renderText(reporter.diagnostics, sources);
  return reporter.hasErrors ? 'refused' : 'built';
}

test.run();
