import type { Node } from '../1-load/node.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import type { Stage } from '../ir.js';
import { INVALID_STAGE, UNKNOWN_STAGE } from './diagnostics.js';

/** `x-gwc.stages`: name → variables. */
export function readStages(root: Node, chosen: string | undefined, reporter: Reporter): Record<string, Stage> {
  const stages: Record<string, Stage> = {};
  const node = root.get('x-gwc')?.get('stages');
  for (const [name, stage] of node?.entries() ?? []) {
    if (!/^(\$default|[A-Za-z0-9_-]{1,128})$/.test(name)) reporter.report(INVALID_STAGE, stage.keyOrigin, { problem: `a stage cannot be called '${name}'`, hint: `write letters, digits, _ and -: ${name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 128) || 'prod'}` });
    const variables: Record<string, string> = {};
    for (const [key, value] of stage.get('variables')?.entries() ?? []) {
      if (!/^[A-Za-z0-9_]{1,64}$/.test(key)) reporter.report(INVALID_STAGE, value.keyOrigin, { problem: `a stage variable cannot be called '${key}'`, hint: `write letters, digits and _: ${key.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 64) || 'name'}` });
      else if (typeof value.value === 'object') reporter.report(INVALID_STAGE, value.origin, { problem: `the stage variable '${key}' must be a text`, hint: `write one text: ${key}: …` });
      else variables[key] = String(value.value);
    }
    stages[name] = { name, variables, origin: stage.origin };
  }
  if (chosen !== undefined && !Object.hasOwn(stages, chosen)) {
    if (Object.keys(stages).length > 0) reporter.report(UNKNOWN_STAGE, node!.keyOrigin, { name: chosen, known: Object.keys(stages).join(', '), suggestion: closest(chosen, Object.keys(stages)) });
    else stages[chosen] = { name: chosen, variables: {}, origin: root.origin };
  }
  return stages;
}
