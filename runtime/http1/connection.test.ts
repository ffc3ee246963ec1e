/** What only the node:net transport promises: half-closed connections, bounds on what a connection holds, timeouts of every phase. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RequestHandler } from '../exchange.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { createHttp1Server } from './server.js';
import { answers, open, pause, talk } from './testing/raw.js';
import { testState } from './testing/state.js';

const test = suite('HTTP/1.1 connection');
const events: string[] = [];

const handler: RequestHandler = (exchange) => {
  const path = Buffer.from(exchange.target).toString('latin1', exchange.pathStart, exchange.pathEnd);
  const { reply } = exchange;
  if (path === '/later') setTimeout(() => reply.send(200, [], 'later'), 60);
  else if (path === '/collect-later') setTimeout(() => exchange.incoming.collect(1_000_000, (body) => reply.send(200, [], String(body.length))), 60);
  else if (path === '/echo') exchange.incoming.collect(1_000_000, (body) => reply.send(200, [], body));
  else if (path === '/pipe') exchange.incoming.pipe({ onData: () => true, onEnd: () => reply.send(200, [], 'piped'), onAbort: (reason) => events.push(reason) });
  else if (path === '/slow') exchange.incoming.pipe({ onData: () => { setTimeout(() => exchange.incoming.resume(), 40); return false; }, onEnd: () => setTimeout(() => reply.send(200, [], 'slowly'), 5), onAbort: () => {} });
  else if (path === '/throw-later') exchange.incoming.collect(1_000, () => { throw new Error('bug'); });
  else if (path === '/never') events.push('waiting');
  else if (path === '/endless') { reply.begin(200, [], -1, () => {}); reply.write(Buffer.alloc(20_000_000)); }
  else if (path === '/keep') { const { target, head } = exchange; setTimeout(() => { events.push(`${Buffer.from(target).toString('latin1', exchange.pathStart, exchange.pathEnd)} ${head.get('x')!}`); }, 50); reply.send(200, [], 'kept'); }
  else reply.send(200, [], path);
};

async function withServer(limits: Partial<Limits>, run: (port: number) => Promise<void>): Promise<void> {
  events.length = 0;
  const server = createHttp1Server(handler, testState(), { ...DEFAULT_LIMITS, ...limits });
  const { port } = await server.listen(0, '127.0.0.1');
  try { await run(port); } finally { await server.close(0); }
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: g\r\n${more}\r\n`;

/** Sends, closes its half, and collects what comes. */
async function halfClose(port: number, bytes: string): Promise<string> {
  const socket = await open(port);
  let text = '';
  socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
  const over = new Promise((resolve) => { socket.on('end', resolve); socket.on('close', resolve); });
  socket.end(bytes, 'latin1');
  await over;
  socket.destroy();
  return text;
}

test('a client that closed its half gets its answers, then the close', () => withServer({}, async (port) => {
  assert.equal(answers(await halfClose(port, get('/later') + get('/x') + get('/later'))).map(({ body }) => body), ['later', '/x', 'later']);
  assert.equal(answers(await halfClose(port, 'POST /collect-later HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nhello')).map(({ body }) => body), ['5']);
  assert.equal(answers(await halfClose(port, 'POST /collect-later HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')).map(({ body }) => body), ['5']);
  assert.is(await halfClose(port, 'GET /x HTTP/1.1\r\nHos'), '');
  assert.is(await halfClose(port, ''), '');
  assert.is(await halfClose(port, 'POST /pipe HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nhel'), '');
  assert.is(await halfClose(port, 'POST /echo HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'), '');
  assert.is(await halfClose(port, 'POST /collect-later HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'), '');
  assert.equal(events, ['the client went away']);
}));

test('a body that comes before it is asked for waits, however large, and is whole', () => withServer({}, async (port) => {
  const [answer] = answers(await talk(port, `POST /collect-later HTTP/1.1\r\nHost: g\r\nContent-Length: 700000\r\nConnection: close\r\n\r\n${'x'.repeat(700_000)}`));
  assert.is(answer!.body, '700000');
}));

test('a connection whose reading was paused for a large body is read on after it', () => withServer({}, async (port) => {
  // Sizes around one and two reads of 64 KB: the end of the body arrives while nobody takes it and reading has stopped.
  for (const size of [70_000, 131_000, 131_072, 150_000, 200_000]) {
    for (const path of ['/slow', '/collect-later']) {
      const start = `POST ${path} HTTP/1.1\r\nHost: g\r\nContent-Length: ${size}\r\n\r\n`;
      const list = answers(await talk(port, [start, 'x'.repeat(100), 'x'.repeat(size - 100), ...Array.from({ length: 24 }, () => ''), get('/next', 'Connection: close\r\n')]));
      assert.equal(list.map(({ body }) => body), [path === '/slow' ? 'slowly' : String(size), '/next'], `${path} ${size}`);
    }
  }
}));

test('each phase has its timeout: idle, head, body, whole request, writing', () => withServer({ idleTimeoutMs: 500, headTimeoutMs: 500, bodyTimeoutMs: 500, requestTimeoutMs: 2_000, writeTimeoutMs: 500 }, async (port) => {
  const started = Date.now();
  const [idle, silent, body, endless] = await Promise.all([
    talk(port, get('/x'), 5_000),
    talk(port, '', 5_000),
    talk(port, 'POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nhel', 5_000),
    (async () => {
      const socket = await open(port);
      socket.write('POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 500\r\n\r\n');
      let text = '';
      socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
      const timer = setInterval(() => socket.write('x'), 100);
      await new Promise((resolve) => socket.on('end', resolve));
      clearInterval(timer);
      socket.destroy();
      return text;
    })(),
    (async () => {
      const socket = await open(port);
      socket.write(get('/endless'));
      socket.pause();
      await pause(2_500);
      socket.resume();
      await new Promise((resolve) => socket.on('close', resolve));
    })(),
  ]);
  assert.is(answers(idle!).length, 1);
  assert.is(silent, '');
  assert.equal([answers(body!)[0]!.status, answers(endless!)[0]!.status], [408, 408]);
  assert.ok(Date.now() - started < 6_000);
}));

test('a handler that throws when its body has come is answered for, and the connection ends', () => withServer({}, async (port) => {
  const list = answers(await talk(port, ['POST /throw-later HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nhe', 'llo', get('/x')]));
  assert.equal(list.map(({ status, fields }) => [status, fields.connection]), [[500, 'close']]);
  assert.is(answers(await talk(port, get('/x', 'Connection: close\r\n'))).length, 1);
}));

test('requests per connection', () => withServer({ requestsPerConnection: 2 }, async (port) => {
  assert.equal(answers(await talk(port, get('/1') + get('/2') + get('/3'))).map(({ body, fields }) => [body, fields.connection]), [['/1', 'keep-alive'], ['/2', 'close']]);
}));

test('an exchange that is kept sees its own request, whatever comes after it', () => withServer({}, async (port) => {
  await talk(port, [get('/keep', 'X: one\r\n') + get('/other', 'X: two\r\n'), get('/third', 'X: three\r\n'), get('/4', 'Connection: close\r\nX: four\r\n')]);
  await pause(60);
  assert.equal(events, ['/keep one']);
}));

test('connections in total', () => withServer({ connections: 1 }, async (port) => {
  const first = await open(port);
  await pause(10);
  assert.is(await talk(port, get('/x')), '');
  first.destroy();
  await pause(20);
  assert.is(answers(await talk(port, get('/x', 'Connection: close\r\n'))).length, 1);
}));

test.run();
