/** Invariant of 4-emit: whatever is generated type-checks against runtime/, and uses no name it does not declare. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SHORT_NAMES } from '../5-bundle/short-names.js';
import { analyse, type CompileOptions } from '../index.js';
import { compilePlan } from '../schema/compile-validators.js';
import { emitGateway } from './emit-gateway.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const test = suite('generated code type-checks');

/** `"text" || undefined`, `"text" ?? ""`: decided when the bundle is minified. */
const DECIDED: ReadonlySet<number> = new Set([2869, 2872]);

/** Documents with everything there is, and how each is built. */
function* documents(): Generator<[name: string, path: string, options: CompileOptions]> {
  yield ['specs/petstore.yaml', join(root, 'specs/petstore.yaml'), {}];
  yield ['specs/shop.yaml --mock', join(root, 'specs/shop.yaml'), { mock: true }];
  yield ['specs/shop.yaml --upstream', join(root, 'specs/shop.yaml'), { upstream: 'http://127.0.0.1:9' }];
  yield ['specs/notes-http-api.yaml', join(root, 'specs/notes-http-api.yaml'), {}];
  yield* samples('fixtures');
}

/** As samples.test.ts finds them. */
function* samples(path: string): Generator<[name: string, path: string, options: CompileOptions]> {
  const folder = join(root, path);
  if (existsSync(join(folder, 'exchange.http'))) yield [path, join(folder, 'spec.yaml'), optionsOf(folder)];
  else for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) yield* samples(`${path}/${entry.name}`);
}

function optionsOf(folder: string): CompileOptions {
  const file = join(folder, 'options.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8').replaceAll('${upstream}', 'http://127.0.0.1:9')) as CompileOptions) : {};
}

test('specs and samples', async () => {
  const files = new Map<string, string>();
  let index = 0;
  for (const [name, path, options] of documents()) {
    const { api, plan, diagnostics } = await analyse(path, { ...options, params: { ...options.params, upstream: 'http://127.0.0.1:9' }, cwd: dirname(path) });
    assert.equal(diagnostics.filter((each) => each.severity === 'error').map((each) => `${each.code} ${each.message}`), [], name);
    const folder = join(root, 'build', `generated-${index++}`);
    const emitted = emitGateway(api!, plan!, options);
    for (const file of emitted.files) files.set(join(folder, file.path), file.text);
    if (emitted.validators) files.set(join(folder, 'validators.js'), compilePlan(emitted.validators));
  }
  assert.ok(index > 6);
  // Bundles have short names for these, in the runtime only.
  const internal = new RegExp(`\\.(?:${SHORT_NAMES.join('|')})\\b`);
  for (const [path, text] of files) if (path.endsWith('.ts')) assert.not.ok(internal.exec(text), `${path}: ${internal.exec(text)?.[0]}`);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, noEmit: true, skipLibCheck: true,
    types: ['node'], typeRoots: [join(root, 'node_modules/@types')], allowJs: true, checkJs: false, paths: { 'gwc/runtime/*': [join(root, 'runtime/*.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.directoryExists = (path) => /generated-\d+$/.test(path) || ts.sys.directoryExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => (files.has(path) ? ts.createSourceFile(path, files.get(path)!, version) : getSourceFile(path, version, ...rest));
  const program = ts.createProgram([...files.keys()].filter((path) => path.endsWith('.ts')), options, host);
  const messages = ts.getPreEmitDiagnostics(program).filter(({ code }) => !DECIDED.has(code)).map((each) => {
    const line = each.file?.text.slice(0, each.start).split('\n').length ?? 0;
    return `${each.file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(each.messageText, '\n')}: ${each.file?.text.split('\n')[line - 1]?.slice(0, 200)}`;
  });
  // Local Lambda modules are the user's: rollup brings them in.
  assert.equal(messages.filter((message) => !message.includes("'./functions.js'")), []);
});

test.run();
