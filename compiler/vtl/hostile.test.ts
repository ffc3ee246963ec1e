/** Hostile templates and payloads: a clear error, soon, and nothing else happens. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PayloadError, TemplateError } from '../../runtime/vtl/limits.js';
import { emit } from './emit.js';
import { load } from './load.js';
import { parse } from './parse.js';
import { overridesOf, scopeFromJson } from './scope-from-json.js';

const test = suite('hostile templates and payloads');

function render(template: string, body = '', dialect: 'aws' | 'velocity' = 'aws'): string {
  const parsed = parse(template);
  assert.equal(parsed.problems, []);
  return load(emit(parsed, { dialect }))(scopeFromJson({ body }, dialect));
}

/** Generous: machines that run tests are busy. */
const LIMIT_MS = 30_000;
const LIMIT_MB = 400;

/** Rendering ends with the engine's own error (not a crash), within the time and memory a request may cost. */
function endsBadly(what: string, template: string, body = ''): void {
  test(what, () => {
    const started = Date.now(), memory = process.memoryUsage().heapUsed;
    let failure: unknown;
    try { render(template, body); } catch (error) { failure = error; }
    assert.instance(failure, TemplateError);
    assert.ok(Date.now() - started < LIMIT_MS, `${Date.now() - started} ms`);
    assert.ok(process.memoryUsage().heapUsed - memory < LIMIT_MB * 1024 * 1024);
  });
}

const LOOP = (body: string, depth = 1): string => '#foreach($i in [1..1000])'.repeat(depth) + body + '#end'.repeat(depth);

endsBadly('nested loops', LOOP('x', 4));
endsBadly('nested loops that print nothing', LOOP('#set($x = 1)', 5));
endsBadly('a string that doubles', `#set($s = "xxxxxxxxxx")${LOOP('#set($s = "$s$s")')}`);
endsBadly('a string that doubles by +', `#set($s = "xxxxxxxxxx")${LOOP('#set($s = $s + $s)')}`);
endsBadly('a string that doubles by concat', `#set($s = "xxxxxxxxxx")${LOOP('#set($s = $s.concat($s))')}`);
endsBadly('a string that grows by replace', `#set($s = "xxxxxxxxxx")${LOOP('#set($s = $s.replace("x", "xxxxxxxxxxxxxxxxxxxxx"))')}`);
endsBadly('a string that grows by replaceAll', `#set($s = "xxxxxxxxxx")${LOOP("#set($s = $s.replaceAll('x', '$0$0$0$0$0$0$0$0'))")}`);
endsBadly('a list that doubles', `#set($l = [1,2,3,4])${LOOP('#set($v = $l.addAll($l))')}`);
endsBadly('a list printed out of shared parts', `#set($l = ["xxxxxxxxxxxxxxxx"])${LOOP('#set($l = [$l, $l])')}$l`);
endsBadly('maps compared out of shared parts', `#set($l = [1])#set($k = [1])${LOOP('#set($l = [$l, $l])#set($k = [$k, $k])')}#if($l == $k)x#end`);
endsBadly('hashes of shared parts', `#set($l = [1])${LOOP('#set($l = [$l, $l])')}$l.hashCode()`);
endsBadly('a map in itself, further down', '#set($m = {})#set($m.x = {"y": $m})$m');
endsBadly('a list in itself, as JSON', "#set($v = $input.path('$.l').add($input.path('$.l')))$input.json('$.l')", '{"l":[]}');
endsBadly('numbers that grow', `#set($n = 9223372036854775807)${LOOP('#set($n = $n * $n)')}`);
endsBadly('a wide format', '#set($s = $input.body.format("%999999999d", 1))');
endsBadly('a long repetition', '#set($s = $input.body.repeat(1000000000))');
endsBadly('a long range', '#set($l = [1..2000000000])');
endsBadly('a block that renders itself through others', '#define($a)$b$b$b$b$b#end#define($b)$c$c$c$c$c#end#define($c)$a$a$a$a$a#end' + LOOP('$a$b$c', 3));
endsBadly('a macro that calls itself', '#macro(m)#m()#m()#end#m()');
endsBadly('a macro that passes itself on', '#macro(m $x)#m("$x$x")#end#m("xx")');
endsBadly('an #evaluate that evaluates itself', "#set($t = '#evaluate($t)')#evaluate($t)");
endsBadly('an #evaluate of something broken', "#set($t = '#if(')#evaluate($t)");
endsBadly('a regex bomb from the payload', "$input.path('$.s').replaceAll($input.path('$.r'), '')", JSON.stringify({ r: '(a+)+b', s: 'a'.repeat(60) }));
endsBadly('a regex that recurses deeply', "$input.path('$.s').matches('(?:a|b)*')", JSON.stringify({ s: 'ab'.repeat(200_000) }));
endsBadly('a payload that nests deeply', "$input.json('$')", '['.repeat(100_000));
endsBadly('a payload that nests deeply and ends', "$input.json('$')", '['.repeat(5000) + ']'.repeat(5000));
endsBadly('a path that scans again and again', `$input.path('$${'..*'.repeat(12)}')`, '['.repeat(200) + ']'.repeat(200));
endsBadly('an integer with a million digits', "$input.path('$.n')", `{"n":${'9'.repeat(1_000_000)}}`);

test('a block inside itself stops by itself', () => {
  assert.is(render('#define($a)[$a]#end$a'), '[[]]');
  assert.is(render('#define($a)[$b]#end#define($b)<$a>#end$a'), '[<[<>]>]');
});

test('prototype names are only names', () => {
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":"t","hasOwnProperty":"h"}';
  assert.is(render("$input.json('$')", body), body);
  assert.is(render("$input.path('$.__proto__.polluted') $input.path('$').constructor $input.path('$')['toString'] $input.path('$.nope')", body), '1 {prototype={polluted=2}} t ');
  assert.is(render('#set($m = {})#set($m["__proto__"] = "x")#set($m.constructor = "y")$m["__proto__"] $m.constructor $m.keySet()'), 'x y [__proto__, constructor]');
  assert.is(render('[$__proto__][$constructor][$toString][$context.prototype][$stageVariables.constructor][$input.constructor][$util.constructor("return 1")]'), '[][][][][][][]');
  const scope = scopeFromJson({});
  load(emit(parse('#set($context.requestOverride.header["__proto__"] = "x")')))(scope);
  assert.equal(Object.keys(overridesOf(scope).requestOverride.header), ['__proto__']);
  assert.is(({} as { polluted?: unknown }).polluted, undefined);
});

test('nothing of a template becomes code', () => {
  const nasty = ['${process.exit(1)}', '`${process.exit(1)}`', '"; process.exit(1); "', "'); process.exit(1); ('", '*/ process.exit(1) /*', '\u2028process.exit(1)\u2029', '</script>', '\\u0022;', '__proto__'];
  for (const text of nasty) {
    // As text, as string literals, as names of properties, keys, methods and paths.
    assert.type(render(text.replace(/^\$/, '#set($d = "$")')), 'string');
    for (const template of [`#set($x = '${text.replaceAll("'", "''")}')$x`, `$input.path('$.a').get("${text.replaceAll('"', '""').replaceAll('$', '')}")`, `#[[${text}]]#`]) {
      const parsed = parse(template);
      if (parsed.problems.length === 0) load(emit(parsed))(scopeFromJson({ body: '{"a":{}}' }));
    }
  }
  assert.is(render("#set($x = '\"; process.exit(1); \"')$x"), '"; process.exit(1); "');
});

test('a payload of 10 MB', () => {
  const body = JSON.stringify({ items: Array.from({ length: 100_000 }, (_, id) => ({ id, name: `item ${id}`, tags: ['a', 'b'], price: id / 4 })), more: 'x'.repeat(3_000_000) });
  assert.ok(body.length > 9_000_000);
  const started = Date.now();
  assert.is(render("$input.path('$.items').size()", body), '100000');
  assert.ok(render("$input.json('$')", body).length > 9_000_000);
  assert.ok(render('$util.escapeJavaScript($input.body)', body).length > body.length);
  assert.ok(render('$util.base64Encode($input.body)', body).length > body.length);
  assert.ok(Date.now() - started < 60_000);
});

test('large but honest work is done', () => {
  const body = JSON.stringify({ items: Array.from({ length: 1000 }, (_, id) => ({ id, text: 'x'.repeat(5000) })) });
  const output = render('[#foreach($i in $input.path("$.items")){"id":$i.id,"t":"$util.escapeJavaScript($i.text)"}#if($foreach.hasNext),#end#end]', body);
  assert.is(JSON.parse(output).length, 1000);
  assert.is(render('$input.body.replaceAll("[0-9]+", "<$0>").length()', '1 22 '.repeat(100_000)), String('<1> <22> '.length * 100_000));
  assert.is(render('$input.body.split("\\s").size()', '1 22 '.repeat(100_000)), '200000');
});

test('errors name no content of the payload', () => {
  try {
    render("$input.path('$')", '{"password": secret}');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, PayloadError);
    assert.not.match((error as Error).message, /secret|password/);
  }
});

test('an error in one rendering does not touch the next', () => {
  const parsed = parse('#macro(m $n)$n#if($n > 5)$input.path("$").substring(99)#end#end#m($input.path("$.n"))');
  const renderer = load(emit(parsed));
  assert.throws(() => renderer(scopeFromJson({ body: '"text"' })) || renderer(scopeFromJson({ body: '{' })));
  assert.is(renderer(scopeFromJson({ body: '{"n":3}' })), '3');
});

test.run();
