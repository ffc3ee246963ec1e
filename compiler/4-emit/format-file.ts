/** Lays out a generated TypeScript file for people (`--keep-sources`) with ts-morph, formatted in one go. */
import { IndentationText, NewLineKind, Project, QuoteKind } from 'ts-morph';

/** Above this many characters formatting costs more than the rest of the build; such a file is only readable by search anyway. */
const FORMAT_LIMIT = 400_000;

export function formatFile(path: string, text: string): string {
  if (text.length > FORMAT_LIMIT) return text;
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Double, newLineKind: NewLineKind.LineFeed },
  });
  const file = project.createSourceFile(path, text);
  file.formatText({ indentSize: 2, ensureNewLineAtEndOfFile: true });
  return file.getFullText();
}
