import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import type { Json } from '../code.js';
import { Reporter } from '../diagnostics/report.js';
import { rawOffset } from '../diagnostics/inside-string.js';
import { parseJson, type Parsed } from './parse-json.js';
import { parseYaml } from './parse-yaml.js';

const test = suite('positions');

/** Every node with the path to it. */
function* nodes(value: Json, path: string[] = []): Generator<[string[], Json]> {
  yield [path, value];
  if (typeof value === 'object' && value !== null) for (const [key, child] of Object.entries(value)) yield* nodes(child as Json, [...path, key]);
}

function checkSpans(text: string, parsed: Parsed, read: (spelled: string) => unknown): void {
  for (const [path, value] of nodes(parsed.root)) {
    const span = parsed.positions.find(path);
    assert.ok(span, `no place for /${path.join('/')}`);
    if (typeof value !== 'object' || value === null) assert.equal(read(text.slice(...span.value)) ?? null, value, `value at /${path.join('/')}`);
    if (span.key) assert.equal(String(read(text.slice(...span.key))), path.at(-1), `key at /${path.join('/')}`);
  }
  assert.is(parsed.positions.find(['no', 'such', 'node']), undefined);
}

test('a JSON text: each span holds the text of its node', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2, '\t'), (json, indent) => {
    const text = JSON.stringify(JSON.parse(json), null, indent);
    checkSpans(text, parseJson('a.json', text, new Reporter(), true)!, JSON.parse);
  }), { numRuns: 300 });
});

test('a YAML text: each span holds the text of its node, whatever the style', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'abc :#-?{}[],&*!|>\'"%@`é犬\\ '), maxLength: 12 });
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('node'), { maxLength: 4 }), fc.dictionary(fc.string({ unit: fc.constantFrom(...'abc200/{}-'), minLength: 1, maxLength: 6 }), tie('node'), { maxKeys: 4, noNullPrototype: true })),
  })).node;
  await fc.assert(fc.asyncProperty(fc.dictionary(fc.constantFrom('a', 'b', '200', '404'), value, { minKeys: 1, noNullPrototype: true }), fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'), async (root, style) => {
    const spelled = stringify(root, { version: '1.2', defaultStringType: style as 'PLAIN', blockQuote: false, lineWidth: 0, aliasDuplicateObjects: false });
    const reporter = new Reporter();
    const parsed = await parseYaml('a.yaml', spelled, reporter);
    assert.equal(reporter.diagnostics, [], spelled);
    assert.equal(parsed!.root, root);
    checkSpans(spelled, parsed!, (part) => parse(part, { version: '1.2' }) as unknown);
  }), { numRuns: 300 });
});

test('an offset in a string leads to that character in its spelling', async () => {
  const lines = ["plain: get ${x} there", "single: 'it''s ${x}'", 'double: "tab\\t\\u00e9 ${x}"', 'block: |', '  first', '  second ${x}', '', '  third'].join('\n');
  const parsed = await parseYaml('a.yaml', lines, new Reporter());
  for (const [name, value] of Object.entries(parsed!.root as Record<string, string>)) {
    const at = rawOffset(lines, parsed!.positions.find([name])!.value, value.indexOf('${x}'));
    assert.is(lines.slice(at, at! + 4), '${x}', name);
  }
  const json = '{"a": "say \\"hi\\" \\u0041 ${x}"}';
  const inJson = parseJson('a.json', json, new Reporter(), true)!;
  const at = rawOffset(json, inJson.positions.find(['a'])!.value, (inJson.root as { a: string }).a.indexOf('${x}'));
  assert.is(json.slice(at, at! + 4), '${x}');
});

test('keys taken over by << stand where they were written', async () => {
  const text = 'base: &base\n  a: 1\n  b: 2\nuse:\n  b: 3\n  <<: *base\n';
  const parsed = await parseYaml('a.yaml', text, new Reporter());
  assert.equal((parsed!.root as { use: Json }).use, { b: 3, a: 1 });
  assert.equal(text.slice(...parsed!.positions.find(['use', 'a'])!.key!), 'a');
  assert.is(parsed!.positions.find(['use', 'a'])!.key![0], text.indexOf('a: 1'));
});

test.run();
