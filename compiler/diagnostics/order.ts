import type { Diagnostic } from './define.js';
import type { Sources } from './locate.js';

/** By file (in the order they are first mentioned), then by line and column; stable otherwise. */
export function inReadingOrder(diagnostics: readonly Diagnostic[], sources: Sources): Diagnostic[] {
  const files = new Map<string, number>();
  const placed = diagnostics.map((diagnostic) => {
    const { file, line, column } = sources.locate(diagnostic.origin);
    if (!files.has(file)) files.set(file, files.size);
    return { diagnostic, file: files.get(file)!, line, column };
  });
  return placed.sort((a, b) => a.file - b.file || a.line - b.line || a.column - b.column).map(({ diagnostic }) => diagnostic);
}
