/** Diagnostics for people: the form that DESIGN calls the interface. */
import { styleText } from 'node:util';
import { parsePointer } from '../1-load/node.js';
import type { Diagnostic, Severity } from './define.js';
import { clip, printable } from './escape.js';
import { frame } from './frame.js';
import type { Sources } from './locate.js';
import { inReadingOrder } from './order.js';

export interface RenderOptions {
  /** Colours; only ever true on a terminal. */
  readonly color?: boolean;
  /** Where `gwc explain` is aligned to. */
  readonly width?: number;
  /** How many diagnostics of one code are printed in full; the rest are counted. */
  readonly limit?: number;
}

const COLORS = { error: 'red', warning: 'yellow', info: 'blue' } as const;
const MOST_NOTES = 5;

/** All diagnostics in reading order, a blank line between them, and the summary line. '' when there is none. */
export function renderText(diagnostics: readonly Diagnostic[], sources: Sources, options: RenderOptions = {}): string {
  const limit = options.limit ?? 10;
  const shown = new Map<string, number>();
  const blocks: string[] = [];
  for (const diagnostic of inReadingOrder(diagnostics, sources)) {
    const count = (shown.get(diagnostic.code) ?? 0) + 1;
    shown.set(diagnostic.code, count);
    if (count <= limit) blocks.push(renderDiagnostic(diagnostic, sources, options));
  }
  for (const [code, count] of shown) if (count > limit) blocks.push(`… and ${count - limit} more ${code} (--format json lists them all)`);
  if (blocks.length === 0) return '';
  return `${blocks.join('\n\n')}\n\n${summary(diagnostics)}\n`;
}

/** One diagnostic, without a line break at its end. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: Sources, { color = false, width = 80 }: RenderOptions = {}): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string => (color ? styleText(style, text, { validateStream: false } as never) : text);
  const location = sources.locate(diagnostic.origin);
  const lines = [`${paint(['bold', COLORS[diagnostic.severity]], `${diagnostic.severity} ${diagnostic.code}`)}${paint('bold', `: ${clip(diagnostic.message, 1000)}`)}`];
  const path = dotted(diagnostic.origin.pointer);
  lines.push(`  ${printable(location.file)}:${location.line}:${location.column}${path === '' ? '' : paint('dim', `   ${path}`)}`);
  const shown = frame(location);
  if (shown) {
    lines.push(`${paint(COLORS[diagnostic.severity], '>')} ${paint('dim', `${shown.number} |`)}${shown.line === '' ? '' : ` ${shown.line}`}`);
    lines.push(`  ${' '.repeat(shown.number.length)} ${paint('dim', '|')} ${paint(COLORS[diagnostic.severity], shown.carets)}`);
  }
  for (const note of diagnostic.notes.slice(0, MOST_NOTES)) {
    const at = sources.locate(note.origin);
    lines.push(`  note: ${clip(note.message, 400)}  ${paint('dim', `${printable(at.file)}:${at.line}:${at.column}`)}`);
  }
  if (diagnostic.notes.length > MOST_NOTES) lines.push(`  note: and ${diagnostic.notes.length - MOST_NOTES} more`);
  const explain = `gwc explain ${diagnostic.code}`;
  const hint = diagnostic.hint === undefined ? '' : `  hint: ${clip(diagnostic.hint, 1000)}`;
  if (hint.length + explain.length + 2 <= width) lines.push(`${hint}${' '.repeat(width - hint.length - explain.length)}${paint('dim', explain)}`);
  else lines.push(hint, `${' '.repeat(Math.max(0, width - explain.length))}${paint('dim', explain)}`);
  return lines.join('\n');
}

/** `2 errors, 1 warning`; `no problems` when there is nothing to count. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const parts = (['error', 'warning', 'info'] as const).map((severity) => counted(diagnostics, severity)).filter((part) => part !== '');
  return parts.length === 0 ? 'no problems' : parts.join(', ');
}

function counted(diagnostics: readonly Diagnostic[], severity: Severity): string {
  const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return count === 0 ? '' : `${count} ${severity === 'info' ? 'info' : severity}${count === 1 || severity === 'info' ? '' : 's'}`;
}

/** `/paths/~1pets/get` → `paths./pets.get`. */
export function dotted(pointer: string): string {
  return clip(parsePointer(pointer).join('.'), 200);
}
