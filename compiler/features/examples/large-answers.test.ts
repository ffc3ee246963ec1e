import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../code.js';
import { analyse, compile } from '../../index.js';
import { exampleAnswers } from './answers.js';

const test = suite('large mock answers');
const folder = mkdtempSync(join(tmpdir(), 'gwc-large-'));
const file = join(folder, 'api.json');
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Long lists, which use up what is made at once, then objects of a hundred properties; the last two of them alike, and one small answer. */
const lists = Array.from({ length: 40 }, (_, n): [string, Json] => [`/list${n}`, { type: 'array', minItems: 900, items: { type: 'string', maxLength: 10 + n } }]);
const object = (n: number): Json => ({ type: 'object', properties: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${n}x${index}`, { type: 'integer', minimum: index }])) });
const objects: [string, Json][] = [['/z/a', object(1)], ['/z/b', object(2)], ['/z/c', object(2)], ['/z/text', { type: 'string', enum: ['only'] }], ['/z/both', { description: 'said differently', ...(object(2) as object) }]];
const paths = Object.fromEntries([...lists, ...objects].map(([path, schema]) => [path, { get: { responses: {
  200: { description: 'ok', content: { 'application/json': { schema } } }, ...(path === '/z/c' && { 404: { description: 'none', content: { 'application/json': { schema: object(3) } } } }),
} } }]));
writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info: { title: 'large', version: '1' }, paths }));

test('after many values only small answers are made at once', async () => {
  const { api } = await analyse(file, { mock: true });
  const late = api!.operations.filter((operation) => exampleAnswers(operation, api!).some(({ bodies }) => bodies.some(({ text }) => typeof text !== 'string'))).map(({ path }) => path.text);
  assert.ok(late.includes('/z/a') && late.includes('/z/c') && !late.includes('/list0'), String(late));
  assert.not.ok(late.includes('/z/text'));
});

test('a gateway gives all of them, whenever they were made', async () => {
  const { bundle, diagnostics } = await compile(file, { mock: true, clients: [] });
  assert.ok(bundle, JSON.stringify(diagnostics));
  assert.is(bundle.code, (await compile(file, { mock: true, clients: [] })).bundle!.code);
  writeFileSync(join(folder, 'gateway.mjs'), bundle.code);
  const { fetch } = await import(pathToFileURL(join(folder, 'gateway.mjs')).href) as { fetch(request: Request): Promise<Response> };
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Json> => (await fetch(new Request(`http://127.0.0.1${path}`, { headers }))).json() as Promise<Json>;
  const expected = (n: number): Json => Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${n}x${index}`, Math.max(1, index)]));
  for (const [path] of lists) assert.is((await get(path) as string[]).length, 900, path);
  assert.equal(await get('/z/a'), expected(1));
  for (const path of ['/z/b', '/z/c', '/z/both']) assert.equal(await get(path), expected(2), path);
  assert.equal(await get('/z/c', { prefer: 'code=404' }), expected(3));
  assert.is(await get('/z/text'), 'only');
});

test.run();
