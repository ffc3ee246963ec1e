/** Prints what a phase reported, in the format asked for: text on standard error, json, sarif and github on standard output. */
import { renderGithub } from '../diagnostics/github.js';
import { renderJson } from '../diagnostics/json.js';
import { renderSarif } from '../diagnostics/sarif.js';
import { allDiagnostics } from '../diagnostics/catalogue.js';
import { renderText } from '../diagnostics/render.js';
import type { Analysis } from '../index.js';
import type { Format } from './common-options.js';
import { version } from './version.js';

export function printDiagnostics(analysis: Pick<Analysis, 'diagnostics' | 'sources'>, format: Format): void {
  const { diagnostics, sources } = analysis;
  if (format === 'json') process.stdout.write(renderJson(diagnostics, sources));
  else if (format === 'sarif') process.stdout.write(renderSarif(diagnostics, sources, version, allDiagnostics()));
  else if (format === 'github') process.stdout.write(renderGithub(diagnostics, sources, process.env['GITHUB_WORKSPACE']));
  else process.stderr.write(renderText(diagnostics, sources, { color: process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined, width: Math.min(process.stderr.columns ?? 100, 120) }));
}
