/**
 * Runs every sample of fixtures/diagnostics: what is printed for a document must be what expect/diagnostics.txt says, to the character.
 * `spec.yaml` starts with the behaviour as a comment; other entries name it in options.json {behaviour, entry, phases} beside what the command line would say.
 * CASE=text filters, UPDATE=1 rewrites the expectations. Every format says all of it, and all of it is said well. catalogue.test.ts sees to it that each code has a sample.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadDocument, unexplained, validateDocument } from '../1-load/index.js';
import { checkKnownFields } from '../2-read/known-fields.js';
import { analyse, compile, type CompileOptions } from '../index.js';
import type { Diagnostic } from './define.js';
import { allDiagnostics } from './catalogue.js';
import { renderGithub } from './github.js';
import { renderJson } from './json.js';
import { Sources } from './locate.js';
import { inReadingOrder } from './order.js';
import { renderText } from './render.js';
import { Reporter } from './report.js';
import { renderSarif } from './sarif.js';
import { sarifFaults, type SarifLog } from './testing/sarif-schema.js';

/** What the command line would say, and how far to go: `load` (default) checks the document alone, `all` reads and plans it, `build` makes gateway and client too. */
interface Options extends CompileOptions { readonly behaviour?: string; readonly entry?: string; readonly phases?: 'load' | 'all' | 'build' }

const root = fileURLToPath(new URL('../../../fixtures/diagnostics/', import.meta.url));
const test = suite('diagnostics of sample documents');
const catalogue = allDiagnostics();

for (const name of readdirSync(root).sort()) {
  if (process.env['CASE'] && !name.includes(process.env['CASE'])) continue;
  test(name, async () => {
    const folder = join(root, name);
    const options = existsSync(join(folder, 'options.json')) ? JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) as Options : {};
    const behaviour = options.behaviour ?? /^# (.+)\n/.exec(readFileSync(join(folder, 'spec.yaml'), 'utf8'))?.[1];
    assert.match(behaviour ?? '', /.\.(?:\s|$)|: nothing to report\.$/, 'the first comment says what the sample shows');
    const { diagnostics, sources } = await report(folder, options);
    const actual = renderText(diagnostics, sources, { limit: 1000 }) || 'nothing to report\n';
    const expectation = join(folder, 'expect', 'diagnostics.txt');
    if (process.env['UPDATE'] === '1') {
      mkdirSync(join(folder, 'expect'), { recursive: true });
      writeFileSync(expectation, actual);
    }
    assert.is(actual, readFileSync(expectation, 'utf8'), behaviour);
    for (const diagnostic of diagnostics) checkStyle(diagnostic);
    checkFormats(diagnostics, sources);
    // eslint-disable-next-line no-control-regex
    assert.not.match(actual, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, 'nothing of a document controls the terminal');
    if (behaviour!.includes('nothing to report')) assert.is(actual, 'nothing to report\n');
  });
}

/** Lower case, no full stop, quotes 'x'; what is wrong has a hint or says itself what must be written. */
function checkStyle({ code, severity, message, hint }: Diagnostic): void {
  // Names of properties and products are written as they are: DefinitionUri, API Gateway, HTTP APIs.
  assert.not.match(message, /^[A-Z][a-z]+ (?!must be|of |has |cannot )[a-z]/, `${code}: ${message}`);
  assert.not.match(message, /\.$/, `${code}: ${message}`);
  assert.not.match(`${message} ${hint ?? ''}`, /''[\w$]|[\w]''|undefined|\[object/, code);
  // GWC1050 hands on what swagger-parser says.
  if (code !== 'GWC1050') assert.not.match(message, /(?:of|is|has|no|called|names|the|there is) "[A-Za-z/]/, `${code} quotes as 'x': ${message}`);
  if (severity !== 'info') assert.ok((hint ?? '') !== '' || /must be|needs/.test(message), `${code} has a hint: ${message}`);
  if (hint !== undefined) assert.not.match(hint, /^[A-Z][a-z]+ [a-z]|[^.…]\.$/, `hint of ${code}: ${hint}`);
}

/** What text says, the other formats say too, of each diagnostic. */
function checkFormats(diagnostics: readonly Diagnostic[], sources: Sources): void {
  const json = JSON.parse(renderJson(diagnostics, sources)) as { diagnostics: { code: string; severity: string; message: string; hint?: string; file: string; line: number; column: number; notes: { message: string }[] }[]; errors: number; warnings: number; infos: number };
  const sarif = JSON.parse(renderSarif(diagnostics, sources, '1.2.3', catalogue)) as SarifLog;
  assert.equal(sarifFaults(sarif), []);
  const commands = renderGithub(diagnostics, sources).split('\n').slice(0, -1);
  const results = sarif.runs[0]!.results;
  assert.equal([json.diagnostics.length, results.length, commands.length, json.errors + json.warnings + json.infos], Array<number>(4).fill(diagnostics.length));
  for (const [index, diagnostic] of inReadingOrder(diagnostics, sources).entries()) {
    const { line, column } = sources.locate(diagnostic.origin);
    const said = json.diagnostics[index]!;
    assert.equal([said.code, said.severity, said.message, said.hint, said.line, said.column, said.notes.map(({ message }) => message)], [diagnostic.code, diagnostic.severity, diagnostic.message, diagnostic.hint, line, column, diagnostic.notes.map(({ message }) => message)]);
    const result = results[index]!;
    assert.is(result.message.text, [diagnostic.message, ...(diagnostic.hint === undefined ? [] : [diagnostic.hint])].join('\n'));
    assert.equal([result.ruleId, sarif.runs[0]!.tool.driver.rules[result.ruleIndex]!.id, result.locations[0]!.physicalLocation.region.startLine, result.relatedLocations?.length ?? 0], [diagnostic.code, diagnostic.code, line, diagnostic.notes.length]);
    // As the runner reads it: what it decodes is what was said, and nothing of it ends the command or its properties.
    const [, properties, data] = /^::(?:error|warning|notice) ([^\r\n]*?)::([^\r\n]*)$/.exec(commands[index]!) ?? [];
    const decode = (text: string): string => text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%25/g, '%');
    const fields = Object.fromEntries(properties!.split(',').map((field) => [field.slice(0, field.indexOf('=')), decode(field.slice(field.indexOf('=') + 1))]));
    assert.equal([fields['file'], fields['line'], fields['title']], [said.file, String(line), diagnostic.code]);
    const text = decode(data!);
    for (const part of [diagnostic.message, diagnostic.hint ?? '', ...diagnostic.notes.map(({ message }) => message)]) assert.ok(text.includes(part), `${part} in ${text}`);
  }
}

async function report(folder: string, { entry = 'spec.yaml', phases, ...options }: Options): Promise<{ diagnostics: readonly Diagnostic[]; sources: Sources }> {
  if (phases === 'all') return analyse(entry, { ...options, cwd: folder });
  if (phases === 'build') return compile(entry, { ...options, cwd: folder });
  const { params = {}, overlays = [], allowRemote = false } = options;
  const reporter = new Reporter();
  const sources = new Sources(folder);
  const document = await loadDocument(entry, { params, overlays, cwd: folder, sources, allowRemote }, reporter);
  if (document) {
    const validation = validateDocument(document);
    checkKnownFields(document, reporter);
    reporter.add(unexplained(await validation, reporter.diagnostics));
  }
  return { diagnostics: reporter.diagnostics, sources };
}

test.run();
