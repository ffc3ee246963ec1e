import { closest } from '../../diagnostics/suggest.js';
import type { Reporter } from '../../diagnostics/report.js';
import * as diagnostics from './diagnostics.js';
import type { Environment } from './environment.js';

/** One warning per placeholder without a value, at its first place, with a note for each other one; one info per parameter without a use. */
export function reportPlaceholders(environment: Environment, entry: string, reporter: Reporter): void {
  for (const [name, [first, ...others]] of environment.unresolved) {
    reporter.report(diagnostics.unresolvedPlaceholder, first!, { name, count: others.length + 1 }, others.map((origin) => ({ message: 'also here', origin })));
  }
  for (const name of environment.unused()) reporter.report(diagnostics.unusedParameter, { file: entry, pointer: '' }, { name, suggestion: closest(name, [...environment.unresolved.keys(), ...environment.template?.parameters ?? []]) });
}
