import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sources } from '../diagnostics/locate.js';
import { Reporter } from '../diagnostics/report.js';
import type { Document } from './document.js';
import { loadDocument, type LoadOptions } from './load.js';
import { Node } from './node.js';

const test = suite('loadDocument');
let folder: string;
test.before.each(() => { folder = mkdtempSync(join(tmpdir(), 'gwc-load-')); });
test.after.each(() => rmSync(folder, { recursive: true }));

const HEAD = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\n";

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Codes in the order reported, and the document. */
async function load(entry = 'api.yaml', options: Partial<LoadOptions> = {}): Promise<{ codes: string[]; document: Document | undefined; reporter: Reporter; sources: Sources }> {
  const reporter = new Reporter();
  const sources = new Sources(folder);
  const document = await loadDocument(entry, { params: {}, overlays: [], cwd: folder, sources, ...options }, reporter);
  return { codes: reporter.diagnostics.map(({ code }) => code), document, reporter, sources };
}

test('files are loaded through every kind of reference, and none is inlined', async () => {
  write({
    'api.yaml': `${HEAD}paths:\n  /pets: {$ref: 'paths/pets.yaml'}\n  /dogs: {$ref: './paths/all.json#/~1dogs%20x'}\ncomponents: {schemas: {$ref: models/index.yaml}}\n`,
    'paths/pets.yaml': "get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '../models/pet.yaml#/Pet'}}}}}}\n",
    'paths/all.json': '{"/dogs x": {"get": {"responses": {"200": {"$ref": "#/shared"}}}}, "shared": {"description": "ok"}}',
    'models/index.yaml': "Error: {type: object}\nOwner: {type: object, properties: {pet: {$ref: 'pet.yaml#/Pet'}}}\n",
    'models/pet.yaml': "Pet: {type: object, properties: {owner: {$ref: 'index.yaml#/Owner'}}, discriminator: {propertyName: kind, mapping: {cat: 'cat.yaml', dog: Dog}}}\n",
    'models/cat.yaml': 'type: object\n',
    'models/unused.yaml': 'broken: [\n',
  });
  const { codes, document } = await load();
  assert.equal(codes, []);
  assert.equal([...document!.files.keys()].map((path) => path.slice(folder.length + 1)).sort(), ['api.yaml', 'models/cat.yaml', 'models/index.yaml', 'models/pet.yaml', 'paths/all.json', 'paths/pets.yaml']);
  const root = Node.root(document!);
  assert.equal(root.get('paths')!.get('/dogs')!.get('get')!.get('responses')!.get('200')!.value, { description: 'ok' });
  assert.equal(root.get('components')!.get('schemas')!.get('Error')!.value, { type: 'object' });
  assert.equal(root.get('paths')!.at('/pets')!.value, { $ref: 'paths/pets.yaml' });
  const owner = root.get('components')!.get('schemas')!.get('Owner')!.get('properties')!.get('pet')!.get('properties')!.get('owner')!;
  const at = document!.locate(owner.origin);
  assert.equal([at.file, at.line, at.column], ['models/index.yaml', 2, 8]);
});

test('a pointer may lead through a reference, to $id and to $anchor', async () => {
  write({ 'api.yaml': `openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {type: object, properties: {c: {$anchor: here, type: string}}}\n    C: {$id: 'https://example.com/c', type: number}\n    D: {$ref: '#/components/schemas/A/properties/c'}\n    E: {$ref: '#here'}\n    F: {$ref: 'https://example.com/c'}\n` });
  const { codes, document } = await load();
  assert.equal(codes, []);
  const schemas = Node.root(document!).get('components')!.get('schemas')!;
  assert.equal(['D', 'E', 'F'].map((name) => schemas.get(name)!.string('type')), ['string', 'string', 'number']);
});

test('an unresolved reference stands for an empty object, the rest can still be read', async () => {
  write({ 'api.yaml': `${HEAD}paths: {/a: {$ref: '#/nowhere'}}\n` });
  const { codes, document } = await load();
  assert.equal(codes, ['GWC1030']);
  assert.equal(Node.root(document!).get('paths')!.get('/a')!.value, {});
});

test('files outside the folder are refused, also behind a symbolic link, unless allowed', async () => {
  write({ 'in/api.yaml': `${HEAD}paths: {/a: {$ref: '../out/a.yaml'}, /b: {$ref: 'link/a.yaml'}, /c: {$ref: 'file:///etc/hostname'}}\n`, 'out/a.yaml': 'get: {responses: {}}\n' });
  symlinkSync(join(folder, 'out'), join(folder, 'in', 'link'));
  assert.equal((await load('in/api.yaml')).codes, ['GWC1033', 'GWC1033', 'GWC1033']);
  write({ 'in/api.yaml': `${HEAD}paths: {/a: {$ref: '../out/a.yaml'}, /b: {$ref: 'link/a.yaml'}}\n` });
  const { codes, document } = await load('in/api.yaml', { allowOutside: true });
  assert.equal(codes, []);
  assert.is(document!.files.size, 3);
});

test('more files than any document has are refused', async () => {
  const names = Array.from({ length: 5_001 }, (_, n) => `p${n}.json`);
  write(Object.fromEntries(names.map((name) => [name, '{}'])));
  write({ 'api.yaml': `${HEAD}paths:\n${names.map((name) => `  /${name}: {$ref: ${name}}\n`).join('')}` });
  const { codes } = await load();
  assert.equal([...new Set(codes)], ['GWC1036']);
});

test('a file over the limit is refused without reading it', async () => {
  const file = openSync(join(folder, 'api.yaml'), 'w');
  writeSync(file, HEAD);
  ftruncateSync(file, 5_000_000_000);
  closeSync(file);
  const { codes, reporter } = await load();
  assert.equal(codes, ['GWC1002']);
  assert.match(reporter.diagnostics[0]!.message, /5000 MB; at most 64 MB/);
});

test('20 MB of JSON load in a fraction of a second beyond JSON.parse, and its lines are found', async () => {
  const operation = (n: number): string => `    "/things/${n}/{id}": {\n      "get": {"operationId": "get${n}", "description": "${'d'.repeat(1_900)}", "responses": {"200": {"description": "ok"}}}\n    }`;
  const text = `{\n  "openapi": "3.0.3",\n  "info": {"title": "big", "version": "1"},\n  "paths": {\n${Array.from({ length: 10_000 }, (_, n) => operation(n)).join(',\n')}\n  }\n}\n`;
  assert.ok(text.length > 20_000_000);
  write({ 'api.json': text });
  let started = performance.now();
  JSON.parse(text);
  const parse = performance.now() - started;
  started = performance.now();
  const { codes, document } = await load('api.json');
  const spent = performance.now() - started;
  assert.equal(codes, []);
  // Generous: the machine may be busy. Measured: 1.6 times JSON.parse.
  assert.ok(spent < 3_000 + 10 * parse, `${spent.toFixed(0)} ms, JSON.parse ${parse.toFixed(0)} ms`);
  assert.is(document!.locate({ file: document!.entry, pointer: '/paths/~1things~19999~1{id}/get/operationId' }).line, 5 + 3 * 9_999 + 1);
});

test('hostile structure ends in one diagnostic, soon', async () => {
  const deep = 100_000;
  const cases: Record<string, [string, string]> = {
    'deep.json': [`${'['.repeat(deep)}${']'.repeat(deep)}`, 'GWC1008'],
    'objects.json': [`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`, 'GWC1008'],
    'unclosed.json': ['['.repeat(deep), 'GWC1006'],
    'flow.yaml': [`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'GWC1008'],
    'block.yaml': [Array.from({ length: 1_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), 'GWC1008'],
    'list.yaml': [`${'- '.repeat(5_000)}a`, 'GWC1008'],
    'bomb.yaml': [`a0: &a0 [${'x,'.repeat(20)}]\n${Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(20)}]\n`).join('')}`, 'GWC1009'],
  };
  for (const [name, [text, code]] of Object.entries(cases)) {
    write({ [name]: text });
    const started = performance.now();
    const { codes, document } = await load(name);
    assert.equal(codes, [code], name);
    assert.is(document, undefined);
    assert.ok(performance.now() - started < 10_000, `${name} takes ${performance.now() - started} ms`);
  }
});

test('prototype keys are data', async () => {
  write({ 'api.yaml': `${HEAD}paths: {}\ncomponents: {schemas: {__proto__: {type: object}, constructor: {$ref: '#/components/schemas/__proto__'}, a: {$ref: '#/components/schemas/toString'}}}\n` });
  const { codes, document, reporter } = await load();
  assert.equal(codes, ['GWC1030'], JSON.stringify(reporter.diagnostics));
  assert.is(Node.root(document!).get('components')!.get('schemas')!.get('constructor')!.string('type'), 'object');
  assert.is(({} as { type?: string }).type, undefined);
});

test('a relative name is printed as the user named it, whatever the working directory', async () => {
  write({ 'sub/dir/api.yaml': 'openapi: 3.0.3\n  bad: 1\n' });
  const { reporter, sources } = await load('sub/dir/../dir/api.yaml');
  assert.is(sources.locate(reporter.diagnostics[0]!.origin).file, 'sub/dir/api.yaml');
});

test('parameters, then overlays, in the order given', async () => {
  write({
    'api.yaml': `${HEAD}paths: {}\nservers: [{url: '\${host}'}]\n`,
    'one.yaml': "overlay: 1.0.0\ninfo: {}\nactions: [{target: $.info, update: {title: '${name} one'}}, {target: $.servers, update: {url: 'http://b'}}]\n",
    'two.yaml': 'overlay: 1.0.0\ninfo: {}\nactions: [{target: $.info, update: {title: two}}, {target: "$.servers[0]", remove: true}]\n',
  });
  const { codes, document } = await load('api.yaml', { params: { host: 'http://a', name: 'n' }, overlays: ['one.yaml', 'two.yaml'] });
  assert.equal(codes, []);
  const root = Node.root(document!);
  assert.is(root.get('info')!.string('title'), 'two');
  assert.equal(root.get('servers')!.value, [{ url: 'http://b' }]);
  const title = document!.locate({ file: document!.entry, pointer: '/info/title' });
  assert.equal([title.file, title.line], ['two.yaml', 3]);
  assert.equal(document!.locate({ file: document!.entry, pointer: '/servers/0/url' }).file, 'one.yaml');
});

test.run();
