/** Functions compiled into the bundle: what people write for Lambda runs, and what cannot be compiled in is said. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../index.js';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { rawRequest, runGateway, type RunningGateway } from '../../testing/running-gateway.js';

const test = suite('Lambda functions compiled in');
const folder = mkdtempSync(join(tmpdir(), 'gwc-module-'));
const write = (path: string, text: string): void => { mkdirSync(dirname(join(folder, path)), { recursive: true }); writeFileSync(join(folder, path), text); };
let gateway: RunningGateway;
let bundle = '', map = '';

const HANDLERS = `
import leftpad, { version } from 'some-commonjs';
import settings from './settings.json';
import { readFileSync } from 'fs';
import { EventEmitter } from 'node:events';
import type { Something } from './types-only';

enum Colour { Red = 'red' }
class Counter { constructor(private count = 0) {} next(): number { return ++this.count; } }
const counter = new Counter();
const ok = (body: unknown) => ({ statusCode: 200, body: String(body) });

export const packages = async () => ok(JSON.stringify([leftpad('x', 3), version, settings.name, typeof readFileSync, new EventEmitter() instanceof EventEmitter, Colour.Red]));
export const state = async () => ok(counter.next());
export const lazy = async () => ok((await import('./lazy')).default);
export const callback = (event: unknown, context: unknown, callback: (error: unknown, value?: unknown) => void) => { setTimeout(() => callback(null, ok('called back')), 5); };
export const callbackError = (event: unknown, context: unknown, callback: (error: unknown) => void) => callback('refused');
export const callbackTwice = (event: unknown, context: unknown, callback: (error: unknown, value?: unknown) => void) => { callback(null, ok('first')); callback(null, ok('second')); throw new Error('late'); };
export const succeed = (event: unknown, context: any) => context.succeed(ok('succeeded'));
export const done = (event: unknown, context: any) => context.done(null, ok('done'));
export const fail = (event: unknown, context: any) => context.fail(new Error('failed'));
export const returnsPlainly = () => ok('ignored, as on Lambda');
export const thenable = () => ({ then: (resolve: (value: unknown) => void) => resolve(ok('then')) });
export const circular = async () => { const value: any = {}; value.self = value; return value; };
export const bigint = async () => ({ statusCode: 200, n: 1n });
export const dates = async () => ({ statusCode: 200, body: undefined, headers: { 'x-date': new Date(0) } });
export const toJson = async () => ({ toJSON: () => ok('by toJSON') });
export const rejectsEmpty = async () => { throw undefined; };
export const hostileError = async () => { throw { get message() { throw new Error('x'); }, toJSON() { throw new Error('y'); } }; };
export const strayRejection = async () => { void Promise.reject(new Error('stray')); return ok('fine'); };
export const mutates = async (event: any) => { event.headers = null; event.stageVariables.x = 'changed'; event.multiValueHeaders.Host.push('more'); return ok('mutated'); };
export const variables = async (event: any) => ok(event.stageVariables.x + event.multiValueHeaders.Host.length);
export const endless = async () => new Promise(() => undefined);
export const context = async (event: unknown, context: any) => ok(JSON.stringify([context.functionName, context.functionVersion, context.invokedFunctionArn, context.memoryLimitInMB, context.logGroupName, /^\\d{4}\\/\\d\\d\\/\\d\\d\\/\\[\\$LATEST\\][0-9a-f]{32}$/.test(context.logStreamName), context.callbackWaitsForEmptyEventLoop]));
export const logs = async (event: any, context: any) => { await null; console.error('100%% of %s', 'it', { a: 1 }); setTimeout(() => console.warn('later'), 10); return ok(context.awsRequestId); };
export const notAFunction = 'text';
export const stack = async () => ok(new Error('here').stack);
export const directory = async () => ok([typeof __dirname, typeof import.meta.url].join());
export default async () => ok('the default export');
`;

const NAMES = ['packages', 'state', 'lazy', 'callback', 'callbackError', 'callbackTwice', 'succeed', 'done', 'fail', 'returnsPlainly', 'thenable', 'circular', 'bigint', 'dates', 'toJson', 'rejectsEmpty', 'hostileError', 'strayRejection', 'mutates', 'variables', 'endless', 'context', 'notAFunction', 'logs', 'stack', 'directory', 'default'];
const operation = (name: string): object => ({ responses: { 200: { description: 'ok' } }, 'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', timeoutInMillis: 500, uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations` } });
const document = (names: readonly string[], functions: object): string => JSON.stringify({ openapi: '3.0.1', info: { title: 'module', version: '1' }, 'x-gwc-flavour': 'rest', 'x-gwc': { functions, stages: { dev: { variables: { x: 'kept' } } } }, paths: Object.fromEntries(names.map((name) => [`/${name}`, { get: operation(name) }])) });

test.before(async () => {
  write('node_modules/some-commonjs/package.json', '{"name":"some-commonjs","version":"1.2.3","main":"./lib/index.js"}');
  write('node_modules/some-commonjs/lib/index.js', "'use strict';\nconst { Duplex } = require('stream');\nconst events = require('events');\nclass Emitter extends events {}\nlet optional; try { optional = require('not-installed'); } catch { optional = null; }\nmodule.exports = function pad(text, size) { return new Emitter() && Duplex && optional === null ? text.padStart(size, '-') : 'broken'; };\nmodule.exports.version = require('../package.json').version;\n");
  write('settings.json', '{"name":"settings"}');
  write('lazy.ts', 'export default "loaded late";\n');
  write('types-only.ts', 'export interface Something { a: number }\n');
  write('handlers.ts', HANDLERS);
  write('common.cjs', 'exports.handler = async () => ({ statusCode: 200, body: `common ${typeof require} ${typeof __filename}` });\n');
  write('spec.json', document([...NAMES, 'common'], { ...Object.fromEntries(NAMES.map((name) => [name, { handler: `./handlers.ts#${name}` }])), common: { handler: './common.cjs' } }));
  const compilation = await compile(join(folder, 'spec.json'), { clients: [] });
  assert.ok(compilation.bundle, diagnosticsText(compilation));
  bundle = compilation.bundle.code;
  map = compilation.bundle.map;
  gateway = await runGateway(bundle);
});
test.after(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function get(name: string): Promise<{ status: number; body: string; log: string }> {
  const before = gateway.stderr().length;
  const { status, body } = await rawRequest(gateway.port, 'GET', `/${name}`, [], '');
  return { status, body, log: gateway.stderr().slice(before) };
}

const ANSWERS: Readonly<Record<string, string>> = {
  packages: JSON.stringify(['--x', '1.2.3', 'settings', 'function', true, 'red']), lazy: 'loaded late', callback: 'called back', callbackTwice: 'first', succeed: 'succeeded', done: 'done', thenable: 'then', toJson: 'by toJSON',
  context: JSON.stringify(['context', '$LATEST', 'arn:aws:lambda:us-east-1:123456789012:function:context', '128', '/aws/lambda/context', true, true]), default: 'the default export', directory: 'string,string', common: 'common function string',
};
for (const [name, body] of Object.entries(ANSWERS)) test(name, async () => { const answer = await get(name); assert.equal([answer.status, answer.body], [200, body], answer.log); });

test('dates become text in JSON', async () => {
  const { fields } = await rawRequest(gateway.port, 'GET', '/dates', [], '');
  assert.is(fields.find(([name]) => name === 'x-date')![1], '1970-01-01T00:00:00.000Z');
});

const FAILURES: Readonly<Record<string, RegExp>> = {
  callbackError: /customer function error: refused\./, fail: /customer function error: failed\./, returnsPlainly: /Malformed Lambda proxy response/, circular: /Unable to stringify response body: .*circular/, bigint: /Unable to stringify response body: .*BigInt/,
  rejectsEmpty: /customer function error: callback called with Error argument, but there was a problem while retrieving/, hostileError: /customer function error: \[object Object\]\./, notAFunction: /the handler of notAFunction is not a function/,
};
for (const [name, log] of Object.entries(FAILURES)) test(`${name}: 502`, async () => {
  const answer = await get(name);
  assert.equal([answer.status, answer.body], [502, '{"message": "Internal server error"}']);
  assert.match(answer.log, log);
});

test('console output carries the request id, also what comes later', async () => {
  const [first, second] = await Promise.all([get('logs'), get('logs')]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const { body } of [first, second]) for (const [level, text] of [['ERROR', '100% of it { a: 1 }'], ['WARN', 'later']]) {
    assert.is(gateway.stderr().split('\n').filter((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(line.split('\t')[0]!) && line.endsWith(`\t${body}\t${level}\t${text}`)).length, 1, gateway.stderr());
  }
});

test('modules keep their state between calls', async () => {
  const [first, second] = [await get('state'), await get('state')];
  assert.is(Number(second.body), Number(first.body) + 1);
});

test('what a handler does to its event stays with it', async () => {
  assert.is((await get('mutates')).status, 200);
  assert.is((await get('variables')).body, 'kept1');
});

test('a function that never answers: 504 in time', async () => {
  const start = performance.now();
  assert.is((await get('endless')).status, 504);
  assert.ok(performance.now() - start < 1_500);
});

test('a stray rejection is logged and the gateway lives', async () => {
  assert.is((await get('strayRejection')).body, 'fine');
  assert.match(gateway.stderr(), /unhandled rejection outside of an invocation: Error: stray/);
  assert.is((await get('state')).status, 200);
});

test('the bundle is one file that imports only Node, without require, eval or a path of this machine', () => {
  const imported = [...bundle.matchAll(/\bfrom\s*"([^"]+)"|\bimport\s*"([^"]+)"/g)].map((match) => match[1] ?? match[2]!);
  assert.ok(imported.length > 0);
  assert.equal(imported.filter((name) => !name.startsWith('node:')), []);
  assert.not.ok(bundle.includes(folder));
});

test('the source map leads to the handler\'s own lines', () => {
  const { sources, sourcesContent } = JSON.parse(map) as { sources: string[]; sourcesContent: (string | null)[] };
  const index = sources.indexOf('functions/handlers.ts');
  assert.ok(index >= 0, sources.join(' '));
  assert.is(sourcesContent[index], HANDLERS);
  assert.not.ok(map.includes(folder));
});

test('compiling twice gives the same bytes', async () => {
  assert.is((await compile(join(folder, 'spec.json'), { clients: [] })).bundle!.code, bundle);
});

const PROBLEMS: Readonly<Record<string, readonly [handler: string, files: Readonly<Record<string, string>>, message: RegExp]>> = {
  'a file that is not there': ['./nowhere.ts#list', {}, /error GWC5501: there is no file .*nowhere\.ts/],
  'an export that is not there': ['./exports.ts#lits', { 'exports.ts': 'export const list = 1;\n' }, /error GWC5502: .*exports\.ts does not export lits/],
  'a package that is not installed': ['./imports.ts#list', { 'imports.ts': "import x from 'not-installed-at-all';\nexport const list = x;\n" }, /error GWC5503: .*imports\.ts:1:15: Could not resolve "not-installed-at-all"/],
  'a native addon': ['./native.cjs#list', { 'native.cjs': "exports.list = require('./addon.node');\n", 'addon.node': '\x7fELF' }, /error GWC5503: .*No loader is configured for "\.node" files/],
  'broken syntax': ['./broken.ts#list', { 'broken.ts': 'export const list = (;\n' }, /error GWC5503: .*broken\.ts:1:22: Unexpected ";"/],
};
for (const [name, [handler, files, message]] of Object.entries(PROBLEMS)) test(`${name} is said where it was asked for`, async () => {
  for (const [path, text] of Object.entries(files)) write(path, text);
  write('problem.json', document(['Problem'], { Problem: { handler } }));
  const compilation = await compile(join(folder, 'problem.json'), { clients: [] });
  assert.not.ok(compilation.bundle);
  assert.match(diagnosticsText(compilation), message);
  assert.match(diagnosticsText(compilation), /x-gwc\.functions\.Problem\.handler/);
});

test('a misspelt export gets a suggestion', async () => {
  write('exports.ts', 'export const list = 1;\nexport const other = 2;\n');
  write('problem.json', document(['Problem'], { Problem: { handler: './exports.ts#lits' } }));
  assert.match(diagnosticsText(await compile(join(folder, 'problem.json'), { clients: [] })), /did you mean 'list'\?/);
});
test.run();
