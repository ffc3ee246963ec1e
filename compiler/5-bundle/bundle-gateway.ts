/**
 * 5-bundle: generated files → one minified ESM file that imports only `node:*`, its source map and a report of what is inside.
 *
 * Two tools, each where it is better: rollup takes the runtime apart (it looks into functions and drops what a gateway does not call); esbuild
 * joins that with the generated code, all of which is used, and minifies both. rollup alone takes several times as long on a large document.
 */
import { createHash } from 'node:crypto';
import { build, type Loader, type Plugin } from 'esbuild';
import { TOO_INTRICATE } from '../4-emit/diagnostics.js';
import { HASH_PLACEHOLDER, type EmittedGateway, type GeneratedFile } from '../4-emit/emit-gateway.js';
import type { Diagnostic, Origin } from '../diagnostics/define.js';
import { Reporter } from '../diagnostics/report.js';
import { compilePlan, ValidatorCache } from '../schema/compile-validators.js';
import type { ValidatorPlan } from '../schema/validators.js';
import { bundleFunctions, type BundledFunctions } from './bundle-functions.js';
import { bundleRuntime, withMap, type BundledRuntime, type RuntimeImports } from './bundle-runtime.js';
import { BUNDLE_FAULT } from './diagnostics.js';

export interface BundleBytes {
  /** UTF-8, as `map`. */
  readonly code: Bytes;
  /** Empty when none was asked for. */
  readonly map: Bytes;
  /** First 16 hex digits of the SHA-256 of the file's text. */
  readonly hash: string;
  /** Module → bytes in the bundle before minification, largest first. */
  readonly modules: readonly { readonly module: string; readonly bytes: number }[];
  /** Absolute paths of the user's own modules that are inside. */
  readonly files: readonly string[];
}

export interface BundleJob {
  readonly emitted: EmittedGateway;
  readonly minify: boolean;
  readonly map: boolean;
  readonly origin: Origin;
  /** The compiled validators are wanted as a file, too. */
  readonly sources?: boolean;
  /** There will be another job like this one. */
  readonly isRepeated?: boolean;
}

/** Without a bundle there is an error among the diagnostics. Plain data: it comes from a thread. */
export interface Bundled {
  readonly bundle?: BundleBytes;
  readonly diagnostics: readonly Diagnostic[];
  /** Files made from `emitted` before they were bundled, where they were asked for. */
  readonly files?: readonly GeneratedFile[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A text with what esbuild has to know of it. */
interface Module { readonly contents: string; readonly loader: Loader }

/** What was compiled ahead, or for the job before where there is another. */
let compiledBefore = new ValidatorCache();

/** Compiles what the next job will ask for. What is wrong with it that job says. */
export function compileAhead(validators: ValidatorPlan): Bundled {
  compilePlan(validators, compiledBefore);
  return { diagnostics: [] };
}

export async function bundleGateway({ emitted, minify, map: withMap, origin, sources, isRepeated }: BundleJob): Promise<Bundled> {
  const reporter = new Reporter();
  let functions: BundledFunctions | undefined;
  if (emitted.localFunctions.length > 0) {
    functions = await bundleFunctions(emitted.localFunctions, reporter);
    if (functions === undefined) return { diagnostics: reporter.diagnostics };
  }
  try {
    const compiled = compileValidators(emitted, isRepeated === true);
    const files = [...emitted.files, ...compiled];
    const runtime = await bundleRuntime(runtimeImports(files), emitted, minify);
    const { code, map, generated } = await link(modulesOf(files, runtime, functions), minify, withMap);
    const modules = [...runtime.modules, ...generated].filter(({ bytes }) => bytes > 0);
    modules.sort((a, b) => b.bytes - a.bytes || (a.module < b.module ? -1 : 1));
    const hash = createHash('sha256').update(code).digest('hex').slice(0, HASH_PLACEHOLDER.length);
    return { bundle: { code: finished(code, hash, withMap), map, hash, modules, files: functions?.files ?? [] }, diagnostics: reporter.diagnostics, ...(sources && { files: compiled }) };
  } catch (error) {
    const { message: problem } = error as Error;
    // Ajv nests as schemas do, and V8 has stack for so much.
    if (error instanceof RangeError) reporter.report(TOO_INTRICATE, origin, { doing: 'generate validators from', problem });
    else reporter.report(BUNDLE_FAULT, origin, { problem });
    return { diagnostics: reporter.diagnostics };
  }
}

function compileValidators({ validators }: EmittedGateway, isRepeated: boolean): GeneratedFile[] {
  if (validators === undefined) return [];
  const text = compilePlan(validators, compiledBefore);
  if (!isRepeated) compiledBefore = new ValidatorCache();
  return [{ path: 'validators.js', text }];
}

const IMPORT = /^import \{ (.*) \} from "gwc\/runtime\/(.*)";$/;

/** Imports of generated files stand at their top, one to a line: see `printFile` of 4-emit. */
function runtimeImports(files: readonly GeneratedFile[]): RuntimeImports {
  const imports = new Map<string, Set<string>>();
  for (const { text } of files) {
    for (let at = 0, end; (end = text.indexOf('\n', at)) >= 0; at = end + 1) {
      const line = text.slice(at, end);
      if (!line.startsWith('import ') && !line.startsWith('//')) break;
      const [, names, module] = IMPORT.exec(line) ?? [];
      if (module === undefined) continue;
      for (const name of names!.split(', ')) {
        if (name.startsWith('type ')) continue;
        if (!imports.has(module)) imports.set(module, new Set());
        imports.get(module)!.add(name.replace(/ as .*/, ''));
      }
    }
  }
  return imports;
}

/** Path → text. A runtime module is a list of re-exports from the one that rollup made of all of them. */
function modulesOf(files: readonly GeneratedFile[], runtime: BundledRuntime, functions: BundledFunctions | undefined): Map<string, Module> {
  const modules = new Map<string, Module>();
  for (const { path, text } of files) modules.set(path, { contents: text, loader: path.endsWith('.ts') ? 'ts' : 'js' });
  const reexports = new Map<string, string>();
  for (const [key, alias] of runtime.exports) {
    const [module, name] = key.split('#') as [string, string];
    reexports.set(module, `${reexports.get(module) ?? ''}export { ${alias} as ${name} } from "runtime.js";\n`);
  }
  for (const [module, contents] of reexports) modules.set(`gwc/runtime/${module}`, { contents, loader: 'js' });
  modules.set('runtime.js', { contents: withMap(runtime.code, runtime.map), loader: 'js' });
  if (functions) modules.set('functions.js', { contents: withMap(functions.code, functions.map), loader: 'js' });
  return modules;
}

/** esbuild's text with the hash in its place and one line break at its end. */
function finished(code: Bytes, hash: string, hasMap: boolean): Bytes {
  let end = code.length;
  while (end > 0 && code[end - 1]! <= 0x20) end--;
  const text = concat(code.subarray(0, end), Buffer.from(`\n${hasMap ? '//# sourceMappingURL=gateway.mjs.map\n' : ''}`));
  const view = Buffer.from(text.buffer);
  for (let at = view.indexOf(HASH_PLACEHOLDER); at >= 0; at = view.indexOf(HASH_PLACEHOLDER, at)) view.write(hash, at, 'latin1');
  return text;
}

/** Sources by name alone. The list of them stands before their texts, which are several megabytes and stay as they are. */
function withoutNamespace(map: Bytes): Bytes {
  const view = Buffer.from(map.buffer, map.byteOffset, map.byteLength);
  const end = view.indexOf('"sourcesContent"');
  return concat(Buffer.from(view.toString('utf8', 0, end).replaceAll('"gwc:', '"')), map.subarray(end));
}

/** In memory of its own, which can be moved to another thread. */
function concat(head: Uint8Array, tail: Uint8Array): Bytes {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

interface Linked { readonly code: Bytes; readonly map: Bytes; readonly generated: readonly { readonly module: string; readonly bytes: number }[] }

async function link(modules: ReadonlyMap<string, Module>, minify: boolean, map: boolean): Promise<Linked> {
  const texts: Plugin = {
    name: 'gwc',
    setup(linker) {
      linker.onResolve({ filter: /.*/ }, ({ path }) => {
        if (path.startsWith('node:')) return { path, external: true };
        const name = path.replace(/^\.\//, '');
        return { path: modules.has(name) ? name : name.replace(/\.js$/, '.ts'), namespace: 'gwc' };
      });
      linker.onLoad({ filter: /.*/, namespace: 'gwc' }, ({ path }) => modules.get(path));
    },
  };
  const { outputFiles, metafile } = await build({
    entryPoints: ['gateway.ts'], outfile: 'gateway.mjs', write: false, metafile: true, bundle: true, minify, sourcemap: map && 'external',
    platform: 'node', format: 'esm', target: 'node20', charset: 'utf8', legalComments: 'none', logLevel: 'silent', plugins: [texts],
  });
  const bytesOf = (end: string): Bytes => outputFiles.find(({ path }) => path.endsWith(end))!.contents as Bytes;
  const generated = Object.entries(metafile.inputs).flatMap(([id, { bytes }]) => {
    const module = id.replace(/^gwc:/, '').replace(/\.ts$/, '.js');
    return module === 'runtime.js' || module.startsWith('gwc/runtime/') ? [] : [{ module, bytes }];
  });
  return { code: bytesOf('.mjs'), map: map ? withoutNamespace(bytesOf('.mjs.map')) : new Uint8Array(0), generated };
}
