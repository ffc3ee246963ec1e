/**
 * Mapping templates, ns per rendering: the compiled function against velocityjs (what other local emulators use: they render from the
 * template's text each time; in the next column its syntax tree is kept) and against the Java engine API Gateway runs, warmed up and
 * with its template parsed. The templates are of the kinds real documents have; each rendering starts from the payload's text.
 * Targets: 20 times velocityjs as it is used, no slower than Java.
 */
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { emit } from '../compiler/vtl/emit.js';
import { load } from '../compiler/vtl/load.js';
import { parse } from '../compiler/vtl/parse.js';
import { timeWithJava, whyNoJava } from '../compiler/vtl/testing/java-engine.js';
import { templateContext, textMap } from '../runtime/vtl/scope.js';
import { TemplateInput } from '../runtime/vtl/input.js';
import type { TemplateScope } from '../runtime/vtl/scope.js';
import type { Value } from '../runtime/vtl/values.js';
import { scopeFromJson } from '../compiler/vtl/scope-from-json.js';
import { median, row } from './compare.js';

const VELOCITYJS = '2.1.7';
const BATCH_MS = 8;
const ROUNDS = Number(process.env['ROUNDS'] ?? 15);

const ITEMS = { items: Array.from({ length: 5 }, (_, id) => ({ id, name: `Item "${id}"`, price: id * 2.5 + 0.25, tags: ['new', 'sale'], owner: { first: 'Ann', last: 'Lee' } })), total: 5, next: null };
const DYNAMO = { Count: 4, Items: Array.from({ length: 4 }, (_, id) => ({ id: { S: `id-${id}` }, message: { S: `It's message ${id}` }, count: { N: String(id) } })) };
const ORDER = { customer: 'ACME "Ltd"', lines: Array.from({ length: 6 }, (_, i) => ({ sku: `sku-${i}`, quantity: i + 1, price: 9.5 })), note: "it's urgent", status: 'OPEN', errorMessage: '{"httpStatus":404,"code":"NOT_FOUND","details":["a","b"]}' };
const PARAMS = { path: { id: '42' }, querystring: { q: 'search term', page: '2' }, header: { Accept: 'application/json', Host: 'api.example.com', 'User-Agent': 'bench/1.0' } };
const CONTEXT = { requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef', stage: 'prod', httpMethod: 'POST', identity: { sourceIp: '203.0.113.7' }, authorizer: { principalId: 'user-1' } };
const STAGE = { table: 'orders', version: 'v3' };

const TEMPLATES: readonly (readonly [name: string, template: string, body: object])[] = [
  ['body as it is', '$input.body', ORDER],
  ['body as JSON', "$input.json('$')", ORDER],
  ['a few fields', '{"customer": $input.json(\'$.customer\'), "status": "$input.path(\'$.status\')", "id": "$input.params(\'id\')"}', ORDER],
  ['SQS', 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)', ORDER],
  ['Step Functions', '{"input": "$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\\\'", "\'")", "stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:$stageVariables.version"}', ORDER],
  ['Kinesis', '{"StreamName": "$stageVariables.table", "Data": "$util.base64Encode($input.json(\'$\'))", "PartitionKey": "$context.requestId"}', ORDER],
  ['DynamoDB put', '{"TableName": "$stageVariables.table", "Item": {"id": {"S": "$context.requestId"}, "customer": {"S": "$util.escapeJavaScript($input.path(\'$.customer\'))"}, "note": {"S": "$util.escapeJavaScript($input.path(\'$.note\'))"}, "ip": {"S": "$context.identity.sourceIp"}}}', ORDER],
  ['DynamoDB query result', '#set($inputRoot = $input.path(\'$\'))\n{"count": $inputRoot.Count, "comments": [\n#foreach($elem in $inputRoot.Items)\n{"id": "$elem.id.S", "message": "$util.escapeJavaScript($elem.message.S)", "n": $elem.count.N}#if($foreach.hasNext),#end\n#end\n]}', DYNAMO],
  ['list of objects', '#set($root = $input.path(\'$\'))\n[\n#foreach($i in $root.items)\n  {"id": $i.id, "name": "$util.escapeJavaScript($i.name)", "price": $i.price, "owner": "$i.owner.first $i.owner.last", "tags": [#foreach($t in $i.tags)"$t"#if($foreach.hasNext),#end#end]}#if($foreach.hasNext),#end\n#end\n]', ITEMS],
  ['pass everything', '#set($allParams = $input.params())\n{\n"body-json" : $input.json(\'$\'),\n"params" : {\n#foreach($type in $allParams.keySet())\n    #set($params = $allParams.get($type))\n"$type" : {\n    #foreach($paramName in $params.keySet())\n    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"\n        #if($foreach.hasNext),#end\n    #end\n}\n    #if($foreach.hasNext),#end\n#end\n},\n"stage-variables" : {\n#foreach($key in $stageVariables.keySet())\n"$key" : "$util.escapeJavaScript($stageVariables.get($key))"\n    #if($foreach.hasNext),#end\n#end\n},\n"context" : {\n    "stage" : "$context.stage",\n    "http-method" : "$context.httpMethod",\n    "source-ip" : "$context.identity.sourceIp",\n    "principal" : "$context.authorizer.principalId"\n    }\n}\n', ORDER],
  ['Lambda error', '#set($e = $util.parseJson($input.path(\'$.errorMessage\')))\n#if($e.httpStatus == 404)\n{"message": "not found", "code": "$e.code"}\n#elseif($e.httpStatus == 400)\n{"message": "bad request"}\n#else\n{"message": "error"}\n#end', ORDER],
  ['invoice', '#set($r = $input.path(\'$\'))\n#set($sum = 0)\n#foreach($l in $r.lines)\n#set($sum = $sum + $l.quantity * $l.price)\n#end\n{"customer": "$util.escapeJavaScript($r.customer)", "total": $sum, "lines": $r.lines.size()}', ORDER],
  ['XML', '#set($r = $input.path(\'$\'))\n<order id="$context.requestId"><status>$r.status</status>\n#foreach($l in $r.lines)\n  <line sku="$l.sku" quantity="$l.quantity"/>\n#end\n</order>', ORDER],
  ['conditions and methods', '#set($q = $input.params(\'q\'))#set($page = $input.params(\'page\'))\n{"q": "#if($q && $q != "")$q.toUpperCase().trim()#{else}none#end", "page": #if($page == "")1#{else}$page#end, "words": $q.split(" ").size(), "first": "$q.substring(0, 3)"}', ORDER],
];

/** Installs the peer outside of the project. */
function velocityjs(): { parse(text: string): unknown; Compile: new (tree: unknown) => { render(context: object): string }; render(text: string, context: object): string } {
  const folder = join(process.env['GWC_CACHE'] ?? join(homedir(), '.cache', 'gwc'), `velocityjs-${VELOCITYJS}`);
  if (!existsSync(join(folder, 'node_modules', 'velocityjs'))) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `velocityjs@${VELOCITYJS}`], { stdio: 'ignore' });
  }
  return createRequire(join(folder, 'index.js'))('velocityjs') as ReturnType<typeof velocityjs>;
}

/** What an emulator hands to velocityjs: plain objects with Java's methods on them, and $input and $util. */
function emulatorContext(text: string): object {
  const map = (object: object): object => Object.assign(Object.create({ keySet: () => Object.keys(object), get: (key: string) => (object as { [key: string]: unknown })[key] }) as object, object);
  let parsed: unknown;
  const at = (path: string): unknown => path.slice(1).split('.').filter(Boolean).reduce<unknown>((value, key) => (value as { [key: string]: unknown } | undefined)?.[key], (parsed ??= JSON.parse(text)));
  const params = { path: map(PARAMS.path), querystring: map(PARAMS.querystring), header: map(PARAMS.header) };
  const escapes: { [c: string]: string } = { '"': '\\"', "'": "\\'", '\\': '\\\\', '/': '\\/', '\n': '\\n' };
  return {
    input: {
      body: text, path: at, json: (path: string) => JSON.stringify(at(path)),
      params: (name?: string) => (name === undefined ? map(params) : (PARAMS.path as { [n: string]: string })[name] ?? (PARAMS.querystring as { [n: string]: string })[name] ?? (PARAMS.header as { [n: string]: string })[name] ?? ''),
    },
    util: {
      escapeJavaScript: (value: unknown) => String(value).replace(/["'\\/\n]/g, (c) => escapes[c]!), parseJson: JSON.parse, urlEncode: encodeURIComponent,
      base64Encode: (value: string) => Buffer.from(value).toString('base64'),
    },
    context: CONTEXT, stageVariables: map(STAGE),
  };
}

/** A scope as a gateway makes one: `$context` computed on demand, the payload as text. */
function scopes(text: string): () => TemplateScope {
  const shared = scopeFromJson({ params: PARAMS, context: CONTEXT, stageVariables: STAGE });
  const parameters = { path: textMap(Object.entries(PARAMS.path)), querystring: textMap(Object.entries(PARAMS.querystring)), header: textMap(Object.entries(PARAMS.header)) };
  const names = Object.keys(CONTEXT), compute = (name: string): Value => shared.context.get(name);
  return () => ({ input: new TemplateInput(text, parameters), context: templateContext(names, compute), stageVariables: shared.stageVariables });
}

function batch(run: () => string, times: number): number {
  const start = process.hrtime.bigint();
  let length = 0;
  for (let i = 0; i < times; i++) length += run().length;
  if (length < 0) throw new Error('unreachable');
  return Number(process.hrtime.bigint() - start) / times;
}

const peer = velocityjs();
const noJava = whyNoJava();
const bodies = TEMPLATES.map(([, , body]) => JSON.stringify(body));
const java = noJava ? [] : await timeWithJava(TEMPLATES.map(([, template], i) => ({ template, variables: `{"context":${JSON.stringify(CONTEXT)},"stageVariables":${JSON.stringify(STAGE)},"util":{},"input":${JSON.stringify({ body: bodies[i], params: PARAMS })}}` })), 20_000);
if (noJava) console.log(`skipped: Java: ${noJava}`);

console.log('VTL: ns per rendering, best batch, and how many times that is of gwc');
row('template', 'gwc', 'velocityjs', '… tree kept', 'Java, warm');
const ratios: number[] = [], parsedRatios: number[] = [], javaRatios: number[] = [];
TEMPLATES.forEach(([name, template], i) => {
  const render = load(emit(parse(template))), scope = scopes(bodies[i]!);
  const ours = (): string => render(scope());
  const theirs = (): string => peer.render(template, emulatorContext(bodies[i]!));
  const tree = peer.parse(template);
  const theirsParsed = (): string => new peer.Compile(tree).render(emulatorContext(bodies[i]!));
  const contenders = [ours, theirs, theirsParsed];
  const best = contenders.map(() => Infinity);
  const counts = contenders.map((run) => { batch(run, 500); return Math.max(20, Math.round((BATCH_MS * 1e6) / batch(run, 200))); });
  // The best batch, as on the Java side: on a shared machine everything above it is somebody else's work.
  for (let round = 0; round < ROUNDS; round++) contenders.forEach((run, which) => { best[which] = Math.min(best[which]!, batch(run, counts[which]!)); });
  const [a, b, c] = best as [number, number, number];
  ratios.push(b / a);
  parsedRatios.push(c / a);
  if (java[i]) javaRatios.push(java[i]! / a);
  row(name, a.toFixed(0), `${b.toFixed(0)} ${(b / a).toFixed(0)}x`, `${c.toFixed(0)} ${(c / a).toFixed(1)}x`, java[i] ? `${java[i]!.toFixed(0)} ${(java[i]! / a).toFixed(1)}x` : '-');
});
row('median', '', `${median(ratios).toFixed(0)}x`, `${median(parsedRatios).toFixed(1)}x`, javaRatios.length ? `${median(javaRatios).toFixed(1)}x` : '-');
