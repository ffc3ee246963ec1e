/** What every HTTP/1.1 transport must do, over real sockets. Long because it is one list of behaviours, run once per transport. */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantAnswer, type Exchange, type RequestHandler } from '../../exchange.js';
import type { GatewayServer } from '../../gateway-server.js';
import type { GatewayState } from '../../gateway-state.js';
import type { RelayRules, Upstream } from '../../backends/upstream.js';
import { DEFAULT_LIMITS, type Limits } from '../limits.js';
import { createUpstream } from '../upstream.js';
import { answers, open, pause, talk } from './raw.js';
import { testState } from './state.js';

type Create = (handler: RequestHandler, state: GatewayState, limits: Limits) => GatewayServer;

const RULES: RelayRules = { dropRequest: new Set(['via']), dropResponse: new Set(['x-internal']), remapResponse: new Set(['server', 'date']) };
const HELLO = constantAnswer(200, ['Content-Type', 'application/json'], '{"hello":"wörld"}');

export function pathOf(exchange: Exchange): string {
  return Buffer.from(exchange.target).toString('latin1', exchange.pathStart, exchange.pathEnd);
}

function relayed(exchange: Exchange): string {
  return Buffer.from(exchange.target).toString('latin1', exchange.pathStart, Math.max(exchange.pathEnd, exchange.queryEnd));
}

export function transportSuite(name: string, create: Create): { run(): void } {
  const test = suite(`transport: ${name}`);
  let backend: http.Server;
  let upstream: Upstream;
  const seen: { method: string; url: string; fields: string[]; body: string }[] = [];
  const events: string[] = [];

  test.before(async () => {
    backend = http.createServer((incoming, outgoing) => {
      let body = '';
      incoming.setEncoding('latin1');
      incoming.on('data', (chunk: string) => { body += chunk; });
      incoming.on('error', () => {});
      incoming.on('end', () => {
        seen.push({ method: incoming.method!, url: incoming.url!, fields: incoming.rawHeaders, body });
        const { pathname } = new URL(incoming.url!, 'http://x');
        switch (pathname) {
          case '/relay/chunks':
            outgoing.write('one ');
            setTimeout(() => outgoing.end('two'), 20);
            break;
          case '/relay/cut':
            outgoing.writeHead(200, { 'Content-Length': '100' });
            outgoing.write('part');
            setTimeout(() => incoming.socket.destroy(), 20);
            break;
          case '/relay/close': incoming.socket.destroy(); break;
          case '/relay/stall': break;
          case '/relay/early': outgoing.writeEarlyHints({ link: '</a.css>; rel=preload' }); outgoing.end('late'); break;
          case '/relay/big': outgoing.end(Buffer.alloc(3_000_000, 0x61)); break;
          case '/relay/204': outgoing.writeHead(204).end(); break;
          case '/relay/304': outgoing.writeHead(304, { ETag: '"x"' }).end(); break;
          default:
            outgoing.writeHead(201, ['Content-Type', 'text/plain', 'Server', 'backend', 'X-Internal', 'secret', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Connection', 'keep-alive, X-Hop', 'X-Hop', '1']);
            outgoing.end(incoming.method === 'HEAD' ? undefined : `got ${body.length}`);
        }
      });
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    upstream = createUpstream(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`, { maxConnections: 8, connectTimeoutMs: 500, idleTimeoutMs: 5_000, bodyTimeoutMs: 2_000 });
  });

  test.after(() => { upstream.close(); backend.closeAllConnections(); backend.close(); });

  const handler: RequestHandler = (exchange) => {
    const path = pathOf(exchange);
    const { reply } = exchange;
    if (path.startsWith('/relay/')) {
      const timeoutMs = path === '/relay/stall' ? 120 : 5_000;
      upstream.relay(exchange, {
        method: exchange.method, target: relayed(exchange), host: '', extra: ['X-Added', 'yes', 'x-replaced', 'by the gateway'], rules: RULES,
        responseDefaults: ['content-type', 'application/json'], timeoutMs, finished: (done) => { events.push(`finished ${done.status} ${done.reply.bodyBytes}`); },
      }, (_exchange, failure) => { events.push(`failed ${failure}`); reply.send(failure === 'timeout' ? 504 : 502, ['Content-Type', 'text/plain'], failure); });
      return;
    }
    switch (path) {
      case '/hello': reply.sendConstant(HELLO, ['X-Id', '1']); return;
      case '/later': setTimeout(() => reply.send(200, [], 'later'), 30); return;
      case '/echo': exchange.incoming.collect(1_000, (body) => reply.send(200, ['X-Length', String(body.length)], body)); return;
      case '/count': {
        let count = 0;
        exchange.incoming.pipe({ onData: (chunk) => { count += chunk.length; return true; }, onEnd: () => reply.send(200, [], String(count)), onAbort: (reason) => { events.push(`abort: ${reason}`); } });
        return;
      }
      case '/stream':
        reply.begin(200, ['X-Mode', 'stream'], -1, () => {});
        reply.write(Buffer.from('a'));
        setTimeout(() => { reply.write(Buffer.from('bc')); reply.end(); }, 20);
        return;
      case '/counted': reply.begin(200, [], 3, () => {}); reply.write(Buffer.from('abc')); reply.end(); return;
      case '/short': reply.begin(200, [], 10, () => {}); reply.write(Buffer.from('abc')); reply.end(); return;
      case '/flood': {
        let left = 200;
        const chunk = Buffer.alloc(65_536, 0x62);
        const go = (): void => { while (left > 0) { left--; if (!reply.write(chunk)) { events.push('paused'); return; } } reply.end(); };
        reply.begin(200, [], left * chunk.length, go);
        go();
        return;
      }
      case '/large': reply.send(200, [], Buffer.alloc(2_000_000, 0x63)); return;
      case '/split': reply.send(200, ['Location', `/x\r\nSet-Cookie: evil=1`], 'x'); return;
      case '/wide': reply.send(200, ['X-Wide', 'a\u010d\u010aSet-Cookie: evil=1'], 'x'); return;
      case '/name': reply.send(200, ['X\r\nY', 'a'], 'x'); return;
      case '/framing': reply.send(200, ['Content-Length', '1', 'Transfer-Encoding', 'chunked', 'Connection', 'close', 'X-Kept', 'y'], 'four'); return;
      case '/204': reply.send(204, ['X-A', 'b'], 'ignored'); return;
      case '/304': reply.send(304, ['ETag', '"x"'], null); return;
      case '/throw': throw new Error('bug');
      case '/watch': reply.watcher = { onClientGone: () => { events.push('gone'); } }; return;
      case '/twice': reply.send(200, [], 'first'); reply.send(200, [], 'second'); return;
      case '/early': reply.send(403, [], 'no'); return;
      default: reply.send(404, [], path === '' ? 'outside' : path);
    }
  };

  async function withServer(run: (port: number, server: GatewayServer) => Promise<void>, limits: Partial<Limits> = {}, state = testState({ payloadLimit: 1_000 })): Promise<void> {
    seen.length = events.length = 0;
    const server = create(handler, state, { ...DEFAULT_LIMITS, ...limits });
    const { port } = await server.listen(0, '127.0.0.1');
    try { await run(port, server); } finally { await server.close(100); }
  }

  const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: gateway\r\n${more}\r\n`;
  const last = (path: string, more = ''): string => get(path, `Connection: close\r\n${more}`);

  test('pipelined requests are answered in order, whatever takes longer', () => withServer(async (port) => {
    const list = answers(await talk(port, get('/later') + get('/hello') + get('/stream') + get('/counted') + get('/relay/chunks') + last('/later')));
    assert.equal(list.map(({ status, body }) => [status, body]), [[200, 'later'], [200, '{"hello":"w\xc3\xb6rld"}'], [200, 'abc'], [200, 'abc'], [200, 'one two'], [200, 'later']]);
    assert.is(list[1]!.fields['x-id'], '1');
    assert.is(list[1]!.fields['content-type'], 'application/json');
    assert.ok(list[1]!.fields.date);
    assert.is(list.at(-1)!.fields.connection, 'close');
  }));

  test('HEAD, 204 and 304 have no body, and the next answer follows at once', () => withServer(async (port) => {
    const head = (path: string): string => get(path).replace('GET', 'HEAD');
    const text = await talk(port, head('/hello') + get('/204') + get('/304') + head('/relay/x') + get('/relay/204') + get('/relay/304') + head('/stream') + last('/hello'));
    const list = answers(text, [0, 3, 6]);
    assert.equal(list.map(({ status }) => status), [200, 204, 304, 201, 204, 304, 200, 200]);
    assert.is(list[0]!.fields['content-length'], '18');
    assert.is(list[1]!.fields['content-length'], undefined);
    assert.is(list[5]!.fields.etag, '"x"');
    assert.is(list[7]!.body, '{"hello":"w\xc3\xb6rld"}');
  }));

  test('bodies: counted, chunked, in pieces, empty', () => withServer(async (port) => {
    const list = answers(await talk(port, [
      'POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nhel', 'lo', 'POST /echo HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nd', 'e\r\n0\r\nX: t\r\n\r\n',
      'POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n', 'POST /count HTTP/1.1\r\nHost: g\r\nContent-Length: 10\r\n\r\n12345', '67890', 'POST /count HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n', last('/hello'),
    ]));
    assert.equal(list.map(({ body }) => body).slice(0, 5), ['hello', 'abcde', '', '10', '10']);
    assert.is(list.length, 6);
  }));

  test('a body over the limit: the gateway response when collecting, the front layer when declared beyond the listener', () => withServer(async (port) => {
    const chunked = `POST /echo HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n${'100\r\n' + 'x'.repeat(256) + '\r\n'}`;
    const list = answers(await talk(port, chunked + `${'100\r\n' + 'x'.repeat(256) + '\r\n'}`.repeat(8) + '0\r\n\r\n'));
    assert.equal([list[0]!.status, list[0]!.body], [413, '{"message":"Request Too Long"}']);
    const declared = answers(await talk(port, 'POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 1001\r\n\r\n'));
    assert.equal([declared[0]!.status, declared[0]!.body], [413, '{"message":"Request Too Long"}']);
    const front = answers(await talk(port, 'POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 5001\r\n\r\nxx'));
    assert.equal([front[0]!.status, front[0]!.body, front[0]!.fields['content-type'], front[0]!.fields.connection], [413, 'HTTP content length exceeded 5000 bytes.', 'text; charset=utf-8', 'close']);
    const streamed = answers(await talk(port, chunked.replace('/echo', '/count') + `${'100\r\n' + 'x'.repeat(256) + '\r\n'}`.repeat(30)));
    assert.is(streamed[0]!.status, 413);
    assert.equal(events, ['abort: the request body is too large']);
  }, { bodyBytes: 5_000 }));

  test('header and target limits', () => withServer(async (port) => {
    assert.equal(answers(await talk(port, get('/hello', `X: ${'y'.repeat(10_000)}\r\n`) + last('/hello'))).map(({ status }) => status), [200, 200]);
    const [large] = answers(await talk(port, get('/hello', `X: ${'y'.repeat(10_240)}\r\n`)));
    assert.equal([large!.status, large!.body], [431, 'HTTP header is larger than 10240 bytes.']);
    assert.is(answers(await talk(port, get('/hello', 'X: y\r\n'.repeat(201))))[0]!.status, 431);
    assert.is(answers(await talk(port, get(`/${'a'.repeat(10_240)}`)))[0]!.status, 414);
    assert.is(answers(await talk(port, last(`/${'a'.repeat(10_239)}`)))[0]!.status, 404);
  }));

  test('Expect: 100-continue is granted when the body is wanted, not before', () => withServer(async (port) => {
    const list = answers(await talk(port, ['POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n', 'ok', 'POST /early HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n']));
    assert.equal(list.map(({ status, body }) => [status, body]), [[100, ''], [200, 'ok'], [403, 'no']]);
    assert.is(list[2]!.fields.connection, 'close', 'the client may or may not send the body now');
    assert.is(answers(await talk(port, 'POST /echo HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nExpect: bread\r\n\r\n'))[0]!.status, 417);
  }));

  test('HTTP/1.0: closes unless asked to stay, never chunked', () => withServer(async (port) => {
    const [one, ...none] = answers(await talk(port, 'GET /hello HTTP/1.0\r\n\r\nGET /hello HTTP/1.0\r\n\r\n'));
    assert.equal([one!.status, none.length], [200, 0]);
    const kept = answers(await talk(port, 'GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'));
    assert.equal(kept.map(({ body, fields }) => [body, fields['transfer-encoding']]), [['{"hello":"w\xc3\xb6rld"}', undefined], ['abc', undefined]]);
  }));

  test('relay: fields by the rules, hop-by-hop dropped, bodies streamed', () => withServer(async (port) => {
    const list = answers(await talk(port, `POST /relay/x?q=1 HTTP/1.1\r\nHost: g\r\nVia: 1.1 x\r\nX-Kept:  y \r\nX-Replaced: by the client\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=1\r\nTE: trailers\r\nContent-Length: 3\r\n\r\nabc`
      + 'PUT /relay/y HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n' + last('/relay/z')));
    assert.equal(list.map(({ status, body }) => [status, body]), [[201, 'got 3'], [201, 'got 3'], [201, 'got 0']]);
    const { fields } = list[0]!;
    assert.equal([fields['content-type'], fields['x-internal'], fields['x-hop'], fields['x-amzn-remapped-server'], fields['set-cookie'], fields.server], ['text/plain', undefined, undefined, 'backend', 'a=1, b=2', undefined]);
    assert.ok(fields['x-amzn-remapped-date']);
    const lower = (list: string[]): string[] => list.flatMap((text, i) => (i % 2 === 0 ? [`${text.toLowerCase()}: ${list[i + 1]!}`] : []));
    const sent = lower(seen[0]!.fields);
    assert.equal(sent.filter((line) => !line.startsWith('host')).sort(), ['content-length: 3', 'x-added: yes', 'x-kept: y', 'x-replaced: by the gateway']);
    assert.equal([seen[0]!.url, seen[0]!.body, seen[1]!.body], ['/relay/x?q=1', 'abc', 'abc']);
    assert.equal(events, ['finished 201 5', 'finished 201 5', 'finished 201 5']);
  }));

  test('relay: early hints are swallowed, a default content type is added, large bodies come whole', () => withServer(async (port) => {
    const list = answers(await talk(port, get('/relay/early') + last('/relay/big')));
    assert.equal([list[0]!.status, list[0]!.body, list[0]!.fields['content-type']], [200, 'late', 'application/json']);
    assert.is(list[1]!.body.length, 3_000_000);
  }));

  test('relay: a backend that closes, stalls or breaks off', () => withServer(async (port) => {
    assert.equal(answers(await talk(port, get('/relay/stall') + last('/relay/close'))).map(({ status, body }) => [status, body]), [[504, 'timeout'], [502, 'connect']]);
    const text = await talk(port, get('/relay/cut') + get('/hello'));
    assert.match(text, /Content-Length: 100/);
    assert.ok(text.endsWith('part'), 'nothing follows an answer that broke off');
    assert.equal(events.sort(), ['failed connect', 'failed timeout', 'finished 200 4']);
  }));

  test('nothing in a field can end the line', () => withServer(async (port) => {
    for (const path of ['/split', '/wide', '/name']) {
      const text = await talk(port, last(path));
      assert.is(answers(text)[0]!.status, 500, path);
      assert.not.match(text, /evil/i);
    }
    const [framing] = answers(await talk(port, last('/framing')));
    assert.equal([framing!.body, framing!.fields['content-length'], framing!.fields['transfer-encoding'], framing!.fields['x-kept']], ['four', '4', undefined, 'y']);
  }));

  test('an answer shorter than promised breaks the connection instead of borrowing from the next', () => withServer(async (port) => {
    const text = await talk(port, get('/short') + get('/hello'));
    assert.match(text, /^$|Content-Length: 10\r\n/);
    assert.ok(!text.includes('hello'));
  }));

  test('a handler that throws, answers twice or too early leaves the connection in order', () => withServer(async (port) => {
    const list = answers(await talk(port, get('/throw') + get('/twice') + `POST /early HTTP/1.1\r\nHost: g\r\nContent-Length: 4\r\n\r\nbody` + last('/hello')));
    assert.equal(list.slice(0, 3).map(({ status, body }) => [status, body]), [[500, '{"message":"Internal server error"}'], [200, 'first'], [403, 'no']]);
  }));

  test('a slow reader makes the source pause and gets everything', () => withServer(async (port) => {
    const socket = await open(port);
    socket.write(last('/flood') , 'latin1');
    socket.pause();
    await pause(100);
    assert.ok(events.includes('paused'));
    const count = events.length;
    assert.ok(count < 150, 'it stays paused');
    let size = 0;
    socket.on('data', (chunk) => { size += chunk.length; });
    socket.resume();
    await new Promise((resolve) => socket.on('end', resolve));
    assert.ok(size > 200 * 65_536);
    assert.is(answers(await talk(port, last('/large')))[0]!.body.length, 2_000_000);
  }));

  test('a client that goes away is noticed', () => withServer(async (port) => {
    for (const [bytes, event] of [[get('/watch'), 'gone'], ['POST /count HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\nab', 'abort: the client went away'], [get('/relay/stall'), 'failed aborted']] as const) {
      events.length = 0;
      const socket = await open(port);
      socket.write(bytes, 'latin1');
      await pause(40);
      socket.resetAndDestroy();
      await pause(40);
      assert.equal(events, [event]);
    }
  }));

  test('base path, duplicate slashes, absolute form, and what no route can match', () => withServer(async (port) => {
    const list = answers(await talk(port, get('/prod/hello') + get('//prod//x') + get('/prod') + get('/prod?x') + get('/production') + get('/hello') + get('http://gateway/prod/y?z') + get('*').replace('GET', 'OPTIONS') + last('/prod/')));
    assert.equal(list.map(({ body }) => body), ['{"hello":"w\xc3\xb6rld"}', '/x', '/', '/', 'outside', 'outside', '/y', 'outside', '/']);
    assert.is(answers(await talk(port, get('http://other/prod/y')))[0]!.status, 400);
  }, {}, testState({ basePath: '/prod' })));

  test('swap: requests that begin later see the new handler, on the same connection', () => withServer(async (port, server) => {
    const socket = await open(port);
    let text = '';
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
    socket.write(get('/later'));
    await pause(10);
    server.swap((exchange) => exchange.reply.send(200, [], exchange.gateway.stage), testState({ stage: 'next' }));
    socket.write(last('/later'));
    await new Promise((resolve) => socket.on('end', resolve));
    assert.equal(answers(text).map(({ body }) => body), ['later', 'next']);
  }));

  test('close: requests in flight are answered, idle connections end, new ones are refused', async () => {
    const server = create(handler, testState(), DEFAULT_LIMITS);
    const { port } = await server.listen(0, '127.0.0.1');
    const idle = await open(port);
    idle.resume();
    const busy = talk(port, get('/later'));
    await pause(10);
    const ended = new Promise((resolve) => idle.on('end', resolve));
    const closing = server.close();
    await ended;
    const [answer] = answers(await busy);
    assert.equal([answer!.body, answer!.fields.connection], ['later', 'close']);
    await closing;
    assert.is(server.connections, 0);
    await open(port).then(() => assert.unreachable(), () => {});
  });

  test('connections per address are limited', () => withServer(async (port) => {
    const first = await open(port);
    const second = await open(port);
    const third = await open(port);
    third.resume();
    await new Promise((resolve) => third.on('close', resolve));
    second.destroy();
    await pause(30);
    assert.is(answers(await talk(port, last('/hello')))[0]!.status, 200);
    first.destroy();
  }, { connectionsPerAddress: 2 }));

  test('slow heads, slow bodies and idle connections are timed out', () => withServer(async (port) => {
    const slow = await talk(port, ['GET /hello HTTP/1.1\r\n', 'Host: g\r\n'], 4_000);
    assert.is(answers(slow)[0]!.status, 408);
  }, { headTimeoutMs: 300, requestTimeoutMs: 400 }));

  return test;
}
