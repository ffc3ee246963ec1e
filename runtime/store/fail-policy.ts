/**
 * What each limit does while its store is away: `open` lets everything in, `closed` refuses (429), `local` (the default) counts in this gateway alone, from what
 * is known of the quotas on. A request that several limits concern has to satisfy all of them.
 */
import { createLimits, monotonicMicros, type LimitNames, type Limits, type LimitsDeclaration } from '../limits/limits.js';
import type { LimitsBackend } from './limits-backend.js';

/** The declaration without the limits that are open. */
export function localDeclaration(declaration: LimitsDeclaration, names: LimitNames): LimitsDeclaration {
  const { names: _, ...rest } = declaration;
  return {
    ...rest,
    stages: Object.fromEntries(Object.entries(declaration.stages).filter(([stage]) => (names.stageFails[stage] ?? 'local') === 'local')),
    plans: declaration.plans.map((plan, index) => (names.planFails[index] === 'local' ? plan : { throttle: null, quota: null, operations: {} })),
  };
}

/** The limits this gateway counts by itself. */
export function localLimits(declaration: LimitsDeclaration, names: LimitNames, stage: string): Limits {
  return createLimits(localDeclaration(declaration, names), stage, monotonicMicros(), Date.now());
}

/** Whether a limit that concerns the request is closed. */
export function isClosed(limits: Limits, names: LimitNames, stage: string, operation: number, client: number): boolean {
  if (limits.ofStage[operation]! >= 0 && names.stageFails[stage] === 'closed') return true;
  return client >= 0 && limits.clients[client]!.stored?.fail === 'closed';
}

/** Quotas go on from where the store had them. */
export function takeOver(local: Limits, backend: LimitsBackend): void {
  local.clients.forEach(({ quota }, client) => {
    const known = backend.known(client);
    if (quota === null || known === undefined) return;
    quota.remaining = known.remaining;
    quota.end = known.ends;
  });
}
