import { keyRequirement } from '../../access/key-requirement.js';
import { managesKeys } from '../../access/managed-keys.js';
import { EMPTY } from '../../code.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Api, Feature, RawApi } from '../../feature.js';
import * as diagnostics from './diagnostics.js';
import { emitAdmission } from './emit.js';
import { record } from './record.js';
import type { LimitsPart, OperationLimit, QuotaPart, Rate, ThrottlePart } from './ir.js';
import { readLimits } from './read.js';

/** What `readApi` found, for the operations of the same document. */
const limitsOf = new WeakMap<RawApi, LimitsPart>();

/** Throttles of stages and usage plans (auth.md §2, §3): token buckets. */
export const throttle: Feature<ThrottlePart, LimitsPart> = {
  key: 'throttle',
  stage: 'throttle',
  diagnostics,
  readApi(raw, reporter) {
    const limits = readLimits(raw, reporter);
    if (limits) limitsOf.set(raw, limits);
    return limits;
  },
  read(raw) {
    const limits = limitsOf.get(raw.api);
    const atRunTime = managesKeys(raw.api.root) && keyRequirement(raw) !== undefined;
    if (!limits && !atRunTime) return undefined;
    const stages = record<Rate>();
    for (const [stage, { every, operations }] of Object.entries(limits?.stages ?? {})) {
      const own = find(operations, raw);
      const rate = own ? own.rate : every;
      if (rate) stages[stage] = rate;
    }
    const plans = record<{ all: Rate | null; operation: Rate | null }>();
    for (const plan of keyRequirement(raw) ? (limits?.plans ?? []) : []) {
      const operation = Object.values(plan.stages).map((operations) => find(operations, raw)?.rate ?? null).find((rate) => rate !== null) ?? null;
      if (plan.used && (plan.throttle || operation)) plans[plan.name] = { all: plan.throttle, operation };
    }
    return atRunTime || Object.keys(stages).length + Object.keys(plans).length > 0 ? { stages, plans, atRunTime } : undefined;
  },
  check: checkOperations,
  continues: () => true,
  summary: ({ stages, plans, atRunTime }) => [
    ...Object.entries(plans).map(([plan, { all, operation }]) => `plan ${plan} ${[operation && `${rateText(operation)} here`, all && rateText(all)].filter(Boolean).join(', ')}`),
    ...Object.entries(stages).map(([stage, rate]) => `stage ${stage} ${rateText(rate)}`),
    ...(atRunTime ? ['plans made at run time'] : []),
  ].join('; '),
  emit: (_part, operation, unit) => emitAdmission(operation, unit),
};

/** Quotas of usage plans. Decided together with the throttle: a request that is over its quota takes no token, a throttled one no quota. */
export const quota: Feature<QuotaPart> = {
  key: 'quota',
  stage: 'quota',
  diagnostics: {},
  read(raw) {
    const plans = record<{ limit: number; period: string }>();
    for (const plan of keyRequirement(raw) ? (limitsOf.get(raw.api)?.plans ?? []) : []) if (plan.used && plan.quota) plans[plan.name] = { limit: plan.quota.limit, period: plan.quota.period };
    return Object.keys(plans).length > 0 ? { plans } : undefined;
  },
  continues: (_part, operation) => operation.parts.throttle === undefined,
  summary: ({ plans }) => Object.entries(plans).map(([plan, { limit, period }]) => `plan ${plan} ${limit} per ${period.toLowerCase()}`).join('; '),
  emit: (_part, operation, unit) => (operation.parts.throttle ? EMPTY : emitAdmission(operation, unit)),
};

const rateText = ([rate, burst]: Rate): string => `${rate}/s burst ${burst}`;

function find(limits: readonly OperationLimit[], { path, method }: { path: string; method: string }): OperationLimit | undefined {
  return limits.find((limit) => limit.path === path && limit.method === method);
}

/** Limits of operations that do not exist. */
function checkOperations(api: Api, reporter: Reporter): void {
  const { throttle: limits } = api.parts;
  if (!limits) return;
  const routes = new Set(api.operations.map((operation) => `${operation.method} ${operation.path.text}`));
  for (const limit of [...Object.values(limits.stages).flatMap((stage) => stage.operations), ...limits.plans.flatMap((plan) => Object.values(plan.stages).flat())]) {
    if (routes.has(`${limit.method} ${limit.path}`)) continue;
    const candidates = api.operations.map((operation) => (limit.key.includes(' ') ? `${operation.method} ${operation.path.text}` : `${operation.path.text}/${operation.method}`));
    reporter.report(diagnostics.UNMATCHED_OPERATION, limit.origin, { key: limit.key, suggestion: closest(limit.key.replace(/~1/g, '/'), candidates) });
  }
}
