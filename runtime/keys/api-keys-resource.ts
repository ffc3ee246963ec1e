/** `/apikeys` of the control plane. A key's value is in the answer that makes it, and nowhere afterwards: the registry keeps its SHA-256. */
import { badRequest, conflict, ControlError, notFound } from './control-error.js';
import { booleanField, knownFields, own, page, printable, readFields, tagsField, textField, type ControlRequest } from './control-request.js';
import { readKeysCsv } from './csv.js';
import { declaredKeyRecords, declaredPlanRecords } from './description.js';
import { digestOf, keyValueProblem, newId, newKeyValue } from './ids.js';
import type { KeyManager } from './key-manager.js';
import { booleanOf, invalidPath, readPatch } from './patch.js';
import { planKeyId, type KeyRecord, type PlanRecord, type Write } from './records.js';
import { checkOnePlanPerStage } from './stage-plans.js';

export const MOST_KEYS = 100_000;
/** How long the old value of a rotated key still opens when nothing is said. */
const GRACE_S = 86_400;
const LONGEST_GRACE_S = 90 * 86_400;

type Json = Record<string, unknown>;

export function keyJson(key: KeyRecord, value?: string): Json {
  return {
    id: key.id, ...(value !== undefined ? { value } : {}), name: key.name, ...(key.customerId !== '' ? { customerId: key.customerId } : {}), ...(key.description !== '' ? { description: key.description } : {}),
    enabled: key.enabled, createdDate: Math.floor(key.created / 1_000), lastUpdatedDate: Math.floor(key.updated / 1_000), stageKeys: [], ...(Object.keys(key.tags).length > 0 ? { tags: key.tags } : {}),
  };
}

/** Declared keys first: they are there as long as the document says so. */
export function listKeys(manager: KeyManager, { query }: ControlRequest): Json {
  const { api, registry } = manager;
  const all = [...(api === null ? [] : declaredKeyRecords(api)), ...registry.keys.values()];
  const { name, customerId } = query;
  const found = all.filter((key) => (name === undefined || key.name.startsWith(name)) && (customerId === undefined || key.customerId === customerId)).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const { items, position } = page(found, sortKey, query);
  return { item: items.map((key) => keyJson(key)), ...(position !== undefined ? { position } : {}) };
}

const sortKey = ({ created, id }: KeyRecord): string => `${String(created).padStart(15, '0')} ${id}`;

/** A declared key is found too; to change one is refused. */
export function findKey(manager: KeyManager, id: string, toChange = false): KeyRecord {
  const key = manager.registry.keys.get(id);
  if (key !== undefined) return key;
  const declared = manager.api && declaredKeyRecords(manager.api).find((each) => each.id === id);
  if (!declared) throw notFound('Invalid API Key identifier specified');
  if (toChange) throw badRequest(`API Key "${printable(declared.name)}" is declared in the API's document (x-gwc.apiKeys) and is read-only here: change the document and build the gateway again`);
  return declared;
}

export function createKey(manager: KeyManager, { body }: ControlRequest): Promise<Json> {
  const fields = readFields(body);
  knownFields(fields, ['name', 'description', 'enabled', 'generateDistinctId', 'value', 'stageKeys', 'customerId', 'tags']);
  booleanField(fields, 'generateDistinctId');
  const stageKeys = own(fields, 'stageKeys') ?? [];
  if (!Array.isArray(stageKeys) || stageKeys.length > 0) throw badRequest('stageKeys is deprecated and not supported: add the key to a usage plan that covers the stage');
  const value = textField(fields, 'value', 10_000) ?? newKeyValue();
  checkValue(value);
  const now = Date.now();
  const record = {
    name: textField(fields, 'name', 1_024) ?? '', description: textField(fields, 'description', 2_048) ?? '', enabled: booleanField(fields, 'enabled') ?? false, customerId: textField(fields, 'customerId', 1_024) ?? '',
    tags: tagsField(fields), created: now, updated: now, digests: [{ sha256: digestOf(value), until: null }],
  };
  return manager.registry.change(() => {
    refuseTaken(manager, record.digests[0]!.sha256);
    refuseMore(manager, 1);
    const key: KeyRecord = { id: newId((id) => isKeyId(manager, id)), ...record };
    return { writes: [{ kind: 'api-key', id: key.id, record: key }], result: keyJson(key, value) };
  });
}

export function updateKey(manager: KeyManager, id: string, { body }: ControlRequest): Promise<Json> {
  const operations = readPatch(readFields(body));
  return manager.registry.change(() => {
    let key = findKey(manager, id, true);
    for (const operation of operations) {
      const { op, path, value } = operation;
      const allowed = ['/customerId', '/description', '/enabled', '/name'];
      if (op !== 'replace' || path.length !== 1 || !allowed.includes(operation.shown)) throw invalidPath(operation, op === 'replace' ? allowed : []);
      const field = path[0] as 'customerId' | 'description' | 'enabled' | 'name';
      if (field === 'enabled') { key = { ...key, enabled: booleanOf(operation) }; continue; }
      if (value.length > (field === 'description' ? 2_048 : 1_024)) throw badRequest(`${field} is too long`);
      key = { ...key, [field]: value };
    }
    key = { ...key, updated: Date.now() };
    return { writes: [{ kind: 'api-key', id, record: key }], result: keyJson(key) };
  });
}

export async function deleteKey(manager: KeyManager, id: string): Promise<void> {
  await manager.registry.change(() => {
    findKey(manager, id, true);
    const memberships = [...(manager.registry.plansOfKey.get(id) ?? [])].map((planId): Write => ({ kind: 'usage-plan-key', id: planKeyId(planId, id), record: null }));
    return { writes: [{ kind: 'api-key', id, record: null }, ...memberships], result: undefined };
  });
  manager.ledger.forgetKey(id);
}

/** gwc's own: a new value; the old ones go on for a while. */
export function rotateKey(manager: KeyManager, id: string, { body }: ControlRequest): Promise<Json> {
  const fields = readFields(body);
  knownFields(fields, ['graceSeconds', 'value']);
  const grace = own(fields, 'graceSeconds') ?? GRACE_S;
  if (typeof grace !== 'number' || !Number.isInteger(grace) || grace < 0 || grace > LONGEST_GRACE_S) throw badRequest(`graceSeconds must be a whole number from 0 to ${LONGEST_GRACE_S}`);
  const value = textField(fields, 'value', 10_000) ?? newKeyValue();
  checkValue(value);
  const sha256 = digestOf(value);
  return manager.registry.change(() => {
    const before = findKey(manager, id, true);
    refuseTaken(manager, sha256);
    const now = Date.now();
    const end = now + grace * 1_000;
    const old = before.digests.map((digest) => ({ ...digest, until: Math.min(digest.until ?? Infinity, end) })).filter(({ until }) => until > now).slice(0, 5);
    const key: KeyRecord = { ...before, updated: now, digests: [{ sha256, until: null }, ...old] };
    return { writes: [{ kind: 'api-key', id, record: key }], result: { ...keyJson(key, value), previousValueEnds: Math.floor(end / 1_000) } };
  });
}

/** A value that is known already overwrites that key, as on API Gateway. What is wrong with a row is a warning, or with `failonwarnings` the end. */
export function importKeys(manager: KeyManager, { query, body }: ControlRequest): Promise<Json> {
  if ((query['format'] ?? '').toLowerCase() !== 'csv') throw badRequest('Invalid format: only csv is supported');
  const csv = readKeysCsv(body);
  if (typeof csv === 'string') throw badRequest(`Invalid API key file: ${csv}`);
  return manager.registry.change(() => {
    const { registry } = manager;
    const warnings = csv.faults.map(({ line, problem }) => `Line ${line} ${problem}`);
    const writes: Write[] = [];
    const ids: string[] = [];
    const fresh = new Set<string>();
    const now = Date.now();
    for (const { line, name, key: value, description, enabled, usagePlanIds } of csv.keys) {
      const sha256 = digestOf(value);
      const problem = keyValueProblem(value);
      if (problem !== '') { warnings.push(`Line ${line}: ${problem}`); continue; }
      if (isDeclaredValue(manager, sha256)) { warnings.push(`Line ${line}: the key is declared in the API's document`); continue; }
      const known = registry.keys.get(registry.keyOfDigest.get(sha256) ?? '');
      const id = known?.id ?? newId((each) => isKeyId(manager, each) || fresh.has(each));
      if (known === undefined) fresh.add(id);
      writes.push({ kind: 'api-key', id, record: { id, customerId: '', tags: {}, created: now, digests: [{ sha256, until: null }], ...known, name, description, enabled, updated: now } });
      const plans = new Map<string, PlanRecord>([...(registry.plansOfKey.get(id) ?? [])].flatMap((planId) => findPlanRecord(manager, planId) ?? []).map((plan) => [plan.id, plan]));
      for (const planId of usagePlanIds) {
        const plan = findPlanRecord(manager, planId);
        if (plan === undefined) { warnings.push(`Line ${line}: there is no usage plan ${printable(planId)}`); continue; }
        if (plans.has(planId)) continue;
        try { checkOnePlanPerStage([...plans.values(), plan]); } catch (error) { warnings.push(`Line ${line}: ${(error as Error).message}`); continue; }
        plans.set(planId, plan);
        writes.push({ kind: 'usage-plan-key', id: planKeyId(planId, id), record: { planId, keyId: id, added: now } });
      }
      ids.push(id);
    }
    refuseMore(manager, fresh.size);
    if (warnings.length > 0 && query['failonwarnings'] === 'true') throw badRequest(`Nothing was imported: ${warnings.slice(0, 20).join('; ')}`);
    return { writes, result: { ids, warnings: warnings.slice(0, 1_000) } };
  });
}

/** A plan of the registry or of the document. */
export function findPlanRecord({ registry, api }: KeyManager, id: string): PlanRecord | undefined {
  return registry.plans.get(id) ?? (api === null ? undefined : declaredPlanRecords(api).find((plan) => plan.id === id));
}

function checkValue(value: string): void {
  const problem = keyValueProblem(value);
  if (problem !== '') throw badRequest(`Invalid API Key value: ${problem}`);
}

const isKeyId = ({ registry, api }: KeyManager, id: string): boolean => registry.keys.has(id) || (api?.description.keys.some((key) => key.id === id) ?? false);
const isDeclaredValue = ({ api }: KeyManager, sha256: string): boolean => api !== null && Object.hasOwn(api.digests, sha256);

function refuseTaken(manager: KeyManager, sha256: string): void {
  if (manager.registry.keyOfDigest.has(sha256) || isDeclaredValue(manager, sha256)) throw conflict('API Key already exists');
}

function refuseMore({ registry }: KeyManager, more: number): void {
  if (registry.keys.size + more > MOST_KEYS) throw new ControlError('LimitExceededException', `Maximum number of API keys has been reached: ${MOST_KEYS}`);
}
