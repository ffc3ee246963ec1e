import { keepLimits } from '../../access/emit-limits-keeper.js';
import { planId } from '../../access/stored-ids.js';
import { code, helper, typeHelper, type Json } from '../../code.js';
import type { Api, Unit } from '../../feature.js';

const management = helper<typeof import('../../../runtime/keys/start-key-management.js')>();
const admin = helper<typeof import('../../../runtime/keys/admin-port.js')>();
const keeper = helper<typeof import('../../../runtime/keys/keys-keeper.js')>();

/** Keys and usage plans that are made while the gateway runs: opened at start, managed on the admin port, kept by the primary process of `--workers`. */
export function emitManagement(unit: Unit): void {
  const description = unit.constant('MANAGED', code`${describe(unit.api)} as ${typeHelper('keys/description', 'ApiKeysDescription')}`);
  unit.atStart(code`${management('keys/start-key-management', 'startKeyManagement')}(state, ${description}, options);`);
  unit.adminPort(code`${admin('keys/admin-port', 'manageKeys')}`);
  unit.atPrimary(code`${keeper('keys/keys-keeper', 'keepKeys')}(cluster, ${keepLimits(unit)}, store, log);`);
}

function describe(api: Api) {
  const stages = Object.keys(api.stages);
  return {
    title: api.title, version: api.version, flavour: api.flavour, stages,
    operations: api.operations.map(({ method, path }) => `${method} ${path.text}`),
    plans: (api.parts.throttle?.plans ?? []).map(({ name, label, description, throttle, quota, stages }) => ({
      id: planId(api.title, name), name: label, description, throttle: throttle && { rateLimit: throttle[0], burstLimit: throttle[1] }, quota: quota && { limit: quota.limit, offset: quota.offset, period: quota.period },
      apiStages: Object.entries(stages).map(([stage, operations]) => ({
        stage,
        throttle: Object.fromEntries(operations.flatMap(({ method, path, rate }) => (rate === null ? [] : [[`${path === '/' ? '' : path}/${method}`, { rateLimit: rate[0], burstLimit: rate[1] }]]))),
      })),
    })),
    keys: (api.parts.apiKey?.keys ?? []).map(({ id, name, description, enabled, client, plans }) => ({ id, name, description, enabled, client, plans })),
  } satisfies Json;
}
