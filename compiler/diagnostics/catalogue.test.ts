/** Every code gwc can report: a document shows it (or a test that is named here does), and `gwc explain` says what it means and what to write. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allDiagnostics } from './catalogue.js';

const test = suite('catalogue of diagnostics');
const root = fileURLToPath(new URL('../../../', import.meta.url));
const catalogue = allDiagnostics();

/** What no document in a folder of fixtures can show, with the test that shows it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  // A file of more than 64 MB, more files than a fixture should have, a template of more than 300 KB, schemas that exhaust the stack.
  GWC1002: 'compiler/1-load/load.test.ts', GWC1036: 'compiler/1-load/load.test.ts', GWC2415: 'compiler/vtl/check.test.ts', GWC4111: 'compiler/testing/hostile-documents.test.ts',
  // A server that fails.
  GWC1070: 'compiler/1-load/remote/remote.test.ts',
  // A fault of gwc itself.
  GWC9501: 'compiler/5-bundle/bundle-gateway.test.ts',
};

/** Codes of all expectations under fixtures/: fixtures.test.ts and samples.test.ts compare them with what is printed. */
function shown(folder = join(root, 'fixtures'), codes = new Set<string>()): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) shown(path, codes);
    else if (entry.name === 'diagnostics.txt') for (const [, code] of readFileSync(path, 'utf8').matchAll(/^(?:error|warning|info) (GWC\d{4}):/gm)) codes.add(code!);
  }
  return codes;
}

test('codes are unique', () => {
  assert.equal(catalogue.map(({ code }) => code).filter((code, index, all) => all.indexOf(code) !== index), []);
});

test('a fixture shows each of them, or the test that is named', () => {
  const inFixtures = shown();
  assert.equal(catalogue.map(({ code }) => code as string).filter((code) => !inFixtures.has(code) && !Object.hasOwn(ELSEWHERE, code)), [], 'without a fixture');
  assert.equal([...inFixtures].filter((code) => !catalogue.some((definition) => definition.code === code)), [], 'in a fixture, but not in the catalogue');
  for (const [code, file] of Object.entries(ELSEWHERE)) {
    assert.ok(catalogue.some((definition) => definition.code === code), `${code} is declared`);
    assert.not.ok(inFixtures.has(code), `${code} has a fixture, so it needs no entry here`);
    assert.ok(existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8').includes(code), `${file} shows ${code}`);
  }
});

test('what is wrong has a hint', () => {
  assert.equal(catalogue.filter(({ severity, hint }) => severity !== 'info' && hint === undefined).map(({ code }) => code), []);
});

for (const { code, help } of catalogue) {
  test(`${code} is explained`, () => {
    const sentences = help.split(/(?<=[.?!)`"])\s+(?=[A-Z`(*]|gwc\b|esbuild\b)/).filter((sentence) => sentence.trim().length > 15);
    assert.ok(sentences.length >= 2, `more than one sentence: ${help}`);
    assert.match(help, /[.?!)`]$/, 'ends as a text does');
    // Something to write (code), or what to do.
    assert.match(help, /`[^`]+`|\b(?:write|add|give|remove|use|rename|quote|convert|keep|choose|build|put|name|declare|bundle|split|rewrite|refer|correct|report|merge|shorten|leave|download)\b/i, 'says what to write');
  });
}

test.run();
