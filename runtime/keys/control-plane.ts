/** API Gateway's REST control plane for API keys and usage plans (API reference 2015-07-09): request in, answer out; knows no socket and no caller. */
import { ControlError, notFound } from './control-error.js';
import { createKey, deleteKey, findKey, importKeys, keyJson, listKeys, rotateKey, updateKey } from './api-keys-resource.js';
import type { ControlAnswer, ControlRequest } from './control-request.js';
import type { KeyManager } from './key-manager.js';
import { getTags, tagResource, untagResource } from './tags-resource.js';
import { addPlanKey, createPlan, deletePlan, deletePlanKey, findPlan, getPlanKey, getUsage, listPlanKeys, listPlans, planJson, updatePlan, updateUsage } from './usage-plans-resource.js';

/** Never rejects. */
export async function callControlPlane(manager: KeyManager, request: ControlRequest): Promise<ControlAnswer> {
  try {
    const answer = await route(manager, request);
    return { status: answer[0], errorType: '', body: answer[1] === undefined ? '' : JSON.stringify(answer[1]) };
  } catch (error) {
    if (error instanceof ControlError) return { status: error.status, errorType: error.type, body: JSON.stringify({ message: error.message }) };
    // A store that fails: what it says may hold paths and hosts.
    return { status: 500, errorType: 'InternalFailureException', body: JSON.stringify({ message: 'Internal failure: the change was not made' }) };
  }
}

type Result = readonly [status: number, body: unknown];

async function route(manager: KeyManager, request: ControlRequest): Promise<Result> {
  const segments = request.path.split('/').filter((segment) => segment !== '').map(decode);
  const [collection, id, sub, subId, last] = segments;
  const { method } = request;
  const at = (pattern: string): boolean => pattern === `${method} ${segments.length}`;
  switch (collection) {
    case 'apikeys':
      if (at('GET 1')) return [200, listKeys(manager, request)];
      if (at('POST 1')) return [201, await (request.query['mode'] === 'import' ? importKeys(manager, request) : createKey(manager, request))];
      if (at('GET 2')) return [200, keyJson(findKey(manager, id!))];
      if (at('PATCH 2')) return [200, await updateKey(manager, id!, request)];
      if (at('DELETE 2')) { await deleteKey(manager, id!); return [202, undefined]; }
      if (at('POST 2') && request.query['mode'] === 'rotate') return [200, await rotateKey(manager, id!, request)];
      break;
    case 'usageplans':
      if (at('GET 1')) return [200, listPlans(manager, request)];
      if (at('POST 1')) return [201, await createPlan(manager, request)];
      if (at('GET 2')) return [200, planJson(findPlan(manager, id!))];
      if (at('PATCH 2')) return [200, await updatePlan(manager, id!, request)];
      if (at('DELETE 2')) { await deletePlan(manager, id!); return [202, undefined]; }
      if (sub === 'usage' && at('GET 3')) return [200, await getUsage(manager, id!, request)];
      if (sub !== 'keys') break;
      if (at('GET 3')) return [200, listPlanKeys(manager, id!, request)];
      if (at('POST 3')) return [201, await addPlanKey(manager, id!, request)];
      if (at('GET 4')) return [200, getPlanKey(manager, id!, subId!)];
      if (at('DELETE 4')) { await deletePlanKey(manager, id!, subId!); return [202, undefined]; }
      if (last === 'usage' && at('PATCH 5')) return [200, await updateUsage(manager, id!, subId!, request)];
      break;
    case 'tags': {
      // An ARN holds a slash, which clients may have left as it is.
      const arn = segments.slice(1).join('/');
      if (method === 'GET') return [200, getTags(manager, arn)];
      if (method === 'PUT') { await tagResource(manager, arn, request); return [204, undefined]; }
      if (method === 'DELETE') { await untagResource(manager, arn, request); return [204, undefined]; }
      break;
    }
    case 'restapis':
      return [200, restApis(manager, segments, method)];
    default:
  }
  throw notFound('Unable to find resource: this control plane has /apikeys, /usageplans and /tags');
}

/** Enough for a client to find the ids that usage plans name. */
function restApis({ api }: KeyManager, segments: readonly string[], method: string): unknown {
  if (method !== 'GET' || api === null) throw notFound('Unable to find resource');
  const { title, version, stages } = api.description;
  const self = { id: api.apiId, name: title, version, createdDate: 0 };
  if (segments.length === 1) return { item: [self] };
  if (segments[1] !== api.apiId) throw notFound('Invalid API identifier specified');
  if (segments.length === 2) return self;
  if (segments.length === 3 && segments[2] === 'stages') return { item: stages.map((stageName) => ({ stageName })) };
  throw notFound('Unable to find resource');
}

function decode(segment: string): string {
  try { return decodeURIComponent(segment); } catch { throw notFound('Unable to find resource'); }
}
