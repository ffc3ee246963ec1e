import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDocument, normalisedDocument } from '../1-load/index.js';
import { Sources } from '../diagnostics/locate.js';
import { Reporter } from '../diagnostics/report.js';
import { hashedKey } from './key-value.js';
import { withoutKeyValues } from './without-key-values.js';

const test = suite('documents without key values');

test('literals become digests, wherever they stand; the rest stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwc-keys-'));
  try {
    writeFileSync(join(folder, 'spec.yaml'), "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {}\nx-gwc:\n  apiKeys:\n    a: {value: literal-one}\n    b: {value: 'env:B'}\n    c: {$ref: 'keys.yaml#/c'}\n    __proto__: {value: literal-three}\n");
    writeFileSync(join(folder, 'keys.yaml'), 'c: {value: literal-two}\nd: 1\n');
    const sources = new Sources(folder);
    const document = (await loadDocument(join(folder, 'spec.yaml'), { params: {}, overlays: [], cwd: folder, sources }, new Reporter()))!;
    const text = JSON.stringify(normalisedDocument(withoutKeyValues(document)));
    assert.not.match(text, /literal/);
    for (const value of ['literal-one', 'literal-two', 'literal-three']) assert.ok(text.includes(hashedKey(value)), value);
    assert.ok(text.includes('"env:B"') && text.includes('"d":1'));
    assert.match(JSON.stringify(normalisedDocument(document)), /literal-two/, 'the document itself is as it was');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
