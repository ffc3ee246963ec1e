import type { Node } from '../../1-load/node.js';
import { declaredKeys, declaredPlans, stageNames } from '../../access/declared-keys.js';
import { hasStore } from '../../access/declared-store.js';
import { adminSetting } from '../../access/managed-keys.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import type { RawApi } from '../../feature.js';
import { FAIL_WITHOUT_STORE, IGNORED_API_ID, INVALID_LIMIT, PLAN_WITHOUT_STAGES, UNKNOWN_PLAN_STAGE, USAGE_PLAN_UNUSED, ZERO_LIMIT } from './diagnostics.js';
import type { FailPolicy, LimitsPart, OperationLimit, Rate, StageLimits, UsagePlan } from './ir.js';
import { parseMethodKey, parseRouteKey } from './method-key.js';
import { record } from './record.js';
import { PLAN_FIELDS, readNumber, readRate, STAGE_FIELDS } from './read-rate.js';

/** Stage throttles and usage plans; undefined when the document limits nothing. */
export function readLimits(raw: RawApi, reporter: Reporter): LimitsPart | undefined {
  const stages = record<StageLimits>();
  for (const [name, stage] of raw.root.get('x-gwc')?.get('stages')?.entries() ?? []) {
    const limits = readStage(stage.follow(), reporter);
    if (limits) stages[name] = limits;
  }
  const stageFails = record<FailPolicy>();
  for (const [name, stage] of raw.root.get('x-gwc')?.get('stages')?.entries() ?? []) if (stages[name]) stageFails[name] = readFail(stage.follow(), 'throttlingFail', raw, reporter);
  const keys = declaredKeys(raw.root);
  const named = new Set(keys.flatMap((key) => key.plans));
  const declared = declaredPlans(raw.root);
  const plans = declared.map(({ name, node }) => readPlan(name, node, named.has(name), stageNames(raw.root, raw.options.stage), raw, reporter));
  if (Object.keys(stages).length === 0 && plans.length === 0) return undefined;
  const clients = keys.map(({ plans: names }) => {
    const byStage = record<number>();
    declared.forEach(({ name, stages: covered }, index) => { if (names.includes(name)) for (const stage of covered) byStage[stage] = index; });
    return byStage;
  });
  return { stages, plans, clients, keys: keys.map(({ id }) => id), stageFails, headers: raw.root.get('x-gwc')?.boolean('rateLimitHeaders') === true };
}

/** `methodSettings` of REST stages, `defaultRouteSettings` and `routeSettings` of HTTP APIs: both flavours take both. */
function readStage(stage: Node, reporter: Reporter): StageLimits | undefined {
  let every: Rate | null | undefined;
  const operations: OperationLimit[] = [];
  const add = (key: string, entry: Node, parsed: { path: string; method: string } | undefined): void => {
    const rate = readRate(entry.follow(), STAGE_FIELDS, reporter);
    // An entry about something else (caching, logging) leaves the stage's default in force.
    if (rate !== undefined) operations.push({ key, ...(parsed ?? { path: '', method: '' }), rate, origin: entry.keyOrigin });
  };
  for (const [key, entry] of stage.get('methodSettings')?.entries() ?? []) {
    if (key === '*/*') every = readRate(entry.follow(), STAGE_FIELDS, reporter);
    else add(key, entry, parseMethodKey(key));
  }
  const defaults = stage.get('defaultRouteSettings');
  if (defaults) every = readRate(defaults, STAGE_FIELDS, reporter) ?? every;
  for (const [key, entry] of stage.get('routeSettings')?.entries() ?? []) add(key, entry, parseRouteKey(key));
  return every || operations.length > 0 ? { every: every ?? null, operations: sorted(operations) } : undefined;
}

function readPlan(name: string, node: Node, used: boolean, known: readonly string[], raw: RawApi, reporter: Reporter): UsagePlan {
  const throttle = node.get('throttle');
  const stages = record<readonly OperationLimit[]>();
  for (const item of node.get('apiStages')?.items() ?? []) {
    const entry = item.follow();
    const stage = entry.string('stage');
    if (entry.at('apiId')) reporter.report(IGNORED_API_ID, entry.at('apiId')!.keyOrigin, {});
    if (stage === undefined) { reporter.report(INVALID_LIMIT, entry.origin, { field: 'stage', expected: 'the name of a stage' }); continue; }
    if (!known.includes(stage)) reporter.report(UNKNOWN_PLAN_STAGE, entry.at('stage')!.origin, { plan: name, stage, suggestion: closest(stage, known), known: known.join(', ') });
    const operations = (entry.get('throttle')?.entries() ?? []).flatMap(([key, limit]): OperationLimit[] => {
      const rate = readRate(limit.follow(), PLAN_FIELDS, reporter);
      return rate ? [{ key, ...(parseMethodKey(key) ?? { path: '', method: '' }), rate, origin: limit.keyOrigin }] : [];
    });
    stages[stage] = sorted([...(stages[stage] ?? []), ...operations]);
  }
  if (Object.keys(stages).length === 0) reporter.report(PLAN_WITHOUT_STAGES, node.keyOrigin, { plan: name });
  if (!used && adminSetting(raw.root) !== true) reporter.report(USAGE_PLAN_UNUSED, node.keyOrigin, { plan: name });
  return { name, label: node.string('name') ?? name, description: node.string('description') ?? '', throttle: (throttle && readRate(throttle, PLAN_FIELDS, reporter)) ?? null, quota: readQuota(node.get('quota'), reporter), stages, fail: readFail(node, 'fail', raw, reporter), used, origin: node.keyOrigin };
}

/** `local` unless it says otherwise. */
function readFail(node: Node, field: string, raw: RawApi, reporter: Reporter): FailPolicy {
  const at = node.at(field);
  if (at === undefined) return 'local';
  if (at.value !== 'open' && at.value !== 'closed' && at.value !== 'local') {
    reporter.report(INVALID_LIMIT, at.origin, { field, expected: 'open, closed or local' });
    return 'local';
  }
  if (!hasStore(raw)) reporter.report(FAIL_WITHOUT_STORE, at.keyOrigin, { field });
  return at.value;
}

function readQuota(node: Node | undefined, reporter: Reporter): UsagePlan['quota'] {
  if (!node?.isObject) return null;
  const limit = readNumber(node, 'limit', reporter, (value) => Number.isSafeInteger(value) && value >= 0, 'a whole number of requests');
  const period = node.string('period')?.toUpperCase();
  if (limit === undefined) reporter.report(INVALID_LIMIT, node.origin, { field: 'limit', expected: 'given: a quota has a limit and a period' });
  if (period !== 'DAY' && period !== 'WEEK' && period !== 'MONTH') {
    reporter.report(INVALID_LIMIT, (node.at('period') ?? node).origin, { field: 'period', expected: 'DAY, WEEK or MONTH' });
    return null;
  }
  if (typeof limit !== 'number') return null;
  const offset = readNumber(node, 'offset', reporter, (value) => Number.isInteger(value) && value >= 0 && value <= limit, `a whole number of requests from 0 to the limit (${limit})`);
  if (limit === 0) reporter.report(ZERO_LIMIT, node.at('limit')!.origin, { field: 'limit' });
  return { limit, period, offset: typeof offset === 'number' ? offset : 0 };
}

const sorted = (limits: OperationLimit[]): OperationLimit[] => limits.sort((a, b) => (a.key < b.key ? -1 : 1));
