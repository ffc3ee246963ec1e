// The command in a few files instead of four hundred: loading modules was most of what `gwc check` of a small document took.
// build/compiler stays as it is: the tests, `exports` and whoever embeds the compiler use it.
import { build } from 'esbuild';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'build', 'compiler');
const out = join(root, 'build', 'cli');
// Programs of their own, or too large to be worth it.
const external = ['rollup', 'esbuild', 'ts-morph', 'typescript'];
const entryPoints = {
  gwc: join(compiler, 'cli', 'main.js'),
  prepare: join(compiler, 'cli', 'prepare.js'),
  'validate-worker': join(compiler, '1-load', 'validate', 'validate-worker.js'),
  'bundle-worker': join(compiler, '5-bundle', 'bundle-worker.js'),
};

/** Places relative to a module of gwc's stay what they are; threads start from the bundled worker. */
const places = {
  name: 'places',
  setup(bundler) {
    bundler.onLoad({ filter: /build[\\/](?:compiler|runtime)[\\/].*\.js$/ }, ({ path }) => {
      const here = JSON.stringify(relative(out, path).replaceAll('\\', '/'));
      const contents = readFileSync(path, 'utf8')
        .replace(/new URL\('\.\/([\w-]+-worker)\.js', import\.meta\.url\)/g, (whole, name) => (name in entryPoints ? `new URL('./${name}.js', import.meta . url)` : whole))
        .replace(/(new URL\([^()]*, |createRequire\()import\.meta\.url\)/g, `$1new URL(${here}, import.meta.url))`);
      return { contents, loader: 'js' };
    });
  },
};

rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root, entryPoints, outdir: out, entryNames: '[name]', chunkNames: 'chunk-[hash]', bundle: true, splitting: true, minifySyntax: true, minifyWhitespace: true,
  format: 'esm', platform: 'node', target: 'node20', external, metafile: true, legalComments: 'none', logLevel: 'error', plugins: [places],
  banner: { js: "import { createRequire as gwcRequire } from 'node:module'; const require = gwcRequire(import.meta.url);" },
});

const packages = new Set(Object.keys(metafile.inputs).flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
const notices = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENSE-MIT', 'license', 'license.md', 'LICENCE'].find((each) => existsSync(join(root, folder, each)));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(root, folder, file), 'utf8').trim() : 'No licence file in the package.'}\n`;
});
writeFileSync(join(out, 'LICENSES.txt'), `Packages whose code is in these files.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`);
