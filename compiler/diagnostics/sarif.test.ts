import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allDiagnostics } from './catalogue.js';
import type { Diagnostic } from './define.js';
import { Sources } from './locate.js';
import { renderSarif } from './sarif.js';
import { sarifFaults, type SarifLog } from './testing/sarif-schema.js';

const test = suite('SARIF');

const report = (file: string, change: Partial<Diagnostic> = {}): Diagnostic => ({ code: 'GWC2103', severity: 'error', message: 'CORS cannot allow "credentials": 100%\n{0} of [it](x)', origin: { file, pointer: '/paths/~1pets ü' }, notes: [], ...change });
function render(diagnostics: readonly Diagnostic[]): SarifLog {
  const sources = new Sources('/home/me/my api');
  for (const { origin } of diagnostics) sources.add({ path: origin.file, text: 'one\ntwo\n' });
  return JSON.parse(renderSarif(diagnostics, sources, '1.2.3', allDiagnostics())) as SarifLog;
}

test('files of any name, beside, above and elsewhere, have addresses that are URIs', () => {
  const files = ['/home/me/my api/spec,1 ü%.yaml', '/home/me/shared/[x]?#.yaml', '/etc/other spec.yaml', 'https://example.com/a%20b.yaml'];
  const log = render(files.map((file) => report(file)));
  assert.equal(sarifFaults(log), []);
  const addresses = log.runs[0]!.results.map(({ locations }) => (locations[0] as unknown as { physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string } } }).physicalLocation.artifactLocation);
  const base = (log as unknown as { runs: [{ originalUriBaseIds: { ROOT: { uri: string } } }] }).runs[0].originalUriBaseIds.ROOT.uri;
  assert.is(base, 'file:///home/me/my%20api/');
  // What a reader makes of them is the file.
  assert.equal(addresses.map(({ uri, uriBaseId }) => decodeURIComponent(new URL(uri, uriBaseId === 'ROOT' ? base : undefined).href.replace(/^file:\/\//, ''))).sort(), [...files.slice(0, 3), 'https://example.com/a b.yaml'].sort());
});

test('severities, notes and rules', () => {
  const file = '/home/me/my api/spec.yaml';
  const log = render([report(file), report(file, { severity: 'warning', code: 'GWC2413', hint: 'write #end' }), report(file, { severity: 'info', code: 'GWC2004', notes: [{ message: 'here', origin: { file, pointer: '' } }, { message: 'and here', origin: { file, pointer: '' } }] })]);
  assert.equal(sarifFaults(log), []);
  const { results, tool } = log.runs[0]!;
  assert.equal(results.map((result) => (result as unknown as { level: string }).level), ['error', 'warning', 'note']);
  assert.equal(results.map(({ ruleId, ruleIndex }) => [ruleId, tool.driver.rules[ruleIndex]!.id]), [['GWC2103', 'GWC2103'], ['GWC2413', 'GWC2413'], ['GWC2004', 'GWC2004']]);
  assert.equal(results[2]!.relatedLocations!.length, 2);
});

test('what does not conform is found', () => {
  const log = render([report('/home/me/my api/spec.yaml')]);
  assert.ok(sarifFaults({ ...log, version: '2.0.0' }).length > 0);
  const [run] = log.runs;
  assert.ok(sarifFaults({ ...log, runs: [{ ...run, results: [{ ...run!.results[0], locations: [] }] }] }).length > 0);
});

test.run();
