import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Stage } from '../ir.js';
import { INVALID_STAGE, UNKNOWN_STAGE } from './diagnostics.js';

/** `x-gwc.stages`: name → variables. */
export function readStages(root: Node, chosen: string | undefined, reporter: Reporter): Record<string, Stage> {
  const stages: Record<string, Stage> = {};
  const node = root.get('x-gwc')?.get('stages');
  for (const [name, stage] of node?.entries() ?? []) {
    if (!/^(\$default|[A-Za-z0-9_-]{1,128})$/.test(name)) reporter.report(INVALID_STAGE, stage.keyOrigin, { problem: `name "${name}" has characters other than letters, digits, _ and -` });
    const variables: Record<string, string> = {};
    for (const [key, value] of stage.get('variables')?.entries() ?? []) {
      if (!/^[A-Za-z0-9_]{1,64}$/.test(key)) reporter.report(INVALID_STAGE, value.keyOrigin, { problem: `variable name "${key}" must be letters, digits and _` });
      else if (typeof value.value === 'object') reporter.report(INVALID_STAGE, value.origin, { problem: `variable "${key}" must be a string` });
      else variables[key] = String(value.value);
    }
    stages[name] = { name, variables, origin: stage.origin };
  }
  if (chosen !== undefined && !Object.hasOwn(stages, chosen)) {
    if (Object.keys(stages).length > 0) reporter.report(UNKNOWN_STAGE, node!.keyOrigin, { name: chosen, known: Object.keys(stages).join(', ') });
    else stages[chosen] = { name: chosen, variables: {}, origin: root.origin };
  }
  return stages;
}
