/** Each hostile document builds or is refused with a diagnostic, soon and in bounded memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderText } from '../diagnostics/render.js';
import { compile } from '../index.js';
import { HOSTILE_JSON, HOSTILE_YAML } from './hostile-documents.js';

const test = suite('hostile documents');
const only = process.env['CASE'] ?? '';

/** What only recursion without end could build. */
const BEYOND_THE_STACK = new Set(['a union of 3 000']);

/** CPU seconds for one; a busy machine does not count. */
const LIMIT = 20;

for (const [file, documents] of [['api.yaml', HOSTILE_YAML], ['api.json', HOSTILE_JSON]] as const) {
  for (const [name, make] of Object.entries(documents)) {
    if (!name.includes(only)) continue;
    test(name, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'gwc-hostile-'));
      try {
        writeFileSync(join(folder, file), make());
        const before = process.cpuUsage();
        const { bundle, clients, diagnostics, sources } = await compile(join(folder, file), { mock: true, cwd: folder });
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        if (errors.length === 0) assert.ok(bundle && clients, 'neither an error nor a gateway');
        assert.equal(errors.filter(({ code }) => /^GWC[459]/.test(code)).map(({ code }) => code), BEYOND_THE_STACK.has(name) ? ['GWC4111'] : []);
        assert.ok(renderText(diagnostics, sources).length < 2_000_000);
        const { user, system } = process.cpuUsage(before);
        assert.ok((user + system) / 1e6 < LIMIT, `${((user + system) / 1e6).toFixed(1)} s`);
        assert.is(({} as { polluted?: boolean }).polluted, undefined);
        if (process.env['VERBOSE']) console.log(`${name}: ${errors.length > 0 ? errors[0]!.message.slice(0, 150) : `built, ${bundle!.code.length} bytes`}, ${((user + system) / 1e6).toFixed(1)} s, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
      } finally { rmSync(folder, { recursive: true }); }
      assert.ok(process.memoryUsage.rss() < 3e9, `${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
    });
  }
}

test.run();
