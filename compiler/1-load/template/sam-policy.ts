/** SAM's `Auth.ResourcePolicy` and `Auth.UsagePlan` of an API. */
import type { Json } from '../../code.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list } from './sam-events.js';
import { camelCase } from './stages.js';
import { isObject, type JsonObject, type Template } from './template.js';

const EVERYTHING = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
/** Condition operator and key of each list: those of a whitelist deny whoever is not on it. */
const LISTS: Readonly<Record<string, readonly [operator: string, key: string, isWhitelist: boolean]>> = {
  IpRangeWhitelist: ['NotIpAddress', 'aws:SourceIp', true], IpRangeBlacklist: ['IpAddress', 'aws:SourceIp', false],
};

/** → `x-amazon-apigateway-policy`, unless the definition has one. `pointer`: of `Auth`. */
export function applyResourcePolicy(template: Template, draft: Draft, value: Json | undefined, pointer: string): void {
  const policy = template.plain(value);
  if (!isObject(policy)) return;
  const at = `${pointer}/ResourcePolicy`;
  const statements: Json[] = [...list(template.plain(policy['CustomStatements']))];
  for (const [name, [operator, key, isWhitelist]] of Object.entries(LISTS)) {
    const ranges = list(template.plain(policy[name]));
    if (ranges.length === 0) continue;
    if (isWhitelist || statements.length === 0) statements.push({ Effect: 'Allow', ...EVERYTHING });
    statements.push({ Effect: 'Deny', ...EVERYTHING, Condition: { [operator]: { [key]: ranges } } });
  }
  for (const name of Object.keys(policy)) {
    if (name !== 'CustomStatements' && !Object.hasOwn(LISTS, name)) template.report(diagnostics.NOT_READ, `${at}/${name}`, { name, owner: 'ResourcePolicy', hint: 'write it as a statement: CustomStatements' }, true);
  }
  if (statements.length > 0) draft.add(['x-amazon-apigateway-policy'], { Version: '2012-10-17', Statement: statements }, at);
}

/** → a usage plan and a key for it, as SAM makes them. The key's value is not in a template. */
export function applyUsagePlan(template: Template, draft: Draft, value: Json | undefined, id: string, stage: string | undefined, pointer: string): void {
  const plan: JsonObject = isObject(value) ? value : {};
  const kind = template.text(plan['CreateUsagePlan']);
  if (kind === undefined || kind === 'NONE') return;
  const at = `${pointer}/UsagePlan`;
  // A shared plan is one for all APIs of the template: there is one API in a gateway.
  const prefix = kind === 'SHARED' ? 'Serverless' : id;
  const { UsagePlanName, Description, Quota, Throttle } = plan;
  draft.add(['x-gwc', 'usagePlans', `${prefix}UsagePlan`], {
    ...(UsagePlanName !== undefined && { name: UsagePlanName }), ...(Description !== undefined && { description: Description }), ...(Quota !== undefined && { quota: camelCase(Quota) }), ...(Throttle !== undefined && { throttle: camelCase(Throttle) }),
    apiStages: [stage === undefined ? {} : { stage }],
  }, at);
  draft.add(['x-gwc', 'apiKeys', `${prefix}ApiKey`], { usagePlans: [`${prefix}UsagePlan`] }, at);
}
