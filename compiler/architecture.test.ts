/** The rules that keep the parts apart: who may import whom, one meaning per code, no path in a README that does not exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allDiagnostics } from './diagnostics/catalogue.js';
import { STAGES } from './feature.js';
import { byStage } from './3-plan/plan-api.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const test = suite('architecture');

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') && !entry.name.endsWith('.d.ts') && !path.includes('/testing/')) yield path;
  }
}

/** [file, what it imports at run time]: relative imports as paths from the root, packages by name. Type-only imports do not count. */
function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: string[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(?!type\b)[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)) {
    const specifier = (match[1] ?? match[2] ?? match[3])!;
    // helper<typeof import('…')>() is a type.
    if (match[3] && text.slice(Math.max(0, match.index - 8), match.index).endsWith('typeof ')) continue;
    found.push(specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)).replace(/\.js$/, '.ts') : specifier);
  }
  return found;
}

test('runtime imports only Node and itself; signatures of tokens are verified by jose, Redis is spoken by ioredis, databases of addresses are read by mmdb-lib', () => {
  const allowed = new Map([['jose', 'runtime/access/jwt'], ['ioredis', 'runtime/store/redis/'], ['mmdb-lib', 'runtime/waf/address-database']]);
  for (const file of sources('runtime')) for (const target of imports(file)) {
    assert.ok(target.startsWith('runtime/') || target.startsWith('node:') || file.startsWith(allowed.get(target) ?? 'none'), `${file} imports ${target}`);
  }
});

test('slices do not import slices', () => {
  for (const file of sources('compiler/features')) {
    const own = file.split('/')[2];
    if (own === 'index.ts') continue;
    for (const target of imports(file)) if (target.startsWith('compiler/features/')) assert.is(target.split('/')[2], own, `${file} imports ${target}`);
  }
});

test('engines know no phase and no slice', () => {
  for (const engine of ['router', 'schema', 'vtl', 'jsonpath', 'expressions', 'pcre', 'crs'].filter((name) => existsSync(join(root, 'compiler', name)))) {
    for (const file of sources(`compiler/${engine}`)) for (const target of imports(file)) {
      assert.not.match(target, /^compiler\/(features|2-read|3-plan|4-emit|5-bundle|cli)\//, `${file} imports ${target}`);
    }
  }
});

test('generated text comes only from code and the engines', () => {
  const allowed = /^compiler\/(code\.ts|router\/|schema\/|vtl\/|jsonpath\/|java-regex\/|4-emit\/)/;
  for (const file of sources('compiler')) {
    if (allowed.test(file)) continue;
    assert.not.match(readFileSync(join(root, file), 'utf8'), /\btrusted\(|new Code\(/, `${file} makes code from text`);
  }
});

test('clients know nothing of the compiler but the model', () => {
  for (const file of sources('compiler/sdk')) for (const target of imports(file)) {
    assert.not.match(target, /^compiler\/(features|1-load|2-read|3-plan|4-emit|5-bundle|cli|router|schema)\//, `${file} imports ${target}`);
  }
});

test('diagnostic codes are unique, have help, and lie in their range', () => {
  const seen = new Map<string, unknown>();
  for (const definition of allDiagnostics()) {
    assert.match(definition.code, /^GWC[1-59]\d{3}$/);
    assert.ok(!seen.has(definition.code) || seen.get(definition.code) === definition, `${definition.code} has two meanings`);
    seen.set(definition.code, definition);
    assert.ok(definition.help.length > 40, `${definition.code} needs help text`);
  }
  assert.ok(seen.size > 30);
});

test('every code in the sources can be explained', () => {
  const known = new Set(allDiagnostics().map((definition) => definition.code as string));
  for (const file of sources('compiler')) {
    for (const [, code] of readFileSync(join(root, file), 'utf8').matchAll(/code: '(GWC\d{4})'/g)) assert.ok(known.has(code!), `${code} of ${file} is missing from the catalogue`);
  }
});

test('slices stand in the order of the life cycle', () => {
  const positions = byStage.map((feature) => STAGES.indexOf(feature.stage));
  assert.equal(positions, [...positions].sort((a, b) => a - b));
  assert.not.ok(positions.includes(-1));
});

test('paths named in READMEs exist', () => {
  for (const readme of ['README.md', 'compiler/README.md']) {
    const text = readFileSync(join(root, readme), 'utf8');
    for (const [, path] of text.matchAll(/`((?:compiler|runtime|specs|fixtures|bin|bench)\/[\w./-]*[\w/])`/g)) assert.ok(existsSync(join(root, path!)), `${readme} names ${path}`);
  }
});

test.run();
