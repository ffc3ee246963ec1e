/** The pool: reuse, bounds, several targets, DNS names. */
import dns from 'node:dns';
import * as http from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Exchange, ReplyWatcher } from '../exchange.js';
import { FlatFields } from '../node-http/flat-fields.js';
import type { Upstream } from '../backends/upstream.js';
import { NO_BODY } from '../body/no-body.js';
import { pause } from './testing/raw.js';
import { createUpstream } from './upstream.js';

const test = suite('upstream pool');
const OPTIONS = { maxConnections: 2, connectTimeoutMs: 150, idleTimeoutMs: 150, bodyTimeoutMs: 1_000 };
const closing: (() => void)[] = [];
test.after(() => { for (const close of closing) close(); });

async function backend(name: string): Promise<{ port: number; sockets: Set<Socket>; opened: () => number; server: http.Server }> {
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = http.createServer((incoming, outgoing) => { incoming.resume(); setTimeout(() => outgoing.end(name), 10); });
  server.on('connection', (socket: Socket) => { opened++; sockets.add(socket); socket.on('close', () => sockets.delete(socket)); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => { server.closeAllConnections(); server.close(); });
  return { port: (server.address() as AddressInfo).port, sockets, opened: () => opened, server };
}

function ask(upstream: Upstream, timeoutMs = 2_000, method = 'GET'): Promise<string> {
  return new Promise((resolve) => {
    upstream.call({ method, target: '/', fields: [], host: '', body: null, timeoutMs }, 1_000, (answer) => resolve(answer.body.toString()), (failure, detail) => resolve(`${failure}: ${detail}`));
  });
}

test('no more connections than allowed, kept and used again, closed when idle', async () => {
  const one = await backend('one');
  const upstream = createUpstream(`http://localhost:${one.port}`, OPTIONS);
  assert.equal(await Promise.all(Array.from({ length: 20 }, () => ask(upstream))), Array.from({ length: 20 }, () => 'one'));
  assert.is(one.opened(), 2);
  assert.is(await ask(upstream), 'one');
  assert.is(one.opened(), 2);
  await pause(400);
  assert.is(one.sockets.size, 0);
  assert.is(await ask(upstream), 'one');
  upstream.close();
  await pause(30);
  assert.is(one.sockets.size, 0);
});

test('a name is resolved for every connection, and no connection outlives its answer by more than five minutes', async () => {
  const old = await backend('old');
  const moved = http.createServer((_incoming, outgoing) => { outgoing.end('new'); });
  await new Promise<void>((resolve) => moved.listen(old.port, '127.0.0.2', resolve));
  closing.push(() => { moved.closeAllConnections(); moved.close(); });
  const { lookup } = dns;
  const now = performance.now.bind(performance);
  let address = '127.0.0.1';
  dns.lookup = ((_name: string, options: { all?: boolean }, done: (error: null, ...found: unknown[]) => void) => {
    if (options.all === true) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  }) as never;
  try {
    const upstream = createUpstream(`http://backend.test:${old.port}`, { ...OPTIONS, connectTimeoutMs: 4_000, idleTimeoutMs: 600_000 });
    assert.is(await ask(upstream), 'old');
    address = '127.0.0.2';
    assert.is(await ask(upstream), 'old', 'the connection is kept');
    performance.now = () => now() + 301_000;
    // What is old is used once more, then closed.
    await ask(upstream, 400_000);
    assert.is(await ask(upstream, 400_000), 'new');
    upstream.close();
  } finally {
    dns.lookup = lookup;
    performance.now = now;
  }
});

test('close lets a call under way finish', async () => {
  const one = await backend('one');
  const upstream = createUpstream(`http://127.0.0.1:${one.port}`, OPTIONS);
  const asked = ask(upstream);
  await pause(5);
  upstream.close();
  assert.is(await asked, 'one');
  await pause(30);
  assert.is(one.sockets.size, 0);
});

test('several targets take turns; ones that are down are passed over, for POST too', async () => {
  const [one, two] = [await backend('one'), await backend('two')];
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const gonePort = (gone.address() as AddressInfo).port;
  await new Promise((resolve) => gone.close(resolve));
  const upstream = createUpstream([`http://127.0.0.1:${one.port}`, `http://127.0.0.1:${gonePort}`, 'http://192.0.2.1:81', `http://127.0.0.1:${two.port}`], { ...OPTIONS, maxConnections: 8 });
  const answers: string[] = [];
  for (let i = 0; i < 8; i++) answers.push(await ask(upstream, 2_000, 'POST'));
  for (const name of ['one', 'two']) assert.ok(answers.filter((answer) => answer === name).length >= 3, answers.join());
  assert.ok(answers.every((answer) => answer === 'one' || answer === 'two'), answers.join());
  upstream.close();
  const none = createUpstream([`http://127.0.0.1:${gonePort}`, `http://127.0.0.1:${gonePort}`], OPTIONS);
  assert.match(await ask(none), /^connect: .*ECONNREFUSED/);
  none.close();
});

test('a connection to another target is used when no more may be opened', async () => {
  const [one, two] = [await backend('one'), await backend('two')];
  const upstream = createUpstream([`http://127.0.0.1:${one.port}`, `http://127.0.0.1:${two.port}`], { ...OPTIONS, maxConnections: 1, idleTimeoutMs: 60_000, connectTimeoutMs: 4_000 });
  const answers = [await ask(upstream, 4_000), await ask(upstream, 4_000), await ask(upstream, 4_000)];
  assert.ok(answers.every((answer) => answer === answers[0]) && ['one', 'two'].includes(answers[0]!), answers.join());
  upstream.close();
});

test('calls whose client went away while they waited are let go of', async () => {
  const server = createServer((socket) => { socket.on('error', () => {}); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const upstream = createUpstream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { ...OPTIONS, maxConnections: 1, connectTimeoutMs: 60_000 });
  const failures: string[] = [];
  const replies = Array.from({ length: 50 }, () => {
    const reply = { started: false, ended: false, watcher: null as ReplyWatcher | null };
    upstream.relay({ method: 'GET', head: new FlatFields([]), incoming: NO_BODY, body: null, reply } as unknown as Exchange,
      { method: 'GET', target: '/', host: '', extra: [], rules: { dropRequest: new Set(), dropResponse: new Set(), remapResponse: new Set() }, responseDefaults: [], timeoutMs: 60_000 },
      (_exchange, failure) => { failures.push(failure); });
    return new WeakRef(reply);
  });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => { collect(); return replies.filter((reply) => reply.deref() !== undefined).length; };
  await pause(20);
  assert.is(held(), 50);
  for (const reply of replies) reply.deref()!.watcher!.onClientGone();
  await pause(200);
  assert.ok(held() <= 1, `${held()} held`);
  assert.equal(failures, replies.map(() => 'aborted'));
  upstream.close();
});

test('what a backend says about its patience is heeded', async () => {
  const one = await backend('one');
  one.server.keepAliveTimeout = 1_000;
  const upstream = createUpstream(`http://127.0.0.1:${one.port}`, { ...OPTIONS, idleTimeoutMs: 60_000 });
  assert.is(await ask(upstream), 'one');
  await pause(150);
  assert.is(one.sockets.size, 0, 'closed by us, well before the backend would');
  upstream.close();
});

test('a caller that throws fails its own call only', async () => {
  const one = await backend('one');
  const upstream = createUpstream(`http://127.0.0.1:${one.port}`, OPTIONS);
  const failure = await new Promise<string>((resolve) => {
    upstream.call({ method: 'GET', target: '/', fields: [], host: '', body: null, timeoutMs: 1_000 }, 1_000, () => { throw new Error('bug'); }, (kind, detail) => resolve(`${kind}: ${detail}`));
  });
  assert.match(failure, /^protocol: the answer could not be handled: Error: bug/);
  assert.is(await ask(upstream), 'one');
  upstream.close();
});

test('origins that are none', () => {
  assert.throws(() => createUpstream('ftp://x', OPTIONS), /not an HTTP origin/);
  assert.throws(() => createUpstream('x', OPTIONS), TypeError);
  assert.throws(() => createUpstream([], OPTIONS), /needs an origin/);
});

test.run();
