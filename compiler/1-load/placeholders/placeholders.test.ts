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
import { evaluateCondition } from './condition.js';
import { renderDirectives } from './directives.js';
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
    [{ 'Fn::ImportValue': 'Fn.Arn' }, 'arn'],
    [{ 'Fn::ImportValue': { 'Fn::Sub': 'Fn.${Unknown}' } }, 'Fn.${Unknown}', ['Unknown']],
    [{ 'Fn::ImportValue': 'shared:Export' }, '${shared:Export}', ['shared:Export']],
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
  ['prod.tfvars', [
    '# comment', 'region = "eu-west-1" // another', 'count=3', 'ratio = -1.5e1', 'debug = true /* why */', 'none = null',
    'text = "a \\"b\\" \\\\ \\u00e9\\n$${x} 100% $5"', 'hosts = [', '  "a", # first', '  "b",', ']', 'empty = []',
    'settings = {', '  name = "n"', '  "log level" : "info", nested = { deep = [1, 2] }', '}', '__proto__ = "p"',
    'policy = <<-EOT', '    {', '      "a": $${b}', '    }', '  EOT', 'raw = <<EOT', '  x', 'EOT', 'last-one = "z"',
  ].join('\n'), JSON.parse(JSON.stringify({
    region: 'eu-west-1', count: '3', ratio: '-15', debug: 'true', text: 'a "b" \\ é\n${x} 100% $5', 'hosts[0]': 'a', 'hosts[1]': 'b',
    'settings.name': 'n', 'settings.log level': 'info', 'settings.nested.deep[0]': '1', 'settings.nested.deep[1]': '2', PROTO: 'p',
    policy: '{\n  "a": ${b}\n}\n', raw: '  x\n', 'last-one': 'z',
  }).replace('PROTO', '__proto__')) as Record<string, string>],
  ['windows.tfvars', 'a = "1"\r\nb = [\r\n 1 ]\r\n', { a: '1', 'b[0]': '1' }],
  ['some.tfvars.json', '{"a": {"b": [1, "x"]}, "c": null}', { 'a.b[0]': '1', 'a.b[1]': 'x' }],
  ['block.tfvars', 'variable "x" {\n}\n', /'variable' begins a block.*@1:1/],
  ['function.tfvars', 'a = "1"\nb = file("x")\n', /'file' is no value.*@2:5/],
  ['open.tfvars', 'a = "x\nb = 1\n', /no closing quote.*@1:5/],
  ['evaluated.tfvars', 'a = "${var.b}"\n', /\$\{…\} is not evaluated.*@1:6/],
  ['heredoc.tfvars', 'a = <<EOT\nx\n', /no line 'EOT' that ends it.*@1:5/],
  ['twice.tfvars', 'a = 1\na = 2\n', /has a value already.*@2:1/],
  ['same-line.tfvars', 'a = 1 b = 2\n', /line should end.*@1:7/],
  ['list.tfvars', 'a = [1 2]\n', /',' or '\]' is expected.*@1:8/],
  ['deep.tfvars', `a = ${'['.repeat(100_000)}`, /nested too deeply/],
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

test('where a value comes from: --param, --params, GWC_PARAM_, TF_VAR_, the default; nothing else of the environment is read', () => {
  const variables = { GWC_PARAM_a: 'gwc', TF_VAR_a: 'terraform', TF_VAR_b: 'terraform', GWC_PARAM_AWS__Region: 'eu-west-1', SECRET: 'no', c: 'no' };
  const value = substitute('a.yaml', { uri: '${a} ${b} ${var.b} ${c} ${SECRET} ${AWS::Region} ${AWS::Partition} ${given}' }, new Environment({ given: 'param' }, undefined, variables), new Reporter());
  assert.equal(value, { uri: 'gwc terraform terraform ${c} ${SECRET} eu-west-1 aws param' });
  assert.equal(substitute('a.yaml', { uri: '${a}' }, new Environment({ a: 'param' }, undefined, variables), new Reporter()), { uri: 'param' });
});

test('conditions of Terraform templates', () => {
  const environment = new Environment({ stage: 'dev', on: 'true', count: '3' });
  const value = (text: string): boolean | undefined => evaluateCondition(text, environment).value;
  for (const text of ['on', 'stage == "dev"', 'var.stage != "prod" && !(count > 4)', 'strcontains(stage, "e") && startswith(lower("ABC"), "ab")', 'nope || on', '!false', 'length(stage) == 3', '"a\\"b" == "a\\"b"']) assert.is(value(text), true, text);
  for (const text of ['stage == "prod"', 'nope && false', 'null', '!on', 'count <= 2 || endswith(stage, "x")']) assert.is(value(text), false, text);
  for (const text of ['nope', 'nope == "x"', 'on &&', '(', 'try(x)', '', 'stage ==== "x"', '!'.repeat(1_000) + 'on', '('.repeat(100_000), 'constructor("x")', 'strcontains(on)']) assert.is(value(text), undefined, text.slice(0, 20));
  assert.equal(evaluateCondition('a == b && on', environment).unknown, ['a', 'b']);
});

test('directives become blanks, so that everything stays where it is', () => {
  const render = (text: string, params: Record<string, string> = {}): string | undefined => renderDirectives('a', text, new Environment(params), new Reporter());
  const text = 'a: 1\n%{ if on ~}\nb: 2\n%{ else }\nc: 3\n%{ endif }\nd: 4';
  assert.is(render(text, { on: 'true' }), `a: 1\n${' '.repeat(11)}\nb: 2\n${' '.repeat(9)}\n    \n${' '.repeat(10)}\nd: 4`);
  assert.is(render(text, { on: 'false' }), `a: 1\n${' '.repeat(11)}\n    \n${' '.repeat(9)}\nc: 3\n${' '.repeat(10)}\nd: 4`);
  assert.is(render('%%{ if x } %{if x}%{ if y}1%{else}2%{endif}%{endif}', { x: 'true', y: 'false' })!.replace(/ +/g, ' '), '%%{ if x } 2 ');
  assert.is(render('%{ if x }%{ if y }%{ else }1%{ endif }%{ endif }', { x: 'false', y: 'false' })!.trim(), '');
  assert.is(render('a: "%{ endif }"'), 'a: "%{ endif }"');
  assert.is(render('%{ if x }a'), undefined);
  assert.is(render('{"a": ${n}, "b": "${n}: ${n},"}'), '{"a": "\uE000n", "b": "${n}: ${n},"}');
});

test('JSON without quotes and jsonencode; keys', () => {
  const params = { n: '30', on: 'true', list: '["a"]', 'items[0]': 'x', 'items[1]': 'y', key: 'k' };
  check({ a: '\uE000n', b: '\uE000on', c: '\uE000jsonencode(list)', d: '${jsonencode(items)}', e: '${n}', f: '\uE000gone' }, params, { a: 30, b: true, c: ['a'], d: ['x', 'y'], e: '30', f: '${gone}' }, ['gone']);
  check({ paths: { '/${key}/a': { get: { timeoutInMillis: '${n}', deprecated: '${on}', summary: '${n}' } }, '/b': 1 }, properties: { '${other}': {} } }, params, { paths: { '/k/a': { get: { timeoutInMillis: 30, deprecated: true, summary: '30' } }, '/b': 1 }, properties: { '${other}': {} } }, ['other']);
});

test('dynamic references, lengths, JSON texts, parts of what is not known', () => {
  check({ uri: '{{resolve:ssm:/url}}/a', b: { 'Fn::Sub': 'x-{{resolve:ssm:/url}}-${s}' } }, { 'resolve:ssm:/url': 'https://b', s: '1' }, { uri: 'https://b/a', b: 'x-https://b-1' });
  check({ uri: '{{resolve:ssm:/url}}' }, {}, { uri: '{{resolve:ssm:/url}}' }, ['resolve:ssm:/url']);
  check({ a: { 'Fn::Length': ['a', 'b'] }, b: { 'Fn::ToJsonString': { a: { Ref: 's' }, b: [{ 'Fn::Sub': '${s}!' }] } } }, { s: '1' }, { a: 2, b: '{"a":"1","b":["1!"]}' });
  check({ a: { 'Fn::Select': [5, { 'Fn::Split': ['/', { Ref: 'gone' }] }] }, b: { 'Fn::GetAtt': ['A', { Ref: 's' }] } }, { s: 'Arn', 'A.Arn': 'arn' }, { a: '${gone}', b: 'arn' }, ['gone']);
});

test.run();
