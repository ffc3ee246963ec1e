/** The exports of `runtime/` that a gateway calls → one ESM text that holds them and what they need, by rollup: what is not called is not in it. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { rollup, type RollupLog } from 'rollup';
import type { EmittedGateway } from '../4-emit/emit-gateway.js';
import { SHORT_NAMES } from './short-names.js';
import { transportNeeds } from './transport-flags.js';
import { REASONS } from '../../runtime/http1/reasons.js';
import { bcrypt, ioredis, jose, mmdbLib, sqliteWasm } from './runtime-packages.js';

export interface BundledRuntime {
  readonly code: string;
  readonly map: string;
  /** Export of a runtime module, as `module#name`, → its name among the exports of `code`. */
  readonly exports: ReadonlyMap<string, string>;
  /** Runtime module → bytes of it that are in `code`. */
  readonly modules: readonly { readonly module: string; readonly bytes: number }[];
}

/** What generated files import: runtime module → names. */
export type RuntimeImports = ReadonlyMap<string, ReadonlySet<string>>;

const ENTRY = 'gwc:runtime';
const runtimeFolder = fileURLToPath(new URL('../../runtime/', import.meta.url));
/** `gwc dev` builds the same API again and again: its runtime is another only when a feature comes or goes. */
let last: { readonly key: string; readonly runtime: BundledRuntime } | undefined;

/** Throws what rollup finds wrong: the runtime is ours, so it is a fault of gwc's. (rollup's cache of what it parsed costs as much as parsing again.) */
export async function bundleRuntime(imports: RuntimeImports, { files, flags }: EmittedGateway, minify: boolean): Promise<BundledRuntime> {
  const exports = new Map<string, string>();
  const lines: string[] = [];
  for (const [module, names] of [...imports].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const name of [...names].sort()) {
      const alias = `r${exports.size}`;
      exports.set(`${module}#${name}`, alias);
      lines.push(`export { ${name} as ${alias} } from ${JSON.stringify(`${runtimeFolder}${module}.js`)};`);
    }
  }
  const entry = lines.join('\n');
  const needs = transportNeeds(imports.keys(), files.flatMap(({ path, text }) => (path.endsWith('.ts') ? [text] : [])));
  const reasons = needs.statuses && `export const REASONS = ${JSON.stringify(Object.fromEntries(Object.entries(REASONS).filter(([status]) => needs.statuses!.has(Number(status)))))};`;
  const flagsModule = Object.entries({ ...flags, ...needs.flags }).map(([name, value]) => `export const ${name} = ${value};`).join('\n');
  const key = `${minify}\n${flagsModule}\n${reasons ?? ''}\n${entry}`;
  if (last?.key === key) return last.runtime;

  const problems: string[] = [];
  const build = await rollup({
    input: ENTRY,
    external: (id) => id.startsWith('node:'),
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, tryCatchDeoptimization: false },
    onwarn: (warning: RollupLog) => { if (warning.code !== 'CIRCULAR_DEPENDENCY') problems.push(warning.message); },
    plugins: [{
      name: 'gwc',
      resolveId: (source, importer) => {
        // The runtime names its files in full: nothing to look for in folders.
        if (source.startsWith('.') && importer?.startsWith(runtimeFolder)) return resolve(dirname(importer), source);
        return source === ENTRY || source.startsWith(runtimeFolder) ? source : source === 'jose' ? jose() : source === 'ioredis' || source === 'mmdb-lib' ? `node_modules/${source}` : null;
      },
      async load(id) {
        if (id === ENTRY) return entry;
        if (id === `${runtimeFolder}flags.js`) return flagsModule;
        if (reasons !== undefined && id === `${runtimeFolder}http1/reasons.js`) return reasons;
        // A package of many parts that find each other at run time: whole or not at all.
        if (id === 'node_modules/ioredis') return { code: await ioredis(), moduleSideEffects: 'no-treeshake' as const };
        if (id === 'node_modules/mmdb-lib') return { code: await mmdbLib(), moduleSideEffects: 'no-treeshake' as const };
        if (id === `${runtimeFolder}store/sqlite/wasm-package.js`) return sqliteWasm();
        if (id === `${runtimeFolder}access/bcrypt-package.js`) return bcrypt();
        return null;
      },
    }],
  });
  const { output } = await build.generate({ format: 'es', sourcemap: 'hidden', inlineDynamicImports: true });
  await build.close();
  const chunk = output[0];
  const strangers = [...chunk.imports, ...chunk.dynamicImports].filter((id) => !id.startsWith('node:'));
  if (strangers.length > 0) problems.push(`it imports ${strangers.join(', ')}`);
  if (problems.length > 0) throw new Error(problems[0]);
  const modules = Object.entries(chunk.modules).filter(([id]) => id !== ENTRY).map(([id, { renderedLength }]) => ({ module: moduleName(id), bytes: renderedLength }));
  const map = JSON.stringify({ ...chunk.map!, sources: chunk.map!.sources.map((source) => moduleName(source.replace(/\\/g, '/'))) });
  const hasPackages = modules.some(({ module }) => !module.startsWith('runtime/') || module.endsWith('-package.js'));
  const runtime = { ...(minify && !hasPackages ? await shorten(chunk.code, map) : { code: chunk.code, map }), exports, modules };
  last = { key, runtime };
  return runtime;
}

/** Packages may use the same names for something else: only what is gwc's own is shortened. */
async function shorten(code: string, map: string): Promise<{ code: string; map: string }> {
  const names = new RegExp(`^(?:${SHORT_NAMES.join('|')})$`);
  return transform(withMap(code, map), { mangleProps: names, sourcemap: 'external', sourcefile: 'runtime.js', target: 'node20', charset: 'utf8', legalComments: 'none' });
}

/** `code` with its map inside, as esbuild takes it. */
export function withMap(code: string, map: string): string {
  return `${code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`;
}

/** What a module is, not where this machine keeps it. */
function moduleName(id: string): string {
  const at = id.lastIndexOf('/runtime/');
  return at >= 0 ? id.slice(at + 1) : id.replace(/^.*node_modules\//, '');
}
