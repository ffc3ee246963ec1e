import { code, helper, typeHelper, type Code, type Json } from '../../code.js';
import type { Api, Operation, Unit } from '../../feature.js';
import { keepLimits, rateLimitFields } from '../../access/emit-limits-keeper.js';
import { planId } from '../../access/stored-ids.js';
import { stableId } from '../../stable-id.js';
import type { LimitsPart, OperationLimit } from './ir.js';

const admission = helper<typeof import('../../../runtime/limits/admit.js')>();
const fields = helper<typeof import('../../../runtime/limits/rate-limit-fields.js')>();
const stored = helper<typeof import('../../../runtime/store/open-stored-limits.js')>();
const EXCHANGE = code`exchange: ${typeHelper('exchange', 'Exchange')}`;

const NO_LIMITS: LimitsPart = { stages: {}, plans: [], clients: [], keys: [], stageFails: {}, headers: false };

/** Throttle and quota in one statement; the rest of the handler is a function that it calls. */
export function emitAdmission(operation: Operation, unit: Unit): Code {
  const { headers } = unit.api.parts.throttle ?? NO_LIMITS;
  if (unit.api.parts.store) unit.atStart(code`${stored('store/open-stored-limits', 'openStoredLimits')}(state, ${declaration(unit)}, options.replaces, options.primary, ${rateLimitFields(unit)});`);
  else unit.atStart(code`${admission('limits/admit', 'openLimits')}(state, ${declaration(unit)}, options.replaces, options.primary);`);
  // Where keys are managed, their keeper has the limits kept too (features/api-keys).
  if (!hasRunTimeKeys(unit.api)) unit.atPrimary(code`${keepLimits(unit)};`);
  const admit = headers ? fields('limits/rate-limit-fields', 'admitAndTell') : admission('limits/admit', 'admit');
  const throttled = refusal('THROTTLED', operation, unit);
  const overQuota = operation.parts.quota || operation.parts.throttle?.atRunTime ? refusal('QUOTA_EXCEEDED', operation, unit) : throttled;
  return code`${admit}(exchange, ${unit.api.operations.indexOf(operation)}, ${unit.continuation(operation)}, ${throttled}, ${overQuota});`;
}

/** The gateway response with `Retry-After`, unless the document's own response sets that field. */
function refusal(type: 'THROTTLED' | 'QUOTA_EXCEEDED', operation: Operation, unit: Unit): Code {
  const answer = unit.gatewayResponse(type, operation);
  const own = unit.api.parts.gatewayResponses?.byType[type] ?? unit.api.parts.gatewayResponses?.byType['DEFAULT_4XX'];
  if (Object.keys(own?.headers ?? {}).some((name) => name.toLowerCase() === 'retry-after')) return answer;
  return unit.func(type === 'THROTTLED' ? 'throttledFor' : 'overQuotaFor', EXCHANGE, code`void`, code`${admission('limits/admit', 'addRetryAfter')}(exchange);\n${answer}(exchange);`);
}

const declarations = new WeakMap<Unit, Code>();

/** The constant that the gateway lays out its buckets and quotas from (`LimitsDeclaration`). */
function declaration(unit: Unit): Code {
  let name = declarations.get(unit);
  // Checked as it stands, then known by its type: objects with other keys than their neighbours' would get those as undefined.
  const type = typeHelper('limits/limits', 'LimitsDeclaration');
  if (!name) declarations.set(unit, (name = unit.constant('LIMITS', code`${layout(unit.api, unit.api.parts.throttle ?? NO_LIMITS)} satisfies ${type} as ${type}`)));
  return name;
}

/** Stands for the names of the operations, in the order of their numbers. */
const routesId = (api: Api): string => stableId(api.operations.map(({ method, path }) => `${method} ${path.text}`).join('\n'));

const hasRunTimeKeys = (api: Api): boolean => api.operations.some(({ parts }) => parts.throttle?.atRunTime);

function layout(api: Api, limits: LimitsPart) {
  const numbers = new Map(api.operations.map((operation, index) => [`${operation.method} ${operation.path.text}`, index]));
  const byNumber = (list: readonly OperationLimit[]) => Object.fromEntries(list.flatMap(({ method, path, rate }) => {
    const number = numbers.get(`${method} ${path}`);
    return number === undefined ? [] : [[String(number), rate] as const];
  }));
  return {
    operations: api.operations.length,
    stages: Object.fromEntries(Object.entries(limits.stages).map(([stage, { every, operations }]) => [stage, { every, operations: byNumber(operations) }])),
    plans: limits.plans.map(({ throttle, quota, stages }) => ({
      throttle,
      quota: quota && [quota.limit, quota.period, quota.offset],
      operations: Object.fromEntries(Object.entries(stages).filter(([, list]) => list.length > 0).map(([stage, list]) => [stage, byNumber(list)])),
    })),
    clients: limits.clients.length > 0 ? limits.clients : Array.from({ length: Math.max(0, ...(api.parts.apiKey?.keys ?? []).map(({ client }) => client + 1)) }, () => ({})),
    // What a store needs holds it too.
    ...(api.parts.store ? { names: namesOf(api, limits) } : hasRunTimeKeys(api) ? { routes: routesId(api) } : {}),
  } satisfies Json;
}

/** What a store calls them. Plans and keys keep their counts when the document changes, buckets of single operations as long as the operations do not. */
function namesOf(api: Api, limits: LimitsPart) {
  return {
    api: stableId(`API ${api.title}`),
    routes: routesId(api),
    plans: limits.plans.map(({ name }) => planId(api.title, name)),
    keys: limits.keys,
    planFails: limits.plans.map(({ fail }) => fail),
    stageFails: limits.stageFails,
  } satisfies Json;
}
