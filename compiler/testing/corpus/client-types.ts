/** `tsc --strict` over emitted clients, without files: the libraries are parsed once for all of them. */
import { dirname, join } from 'node:path';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [], skipLibCheck: false, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true, noImplicitOverride: true, noUnusedLocals: true, noUnusedParameters: true, verbatimModuleSyntax: true, isolatedModules: true,
};
const FOLDER = '/client';
const libraries = new Map<string, ts.SourceFile | undefined>();

/** One line per fault of sources and declarations, at most 20. `files`: path inside the package → text. */
export function checkClientTypes(files: ReadonlyMap<string, string>): string[] {
  const texts = new Map([...files].map(([path, text]) => [`${FOLDER}/${path}`, text]));
  const folders = new Set<string>();
  for (const path of texts.keys()) for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) folders.add(folder);
  const library = ts.getDefaultLibFilePath(OPTIONS);
  const host: ts.CompilerHost = {
    getSourceFile(path, language) {
      const text = texts.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, language, true);
      if (!libraries.has(path)) {
        const own = ts.sys.readFile(path);
        libraries.set(path, own === undefined ? undefined : ts.createSourceFile(path, own, language, true));
      }
      return libraries.get(path);
    },
    getDefaultLibFileName: () => library,
    getDefaultLibLocation: () => dirname(library),
    writeFile: () => {},
    getCurrentDirectory: () => FOLDER,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    directoryExists: (path) => folders.has(path),
  };
  const roots = ['src/index.ts', 'index.d.ts', 'index.d.cts'].map((path) => join(FOLDER, path)).filter((path) => texts.has(path));
  if (roots.length === 0) return ['the client has no index'];
  const program = ts.createProgram(roots, OPTIONS, host);
  const faults = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  for (const file of program.getSourceFiles()) {
    if (!file.fileName.startsWith(FOLDER)) continue;
    faults.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
  }
  return faults.slice(0, 20).map(({ file, start, code, messageText }) => {
    const place = file && start !== undefined ? `${file.fileName.slice(FOLDER.length + 1)}:${file.getLineAndCharacterOfPosition(start).line + 1} ` : '';
    return `${place}TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`.slice(0, 400);
  });
}
