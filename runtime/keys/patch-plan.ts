/** UpdateUsagePlan: which paths may be patched, and what that makes of a plan. */
import { badRequest } from './control-error.js';
import { printable } from './control-request.js';
import { normalMethodPath } from './method-path.js';
import { invalidPath, numberOf, type PatchOperation } from './patch.js';
import { checkQuota, checkThrottle } from './plan-fields.js';
import type { PlanRecord, ThrottleRecord } from './records.js';

const REPLACE = ['/name', '/description', '/productCode', '/quota/limit', '/quota/offset', '/quota/period', '/throttle/rateLimit', '/throttle/burstLimit', '/apiStages/{apiId:stage}/throttle/{resourcePath}/{httpMethod}/rateLimit', '/apiStages/{apiId:stage}/throttle/{resourcePath}/{httpMethod}/burstLimit'];
const REMOVE = ['/apiStages', '/quota', '/throttle', '/apiStages/{apiId:stage}/throttle', '/apiStages/{apiId:stage}/throttle/{resourcePath}/{httpMethod}'];
const ALLOWED = { add: ['/apiStages', ...REPLACE.slice(3)], replace: REPLACE, remove: REMOVE } as const;

/** A throttle or quota while its halves come one by one. */
type Partly<T> = { -readonly [K in keyof T]?: T[K] };

interface Draft {
  name: string; description: string; productCode: string;
  throttle: Partly<ThrottleRecord> | null;
  quota: Partly<NonNullable<PlanRecord['quota']>> | null;
  stages: Map<string, { apiId: string; stage: string; throttle: Map<string, Partly<ThrottleRecord>> }>;
}

/** `checkStage` throws when there is no such stage. All operations are done, or none. */
export function patchPlan(plan: PlanRecord, operations: readonly PatchOperation[], checkStage: (apiId: string, stage: string) => void): PlanRecord {
  const draft: Draft = {
    name: plan.name, description: plan.description, productCode: plan.productCode, throttle: plan.throttle && { ...plan.throttle }, quota: plan.quota && { ...plan.quota },
    stages: new Map(plan.apiStages.map(({ apiId, stage, throttle }) => [`${apiId}:${stage}`, { apiId, stage, throttle: new Map(Object.entries(throttle).map(([key, each]) => [key, { ...each }])) }])),
  };
  for (const operation of operations) apply(draft, operation, checkStage);
  return {
    ...plan, name: draft.name, description: draft.description, productCode: draft.productCode,
    throttle: draft.throttle && checkThrottle(draft.throttle.rateLimit, draft.throttle.burstLimit),
    quota: draft.quota && checkQuota(draft.quota.limit, draft.quota.offset ?? 0, draft.quota.period),
    apiStages: [...draft.stages.values()].map(({ apiId, stage, throttle }) => ({ apiId, stage, throttle: Object.fromEntries([...throttle].map(([key, each]) => [key, checkThrottle(each.rateLimit, each.burstLimit)])) })),
  };
}

function apply(draft: Draft, operation: PatchOperation, checkStage: (apiId: string, stage: string) => void): void {
  const { op, path, value } = operation;
  const refuse = (): never => { throw invalidPath(operation, ALLOWED[op]); };
  const [first, second] = path;
  if (first === 'apiStages') return path.length === 1 ? patchStages(draft, operation, checkStage) : patchMethods(draft, operation);
  if (op === 'remove') {
    if (path.length !== 1 || (first !== 'quota' && first !== 'throttle')) return refuse();
    draft[first] = null;
    return;
  }
  if (op === 'replace' && path.length === 1 && (first === 'name' || first === 'description' || first === 'productCode')) {
    if (value.length > 2_048 || (first === 'name' && (value === '' || value.length > 1_024))) throw badRequest(`Invalid value for ${operation.shown}`);
    draft[first] = value;
    return;
  }
  if (path.length !== 2) return refuse();
  if (first === 'throttle' && (second === 'rateLimit' || second === 'burstLimit')) (draft.throttle ??= {})[second] = numberOf(operation);
  else if (first === 'quota' && (second === 'limit' || second === 'offset')) (draft.quota ??= {})[second] = numberOf(operation);
  else if (first === 'quota' && second === 'period') (draft.quota ??= {}).period = value as 'DAY';
  else refuse();
}

/** Adds or removes a stage: the value is `apiId:stage`. */
function patchStages(draft: Draft, operation: PatchOperation, checkStage: (apiId: string, stage: string) => void): void {
  const { op, value } = operation;
  if (op === 'replace') throw invalidPath(operation, REPLACE);
  const colon = value.indexOf(':');
  const apiId = value.slice(0, Math.max(0, colon)), stage = value.slice(colon + 1);
  if (op === 'remove') {
    if (!draft.stages.delete(value)) throw badRequest(`Usage plan does not cover the API Stage ${printable(value)}`);
    return;
  }
  checkStage(apiId, stage);
  if (!draft.stages.has(value)) draft.stages.set(value, { apiId, stage, throttle: new Map() });
}

/** `/apiStages/{apiId:stage}/throttle/{resourcePath}/{httpMethod}/rateLimit`; slashes of the resource path are `~1`, or as they are. */
function patchMethods(draft: Draft, operation: PatchOperation): void {
  const { op, path } = operation;
  const [, name, word, ...rest] = path;
  if (word !== 'throttle') throw invalidPath(operation, ALLOWED[op]);
  const stage = draft.stages.get(name!);
  if (stage === undefined) throw badRequest(`Usage plan does not cover the API Stage ${printable(name!)}`);
  if (op === 'remove') {
    if (rest.length === 0) return stage.throttle.clear();
    const method = normalMethodPath(rest.join('/'));
    if (method === undefined || !stage.throttle.delete(method)) throw badRequest(`There is no method throttle ${printable(rest.join('/'))}`);
    return;
  }
  const half = rest.pop();
  const method = normalMethodPath(rest.join('/'));
  if ((half !== 'rateLimit' && half !== 'burstLimit') || method === undefined) throw invalidPath(operation, ALLOWED[op]);
  let throttle = stage.throttle.get(method);
  if (throttle === undefined) stage.throttle.set(method, (throttle = {}));
  throttle[half] = numberOf(operation);
}
