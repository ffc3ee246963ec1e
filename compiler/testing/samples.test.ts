/**
 * Runs every sample `fixtures/<topic>/<case>/` (`fixtures/conformance/<page>/<case>/`: facts about API Gateway, with their source): builds `spec.yaml` (options in `options.json`, with `args` and `environment` of the gateway; `${upstream}` is a real backend that
 * answers from `upstream.json`), compares `expect/*.txt` and plays `exchange.http` against the bundled gateway.
 * CASE=text filters, UPDATE=1 rewrites `expect/`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, inflateSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderPlan } from '../cli/plan.js';
import { compile, type CompileOptions } from '../index.js';
import { startBackend, type CannedAnswer } from './backend.js';
import { bytesOf, parseExchanges, type ExpectedExchange } from './exchange-file.js';
import { diagnosticsText } from './diagnostics-text.js';
import { rawRequest, runGateway } from './running-gateway.js';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const test = suite('samples');
const update = process.env['UPDATE'] === '1';

/** A folder with an `exchange.http` is a sample; one without is a topic, or a topic's page. */
function addSamples(folder: string): void {
  if (existsSync(join(folder, 'exchange.http'))) {
    if (!process.env['CASE'] || folder.includes(process.env['CASE'])) test(relative(fixtures, folder), () => runSample(folder));
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) addSamples(join(folder, entry.name));
}
addSamples(fixtures);
test.run();

async function runSample(folder: string): Promise<void> {
  const read = (file: string): string | undefined => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined);
  const backend = await startBackend(JSON.parse(read('upstream.json') ?? '{}') as Record<string, CannedAnswer>);
  try {
    const options = JSON.parse((read('options.json') ?? '{}').replaceAll('${upstream}', backend.url)) as CompileOptions & { args?: string[]; environment?: Record<string, string> };
    const compilation = await compile(join(folder, 'spec.yaml'), { minify: true, clients: [], ...options, cwd: folder, params: { ...options.params, ...(read('spec.yaml')!.includes('${upstream}') ? { upstream: backend.url } : {}) } });
    // Without an expectation of its own a sample has nothing to complain about; infos need none.
    const complaints = existsSync(join(folder, 'expect', 'diagnostics.txt')) || compilation.diagnostics.some((each) => each.severity !== 'info');
    if (complaints) compare(folder, 'diagnostics.txt', diagnosticsText(compilation).replaceAll(backend.url, '${upstream}'), true);
    assert.ok(compilation.bundle, `does not build:\n${diagnosticsText(compilation)}`);
    compare(folder, 'plan.txt', renderPlan(compilation.plan!).replaceAll(backend.url, '${upstream}'), false);
    compare(folder, 'modules.txt', compilation.bundle.modules.map((module) => module.module).sort().join('\n') + '\n', false);
    const gateway = await runGateway(compilation.bundle.code, options.args ?? [], options.environment);
    try {
      for (const exchange of parseExchanges(read('exchange.http')!)) await play(exchange, gateway.port, backend.url);
      assert.equal(gateway.process.exitCode, null, 'the gateway is alive');
    } finally {
      assert.equal(await gateway.stop(), 0, `drains and exits 0; it wrote: ${gateway.stderr()}`);
    }
  } finally {
    await backend.close();
  }
}

async function play({ title, request, answer }: ExpectedExchange, port: number, upstream: string): Promise<void> {
  const actual = await rawRequest(port, request.method, request.target, request.fields, request.body);
  const shown = `${title}: ${request.method} ${request.target}\n${actual.status}\n${actual.fields.map((field) => field.join(': ')).join('\n')}\n\n${actual.body}`;
  assert.is(actual.status, answer.status, `status of ${shown}`);
  for (const { name, value } of answer.fields) {
    const values = actual.fields.filter(([each]) => each.toLowerCase() === name).map(([, each]) => each);
    if (value === null) assert.equal(values, [], `${name} must be absent in ${shown}`);
    else if (typeof value === 'string') assert.is(values.join(', '), value, `field ${name} of ${shown}`);
    else assert.ok(values.some((each) => value.test(each)), `field ${name} must match ${value} in ${shown}`);
  }
  if (answer.body === '<any>') return;
  const coded = /^<(base64|gzip|deflate) /.exec(answer.body)?.[1];
  if (coded === 'base64') return assert.is(actual.bytes.toString('base64'), bytesOf(answer.body).toString('base64'), `body of ${shown}`);
  if (coded !== undefined) return assert.is((coded === 'gzip' ? gunzipSync : inflateSync)(actual.bytes).toString('utf8'), answer.body.slice(coded.length + 2, -1), `body of ${shown}`);
  const pattern = /^\/(.*)\/$/.exec(answer.body);
  if (pattern) return assert.match(actual.body, new RegExp(pattern[1]!), `body of ${shown}`);
  assert.is(actual.body.replaceAll(upstream, '${upstream}'), answer.body === '<empty>' ? '' : answer.body, `body of ${shown}`);
}

/** `required`: the file must exist unless the text is empty. */
function compare(folder: string, file: string, actual: string, required: boolean): void {
  const path = join(folder, 'expect', file);
  if (update && (existsSync(path) || (required && actual !== ''))) {
    mkdirSync(join(folder, 'expect'), { recursive: true });
    writeFileSync(path, actual);
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : required ? '' : undefined;
  if (expected !== undefined) assert.is(actual, expected, `${file} of ${folder}`);
}
