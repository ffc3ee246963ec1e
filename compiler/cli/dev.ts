/** `gwc dev <document>`: builds, serves, watches; a new build takes over between two requests, none is dropped. */
import { watch, type FSWatcher } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CommandModule } from 'yargs';
import type { Gateway, GatewayOptions } from '../../runtime/gateway.js';
import { DEFAULT_LIMITS } from '../../runtime/http1/limits.js';
import type { GatewayServer } from '../../runtime/gateway-server.js';
import { createHttp1Server } from '../../runtime/http1/server.js';
import { compile, type Compilation } from '../index.js';
import { compileOptions, documentOptions, type CommonArguments } from './common-options.js';
import { printDiagnostics } from './print-diagnostics.js';

interface DevArguments extends CommonArguments { port: number; host: string; basePath: string }

/** Editors write a file in several steps: changes this close together are one. */
const SETTLE_MS = 60;

export const dev: CommandModule<object, DevArguments> = {
  command: 'dev <document>',
  describe: 'serve a document and rebuild it when it changes',
  builder: (yargs) => documentOptions(yargs)
    .option('port', { type: 'number', default: 8080, requiresArg: true, describe: 'port to listen on' })
    .option('host', { type: 'string', default: '127.0.0.1', requiresArg: true, describe: 'address to listen on' })
    .option('base-path', { type: 'string', default: '', requiresArg: true, describe: 'serve under this path' }) as never,
  async handler(args) {
    const session = new DevSession(args);
    await session.run();
  },
};

class DevSession {
  private server: GatewayServer | undefined;
  private watchers = new Map<string, FSWatcher>();
  private folder = '';
  private builds = 0;
  private running: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private hash = '';

  constructor(private readonly args: DevArguments) {}

  async run(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'gwc-dev-'));
    const stop = (): void => void this.stop();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    await this.rebuild();
    process.stderr.write(`watching ${this.args.document}; Ctrl-C ends\n`);
  }

  private async rebuild(): Promise<void> {
    const started = performance.now();
    const compilation = await compile(resolve(this.args.document), { ...(await compileOptions(this.args)), minify: false, clients: [] });
    this.watchFiles(compilation);
    printDiagnostics(compilation, this.args.format);
    if (!compilation.bundle) {
      process.stderr.write(this.server ? 'not swapped: the gateway goes on with the last good build\n' : 'not started: waiting for a change\n');
      return;
    }
    if (compilation.bundle.hash === this.hash) return;
    await this.serve(compilation);
    this.hash = compilation.bundle.hash;
    process.stderr.write(`built in ${Math.round(performance.now() - started)} ms: ${compilation.api!.operations.length} operations\n`);
  }

  /** Loads the new bundle and swaps it in; requests under way end in the bundle they began in. */
  private async serve(compilation: Compilation): Promise<void> {
    const path = join(this.folder, `gateway-${++this.builds}.mjs`);
    await writeFile(path, compilation.bundle!.code.replace(/\n\/\/# sourceMappingURL=.*\n$/, '\n'));
    const module = (await import(pathToFileURL(path).href)) as { createGateway(options: GatewayOptions): Gateway };
    const gateway = module.createGateway({ basePath: this.args.basePath, ...(this.args.stage !== undefined ? { stage: this.args.stage } : {}) });
    if (this.server) {
      this.server.swap(gateway.handler, gateway.state);
      return;
    }
    const server = createHttp1Server(gateway.handler, gateway.state, DEFAULT_LIMITS);
    const { port } = await server.listen(this.args.port, this.args.host).catch((error: NodeJS.ErrnoException) => {
      process.stderr.write(error.code === 'EADDRINUSE' ? `${this.args.host}:${this.args.port} is in use by another program: choose another with --port\n` : `cannot listen: ${error.message}\n`);
      process.exit(1);
    });
    this.server = server;
    process.stdout.write(`listening on http://${this.args.host}:${port}${gateway.state.basePath}\n`);
  }

  /** Folders are watched, not files: an editor that writes a new file and renames it keeps being seen. */
  private watchFiles(compilation: Compilation): void {
    const files = new Set<string>([resolve(this.args.document), ...(this.args.overlay ?? []).map((file) => resolve(file)), ...(this.args.params ?? []).map((file) => resolve(file))]);
    for (const path of compilation.document?.files.keys() ?? []) files.add(path);
    for (const path of compilation.localFiles ?? []) files.add(path);
    const folders = new Set([...files].map((file) => dirname(file)));
    for (const [folder, watcher] of this.watchers) if (!folders.has(folder)) { watcher.close(); this.watchers.delete(folder); }
    this.watched = files;
    for (const folder of folders) {
      if (this.watchers.has(folder)) continue;
      const watcher = watch(folder, (_event, name) => {
        if (name === null || this.watched.has(join(folder, name))) this.schedule();
      });
      watcher.on('error', (error) => process.stderr.write(`watching ${folder}: ${error.message}\n`));
      this.watchers.set(folder, watcher);
    }
  }
  private watched: ReadonlySet<string> = new Set();

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.running.then(() => this.rebuild()).catch((error: Error) => { process.stderr.write(`internal error: ${error.stack}\n`); });
    }, SETTLE_MS);
  }

  private async stop(): Promise<void> {
    for (const watcher of this.watchers.values()) watcher.close();
    clearTimeout(this.timer);
    await this.server?.close();
    await rm(this.folder, { recursive: true, force: true });
    process.exit(0);
  }
}
