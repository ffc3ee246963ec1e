import type { Diagnostic, DiagnosticDefinition, Note, Origin } from './define.js';

/** Collects diagnostics. Phases get one and never throw on user input. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  private readonly seen = new Set<string>();

  /** Reports `definition` at `origin`. The same message at the same place is reported once. */
  report<P>(definition: DiagnosticDefinition<P>, origin: Origin, parameters: P, notes: readonly Note[] = []): void {
    const message = definition.message(parameters);
    const key = `${definition.code}|${origin.file}|${origin.pointer}|${origin.inside?.offset ?? ''}|${message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const hint = definition.hint?.(parameters);
    this.diagnostics.push({ code: definition.code, severity: definition.severity, message, origin, notes, hint });
  }

  add(diagnostics: readonly Diagnostic[]): void {
    this.diagnostics.push(...diagnostics);
  }

  /** Takes back what a later phase knows to be no problem. */
  withdraw(isMoot: (diagnostic: Diagnostic) => boolean): void {
    const kept = this.diagnostics.filter((diagnostic) => !isMoot(diagnostic));
    this.diagnostics.splice(0, this.diagnostics.length, ...kept);
  }

  get hasErrors(): boolean {
    return this.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
  }
}
