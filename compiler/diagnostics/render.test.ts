import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseJson } from '../1-load/parse-json.js';
import type { Diagnostic } from './define.js';
import { renderGithub } from './github.js';
import { renderJson } from './json.js';
import { Sources } from './locate.js';
import { renderDiagnostic, renderText, summary } from './render.js';
import { Reporter } from './report.js';

const test = suite('rendering');

const TEXT = '{\n  "info": {"title": "a, b: 100%"},\n  "paths": {\n    "/pets": {"get": 5}\n  }\n}\n';

function sources(): Sources {
  const all = new Sources('/home/me/api');
  all.add({ path: '/home/me/api/spec,1.json', text: TEXT }).positions = parseJson('spec,1.json', TEXT, new Reporter(), true)!.positions;
  return all;
}

function diagnostic(change: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'GWC2103', severity: 'error', message: 'CORS cannot allow 100%\r\nof: it', origin: { file: '/home/me/api/spec,1.json', pointer: '/paths/~1pets/get' }, notes: [{ message: 'the title', origin: { file: '/home/me/api/spec,1.json', pointer: '/info/title' } }], hint: 'list the origins', ...change };
}

test('text: message, place, frame, notes, hint and how to learn more', () => {
  assert.is(renderDiagnostic(diagnostic(), sources()), [
    'error GWC2103: CORS cannot allow 100%\\r\\nof: it',
    '  spec,1.json:4:22   paths./pets.get',
    '> 4 |     "/pets": {"get": 5}',
    '    |                      ^',
    '  note: the title  spec,1.json:2:21',
    '  hint: list the origins                                     gwc explain GWC2103',
  ].join('\n'));
});

test('text: a long hint leaves the line to itself; many notes are counted', () => {
  const notes = Array.from({ length: 9 }, (_, n) => ({ message: `note ${n}`, origin: { file: '/home/me/api/spec,1.json', pointer: '' } }));
  const lines = renderDiagnostic(diagnostic({ hint: 'h'.repeat(70), notes }), sources()).split('\n');
  assert.equal(lines.slice(4), [...[0, 1, 2, 3, 4].map((n) => `  note: note ${n}  spec,1.json:1:1`), '  note: and 4 more', `  hint: ${'h'.repeat(70)}`, `${' '.repeat(61)}gwc explain GWC2103`]);
});

test('colours only when asked for', () => {
  // eslint-disable-next-line no-control-regex
  assert.match(renderDiagnostic(diagnostic(), sources(), { color: true }), /\u001b\[1m\u001b\[31merror GWC2103/);
  // eslint-disable-next-line no-control-regex
  assert.not.match(renderText([diagnostic()], sources()), /\u001b/);
});

test('a key, a missing child and a missing file still have a place', () => {
  const place = (origin: Diagnostic['origin']): string => renderDiagnostic(diagnostic({ origin }), sources()).split('\n')[1]!.trim();
  const file = '/home/me/api/spec,1.json';
  assert.is(place({ file, pointer: '/paths/~1pets', key: true }), 'spec,1.json:4:5   paths./pets');
  assert.is(place({ file, pointer: '/paths/~1pets/post/responses' }), 'spec,1.json:4:5   paths./pets.post.responses');
  assert.is(place({ file, pointer: '/components' }), 'spec,1.json:1:1   components');
  assert.is(place({ file: '/home/me/nothing.yaml', pointer: '' }), '../nothing.yaml:1:1');
  assert.is(place({ file: '/etc/other.yaml', pointer: '/a' }), '/etc/other.yaml:1:1   a');
});

test('diagnostics in reading order, the same code at most ten times, and the summary', () => {
  const many = Array.from({ length: 12 }, (_, n) => diagnostic({ severity: 'warning', message: `number ${n}` }));
  const text = renderText([...many, diagnostic({ code: 'GWC1001', origin: { file: '/home/me/api/spec,1.json', pointer: '' } })], sources());
  assert.match(text, /^error GWC1001/);
  assert.is(text.match(/^warning/gm)!.length, 10);
  assert.match(text, /\n\n… and 2 more GWC2103 \(--format json lists them all\)\n\n1 error, 12 warnings\n$/);
  assert.is(renderText([], sources()), '');
  assert.is(summary([]), 'no problems');
  assert.is(summary([diagnostic(), diagnostic(), diagnostic({ severity: 'warning' }), diagnostic({ severity: 'info' }), diagnostic({ severity: 'info' })]), '2 errors, 1 warning, 2 info');
});

test('--format json is one document with everything', () => {
  const parsed = JSON.parse(renderJson([diagnostic(), diagnostic({ severity: 'info', notes: [], hint: undefined })], sources())) as { diagnostics: unknown[]; errors: number; warnings: number; infos: number };
  assert.equal([parsed.errors, parsed.warnings, parsed.infos], [1, 0, 1]);
  assert.equal(parsed.diagnostics[0], {
    code: 'GWC2103', severity: 'error', message: 'CORS cannot allow 100%\r\nof: it', hint: 'list the origins', file: 'spec,1.json', line: 4, column: 22, endColumn: 23, pointer: '/paths/~1pets/get',
    notes: [{ message: 'the title', file: 'spec,1.json', line: 2, column: 21, pointer: '/info/title' }],
  });
});

test('--format github: nothing in a message or a file name ends the command', () => {
  assert.is(renderGithub([diagnostic(), diagnostic({ severity: 'info', message: '::error::x', notes: [], hint: undefined })], sources()), [
    '::error file=spec%2C1.json,line=4,col=22,endColumn=22,title=GWC2103::CORS cannot allow 100%25%0D%0Aof: it%0Athe title (spec,1.json:2)%0Alist the origins',
    '::notice file=spec%2C1.json,line=4,col=22,endColumn=22,title=GWC2103::::error::x',
    '',
  ].join('\n'));
});

test.run();
