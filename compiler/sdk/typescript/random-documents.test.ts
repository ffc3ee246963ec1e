/** Whatever a document says, its client compiles: random documents in one run of tsc. FUZZ_SEED and FUZZ_RUNS look further. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../diagnostics/report.js';
import { buildSdkModel } from '../model.js';
import { randomApi } from '../testing/random-api.js';
import { emitTypescript } from './emit.js';
import { install } from './testing/package.js';
import { typeCheck } from './testing/type-check.js';

const test = suite('typescript client: random documents');

test('clients of random documents pass tsc', () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? 20261121);
  // tsc takes two packages of the same name and version for one.
  const clients = fc.sample(randomApi, { seed, numRuns: Number(process.env['FUZZ_RUNS'] ?? 15) }).map((api, index) => install(emitTypescript(buildSdkModel({ ...api, title: `Zoo ${index}` }, 'hash', new Reporter()))));
  try {
    // No README: a random schema may have no value that a person could write.
    const roots = clients.flatMap((client) => [`${client.folder}/src/index.ts`, `${client.folder}/index.d.ts`]);
    assert.equal(typeCheck(roots, { exactOptionalPropertyTypes: true }), [], `seed ${seed}`);
  } finally { for (const client of clients) client.remove(); }
});

test.run();
