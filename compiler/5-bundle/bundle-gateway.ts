/** 5-bundle: generated files → one minified ESM file that imports only `node:*`, its source map and a report of what is inside. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { rollup, type Plugin, type RollupLog } from 'rollup';
import { HASH_PLACEHOLDER, type EmittedGateway } from '../4-emit/emit-gateway.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Origin } from '../diagnostics/define.js';
import { bundleFunctions, type BundledFunctions } from './bundle-functions.js';
import { BUNDLE_FAULT } from './diagnostics.js';

export interface Bundle {
  readonly code: string;
  readonly map: string;
  /** First 16 hex digits of the SHA-256 of the file's text. */
  readonly hash: string;
  /** Module → bytes in the bundle before minification, largest first. */
  readonly modules: readonly { readonly module: string; readonly bytes: number }[];
  /** Absolute paths of the user's own modules that are inside. */
  readonly files: readonly string[];
}

/** Ids of modules that are no files. Not `\\0`, as usual for those: rollup keeps no source map of such. */
const GENERATED = 'gwc:';
const FUNCTIONS = `${GENERATED}functions.js`;
const runtimeFolder = fileURLToPath(new URL('../../runtime/', import.meta.url));

export async function bundleGateway(emitted: EmittedGateway, minify: boolean, origin: Origin, reporter: Reporter): Promise<Bundle | undefined> {
  const files = new Map(emitted.files.map((file) => [`${GENERATED}${file.path.replace(/\.ts$/, '.js')}`, file.text]));
  const problems: string[] = [];
  let bundledFunctions: BundledFunctions | undefined;
  if (emitted.localFunctions.length > 0) {
    const functions = await bundleFunctions(emitted.localFunctions, reporter);
    if (functions === undefined) return undefined;
    bundledFunctions = functions;
  }
  try {
    const build = await rollup({
      cache: false,
      input: `${GENERATED}gateway.js`,
      external: (id) => id.startsWith('node:'),
      treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, tryCatchDeoptimization: false },
      // What the user's own code does is esbuild's to judge.
      onwarn: (warning: RollupLog) => { if (warning.code !== 'CIRCULAR_DEPENDENCY' && warning.id !== FUNCTIONS && warning.loc?.file !== FUNCTIONS) problems.push(warning.message); },
      plugins: [generated(files, emitted.flags, bundledFunctions), ...(minify ? [minifier] : [])],
    });
    const { output } = await build.generate({ format: 'es', sourcemap: 'hidden', inlineDynamicImports: true });
    await build.close();
    const chunk = output[0];
    const strangers = [...chunk.imports, ...chunk.dynamicImports].filter((id) => !id.startsWith('node:'));
    if (strangers.length > 0) problems.push(`it imports ${strangers.join(', ')}`);
    if (problems.length > 0) { reporter.report(BUNDLE_FAULT, origin, { problem: problems[0]! }); return undefined; }

    const modules = Object.entries(chunk.modules).map(([id, module]) => ({ module: moduleName(id), bytes: module.renderedLength })).filter((module) => module.bytes > 0);
    modules.sort((a, b) => b.bytes - a.bytes || (a.module < b.module ? -1 : 1));
    const hash = createHash('sha256').update(chunk.code).digest('hex').slice(0, HASH_PLACEHOLDER.length);
    const map = { ...chunk.map!, file: 'gateway.mjs', sources: chunk.map!.sources.map(sourceName) };
    const code = chunk.code.replaceAll(HASH_PLACEHOLDER, hash).trimEnd();
    return { code: `${code}\n//# sourceMappingURL=gateway.mjs.map\n`, map: JSON.stringify(map), hash, modules, files: bundledFunctions?.files ?? [] };
  } catch (error) {
    reporter.report(BUNDLE_FAULT, origin, { problem: (error as Error).message });
    return undefined;
  }
}

/** Resolves generated files, runtime modules and the flags; strips types from generated TypeScript. */
function generated(files: ReadonlyMap<string, string>, flags: Readonly<Record<string, boolean>>, functions: BundledFunctions | undefined): Plugin {
  const flagsModule = Object.entries(flags).map(([name, value]) => `export const ${name} = ${value};`).join('\n');
  return {
    name: 'gwc',
    resolveId(source, importer) {
      if (source.startsWith(GENERATED)) return source;
      if (source.startsWith('gwc/runtime/')) return `${runtimeFolder}${source.slice('gwc/runtime/'.length)}.js`;
      if (importer?.startsWith(GENERATED) && source.startsWith('./')) return `${GENERATED}${source.slice(2)}`;
      return null;
    },
    async load(id) {
      if (id === `${runtimeFolder}flags.js`) return flagsModule;
      // The settings that fit generated code do not fit other people's: theirs stays as it is.
      if (id === FUNCTIONS && functions !== undefined) return { code: functions.code, map: functions.map, moduleSideEffects: 'no-treeshake' };
      const text = files.get(id);
      if (text === undefined) return null;
      // All of a generated file is used: rollup need not look for what is not. What it imports of the runtime is still shaken.
      if (!text.startsWith('// Generated')) return { code: text, moduleSideEffects: 'no-treeshake' };
      const { code, map } = await transform(text, { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'external', sourcefile: moduleName(id).replace(/\.js$/, '.ts'), charset: 'utf8' });
      return { code, map, moduleSideEffects: 'no-treeshake' };
    },
  };
}

function moduleName(id: string): string {
  if (id.startsWith(GENERATED)) return id.slice(GENERATED.length);
  return id.startsWith(runtimeFolder) ? `runtime/${id.slice(runtimeFolder.length)}` : id.replace(/^.*node_modules\//, '');
}

/** Names in the source map say what a module is, not where this machine keeps it. */
function sourceName(source: string): string {
  const name = source.replace(/\\/g, '/').replace(GENERATED, '');
  if (name.startsWith('functions/')) return name;
  const runtime = name.lastIndexOf('/runtime/');
  return runtime >= 0 ? `runtime/${name.slice(runtime + '/runtime/'.length)}` : name.slice(name.lastIndexOf('/') + 1);
}

/** Rollup composes the minifier's source map with its own. */
const minifier: Plugin = {
  name: 'minify',
  async renderChunk(code) {
    const result = await transform(code, { minify: true, format: 'esm', target: 'node20', sourcemap: 'external', sourcesContent: false, legalComments: 'none', charset: 'utf8' });
    return { code: result.code, map: result.map };
  },
};
