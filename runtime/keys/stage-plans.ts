/** "One key may reference several plans but for a given API stage only one" (auth.md §1). */
import { conflict } from './control-error.js';
import type { PlanRecord } from './records.js';

/** Throws when two of a key's plans cover the same stage. */
export function checkOnePlanPerStage(plans: readonly PlanRecord[]): void {
  const covered = new Map<string, string>();
  for (const { id, apiStages } of plans) {
    for (const { apiId, stage } of apiStages) {
      const name = `${apiId}:${stage}`;
      const other = covered.get(name);
      if (other !== undefined && other !== id) throw conflict(`An API key can be in one usage plan for each API stage: ${name} is covered by the usage plans ${other} and ${id}`);
      covered.set(name, id);
    }
  }
}
