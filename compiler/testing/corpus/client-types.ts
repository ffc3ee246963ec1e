/** `tsc --strict` over emitted clients, without files: the libraries are parsed once for all of them. */
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** As in a tsconfig.json: all of `--strict`, and what strict code bases add to it. */
export const CLIENT_OPTIONS = {
  strict: true, noEmit: true, target: 'es2022', module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'dom', 'dom.iterable'], types: [], skipLibCheck: false,
  noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noPropertyAccessFromIndexSignature: true, noImplicitOverride: true, noUnusedLocals: true, noUnusedParameters: true,
  verbatimModuleSyntax: true, isolatedModules: true,
};
/** What a user imports: sources, and declarations of both module systems. */
export const CLIENT_ROOTS: readonly string[] = ['src/index.ts', 'index.d.ts', 'index.d.cts'];
const OPTIONS = ts.convertCompilerOptionsFromJson(CLIENT_OPTIONS, '/').options;
const FOLDER = '/client';
const libraries = new Map<string, ts.SourceFile | undefined>();

/** One line per fault of sources and declarations, at most 20 for each client. `clients`: any name → path inside the package → text. */
export function checkClientTypes(clients: ReadonlyMap<string, ReadonlyMap<string, string>>): Map<string, string[]> {
  const texts = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const [name, files] of clients) {
    const folder = `${FOLDER}/${folders.size}`;
    folders.set(folder, name);
    for (const [path, text] of files) texts.set(`${folder}/${path}`, text);
  }
  const known = new Set<string>();
  for (const path of texts.keys()) for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) known.add(folder);
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
    directoryExists: (path) => known.has(path),
  };
  const roots = [...folders.keys()].flatMap((folder) => CLIENT_ROOTS.map((path) => join(folder, path))).filter((path) => texts.has(path));
  const program = ts.createProgram(roots, OPTIONS, host);
  const faults = new Map([...folders.values()].map((name): [string, string[]] => [name, []]));
  for (const [folder, name] of folders) if (!texts.has(`${folder}/src/index.ts`) || !texts.has(`${folder}/index.d.ts`)) faults.get(name)!.push('the client has no index');
  for (const fault of [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()]) for (const list of faults.values()) list.push(lineOf(fault, ''));
  for (const file of program.getSourceFiles()) {
    const folder = /^\/client\/\d+/.exec(file.fileName)?.[0];
    if (folder === undefined) continue;
    const list = faults.get(folders.get(folder)!)!;
    for (const fault of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) if (list.length < 20) list.push(lineOf(fault, folder));
  }
  return faults;
}

function lineOf({ file, start, code, messageText }: ts.Diagnostic, folder: string): string {
  const place = file && start !== undefined ? `${file.fileName.slice(folder.length + 1)}:${file.getLineAndCharacterOfPosition(start).line + 1} ` : '';
  return `${place}TS${code} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`.slice(0, 400);
}
