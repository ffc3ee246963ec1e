import type { DiagnosticDefinition, Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';

/** A diagnostic at a place inside a template. Offset and length are UTF-16 units of the template's text. */
export interface Finding {
  readonly definition: DiagnosticDefinition<never>;
  readonly parameters: unknown;
  readonly offset: number;
  readonly length: number;
}

export function finding<P>(definition: DiagnosticDefinition<P>, parameters: P, place: { readonly offset: number; readonly end: number }): Finding {
  return { definition: definition as DiagnosticDefinition<never>, parameters, offset: place.offset, length: Math.max(1, place.end - place.offset) };
}

/** Reports findings of the template that stands as a string at `origin`. */
export function reportFindings(findings: readonly Finding[], origin: Origin, reporter: Reporter): void {
  for (const { definition, parameters, offset, length } of findings) reporter.report(definition as DiagnosticDefinition<unknown>, { ...origin, inside: { offset, length } }, parameters);
}
