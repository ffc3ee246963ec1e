/** The ES module in a page of headless Chromium, calling a server of another origin: credentials, forms, signatures, errors, aborts. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../diagnostics/report.js';
import { buildSdkModel } from '../model.js';
import { zoo } from '../testing/zoo.js';
import { emitTypescript } from './emit.js';
import type { SignableRequest } from './support/auth.js';
import { sigV4 } from './support/sigv4.js';
import { install } from './testing/package.js';
import { startService } from './testing/service.js';

const test = suite('typescript client: browser');
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

if (!executablePath) {
  console.log('skipped: the client in a browser, because there is no chromium');
  test.skip('in Chromium', () => undefined);
} else {
  test('in Chromium', async () => {
    const client = install(emitTypescript(buildSdkModel(zoo(), 'abc', new Reporter())));
    const service = await startService({ cors: true });
    const pages = createServer((request, response) => {
      const path = request.url === '/' ? undefined : join(client.folder, new URL(request.url!, 'http://x').pathname);
      if (path && !existsSync(path)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': path && extname(path) === '.js' ? 'text/javascript' : 'text/html' }).end(path ? readFileSync(path) : '<!doctype html><title>client</title>');
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    let browser: Browser | undefined;
    try {
      browser = await chromium.launch({ executablePath, args: ARGUMENTS });
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(pages.address() as AddressInfo).port}/`);
      const inPage = (code: string): Promise<unknown> => page.evaluate(`(async () => { const all = await import('/index.js'); const baseUrl = ${JSON.stringify(service.url)}; ${code} })()`);

      service.answer({ status: 503 }, { body: '{"kind":"cat","lives":9}', headers: { 'x-amzn-requestid': 'r-7' } });
      assert.equal(await inPage(`const api = all.createClient({ baseUrl, auth: { key: 'k' }, retry: { baseDelayMs: 1 } }); const { ok, body, requestId } = await all.getAnimal(api, { animalId: 'ü/1' }); return { ok, body, requestId };`), { ok: true, body: { kind: 'cat', lives: 9 }, requestId: 'r-7' });
      assert.equal(service.received.map(({ url, headers }) => [url, headers['x-api-key']]), Array(2).fill(['/animals/%C3%BC%2F1', 'k']));

      service.answer({ body: Buffer.from([1, 2, 3]), headers: { 'content-type': 'image/png' } });
      assert.equal(await inPage(`const blob = await all.unwrap(all.uploadPhoto(all.createClient({ baseUrl }), { animalId: '1', body: { photo: new File(['bytes'], 'é.png', { type: 'image/png' }), caption: 'c' } })); return [blob.type, blob.size];`), ['image/png', 3]);
      const upload = await new Response(new Uint8Array(service.received[0]!.body), { headers: { 'content-type': service.received[0]!.headers['content-type']! } }).formData();
      assert.equal([(upload.get('photo') as File).name, await (upload.get('photo') as File).text(), upload.get('caption')], ['é.png', 'bytes', 'c']);

      service.answer({ body: '' });
      await inPage(`await all.proxy(all.createClient({ baseUrl, auth: { iam: all.sigV4({ region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }, now: () => new Date('2026-01-02T03:04:05Z') }) } }), { method: 'PUT', proxy: 'a b/c', body: new Blob(['signed']) });`);
      const { headers, url, method } = service.received[0]!;
      const same: SignableRequest = { method, url: new URL(url, service.url), headers: new Headers({ 'content-type': headers['content-type']! }), body: 'signed' };
      await sigV4({ region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }, now: () => new Date('2026-01-02T03:04:05Z') })(same);
      assert.equal([headers.authorization, headers['x-amz-date'], headers['x-amz-security-token']], [same.headers.get('authorization'), '20260102T030405Z', 'session']);

      service.answer({ status: 429, headers: { 'x-amzn-errortype': 'LimitExceededException' }, body: '{"message":"Limit Exceeded"}' });
      assert.equal(await inPage(`try { await all.unwrap(all.getAnimal(all.createClient({ baseUrl }), { animalId: '1' })); } catch (error) { return [error instanceof all.QuotaExceededError, error.status, error.gateway.kind]; }`), [true, 429, 'quota']);

      service.answer({ delayMs: 3000 });
      assert.is(await inPage(`try { await all.getAnimal(all.createClient({ baseUrl, retry: false, attemptTimeoutMs: 50 }), { animalId: '1' }); } catch (error) { return error.name; }`), 'TimeoutError');
      assert.is(await inPage(`const controller = new AbortController(); setTimeout(() => controller.abort(), 50); try { await all.getAnimal(all.createClient({ baseUrl }), { animalId: '1' }, { signal: controller.signal }); } catch (error) { return error.name; }`), 'AbortError');
      assert.is(await inPage(`try { await all.getAnimal(all.createClient({ baseUrl: 'http://127.0.0.1:1', retry: false }), { animalId: '1' }); } catch (error) { return error.name; }`), 'TransportError');

      service.answer({ body: 'data: 1\n\ndata: 2\n\n', headers: { 'content-type': 'text/event-stream' } });
      assert.is(await inPage(`return new Response(await all.unwrap(all.watch(all.createClient({ baseUrl })))).text();`), 'data: 1\n\ndata: 2\n\n');
    } finally {
      await browser?.close();
      pages.closeAllConnections();
      pages.close();
      await service.close();
      client.remove();
    }
  });
}

test.run();
