/** `gwc build <document>`: writes gateway.mjs, its map, manifest.json, openapi.json and clients. */
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CommandModule } from 'yargs';
import { printDiagnostics } from './print-diagnostics.js';
import { compileOptions, documentOptions, documentPath, type CommonArguments } from './common-options.js';
import { compile, type ClientLanguage, type Compilation, type Generated } from '../index.js';
import { bundleFiles, earlyFiles } from './output-files.js';
import { refuseFolder, StagedFolder, type OutputFile } from './output-folder.js';
import { Progress } from './progress.js';
import { UsageError } from './usage-error.js';

interface BuildArguments extends CommonArguments {
  out: string;
  client: string[];
  keepSources: boolean;
  minify: boolean;
  http1: 'own' | 'llhttp';
  tls: boolean;
  store: string[];
}

const LANGUAGES = ['typescript', 'none'];

export const build: CommandModule<object, BuildArguments> = {
  command: 'build <document>',
  describe: 'compile a document into a gateway file and clients',
  builder: (yargs) => documentOptions(yargs)
    .option('out', { alias: 'o', type: 'string', default: 'dist', requiresArg: true, describe: 'output folder; replaced whole' })
    .option('client', { type: 'string', array: true, default: ['typescript'], requiresArg: true, describe: 'clients to generate, comma-separated: typescript, none' })
    .option('http1', { choices: ['own', 'llhttp'] as const, default: 'own' as const, describe: "HTTP/1.1 server: gwc's own or Node's" })
    .option('tls', { type: 'boolean', default: false, describe: 'include TLS and HTTP/2 (--tls-cert, --tls-key at run time)' })
    .option('store', { type: 'string', array: true, default: [], requiresArg: true, describe: 'stores of limits and usage to include besides those of x-gwc.store, comma-separated: redis, sqlite' })
    .option('keep-sources', { type: 'boolean', default: false, describe: 'keep the generated TypeScript under sources/' })
    .option('minify', { type: 'boolean', default: true, describe: '--no-minify keeps the bundle readable' }) as never,
  handler: runBuild,
};

async function runBuild(args: BuildArguments): Promise<void> {
  const clients = args.client.flatMap((list) => list.split(',')).map((name) => name.trim()).filter(Boolean);
  for (const name of clients) if (!LANGUAGES.includes(name)) throw new UsageError(`--client ${name}: there is ${LANGUAGES.join(', ')}`);
  const stores = args.store.flatMap((list) => list.split(',')).map((name) => name.trim()).filter(Boolean);
  for (const name of stores) if (name !== 'redis' && name !== 'sqlite') throw new UsageError('--store takes kinds, redis and sqlite: addresses are given when the gateway starts');
  const refusal = refuseFolder(args.out);
  if (refusal) throw new UsageError(refusal);

  const progress = new Progress();
  const output = new Output(args.out);
  const options = {
    ...(await compileOptions(args)), minify: args.minify, sources: args.keepSources, http1: args.http1, tls: args.tls, stores, clients: clients.filter((name) => name !== 'none') as ClientLanguage[],
    onPhase: progress.onPhase, onGenerated: (generated: Generated) => output.write(earlyFiles(generated)),
  };
  const compilation = await compile(documentPath(args.document), options);
  progress.clear();
  printDiagnostics(compilation, args.format);
  if (!compilation.bundle) {
    output.discard();
    process.exitCode = 1;
    return;
  }
  // In a thread of zlib's, while files are written and the old ones removed.
  const compressed = promisify(gzip)(compilation.bundle.bytes.code);
  output.write(bundleFiles(compilation, args.keepSources));
  const failure = await output.commit();
  if (failure !== undefined) {
    process.stderr.write(`cannot write ${args.out}: ${failure}\n`);
    process.exitCode = 1;
    return;
  }
  if (args.format === 'text') process.stdout.write(summary(compilation, output.files, args.out, (await compressed).length));
}

/** Written as it comes, while the bundler works; the first failure is told at the end, after what the document has to be told. */
class Output {
  readonly files: OutputFile[] = [];
  private folder: StagedFolder | undefined;
  private failure: string | undefined;

  constructor(private readonly path: string) {}

  write(files: readonly OutputFile[]): void {
    this.files.push(...files);
    this.attempt(() => (this.folder ??= new StagedFolder(this.path)).write(files));
  }

  /** Why nothing was written; undefined when everything is in place. */
  async commit(): Promise<string | undefined> {
    if (this.failure === undefined) await this.folder!.commit().catch((error: Error) => { this.failure = error.message; });
    if (this.failure !== undefined) this.discard();
    return this.failure;
  }

  discard(): void { this.folder?.discard(); }

  private attempt(work: () => void): void {
    if (this.failure !== undefined) return;
    try { work(); } catch (error) { this.failure = (error as Error).message; }
  }
}

/** `compressed`: bytes of the gateway as gzip. */
function summary(compilation: Compilation, files: readonly OutputFile[], out: string, compressed: number): string {
  const operations = compilation.api!.operations.length;
  const folder = relative(process.cwd(), resolve(out)) || '.';
  const gateway = files.find((file) => file.path === 'gateway.mjs')!;
  const clients = new Map<string, number>();
  for (const file of files) {
    const language = /^clients\/([^/]+)\//.exec(file.path)?.[1];
    if (language) clients.set(language, (clients.get(language) ?? 0) + Buffer.byteLength(file.text));
  }
  const rows: [string, string][] = [[join(folder, 'gateway.mjs'), `${bytes(Buffer.byteLength(gateway.text))} (${bytes(compressed)} gzip)`]];
  for (const [language, size] of clients) rows.push([join(folder, 'clients', language), bytes(size)]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const times = Object.entries(compilation.timings).map(([phase, ms]) => `${phase} ${Math.round(ms)}`).join(' · ');
  return [
    `${compilation.api!.title} ${compilation.api!.version}: ${operations} operation${operations === 1 ? '' : 's'}, ${compilation.api!.flavour === 'rest' ? 'REST' : 'HTTP'} API rules`,
    ...rows.map(([name, size]) => `  ${name.padEnd(width)}  ${size}`),
    `  ms: ${times}`,
    '',
  ].join('\n');
}

function bytes(count: number): string {
  return count < 1024 ? `${count} B` : count < 1024 * 1024 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 1024 / 1024).toFixed(1)} MB`;
}
