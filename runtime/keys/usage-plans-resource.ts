/** `/usageplans` of the control plane: plans, their keys, and what these used. */
import { badRequest, conflict, ControlError, notFound } from './control-error.js';
import { findKey, findPlanRecord } from './api-keys-resource.js';
import { asFields, knownFields, own, page, printable, readFields, tagsField, textField, type ControlRequest, type Fields } from './control-request.js';
import { declaredPlanRecords } from './description.js';
import { checkFailTag } from './fail-tag.js';
import { newId } from './ids.js';
import type { KeyManager } from './key-manager.js';
import { normalMethodPath } from './method-path.js';
import { patchPlan } from './patch-plan.js';
import { readPatch } from './patch.js';
import { readQuota, readThrottle } from './plan-fields.js';
import { planKeyId, type ApiStageRecord, type PlanRecord, type ThrottleRecord, type Write } from './records.js';
import { checkOnePlanPerStage } from './stage-plans.js';

const MOST_PLANS = 1_000, MOST_STAGES = 100, MOST_METHODS = 1_000, PLANS_PER_KEY = 10;

type Json = Record<string, unknown>;

export function planJson(plan: PlanRecord): Json {
  return {
    id: plan.id, name: plan.name, ...(plan.description !== '' ? { description: plan.description } : {}),
    apiStages: plan.apiStages.map(({ apiId, stage, throttle }) => ({ apiId, stage, ...(Object.keys(throttle).length > 0 ? { throttle } : {}) })),
    ...(plan.throttle !== null ? { throttle: { burstLimit: plan.throttle.burstLimit, rateLimit: plan.throttle.rateLimit } } : {}), ...(plan.quota !== null ? { quota: plan.quota } : {}),
    ...(plan.productCode !== '' ? { productCode: plan.productCode } : {}), ...(Object.keys(plan.tags).length > 0 ? { tags: plan.tags } : {}),
  };
}

export function listPlans(manager: KeyManager, { query }: ControlRequest): Json {
  const { api, registry } = manager;
  const { keyId } = query;
  const all = [...(api === null ? [] : declaredPlanRecords(api)), ...registry.plans.values()];
  const ofKey = keyId === undefined ? undefined : plansOfKey(manager, keyId);
  const found = (ofKey === undefined ? all : all.filter(({ id }) => ofKey.has(id))).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const { items, position } = page(found, sortKey, query);
  return { item: items.map(planJson), ...(position !== undefined ? { position } : {}) };
}

const sortKey = ({ created, id }: PlanRecord): string => `${String(created).padStart(15, '0')} ${id}`;

function plansOfKey({ api, registry }: KeyManager, keyId: string): ReadonlySet<string> {
  return new Set([...(registry.plansOfKey.get(keyId) ?? []), ...(api?.description.keys.find(({ id }) => id === keyId)?.plans ?? [])]);
}

export function findPlan(manager: KeyManager, id: string, toChange = false): PlanRecord {
  const plan = findPlanRecord(manager, id);
  if (plan === undefined) throw notFound('Invalid Usage Plan ID specified');
  if (toChange && !manager.registry.plans.has(id)) throw badRequest(`Usage Plan "${printable(plan.name)}" is declared in the API's document (x-gwc.usagePlans) and is read-only here: change the document and build the gateway again`);
  return plan;
}

export function createPlan(manager: KeyManager, { body }: ControlRequest): Promise<Json> {
  const fields = readFields(body);
  knownFields(fields, ['name', 'description', 'apiStages', 'throttle', 'quota', 'tags']);
  const name = textField(fields, 'name', 1_024);
  if (name === undefined || name === '') throw badRequest('Usage Plan name cannot be blank');
  const record = {
    name, description: textField(fields, 'description', 2_048) ?? '', apiStages: readStages(manager, own(fields, 'apiStages')), throttle: readThrottle(own(fields, 'throttle')), quota: readQuota(own(fields, 'quota')),
    productCode: '', tags: tagsField(fields), created: Date.now(),
  };
  checkFailTag(record.tags);
  return manager.registry.change(() => {
    if (manager.registry.plans.size >= MOST_PLANS) throw new ControlError('LimitExceededException', `Maximum number of usage plans has been reached: ${MOST_PLANS}`);
    const plan: PlanRecord = { id: newId((id) => findPlanRecord(manager, id) !== undefined, 6), ...record };
    return { writes: [{ kind: 'usage-plan', id: plan.id, record: plan }], result: planJson(plan) };
  });
}

export function updatePlan(manager: KeyManager, id: string, { body }: ControlRequest): Promise<Json> {
  const operations = readPatch(readFields(body));
  return manager.registry.change(() => {
    const plan = patchPlan(findPlan(manager, id, true), operations, (apiId, stage) => checkStage(manager, apiId, stage));
    if (plan.apiStages.length > MOST_STAGES) throw badRequest(`A usage plan covers at most ${MOST_STAGES} API stages`);
    for (const keyId of manager.registry.members.get(id)?.keys() ?? []) checkOnePlanPerStage([...plansOfKey(manager, keyId)].flatMap((each) => (each === id ? plan : findPlanRecord(manager, each) ?? [])));
    return { writes: [{ kind: 'usage-plan', id, record: plan }], result: planJson(plan) };
  });
}

export async function deletePlan(manager: KeyManager, id: string): Promise<void> {
  await manager.registry.change(() => {
    const plan = findPlan(manager, id, true);
    if (plan.apiStages.length > 0) throw badRequest(`Cannot delete Usage Plan ${id} because there are API Stages associated with it: remove /apiStages first`);
    manager.ledger.forgetPlan(id);
    const memberships = [...(manager.registry.members.get(id)?.keys() ?? [])].map((keyId): Write => ({ kind: 'usage-plan-key', id: planKeyId(id, keyId), record: null }));
    return { writes: [...memberships, { kind: 'usage-plan', id, record: null }], result: undefined };
  });
}

export function addPlanKey(manager: KeyManager, planId: string, { body }: ControlRequest): Promise<Json> {
  const fields = readFields(body);
  knownFields(fields, ['keyId', 'keyType']);
  const keyId = textField(fields, 'keyId', 100) ?? '';
  if (textField(fields, 'keyType', 100) !== 'API_KEY') throw badRequest('Invalid key type: it must be API_KEY');
  return manager.registry.change(() => {
    const plan = findPlan(manager, planId);
    const key = findKey(manager, keyId, true);
    const { plansOfKey: plans } = manager.registry;
    if (plans.get(keyId)?.has(planId)) throw conflict('The API key is in this usage plan already');
    if ((plans.get(keyId)?.size ?? 0) >= PLANS_PER_KEY) throw new ControlError('LimitExceededException', `An API key can be in ${PLANS_PER_KEY} usage plans`);
    checkOnePlanPerStage([...[...(plans.get(keyId) ?? [])].flatMap((each) => findPlanRecord(manager, each) ?? []), plan]);
    return { writes: [{ kind: 'usage-plan-key', id: planKeyId(planId, keyId), record: { planId, keyId, added: Date.now() } }], result: { id: keyId, type: 'API_KEY', name: key.name } };
  });
}

export function listPlanKeys(manager: KeyManager, planId: string, { query }: ControlRequest): Json {
  findPlan(manager, planId);
  const all = keysOfPlan(manager, planId).map((id) => findKey(manager, id)).filter(({ name }) => query['name'] === undefined || name.startsWith(query['name'])).sort((a, b) => (a.id < b.id ? -1 : 1));
  const { items, position } = page(all, ({ id }) => id, query);
  return { item: items.map(({ id, name }) => ({ id, type: 'API_KEY', name })), ...(position !== undefined ? { position } : {}) };
}

export function getPlanKey(manager: KeyManager, planId: string, keyId: string): Json {
  findPlan(manager, planId);
  if (!keysOfPlan(manager, planId).includes(keyId)) throw notFound(`Invalid API Key identifier specified: it is not in the Usage Plan ${planId}`);
  return { id: keyId, type: 'API_KEY', name: findKey(manager, keyId).name };
}

export async function deletePlanKey(manager: KeyManager, planId: string, keyId: string): Promise<void> {
  await manager.registry.change(() => {
    getPlanKey(manager, planId, keyId);
    findKey(manager, keyId, true);
    return { writes: [{ kind: 'usage-plan-key', id: planKeyId(planId, keyId), record: null }], result: undefined };
  });
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const MOST_DAYS = 400;

/** Usage of one key, or of every key of the plan, day by day; both dates are included. A key that left the plan is known as long as its usage is. */
export async function getUsage(manager: KeyManager, planId: string, { query }: ControlRequest): Promise<Json> {
  const plan = findPlan(manager, planId);
  const first = dayOf(query['startDate'], 'startDate'), last = dayOf(query['endDate'], 'endDate');
  if (last < first) throw badRequest('Invalid date range: endDate is before startDate');
  if (last - first >= MOST_DAYS) throw badRequest(`Invalid date range: at most ${MOST_DAYS} days`);
  const { keyId } = query;
  if (keyId !== undefined && !(await manager.hasUsed(plan, keyId, first, last))) getPlanKey(manager, planId, keyId);
  const all = keyId !== undefined ? [keyId] : [...new Set([...keysOfPlan(manager, planId), ...manager.ledger.keysOf(planId)])].sort();
  const { items, position } = page(all, (id) => id, query);
  const values = await manager.usageOf(plan, items, first, last);
  return { usagePlanId: planId, startDate: query['startDate'], endDate: query['endDate'], values: Object.fromEntries(items.map((id) => [id, values.get(id) ?? []])), ...(position !== undefined ? { position } : {}) };
}

/** Extension of a quota: what is left of the current period. */
export async function updateUsage(manager: KeyManager, planId: string, keyId: string, { body }: ControlRequest): Promise<Json> {
  const plan = findPlan(manager, planId);
  getPlanKey(manager, planId, keyId);
  const operations = readPatch(readFields(body));
  let remaining: number | undefined;
  for (const operation of operations) {
    if (operation.op !== 'replace' || operation.shown !== '/remaining') throw badRequest(`Invalid patch path  '${printable(operation.shown)}' specified for op '${operation.op}'. Must be one of: [${operation.op === 'replace' ? '/remaining' : ''}]`);
    remaining = /^\d{1,15}$/.test(operation.value) ? Number(operation.value) : undefined;
    if (remaining === undefined) throw badRequest('Invalid value for /remaining: it must be a whole number');
  }
  if (plan.quota === null) throw badRequest('The usage plan has no quota: there is nothing to extend');
  const now = Date.now();
  if (remaining !== undefined) await manager.setRemaining(plan, keyId, remaining, now);
  const today = Math.floor(now / 86_400_000);
  const date = new Date(now).toISOString().slice(0, 10);
  return { usagePlanId: planId, startDate: date, endDate: date, values: { [keyId]: (await manager.usageOf(plan, [keyId], today, today, now)).get(keyId) } };
}

function keysOfPlan({ api, registry }: KeyManager, planId: string): string[] {
  return [...(api?.description.keys.filter(({ plans }) => plans.includes(planId)).map(({ id }) => id) ?? []), ...(registry.members.get(planId)?.keys() ?? [])];
}

function dayOf(text: string | undefined, name: string): number {
  const match = DATE.exec(text ?? '');
  const time = match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) throw badRequest(`Invalid ${name}: write YYYY-MM-DD`);
  return time / 86_400_000;
}

function readStages(manager: KeyManager, value: unknown): ApiStageRecord[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest('Invalid request input: apiStages must be a list');
  if (value.length > MOST_STAGES) throw badRequest(`A usage plan covers at most ${MOST_STAGES} API stages`);
  const seen = new Set<string>();
  return value.map((item) => {
    const fields = asFields(item, 'an API stage');
    knownFields(fields, ['apiId', 'stage', 'throttle']);
    const apiId = textField(fields, 'apiId', 100) ?? '', stage = textField(fields, 'stage', 128) ?? '';
    checkStage(manager, apiId, stage);
    if (seen.has(`${apiId}:${stage}`)) throw badRequest(`API Stage ${printable(`${apiId}:${stage}`)} is given twice`);
    seen.add(`${apiId}:${stage}`);
    return { apiId, stage, throttle: readMethods(own(fields, 'throttle')) };
  });
}

function readMethods(value: unknown): Record<string, ThrottleRecord> {
  if (value === undefined || value === null) return {};
  const entries = Object.entries(asFields(value, 'throttle') as Fields);
  if (entries.length > MOST_METHODS) throw badRequest(`At most ${MOST_METHODS} method throttles per API stage`);
  return Object.fromEntries(entries.map(([key, each]) => {
    const name = key.length > 1_000 ? undefined : normalMethodPath(key);
    const throttle = readThrottle(each);
    if (name === undefined || throttle === null) throw badRequest(`Invalid method throttle '${printable(key)}': write a resource path and a method, /pets/{petId}/GET, with rateLimit and burstLimit`);
    return [name, throttle];
  }));
}

/** Without a running API (a store file of a stopped gateway) nobody knows its stages. */
function checkStage({ api }: KeyManager, apiId: string, stage: string): void {
  if (apiId === '' || stage === '') throw badRequest(`Invalid API Stage {api: ${printable(apiId)}, stage: ${printable(stage)}} specified for usageplan`);
  if (api !== null && (apiId !== api.apiId || !api.description.stages.includes(stage))) throw notFound(`API Stage not found: ${printable(apiId)}:${printable(stage)}; this gateway serves ${api.apiId} with ${api.description.stages.join(', ')}`);
}
