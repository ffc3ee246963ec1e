import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../diagnostics/report.js';
import { loadDocument } from '../load.js';
import { unexplained } from './unexplained.js';
import { validateCopy } from './validate-copy.js';
import { validateDocument } from './validate-document.js';

const test = suite('validateDocument');
let folder: string;
test.before.each(() => { folder = mkdtempSync(join(tmpdir(), 'gwc-validate-')); });
test.after.each(() => rmSync(folder, { recursive: true }));

/** `file:line:column message` of each finding. */
async function findings(files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const reporter = new Reporter();
  const document = await loadDocument('api.yaml', { params: {}, overlays: [], cwd: folder }, reporter);
  assert.equal(reporter.diagnostics.filter(({ severity }) => severity === 'error'), []);
  return (await validateDocument(document!)).map(({ origin, message }) => {
    const { file, line, column } = document!.locate(origin);
    return `${file}:${line}:${column} ${message}`;
  }).sort();
}

const HEAD = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\n";

test('a fault is found in the file where it stands, once, also behind circular references', async () => {
  assert.equal(await findings({
    'api.yaml': `${HEAD}paths:\n  /a: {$ref: 'a.yaml'}\n  /b: {$ref: 'a.yaml'}\n`,
    'a.yaml': "get:\n  deprecated: maybe\n  responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'models/tree.yaml'}}}}}\n",
    'models/tree.yaml': "type: object\nproperties:\n  children: {type: array, items: {$ref: 'tree.yaml'}}\n  size: {type: integer, maximum: big}\n",
  }), ["a.yaml:2:15 'deprecated' does not follow OpenAPI 3.0: must be boolean", "models/tree.yaml:4:34 'maximum' does not follow OpenAPI 3.0: must be number"]);
});

test('names that were rewritten for the validator are given back', async () => {
  assert.equal(await findings({
    'api.yaml': `${HEAD}paths:\n  /{proxy}: {get: {deprecated: 1}}\n  /{proxy+}:\n    get: {}\n    x-amazon-apigateway-any-method: {deprecated: 2}\n  $default: {post: {deprecated: 3}}\n`,
  }), ["api.yaml:4:32 'deprecated' does not follow OpenAPI 3.0: must be boolean", "api.yaml:7:50 'deprecated' does not follow OpenAPI 3.0: must be boolean", "api.yaml:8:33 'deprecated' does not follow OpenAPI 3.0: must be boolean"]);
});

test('what API Gateway accepts is accepted, in every version', async () => {
  const paths = "paths: {'/{p+}': {x-amazon-apigateway-any-method: {responses: {}}, get: {}, put: {}, post: {responses: {}}}, $default: {x-amazon-apigateway-any-method: {isDefaultRoute: true}}}\n";
  for (const head of ["swagger: '2.0'\n", 'swagger: 2.0\n', 'openapi: 3.0\n', 'openapi: 3.0.4\n', 'openapi: 3.1.2\n', 'openapi: 3.2.0\n']) {
    assert.equal(await findings({ 'api.yaml': `${head}info: {title: 1, version: 1.0}\n${paths.replaceAll(/responses: \{\}/g, head.startsWith('swagger') ? "responses: {'200': {description: ok}}" : 'responses: {}').replace('isDefaultRoute: true', 'x-a: 1')}` }), [], head);
  }
});

test('the methods of 3.2 are taken', async () => {
  assert.equal(await findings({ 'api.yaml': "openapi: 3.2.0\ninfo: {title: a, version: '1'}\npaths: {/a: {query: {deprecated: 1}, additionalOperations: {LINK: {}}}}\n" }), ["api.yaml:3:34 'deprecated' does not follow OpenAPI 3.2: must be boolean"]);
});

test('any JSON is judged or refused in words', async () => {
  for (const text of ['{}', '{"paths": []}', '{"paths": {"/a": []}}', '{"info": 5, "paths": {"/a": {"get": 5}}}', '{"paths": {"__proto__": {"get": {}}}}', '{"components": 7, "webhooks": []}']) {
    for (const version of ['2.0', '3.0', '3.1', '3.2'] as const) for (const { problem } of (await validateCopy({ text, version })).findings) assert.type(problem, 'string');
  }
});

test('what another diagnostic explains is left out', () => {
  const at = (pointer: string, severity: 'error' | 'warning' = 'warning') => ({ code: 'GWC1050' as const, severity, message: '', origin: { file: 'a', pointer }, notes: [] });
  const left = (others: ReturnType<typeof at>[]): string[] => unexplained([at('/a'), at('/a/b'), at('/a/b/c'), at('/d')], others).map(({ origin }) => origin.pointer);
  assert.equal(left([]), ['/a', '/a/b', '/a/b/c', '/d']);
  assert.equal(left([at('/a/b')]), ['/a/b/c', '/d'], 'itself and what is around it');
  assert.equal(left([at('/a/b', 'error')]), ['/d'], 'an error covers what is inside');
  assert.equal(left([at('')]), ['/a', '/a/b', '/a/b/c', '/d']);
});

test('an idle thread does not keep the process running', () => {
  const thread = new URL('./thread.js', import.meta.url).href;
  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', `(await import(${JSON.stringify(thread)})).prepareValidation();`], { timeout: 60_000 });
  assert.equal([status, signal], [0, null]);
});

test.run();
