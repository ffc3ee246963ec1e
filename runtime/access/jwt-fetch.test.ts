/** Documents of issuers come whole, in time and in size (auth.md §8: 1 500 ms each, at most 150 000 bytes), or not at all. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchDocument } from './jwt-fetch.js';

const test = suite('documents of issuers');
const servers: Server[] = [];
test.after(() => { for (const server of servers) { server.closeAllConnections(); server.close(); } });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
}
const failure = (url: string): Promise<string> => fetchDocument(url).then(() => 'came', (error: Error) => error.message);
/** A document of exactly so many bytes. */
const sized = (bytes: number): string => `{"keys":"${'x'.repeat(bytes - 11)}"}`;

test('150 000 bytes are read, one more is not, however it is said', async () => {
  assert.is(sized(150_000).length, 150_000);
  assert.is(((await fetchDocument(await serve((_, response) => response.end(sized(150_000)))))['keys'] as string).length, 149_989);
  assert.match(await failure(await serve((_, response) => response.end(sized(150_001)))), /jwks: /);
  assert.match(await failure(await serve((_, response) => { response.write(sized(150_001).slice(0, 80_000)); response.end(sized(150_001).slice(80_000)); })), /jwks: /);
});

test('an issuer that says nothing, or never ends, is given up', async () => {
  for (const [name, listener, most] of [
    ['nothing', () => {}, 2_600], ['half a head', (_: unknown, response: { socket: { write(text: string): void } | null }) => { response.socket!.write('HTTP/1.1 200 OK\r\nContent-'); }, 2_600],
    ['drop by drop', (_: unknown, response: { write(text: string): void }) => { const timer = setInterval(() => { try { response.write(' '); } catch { clearInterval(timer); } }, 100).unref(); }, 4_100],
  ] as const) {
    const started = performance.now();
    assert.is.not(await failure(await serve(listener as RequestListener)), 'came', name);
    const took = performance.now() - started;
    assert.ok(took > 1_200 && took < most, `${name}: ${took} ms`);
  }
});

test('what is no document of an issuer', async () => {
  for (const text of ['', 'null', '[]', '"keys"', '{', '<html>']) assert.match(await failure(await serve((_, response) => response.end(text))), /is no JSON object/, text);
  let followed = false;
  const target = await serve((_, response) => { followed = true; response.end('{}'); });
  assert.match(await failure(await serve((_, response) => response.writeHead(302, { Location: target }).end())), /answered 302/);
  assert.not.ok(followed);
  for (const url of ['file:///etc/passwd', 'http://user:pass@127.0.0.1/', 'nowhere']) assert.is.not(await failure(url), 'came');
});

test.run();
