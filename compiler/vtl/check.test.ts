import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../diagnostics/report.js';
import { check } from './check.js';
import { VTL_DIAGNOSTICS } from './diagnostics.js';
import { reportFindings } from './finding.js';
import { parse } from './parse.js';

const test = suite('VTL checks');

/** `CODE text` of every finding. */
function found(template: string, json = false): string[] {
  return check(parse(template), { json }).map(({ definition, offset, length }) => `${definition.code} ${template.slice(offset, offset + length)}`);
}

const CASES: readonly (readonly [what: string, template: string, expected: readonly string[], json?: boolean])[] = [
  ['nothing wrong', "#set($r = $input.path('$'))#foreach($e in $r.items)$e.name#if($foreach.hasNext),#end#end", []],
  ['an #if without #end points at the #if', 'text\n#if($context.stage == "x")\nmore', ['GWC2400 #if']],
  ['several mistakes are found in one run', '#if()\n#set($x = )\nok', ['GWC2400 )', 'GWC2400 )']],
  ['a consequence of the first mistake is not reported', '#if($context.stage ==)\na\n#end', ['GWC2400 )']],
  ['unknown $util', '$util.escapeJavascript("x") $util.time.nowISO8601() $util.urlEncode("a", "b")', ['GWC2401 escapeJavascript("x")', 'GWC2401 time', 'GWC2401 urlEncode("a", "b")']],
  ['unknown $context', '$context.requestID $context.identity.sourceip $context.authorizer.anything.below $context.requestOverride.path.mine', ['GWC2402 requestID', 'GWC2402 sourceip']],
  ['unknown $context by index', '$context["identity"]["nope"] $context.get("nope")', ['GWC2402 ["nope"]']],
  ['unknown $input', '$input.bodyy $input.path $input.json() $input.params("a", "b")', ['GWC2414 bodyy', 'GWC2414 path', 'GWC2414 json()', 'GWC2414 params("a", "b")']],
  ['unknown method', '$input.body.includes("x") $input.path("$.a").push(1)', ['GWC2403 includes("x")', 'GWC2403 push(1)']],
  ['undefined variable', '#set($item = 1)$itme $null $!other.x', ['GWC2404 $itme', 'GWC2404 $!other.x']],
  ['variables of loops, blocks and macros are defined', '#macro(m $p)$p$bodyContent#end#define($b)x#end#foreach($e in [1])$e$velocityCount$foreach.index#end$b#m(1)', []],
  ['never true', '#if("text")a#end#if(1)b#end#if(false)c#end', ['GWC2405 "text"', 'GWC2405 1', 'GWC2405 false']],
  ['after an always true condition', '#if(true)a#elseif($input.body)b#{else}c#end', ['GWC2405 $input.body', 'GWC2405 c']],
  ['after #stop', 'a#stop b', ['GWC2405  b']],
  ['bad JSONPath', "$input.path('$.a[') $input.json('$..')", ["GWC2408 '$.a['", "GWC2408 '$..'"]],
  ['parameter mapping expression', '$method.request.path.id', ['GWC2409 $method.request.path.id']],
  ['assignments that set nothing', '#set(${x} = 1)#set($!y = 2)$x$y', ['GWC2410 ${x}', 'GWC2410 $!y']],
  ['malformed #foreach', '#foreach($e of $input.path("$"))$e#end#foreach($e $input.path("$"))$e#end', ['GWC2411 #foreach']],
  ['bad pattern', '$input.body.replaceAll("(", "") $input.body.split("|") $input.body.replace("(", "")', ['GWC2412 "("']],
  ['misspelled directive', '#if(true)a#end #endif {"#n": 1, "#endpoint": 2}', ['GWC2413 #endif']],
  ['an escaped reference is text', '\\$nothing', []],
  ['valid JSON', '{"a": [1, 2, {"b": null}], "c": $input.json("$"), "d": -1.5e3, "e": ""}', [], true],
  ['a comma too many', '{"a": 1,}', ['GWC2406 }'], true],
  ['a missing comma', '{"a": $input.json("$.a") "b": 1}', ['GWC2406 "'], true],
  ['a missing brace', '{"a": [1, 2]', ['GWC2406 ]'], true],
  ['an unquoted key', '{a: 1}', ['GWC2406 a'], true],
  ['a comma after every element', '[#foreach($e in $input.path("$").l)1,#end]', ['GWC2406 ]'], true],
  ['a comma between elements', '[#foreach($e in $input.path("$").l)1#if($foreach.hasNext),#end#end]', [], true],
  ['a comma before all but the first', '[#foreach($e in $input.path("$").l)#if($foreach.index > 0),#end{"a": 1}#end]', [], true],
  ['either branch', '{"a": #if($input.body)1#{else}"x"#end}', [], true],
  ['a branch that breaks', '{"a": #if($input.body)1#{else}]#end}', [], true],
  ['a number in place of a value', '{"statusCode": $input.params("code")}', [], true],
  ['a reference in a place that says nothing is believed', '{ $input.body , }', [], true],
  ['unescaped text', '{"a": "$input.params(\'a\')", "b": "$util.escapeJavaScript($input.params(\'b\'))", "c": "$context.requestId", "d": "$stageVariables.x"}', ["GWC2407 $input.params('a')"], true],
  ['through variables', '#set($r = $input.path("$"))#set($x = $r.a)#set($n = $r.l.size()){"a": "$x", "b": "$n", "c": "$r.b.length()"}', ['GWC2407 $x'], true],
  ['through loops', '[#foreach($k in $input.params().keySet())"$k"#if($foreach.hasNext),#end#end]', ['GWC2407 $k'], true],
  ['JSON inside quotes', '{"a": "$input.json(\'$.a\')"}', ["GWC2407 $input.json('$.a')"], true],
  ['the apostrophe fix is safe', '{"a": "$util.escapeJavaScript($input.body).replaceAll("\\\\\'", "\'")"}', [], true],
  ['what the client controls of $context', '{"a": "$context.identity.userAgent", "b": "$context.authorizer.claims.sub", "c": "$context.identity.sourceIp"}', ['GWC2407 $context.identity.userAgent', 'GWC2407 $context.authorizer.claims.sub'], true],
  ['an override that surely comes twice', '#set($context.responseOverride.status = 201)#set($context.requestOverride.header["X-A"] = "1")#if($input.body == "x")#set($context.responseOverride.status = 202)#else#set($context["responseOverride"].status = 203)#end$context.requestOverride.header.put("X-A", "2")', ['GWC2416 $context.responseOverride.status', 'GWC2416 $context["responseOverride"].status', 'GWC2416 $context.requestOverride.header.put("X-A", "2")'], false],
  ['overrides that may come twice, or are none', '#if($input.body == "x")#set($context.responseOverride.status = 202)#else#set($context.responseOverride.status = 203)#end#set($context.responseOverride.custom = 1)#set($context.responseOverride.custom = 2)#set($context.requestOverride.header.a = "1")#set($context.requestOverride.header.A = "1")#set($x = $input.body)#set($context.requestOverride.path.p = $x)#set($context.requestOverride.path.p = "1")', [], false],
];

for (const [what, template, expected, json] of CASES) test(what, () => { assert.equal(found(template, json), expected); });

test('a template over 300 KB', () => { assert.equal(found('x'.repeat(300 * 1024 + 1)), ['GWC2415 x']); });

test('never throws, whatever the text', () => {
  const pieces = ['#if(', '#foreach(', '$', '{', '}', '"', "'", '#end', '#set($x=', ')', '\\', '#*', '#[[', 'a', '\n', '[', '.', '#macro('];
  for (let seed = 1; seed < 3000; seed++) {
    let text = '';
    for (let n = seed; n > 0; n = Math.floor(n / pieces.length)) text += pieces[n % pieces.length];
    for (const { offset, length } of check(parse(text), { json: true })) assert.ok(offset >= 0 && length > 0 && offset <= text.length, `${JSON.stringify(text)} ${offset}+${length}`);
  }
});

test('deep nesting is a problem, not a crash', () => {
  for (const text of ['#if(true)'.repeat(5000), `#set($x = ${'('.repeat(5000)}1`, `#set($x = ${'['.repeat(5000)}`, `$a${'.b($a'.repeat(3000)}`, '!'.repeat(3000)]) check(parse(text), { json: true });
  assert.is(parse('#if(true)'.repeat(5000)).problems.length > 0, true);
});

test('every code is unique and explained', () => {
  const codes = Object.values(VTL_DIAGNOSTICS).map(({ code }) => code);
  assert.is(new Set(codes).size, codes.length);
  for (const { code, help } of Object.values(VTL_DIAGNOSTICS)) {
    assert.match(code, /^GWC24\d\d$/);
    assert.ok(help.length > 80, code);
  }
});

test('findings are reported inside the string of the document', () => {
  const reporter = new Reporter();
  reportFindings(check(parse('$util.foo("x")')), { file: '/api.yaml', pointer: '/a' }, reporter);
  assert.equal(reporter.diagnostics.map(({ code, origin }) => [code, origin.pointer, origin.inside]), [['GWC2401', '/a', { offset: 6, length: 8 }]]);
});

test.run();
