/**
 * The engine against Velocity 1.7 itself, in the `velocity` dialect: the written corpus (whose recorded answers serve where there is no
 * Java; UPDATE=1 records them) and generated templates. VTL_SEEDS sets how many, VTL_SEED where they start.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CORPUS, corpus, corpusScope, VARIABLES_JSON } from './testing/corpus.js';
import { byCode, byInterpreter, normal, same } from './testing/engines.js';
import type { Result } from './testing/engines.js';
import { Generator, PROLOGUE } from './testing/generate.js';
import { renderWithJava, whyNoJava } from './testing/java-engine.js';

const test = suite('VTL against the Java engine');
const noJava = whyNoJava();
if (noJava) console.log(`skipped: ${noJava}`);

function differences(cases: readonly { name: string; template: string }[], expected: readonly Result[]): string[] {
  return cases.flatMap(({ name, template }, index) => {
    const code = byCode(template, corpusScope('velocity'), 'velocity'), tree = byInterpreter(template, corpusScope('velocity'), 'velocity');
    if (same(expected[index]!, code) && same(expected[index]!, tree)) return [];
    return [`${name} ${JSON.stringify(template)}\n  expected    ${JSON.stringify(expected[index])}\n  code        ${JSON.stringify(code)}\n  interpreter ${JSON.stringify(tree)}`];
  });
}

const cases = corpus().map(({ file, line, template }) => ({ name: `${file}:${line}`, file, template }));
const recorded = (file: string): string => join(CORPUS, 'recorded', file.replace('.txt', '.json'));

test('the corpus has at least 500 templates', () => { assert.ok(cases.length >= 500, `${cases.length}`); });

(noJava ? test.skip : test)('the corpus renders as Velocity renders it', async () => {
  const java = await renderWithJava(cases.map(({ template }) => ({ template, variables: VARIABLES_JSON })));
  if (process.env.UPDATE) {
    mkdirSync(join(CORPUS, 'recorded'), { recursive: true });
    for (const file of new Set(cases.map((item) => item.file))) {
      const results = cases.flatMap((item, index) => (item.file === file ? [java[index]!] : []));
      writeFileSync(recorded(file), `[\n${results.map((result) => JSON.stringify('output' in result ? { output: normal(result.output) } : { error: true })).join(',\n')}\n]\n`);
    }
  }
  assert.is(differences(cases, java).join('\n'), '');
});

test("the corpus renders as Velocity's recorded answers", () => {
  for (const file of new Set(cases.map((item) => item.file))) {
    const ofFile = cases.filter((item) => item.file === file);
    assert.ok(existsSync(recorded(file)), `${file} has not been recorded: UPDATE=1 with Java`);
    const results = JSON.parse(readFileSync(recorded(file), 'utf8')) as Result[];
    assert.is(results.length, ofFile.length, `${file} changed since it was recorded: UPDATE=1 with Java`);
    assert.is(differences(ofFile, results).join('\n'), '');
  }
});

(noJava ? test.skip : test)('generated templates render as Velocity renders them', async () => {
  const count = Number(process.env.VTL_SEEDS ?? 2000), first = Number(process.env.VTL_SEED ?? 1);
  const generated = Array.from({ length: count }, (_, index) => ({ name: `seed ${first + index}`, template: PROLOGUE + new Generator(first + index).template() }));
  const java = await renderWithJava(generated.map(({ template }) => ({ template, variables: VARIABLES_JSON })));
  assert.is(differences(generated, java).join('\n'), '');
});

test('generated code and interpreter agree in the aws dialect', () => {
  const templates = [...cases.map(({ template }) => template), ...Array.from({ length: 1000 }, (_, seed) => PROLOGUE + new Generator(seed).template())];
  const wrong = templates.filter((template) => !same(byCode(template, corpusScope('aws'), 'aws'), byInterpreter(template, corpusScope('aws'), 'aws')));
  assert.equal(wrong, []);
});

test.run();
