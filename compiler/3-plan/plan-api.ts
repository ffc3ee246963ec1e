/** 3-plan: Api → Plan. Which steps each operation takes, in STAGES order; what they need in memory. */
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { STAGES, type Feature } from '../feature.js';
import { features } from '../features/index.js';
import type { Api, HandlerPlan, Operation, Plan, PlanStep } from '../ir.js';
import type { Memo } from '../memo.js';
import { checkRoutes, type RoutePair } from '../router/index.js';

/** Features in the order their steps run. */
export const byStage: readonly Feature[] = [...features].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));

export function planApi(api: Api, reporter: Reporter, conflicts?: Memo<RoutePair[]>): Plan {
  checkRoutes(api.operations.map((operation) => ({ method: operation.method, path: operation.path, origin: pathOrigin(operation.origin) })), api.flavour, reporter, conflicts);
  return {
    flavour: api.flavour,
    routes: api.operations.map((operation, handler) => ({ method: operation.method, path: operation.path, handler })),
    handlers: api.operations.map(planHandler),
  };
}

/** What is wrong with a route is wrong with its path: the key of the path item, or of the operation where that came by a reference. */
function pathOrigin({ file, pointer }: Origin): Origin {
  const path = /^\/paths\/[^/]+(?=\/[^/]+$)/.exec(pointer)?.[0];
  return { file, pointer: path ?? pointer, key: true };
}

/** The part of `operation` that `feature` owns: its integration at stage `integrate`, else `parts[key]`. */
export function partOf(feature: Feature, operation: Operation): unknown {
  if (feature.stage === 'integrate') return feature.integrationKinds?.includes(operation.integration.kind) ? operation.integration : undefined;
  return (operation.parts as Record<string, unknown>)[feature.key];
}

function planHandler(operation: Operation): HandlerPlan {
  const request: PlanStep[] = [];
  const response: PlanStep[] = [];
  for (const feature of byStage) {
    const part = partOf(feature, operation);
    if (part === undefined) continue;
    const step = { stage: feature.stage, feature: feature.key, summary: feature.summary(part as never, operation) };
    if (feature.emit && (feature.hasRequestStep?.(part as never, operation) ?? true)) request.push({ ...step, needsBody: feature.needsRequestBody?.(part as never, operation) ?? false });
    if (feature.emitResponse && (feature.hasResponseStep?.(part as never, operation) ?? true)) response.push({ ...step, needsBody: feature.needsResponseBody?.(part as never, operation) ?? false });
  }
  return {
    operation: operation.id,
    method: operation.method,
    path: operation.path.text,
    buffersRequest: request.some((step) => step.needsBody),
    buffersResponse: response.length > 0,
    request,
    response,
  };
}
