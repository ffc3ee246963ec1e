/**
 * Documents that are edited again and again, as under `gwc dev`: after every edit an analysis and an emission that may use what the ones before left are
 * those of a build from nothing, diagnostics, their order, lines and columns included. FUZZ_MS (default 8 s) says how long, FUZZ_SEED repeats a run.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { emitGateway } from '../4-emit/emit-gateway.js';
import type { Json } from '../code.js';
import { CompileCache } from '../compile-cache.js';
import { renderJson } from '../diagnostics/json.js';
import { analyse, type CompileOptions } from '../index.js';
import { freeze } from './freeze.js';
import { corrupt, mutate, random } from './mutate.js';

const test = suite('rebuilds');
const milliseconds = Number(process.env['FUZZ_MS'] ?? 8_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9);
const root = fileURLToPath(new URL('../../../', import.meta.url));

type Pick = (below: number) => number;
type Loose = { [key: string]: Json };

/** Our own documents, every fixture's, and the examples of oas-examples. */
async function seeds(): Promise<Json[]> {
  const { fixturePackage } = (await import(join(root, 'bin/fixture-packages.mjs'))) as { fixturePackage: (name: string) => string };
  const folders = [join(root, 'specs'), join(root, 'fixtures'), fixturePackage('@readme/oas-examples@8.2.2')].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)));
  const texts = files.filter((file) => /(?:spec|specs[\\/][^\\/]*|3\.[01][\\/].*|2\.0[\\/].*)\.(?:ya?ml|json)$/.test(file) && !file.includes('expect')).sort().map((file) => readFileSync(file, 'utf8')).filter((text) => text.length < 60_000);
  return texts.flatMap((text) => {
    try {
      const value = parse(text, { maxAliasCount: 100, logLevel: 'silent' }) as Json;
      return typeof value === 'object' && value !== null && JSON.stringify(value).length < 200_000 ? [value] : [];
    } catch { return []; }
  });
}

function* holders(value: Json): Generator<Loose> {
  if (typeof value !== 'object' || value === null) return;
  yield value as Loose;
  for (const child of Object.values(value)) yield* holders(child as Json);
}

const any = <T>(list: readonly T[], pick: Pick): T | undefined => list[pick(Math.max(1, list.length))];
const set = (object: Loose, key: string, value: Json): void => void Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });

/** A `$ref` leads elsewhere, or something becomes one. */
function redirect(document: Json, pick: Pick): void {
  const all = [...holders(document)].filter((holder) => !Array.isArray(holder));
  const references = all.filter((holder) => typeof holder['$ref'] === 'string');
  const target = any([...references.map((holder) => holder['$ref'] as string), '#/components/schemas/Nope', '#/definitions/Nope', 'part.json#/a', 'part.json', '#/paths'], pick)!;
  const holder = pick(3) === 0 ? any(all, pick) : any(references, pick);
  if (holder && holder !== document) set(holder, '$ref', target);
}

/** Something that others refer to is called otherwise, with or without them. */
function rename(document: Json, pick: Pick): void {
  const tables = [...holders(document)].filter((holder) => !Array.isArray(holder) && Object.values(holder).every((child) => typeof child === 'object' && child !== null));
  const table = any(tables, pick);
  const name = table && any(Object.keys(table), pick);
  if (!table || name === undefined) return;
  const suffix = pick(4) === 0 ? '${a}' : 'X';
  const entries = Object.entries(table).map(([key, value]): [string, Json] => [key === name ? `${name}${suffix}` : key, value]);
  for (const key of Object.keys(table)) delete table[key];
  for (const [key, value] of entries) set(table, key, value);
  if (pick(2) === 0) for (const holder of holders(document)) if (typeof holder['$ref'] === 'string') holder['$ref'] = holder['$ref'].replace(`/${name}`, `/${name}${suffix}`);
}

/** A part moves to a file of its own. */
function moveOut(document: Json, pick: Pick): Json | undefined {
  const all = [...holders(document)].filter((holder) => holder !== document && !Array.isArray(holder) && holder['$ref'] === undefined);
  const part = any(all, pick);
  if (!part) return undefined;
  const copy = structuredClone(part) as Json;
  for (const key of Object.keys(part)) delete part[key];
  part['$ref'] = any(['part.json', './part.json#', 'part.json#/a'], pick)!;
  return copy;
}

/** A number, a text or a bound is another one. */
function tweak(document: Json, pick: Pick): void {
  const holder = any([...holders(document)].filter((each) => Object.values(each).some((value) => typeof value === 'string' || typeof value === 'number')), pick);
  const key = holder && any(Object.keys(holder).filter((each) => typeof holder[each] === 'string' || typeof holder[each] === 'number'), pick);
  if (!holder || key === undefined) return;
  const value = holder[key]!;
  set(holder, key, typeof value === 'number' ? value + 1 : any([`${String(value)}s`, '${a}', 'changed ${b} here', 'string', 'a\nb'], pick)!);
}

/** Blank lines where they mean nothing, so that everything behind them moves. */
function space(text: string, pick: Pick): string {
  const lines = text.split('\n');
  for (let n = pick(4); n > 0; n--) lines.splice(pick(lines.length), 0, ' '.repeat(pick(3)));
  return lines.join(pick(6) === 0 ? '\r\n' : '\n');
}

async function result(folder: string, name: string, options: CompileOptions): Promise<string[]> {
  const { document, api, plan, diagnostics, sources } = await analyse(join(folder, name), options);
  if (options.cache) freeze([document && [...document.files.values()].map((file) => file.root), api]);
  const said = renderJson(diagnostics, sources);
  if (!api || !plan || diagnostics.some(({ severity }) => severity === 'error')) return [said, JSON.stringify(api), JSON.stringify(plan)];
  const { files, flags, validators } = emitGateway(api, plan, options, options.cache);
  return [said, JSON.stringify(api), JSON.stringify(plan), JSON.stringify([flags, validators]), ...files.map(({ path, text }) => `${path}\n${text}`)];
}

test(`FUZZ_SEED=${seed}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-rebuild-'));
  const documents = await seeds();
  const pick = random(seed);
  const counts = { sessions: 0, builds: 0, emitted: 0 };
  try {
    for (const end = Date.now() + milliseconds; Date.now() < end; counts.sessions++) {
      const asJson = pick(5) > 1;
      const name = asJson ? 'api.json' : 'api.yaml';
      let document = structuredClone(documents[pick(documents.length)]!) as Json;
      const first = document;
      const cache = new CompileCache();
      let params: Record<string, string> = {};
      const overlays = pick(8) === 0 ? ['changes.json'] : [];
      const common: CompileOptions = { ...(pick(2) === 0 ? { mock: true } : { upstream: 'http://127.0.0.1:9' }), overlays, cwd: folder };
      let indent = pick(3);
      let part: Json = { a: { type: 'string' } };
      for (let step = 3 + pick(8); step > 0 && Date.now() < end; step--) {
        const edited = structuredClone(document) as Json;
        switch (pick(12)) {
          case 0: mutate(edited, pick); break;
          case 1: redirect(edited, pick); break;
          case 2: rename(edited, pick); break;
          case 3: part = moveOut(edited, pick) ?? part; break;
          case 4: mutate(part, pick); break;
          case 5: indent = pick(3); break;
          case 6: params = pick(2) === 0 ? {} : { a: `v${pick(3)}`, ...(pick(2) === 0 && { b: 'w' }) }; break;
          case 7: document = first; break;
          default: for (let n = 1 + pick(2); n > 0; n--) tweak(edited, pick);
        }
        let text: string | Buffer = space(asJson ? JSON.stringify(edited, null, indent) : stringify(edited, { aliasDuplicateObjects: false, indent: 2 + indent }), pick);
        if (pick(8) === 0) text = corrupt(text, pick);
        writeFileSync(join(folder, name), text);
        writeFileSync(join(folder, 'part.json'), JSON.stringify(part, null, pick(3)));
        writeFileSync(join(folder, 'changes.json'), JSON.stringify({ overlay: '1.0.0', info: { title: 'o', version: '1' }, actions: [{ target: '$.paths.*.*', update: { summary: `overlaid ${pick(2)}` } }] }));
        try {
          const again = await result(folder, name, { ...common, params, cache });
          const whole = await result(folder, name, { ...common, params });
          for (const [index, each] of whole.entries()) assert.is(again[index], each);
          counts.builds++;
          if (whole.length > 3) counts.emitted++;
          // What can be read is what the next edit starts from.
          if (whole[1] !== undefined) document = edited;
        } catch (error) {
          const kept = join(tmpdir(), `gwc-rebuild-failure-${name}`);
          writeFileSync(kept, text);
          throw new Error(`FUZZ_SEED=${seed}, build ${counts.builds}, input kept as ${kept}: ${(error as { details?: string }).details?.slice(0, 3000) ?? ''}`, { cause: error });
        }
      }
    }
  } finally { rmSync(folder, { recursive: true }); }
  console.log(JSON.stringify(counts));
  assert.ok(counts.builds > counts.sessions);
  assert.ok(counts.emitted > 0);
});

test('a reference by the name of a schema follows that schema to another place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-rebuild-'));
  const text = (component: string): string => JSON.stringify({
    openapi: '3.1.0', info: { title: 'a', version: '1' },
    paths: { '/a': { get: { responses: { 200: { description: 'ok', content: { 'application/json': { schema: { $ref: 'https://schemas.example.com/pet' } } } } } } } },
    components: { schemas: { [component]: { $id: 'https://schemas.example.com/pet', type: 'object', properties: { name: { type: 'string' } } } } },
  }, null, 1);
  try {
    const cache = new CompileCache();
    for (const component of ['Pet', 'Cat', 'Animal']) {
      writeFileSync(join(folder, 'api.json'), text(component));
      const again = await result(folder, 'api.json', { mock: true, cwd: folder, cache });
      assert.equal(again, await result(folder, 'api.json', { mock: true, cwd: folder }));
      assert.is(again.length > 3, true, again[0]);
    }
  } finally { rmSync(folder, { recursive: true }); }
});

test.run();
