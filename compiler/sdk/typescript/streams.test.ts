/** OpenAPI 3.2's streams end to end: a backend that sends item by item, the gateway of the document, the client of the document. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFolder, type BuiltFolder } from '../../testing/built-folder.js';
import { runGateway, type RunningGateway } from '../../testing/running-gateway.js';
import { compile } from '../../index.js';
import { install } from './testing/package.js';
import { typeCheck } from './testing/type-check.js';

interface Stream extends AsyncIterable<unknown> { cancel(): Promise<void>; readonly bytes: ReadableStream<Uint8Array> }
interface Answer { readonly ok: boolean; readonly status: number; readonly body: Stream }
interface Context { folder: string; document: string; backend: Server; gateway: RunningGateway; built: BuiltFolder; open: Map<string, ServerResponse>; closed: string[]; call(name: string, options?: object): Promise<Answer> }
const test = suite<Context>('typescript client: streams through a gateway');

const stream = (type: string, itemSchema: object): object => ({ get: { operationId: `watch${type.replace(/^.*\//, '')}`, responses: { 200: { description: 'items', content: { [type]: { itemSchema } } } } } });
const pet = { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, name: { type: 'string' } } };
const DOCUMENT = {
  openapi: '3.2.0', info: { title: 'streams', version: '1' }, 'x-gwc-validation': { response: 'enforce' },
  components: { schemas: { Pet: pet, Event: { type: 'object', required: ['data'], properties: { event: { type: 'string' }, data: { type: 'string', contentMediaType: 'application/json', contentSchema: { $ref: '#/components/schemas/Pet' } } } } } },
  paths: {
    '/lines': stream('application/jsonl', { $ref: '#/components/schemas/Pet' }),
    '/sequence': stream('application/json-seq', { $ref: '#/components/schemas/Pet' }),
    '/events': stream('text/event-stream', { $ref: '#/components/schemas/Event' }),
    '/parts': stream('multipart/mixed', { $ref: '#/components/schemas/Pet' }),
  },
};
const WRITTEN: Readonly<Record<string, { readonly type: string; readonly item: (json: string) => string; readonly end?: string }>> = {
  '/lines': { type: 'application/jsonl', item: (json) => `${json}\n` },
  '/sequence': { type: 'application/json-seq', item: (json) => `\x1e${json}\n` },
  '/events': { type: 'text/event-stream', item: (json) => `event: pet\ndata: ${json}\n\n` },
  // A part is whole when the next boundary is there.
  '/parts': { type: 'multipart/mixed; boundary=b', item: (json) => `Content-Type: application/json\r\n\r\n${json}\r\n--b\r\n`, end: '\r\n--b--' },
};
const NAMES = { '/lines': 'watchjsonl', '/sequence': 'watchjsonSeq', '/events': 'watcheventStream', '/parts': 'watchmixed' } as const;

test.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'gwc-streams-'));
  context.document = join(context.folder, 'spec.json');
  writeFileSync(context.document, JSON.stringify(DOCUMENT));
  context.open = new Map();
  context.closed = [];
  context.backend = createServer((request, response) => {
    const { type } = WRITTEN[request.url!]!;
    response.writeHead(200, { 'content-type': type });
    if (request.url === '/parts') response.write('--b\r\n');
    response.flushHeaders();
    context.open.set(request.url!, response);
    response.on('close', () => { if (!response.writableFinished) context.closed.push(request.url!); });
  });
  await new Promise<void>((resolve) => context.backend.listen(0, '127.0.0.1', resolve));
  context.built = await buildFolder(context.document, { upstream: `http://127.0.0.1:${(context.backend.address() as AddressInfo).port}` });
  context.gateway = await runGateway(context.built.gateway);
  const client = createRequire(import.meta.url)(join(dirname(context.built.client), 'index.cjs')) as Record<string, (...args: unknown[]) => Promise<Answer>>;
  const api = client['createClient']!({ baseUrl: context.gateway.url, retry: false });
  context.call = (name, options) => client[name]!(api, {}, options);
});

test.after(async ({ backend, gateway, built, folder }) => {
  backend.closeAllConnections();
  backend.close();
  await gateway.stop();
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const until = async (holds: () => boolean): Promise<void> => {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 1500) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

for (const path of ['/lines', '/sequence', '/events', '/parts'] as const) {
  const { item, end = '' } = WRITTEN[path]!;
  const expected = (id: number): unknown => (path === '/events' ? { event: 'pet', data: { id } } : { id });

  test(`${path}: each item arrives before the next is sent`, async ({ call, open }) => {
    const answer = await call(NAMES[path]);
    assert.equal([answer.status, answer.ok], [200, true]);
    const response = open.get(path)!;
    response.write(item('{"id":0}'));
    // RFC 7464: a record ends where the next one begins.
    if (path === '/sequence') response.write('\x1e');
    let count = 0;
    for await (const received of answer.body) {
      assert.equal(received, expected(count++));
      if (count === 5) response.end(end.replace(/^\r\n--b/, '--'));
      else response.write(path === '/sequence' ? `${item(`{"id":${count}}`).slice(1)}\x1e` : path === '/parts' && count === 4 ? item('{"id":4}').replace(/\r\n$/, '--') : item(`{"id":${count}}`));
    }
    assert.is(count, 5);
  });

  test(`${path}: leaving the loop ends the request at the backend; so does the caller's signal`, async ({ call, open, closed }) => {
    // One backend pauses: that its client is gone is found out all the same.
    const goOn = setInterval(() => { if (path !== '/lines') open.get(path)?.write(item('{"id":2}')); }, 50);
    const { body } = await call(NAMES[path]);
    open.get(path)!.write(item('{"id":0}') + item('{"id":1}'));
    for await (const received of body) { assert.equal(received, expected(0)); break; }
    await until(() => closed.includes(path));
    closed.length = 0;
    const controller = new AbortController();
    const second = await call(NAMES[path], { signal: controller.signal });
    open.get(path)!.write(item('{"id":0}') + item('{"id":1}'));
    const reason = new Error('enough');
    let thrown: unknown;
    try {
      for await (const received of second.body) { void received; controller.abort(reason); }
    } catch (error) { thrown = error; }
    assert.is(thrown, reason);
    await until(() => closed.includes(path));
    clearInterval(goOn);
    closed.length = 0;
  });

  test(`${path}: a backend that breaks off is no end`, async ({ call, open, closed }) => {
    const { body } = await call(NAMES[path]);
    open.get(path)!.write(item('{"id":0}'));
    setTimeout(() => open.get(path)!.destroy(), 300);
    let thrown: unknown;
    try {
      for await (const received of body) assert.equal(received, expected(0));
    } catch (error) { thrown = error; }
    assert.is((thrown as Error | undefined)?.name, 'TransportError', String(thrown));
    closed.length = 0;
  });
}

test('what is not validated is said; a mock answers with an item', async ({ document }) => {
  const { diagnostics } = await compile(document, { upstream: 'http://127.0.0.1:1' });
  assert.equal(diagnostics.filter(({ code }) => code === 'GWC2030').map(({ message }) => message).sort(), Object.values(WRITTEN).map(({ type }) => `responses of this operation are not validated: ${type.split(';')[0]} is passed on while it arrives`).sort());
  const mocked = await buildFolder(document, { mock: true });
  const gateway = await runGateway(mocked.gateway);
  try {
    const client = createRequire(import.meta.url)(join(dirname(mocked.client), 'index.cjs')) as Record<string, (...args: unknown[]) => Promise<Answer>>;
    const api = client['createClient']!({ baseUrl: gateway.url, retry: false });
    for (const [path, name] of Object.entries(NAMES)) {
      const found: unknown[] = [];
      for await (const item of (await client[name]!(api)).body) found.push(item);
      assert.is(found.length, 1, path);
      const [item] = found as [{ id: number; data: { id: number } }];
      assert.type(path === '/events' ? item.data.id : item.id, 'number', `${path} ${JSON.stringify(found)}`);
    }
  } finally {
    await gateway.stop();
    mocked.remove();
  }
});

test('items are typed', async ({ document }) => {
  const { clients } = await compile(document, { mock: true });
  const client = install(clients!.get('typescript')!);
  try {
    const readme = client.read('README.md');
    const snippets = [...readme.matchAll(/^```ts\n(.*?)\n```$/gms)].map((match) => match[1]!);
    assert.ok(snippets.some((text) => text.includes('for await')), readme);
    const usage = `import { createClient, unwrap, watcheventStream, watchjsonl, type ItemStream, type Pet } from 'streams-client';
const api = createClient({ baseUrl: 'http://localhost' });
const stream: ItemStream<Pet> = await unwrap(watchjsonl(api));
for await (const pet of stream) { const id: number = pet.id; void id; break; }
const result = await watcheventStream(api);
if (result.ok) for await (const event of result.body) {
  const id: number = event.data.id; const kind: string | undefined = event.event; void [id, kind];
  // @ts-expect-error data is a Pet
  const text: string = event.data; void text;
}
const bytes: ReadableStream<Uint8Array> = stream.bytes; void bytes;
`.replaceAll('streams-client', client.name);
    assert.equal(typeCheck([client.write('usage.mts', usage), ...snippets.map((text, index) => client.write(`readme-${index}.mts`, `${text}\nexport {};\n`)), ...['src/index.ts', 'index.d.ts', 'index.d.cts'].map((path) => `${client.folder}/${path}`)]), []);
  } finally { client.remove(); }
});

test.run();
