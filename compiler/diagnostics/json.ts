/** Diagnostics for tools: one JSON document. */
import type { Diagnostic } from './define.js';
import type { Sources } from './locate.js';
import { inReadingOrder } from './order.js';

/** `{diagnostics: [{code, severity, message, hint?, file, line, column, endColumn, pointer, notes: [{message, file, line, column, pointer}]}], errors, warnings, infos}` and a line break. */
export function renderJson(diagnostics: readonly Diagnostic[], sources: Sources): string {
  const count = (severity: string): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const listed = inReadingOrder(diagnostics, sources).map((diagnostic) => {
    const { file, line, column, endColumn } = sources.locate(diagnostic.origin);
    const notes = diagnostic.notes.map((note) => {
      const at = sources.locate(note.origin);
      return { message: note.message, file: at.file, line: at.line, column: at.column, pointer: note.origin.pointer };
    });
    return { code: diagnostic.code, severity: diagnostic.severity, message: diagnostic.message, hint: diagnostic.hint, file, line, column, endColumn, pointer: diagnostic.origin.pointer, notes };
  });
  return `${JSON.stringify({ diagnostics: listed, errors: count('error'), warnings: count('warning'), infos: count('info') }, null, 2)}\n`;
}
