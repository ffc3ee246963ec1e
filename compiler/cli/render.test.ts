/** `gwc render` as users run it, and against what a gateway built from the same document sends. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBackend } from '../testing/backend.js';
import { rawRequest, runGateway } from '../testing/running-gateway.js';

const bin = fileURLToPath(new URL('../../../bin/gwc.js', import.meta.url));
const test = suite<{ folder: string }>('gwc render');

test.before.each((context) => { context.folder = mkdtempSync(join(tmpdir(), 'gwc-render-')); });
test.after.each((context) => { rmSync(context.folder, { recursive: true, force: true }); });

function gwc(folder: string, args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8', input, env: { ...process.env, CI: 'true', NO_COLOR: '1' }, timeout: 120_000, maxBuffer: 16_000_000 });
}

const document = (backend: string): string => `openapi: 3.0.1
info: {title: Rendered, version: '1'}
x-gwc: {stages: {dev: {variables: {table: pets-dev}}, prod: {variables: {table: pets-prod}}}}
paths:
  /pets/{petId}/{rest+}:
    post:
      operationId: putPet
      responses: {'200': {description: ok}, '404': {description: none}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: ${backend}/store
        requestTemplates:
          application/json: |
            #set($pet = $input.path('$.pet'))
            #foreach($tag in $pet.tags)
            #set($last = "$tag!")
            #end
            #set($missing.x = 1)
            #set($context.requestOverride.header.X-Table = $stageVariables.table)
            {"id": "$util.escapeJavaScript($input.params('petId'))", "rest": "$util.escapeJavaScript($input.params('rest'))", "q": "$util.escapeJavaScript($input.params('q'))", "mine": "$util.escapeJavaScript($input.params('X-Mine'))",
             "tags": $input.json('$.pet.tags'), "last": "$!util.escapeJavaScript($last)", "on": "$context.stage $context.httpMethod $context.resourcePath $context.path"}
        responses:
          default: {statusCode: '200', responseTemplates: {application/json: '{"n": $input.json("$.n")}#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X-N = "1")', application/xml: '<n/>'}}
          '5\\d\\d': {statusCode: '404'}
  /mock:
    get:
      responses: {'202': {description: ok}}
      x-amazon-apigateway-integration: {type: mock, passthroughBehavior: never, requestTemplates: {text/plain: '{"statusCode": #if($input.params("q") == "x")202#{else}"no"#end}'}, responses: {default: {statusCode: '202'}}}
  /proxied:
    x-amazon-apigateway-any-method:
      operationId: anything
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: '${backend}/proxied'}
`;

const BODY = '{"pet": {"tags": ["young", "it\'s \\"mine\\""]}}';
const PARAMETERS = ['--param', 'path.petId=7', '--param', 'path.rest=a/b', '--param', "querystring.q=it's", '--param', 'header.X-Mine=yes'];

test('the text that a gateway sends', async ({ folder }) => {
  const backend = await startBackend({});
  writeFileSync(join(folder, 'api.yaml'), document(backend.url));
  writeFileSync(join(folder, 'body.json'), BODY);
  assert.is(gwc(folder, ['build', 'api.yaml', '--client', 'none']).status, 0);
  const gateway = await runGateway(readFileSync(join(folder, 'dist/gateway.mjs'), 'utf8'), ['--stage', 'prod']);
  try {
    await rawRequest(gateway.port, 'POST', "/pets/7/a/b?q=it's", [['Content-Type', 'application/json'], ['X-Mine', 'yes']], BODY);
    const [sent] = backend.received;
    for (const extra of [[], ['-v'], ['--request']]) {
      const { status, stdout, stderr } = gwc(folder, ['render', 'api.yaml', 'putPet', '--body-file', 'body.json', '--stage', 'prod', ...PARAMETERS, ...extra]);
      assert.is(status, 0, stderr);
      assert.is(stdout, sent!.body);
      assert.match(stderr, /^request header X-Table: pets-prod$/m);
      assert.is(sent!.headers['x-table'], 'pets-prod');
    }
    assert.match(sent!.body, /"on": "prod POST \/pets\/\{petId\}\/\{rest\+\} \/pets\/7\/a\/b"/);
  } finally {
    await gateway.stop();
    await backend.close();
  }
});

test('-v: every #set and every round of a #foreach, where it stands', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), document('http://127.0.0.1:9'));
  const { stderr } = gwc(folder, ['render', 'api.yaml', 'POST /pets/{petId}/{rest+}', '--body', BODY, '-v']);
  assert.equal(stderr.trim().split('\n'), [
    'api.yaml:15:13  $pet = {"tags": ["young", "it\'s \\"mine\\""]}  (LinkedHashMap)',
    'api.yaml:16:13  $tag = "young"  (String)',
    'api.yaml:17:13  $last = "young!"  (String)',
    'api.yaml:16:13  $tag = "it\'s \\"mine\\""  (String)',
    'api.yaml:17:13  $last = "it\'s \\"mine\\"!"  (String)',
    'api.yaml:19:13  $missing.x = 1  (Integer)  not set: what it belongs to is null',
    'api.yaml:20:13  $context.requestOverride.header.X-Table = "pets-dev"  (String)',
    'request header X-Table: pets-dev',
  ]);
  const json = JSON.parse(gwc(folder, ['render', 'api.yaml', 'putPet', '--body', '{}', '-v', '--format', 'json']).stdout) as { trace: unknown[] };
  assert.equal(json.trace[0], { at: 'api.yaml:15:13', variable: '$pet', value: 'null', type: '' });
});

test('responses: selected by status and Accept, overrides, status; --format json', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), document('http://127.0.0.1:9'));
  const render = (...args: string[]): ReturnType<typeof gwc> => gwc(folder, ['render', 'api.yaml', 'putPet', '--body', '{"n": [1,  2]}', ...args]);
  const text = render('--response', '200');
  assert.equal([text.status, text.stdout, text.stderr], [0, '{"n": [1,2]}', 'status 404\nresponse header X-N: 1\n']);
  assert.equal(JSON.parse(render('--response', '200', '--format', 'json').stdout), {
    output: '{"n": [1,2]}', statusCode: 404,
    overrides: { requestOverride: { path: {}, querystring: {}, header: {} }, responseOverride: { status: 404, header: { 'X-N': '1' } } },
  });
  assert.is(render('--response', '200', '--accept', 'application/xml;q=0.9, text/html').stdout, '<n/>');
  const passed = render('--response', '503');
  assert.equal([passed.status, passed.stdout, passed.stderr], [0, '{"n": [1,  2]}', 'status 404\nthe integration response for 503 has no template: the body passes through as it is\n']);
});

test('$context from the command line', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.1
info: {title: t, version: '1'}
paths: {/a: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200, "c": "$context.identity.sourceIp $context.authorizer.claims.sub $context.stage $context.httpMethod"}'}, responses: {default: {statusCode: '200'}}}}}}
`);
  const { stdout, stderr } = gwc(folder, ['render', 'api.yaml', 'GET /a', '--context', '{"authorizer": {"claims": {"sub": "me", "x": "y"}}, "stage": "s1"}', '--context', 'identity.sourceIp=192.0.2.1', '--context', 'stage=s2=3']);
  assert.is(stdout, '{"statusCode": 200, "c": "192.0.2.1 me s2=3 GET"}');
  assert.is(stderr, 'status 200\n');
});

test('without a template: what happens instead', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), document('http://127.0.0.1:9'));
  const render = (...args: string[]): unknown[] => { const { status, stdout, stderr } = gwc(folder, ['render', 'api.yaml', ...args]); return [status, stdout, stderr.trim()]; };
  assert.equal(render('anything', '--body', 'b'), [0, 'b', 'http_proxy integrations have no mapping templates: bodies pass through as they are']);
  assert.equal(render('putPet', '--body', 'b', '--content-type', 'text/csv; charset=utf-8'), [0, 'b', 'no request template for text/csv (there is one for application/json): the body passes through as it is']);
  assert.equal(render('GET /mock'), [0, '', 'no request template for application/json (there is one for text/plain) and passthroughBehavior is never: the gateway answers 415']);
  assert.equal(render('GET /mock', '--param', 'header.content-type=text/plain'), [0, '{"statusCode": "no"}', 'the mock answers 500: statusCode is "no"']);
  assert.equal(render('GET /mock', '--content-type', 'text/plain', '--param', 'querystring.q=x'), [0, '{"statusCode": 202}', 'status 202']);
  assert.equal(render('GET /mock', '--response', '202'), [0, '', 'status 202\nthe integration response for 202 has no template: the body is empty']);
});

test("a mock's response: what its request template wrote to the overrides is there", ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.1
info: {title: t, version: '1'}
paths:
  /passed:
    post:
      operationId: pass
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '#set($context.requestOverride.path.body = $input.path("$.a"))#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-From = "request"){"statusCode": 200}'}
        responses:
          default: {statusCode: '200', responseTemplates: {application/json: '$context.requestOverride.path.body $input.body $context.operationName', text/plain: '#set($context.responseOverride.status = 202)'}}
          '2\\d1': {statusCode: '200'}
          '404': {statusCode: '404'}
`);
  const render = (...args: string[]): unknown[] => { const { status, stdout, stderr } = gwc(folder, ['render', 'api.yaml', 'pass', ...(args.includes('--body') ? [] : ['--body', '{"a": "it"}']), ...args]); return [status, stdout, stderr.trim().split('\n')]; };
  const kept = ['request path body: it', 'response header X-From: request'];
  assert.equal(render('--response', '200'), [0, 'it {} pass', ['status 418', ...kept]]);
  assert.equal(render('--response', '200', '--accept', 'text/plain'), [0, '', ['status 202', ...kept]]);
  assert.equal(render('--response', '201'), [0, '', ['status 418', ...kept, 'the integration response for 201 has no template: the body is empty']]);
  assert.equal(render('--response', '404'), [0, '', ['the integration response for 404 has status 404, which the operation does not declare: the gateway answers 500']]);
  assert.equal(render('--response', '200', '--body', '{"a": '), [1, '', ['the gateway answers 400: the request template fails: Could not process payload: unexpected end of JSON']]);
  assert.equal(render('--body', '{}', '--body', '{}'), [2, '', ['--body: give it once']]);
});

test('wrong words: exit 2; a template that fails, a document with errors: exit 1', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), document('http://127.0.0.1:9'));
  const render = (...args: string[]): unknown[] => { const { status, stdout, stderr } = gwc(folder, ['render', ...args]); return [status, stdout, stderr.trim()]; };
  assert.equal(render('api.yaml', 'putPte'), [2, '', 'there is no operation "putPte": did you mean "putPet"?']);
  assert.equal(render('api.yaml', 'POST /pet/{petId}/{rest+}'), [2, '', 'there is no operation "POST /pet/{petId}/{rest+}": did you mean "POST /pets/{petId}/{rest+}"?']);
  assert.equal(render('api.yaml', 'GET /pets/{petId}/{rest+}'), [2, '', '/pets/{petId}/{rest+} has no GET: it has POST']);
  assert.equal(render('api.yaml', 'patch /proxied')[0], 0);
  assert.equal(render('api.yaml', 'putPet', '--param', 'path.petid=7'), [2, '', '--param path.petid: /pets/{petId}/{rest+} has no such variable: did you mean path.petId?']);
  const prefixes = '(path.NAME, querystring.NAME and header.NAME are parameters of the request; any other name is a ${placeholder} of the document)';
  for (const [given, meant] of [['petId=7', ': did you mean path.petId?'], ['petid=7', ': did you mean path.petId?'], ['query.q=1', ': did you mean querystring.q?'], ['headers.X-Mine=1', ': did you mean header.X-Mine?'], ['stage=1', '']]) {
    const name = given!.replace(/=.*/, '');
    assert.equal(render('api.yaml', 'putPet', '--param', given!), [2, '', `--param ${name}: the document has no placeholder \${${name}}${meant} ${prefixes}`]);
  }
  const context = render('api.yaml', 'putPet', '--context', '{"a"');
  assert.is(context[0], 2);
  assert.match(context[2] as string, /^--context \{"a": it is no JSON/);
  assert.equal(render('api.yaml', 'putPet', '--response', '42')[0], 2);
  assert.equal(render('api.yaml', 'putPet', '--body-file', 'none.json'), [2, '', '--body-file none.json: there is no such file']);
  assert.equal(render('api.yaml', 'putPet', '--request', '--response', '200')[0], 2);
  assert.equal(render('api.yaml')[0], 2);
  assert.equal(render('api.yaml', '--jsonl')[0], 2);
  assert.equal(render('api.yaml', 'putPet', '--body', '{"pet": '), [1, '', 'the gateway answers 400: Could not process payload: unexpected end of JSON']);
  const failed = render('api.yaml', 'putPet', '--body', '{"pet": ', '--format', 'json');
  assert.equal(JSON.parse(failed[1] as string), { error: 'Could not process payload: unexpected end of JSON', statusCode: 400 });
  writeFileSync(join(folder, 'api.yaml'), document('http://127.0.0.1:9').replace("#set($pet = $input.path('$.pet'))", '#if($a'));
  const broken = render('api.yaml', 'putPet');
  assert.is(broken[0], 1);
  assert.match(broken[2] as string, /GWC2400[^]*api\.yaml:1[5-9]:/);
});

test('--jsonl: one line out per line in, at once', async ({ folder }) => {
  const lines = [
    { id: 'a', template: '$input.path("$.x") $input.params("p") $stageVariables.s $context.stage', body: { x: 1 }, params: { path: { p: 'P' } }, context: { stage: 'dev' }, stageVariables: { s: 'S' } },
    { id: 'b', template: '#if(' }, { id: 'c', template: '$nothing', dialect: 'velocity' }, { id: 'd', template: '$nothing' },
  ];
  const { status, stdout } = gwc(folder, ['render', '--jsonl'], lines.map((line) => JSON.stringify(line)).join('\n') + '\n\nno JSON\n');
  assert.is(status, 0);
  const results = stdout.trim().split('\n').map((line) => JSON.parse(line) as { id: unknown; output?: string; error?: string });
  assert.equal(results.map(({ id, output }) => [id, output]), [['a', '1 P S dev'], ['b', undefined], ['c', '$nothing'], ['d', ''], [6, undefined]]);
  assert.match(results[1]!.error!, /\d+:\d+/);

  // An editor keeps the process and waits for each answer.
  const child = spawn(process.execPath, [bin, 'render', '--jsonl'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    for (const n of [1, 2]) {
      child.stdin.write(JSON.stringify({ id: n, template: `${n}` }) + '\n');
      assert.is((JSON.parse((await answers.next()).value as string) as { output: string }).output, String(n));
    }
  } finally {
    child.stdin.end();
  }
  assert.is(await new Promise((resolve) => child.once('exit', resolve)), 0);
  clearTimeout(watchdog);
});

test('--jsonl: thousands of cases in one process; whoever stops reading early is no error', ({ folder }) => {
  const input = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ id: n, template: '#foreach($i in [1..9])$i#end $input.json("$")', body: { n } })).join('\n');
  const { status, stdout } = gwc(folder, ['render', '--jsonl'], input);
  assert.is(status, 0);
  const results = stdout.trimEnd().split('\n');
  assert.is(results.length, 20_000);
  assert.is((JSON.parse(results[19_999]!) as { output: string }).output, '123456789 {"n":19999}');
  writeFileSync(join(folder, 'cases'), input);
  const head = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" render --jsonl < cases | head -n 1`], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  assert.is(head.stderr, '');
  assert.is(head.stdout.split('\n').length, 2);
});

test.run();
