/** A build that follows another gives what a build from nothing gives: the same bytes and the same diagnostics, after whatever edit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { ValidationCache } from './1-load/validate/validation-cache.js';
import { validateDocument } from './1-load/index.js';
import { loadDocument } from './1-load/load.js';
import { CompileCache } from './compile-cache.js';
import { Reporter } from './diagnostics/report.js';
import { analyse, compile, type Compilation } from './index.js';
import type { Json } from './code.js';

type Mutable = { [key: string]: Json } | Json[];
const specs = fileURLToPath(new URL('../../specs/', import.meta.url));
const test = suite('compile cache');
let folder: string;
test.before.each(() => { folder = mkdtempSync(join(tmpdir(), 'gwc-cache-')); });
test.after.each(() => rmSync(folder, { recursive: true }));

/** Every container of a value with its keys, in one order. */
function places(value: Json, found: { holder: Mutable; key: string }[] = []): { holder: Mutable; key: string }[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Mutable, key });
    places((value as { [key: string]: Json })[key]!, found);
  }
  return found;
}

const SCALARS: readonly Json[] = ['changed', '', 0, 7, -1, 1.5, true, false, null, 'string', 'integer', '#/components/schemas/Nope', '${nope}', {}, []];

/** One edit of what a person or a broken tool could do to a document. */
function edit(root: Json, where: number, how: number, value: number): void {
  const all = places(root);
  const { holder, key } = all[where % all.length]!;
  const object = holder as { [key: string]: Json };
  switch (how % 4) {
    case 0: object[key] = structuredClone(SCALARS[value % SCALARS.length]!) as Json; break;
    case 1: if (Array.isArray(holder)) holder.splice(Number(key), 1); else delete object[key]; break;
    case 2: {
      const other = all[value % all.length]!;
      object[key] = structuredClone((other.holder as { [key: string]: Json })[other.key]!) as Json;
      break;
    }
    default: if (!Array.isArray(holder)) object[`${key}2`] = structuredClone(object[key]!) as Json;
  }
}

const edits = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 });
const said = ({ diagnostics }: Pick<Compilation, 'diagnostics'>): string[] => diagnostics.map(({ code, message, origin }) => `${code} ${origin.pointer} ${message}`).sort();

for (const name of ['shop.yaml', 'petstore.yaml']) {
  test(`${name}: builds after edits are those of a build from nothing`, async () => {
    const file = join(folder, 'api.json');
    let current = parse(readFileSync(specs + name, 'utf8')) as Json;
    const options = { mock: true, minify: false, map: false, clients: [], cwd: folder };
    const cache = new CompileCache();
    let built = 0;
    await fc.assert(fc.asyncProperty(edits, async (list) => {
      const changed = structuredClone(current) as Json;
      for (const [where, how, value] of list) edit(changed, where, how, value);
      writeFileSync(file, JSON.stringify(changed));
      const incremental = await compile(file, { ...options, cache });
      const whole = await compile(file, options);
      assert.equal(said(incremental), said(whole));
      assert.is(incremental.bundle?.code, whole.bundle?.code);
      if (!whole.bundle) return;
      built++;
      // What builds is what the next edit starts from.
      current = changed;
    }), { numRuns: 6, endOnFailure: true });
    assert.ok(built > 0);
  });
}

test("swagger-parser's findings after edits are those of a whole validation", async () => {
  const file = join(folder, 'api.json');
  const versions = ['2.0', '3.0.3', '3.1.0'];
  const paths = { '/a/{id}': { get: { responses: { 200: { description: 'ok' } } } }, '/b': { post: { tags: ['x'], responses: { 200: { description: 'ok' } } } } };
  const schemas = { A: { type: 'object', properties: { a: { type: 'string', minLength: 1 } } }, B: { type: 'array', items: { $ref: '#/components/schemas/A' } }, C: { type: 'integer' } };
  for (const version of versions) {
    let current: Json = version === '2.0'
      ? { swagger: '2.0', info: { title: 'a', version: '1' }, paths, definitions: JSON.parse(JSON.stringify(schemas).replaceAll('components/schemas', 'definitions')) as Json, parameters: { p: { name: 'p', in: 'query', type: 'string' } } } as unknown as Json
      : { openapi: version, info: { title: 'a', version: '1' }, paths, components: { schemas, responses: { R: { description: 'r' } }, parameters: { P: { name: 'p', in: 'query', schema: { type: 'string' } } } } } as unknown as Json;
    const cache = new ValidationCache();
    await fc.assert(fc.asyncProperty(edits, async (list) => {
      const changed = structuredClone(current) as Json;
      for (const [where, how, value] of list) edit(changed, where, how, value);
      writeFileSync(file, JSON.stringify(changed));
      const document = await loadDocument(file, { params: {}, overlays: [], cwd: folder }, new Reporter());
      if (!document) return;
      assert.equal(said({ diagnostics: await validateDocument(document, cache) }), said({ diagnostics: await validateDocument(document) }));
      if (list.length === 1) current = changed;
    }), { numRuns: 25, endOnFailure: true });
  }
});

test('what earlier builds read is not kept: only the last document is', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const root = parse(readFileSync(specs + 'shop.yaml', 'utf8')) as Json;
  for (const [name, text] of [['api.json', JSON.stringify(root, null, 2)], ['api.yaml', stringify(root)]] as const) {
    const cache = new CompileCache();
    const documents: WeakRef<object>[] = [];
    for (let build = 0; build < 40; build++) {
      // Another place each time: what is read again belongs to another build.
      let place = 0;
      writeFileSync(join(folder, name), text.replaceAll(/(?<=(?:description|summary)"?: "?)(?=\w)/g, () => (place++ % 40 === build ? `Edited ${build} ` : '')));
      const { document, plan } = await analyse(join(folder, name), { mock: true, cwd: folder, cache });
      assert.ok(plan);
      documents.push(new WeakRef(document!));
    }
    // References are held to the end of a turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    const alive = documents.filter((reference) => reference.deref() !== undefined).length;
    assert.ok(alive <= 2, `${name}: ${alive} of ${documents.length} documents are kept`);
  }
});

test('a change that the gateway does not see is not bundled again', async () => {
  const file = join(folder, 'api.yaml');
  const text = readFileSync(specs + 'shop.yaml', 'utf8');
  const cache = new CompileCache();
  const options = { mock: true, map: false, clients: [], cwd: folder, cache };
  writeFileSync(file, text);
  const first = await compile(file, options);
  writeFileSync(file, text.replace(/summary: .+/, 'summary: Another one'));
  const second = await compile(file, options);
  assert.ok(first.bundle);
  assert.is(second.bundle, first.bundle);
});

test.run();
