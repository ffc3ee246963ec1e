/** Packages that parts of the runtime use, as text that rollup can take in: only bundles that have those parts get them. */
import { readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, transform, type Plugin } from 'esbuild';

const find = createRequire(import.meta.url);

/** The only package that is ESM already, for signatures of tokens. */
export const jose = (): string => fileURLToPath(import.meta.resolve('jose'));

let mmdb: Promise<string> | undefined, redis: Promise<string> | undefined;

/** ioredis is CommonJS in many files: esbuild makes one ES module of it. */
export function ioredis(): Promise<string> {
  return redis ??= asModule('export { Cluster, Redis } from "ioredis";');
}

/** So is mmdb-lib, which reads databases of addresses. */
export function mmdbLib(): Promise<string> {
  return mmdb ??= asModule('export { Reader } from "mmdb-lib";');
}

function asModule(contents: string): Promise<string> {
  return build({
    stdin: { contents, resolveDir: dirname(fileURLToPath(import.meta.url)), loader: 'js' },
    bundle: true, write: false, format: 'esm', platform: 'node', target: 'node20', charset: 'utf8', legalComments: 'none', logLevel: 'silent', plugins: [builtins],
  }).then(({ outputFiles }) => withoutFolders(outputFiles[0]!.text));
}

/** Modules are called after their files: without where this machine has them. */
const withoutFolders = (text: string): string => text.replace(/^(\s*(?:\/\/ |"))[^"\n]*?(?=node_modules\/(?!.*node_modules\/))/gm, '$1');

/** `require` of a module of Node's own, which ESM has not. */
const builtins: Plugin = {
  name: 'builtins',
  setup(bundler) {
    const names = new Set(builtinModules);
    bundler.onResolve({ filter: /^[a-z]/ }, ({ path }) => (names.has(path.replace(/^node:/, '')) ? { path: `node:${path.replace(/^node:/, '')}`, namespace: 'builtin' } : null));
    bundler.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`, loader: 'js' }));
  },
};

/** Stands for `runtime/access/bcrypt-package.js`: bcryptjs as the text of a program for a thread of its own. */
export async function bcrypt(): Promise<string> {
  const { code } = await transform(readFileSync(find.resolve('bcryptjs'), 'utf8'), { minify: true, target: 'node20', charset: 'utf8', legalComments: 'none' });
  return `const PROGRAM = ${JSON.stringify(code)};\nexport function bcryptProgram() { return PROGRAM; }\n`;
}

let wasm: string | undefined;

/**
 * Stands for `runtime/store/sqlite/wasm-package.js`: node-sqlite3-wasm as it is, in a function that gives it what it asks for, and its WebAssembly in
 * the text, so that a gateway stays one file. Unpacking takes some ten milliseconds, on a Node that has no SQLite of its own only.
 */
export function sqliteWasm(): string {
  if (wasm !== undefined) return wasm;
  const file = find.resolve('node-sqlite3-wasm');
  const bytes = readFileSync(join(dirname(file), 'node-sqlite3-wasm.wasm'));
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  return wasm = `import { brotliDecompressSync } from 'node:zlib';
const PACKED = ${JSON.stringify(packed.toString('base64'))};
export function loadSqliteWasm(fileSystem) {
  const module = { exports: {} };
  run(module, (name) => (name === 'node:fs' ? fileSystem : process.getBuiltinModule(name)), '', { wasmBinary: brotliDecompressSync(Buffer.from(PACKED, 'base64')) });
  return module.exports;
}
function run(module, require, __dirname, Module) {
${readFileSync(file, 'utf8')}
}
`;
}
