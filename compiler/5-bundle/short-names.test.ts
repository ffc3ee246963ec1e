/** Which names may be shortened is decided here, by what TypeScript knows of the runtime, of Node and of the language. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SHORT_NAMES } from './short-names.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const test = suite('names that are shortened');

/** What another copy of http1/ calls: a new bundle takes connections over that an old one accepted (`upgrade.ts`). */
const BETWEEN_COPIES: ReadonlySet<string> = new Set(['Taker', 'takeOver']);

interface Found {
  /** Name → where something is called like that: files of the runtime, '' for everything else. */
  readonly places: Map<string, Set<string>>;
  readonly texts: Set<string>;
}

function findNames(): Found {
  const { options, fileNames } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}tsconfig.json`, (path) => readFileSync(path, 'utf8')).config, ts.sys, root);
  const runtime = `${root}runtime/`;
  const program = ts.createProgram(fileNames.filter((name) => name.startsWith(runtime) && !name.includes('.test.') && !name.includes('/testing/')), options);
  const places = new Map<string, Set<string>>();
  const texts = new Set<string>();
  for (const file of program.getSourceFiles()) {
    const own = file.fileName.startsWith(runtime) ? file.fileName.slice(runtime.length) : '';
    const note = (name: string, place: string): void => { (places.get(name) ?? places.set(name, new Set()).get(name)!).add(place); };
    // `isCast`: what is said of Node's own objects that its types leave out.
    const visit = (node: ts.Node, isCast: boolean): void => {
      const inside = isCast || ts.isAsExpression(node) || (ts.isInterfaceDeclaration(node) && BETWEEN_COPIES.has(node.name.text));
      if (own !== '' && ts.isStringLiteralLike(node)) texts.add(node.text);
      const name = namesSomething(node, own === '') ? (node as ts.NamedDeclaration).name : undefined;
      if (name && ts.isIdentifier(name)) note(name.text, inside || BETWEEN_COPIES.has(name.text) ? '' : own);
      // A literal is what a cast says it is only where it stands in the cast itself.
      ts.forEachChild(node, (child) => visit(child, inside && !ts.isFunctionLike(node)));
    };
    visit(file, false);
  }
  return { places, texts };
}

function namesSomething(node: ts.Node, foreign: boolean): boolean {
  return ts.isTypeElement(node) || ts.isClassElement(node) || ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node) || ts.isEnumMember(node) ||
    (ts.isParameter(node) && (node.modifiers?.length ?? 0) > 0) || (foreign && (ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node)));
}

test('only http1/ declares them, and nothing is called like them', () => {
  const { places, texts } = findNames();
  assert.ok(places.size > 5_000, 'the declarations of Node and the language were read');
  // Limits go to the server of another bundle; their names are those of options.
  const isInternal = (name: string): boolean => !texts.has(name) && places.has(name) && [...places.get(name)!].every((file) => /^http1\/(?!limits\.ts)/.test(file));
  for (const name of ['takeOver', 'onBytes', '_handle', 'useUserBuffer', 'write', 'pathStart', 'bodyTimeoutMs', 'headers', 'status']) assert.not.ok(isInternal(name), name);
  assert.equal(SHORT_NAMES.filter((name) => !isInternal(name)), [], 'take these out of short-names.ts');
  
});

test('http1/ looks at no object by the names of its properties', () => {
  const files = ts.sys.readDirectory(`${root}runtime/http1`, ['.ts']).filter((name) => !/\.test\.|\/testing\/|limits\.ts$/.test(name));
  assert.ok(files.length > 20);
  for (const file of files) {
    const text = readFileSync(file, 'utf8').replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '');
    assert.not.match(text, /\bJSON\.|\bObject\.(?:keys|values|entries|fromEntries)|\bkeyof\b|\bfor \(const \w+ in\b|['"]\w+['"] in \w/, file);
  }
});

test.run();
