/** Turns printed code into a TypeScript file with ts-morph: imports as structures, everything in one batch, formatted once. */
import { IndentationText, NewLineKind, Project, QuoteKind, StructureKind, type ImportDeclarationStructure } from 'ts-morph';
import type { Imports } from '../code.js';

/** Above this many characters formatting costs more than the rest of the build; such a file is only readable by search anyway. */
const FORMAT_LIMIT = 400_000;

export function formatFile(path: string, imports: Imports, body: string, banner: string): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Double, newLineKind: NewLineKind.LineFeed },
  });
  const declarations: ImportDeclarationStructure[] = imports.entries().map(([moduleSpecifier, names]) => ({
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier,
    namedImports: names.map(([name, local]) => ({ name, isTypeOnly: imports.isType(name), ...(local === name ? {} : { alias: local }) })),
  }));
  const file = project.createSourceFile(path, { statements: [`// ${banner.replace(/[\r\n\u2028\u2029]+/g, ' ')}`, ...declarations, body] });
  if (body.length <= FORMAT_LIMIT) file.formatText({ indentSize: 2, ensureNewLineAtEndOfFile: true });
  return file.getFullText();
}
