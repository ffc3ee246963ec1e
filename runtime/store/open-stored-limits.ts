/** Limits that a store keeps: what `openLimits` and `keepLimits` do in a bundle that has stores. */
import { openLimits } from '../limits/admit.js';
import type { GatewayState } from '../gateway-state.js';
import { createLimits, monotonicMicros, THROTTLED, type Limits, type LimitsDeclaration } from '../limits/limits.js';
import { decideAll, type Decision, type StoredDecider, type Tell } from '../limits/limits-keeper.js';
import { joinKeeper, type Primary } from '../limits/shared-limits.js';
import { isClosed, localDeclaration, localLimits, takeOver } from './fail-policy.js';
import type { GatewayStore } from './limits-backend.js';
import { oweAdmitted, StoreCircuit } from './store-circuit.js';
import { StoreKeeper } from './store-keeper.js';

/** Sets `state.limits`. Buckets go over to the gateway that replaces this one; all else is in the store. */
export function openStoredLimits(state: GatewayState, declaration: LimitsDeclaration, replaces: GatewayState | undefined, primary: Primary | undefined, tell: Tell | null): void {
  const { store, stage } = state;
  // No store, or the primary has it and decides.
  if (store === null) { openLimits(state, declaration, replaces, primary); return; }
  const fresh = createLimits(declaration, stage, monotonicMicros(), Date.now());
  const limits: Limits = replaces?.limits?.layout === fresh.layout ? { ...fresh, buckets: replaces.limits.buckets } : fresh;
  const names = declaration.names!;
  const local = localLimits(declaration, names, stage);
  const keeper = primary === undefined ? null : joinKeeper(local, localDeclaration(declaration, names), stage, primary);
  limits.local = local;
  limits.keeper = new StoreKeeper({ limits, names, stage, backend: store.limits(limits, names, stage, tell), shown: store.shown, log: state.log, tell, local: { limits: local, keeper } });
  state.limits = limits;
}

/** For the primary process, when it holds the store. */
export function storedDecider(store: GatewayStore | null, tell: Tell | null, log: (line: string) => void): StoredDecider | null {
  if (store === null) return null;
  return (limits, declaration, stage) => {
    const { names } = declaration;
    if (names === undefined) return async (ask) => decideAll(limits, ask, tell);
    const backend = store.limits(limits, names, stage, tell);
    const local = localLimits(declaration, names, stage);
    limits.local = local;
    const circuit = new StoreCircuit(backend, store.shown, log, () => takeOver(local, backend));
    return async (ask) => await circuit.ask(ask) ?? alone(ask);

    function alone(ask: readonly number[]): Decision {
      const answers: number[] = [], fields: (readonly string[])[] = [];
      for (let i = 0; i < ask.length; i += 3) {
        const [operation, client, count] = [ask[i]!, ask[i + 1]!, Math.max(1, ask[i + 2]!)];
        if (operation < limits.ofStage.length && client < limits.clients.length && isClosed(limits, names!, stage, operation, client)) {
          answers.push(count, 0, THROTTLED, 1_000_000, -1);
          if (ask[i + 2] === 0) fields.push([]);
          continue;
        }
        const group = decideAll(local, ask.slice(i, i + 3), tell);
        // Buckets are numbered otherwise here: nobody is to remember one.
        answers.push(count, group.answers[1]!, group.answers[2]!, group.answers[3]!, -1);
        fields.push(...group.fields);
      }
      const decision = { answers, fields };
      oweAdmitted(backend, ask, decision);
      return decision;
    }
  };
}
