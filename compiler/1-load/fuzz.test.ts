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
import { corrupt, mutate, random } from '../testing/mutate.js';
import { loadDocument, unexplained, validateDocument } from './index.js';
import { normalisedDocument } from './normalised-document.js';

const test = suite('mutated documents');
const milliseconds = Number(process.env['FUZZ_MS'] ?? 3_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9);

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
