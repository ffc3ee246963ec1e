/** `gwc dev <document>`: builds, serves, watches; a new build takes over between two requests, none is dropped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CommandModule } from 'yargs';
import type { Gateway, GatewayOptions } from '../../runtime/gateway.js';
import type { GatewayServer } from '../../runtime/gateway-server.js';
import { isRemote } from '../1-load/remote/url.js';
import { DEFAULT_LIMITS } from '../../runtime/http1/limits.js';
import { createHttp1Server } from '../../runtime/http1/server.js';
import { CompileCache } from '../compile-cache.js';
import { compile, type Compilation, type CompileOptions } from '../index.js';
import { compileOptions, documentOptions, type CommonArguments } from './common-options.js';
import { printDiagnostics } from './print-diagnostics.js';
import { UsageError } from './usage-error.js';
import { FileWatch } from './watch-files.js';

interface DevArguments extends CommonArguments { port: number; host: string; basePath?: string }

/** Editors write a file in several steps: changes this close together are one. */
const SETTLE_MS = 60;

export const dev: CommandModule<object, DevArguments> = {
  command: 'dev <document>',
  describe: 'serve a document and rebuild it when it changes',
  builder: (yargs) => documentOptions(yargs)
    .option('port', { type: 'number', default: 8080, requiresArg: true, describe: 'port to listen on; 0 takes a free one' })
    .option('host', { type: 'string', default: '127.0.0.1', requiresArg: true, describe: 'address to listen on' })
    .option('base-path', { type: 'string', describe: 'serve under this path' }) as never,
  async handler(args) {
    if (!Number.isInteger(args.port) || args.port < 0 || args.port > 65_535) throw new UsageError('--port: give a number from 0 to 65535');
    if (isRemote(args.document)) throw new UsageError(`${args.document}: dev watches files; download the document, or use gwc build`);
    await new DevSession(args, await compileOptions(args)).run();
  },
};

class DevSession {
  private readonly cache = new CompileCache();
  private readonly folder = mkdtempSync(join(tmpdir(), 'gwc-dev-'));
  private readonly watch = new FileWatch(() => this.changed());
  private server: GatewayServer | undefined;
  private gateway: Gateway | undefined;
  private builds = 0;
  private hash = '';
  private timer: NodeJS.Timeout | undefined;
  private isBuilding = false;
  private isStale = false;
  private isEnding = false;

  constructor(private readonly args: DevArguments, private readonly options: CompileOptions) {}

  async run(): Promise<void> {
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void this.end());
    this.watch.follow([resolve(this.args.document)], Date.now());
    await this.build();
    process.stderr.write(`watching ${this.args.document}; Ctrl-C ends\n`);
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.build(), SETTLE_MS);
  }

  /** One build at a time; however much changes meanwhile, one more follows. */
  private async build(): Promise<void> {
    this.isStale = true;
    if (this.isBuilding) return;
    this.isBuilding = true;
    while (this.isStale && !this.isEnding) {
      this.isStale = false;
      await this.buildOnce().catch((error: Error) => { process.stderr.write(`internal error, please report it with the document:\n${error.stack}\n`); });
    }
    this.isBuilding = false;
  }

  private async buildOnce(): Promise<void> {
    const began = Date.now();
    const started = performance.now();
    const compilation = await compile(resolve(this.args.document), { ...this.options, minify: false, map: false, clients: [], cache: this.cache });
    // A module that could not be bundled is found by those of the build before it.
    this.watch.follow(new Set([...compilation.sources.sought, ...functionFiles(compilation), ...(compilation.bundle?.files ?? this.functions)]), began);
    if (this.isEnding) return;
    printDiagnostics(compilation, this.args.format);
    const { bundle } = compilation;
    if (!bundle) return this.keep();
    this.functions = bundle.files;
    const took = `${Math.round(performance.now() - started)} ms`;
    if (bundle.hash === this.hash) {
      process.stderr.write(`built in ${took}: nothing changes for the gateway\n`);
      return;
    }
    const gateway = await this.load(bundle.code);
    if (gateway === undefined) return this.keep();
    await this.serve(gateway);
    this.hash = bundle.hash;
    process.stderr.write(`built in ${took}: ${compilation.api!.operations.length} operations\n`);
  }
  private functions: readonly string[] = [];

  private keep(): void {
    process.stderr.write(this.server ? 'not swapped: the gateway goes on with the last good build\n' : 'not started: waiting for a change\n');
  }

  /** undefined, and the reason printed, when something outside the document keeps it from starting (a missing environment variable). */
  private async load(code: string): Promise<Gateway | undefined> {
    const path = join(this.folder, `gateway-${++this.builds}.mjs`);
    await writeFile(path, code.replace(/\n\/\/# sourceMappingURL=.*\n$/, '\n'));
    try {
      const module = (await import(pathToFileURL(path).href)) as { createGateway(options: GatewayOptions): Gateway };
      const gateway = module.createGateway({
        // What is tried out is not to touch what others use, unless it is asked to.
        store: process.env['GWC_STORE'] || 'memory',
        ...(this.args.basePath !== undefined ? { basePath: this.args.basePath } : {}),
        ...(this.args.stage !== undefined ? { stage: this.args.stage } : {}),
        ...(this.gateway ? { replaces: this.gateway.state } : {}),
      });
      await gateway.ready;
      return gateway;
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
      return undefined;
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Swaps the new build in; requests under way end in the build they began in. */
  private async serve(gateway: Gateway): Promise<void> {
    const before = this.gateway;
    if (this.server) {
      this.server.swap(gateway.handler, gateway.state);
      this.gateway = gateway;
      before?.close();
      return;
    }
    const { host } = this.args;
    const server = createHttp1Server(gateway.handler, gateway.state, { ...DEFAULT_LIMITS, bodyBytes: gateway.state.payloadLimit });
    const listening = await server.listen(this.args.port, host).catch((error: NodeJS.ErrnoException) => {
      process.stderr.write(error.code === 'EADDRINUSE' ? `${host}:${this.args.port} is in use by another program: choose another with --port\n` : `cannot listen on ${host}:${this.args.port}: ${error.message}\n`);
      process.exit(1);
    });
    this.server = server;
    this.gateway = gateway;
    process.stdout.write(`listening on http://${host.includes(':') ? `[${host}]` : host}:${listening.port}${gateway.state.basePath}\n`);
  }

  private async end(): Promise<void> {
    // The second signal means now.
    if (this.isEnding) process.exit(1);
    this.isEnding = true;
    clearTimeout(this.timer);
    this.watch.close();
    await this.server?.close();
    this.gateway?.close();
    process.exit(0);
  }
}

/** The modules that the document's functions name, whether or not they could be bundled. */
function functionFiles({ api }: Compilation): string[] {
  return Object.values(api?.parts.lambda?.bindings ?? {}).flatMap((target) => (target.kind === 'module' ? [target.file] : []));
}
