/**
 * The user's own handlers → one ESM text that imports only `node:*`. esbuild reads what people write for Lambda: TypeScript, CommonJS
 * packages from node_modules, JSON. Its output joins the bundle as the module `./functions.js`.
 */
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Message, type Plugin } from 'esbuild';
import { parsePointer } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import type { LocalFunction } from '../4-emit/local-function.js';
import { FUNCTION_NOT_BUNDLED, FUNCTION_NOT_FOUND, FUNCTION_WARNING, MISSING_EXPORT } from './diagnostics.js';

export interface BundledFunctions {
  readonly code: string;
  readonly map: string;
  /** Absolute paths of the user's own modules, packages left out. */
  readonly files: readonly string[];
}

/** undefined after an error was reported. */
export async function bundleFunctions(functions: readonly LocalFunction[], reporter: Reporter): Promise<BundledFunctions | undefined> {
  const linked = functions.filter(({ isProgram }) => !isProgram);
  const bundled = linked.length === 0 ? { code: '', map: EMPTY_MAP, files: [] } : await bundleTogether(linked, reporter);
  if (bundled === undefined) return undefined;
  let { code } = bundled;
  const files = new Set(bundled.files);
  for (const each of functions.filter(({ isProgram }) => isProgram)) {
    const program = await bundleProgram(each, reporter);
    if (program === undefined) return undefined;
    // Behind everything else, so that no position in the map moves.
    code += `\nexport const ${each.name} = ${JSON.stringify(program.code)};\n`;
    for (const file of program.files) files.add(file);
  }
  return { code, map: bundled.map, files: [...files] };
}

const EMPTY_MAP = '{"version":3,"sources":[],"sourcesContent":[],"names":[],"mappings":""}';

function bundleTogether(functions: readonly LocalFunction[], reporter: Reporter): Promise<BundledFunctions | undefined> {
  const folder = dirname(functions[0]!.file);
  const stub = functions.map(({ file, exportName, name }) => `export { ${exportName} as ${name} } from ${JSON.stringify(specifier(folder, file))};`).join('\n');
  // Where the bundle is, not where the sources were; the file itself is what a handler finds next to itself.
  return bundleStub(stub, functions, { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } }, reporter);
}

const RUNTIME = fileURLToPath(new URL('../../runtime', import.meta.url));
const STREAMIFY = fileURLToPath(new URL('../../runtime/lambda/streamify.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../../runtime/lambda/isolated/worker.js', import.meta.url));
const WORKER_STREAM = fileURLToPath(new URL('../../runtime/lambda/isolated/worker-stream.js', import.meta.url));

/** A program for a thread: it has no file, and is told where the gateway's is. */
function bundleProgram(entry: LocalFunction, reporter: Reporter): Promise<BundledFunctions | undefined> {
  const stub = `import { ${entry.exportName} as handler } from ${JSON.stringify(specifier(dirname(entry.file), entry.file))};\nimport { serveCalls } from "gwc:worker";\n${entry.streams ? 'import { runThreadStream } from "gwc:worker-stream";\nserveCalls(handler, runThreadStream);' : 'serveCalls(handler, null);'}`;
  const banner = 'import { workerData as __gwc } from "node:worker_threads"; import { fileURLToPath as __gwcPath } from "node:url"; const __gwcUrl = __gwc.bundle, __gwcFile = __gwcUrl.startsWith("file:") ? __gwcPath(__gwcUrl) : undefined, __gwcFolder = __gwcFile && __gwcPath(new URL(".", __gwcUrl)).replace(/.$/, "");';
  return bundleStub(stub, [entry], {
    define: { __dirname: '__gwcFolder', __filename: '__gwcFile', 'import.meta.url': '__gwcUrl', 'import.meta.dirname': '__gwcFolder', 'import.meta.filename': '__gwcFile' },
    banner: { js: banner }, minify: true, keepNames: true, sourcemap: false,
  }, reporter);
}

async function bundleStub(stub: string, functions: readonly LocalFunction[], more: BuildOptions, reporter: Reporter): Promise<BundledFunctions | undefined> {
  const folder = dirname(functions[0]!.file);
  try {
    const { outputFiles, warnings, metafile } = await build({
      stdin: { contents: stub, resolveDir: folder, sourcefile: 'functions', loader: 'js' },
      // Names of bundled CommonJS modules are paths relative to this: the same wherever the build runs.
      absWorkingDir: folder,
      bundle: true, write: false, metafile: true, outfile: join(folder, 'functions.js'), sourcemap: 'external', platform: 'node', format: 'esm', target: 'node20', charset: 'utf8', legalComments: 'none', logLevel: 'silent', logLimit: 0,
      alias: { 'gwc:worker': WORKER, 'gwc:worker-stream': WORKER_STREAM },
      // The global of Lambda's runtime, where a function names it.
      inject: [STREAMIFY],
      plugins: [builtins],
      ...more,
      define: { ...more.define, 'globalThis.awslambda': 'awslambda', 'global.awslambda': 'awslambda' },
    });
    for (const warning of warnings) reporter.report(FUNCTION_WARNING, culprit(warning, functions).origin, { problem: describe(warning) });
    const text = (end: string): string | undefined => outputFiles!.find(({ path }) => path.endsWith(end))?.text;
    const own = relative(folder, RUNTIME);
    const files = Object.keys(metafile!.inputs).filter((input) => !input.includes('node_modules/') && !input.startsWith('required-builtin:') && !input.startsWith(own)).map((input) => resolve(folder, input));
    return { code: text('.js')!, map: withoutFolders(text('.map') ?? EMPTY_MAP), files: files.filter((file) => file !== resolve(folder, 'functions')) };
  } catch (error) {
    const messages = (error as { errors?: Message[] }).errors;
    if (messages === undefined) throw error;
    // What is injected is looked for from the handler's folder too: where that is not there, the handler's file is what is missing.
    const own = messages.filter(({ text }) => !text.includes(JSON.stringify(STREAMIFY)));
    for (const message of own.length > 0 ? own : messages) reportFailure(message, functions, folder, reporter);
    return undefined;
  }
}

/** Sources as `functions/handlers.ts`, `functions/node_modules/x/index.js`: a map says nothing of where this machine keeps them. */
function withoutFolders(map: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  const sources = parsed.sources.map((source) => `functions/${source.replace(/^.*?(?=node_modules\/)/, '').replace(/^(?:\.\.\/)+/, '')}`);
  return JSON.stringify({ ...parsed, sources });
}

/** Node's own modules under one spelling; `require` of one, which ESM has not, becomes a look-up. */
const builtins: Plugin = {
  name: 'node-builtins',
  setup(pluginBuild) {
    const names = new Set(builtinModules.map((name) => name.replace(/^node:/, '')));
    pluginBuild.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (!path.startsWith('node:') && !names.has(path)) return null;
      const specifier = `node:${path.replace(/^node:/, '')}`;
      return kind === 'require-call' || kind === 'require-resolve' ? { path: specifier, namespace: 'required-builtin' } : { path: specifier, external: true };
    });
    pluginBuild.onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`, loader: 'js' }));
  },
};

function reportFailure(message: Message, functions: readonly LocalFunction[], folder: string, reporter: Reporter): void {
  const missing = functions.find(({ file }) => message.text === `Could not resolve ${JSON.stringify(specifier(folder, file))}`);
  if (missing) { reporter.report(FUNCTION_NOT_FOUND, missing.origin, { file: shown(missing.file, missing.origin.file) }); return; }
  const wanted = /^No matching export in "(.*)" for import "(.*)"$/.exec(message.text);
  const owner = wanted && functions.find(({ exportName, file }) => exportName === wanted[2] && file.endsWith(wanted[1]!.replace(/^.*\//, '')));
  if (wanted && owner) {
    const exports = message.notes.flatMap(({ text }) => /"([A-Za-z_$][\w$]*)"/.exec(text)?.[1] ?? []);
    reporter.report(MISSING_EXPORT, owner.origin, { file: shown(owner.file, owner.origin.file), name: wanted[2]!, suggestion: closest(wanted[2]!, exports) });
    return;
  }
  const failed = culprit(message, functions);
  reporter.report(FUNCTION_NOT_BUNDLED, failed.origin, { problem: describe(message), name: parsePointer(failed.origin.pointer).at(-2) ?? 'NAME', missing: /^Could not resolve "([^"./][^"]*)"/.exec(message.text)?.[1] });
}

/** Whose handler a message is about: the one in that file, else the first. */
function culprit(message: Message, functions: readonly LocalFunction[]): LocalFunction {
  return functions.find(({ file }) => message.location !== null && file.endsWith(message.location.file.replace(/^(\.\.\/)+/, '/'))) ?? functions[0]!;
}

function describe({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/** Relative, so that neither code nor map hold a path of this machine. */
function specifier(folder: string, file: string): string {
  const path = relative(folder, file).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** As the document names it: relative to its folder. */
const shown = (file: string, document: string): string => relative(dirname(document), file).replaceAll('\\', '/') || file;
