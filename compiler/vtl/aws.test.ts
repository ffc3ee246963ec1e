/** API Gateway's behaviour: facts of AWS's documentation and recordings, and the idioms of real documents. The name says the source. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../code.js';
import { byCode, byInterpreter } from './testing/engines.js';
import { overridesOf, scopeFromJson } from './scope-from-json.js';
import type { ScopeSource } from './scope-from-json.js';

const test = suite('VTL as API Gateway renders it');

interface Case extends ScopeSource { readonly template: string; readonly output: string; readonly overrides?: Json }

function check(what: string, { template, output, overrides, ...source }: Case): void {
  test(what, () => {
    const scope = scopeFromJson(source, 'aws'), other = scopeFromJson(source, 'aws');
    assert.equal(byCode(template, scope, 'aws'), { output });
    assert.equal(byInterpreter(template, other, 'aws'), { output });
    if (overrides) for (const result of [overridesOf(scope), overridesOf(other)]) assert.equal(result, overrides);
  });
}

function fails(what: string, template: string, source: ScopeSource, pattern: RegExp): void {
  test(what, () => {
    for (const result of [byCode(template, scopeFromJson(source, 'aws'), 'aws'), byInterpreter(template, scopeFromJson(source, 'aws'), 'aws')]) {
      assert.ok('error' in result, JSON.stringify(result));
      if ('error' in result) assert.match(result.error, pattern);
    }
  });
}

// $input.

check('an empty payload reads as {} [R]', { template: "$input.body $input.path('$') $input.json('$') [$input.path('$.x')]", output: '{} {} {} []' });
check('a payload that is no JSON passes byte for byte [R]', { template: '$input.body', body: 'a=b&c= "d"\n', output: 'a=b&c= "d"\n' });
check('a property of $input.body renders nothing [R]', { template: '[$input.body.foo]', body: '{"foo":1}', output: '[]' });
check('$input.json keeps quotes and drops blanks [R]', { template: "$input.json('$.s') $input.json('$.o') $input.json('$')", body: '{ "s" : "x", "o" : { "a" : 1 } }', output: '"x" {"a":1} {"s":"x","o":{"a":1}}' });
check('$input.json of a missing path is two quotes [O]', { template: "$input.json('$.nope') $input.json('$.nope.deeper')", body: '{}', output: '"" ""' });
check('$input.json of a JSON null is null', { template: "$input.json('$.n')", body: '{"n":null}', output: 'null' });
check('a missing path and null render as nothing, equal null and the empty string [R]', {
  template: "[$input.path('$.nope')][$input.path('$.n')]#set($x = $input.path('$.nope'))#if($x == $null)a#end#if($x == \"\")b#end#if($x)c#{else}d#end#if($x != \"\")e#end", body: '{"n":null}', output: '[][]abd',
});
check('text payloads [O]', { template: "$input.path('$') $input.json('$') $input.json('$.x') [$input.path('$.x')]", body: 'name=toqoz', output: 'name=toqoz "name=toqoz" "" []' });
check('a JSON string payload [O]', { template: "$input.path('$') $input.json('$') $input.json('$.x')", body: '"a=b"', output: 'a=b "a=b" ""' });
check('only the first character decides whether a payload is parsed [O]', { template: "$input.path('$')", body: 'true{', output: 'true{' });
fails('a payload that starts like JSON and is none is refused [O]', "$input.path('$')", { body: '{a' }, /unexpected/);
fails('so does one that ends early', "$input.json('$.a')", { body: '[1, 2' }, /unexpected end/);
check('bare $input, $util and methods without parentheses render nothing [O]', { template: '[$input][$util][$input.keySet][$input.params][$input.json][$util.urlEncode]', output: '[][][][][][]' });
check('$input.params searches path, query string, header [D]', {
  template: "$input.params('a') $input.params('b') $input.params('c') [$input.params('none')] [$input.params('A')]",
  params: { path: { a: 'path' }, querystring: { a: 'query', b: 'query' }, header: { a: 'header', b: 'header', c: 'header' } }, output: 'path query header [] []',
});
check('a missing parameter is the empty string: both guards matter [D]', { template: "#if($input.params('scope'))a#end#if($input.params('scope') && $input.params('scope') != \"\")b#end", output: 'a' });
check('$input.params() is a map of three maps', { template: "$input.params().keySet() $input.params().path.id $input.params().get('header').get('H') $input.params().querystring", params: { path: { id: '1' }, header: { H: 'x' } }, output: '[path, querystring, header] 1 x {}' });

// The whole payload as JSON: compact texts are taken as they are, but only when that is the same.

for (const [body, output] of [
  ['{"a":1,"b":[1.5,"x",null,true],"c":{}}'], ['{"a":1.0}'], ['{"a":12345678.5}', '{"a":1.23456785E7}'], ['{"a":0.0005}', '{"a":5.0E-4}'], ['{"a":1e5}', '{"a":100000.0}'],
  ['{"a":-0}', '{"a":0}'], ['{"a":1,"a":2}', '{"a":2}'], ['{"2":1,"1":2}'], [String.raw`{"a":"\/"}`, '{"a":"/"}'], ['{"a":123456789012345678901234567890}'], ['{"a":"x 12345678.5 0.001"}'],
  ['{"a":0.1234567890123456789}'], ['[]'], [' {"a" : 1 } ', '{"a":1}'], ['{"__proto__":1}'], [String.raw`{"a":"\u00e9"}`, '{"a":"é"}'],
] as readonly (readonly [string, string?])[]) check(`JSON of ${body}`, { template: "$input.json('$')", body, output: output ?? body });
check('a changed payload is written as changed', { template: '#set($v = $input.path("$").put("b", 2))$input.json("$")', body: '{"a":1}', output: '{"a":1,"b":2}' });

// Printing.

check('a map prints in Java syntax, a list as JSON [R]', { template: "$input.path('$') $input.path('$.l') $input.path('$.l[0]')", body: '{"l":[{"foo":"bar"}],"e":[],"s":"x"}', output: '{l=[{"foo":"bar"}], e=[], s=x} [{"foo":"bar"}] {foo=bar}' });
check('keys keep their order, also those like integers and __proto__ [R]', { template: "$input.path('$') $input.json('$')", body: '{"b":1,"2":2,"1":3,"__proto__":4,"constructor":5,"a":6}', output: '{b=1, 2=2, 1=3, __proto__=4, constructor=5, a=6} {"b":1,"2":2,"1":3,"__proto__":4,"constructor":5,"a":6}' });
check('numbers print as Java prints them', { template: "$input.path('$.a') $input.path('$.b') $input.path('$.c') $input.path('$.d') $input.path('$.e') $input.path('$.f')", body: '{"a":1,"b":1.0,"c":1e10,"d":12345678901,"e":123456789012345678901,"f":0.00001}', output: '1 1.0 1.0E10 12345678901 123456789012345678901 1.0E-5' });
check('an empty list is neither null nor empty [R]', { template: "#set($l = $input.path('$.l'))$l #if($l == $null)a#end#if($l == \"\")b#end#if($l)c#end", body: '{"l":[]}', output: '[] c' });
check('a list the template makes is a plain Java list', { template: '#set($l = [1, "a"])$l', output: '[1, a]' });
check('toString is observable (idiom 8)', { template: "#if($input.path('$').toString().contains(\"Item\"))found#end", body: '{"Item":{"a":1}}', output: 'found' });

// Undefined.

check('undefined and null references render nothing [R]', { template: '"body": $input.path(\'$.nope\'), "n": $n.nested, "m": $m, "c": $context.nope, "s": $stageVariables.nope', output: '"body": , "n": , "m": , "c": , "s": ' });
check('#foreach over the keys of nothing does nothing [R]', { template: '#foreach($k in $absent.keySet())x#end', output: '' });
check('a null assignment clears the variable', { template: "#set($x = 1)#set($x = $input.path('$.nope'))[$x]", output: '[]' });
check('an index outside a list is null', { template: "#set($l = [1])[$l[5]][$l[-3]]", output: '[][]' });
check('a null concatenates as nothing', { template: '#set($x = "a" + $nope + "b")$x', output: 'ab' });

// $util.

check('escapeJavaScript [D, O]', { template: '$util.escapeJavaScript($input.body)', body: 'a"b\\c\'d/e\n\t\u0001é€', output: 'a\\"b\\\\c\\\'d\\/e\\n\\t\\u0001\\u00E9\\u20AC' });
check('escapeJavaScript of JSON of a string [L]', { template: "$util.escapeJavaScript($input.json('$.s'))", body: '{"s":"text"}', output: '\\"text\\"' });
check('escapeJavaScript of null and numbers [L]', { template: "$util.escapeJavaScript($nope) $util.escapeJavaScript($input.path('$.n'))", body: '{"n":7}', output: 'null 7' });
check('urlEncode [R]', { template: '$util.urlEncode($input.body)', body: '{"some": "value"}', output: '%7B%22some%22%3A+%22value%22%7D' });
check('urlEncode of an empty payload and of null [R]', { template: '$util.urlEncode($input.body)|$util.urlEncode($nope)|', output: '%7B%7D||' });
check('urlDecode [L]', { template: "$util.urlDecode('a+b%3Dc%C3%A9')", output: 'a b=cé' });
check('base64', { template: "$util.base64Encode('é') $util.base64Decode('w6k=')", output: 'w6k= é' });
check('parseJson [D]', { template: "#set($e = $util.parseJson($input.path('$.errorMessage')))$e.httpStatus $e.list[1]", body: '{"errorMessage":"{\\"httpStatus\\":404,\\"list\\":[1,\\"x\\"]}"}', output: '404 x' });
fails('parseJson of what is no JSON fails', "$util.parseJson('Task timed out')", {}, /parseJson/);

// $context.

const CONTEXT = { requestId: 'r-1', identity: { sourceIp: '1.2.3.4' }, authorizer: { principalId: 'p', claims: { sub: 's', 'custom:role': 'admin' } } };
check('leaves print, maps do not [R]', { template: "$context.requestId $context.identity.sourceIp $context.authorizer.claims['custom:role'] [$context.identity][$context.get('identity')][$context.requestOverride][$context.authorizer.claims]", context: CONTEXT, output: 'r-1 1.2.3.4 admin [][][][]' });
check('overrides in three syntaxes [R]', {
  template: '#set($context.requestOverride.header.X = "1")#set($n = "q")#set($context.requestOverride.querystring[$n] = "2")$context["requestOverride"].path.put("id", "3")#set($context.responseOverride.status = 404)#set($context.responseOverride.header.Content-Type = "text/plain")|',
  output: '|', overrides: { requestOverride: { path: { id: '3' }, querystring: { q: '2' }, header: { X: '1' } }, responseOverride: { status: 404, header: { 'Content-Type': 'text/plain' } } },
});
check('override values may be lists', { template: '#set($context.requestOverride.header.X = ["a", "b"])', output: '', overrides: { requestOverride: { path: {}, querystring: {}, header: { X: ['a', 'b'] } }, responseOverride: { header: {} } } });
check('what was written can be read', { template: '#set($context.requestOverride.path.body = $input.body)$context.requestOverride.path.body', body: '{"a":1}', output: '{"a":1}' });
check('stage variables in three syntaxes [D]', { template: "$stageVariables.name $stageVariables['name'] ${stageVariables['name']} ${stageVariables.name}x [$stageVariables.none]", stageVariables: { name: 'v' }, output: 'v v v vx []' });

// Limits and closed doors.

check('a loop ends after 1 000 iterations [D]', { template: '#foreach($i in [1..2000])#set($n = $i)#end$n', output: '1000' });
check('of a class only the name can be had [O]', { template: "$input.body.class.name #if($input.path('$.a').class.name == 'java.lang.String')string#end [$input.body.class.forName('java.lang.Runtime')][$input.body.class.classLoader][$input.body.getClass().newInstance()]", body: '{"a":"x"}', output: 'java.lang.String string [][][]' });

// Idioms of real documents.

check('idiom 1: the apostrophe fix SAM emits', { template: '$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\\\'","\'")', body: '{"a":"it\'s"}', output: '{\\"a\\":\\"it\'s\\"}' });
check('idiom 1 with one backslash', { template: '$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\'","\'")', body: '{"a":"it\'s"}', output: '{\\"a\\":\\"it\\\'s\\"}' });
check('idiom 2: a static method through an instance', { template: "#set($Integer = 0)#set($context.responseOverride.status = $Integer.parseInt($input.path('$.code')))", body: '{"code":"418"}', output: '', overrides: { requestOverride: { path: {}, querystring: {}, header: {} }, responseOverride: { status: 418, header: {} } } });
check('idiom 4: #x that is no directive is text', { template: '"ExpressionAttributeNames":{"#m":"message","#date":"d","#s":"s","#n":"n","#email":"e","#endpoint":1,"#ifx":2,"#setting":3}', output: '"ExpressionAttributeNames":{"#m":"message","#date":"d","#s":"s","#n":"n","#email":"e","#endpoint":1,"#ifx":2,"#setting":3}' });
check('idiom 5: double quotes inside a quoted value', { template: '{"name": "$input.path("$.name")", "j": $input.json("$")}', body: '{"name":"N"}', output: '{"name": "N", "j": {"name":"N"}}' });
check('idiom 6: the parsed payload is shared and mutable', { template: "#set($x = $input.path('$'))#set($x.statuscode = 650)#set($void = $x.put(\"id\", $context.requestId))$input.json('$')", body: '{"a":1}', context: CONTEXT, output: '{"a":1,"statuscode":650,"id":"r-1"}' });
check('idiom 7: + concatenates', { template: '#set($body = $input.body)#set($in=\'{"data" :\'+$body+\',"m" :"\'+$context.httpMethod+\'"}\')$in', body: '{"a":1}', context: { httpMethod: 'POST' }, output: '{"data" :{"a":1},"m" :"POST"}' });
check('idiom 9: an index on the result of a call, a name with a leading underscore', { template: "#set($_body = $util.parseJson($input.path('$.errorMessage'))[1])$_body", body: '{"errorMessage":"[404,\\"gone\\"]"}', output: 'gone' });
check('idiom 10: the console\'s pass-through template', {
  template: '#set($allParams = $input.params())\n{\n"body-json" : $input.json(\'$\'),\n"params" : {\n#foreach($type in $allParams.keySet())\n    #set($params = $allParams.get($type))\n"$type" : {\n    #foreach($paramName in $params.keySet())\n    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"\n        #if($foreach.hasNext),#end\n    #end\n}\n    #if($foreach.hasNext),#end\n#end\n},\n"stage-variables" : {\n#foreach($key in $stageVariables.keySet())\n"$key" : "$util.escapeJavaScript($stageVariables.get($key))"\n    #if($foreach.hasNext),#end\n#end\n},\n"context" : {\n    "stage" : "$context.stage",\n    "source-ip" : "$context.identity.sourceIp"\n    }\n}\n',
  body: '{"a":1}', params: { path: { id: '1' }, querystring: {}, header: { A: 'x', B: 'y"z' } }, stageVariables: { v: 's' }, context: { stage: 'prod', identity: { sourceIp: '1.2.3.4' } },
  output: '{\n"body-json" : {"a":1},\n"params" : {\n"path" : {\n        "id" : "1"\n            }\n    ,"querystring" : {\n    }\n    ,"header" : {\n        "A" : "x"\n        ,        "B" : "y\\"z"\n            }\n    },\n"stage-variables" : {\n"v" : "s"\n    },\n"context" : {\n    "stage" : "prod",\n    "source-ip" : "1.2.3.4"\n    }\n}\n',
});
check('idiom 11: ## at a line\'s end, form bodies', { template: 'Action=SendMessage&##\nMessageBody=$util.urlEncode($input.body)', body: '{"a": 1}', output: 'Action=SendMessage&MessageBody=%7B%22a%22%3A+1%7D' });
check('idiom 12: conditions over several lines, blanks after #set and #if', { template: '#set ($a = "x")\n#if( ($a == "y") ||\n ($a == "x") )\nyes\n#end\n#if(!$o.type)none#end', output: 'yes\nnone' });
check('idiom 13: parameter mapping expressions stay as text', { template: '{"id": "$method.request.path.id"}', output: '{"id": "$method.request.path.id"}' });
check('DynamoDB results flattened', { template: '#set($inputRoot = $input.path(\'$\'))\n{"n": $inputRoot.Items.size(), "comments": [\n#foreach($elem in $inputRoot.Items) {"id": "$elem.id.S", "n": $elem.count.N}#if($foreach.hasNext),#end\n#end\n]}', body: '{"Items":[{"id":{"S":"a"},"count":{"N":"1"}},{"id":{"S":"b"},"count":{"N":"2"}}]}', output: '{"n": 2, "comments": [\n {"id": "a", "n": 1}, {"id": "b", "n": 2}]}' });
check('Kinesis: base64 of JSON [D]', { template: '{"Data": "$util.base64Encode($input.json(\'$.Data\'))"}', body: '{"Data":{"a":1}}', output: '{"Data": "eyJhIjoxfQ=="}' });
check('XML', { template: '<m><b>$input.body</b></m>', body: '<a x="1"/>', output: '<m><b><a x="1"/></b></m>' });

test.run();
