/** `gwc dev` as users run it: every edit takes over while clients keep asking, and no request is lost or half-answered. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const bin = fileURLToPath(new URL('../../../bin/gwc.js', import.meta.url));
const test = suite<{ folder: string; children: ChildProcess[] }>('gwc dev');

test.before.each((context) => { context.folder = mkdtempSync(join(tmpdir(), 'gwc-dev-test-')); context.children = []; });
test.after.each((context) => {
  for (const child of context.children) child.kill('SIGKILL');
  rmSync(context.folder, { recursive: true, force: true });
});

interface Dev { readonly child: ChildProcess; readonly ended: Promise<number | null>; stdout(): string; stderr(): string; port(): Promise<number>; temporary(): string[] }

/** Runs in `folder` with a folder of its own for temporary files. */
function gwcDev({ folder, children }: { folder: string; children: ChildProcess[] }, ...args: string[]): Dev {
  const scratch = join(folder, '.tmp');
  mkdirSync(scratch, { recursive: true });
  const child = spawn(process.execPath, [bin, 'dev', ...args], { cwd: folder, env: { ...process.env, TMPDIR: scratch, CI: 'true', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let stdout = '', stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr!.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const port = async (): Promise<number> => {
    await until(() => /listening on http:\/\/127\.0\.0\.1:\d+/.test(stdout) || child.exitCode !== null, () => stderr);
    return Number(/listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(stdout)?.[1] ?? assert.unreachable(stderr));
  };
  return { child, ended, stdout: () => stdout, stderr: () => stderr, port, temporary: () => readdirSync(scratch).filter((name) => name.startsWith('gwc-dev-')) };
}

async function until(check: () => boolean | Promise<boolean>, otherwise: () => string): Promise<void> {
  for (const end = Date.now() + 90_000; !(await check());) {
    if (Date.now() > end) throw new Error(`it never came: ${otherwise()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Answer { readonly status: number; readonly body: string }

function ask(port: number, method: string, path: string, body: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method, path, agent: agent ?? false, headers: body === '' ? {} : { 'content-type': 'application/json', 'content-length': body.length } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => resolve({ status: response.statusCode!, body: text })).on('error', reject);
    });
    call.on('error', reject).setTimeout(15_000, () => call.destroy(new Error('no answer')));
    call.end(body);
  });
}

const mock = (body: string): string => `{type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: '200', responseTemplates: {application/json: '${body}'}}}}`;

const document = (version: string, backend: string): string => `openapi: 3.0.1
info: {title: Edited, version: '1'}
x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
paths:
  /version: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${mock(`{"version": "${version}"}`)}}}
  /note: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${mock('{"note": "plain"}')}}}
  /slow: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: '${backend}/slow'}}}
  /pets:
    post:
      x-amazon-apigateway-request-validator: all
      requestBody: {required: true, content: {application/json: {schema: {$ref: schemas/pet.yaml}}}}
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: ${mock('{}')}
`;
const pet = (kinds: string): string => `{type: object, required: [kind], properties: {kind: {type: string, enum: [${kinds}]}}}\n`;
const overlay = (note: string): string => `overlay: 1.0.0
info: {title: notes, version: '1'}
actions:
  - target: $.paths['/note'].get['x-amazon-apigateway-integration'].responses.default.responseTemplates
    update: {application/json: '{"note": "${note}"}'}
`;

/** What clients may see at any time: the answer of one build or another, whole. */
const PROPER: Readonly<Record<string, RegExp>> = {
  '/version': /^200 \{"version": "v\d+"\}$/,
  '/note': /^200 \{"note": "n\d+"\}$/,
  '/slow': /^200 from the backend$/,
  '/pets': /^(200 \{\}|400 \{"message":\s?"Invalid request body"\})$/,
};

test('edits take over between two requests; a broken one leaves the last good build; Ctrl-C cleans up', async (context) => {
  const { folder } = context;
  const sockets = new Set<Socket>();
  const backend = createServer((_request, response) => setTimeout(() => response.end('from the backend'), 60));
  // The backend would hang up after 5 s: whoever closes here must be gwc.
  backend.keepAliveTimeout = 600_000;
  backend.on('connection', (socket) => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const path = (name: string): string => join(folder, name);
  mkdirSync(path('schemas'));
  writeFileSync(path('api.yaml'), document('v1', origin));
  writeFileSync(path('schemas/pet.yaml'), pet('cat'));
  writeFileSync(path('notes.yaml'), overlay('n1'));

  const dev = gwcDev(context, 'api.yaml', '--overlay', 'notes.yaml', '--port', '0');
  const port = await dev.port();
  const one = async (route: string, agent?: Agent): Promise<string> => {
    const { status, body } = await ask(port, route === '/pets' ? 'POST' : 'GET', route, route === '/pets' ? '{"kind": "dog"}' : '', agent);
    return `${status} ${body}`;
  };
  const shows = (route: string, wanted: string): Promise<void> => until(async () => (await one(route)).includes(wanted), () => `${route} ${wanted}\n${dev.stderr()}`);

  const faults: string[] = [];
  let asked = 0, isOver = false;
  const client = async (agent?: Agent): Promise<void> => {
    while (!isOver) {
      for (const route of Object.keys(PROPER)) {
        const answer = await one(route, agent).catch((error: Error) => error.message);
        asked++;
        if (!PROPER[route]!.test(answer)) faults.push(`${route}: ${answer}`);
      }
    }
  };
  const agents = [1, 2, 3].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const clients = [...agents.map((agent) => client(agent)), client(), client()];

  await shows('/version', 'v1');
  await shows('/note', 'n1');
  await shows('/pets', '400');

  writeFileSync(path('.api.yaml.swp'), document('v2', origin));
  renameSync(path('.api.yaml.swp'), path('api.yaml'));
  await shows('/version', 'v2');
  writeFileSync(path('api.yaml'), document('v3', origin));
  await shows('/version', 'v3');
  writeFileSync(path('schemas/pet.yaml'), pet('cat, dog'));
  await shows('/pets', '200');
  writeFileSync(path('notes.yaml'), overlay('n2'));
  await shows('/note', 'n2');

  const before = dev.stderr().length;
  writeFileSync(path('api.yaml'), document('v4', origin).replace('title: Edited', 'title: [Edited'));
  await until(() => dev.stderr().slice(before).includes('not swapped: the gateway goes on with the last good build'), dev.stderr);
  assert.match(dev.stderr().slice(before), /GWC1\d{3}[^]*api\.yaml:\d+:\d+/);
  await shows('/version', 'v3');
  writeFileSync(path('api.yaml'), document('v5', origin));
  await shows('/version', 'v5');

  // The other files: broken and gone, mended and back.
  for (const [file, text, mark] of [['schemas/pet.yaml', '{type: [', 'schemas/pet.yaml'], ['notes.yaml', 'overlay: [', 'notes.yaml'], ['api.yaml', null, 'api.yaml'], ['schemas/pet.yaml', null, 'schemas/pet.yaml']] as const) {
    const from = dev.stderr().length;
    if (text === null) unlinkSync(path(file));
    else writeFileSync(path(file), text);
    await until(() => dev.stderr().slice(from).includes('not swapped'), () => `${file}: ${dev.stderr()}`);
    assert.ok(dev.stderr().slice(from).includes(mark), dev.stderr().slice(from));
    const mended = dev.stderr().length;
    writeFileSync(path(file), file === 'api.yaml' ? document('v6', origin) : file === 'notes.yaml' ? overlay('n3') : pet(text === null ? 'cat' : 'cat, dog, cow'));
    await until(() => /built in \d+ ms: 4 operations/.test(dev.stderr().slice(mended)), () => `${file}: ${dev.stderr()}`);
  }
  await shows('/version', 'v6');
  await shows('/note', 'n3');
  await shows('/pets', '400');

  // A folder made anew (git checkout) is seen by looking.
  rmSync(path('schemas'), { recursive: true });
  await until(() => /not swapped[^]*not swapped[^]*not swapped/.test(dev.stderr().slice(before)), dev.stderr);
  mkdirSync(path('schemas'));
  writeFileSync(path('schemas/pet.yaml'), pet('dog'));
  await shows('/pets', '200');

  isOver = true;
  await Promise.all(clients);
  for (const agent of agents) agent.destroy();
  assert.equal(faults, []);
  assert.ok(asked > 100, String(asked));
  // Only the last build may keep connections; the pools of the builds before it are closed.
  await until(() => sockets.size <= 5, () => `${sockets.size} connections to the backend`);

  assert.is(dev.temporary().length, 1);
  const last = one('/slow');
  await new Promise((resolve) => setTimeout(resolve, 20));
  dev.child.kill('SIGINT');
  assert.is(await last, '200 from the backend');
  assert.is(await dev.ended, 0, dev.stderr());
  assert.equal(dev.temporary(), []);
  backend.closeAllConnections();
  await new Promise((resolve) => backend.close(resolve));
});

test('a document that starts broken: diagnostics, then served as soon as it is mended', async (context) => {
  writeFileSync(join(context.folder, 'api.yaml'), 'openapi: 3.0.1\ninfo: {title: t, version: "1"}\npaths: {$ref: paths.yaml}\n'.replace('paths.yaml', 'missing/paths.yaml').replace('paths: {$ref', 'paths: {/a: {$ref').replace('}\n', '}\n').replace('yaml}', 'yaml}}'));
  const dev = gwcDev(context, 'api.yaml', '--port', '0');
  await until(() => dev.stderr().includes('not started: waiting for a change'), dev.stderr);
  assert.match(dev.stderr(), /missing\/paths\.yaml/);
  mkdirSync(join(context.folder, 'missing'));
  writeFileSync(join(context.folder, 'missing/paths.yaml'), `get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${mock('{}')}}\n`);
  assert.is((await ask(await dev.port(), 'GET', '/a', '')).status, 200);
  dev.child.kill('SIGTERM');
  assert.is(await dev.ended, 0);
});

test('many edits while it builds: builds do not overlap, and the last one wins', async (context) => {
  const write = (n: number): void => writeFileSync(join(context.folder, 'api.yaml'), document(`v${n}`, 'http://127.0.0.1:9'));
  mkdirSync(join(context.folder, 'schemas'));
  writeFileSync(join(context.folder, 'schemas/pet.yaml'), pet('cat'));
  write(1);
  const dev = gwcDev(context, 'api.yaml', '--port', '0');
  const port = await dev.port();
  for (let n = 2; n <= 12; n++) {
    write(n);
    await new Promise((resolve) => setTimeout(resolve, 90));
  }
  await until(async () => (await ask(port, 'GET', '/version', '')).body.includes('v12'), dev.stderr);
  assert.ok((dev.stderr().match(/built in/g) ?? []).length <= 12, dev.stderr());
  dev.child.kill('SIGINT');
  assert.is(await dev.ended, 0);
});

test('a key that the environment lacks: the reason, the last good build goes on', async (context) => {
  const path = join(context.folder, 'api.yaml');
  mkdirSync(join(context.folder, 'schemas'));
  writeFileSync(join(context.folder, 'schemas/pet.yaml'), pet('cat'));
  const plain = document('v1', 'http://127.0.0.1:9');
  writeFileSync(path, plain);
  const dev = gwcDev(context, 'api.yaml', '--port', '0');
  const port = await dev.port();
  writeFileSync(path, plain.replace('paths:\n', "x-gwc: {apiKeys: {partner: {env: GWC_TEST_NO_SUCH_KEY}}}\ncomponents: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}\nsecurity: [{key: []}]\npaths:\n"));
  await until(() => dev.stderr().includes('not swapped'), dev.stderr);
  assert.match(dev.stderr(), /GWC_TEST_NO_SUCH_KEY/);
  assert.is((await ask(port, 'GET', '/version', '')).status, 200);
  dev.child.kill('SIGINT');
  assert.is(await dev.ended, 0);
});

test('a port in use, a port that is none', async (context) => {
  const { folder } = context;
  writeFileSync(join(folder, 'api.yaml'), `openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: ${mock('{}')}}}}\n`);
  const taken = createTcpServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const dev = gwcDev(context, 'api.yaml', '--port', String(port));
  assert.is(await dev.ended, 1);
  taken.close();
  assert.is(dev.stderr(), `127.0.0.1:${port} is in use by another program: choose another with --port\n`);
  assert.equal(dev.temporary(), []);
  assert.ok(existsSync(join(folder, 'api.yaml')));
  const wrong = gwcDev(context, 'api.yaml', '--port', '70000');
  assert.is(await wrong.ended, 2);
  assert.is(wrong.stderr().trim(), '--port: give a number from 0 to 65535');
});

test.run();
