/** Mutated documents end in diagnostics or in success, never in a throw. FUZZ_MS (default 3 s) says how long, FUZZ_SEED repeats a run. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { checkKnownFields } from '../2-read/known-fields.js';
import type { Json } from '../code.js';
import { renderGithub } from '../diagnostics/github.js';
import { renderJson } from '../diagnostics/json.js';
import { Sources } from '../diagnostics/locate.js';
import { renderText } from '../diagnostics/render.js';
import { Reporter } from '../diagnostics/report.js';
import { loadDocument, unexplained, validateDocument } from './index.js';
import { normalisedDocument } from './normalised-document.js';

const test = suite('mutated documents');
const milliseconds = Number(process.env['FUZZ_MS'] ?? 3_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9);

/** Mulberry32: small, and the same sequence for the same seed everywhere. */
function random(state: number): (below: number) => number {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Loose = { [key: string]: Json };

const STRANGE: Json[] = [null, true, 0, -1, 1e308, '', '#', '#/', '#/paths', '~', '${', '${a}', '$ref', [], {}, [[]], { $ref: '#/components' }, { $ref: 7 }, { 'Fn::Sub': [1] }, { Ref: 'x' }, '\u0000', '\ud800', 'a'.repeat(2_000), '[?(@.', '{x}', '/{a}/{a+}/'];
const KEYS = ['$ref', '__proto__', 'constructor', 'x-amazon-apigateway-integration', 'x-gwc', '', 'a/b~c', 'type', 'properties', '200', 'paths', '<<', '\u202e'];

/** Changes one random node: dropped, replaced, swapped with another, doubled or renamed. */
function mutate(root: Json, pick: (below: number) => number): void {
  const containers: Loose[] = [];
  const collect = (value: Json): void => {
    if (typeof value !== 'object' || value === null || containers.length > 5_000) return;
    containers.push(value as Loose);
    Object.values(value).forEach((child) => collect(child as Json));
  };
  collect(root);
  const container = containers[pick(containers.length)]!;
  const keys = Object.keys(container);
  const key = keys[pick(Math.max(1, keys.length))];
  if (key === undefined) return;
  const set = (name: string, value: Json): void => void Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
  switch (pick(5)) {
    case 0: Array.isArray(container) ? container.splice(Number(key), 1) : delete container[key]; break;
    case 1: set(key, structuredClone(STRANGE[pick(STRANGE.length)]!)); break;
    case 2: set(key, structuredClone(containers[pick(containers.length)]!) as Json); break;
    case 3: if (!Array.isArray(container)) set(KEYS[pick(KEYS.length)]!, structuredClone(container[key]!) as Json); break;
    case 4: if (!Array.isArray(container)) { set(`${key.slice(0, -1)}`, container[key]!); delete container[key]; } break;
  }
}

/** A text with a few bytes changed. */
function corrupt(text: string, pick: (below: number) => number): Buffer {
  const bytes = Buffer.from(text);
  for (let n = 1 + pick(3); n > 0; n--) bytes[pick(bytes.length)] = pick(4) === 0 ? pick(256) : ' \n\t:-{}[]"\'&*#|>!%@,'.charCodeAt(pick(20));
  return bytes;
}

test(`FUZZ_SEED=${seed}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-fuzz-'));
  const specs = fileURLToPath(new URL('../../../specs/', import.meta.url));
  const texts = readdirSync(specs).filter((file) => file.endsWith('.yaml')).map((file) => readFileSync(join(specs, file), 'utf8'));
  const roots = texts.map((text) => parse(text, { maxAliasCount: -1 }) as Json);
  const pick = random(seed);
  let runs = 0;
  try {
    for (const end = Date.now() + milliseconds; Date.now() < end; runs++) {
      const which = pick(texts.length);
      const asJson = pick(2) === 0;
      let content: string | Buffer;
      if (pick(3) === 0) content = corrupt(texts[which]!, pick);
      else {
        const root = structuredClone(roots[which]!) as Json;
        for (let n = 1 + pick(4); n > 0; n--) mutate(root, pick);
        content = asJson ? JSON.stringify(root) : stringify(root, { aliasDuplicateObjects: false });
      }
      const name = asJson ? 'api.json' : 'api.yaml';
      writeFileSync(join(folder, name), content);
      try {
        const reporter = new Reporter();
        const sources = new Sources(folder);
        const document = await loadDocument(name, { params: { a: 'b' }, overlays: [], cwd: folder, sources }, reporter);
        if (document) {
          checkKnownFields(document, reporter);
          normalisedDocument(document);
          if (runs % 20 === 0) reporter.add(unexplained(await validateDocument(document), reporter.diagnostics));
        } else assert.ok(reporter.hasErrors, 'no document and no reason');
        for (const render of [renderText, renderJson, renderGithub]) render(reporter.diagnostics, sources);
        // eslint-disable-next-line no-control-regex
        assert.not.match(renderText(reporter.diagnostics, sources), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      } catch (error) {
        const kept = join(tmpdir(), `gwc-fuzz-failure-${name}`);
        writeFileSync(kept, content);
        throw new Error(`FUZZ_SEED=${seed}, run ${runs}, input kept as ${kept}`, { cause: error });
      }
    }
  } finally { rmSync(folder, { recursive: true }); }
  console.log(`${runs} documents`);
  assert.ok(runs > 0);
});

test.run();
