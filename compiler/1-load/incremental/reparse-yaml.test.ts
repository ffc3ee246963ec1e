/** Whatever is done to a text: the value, its places and the diagnostics are those of a whole parse; what did not change is the same object. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import type { Json } from '../../code.js';
import { Sources } from '../../diagnostics/locate.js';
import { Reporter } from '../../diagnostics/report.js';
import { freeze } from '../../testing/freeze.js';
import { random } from '../../testing/mutate.js';
import { LoadCache } from '../load-cache.js';
import { parseSource } from '../parse-source.js';
import { parseYaml } from '../parse-yaml.js';
import type { YamlSpans } from '../yaml-to-json.js';
import { outlinedYaml, reparseYaml } from './reparse-yaml.js';

const test = suite('reparse YAML');
const milliseconds = Number(process.env['FUZZ_MS'] ?? 5_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9);
const specs = fileURLToPath(new URL('../../../../specs/', import.meta.url));

async function parsed(text: string, cache?: LoadCache): Promise<unknown> {
  const reporter = new Reporter();
  const sources = new Sources('/');
  sources.add({ path: '/a.yaml', text });
  const root = await parseSource('/a.yaml', text, sources, reporter, { cache });
  const places: string[] = [];
  const visit = (value: Json, tokens: string[]): void => {
    const { key, value: span } = sources.get('/a.yaml')!.positions!.find(tokens) ?? { value: 'nowhere' };
    // Where a mapping ends is never shown.
    places.push(`${tokens.join('/')} ${key} ${typeof value === 'object' && value !== null ? span[0] : span}`);
    if (typeof value === 'object' && value !== null) for (const name of Object.keys(value)) visit((value as { [name: string]: Json })[name]!, [...tokens, name]);
  };
  if (root !== undefined) visit(root, []);
  freeze(root);
  return { root: JSON.stringify(root), places, diagnostics: reporter.diagnostics.map(({ code, message, origin }) => ({ code, message, origin })) };
}

const ODD = `# a comment
openapi: 3.0.3
info: {title: a, version: '1'}

paths:
  # about the pets
  /pets:
    get:
      summary: |+
        kept

        blank

      tags:
      - a
      - b: c
    "put": {summary: "x
      y"}
  '/b':
    get: plain text
      over two lines
    10: >-
      folded
      text

    2:
components:
  schemas:
      A: !!map {type: string}
      B:
        type: object

# the end
`;

/** What people and tools put into a text. */
const SNIPPETS = ['', ' ', '  ', '\n', '\n\n', '\r\n', '\n  ', '\n    ', '\n      ', ':', ': ', '- ', '#', ' # ', '"', "'", '{', '}', '[', ']', ',', '|', '|+\n', '>-', '&a ', '*a', '!Ref ', '!odd ', '<<: {a: 1}', '? ', '---', '\n---\n', '\n...\n', '%', '\t', 'x: y', '\nx: y', '\n  /new:\n    get: {}', '\n    get:\n      a: 1\n', '200', '~', '__proto__: 1', '.inf'];

test(`FUZZ_SEED=${seed}: random edits`, async () => {
  const pick = random(seed);
  const texts = [ODD, ...readdirSync(specs).map((name) => readFileSync(specs + name, 'utf8')).filter((text) => text.length < 12_000)];
  let again = 0, runs = 0;
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const cache = new LoadCache();
    const first = pick(15) > 0 ? ODD : texts[pick(texts.length)]!;
    let text = first;
    await parsed(text, cache);
    for (let step = 1 + pick(10); step > 0; step--) {
      const lines = text.split('\n');
      const line = pick(lines.length);
      let changed: string;
      switch (pick(7)) {
        // A line goes, comes twice, moves, is indented otherwise.
        case 0: lines.splice(line, 1 + pick(3)); changed = lines.join('\n'); break;
        case 1: lines.splice(line, 0, ...lines.slice(line, line + 1 + pick(4))); changed = lines.join('\n'); break;
        case 2: lines.splice(pick(lines.length), 0, ...lines.splice(line, 1 + pick(4))); changed = lines.join('\n'); break;
        case 3: lines[line] = ' '.repeat(pick(8)) + lines[line]!.trimStart(); changed = lines.join('\n'); break;
        case 4: changed = text.replaceAll(/(?<=: )(\w+)$/gm, (word) => (pick(6) === 0 ? `${word}s` : word)); break;
        default: { const at = pick(text.length + 1); changed = text.slice(0, at) + SNIPPETS[pick(SNIPPETS.length)]! + text.slice(at + (pick(2) === 0 ? 0 : pick(15))); }
      }
      const before = cache.get('/a.yaml')?.yaml;
      if (before && reparseYaml(before, changed)) again++;
      runs++;
      assert.equal(await parsed(changed, cache), await parsed(changed), `FUZZ_SEED=${seed} ${JSON.stringify([text, changed])}`);
      if (pick(4) > 0 && cache.get('/a.yaml')?.yaml?.text === changed) text = changed;
      else if (pick(3) === 0) text = first;
    }
  }
  console.log(`${again} of ${runs} texts were parsed in part`);
  assert.ok(again > runs / 20);
});

const API = { openapi: '3.0.3', info: { title: 'a' }, paths: { '/a': { get: { summary: 'one', tags: ['x'] }, put: { summary: 'two' } }, '/b': { get: { a: 1 } } }, components: { schemas: { A: { type: 'string' }, B: { type: 'object' } } } };
type Api = typeof API;

function reparsed(from: (text: string) => string): { before: Api; after: Api | undefined } {
  const text = stringify(API);
  const spans: YamlSpans = new WeakMap();
  const before = outlinedYaml(text, parseYaml('', text, new Reporter(), spans)!, spans, undefined)!;
  return { before: before.root as unknown as Api, after: reparseYaml(before, from(text))?.root as unknown as Api | undefined };
}

test('what is around a change is new, everything else the same', () => {
  const { before, after } = reparsed((text) => text.replace('one', 'a longer one'));
  assert.is(after!.paths['/a'].get.summary, 'a longer one');
  for (const part of [(root: Api) => root, (root: Api) => root.paths, (root: Api) => root.paths['/a'], (root: Api) => root.paths['/a'].get]) assert.is.not(part(after!), part(before));
  for (const part of [(root: Api) => root.paths['/a'].put, (root: Api) => root.paths['/b'], (root: Api) => root.components, (root: Api) => root.info]) assert.is(part(after!), part(before));
  assert.is(before.paths['/a'].get.summary, 'one');
});

test('entries added and removed leave the others alone', () => {
  const added = reparsed((text) => text.replace('  /b:\n', '  /new:\n    get: {}\n  /b:\n'));
  assert.equal(Object.keys(added.after!.paths), ['/a', '/new', '/b']);
  assert.is(added.after!.paths['/b'], added.before.paths['/b']);
  assert.is(added.after!.paths['/a'], added.before.paths['/a']);
  const removed = reparsed((text) => text.replace(/  \/b:\n.*\n.*\n/, ''));
  assert.equal(Object.keys(removed.after!.paths), ['/a']);
  assert.is(removed.after!.components, removed.before.components);
});

test('with an anchor or a directive anywhere, nothing can be said of parts', () => {
  for (const text of ['a: &x {b: 1}\nc: *x\n', '%YAML 1.1\n---\na: yes\nb: no\n']) {
    const spans: YamlSpans = new WeakMap();
    assert.is(outlinedYaml(text, parseYaml('', text, new Reporter(), spans)!, spans, undefined), undefined);
  }
  assert.is(reparsed((all) => all.replace('two', '&x two')).after, undefined);
});

test.run();
