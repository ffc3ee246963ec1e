/** Remote documents and `$ref`s against real servers: what is fetched, what is refused, and that nothing is called that must not be. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnosticsText } from '../../testing/diagnostics-text.js';
import { Sources } from '../../diagnostics/locate.js';
import { Reporter } from '../../diagnostics/report.js';
import { loadDocument, type LoadOptions } from '../load.js';
import { Node } from '../node.js';
import { isPublicAddress } from './addresses.js';
import { get } from './get.js';
import { RemotePermissions } from './permissions.js';

const bin = fileURLToPath(new URL('../../../../bin/gwc.js', import.meta.url));
const test = suite('remote documents');

type Answer = string | ((request: IncomingMessage, response: ServerResponse) => void);
interface Site { readonly origin: string; readonly requests: string[]; answers: Record<string, Answer> }

const servers: Server[] = [];
let folder: string;
test.before.each(() => { folder = mkdtempSync(join(tmpdir(), 'gwc-remote-')); });
test.after.each(async () => {
  rmSync(folder, { recursive: true });
  for (const server of servers.splice(0)) await new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); });
});

async function site(answers: Record<string, Answer>): Promise<Site> {
  const made: { requests: string[]; answers: Record<string, Answer>; origin: string } = { requests: [], answers, origin: '' };
  const server = createServer((request, response) => {
    made.requests.push(request.url!);
    const answer = Object.hasOwn(made.answers, request.url!) ? made.answers[request.url!]! : undefined;
    if (answer === undefined) { response.statusCode = 404; response.end(); }
    else if (typeof answer === 'string') response.end(answer);
    else answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  made.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return made;
}

const redirect = (to: string): Answer => (_, response) => { response.writeHead(302, { location: to }); response.end(); };

async function load(entry: string, options: Partial<LoadOptions> = {}) {
  const reporter = new Reporter();
  const sources = new Sources(folder);
  const document = await loadDocument(entry, { params: {}, overlays: [], cwd: folder, sources, ...options }, reporter);
  return { document, codes: reporter.diagnostics.map(({ code }) => code), messages: reporter.diagnostics.map(({ message }) => message), text: diagnosticsText({ diagnostics: reporter.diagnostics, sources }) };
}

/** A document whose one schema is `reference`. */
const pointing = (reference: string): string => `openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: '${reference}'}\n`;

test('a document named by a URL: relative, absolute and redirected references of its own origin', async () => {
  const api = await site({
    '/v1/api.yaml': pointing('models/a.yaml#/A'),
    '/v1/models/a.yaml': "A: {type: object, properties: {b: {$ref: '/shared/b.json'}, c: {$ref: '../../moved.yaml'}, again: {$ref: 'a.yaml#/A'}}}\n",
    '/shared/b.json': '{"type": "string"}',
    '/moved.yaml': redirect('/elsewhere/c.yaml'),
    '/elsewhere/c.yaml': "type: object\nproperties: {d: {$ref: 'd.yaml'}}\n",
    '/elsewhere/d.yaml': 'type: integer\n',
  });
  const { document, codes } = await load(`${api.origin}/v1/api.yaml`);
  assert.equal(codes, []);
  const properties = Node.root(document!).get('components')!.get('schemas')!.get('A')!.get('properties')!;
  assert.equal(properties.get('b')!.value, { type: 'string' });
  assert.equal(properties.get('c')!.get('properties')!.get('d')!.value, { type: 'integer' }, 'relative to where it was found');
  assert.equal([...api.requests].sort(), ['/elsewhere/c.yaml', '/elsewhere/d.yaml', '/moved.yaml', '/shared/b.json', '/v1/api.yaml', '/v1/models/a.yaml'], 'each once');
});

test('the network is not used unless it is allowed, and every refusal stands at its $ref', async () => {
  const other = await site({ '/b.yaml': 'type: string\n' });
  writeFileSync(join(folder, 'api.yaml'), pointing(`${other.origin}/b.yaml`));
  const plain = await load('api.yaml');
  assert.equal(plain.codes, ['GWC1032']);
  assert.ok(plain.text.includes('api.yaml:6:15   components.schemas.A.$ref') && plain.text.includes(`--allow-remote-from ${other.origin}`), plain.text);
  const encrypted = await load('api.yaml', { allowRemote: true });
  assert.equal([encrypted.codes, encrypted.messages[0]!.endsWith('it is not https')], [['GWC1071'], true]);
  assert.equal(other.requests, []);
  assert.equal((await load('api.yaml', { allowRemoteFrom: [other.origin] })).codes, []);
  assert.equal(other.requests, ['/b.yaml']);
});

test('a web page is no document, and the file that it shows is told', async () => {
  const page = await site({ '/group/repository/-/blob/main/pet.yaml': '<!DOCTYPE html>\n<html><body>pet.yaml</body></html>' });
  writeFileSync(join(folder, 'api.yaml'), pointing(`${page.origin}/group/repository/-/blob/main/pet.yaml`));
  const { codes, messages } = await load('api.yaml', { allowRemoteFrom: [page.origin] });
  assert.equal([codes, messages[0]!.endsWith('cannot be fetched: it is a web page, no document')], [['GWC1070'], true]);
});

test('private addresses are not called, by number or by name', async () => {
  for (const [host, address] of [['127.0.0.1:1', '127.0.0.1'], ['localhost:1', '(127.0.0.1|::1)'], ['169.254.169.254', '169.254.169.254'], ['[::1]:1', '::1'], ['[::ffff:10.0.0.1]', '::ffff:a00:1'], ['0x7f.1:1', '127.0.0.1'], ['2130706433', '127.0.0.1']] as const) {
    writeFileSync(join(folder, 'api.yaml'), pointing(`https://${host}/b.yaml`));
    const { codes, messages } = await load('api.yaml', { allowRemote: true });
    assert.equal(codes, ['GWC1071'], host);
    assert.match(messages[0]!, new RegExp(`${address} is none of the public internet$`), host);
  }
});

test('a trusted origin cannot lead on to one that is not', async () => {
  const inner = await site({ '/secret.yaml': 'type: string\n' });
  const api = await site({ '/api.yaml': pointing('/go'), '/go': redirect(`${inner.origin}/secret.yaml`) });
  const { codes, messages } = await load(`${api.origin}/api.yaml`, { allowRemote: true });
  assert.equal(codes, ['GWC1071']);
  assert.is(messages[0], `$ref '/go' is not fetched: it leads on to ${inner.origin}, and it is not https`);
  assert.equal(inner.requests, []);
  api.answers['/go'] = redirect('file:///etc/passwd');
  assert.is((await load(`${api.origin}/api.yaml`, { allowRemote: true })).messages[0], "$ref '/go' is not fetched: it leads on to a URL of file, and file is not fetched");
  api.answers['/go'] = redirect('/go');
  const round = await load(`${api.origin}/api.yaml`);
  assert.equal([round.codes, /more than 5 times/.test(round.messages[0]!)], [['GWC1070'], true]);
});

test('what was fetched never leads to a file of this machine', async () => {
  writeFileSync(join(folder, 'local.yaml'), 'type: string\n');
  const api = await site({ '/api.yaml': pointing(`file://${folder}/local.yaml`) });
  assert.equal((await load(`${api.origin}/api.yaml`, { allowOutside: true })).codes, ['GWC1072']);
  api.answers['/api.yaml'] = pointing(`${folder}/local.yaml`);
  assert.equal((await load(`${api.origin}/api.yaml`, { allowOutside: true })).codes, ['GWC1070'], 'an absolute path is one of its server');
  assert.is(api.requests.at(-1), `${folder}/local.yaml`);
  api.answers['/api.yaml'] = `Resources: {A: {Type: 'AWS::Serverless::Api', Properties: {StageName: p, DefinitionUri: '${folder}/local.yaml'}}}\nTransform: AWS::Serverless-2016-10-31\n`;
  assert.equal((await load(`${api.origin}/api.yaml`)).codes, ['GWC1164']);
});

test('an answer that is missing, broken off, no text or nonsense is said in words', async () => {
  const api = await site({
    '/short': (_, response) => { response.writeHead(200, { 'content-length': '100' }); response.write('type: string\n'); setTimeout(() => response.destroy(), 20); },
    '/bytes': (_, response) => response.end(Buffer.from([0xff, 0x00, 0x41])),
    '/gzip': (_, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }); response.end('x'); },
    '/broken': 'a: [\n',
    '/secret': (_, response) => { response.writeHead(200); response.end('type: string'); },
  });
  const outcome = async (path: string): Promise<string> => {
    writeFileSync(join(folder, 'api.yaml'), pointing(api.origin + path));
    const { codes, messages } = await load('api.yaml', { allowRemoteFrom: [api.origin] });
    return `${codes.join()} ${messages[0]?.replace(/^.*(?=: )/, '') ?? ''}`.trim();
  };
  assert.is(await outcome('/none'), 'GWC1070 : the server answers 404 Not Found');
  assert.match(await outcome('/short'), /^GWC1070 : the (answer ends before its end|connection breaks)$/);
  assert.match(await outcome('/bytes'), /^GWC1003/);
  assert.is(await outcome('/gzip'), 'GWC1070 : the server compresses what was not asked for');
  assert.match(await outcome('/broken'), /^GWC1005/);
  assert.is((await outcome('/secret')), '');
  writeFileSync(join(folder, 'api.yaml'), pointing(api.origin.replace('//', '//user:pw@') + '/secret'));
  assert.equal((await load('api.yaml', { allowRemoteFrom: [api.origin] })).codes, ['GWC1071']);
});

test('size and time are bounded', async () => {
  const api = await site({
    '/endless': (_, response) => { const timer = setInterval(() => response.write('x'.repeat(10_000)), 1); response.on('close', () => clearInterval(timer)); },
    '/slow': (_, response) => { response.write('a'); },
    '/silent': () => {},
  });
  const trusted = new RemotePermissions({ allowRemote: false, allowRemoteFrom: [api.origin] }, undefined);
  assert.equal(await get(new URL(`${api.origin}/endless`), trusted, { bytes: 50_000, ms: 5_000 }), { reason: 'it has more than 0.05 MB', refused: false });
  for (const path of ['/slow', '/silent']) assert.equal(await get(new URL(api.origin + path), trusted, { bytes: 50_000, ms: 100 }), { reason: 'it takes too long', refused: false });
});

test('no more than two hundred files are fetched', async () => {
  const api = await site({});
  api.answers = new Proxy({}, { getOwnPropertyDescriptor: (_, path) => ({ configurable: true, enumerable: true, value: path }), get: (_, path: string) => (path === '/api.yaml' ? pointing('/0') : `type: object\nproperties: {a: {$ref: '/${Number(path.slice(1)) + 1}'}}\n`) });
  const { codes, messages } = await load(`${api.origin}/api.yaml`);
  assert.equal(codes, ['GWC1071']);
  assert.match(messages[0]!, /at most 200 files$/);
  assert.is(api.requests.length, 200);
});

test('public addresses', () => {
  for (const address of ['8.8.8.8', '140.82.112.3', '2606:50c0:8000::154', '2a00:1450:4001:81b::200e']) assert.ok(isPublicAddress(address), address);
  for (const address of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.100.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1%eth0', 'fd00::1', 'ff02::1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1']) assert.not.ok(isPublicAddress(address), address);
});

/** The command as users run it; the servers of this process answer meanwhile. */
function gwc(...args: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env: { ...process.env, CI: 'true', NO_COLOR: '1' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
    child.on('close', (status) => resolve({ status, output }));
  });
}

test('gwc builds a document from a URL', async () => {
  const api = await site({
    '/api.yaml': "openapi: 3.0.3\ninfo: {title: Far, version: '1'}\npaths:\n  /a: {get: {operationId: a, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'a.yaml'}}}}}}}\n",
    '/a.yaml': 'type: object\nproperties: {name: {type: string}}\n',
  });
  const built = await gwc('build', `${api.origin}/api.yaml`, '--mock', '-o', 'out');
  assert.is(built.status, 0, built.output);
  assert.match(built.output, /^Far 1: 1 operation/);
  const kept = JSON.parse(readFileSync(join(folder, 'out/openapi.json'), 'utf8')) as { 'x-gwc-files': object };
  assert.equal(Object.keys(kept['x-gwc-files']), [`${api.origin}/a.yaml`]);
  const missing = await gwc('check', `${api.origin}/none.yaml`);
  assert.equal([missing.status, missing.output.split('\n')[0]], [1, `error GWC1001: cannot read '${api.origin}/none.yaml': the server answers 404 Not Found`]);
  const dev = await gwc('dev', `${api.origin}/api.yaml`);
  assert.equal([dev.status, /dev watches files/.test(dev.output)], [2, true]);
  const word = await gwc('check', 'api.yaml', '--allow-remote-from', 'schemas.internal');
  assert.equal([word.status, /write scheme, host and port/.test(word.output)], [2, true]);
});

test.run();
