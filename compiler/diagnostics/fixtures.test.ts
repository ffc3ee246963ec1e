/**
 * Runs every sample of fixtures/diagnostics: what is printed for a document must be what expect/diagnostics.txt says, to the character.
 * `spec.yaml` starts with the behaviour as a comment; other entries name it in options.json {behaviour, entry, params, overlays, phases}.
 * CASE=text filters, UPDATE=1 rewrites the expectations. `phases: all` runs 2-read and 3-plan too.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as load from '../1-load/diagnostics.js';
import { loadDocument, unexplained, validateDocument } from '../1-load/index.js';
import * as overlay from '../1-load/overlay/diagnostics.js';
import * as placeholders from '../1-load/placeholders/diagnostics.js';
import * as validate from '../1-load/validate/diagnostics.js';
import * as knownFields from '../2-read/known-fields-diagnostics.js';
import { checkKnownFields } from '../2-read/known-fields.js';
import { analyse } from '../index.js';
import type { Diagnostic } from './define.js';
import { Sources } from './locate.js';
import { renderText } from './render.js';
import { Reporter } from './report.js';

interface Options { readonly behaviour?: string; readonly entry?: string; readonly params?: Record<string, string>; readonly overlays?: string[]; readonly phases?: 'all'; readonly allowRemote?: boolean }

const root = fileURLToPath(new URL('../../../fixtures/diagnostics/', import.meta.url));
const test = suite('diagnostics of sample documents');
const printed = new Set<string>();

for (const name of readdirSync(root).sort()) {
  if (process.env['CASE'] && !name.includes(process.env['CASE'])) continue;
  test(name, async () => {
    const folder = join(root, name);
    const options = existsSync(join(folder, 'options.json')) ? JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) as Options : {};
    const behaviour = options.behaviour ?? /^# (.+)\n/.exec(readFileSync(join(folder, 'spec.yaml'), 'utf8'))?.[1];
    assert.match(behaviour ?? '', /.\.(?:\s|$)|: nothing to report\.$/, 'the first comment says what the sample shows');
    const { diagnostics, sources } = await report(folder, options);
    for (const { code } of diagnostics) printed.add(code);
    const actual = renderText(diagnostics, sources, { limit: 1000 }) || 'nothing to report\n';
    const expectation = join(folder, 'expect', 'diagnostics.txt');
    if (process.env['UPDATE'] === '1') {
      mkdirSync(join(folder, 'expect'), { recursive: true });
      writeFileSync(expectation, actual);
    }
    assert.is(actual, readFileSync(expectation, 'utf8'), behaviour);
    // eslint-disable-next-line no-control-regex
    assert.not.match(actual, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, 'nothing of a document controls the terminal');
    if (behaviour!.includes('nothing to report')) assert.is(actual, 'nothing to report\n');
  });
}

test('each diagnostic of loading and of known fields has a sample', () => {
  if (process.env['CASE']) return;
  // These need large or many files, the command line or a server: load.test.ts and remote.test.ts show them.
  const elsewhere = ['GWC1002', 'GWC1036', 'GWC1044', 'GWC1070'];
  const codes = [load, overlay, placeholders, validate, knownFields].flatMap((group) => Object.values(group).map(({ code }) => code as string));
  assert.equal(codes.filter((code) => !printed.has(code) && !elsewhere.includes(code)), []);
});

async function report(folder: string, { entry = 'spec.yaml', params = {}, overlays = [], phases, allowRemote = false }: Options): Promise<{ diagnostics: readonly Diagnostic[]; sources: Sources }> {
  if (phases === 'all') return analyse(entry, { cwd: folder, params, overlays });
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
