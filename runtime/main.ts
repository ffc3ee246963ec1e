/** `node gateway.mjs`: reads options, listens, drains on SIGTERM, takes a new file on SIGHUP. Exit 0 after a drain, 1 when it cannot serve, 2 on wrong usage. */
import type { Cluster } from 'node:cluster';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AdminRoutes } from './admin-part.js';
import type { Exchange, RequestHandler } from './exchange.js';
import { trustProxies, type Proxies } from './forwarded.js';
import { makeGateway, openStore, type ApiDescription, type Gateway, type GatewayOptions } from './gateway.js';
import type { GatewayServer } from './gateway-server.js';
import type { GatewayState } from './gateway-state.js';
import type { TrustDeclaration } from './http2/client-trust.js';
import { DEFAULT_LIMITS, LIMIT_OPTIONS, type Limits } from './http1/limits.js';
import { readOptions, usage, type Flag, type Given, type ServeOptions } from './options.js';
import { run } from './process/run.js';
import { runWorkers } from './process/workers.js';
import { latin1 } from './request-values.js';
import type { Primary } from './limits/shared-limits.js';

/** TLS in front; only in bundles built with --tls. */
export interface Secure {
  readonly flags: readonly Flag[];
  /** Was a certificate given? */
  wanted(given: Given): boolean;
  /** What is wrong with the flags; '' when nothing is. */
  misused(given: Given): string;
  /** `declared`: the document's trust stores. Throws when the certificates cannot be used. */
  front(plain: GatewayServer, handler: RequestHandler, state: GatewayState, limits: Limits, given: Given, declared: readonly TrustDeclaration[]): GatewayServer;
}

/** Runs the gateway when its file is the program (`node gateway.mjs`), does nothing when it is imported. */
export function runIfMain(moduleUrl: string, api: ApiDescription, secure?: Secure): void {
  const program = process.argv[1];
  // With a query it is the new bundle that the running one has just loaded.
  if (program === undefined || moduleUrl.includes('?')) return;
  try { if (realpathSync(program) !== fileURLToPath(moduleUrl)) return; } catch { return; }
  const flags = [...(secure?.flags ?? []), ...api.flags, ...api.admin.flatMap((part) => part.flags)];
  const numbers = [LIMIT_OPTIONS, ...api.numbers];
  const options = readOptions(process.argv.slice(2), process.env, flags, numbers);
  const wrong = typeof options === 'string' ? options : secure?.misused(options.given);
  if (typeof options === 'string' || wrong) return stop(2, `${wrong}\nsee --help`);
  const proxies = options.given['trust-proxy'] && trustProxies(options.given['trust-proxy']);
  if (typeof proxies === 'string') return stop(2, `--trust-proxy ${proxies} is neither an address nor a CIDR block\nsee --help`);
  if (options.help) return stop(0, usage(`${api.title} ${api.version}: gateway with ${api.operations} operations`, Object.keys(api.stages), flags, numbers));
  if (options.version) return stop(0, api.hash);
  const start = (primary?: Primary): Promise<void> => serve(moduleUrl, api, options, proxies, secure, primary);
  if (options.workers === '1') void start();
  else void runWorkers(options.workers === 'auto' ? 'auto' : Number(options.workers), () => start(primaryProcess()), logLine, (cluster) => beginPrimary(api, options, cluster)).catch(cannotMake);
}

const logLine = (line: string): void => void process.stderr.write(line + '\n');

/** What the primary process holds for its workers. Rejects with CannotStart. */
async function beginPrimary(api: ApiDescription, options: ServeOptions, cluster: Cluster): Promise<void> {
  const log = options.logLevel === 'silent' ? (): void => {} : logLine;
  const store = openStore(api, options.store, 'primary', log);
  await store?.ready();
  for (const begin of api.primary) begin(cluster, store, log);
}

/** The channel that node:cluster gives a worker. */
function primaryProcess(): Primary {
  return {
    // With a callback a closed channel is no uncaught error: a worker without its primary is about to end.
    send: (message) => void process.send!(message, undefined, undefined, () => {}),
    listen(receive) {
      process.on('message', receive);
      return () => void process.off('message', receive);
    },
  };
}

function stop(code: number, text: string): void {
  (code === 0 ? process.stdout : process.stderr).write(text + '\n');
  process.exitCode = code;
}

async function serve(moduleUrl: string, api: ApiDescription, options: ServeOptions, proxies: Proxies | undefined, secure: Secure | undefined, primary: Primary | undefined): Promise<void> {
  const log = options.logLevel === 'silent' ? () => undefined : logLine;
  const gatewayOptions: GatewayOptions = {
    ...(options.stage !== undefined ? { stage: options.stage } : {}),
    ...(options.basePath !== undefined ? { basePath: options.basePath } : {}),
    ...(options.accountId !== undefined ? { accountId: options.accountId } : {}),
    given: options.given,
    backend: options.numbers.backend,
    payloadLimit: options.numbers.limits['bodyBytes'],
    store: options.store,
    ...(primary !== undefined ? { primary } : {}),
    log,
  };
  let gateway: Gateway;
  let routes: AdminRoutes[] = [];
  try {
    if (options.adminPort !== undefined) routes = api.admin.map((part) => part.open(options.given, process.env));
    gateway = makeGateway(api, gatewayOptions);
    await gateway.ready;
  } catch (error) { return cannotMake(error as Error); }
  let current = gateway;
  const { handler, state } = gateway;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.numbers.limits, bodyBytes: state.payloadLimit, proxies };
  const tls = secure?.wanted(options.given);
  const plain = api.server(handler, state, limits);
  const health = { ready: true };
  try {
    const server = tls ? secure!.front(plain, handler, state, limits, options.given, api.clients ?? []) : plain;
    if (options.adminPort !== undefined) {
      const answer: RequestHandler = (exchange) => {
        try { if (!routes.some((each) => each.answer(exchange, current.state))) answerHealth(exchange, health); } catch (error) { exchange.gateway.onFault(exchange, error); }
      };
      const admin = api.server(answer, { ...state, basePath: '', onTooLarge: (exchange) => exchange.reply.send(413, ['content-type', 'application/json'], '{"message":"Request body is too large"}') }, DEFAULT_LIMITS);
      const { port } = await admin.listen(options.adminPort, options.adminHost).catch((error: NodeJS.ErrnoException) => { throw Object.assign(error, { isAdmin: true }); });
      if (options.logLevel === 'info') log(`admin on http://${printable(options.adminHost)}:${port} (${['/live, /ready', ...routes.map(({ notice }) => notice)].join('; ')})`);
    }
    // Before run() adds its own: readiness goes as soon as the drain begins.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { health.ready = false; });
    const reload = async (): Promise<Gateway> => {
      const next = (await import(`${moduleUrl.split('?')[0]}?reload=${Date.now()}`)) as { createGateway(options: GatewayOptions): Gateway };
      const gateway = next.createGateway({ ...gatewayOptions, replaces: current.state });
      try { await gateway.ready; } catch (error) { gateway.close(); throw error; }
      return (current = gateway);
    };
    const { port } = await run(server, gateway, { port: options.port, host: options.host, reload, log });
    // On standard output, so that whoever starts the gateway on port 0 can read where it is.
    if (options.logLevel === 'info') process.stdout.write(`${api.title} ${api.version} listening on ${tls ? 'https' : 'http'}://${printable(options.host)}:${port}${state.basePath}\n`);
  } catch (error) {
    const isAdmin = 'isAdmin' in (error as object);
    stop(1, explain(error as NodeJS.ErrnoException, isAdmin ? options.adminHost : options.host, isAdmin ? options.adminPort! : options.port, isAdmin ? '--admin-port' : '--port'));
    process.exit(1);
  }
}

/** A worker has to end: it would live on for its channel to the primary. */
function cannotMake(error: Error): void {
  const code = 'exitCode' in error ? Number(error.exitCode) : 2;
  stop(code, error.message);
  process.exit(code);
}

const printable = (host: string): string => (host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host);

function explain(error: NodeJS.ErrnoException, host: string, port: number, flag: string): string {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') return `${where} is in use by another program: choose another with ${flag}`;
  if (error.code === 'EACCES') return `no permission to listen on ${where}: ports below 1024 need privileges`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `${host} is no address of this machine`;
  return `cannot serve on ${where}: ${error.message}`;
}

function answerHealth(exchange: Exchange, health: { ready: boolean }): void {
  const path = latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
  if (path === '/live') exchange.reply.send(200, ['content-type', 'text/plain'], 'live\n');
  else if (path === '/ready') exchange.reply.send(health.ready ? 200 : 503, ['content-type', 'text/plain'], health.ready ? 'ready\n' : 'draining\n');
  else exchange.reply.send(404, ['content-type', 'text/plain'], '/live or /ready\n');
}
