/** `node gateway.mjs`: reads options, listens, drains on SIGTERM, takes a new file on SIGHUP. Exit 0 after a drain, 1 when it cannot serve, 2 on wrong usage. */
import { process } from './this-process.js';
import type { Cluster } from 'node:cluster';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AdminRoutes } from './admin-part.js';
import type { Exchange, RequestHandler } from './exchange.js';
import { trustProxies, type Proxies } from './forwarded.js';
import { guard, logLine, makeGateway, openStore, type ApiDescription, type Gateway, type GatewayOptions } from './gateway.js';
import { BODIES, PARTS, TLS } from './flags.js';
import type { GatewayServer } from './gateway-server.js';
import type { GatewayState } from './gateway-state.js';
import type { TrustDeclaration } from './http2/client-trust.js';
import { DEFAULT_LIMITS, LIMIT_OPTIONS, type Limits } from './http1/limits.js';
import { allFlags, numbersOf, optionOf, readOptions, usage, type Flag, type Given } from './options.js';
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
  if (!program || moduleUrl.includes('?')) return;
  try { if (realpathSync(program) !== fileURLToPath(moduleUrl)) return; } catch { return; }
  const numbers = PARTS ? [LIMIT_OPTIONS, ...api.parts!.numbers] : [LIMIT_OPTIONS];
  const flags = allFlags([...(TLS ? secure!.flags : []), ...(PARTS ? [...api.parts!.flags, ...api.parts!.admin.flatMap((part) => part.flags)] : [])], numbers);
  const given = readOptions(process.argv.slice(2), process.env, flags);
  const wrong = typeof given === 'string' ? given : TLS && secure!.misused(given);
  if (typeof given === 'string' || wrong) return stop(2, `${wrong}\nsee --help`);
  const proxies = given['trust-proxy'] && trustProxies(given['trust-proxy']);
  if (typeof proxies === 'string') return stop(2, `--trust-proxy ${proxies} is neither an address nor a CIDR block\nsee --help`);
  if (given['help']) return stop(0, usage(`${api.title} ${api.version}: gateway with ${api.operations} operations`, Object.keys(api.stages), flags));
  if (given['version']) return stop(0, api.hash);
  const start = (primary?: Primary): Promise<void> => serve(moduleUrl, api, given, numbersOf(given, numbers), proxies, secure, primary);
  const workers = optionOf(given, 'workers')!;
  if (workers === '1') void start();
  else void runWorkers(workers === 'auto' ? 'auto' : Number(workers), () => start(PARTS ? primaryProcess() : undefined), logLine, (cluster) => beginPrimary(api, given, cluster)).catch(cannotMake);
}

/** Execution messages go nowhere when the log is silent. */
const logOf = (given: Given): ((line: string) => void) => (optionOf(given, 'log-level') === 'silent' ? () => {} : logLine);

/** What the primary process holds for its workers. Rejects with CannotStart. */
async function beginPrimary(api: ApiDescription, given: Given, cluster: Cluster): Promise<void> {
  const log = logOf(given);
  const store = openStore(api, optionOf(given, 'store'), 'primary', log);
  if (!PARTS) return;
  await store?.ready();
  for (const begin of api.parts!.primary) begin(cluster, store, log);
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

type Numbers = ReturnType<typeof numbersOf>;

async function serve(moduleUrl: string, api: ApiDescription, given: Given, { limits: numbers, backend }: Numbers, proxies: Proxies | undefined, secure: Secure | undefined, primary: Primary | undefined): Promise<void> {
  const option = (name: string): string | undefined => optionOf(given, name);
  const log = logOf(given);
  const inform = option('log-level') === 'info';
  const host = option('host')!, port = Number(option('port'));
  const adminHost = option('admin-host')!, adminPort = option('admin-port');
  const options: GatewayOptions = {
    stage: option('stage'), basePath: option('base-path'), accountId: option('account-id'), store: option('store'), given, backend, payloadLimit: numbers['bodyBytes'], primary, log,
  };
  let current: Gateway;
  let routes: AdminRoutes[] = [];
  try {
    if (PARTS && adminPort) routes = api.parts!.admin.map((part) => part.open(given, process.env));
    current = makeGateway(api, options);
    await current.ready;
  } catch (error) { return cannotMake(error as Error); }
  const { handler, state } = current;
  const limits: Limits = { ...DEFAULT_LIMITS, ...numbers, bodyBytes: state.payloadLimit, proxies };
  const tls = TLS && secure!.wanted(given);
  const plain = api.server(handler, state, limits);
  let ready = true, isAdmin = false;
  try {
    const server = tls ? secure!.front(plain, handler, state, limits, given, api.clients ?? []) : plain;
    if (adminPort) {
      isAdmin = true;
      const answer = guard((exchange) => { if (!PARTS || !routes.some((each) => each.answer(exchange, current.state))) answerHealth(exchange, ready); });
      const tooLarge: RequestHandler = (exchange) => BODIES && exchange.reply.send(413, ['content-type', 'application/json'], '{"message":"Request body is too large"}');
      const admin = api.server(answer, { ...state, basePath: '', onTooLarge: tooLarge }, DEFAULT_LIMITS);
      const { port } = await admin.listen(Number(adminPort), adminHost);
      if (inform) log(`admin on http://${printable(adminHost)}:${port} (${PARTS ? ['/live, /ready', ...routes.map(({ notice }) => notice)].join('; ') : '/live, /ready'})`);
      isAdmin = false;
    }
    // Before run() adds its own: readiness goes as soon as the drain begins.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { ready = false; });
    const reload = async (replace: (gateway: Gateway) => void): Promise<void> => {
      const next = (await import(`${moduleUrl.split('?')[0]}?reload=${Date.now()}`)) as { createGateway(options: GatewayOptions): Gateway };
      const gateway = next.createGateway({ ...options, replaces: current.state });
      try {
        await gateway.ready;
        replace(gateway);
      } catch (error) { gateway.close(); throw error; }
      current = gateway;
    };
    const { port: taken } = await run(server, current, { port, host, reload, log });
    // On standard output, so that whoever starts the gateway on port 0 can read where it is.
    if (inform) process.stdout.write(`${api.title} ${api.version} listening on ${tls ? 'https' : 'http'}://${printable(host)}:${taken}${state.basePath}\n`);
  } catch (error) {
    stop(1, isAdmin ? explain(error as NodeJS.ErrnoException, adminHost, adminPort!, '--admin-port') : explain(error as NodeJS.ErrnoException, host, port, '--port'));
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

function explain(error: NodeJS.ErrnoException, host: string, port: number | string, flag: string): string {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') return `${where} is in use by another program: choose another with ${flag}`;
  if (error.code === 'EACCES') return `no permission to listen on ${where}: ports below 1024 need privileges`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `${host} is no address of this machine`;
  return `cannot serve on ${where}: ${error.message}`;
}

function answerHealth(exchange: Exchange, ready: boolean): void {
  const path = latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
  const [status, text] = path === '/live' ? [200, 'live'] : path !== '/ready' ? [404, '/live or /ready'] : ready ? [200, 'ready'] : [503, 'draining'];
  exchange.reply.send(status, ['content-type', 'text/plain'], text + '\n');
}
