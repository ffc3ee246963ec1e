/** `node gateway.mjs`: reads options, listens, drains on SIGTERM. Exit 0 after a drain, 1 when it cannot serve, 2 on wrong usage. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Exchange } from './exchange.js';
import { makeGateway, type ApiDescription, type Gateway } from './gateway.js';
import { DEFAULT_LIMITS } from './http1/limits.js';
import type { GatewayServer } from './gateway-server.js';
import { createHttp1Server } from './http1/server.js';
import { latin1 } from './request-values.js';
import { readOptions, usage, type ServeOptions } from './options.js';

/** Runs the gateway when its file is the program (`node gateway.mjs`), does nothing when it is imported. */
export function runIfMain(moduleUrl: string, api: ApiDescription): void {
  const program = process.argv[1];
  if (program === undefined) return;
  try { if (realpathSync(program) !== fileURLToPath(moduleUrl)) return; } catch { return; }
  void main(api);
}

async function main(api: ApiDescription): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (typeof options === 'string') return stop(2, `${options}\nsee --help`);
  if (options.help) return stop(0, usage(`${api.title} ${api.version}: gateway with ${api.operations} operations`, Object.keys(api.stages)));
  if (options.version) return stop(0, api.hash);
  if (options.workers !== '1') {
    const { becomePrimary } = await import('./workers.js');
    if (await becomePrimary(options)) return;
  }
  await serve(api, options);
}

function stop(code: number, text: string): void {
  (code === 0 ? process.stdout : process.stderr).write(text + '\n');
  process.exitCode = code;
}

async function serve(api: ApiDescription, options: ServeOptions): Promise<void> {
  let gateway: Gateway;
  try {
    gateway = makeGateway(api, {
      ...(options.stage !== undefined ? { stage: options.stage } : {}),
      basePath: options.basePath,
      log: options.logLevel === 'silent' ? () => undefined : (line) => void process.stderr.write(line + '\n'),
    });
  } catch (error) { return stop(2, (error as Error).message); }
  const server = createHttp1Server(gateway.handle, gateway.state, { ...DEFAULT_LIMITS, bodyBytes: gateway.state.payloadLimit });
  const health = { ready: true };
  let admin: GatewayServer | undefined;
  try {
    const { port } = await server.listen(options.port, options.host);
    if (options.adminPort !== undefined) {
      admin = createHttp1Server((exchange) => answerHealth(exchange, health), { ...gateway.state, basePath: '' }, DEFAULT_LIMITS);
      const { port: adminPort } = await admin.listen(options.adminPort, options.adminHost);
      if (options.logLevel === 'info') process.stderr.write(`admin on http://${printable(options.adminHost)}:${adminPort} (/live, /ready)\n`);
    }
    // On standard output, so that whoever starts the gateway on port 0 can read where it is.
    if (options.logLevel === 'info') process.stdout.write(`${api.title} ${api.version} listening on http://${printable(options.host)}:${port}${gateway.state.basePath}\n`);
  } catch (error) { return stop(1, explain(error as NodeJS.ErrnoException, options)); }

  const drain = (): void => {
    health.ready = false;
    void server.close().then(() => admin?.close(0)).then(() => process.exit(0));
  };
  process.once('SIGTERM', drain);
  process.once('SIGINT', drain);
}

const printable = (host: string): string => (host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host);

function explain(error: NodeJS.ErrnoException, options: ServeOptions): string {
  const where = `${options.host}:${options.port}`;
  if (error.code === 'EADDRINUSE') return `${where} is in use by another program: choose another with --port`;
  if (error.code === 'EACCES') return `no permission to listen on ${where}: ports below 1024 need privileges`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `${options.host} is no address of this machine`;
  return `cannot listen on ${where}: ${error.message}`;
}

function answerHealth(exchange: Exchange, health: { ready: boolean }): void {
  const path = latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
  if (path === '/live') exchange.reply.send(200, ['content-type', 'text/plain'], 'live\n');
  else if (path === '/ready') exchange.reply.send(health.ready ? 200 : 503, ['content-type', 'text/plain'], health.ready ? 'ready\n' : 'draining\n');
  else exchange.reply.send(404, ['content-type', 'text/plain'], '/live or /ready\n');
}
