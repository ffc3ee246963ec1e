import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { Json } from '../../code.js';
import { Reporter } from '../../diagnostics/report.js';
import { applyOverlay } from './apply-overlay.js';
import { Provenance } from './provenance.js';

const test = suite('overlays');

/** The document after the actions; fails on any diagnostic. */
function apply(document: Json, actions: string): { root: Json; place: (...path: string[]) => string } {
  const reporter = new Reporter();
  const provenance = new Provenance('api.yaml');
  const changed = { root: structuredClone(document) as Json };
  applyOverlay(changed, { overlay: '1.1.0', info: { title: 'o', version: '1' }, actions: parse(actions) as Json }, 'overlay.yaml', provenance, reporter);
  assert.equal(reporter.diagnostics, []);
  return { root: changed.root, place: (...path) => { const { file, pointer } = provenance.placeOf(path); return `${file}#${pointer}`; } };
}

const pets = {
  info: { title: 'Pets', description: 'old' },
  paths: {
    '/pets': { get: { parameters: [{ name: 'limit', in: 'query' }, { name: 'dummy', in: 'query' }, { name: 'page', in: 'query' }], tags: ['a'] } },
    '/dogs': { get: { parameters: [{ name: 'dummy', in: 'query' }] } },
  },
};

test('an object is merged field by field, lists grow, simple values are replaced', () => {
  const { root } = apply(pets, "- target: $\n  update: {info: {description: new, license: {name: X}}, paths: {/pets: {get: {tags: [b], summary: s}}}}");
  assert.equal(root, {
    info: { title: 'Pets', description: 'new', license: { name: 'X' } },
    paths: { '/pets': { get: { ...pets.paths['/pets'].get, tags: ['a', 'b'], summary: 's' } }, '/dogs': pets.paths['/dogs'] },
  });
});

test('one action changes every node it selects, and each gets a copy of its own', () => {
  const { root } = apply(pets, "- target: $.paths.*.get\n  update: {x-safe: {by: [me]}}\n- target: $.paths['/pets'].get['x-safe']\n  update: {only: here}");
  const { paths } = root as unknown as { paths: Record<string, { get: Record<string, Json> }> };
  assert.equal(paths['/pets']!.get['x-safe'], { by: ['me'], only: 'here' });
  assert.equal(paths['/dogs']!.get['x-safe'], { by: ['me'] });
});

test('entries of lists are appended and removed by filter', () => {
  const { root, place } = apply(pets, "- target: $.paths.*.get.parameters\n  update: {name: new, in: query}\n- target: $.paths.*.get.parameters[?@.name == 'dummy']\n  remove: true");
  const names = (path: string): string[] => (root as unknown as typeof pets).paths[path as '/pets'].get.parameters.map(({ name }) => name);
  assert.equal(names('/pets'), ['limit', 'page', 'new']);
  assert.equal(names('/dogs'), ['new']);
  const at = (index: string): string => place('paths', '/pets', 'get', 'parameters', index);
  assert.equal(['0', '1', '2'].map(at), ['api.yaml#/paths/~1pets/get/parameters/0', 'api.yaml#/paths/~1pets/get/parameters/2', 'overlay.yaml#/actions/0/update']);
});

test('nodes remember where they came from, through removals and later changes', () => {
  const provenance = new Provenance('api.yaml');
  const changed = { root: { list: [{ a: 1 }, { a: 2 }, { a: 3 }] } as Json };
  const overlay = parse("{overlay: 1.0.0, info: {}, actions: [{target: '$.list', update: {a: 4}}, {target: '$.list[1]', remove: true}, {target: '$.list[1]', update: {b: {c: 5}}}, {target: '$.list[0]', remove: true}]}") as Json;
  const reporter = new Reporter();
  applyOverlay(changed, overlay, 'overlay.yaml', provenance, reporter);
  assert.equal(changed.root, { list: [{ a: 3, b: { c: 5 } }, { a: 4 }] });
  assert.equal(provenance.placeOf(['list', '0', 'a']), { file: 'api.yaml', pointer: '/list/2/a' });
  assert.equal(provenance.placeOf(['list', '0', 'b', 'c']), { file: 'overlay.yaml', pointer: '/actions/2/update/b/c' });
  assert.equal(provenance.placeOf(['list', '1', 'a']), { file: 'overlay.yaml', pointer: '/actions/0/update/a' });
  assert.equal(provenance.placeOf(['other', 'a/b']), { file: 'api.yaml', pointer: '/other/a~1b' });
});

test('copy takes the value of one node, and its place', () => {
  const { root, place } = apply({ a: { x: { deep: [1] } }, b: {} }, '- {target: $.b, copy: $.a}\n- {target: $.b.x.deep, update: 2}');
  assert.equal(root, { a: { x: { deep: [1] } }, b: { x: { deep: [1, 2] } } });
  assert.is(place('b', 'x', 'deep', '0'), 'api.yaml#/a/x/deep/0');
});

test('a simple value is replaced where it is selected', () => {
  assert.equal(apply(pets, '- {target: $.info.title, update: Cats}').root, { ...pets, info: { ...pets.info, title: 'Cats' } });
});

test('null in an update changes nothing, __proto__ is a key like any other', () => {
  const overlay = JSON.parse('[{"target": "$", "update": {"info": null, "__proto__": {"polluted": true}}}]') as Json;
  const changed = { root: { info: { title: 'a' } } as Json };
  const reporter = new Reporter();
  applyOverlay(changed, { overlay: '1.0.0', actions: overlay }, 'o', new Provenance('a'), reporter);
  assert.equal(reporter.diagnostics, []);
  assert.is(JSON.stringify(changed.root), '{"info":{"title":"a"},"__proto__":{"polluted":true}}');
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});

test('copies of copies and nesting are bounded', () => {
  const run = (actions: Json[]): string[] => {
    const reporter = new Reporter();
    applyOverlay({ root: { a: {} } }, { overlay: '1.1.0', info: {}, actions }, 'o', new Provenance('a'), reporter);
    return reporter.diagnostics.map(({ message }) => message);
  };
  assert.equal(run(Array.from({ length: 60 }, (_, n) => ({ target: '$', copy: '$', update: n })).flatMap((action, n) => [{ target: '$', update: { [`k${n}`]: {} } }, { ...action, target: `$.k${n}` }])), ['the overlay adds more than 1000000 values']);
  assert.equal(run(Array.from({ length: 450 }, (_, n) => ({ target: `$.a${'.b'.repeat(n)}`, update: { b: {} } }))), ['the actions nest values more than 400 levels deep']);
});

test.run();
