/** Generated code: stable, typed against the runtime, and a bundle holds only what its templates use. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Imports, print } from '../code.js';
import { METHOD_TABLE, ANY_METHODS } from '../../runtime/vtl/method-table.js';
import * as methods from '../../runtime/vtl/methods.js';
import { constantText, emit } from './emit.js';
import { parse } from './parse.js';
import { corpus } from './testing/corpus.js';
import { Generator, PROLOGUE } from './testing/generate.js';

const test = suite('emitted templates');

/** A module as 4-emit would write it: imports, then one constant per template. */
function moduleOf(templates: readonly string[]): string {
  const imports = new Imports(new Set());
  const constants = templates.map((template, i) => `export const template${i} = ${print(emit(parse(template)), imports)};`);
  const lines = imports.entries().map(([specifier, names]) => `import { ${names.map(([name, local]) => (name === local ? name : `${name} as ${local}`)).join(', ')} } from '${specifier}';`);
  return [...lines, ...constants].join('\n');
}

test('the same template gives the same code', () => {
  for (const { template } of corpus()) if (parse(template).problems.length === 0) assert.is(moduleOf([template]), moduleOf([template]));
});

test('a template that is always the same is a constant', () => {
  assert.is(constantText(parse('{"a": 1} ## note\n#* more *#')), '{"a": 1} ');
  assert.is(constantText(parse('$x')), undefined);
  assert.match(moduleOf(['{"statusCode": 200}']), /template\(\(\) => "\{\\"statusCode\\": 200\}"\)/);
});

test('calculations and strings of constants are folded', () => {
  const code = moduleOf(['#set($a = 1 + 2 * 3)#set($b = "x" + "y")$a$b']);
  assert.match(code, /= 7;/);
  assert.match(code, /= "xy";/);
  assert.not.match(code, /arithmetic|plus/);
});

test('what nobody reads is not stored', () => {
  assert.not.match(moduleOf(['#set($unused = "text")x']), /text/);
});

test('every method is exported under the name generated code imports', () => {
  for (const table of [...Object.values(METHOD_TABLE), ANY_METHODS]) for (const method of Object.values(table!)) assert.is((methods as { [name: string]: unknown })[method.name], method, method.name);
});

test('generated code type-checks against the runtime', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const file = `${root}emitted.ts`;
  const templates = [...corpus().map(({ template }) => template), ...Array.from({ length: 150 }, (_, seed) => PROLOGUE + new Generator(seed).template())].filter((template) => parse(template).problems.length === 0);
  const source = moduleOf(templates);
  const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true, noUnusedLocals: true, types: ['node'] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...rest));
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.getCurrentDirectory = () => root;
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host)).filter((problem) => problem.file?.fileName === file);
  assert.equal(problems.slice(0, 5).map((problem) => `${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}: ${source.slice(problem.start!, problem.start! + 80)}`), []);
});

async function modulesOf(templates: readonly string[]): Promise<string[]> {
  const runtime = new URL('../../runtime/', import.meta.url);
  const bundle = await rollup({
    input: 'entry',
    treeshake: { moduleSideEffects: false },
    external: /^node:/,
    plugins: [{
      name: 'test',
      resolveId: (id, importer) => (id === 'entry' ? id : id.startsWith('gwc/runtime/') ? fileURLToPath(new URL(`${id.slice('gwc/runtime/'.length)}.js`, runtime)) : id.startsWith('.') ? fileURLToPath(new URL(id, `file://${importer}`)) : null),
      load: (id) => (id === 'entry' ? moduleOf(templates) : readFileSync(id, 'utf8')),
    }],
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({ format: 'es' });
  assert.not.match(output[0].code, /new Function|\beval\(/);
  return Object.entries(output[0].modules).filter(([id, { renderedLength }]) => id !== 'entry' && renderedLength > 0).map(([id]) => id.slice(id.indexOf('/runtime/') + 9, -3)).sort();
}

test('a bundle holds what its templates use', async () => {
  assert.equal(await modulesOf(['{"statusCode": 200}']), ['vtl/limits', 'vtl/render']);
  const plain = await modulesOf(["{\"id\": $input.json('$.id'), \"name\": \"$util.escapeJavaScript($input.path('$.name'))\"}"]);
  for (const absent of ['language/parser', 'language/lexer', 'interpret', 'frame', 'jsonpath/evaluate', 'jsonpath/parse', 'java-regex/pattern', 'methods/string', 'methods/number', 'method-table', 'loop']) assert.not.ok(plain.includes(`vtl/${absent}`), absent);
  const withEvaluate = await modulesOf(['#evaluate($input.body)']);
  assert.ok(withEvaluate.includes('vtl/language/parser') && withEvaluate.includes('vtl/interpret'));
  assert.not.ok((await modulesOf(['#macro(m $a)[$a]#end#m("x")'])).includes('vtl/language/parser'));
  assert.not.ok((await modulesOf(["#evaluate('$context.stage')"])).includes('vtl/language/parser'));
});

test.run();
