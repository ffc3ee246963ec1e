import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../code.js';
import { Sources } from '../../diagnostics/locate.js';
import { Reporter } from '../../diagnostics/report.js';
import { Environment } from './environment.js';
import { readParams } from './params-file.js';
import { substitute } from './substitute.js';

const test = suite('placeholders');

/** The value after substitution and the names that had no value. */
function check(value: Json, params: Record<string, string>, expected: Json, unresolved: string[] = []): void {
  const environment = new Environment(params);
  const reporter = new Reporter();
  assert.equal(substitute('a.yaml', value, environment, reporter), expected);
  assert.equal(reporter.diagnostics, []);
  assert.equal([...environment.unresolved.keys()], unresolved);
}

test('text', () => {
  const params = { stage: 'prod', 'var.host': 'h', empty: '' };
  check({ uri: 'https://${var.host}/${ stage }${empty}' }, params, { uri: 'https://h/prod' });
  check({ uri: '${nope}/${stage}' }, params, { uri: '${nope}/prod' }, ['nope']);
  check({ uri: 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}.#{AWS::Region}.${AWS::URLSuffix}' }, {}, { uri: 'arn:aws:x:us-east-1:000000000000.us-east-1.amazonaws.com' });
  check({ uri: '${AWS::Region}' }, { 'AWS::Region': 'eu-west-1' }, { uri: 'eu-west-1' });
  check({ uri: '${stageVariables.host}/${context.requestId}/${request.path.id}' }, {}, { uri: '${stageVariables.host}/${context.requestId}/${request.path.id}' });
  check({ uri: '$${stageVariables.host}/$${other}' }, { other: 'x' }, { uri: '${stageVariables.host}/$${other}' });
  check({ uri: '${} ${ } ${a\nb} $x {y}' }, {}, { uri: '${} ${ } ${a\nb} $x {y}' });
});

test('a value is inserted as it is, never looked at again', () => check({ uri: '${a}' }, { a: '${b}$&$1', b: 'x' }, { uri: '${b}$&$1' }));

test('in prose only names with a value are replaced', () => check({ description: '${a} ${b}', title: '${a}' }, { a: '1' }, { description: '1 ${b}', title: '1' }));

test('patterns and data are left alone', () => {
  const untouched = { pattern: '^${a}$', example: { x: '${a}' }, enum: ['${a}'], default: '${a}', 'x-vendor': '${a}', examples: { default: { value: '${a}' } } };
  check(untouched, { a: '1' }, untouched);
  check({ servers: [{ url: '/{s}', variables: { s: { default: '${a}' } } }] }, { a: '1' }, { servers: [{ url: '/{s}', variables: { s: { default: '1' } } }] });
  check({ properties: { pattern: { format: '${a}' }, example: { format: '${a}' } } }, { a: '1' }, { properties: { pattern: { format: '1' }, example: { format: '1' } } });
});

test('in mapping templates only names with a value are replaced', () => check({ requestTemplates: { 'application/json': '${a} ${body} #set($x = 1)' } }, { a: '1' }, { requestTemplates: { 'application/json': '1 ${body} #set($x = 1)' } }));

test('intrinsic functions', () => {
  const params = { Name: 'n', 'Fn.Arn': 'arn', List: 'a,b,c' };
  const cases: [Json, Json, string[]?][] = [
    [{ Ref: 'Name' }, 'n'],
    [{ Ref: 'Nope' }, '${Nope}', ['Nope']],
    [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, 'arn'],
    [{ 'Fn::GetAtt': 'Fn.Arn' }, 'arn'],
    [{ 'Fn::Sub': '${Name}-${!Name}-${Fn.Arn}-${stageVariables.x}' }, 'n-${Name}-arn-${stageVariables.x}'],
    [{ 'Fn::Sub': ['${a}${b}', { a: { Ref: 'Name' }, b: 7 }] }, 'n7'],
    [{ 'Fn::Join': ['-', ['x', { Ref: 'Name' }, { 'Fn::Sub': '${Name}!' }]] }, 'x-n-n!'],
    [{ 'Fn::Join': ['', { 'Fn::Split': [',', { Ref: 'List' }] }] }, 'abc'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': [',', { Ref: 'List' }] }] }, 'b'],
    [{ 'Fn::Base64': { 'Fn::Sub': '${Name}é' } }, Buffer.from('né').toString('base64')],
    [{ 'Fn::Join': ['/', [{ Ref: 'Missing' }, { Ref: 'Name' }]] }, '${Missing}/n', ['Missing']],
  ];
  for (const [value, expected, unresolved] of cases) check({ uri: value }, params, { uri: expected }, unresolved);
});

test('what only looks like a function stays', () => {
  const schema = { properties: { Ref: { type: 'string' } }, example: { Ref: 'Name' }, 'x-a': { 'Fn::Sub': 1 } };
  check(schema, { Name: 'n' }, schema);
  check({ a: { Ref: 'Name', other: 1 } }, { Name: 'n' }, { a: { Ref: 'Name', other: 1 } });
});

test('parts without placeholders are the same objects', () => {
  const untouched = { deep: [{ a: 1 }] };
  const value = { untouched, uri: '${a}' };
  const result = substitute('a.yaml', value, new Environment({ a: '1' }), new Reporter()) as typeof value;
  assert.is(result.untouched, untouched);
  assert.is(substitute('a.yaml', untouched, new Environment({}), new Reporter()), untouched);
});

test('functions nested in each other are bounded by the document itself', () => {
  let value: Json = 'x';
  for (let n = 0; n < 300; n++) value = { 'Fn::Join': ['', [value]] };
  check({ uri: value }, {}, { uri: 'x' });
});

const files: [string, string, Record<string, string> | RegExp][] = [
  ['a.json', '{"Stage": "prod", "Count": 3, "On": true, "__proto__": "p"}', JSON.parse('{"Stage": "prod", "Count": "3", "On": "true", "__proto__": "p"}') as Record<string, string>],
  ['a.yaml', 'Stage: prod\nVersion: 1\n', { Stage: 'prod', Version: '1' }],
  ['cfn.json', '[{"ParameterKey": "Stage", "ParameterValue": "prod"}]', { Stage: 'prod' }],
  ['a.env', '# values\nSTAGE=prod\nexport NAME = "a b=c" \nEMPTY=\nQUOTED=\'x # y\'\nCOMMENT=x # y\n\r\n', { STAGE: 'prod', NAME: 'a b=c', EMPTY: '', QUOTED: 'x # y', COMMENT: 'x' }],
  ['nested.yaml', 'Stage: {a: b}\n', /the parameter 'Stage' must be a text.*@1:8/],
  ['list.json', '[1]', /needs ParameterKey.*@1:2/],
  ['bad.env', 'A=1\nwhat\n', /no NAME=value.*@2:1/],
  ['text.yaml', 'just text\n', /no names and values/],
  ['broken.yaml', 'a: [\n', /never closed/],
];
for (const [name, text, expected] of files) {
  test(`--params ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gwc-params-'));
    try {
      writeFileSync(join(folder, name), text);
      const reporter = new Reporter();
      const sources = new Sources(folder);
      const params = await readParams(name, folder, sources, reporter);
      if (!(expected instanceof RegExp)) assert.is(JSON.stringify(params), JSON.stringify(expected));
      else {
        const { message, origin } = reporter.diagnostics[0]!;
        const { line, column } = sources.locate(origin);
        assert.match(`${message} @${line}:${column}`, expected);
        assert.is(params, undefined);
      }
    } finally { rmSync(folder, { recursive: true }); }
  });
}

test.run();
