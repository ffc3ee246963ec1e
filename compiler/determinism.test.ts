/** The same document gives the same bytes; the order of its keys decides nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { analyse, compile } from './index.js';

const specs = fileURLToPath(new URL('../../specs/', import.meta.url));
const test = suite('determinism');

test('compiling twice gives the same bytes', async () => {
  for (const [file, options] of [['petstore.yaml', {}], ['shop.yaml', { mock: true }]] as const) {
    const [first, second] = [await compile(specs + file, options), await compile(specs + file, options)];
    assert.is(first.bundle!.code, second.bundle!.code);
    assert.is(first.bundle!.map, second.bundle!.map);
    assert.equal([...first.clients!], [...second.clients!]);
  }
});

test('the bundle holds no path of this machine and no date', async () => {
  const { bundle } = await compile(specs + 'petstore.yaml', { minify: false });
  for (const text of [bundle!.code, bundle!.map]) {
    assert.not.ok(text.includes(process.cwd()), 'holds the working directory');
    assert.not.ok(text.includes(String(new Date().getFullYear()) + '-'), 'holds a date');
  }
});

test('a permutation of the paths and operations gives the same plan', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-permute-'));
  try {
    const document = parse(readFileSync(specs + 'petstore.yaml', 'utf8')) as { paths: Record<string, Record<string, unknown>> };
    const reversed = (object: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(object).reverse());
    document.paths = reversed(Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [path, reversed(item)]))) as typeof document.paths;
    writeFileSync(join(folder, 'petstore.yaml'), stringify(document));
    const [one, other] = [await analyse(specs + 'petstore.yaml'), await analyse(join(folder, 'petstore.yaml'))];
    assert.equal(other.plan, one.plan);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
