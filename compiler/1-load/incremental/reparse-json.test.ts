/** Whatever is done to a text: the value, its places and the diagnostics are those of a whole parse; what did not change is the same object. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sources } from '../../diagnostics/locate.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Json } from '../../code.js';
import { freeze } from '../../testing/freeze.js';
import { skipBlanks } from '../json-positions.js';
import { LoadCache } from '../load-cache.js';
import { parseSource } from '../parse-source.js';
import { changeBetween } from './change.js';
import { outline } from './outline.js';
import { reparseJson } from './reparse-json.js';

const test = suite('reparse JSON');

const key = fc.constantFrom('a', 'b', 'paths', '/pets/{id}', 'get', '10', '2', '__proto__', 'a"b', 'c\\', '', 'é', '\u0001before', '😀');
const document = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom<Json>('x', '', 'a "quoted" one', '{', '],', 0, 1, -12.5, true, null), fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(key, tie('node'), { maxKeys: 5, noNullPrototype: true })),
})).node as fc.Arbitrary<Json>;

/** What people and tools put into a text, or half of it. */
const SNIPPETS = ['', ' ', '\n', '\r\n  ', ',', ':', '"', '\\', '{', '}', '[', ']', '{}', '[]', '0', '12', '.5', 'e9', '1e999', 'true', 'null', '"a"', '"a": 1', ', "a": 1', '"new": {"x": []},', ',"__proto__":{"y":1}', '"10":', '\u0001before', '\u0001after', '// no', '😀', '\ud800'];
const edit = fc.record({ at: fc.nat(), remove: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(200)), insert: fc.oneof(fc.constantFrom(...SNIPPETS), fc.constant(undefined)), from: fc.nat() });

/** `insert` absent: a piece of the text itself is moved there. */
function apply(text: string, { at, remove, insert, from }: { at: number; remove: number; insert: string | undefined; from: number }): string {
  const start = at % (text.length + 1);
  const copied = insert ?? text.slice(from % text.length, (from % text.length) + remove);
  return text.slice(0, start) + copied + text.slice(start + remove);
}

async function parsed(text: string, cache?: LoadCache): Promise<unknown> {
  const reporter = new Reporter();
  const sources = new Sources('/');
  sources.add({ path: '/a.json', text });
  const root = await parseSource('/a.json', text, sources, reporter, { cache });
  const places: unknown[] = [];
  const visit = (value: Json, tokens: string[]): void => {
    places.push(tokens.join('\n'), sources.get('/a.json')!.positions!.find(tokens) ?? 'nowhere');
    if (typeof value === 'object' && value !== null) for (const name of Object.keys(value)) visit((value as { [name: string]: Json })[name]!, [...tokens, name]);
  };
  if (root !== undefined) visit(root, []);
  freeze(root);
  return { root: JSON.stringify(root), places, diagnostics: reporter.diagnostics.map(({ code, message, origin }) => ({ code, message, origin })) };
}

test('random edits of random texts', async () => {
  let again = 0, runs = 0;
  await fc.assert(fc.asyncProperty(document, fc.constantFrom(0, 1, 2), fc.array(edit, { minLength: 1, maxLength: 12 }), async (value, indent, edits) => {
    const cache = new LoadCache();
    let text = JSON.stringify(value, null, indent);
    await parsed(text, cache);
    for (const each of edits) {
      const changed = apply(text, each);
      const before = cache.get('/a.json')?.json;
      if (before && reparseJson(before, changed)) again++;
      runs++;
      assert.equal(await parsed(changed, cache), await parsed(changed), changed);
      if (cache.get('/a.json')?.json?.text === changed) {
        assert.equal(cache.get('/a.json')!.json!.outline, outline(changed, skipBlanks(changed, 0), 0), changed);
        text = changed;
      }
    }
  }), { numRuns: 1500 });
  assert.ok(again > runs / 20, `${again} of ${runs} texts were parsed in part`);
});

const API = { openapi: '3.0.3', info: { title: 'a' }, paths: { '/a': { get: { summary: 'one', tags: ['x'] }, put: { summary: 'two' } }, '/b': { get: {} } }, components: { schemas: { A: { type: 'string' }, B: { type: 'object' } } } };
type Api = typeof API;

function reparsed(from: (text: string) => string): { before: Api; after: Api | undefined } {
  const text = JSON.stringify(API, null, 2);
  const root = JSON.parse(text) as Json;
  const after = reparseJson({ text, root, outline: outline(text, 0, 0) }, from(text));
  return { before: root as unknown as Api, after: after?.root as unknown as Api | undefined };
}

test('what is around a change is new, everything else the same', () => {
  const { before, after } = reparsed((text) => text.replace('"one"', '"a longer one"'));
  assert.is(after!.paths['/a'].get.summary, 'a longer one');
  for (const part of [(root: Api) => root, (root: Api) => root.paths, (root: Api) => root.paths['/a'], (root: Api) => root.paths['/a'].get]) assert.is.not(part(after!), part(before));
  for (const part of [(root: Api) => root.paths['/a'].put, (root: Api) => root.paths['/b'], (root: Api) => root.components, (root: Api) => root.info]) assert.is(part(after!), part(before));
  assert.is(before.paths['/a'].get.summary, 'one');
});

test('entries added, removed and renamed leave the others alone', () => {
  for (const from of ['"/b": {', '"/b": {"put": {}}, "/c": {', '"/new": {}, "/b": {', '"/renamed": {']) {
    const { before, after } = reparsed((text) => text.replace('"/b": {', from));
    assert.is(after!.paths['/a'], before.paths['/a'], from);
    assert.is(after!.components, before.components, from);
  }
  const { before, after } = reparsed((text) => text.replace(/"A": \{[^}]*\},\s*/, ''));
  assert.equal(Object.keys(after!.components.schemas), ['B']);
  assert.is(after!.components.schemas.B, before.components.schemas.B);
  assert.is(after!.paths, before.paths);
});

test('two changes far from one another: what is between them is the same', () => {
  const { before, after } = reparsed((text) => text.replace('"one"', '"1"').replace('"string"', '"number"'));
  assert.is(after!.paths['/b'], before.paths['/b']);
  assert.is(after!.paths['/a'].put, before.paths['/a'].put);
  assert.is(after!.components.schemas.B, before.components.schemas.B);
  assert.is(after!.components.schemas.A.type, 'number');
});

test('an object that becomes something else, and back', () => {
  for (const to of ['7', '"x"', '[{"get": {}}]', '{}', '{"put": {"a": {}}}']) {
    const text = JSON.stringify(API, null, 2);
    const changed = JSON.stringify({ ...API, paths: { ...API.paths, '/b': 'HERE' } }, null, 2).replace('"HERE"', to);
    const first = { text, root: JSON.parse(text) as Json, outline: outline(text, 0, 0) };
    const second = reparseJson(first, changed)!;
    assert.equal([JSON.stringify(second.root), second.outline], [JSON.stringify(JSON.parse(changed)), outline(changed, 0, 0)], to);
    const third = reparseJson(second, text)!;
    assert.equal([JSON.stringify(third.root), third.outline], [JSON.stringify(API), outline(text, 0, 0)], to);
  }
});

test('a text that is broken, doubles a key or is too deep is for a whole parse to judge', () => {
  for (const from of [(text: string) => text.replace('"one"', '"one'), (text: string) => text.replace('"/b"', '"/a"'), (text: string) => text.replace('"one"', '1e999'), (text: string) => text.replace('"one"', `${'['.repeat(400)}${']'.repeat(400)}`), (text: string) => `${text}}`]) {
    assert.is(reparsed(from).after, undefined);
  }
});

test('the stretch in which texts differ', () => {
  const long = 'x'.repeat(200_000);
  assert.equal(changeBetween(`${long}a${long}`, `${long}bc${long}`), { start: 200_000, endBefore: 200_001, endAfter: 200_002 });
  assert.equal(changeBetween('aa', 'aaa'), { start: 2, endBefore: 2, endAfter: 3 });
  assert.equal(changeBetween('', 'a'), { start: 0, endBefore: 0, endAfter: 1 });
});

test.run();
