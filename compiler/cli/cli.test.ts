/** The command as users run it: exit codes, what is written and what is not, one clear message per kind of bad input. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = join(root, 'bin/gwc.js');
const test = suite<{ folder: string }>('gwc');

test.before.each((context) => { context.folder = mkdtempSync(join(tmpdir(), 'gwc-cli-')); });
test.after.each((context) => { rmSync(context.folder, { recursive: true, force: true }); });

function gwc(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: 'true', NO_COLOR: '1' }, timeout: 120_000 });
}

const GOOD = `openapi: 3.0.3
info: {title: Good, version: '1'}
servers: [{url: 'http://127.0.0.1:9'}]
paths:
  /pets: {get: {operationId: listPets, responses: {'200': {description: ok}}}}
`;

test('builds: files, summary, exit 0; in CI nothing else', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  const { status, stdout, stderr } = gwc(folder, 'build', 'api.yaml');
  assert.is(status, 0, stderr);
  assert.is(stderr, '');
  assert.match(stdout, /^Good 1: 1 operation, HTTP API rules\n {2}dist\/gateway\.mjs +\d+\.\d KB \(\d+\.\d KB gzip\)\n {2}dist\/clients\/typescript +\d+\.\d KB\n {2}ms: load \d+ · read \d+/);
  assert.equal(readdirSync(join(folder, 'dist')).sort(), ['clients', 'gateway.mjs', 'gateway.mjs.map', 'manifest.json', 'openapi.json']);
  const manifest = JSON.parse(readFileSync(join(folder, 'dist/manifest.json'), 'utf8')) as Record<string, unknown>;
  assert.match(String(manifest['hash']), /^[0-9a-f]{16,}$/);
  assert.equal(manifest['operations'], [{ id: 'listPets', method: 'GET', path: '/pets' }]);
  const version = spawnSync(process.execPath, [join(folder, 'dist/gateway.mjs'), '--version'], { encoding: 'utf8' });
  assert.is(version.stdout.trim(), manifest['hash']);
});

test('a document with errors: exit 1, the old output stays as it was', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  assert.is(gwc(folder, 'build', 'api.yaml').status, 0);
  const before = readFileSync(join(folder, 'dist/gateway.mjs'), 'utf8');
  writeFileSync(join(folder, 'api.yaml'), GOOD.replace('/pets:', 'pets:'));
  const { status, stderr, stdout } = gwc(folder, 'build', 'api.yaml');
  assert.is(status, 1);
  assert.match(stderr, /^error GWC\d{4}: /);
  assert.match(stderr, / {2}api\.yaml:5:3 /);
  assert.is(stdout, '');
  assert.is(readFileSync(join(folder, 'dist/gateway.mjs'), 'utf8'), before);
  assert.equal(readdirSync(folder).sort(), ['api.yaml', 'dist']);
});

test('a folder that gwc did not write is never replaced', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/precious.txt'), 'mine');
  const { status, stderr } = gwc(folder, 'build', 'api.yaml', '-o', 'src');
  assert.is(status, 2);
  assert.match(stderr, /src holds files that gwc did not write/);
  assert.ok(existsSync(join(folder, 'src/precious.txt')));
});

test('a folder that cannot be made is an error, not a wait', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  writeFileSync(join(folder, 'file'), '');
  for (const out of ['/proc/gwc/out', join(folder, 'file/out'), join(folder, 'file/deep/out')]) {
    const { status, stderr, stdout } = gwc(folder, 'build', 'api.yaml', '-o', out);
    assert.is(status, 1, stdout);
    assert.match(stderr, /^cannot write .*\((?:ENOENT|ENOTDIR|EACCES)\)\n$|^cannot write .*(?:ENOENT|ENOTDIR|EACCES)/);
  }
  assert.is(gwc(folder, 'build', 'api.yaml', '-o', 'new/deep/out').status, 0);
  assert.is(gwc(folder, 'init', '/proc/gwc/api.yaml').status, 2);
});

test('--format github names files as the checkout does, wherever the step runs', ({ folder }) => {
  mkdirSync(join(folder, 'api'));
  writeFileSync(join(folder, 'api/spec.yaml'), GOOD.replace("responses: {'200'", "summry: x, responses: {'200'"));
  const run = (cwd: string, ...args: string[]) => spawnSync(process.execPath, [bin, 'check', ...args, '--format', 'github'], { cwd, encoding: 'utf8', env: { ...process.env, GITHUB_WORKSPACE: folder } }).stdout;
  for (const stdout of [run(join(folder, 'api'), 'spec.yaml'), run(folder, 'api/spec.yaml'), run(join(folder, 'api'), '../api/spec.yaml')]) {
    assert.match(stdout, /^::warning file=api\/spec\.yaml,line=5,col=\d+,endColumn=\d+,title=GWC2704::/);
  }
});

test('--strict: warnings fail the build and nothing is written', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD.replace("responses: {'200'", "summry: x, responses: {'200'"));
  const { status } = gwc(folder, 'build', 'api.yaml', '--strict');
  assert.is(status, 1);
  assert.not.ok(existsSync(join(folder, 'dist')));
});

test('wrong usage: exit 2 and what to write', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  for (const [args, message] of [
    [['bild', 'api.yaml'], /Did you mean build\?/],
    [['build'], /document/],
    [['build', 'api.yaml', '--mokc'], /mokc/],
    [['build', 'api.yaml', '--mock', '--upstream', 'http://x'], /exclude each other/],
    [['build', 'api.yaml', '--upstream', 'localhost:3000'], /http or https URL/],
    [['build', 'api.yaml', '--param', 'novalue'], /name=value/],
    [['build', 'api.yaml', '--overlay', 'nope.yaml'], /no such file/],
    [['build', 'api.yaml', '--client', 'cobol'], /cobol/],
    [['explain', 'GWC0000'], /no such diagnostic/],
    [[], /give a command/],
  ] as const) {
    const { status, stderr } = gwc(folder, ...args);
    assert.is(status, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
  }
});

const BAD: Readonly<Record<string, { text: string; message: RegExp }>> = {
  'broken YAML': { text: 'openapi: 3.0.3\npaths:\n  /a: {get: [\n', message: /api\.yaml:\d+:\d+/ },
  'broken JSON': { text: '{"openapi": "3.0.3", "paths": {', message: /api\.yaml:1:\d+/ },
  'a missing $ref': { text: GOOD.replace("{description: ok}", "{$ref: '#/components/responses/Missing'}"), message: /Missing/ },
  'conflicting paths': { text: `${GOOD}  /pets/{a}: {get: {operationId: a, parameters: [{name: a, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok}}}}\n  /pets/{b}: {get: {operationId: b, parameters: [{name: b, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok}}}}\n`, message: /\/pets\/\{[ab]\}/ },
  'a pattern that is no regular expression': { text: GOOD.replace('operationId: listPets', "operationId: listPets, parameters: [{name: q, in: query, schema: {type: string, pattern: '(['}}]"), message: /\(\[/ },
  'not OpenAPI': { text: 'services:\n  web: {image: nginx}\n', message: /OpenAPI/ },
  'a stage that does not exist': { text: `${GOOD}x-gwc: {stages: {dev: {variables: {}}}}\n`, message: /declared are dev/ },
  'no paths': { text: "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {}\n", message: /GWC2001/ },
};

for (const [name, { text, message }] of Object.entries(BAD)) {
  test(`${name}: exit 1 and one clear message`, ({ folder }) => {
    writeFileSync(join(folder, 'api.yaml'), text);
    const { status, stderr } = gwc(folder, 'build', 'api.yaml', '--stage', name.includes('stage') ? 'nope' : 'dev');
    assert.is(status, 1, stderr);
    assert.match(stderr, message);
    assert.is(stderr.match(/^error GWC/gm)?.length, 1, `one error, not several:\n${stderr}`);
    assert.not.match(stderr, /\n {4}at /, 'no stack');
    assert.not.ok(existsSync(join(folder, 'dist')));
  });
}

test('a file that is not there', ({ folder }) => {
  const { status, stderr } = gwc(folder, 'build', 'nope.yaml');
  assert.is(status, 1);
  assert.match(stderr, /^error GWC\d{4}: .*nope\.yaml/);
});

test('a document of 20 MB builds', ({ folder }) => {
  const document = { openapi: '3.0.3', info: { title: 'Big', version: '1' }, paths: {} as Record<string, unknown>, components: { schemas: {} as Record<string, unknown> } };
  for (let i = 0; i < 1500; i++) {
    document.paths[`/things${i}/{id}`] = { get: { operationId: `getThing${i}`, description: 'd'.repeat(12_000), parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: { description: 'ok', content: { 'application/json': { schema: { $ref: `#/components/schemas/Thing${i}` } } } } } } };
    document.components.schemas[`Thing${i}`] = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, note: { type: 'string', description: 'n'.repeat(1_000) } } };
  }
  const text = JSON.stringify(document);
  assert.ok(text.length > 19_000_000);
  writeFileSync(join(folder, 'big.json'), text);
  const { status, stderr, stdout } = gwc(folder, 'build', 'big.json', '--mock', '--client', 'none');
  assert.is(status, 0, stderr);
  assert.match(stdout, /1500 operations/);
});

test('--format json and github go to standard output', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD.replace('/pets:', 'pets:'));
  const json = gwc(folder, 'check', 'api.yaml', '--format', 'json');
  assert.is(json.status, 1);
  assert.match(JSON.stringify(JSON.parse(json.stdout)), /"code":"GWC\d{4}"/);
  const { runs: [run] } = JSON.parse(gwc(folder, 'check', 'api.yaml', '--format', 'sarif').stdout) as { runs: [{ tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; level: string; locations: { physicalLocation: { artifactLocation: object; region: { startLine: number } } }[] }[] }] };
  const fault = run.results.find(({ level }) => level === 'error')!;
  assert.is(run.tool.driver.rules[fault.ruleIndex]!.id, fault.ruleId);
  assert.equal(fault.locations[0]!.physicalLocation.artifactLocation, { uri: 'api.yaml', uriBaseId: 'ROOT' });
  assert.is(fault.locations[0]!.physicalLocation.region.startLine, 5);
  assert.match(gwc(folder, 'check', 'api.yaml', '--format', 'github').stdout, /^::error file=api\.yaml,line=5,/m);
});

test('a store that cannot be reached is said to be, by every command that works on one', ({ folder }) => {
  for (const command of [['iam', 'list'], ['keys', 'list'], ['usage-plans', 'list'], ['usage']]) {
    const { status, stdout, stderr } = gwc(folder, ...command, '--store', 'redis://user:secret@127.0.0.1:1/2');
    assert.equal([status, stdout, stderr], [1, '', 'redis://127.0.0.1:1/2 cannot be reached (ECONNREFUSED)\n'], command.join(' '));
  }
});

test('init writes a document that builds; it is not overwritten', ({ folder }) => {
  assert.is(gwc(folder, 'init').status, 0);
  const { status, stderr } = gwc(folder, 'build', 'api.yaml');
  assert.is(status, 0, stderr);
  assert.is(gwc(folder, 'init').status, 2);
  assert.is(gwc(folder, 'init', 'new/folder/api.yaml').status, 0);
  const refused = gwc(folder, 'init', 'api.yaml/x.yaml');
  assert.is(refused.status, 2);
  assert.match(refused.stderr, /^cannot write api\.yaml\/x\.yaml: /);
});

test('plan and explain', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  assert.match(gwc(folder, 'plan', 'api.yaml').stdout, /^GET \/pets {2}listPets\n/);
  assert.match(gwc(folder, 'explain', 'gwc2103').stdout, /^GWC2103 \(error\)\n\nBrowsers refuse/);
});

test('--keep-sources keeps the TypeScript, --no-minify the names', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  assert.is(gwc(folder, 'build', 'api.yaml', '--keep-sources', '--no-minify', '--client', 'none').status, 0);
  assert.match(readFileSync(join(folder, 'dist/sources/gateway.ts'), 'utf8'), /\/\*\* GET \/pets · listPets \*\/\nfunction listPets\(exchange: Exchange\): void \{/);
  assert.match(readFileSync(join(folder, 'dist/gateway.mjs'), 'utf8'), /function listPets\(exchange\)/);
});

test('a gateway on a port in use: exit 1 and what to do', async ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  assert.is(gwc(folder, 'build', 'api.yaml', '--client', 'none').status, 0);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const run = spawnSync(process.execPath, [join(folder, 'dist/gateway.mjs'), '--host', '127.0.0.1', '--port', String(port)], { encoding: 'utf8', timeout: 20_000 });
  const admin = spawnSync(process.execPath, [join(folder, 'dist/gateway.mjs'), '--port', '0', '--admin-port', String(port)], { encoding: 'utf8', timeout: 20_000 });
  taken.close();
  assert.is(run.status, 1);
  assert.is(run.stderr, `127.0.0.1:${port} is in use by another program: choose another with --port\n`);
  assert.is(admin.status, 1);
  assert.is(admin.stderr, `127.0.0.1:${port} is in use by another program: choose another with --admin-port\n`);
});

test('createGateway answers without a socket, with its own options', async ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.3
info: {title: t, version: '1'}
x-gwc: {stages: {one: {variables: {v: first}}, two: {variables: {v: second}}}}
paths:
  /v:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200', responseTemplates: {application/json: '{"v": "$stageVariables.v"}'}}}}
`);
  assert.is(gwc(folder, 'build', 'api.yaml', '--client', 'none').status, 0);
  interface Module { createGateway(options: { stage?: string; basePath?: string }): { fetch(request: Request): Promise<Response>; close(): void }; fetch(request: Request): Promise<Response> }
  const module = (await import(pathToFileURL(join(folder, 'dist/gateway.mjs')).href)) as Module;
  const gateway = module.createGateway({ stage: 'two', basePath: '/api' });
  assert.equal(await (await gateway.fetch(new Request('http://x/api/v'))).json(), { v: 'second' });
  assert.is((await gateway.fetch(new Request('http://x/v'))).status, 403);
  assert.equal(await (await module.fetch(new Request('http://x/v'))).json(), { v: 'first' });
  gateway.close();
});

test('options of the gateway file: flags, environment, help, wrong words', ({ folder }) => {
  writeFileSync(join(folder, 'api.yaml'), GOOD);
  assert.is(gwc(folder, 'build', 'api.yaml', '--client', 'none').status, 0);
  const run = (args: string[], env: Record<string, string> = {}): ReturnType<typeof spawnSync> => spawnSync(process.execPath, [join(folder, 'dist/gateway.mjs'), ...args], { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 20_000 });
  assert.match(String(run(['--help']).stdout), /--base-path PATH/);
  assert.is(run(['--prot', '1']).status, 2);
  assert.match(String(run(['--port', 'x']).stderr), /--port x: a port from 0 to 65535/);
  for (const path of ['no slash', '/{nope}', '/a?b', '/%20']) assert.is(run(['--base-path', path]).status, 2, path);
  assert.match(String(run([], { GWC_WORKERS: 'many' }).stderr), /--workers many/);
});

test.run();
