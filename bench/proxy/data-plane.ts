/** The data plane alone, with hand-written handlers: `node data-plane.js <port> <backend port> node:net|node:http|data-events`. What is compiled comes on top of this. */
import { createServer } from 'node:net';
import { constantAnswer, type RequestHandler } from '../../runtime/exchange.js';
import { DEFAULT_LIMITS } from '../../runtime/http1/limits.js';
import { createHttp1Server } from '../../runtime/http1/server.js';
import { createUpstream } from '../../runtime/http1/upstream.js';
import { createNodeHttpServer } from '../../runtime/node-http/server.js';
import type { RelayRules } from '../../runtime/backends/upstream.js';

const [port, backendPort, transport] = process.argv.slice(2);
const RULES: RelayRules = {
  dropRequest: new Set(['connection', 'content-length', 'content-md5', 'expect', 'max-forwards', 'proxy-authenticate', 'server', 'te', 'transfer-encoding', 'trailer', 'upgrade', 'www-authenticate', 'host', 'content-encoding', 'via']),
  dropResponse: new Set(['transfer-encoding']),
  remapResponse: new Set(['server', 'date', 'connection', 'content-length', 'www-authenticate', 'authorization']),
};
const upstream = createUpstream(`http://127.0.0.1:${backendPort!}`, { maxConnections: 1_024, connectTimeoutMs: 5_000, idleTimeoutMs: 60_000, bodyTimeoutMs: 60_000 });
const LOCAL = constantAnswer(200, ['Content-Type', 'application/json'], '{"ok":true}');
const NONE: readonly string[] = [];
const EXTRA = ['X-Amzn-Apigateway-Api-Id', 'abcdefghij'];

const handler: RequestHandler = (exchange) => {
  const { target, pathStart, pathEnd } = exchange;
  // '/local…'
  if (target[pathStart + 1] === 108) { exchange.reply.sendConstant(LOCAL, NONE); return; }
  const text = Buffer.from(target.buffer, target.byteOffset + pathStart, Math.max(pathEnd, exchange.queryEnd) - pathStart).toString('latin1');
  upstream.relay(exchange, { method: exchange.method, target: text, host: '', extra: EXTRA, rules: RULES, responseDefaults: NONE, timeoutMs: Number(process.env.TIMEOUT_MS ?? 29_000) }, (failed, failure) => failed.reply.send(failure === 'timeout' ? 504 : 502, NONE, failure));
};

const state = { stage: 'bench', stageVariables: {}, basePath: '', apiId: 'abcdefghij', accountId: '000000000000', payloadLimit: 10_485_760, onTooLarge: () => {}, onFault: () => {}, log: () => {}, apiKeys: null, limits: null, store: null, management: null };
const limits = { ...DEFAULT_LIMITS, bodyBytes: 200_000_000 };
if (transport === 'data-events') {
  // Sockets that somebody else accepted are read by 'data' events: what the shared read buffer is measured against.
  const server = createHttp1Server(handler, state, limits);
  createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.accept(socket, false)).listen({ port: Number(port), host: '127.0.0.1', backlog: 4_096 });
} else {
  await (transport === 'node:http' ? createNodeHttpServer(handler, state, limits) : createHttp1Server(handler, state, limits)).listen(Number(port), '127.0.0.1');
}
process.on('SIGTERM', () => process.exit(0));
