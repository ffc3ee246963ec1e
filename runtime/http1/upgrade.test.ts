/** Leaving HTTP: only when asked for and taken. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_LIMITS } from './limits.js';
import { createHttp1Server } from './server.js';
import { answers, open, pause, talk } from './testing/raw.js';
import { testState } from './testing/state.js';
import { takeOver } from './upgrade.js';

const test = suite('upgrade');
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: echo\r\n';
const get = (more: string, method = 'GET'): string => `${method} /echo HTTP/1.1\r\nHost: g\r\n${more}\r\n`;

async function withServer(run: (port: number) => Promise<void>): Promise<void> {
  const server = createHttp1Server((exchange) => {
    const stream = takeOver(exchange);
    if (stream === null) { exchange.reply.send(426, [], 'upgrade'); return; }
    stream.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    stream.on('error', () => {});
    stream.pipe(stream);
    // Too late: the connection is no HTTP any more.
    exchange.reply.send(200, [], 'no');
  }, testState(), { ...DEFAULT_LIMITS, idleTimeoutMs: 500 });
  const { port } = await server.listen(0, '127.0.0.1');
  try { await run(port); } finally { await server.close(0); }
}

test('bytes in the packet of the request and after it belong to the new protocol; idle timeouts do not', () => withServer(async (port) => {
  const socket = await open(port);
  let text = '';
  socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
  socket.write(`${get(UPGRADE)}first`);
  await pause(1_600);
  socket.write(' second');
  await pause(30);
  socket.end(' third');
  await new Promise((resolve) => socket.on('end', resolve));
  assert.is(text, 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst second third');
}));

test('back-pressure both ways', () => withServer(async (port) => {
  const socket = await open(port);
  socket.write(get(UPGRADE));
  const sent = 'x'.repeat(60_000_000);
  socket.pause();
  socket.end(sent);
  await pause(100);
  assert.ok(socket.writableLength > 1_000_000, 'the echo waits for its reader');
  let size = 0;
  socket.on('data', (chunk) => { size += chunk.length; });
  socket.resume();
  await new Promise((resolve) => socket.on('end', resolve));
  assert.ok(size > sent.length);
}));

test('not without asking, with a body, with another method or in HTTP/1.0', () => withServer(async (port) => {
  for (const bytes of [get('Connection: close\r\n'), get(`${UPGRADE}Content-Length: 2\r\n`) + 'ab', get(UPGRADE, 'POST'), get(UPGRADE).replace('1.1', '1.0'), get('Upgrade: echo\r\n')]) {
    assert.is(answers(await talk(port, bytes, 200))[0]!.status, 426);
  }
}));

test.run();
