/** Diagnostics as GitHub Actions workflow commands, which the web interface shows on the line they are about. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from './define.js';
import type { Sources } from './locate.js';
import { inReadingOrder } from './order.js';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * One `::error file=…,line=…,col=…,endColumn=…,title=…::message` line per diagnostic. `workspace`: the folder of the checkout; annotations land on a
 * line only where the file is named relative to it, in whatever folder the step runs.
 */
export function renderGithub(diagnostics: readonly Diagnostic[], sources: Sources, workspace?: string): string {
  return inReadingOrder(diagnostics, sources).map((diagnostic) => {
    const { file, line, column, endColumn } = sources.locate(diagnostic.origin);
    const properties = { file: inWorkspace(file, sources.cwd, workspace), line, col: column, endColumn: Math.max(column, endColumn - 1), title: diagnostic.code };
    const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`).join(',');
    const notes = diagnostic.notes.map((note) => {
      const at = sources.locate(note.origin);
      return `\n${note.message} (${at.file}:${at.line})`;
    });
    return `::${COMMANDS[diagnostic.severity]} ${listed}::${data(`${diagnostic.message}${notes.join('')}${diagnostic.hint === undefined ? '' : `\n${diagnostic.hint}`}`)}\n`;
  }).join('');
}

function inWorkspace(file: string, cwd: string, workspace: string | undefined): string {
  if (workspace === undefined || workspace === '' || /^https?:/i.test(file)) return file;
  const way = relative(workspace, resolve(cwd, file));
  return way.startsWith('..') || isAbsolute(way) ? file : way.split(sep).join('/');
}

/** What ends a command's message (the runner's own escapes, actions/toolkit `escapeData`). */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** What ends a command's property (`escapeProperty`). */
function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
