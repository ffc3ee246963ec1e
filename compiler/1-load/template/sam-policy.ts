/** SAM's `ResourcePolicy` (of an API and of an event) and `UsagePlan`. */
import type { Json } from '../../code.js';
import { closest } from '../../diagnostics/suggest.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list, type SamEvent } from './sam-events.js';
import { addKey, camelCase } from './stages.js';
import { isObject, type JsonObject } from './is-template.js';
import type { Template } from './template.js';

/** Lists of addresses and networks: who is not on a whitelist, or is on a blacklist, is denied. */
const CONDITIONS: Readonly<Record<string, readonly [operator: string, kind: 'address' | 'network']>> = {
  IpRangeWhitelist: ['NotIpAddress', 'address'], IpRangeBlacklist: ['IpAddress', 'address'],
  SourceVpcWhitelist: ['StringNotEquals', 'network'], SourceVpcBlacklist: ['StringEquals', 'network'],
  IntrinsicVpcWhitelist: ['StringNotEquals', 'network'], IntrinsicVpcBlacklist: ['StringEquals', 'network'],
  IntrinsicVpceWhitelist: ['StringNotEquals', 'network'], IntrinsicVpceBlacklist: ['StringEquals', 'network'],
};

/** → `x-amazon-apigateway-policy`, unless the definition has one. `pointer`: of the API's `Auth`. */
export function applyResourcePolicies(template: Template, draft: Draft, ofApi: Json | undefined, events: readonly SamEvent[], stage: string, pointer: string): void {
  const statements: Json[] = [], places: string[] = [];
  const add = (value: Json | undefined, resource: string, place: string): void => {
    for (const statement of readPolicy(template, value, resource, place)) { statements.push(statement); places.push(place); }
  };
  add(ofApi, 'execute-api:/*', `${pointer}/ResourcePolicy`);
  for (const event of events) {
    const auth = template.plain(event.properties['Auth']);
    const resource = `execute-api:/${stage}/${event.method === 'any' ? '*' : event.method.toUpperCase()}${(event.path ?? '/').replace(/\{[^{}]*\}/g, '*')}`;
    if (isObject(auth)) add(auth['ResourcePolicy'], resource, `${event.pointer}/Auth/ResourcePolicy`);
  }
  if (statements.length === 0 || draft.at('x-amazon-apigateway-policy') !== undefined) return;
  draft.put(['x-amazon-apigateway-policy'], { Version: '2012-10-17', Statement: statements }, places[0]!);
  for (const [index, place] of places.entries()) draft.from(['x-amazon-apigateway-policy', 'Statement', String(index)], place);
}

function readPolicy(template: Template, value: Json | undefined, resource: string, pointer: string): Json[] {
  const policy = template.plain(value);
  if (!isObject(policy)) return [];
  const request = { Action: 'execute-api:Invoke', Resource: resource };
  const custom = template.plain(policy['CustomStatements']);
  const statements: Json[] = isObject(custom) ? [custom] : [...list(custom)];
  const denied: Json[] = [];
  let hasConditions = false;
  for (const [name, written] of Object.entries(policy)) {
    const items = itemsOf(template, written);
    if (name === 'CustomStatements' || items.length === 0) continue;
    if (name === 'AwsAccountWhitelist') statements.push({ Effect: 'Allow', Principal: { AWS: items }, ...request });
    else if (name === 'AwsAccountBlacklist') denied.push({ Effect: 'Deny', Principal: { AWS: items }, ...request });
    else if (Object.hasOwn(CONDITIONS, name)) {
      hasConditions = true;
      const [operator, kind] = CONDITIONS[name]!;
      const isEndpoint = (item: Json): boolean => name.startsWith('IntrinsicVpce') || (typeof item === 'string' && item.startsWith('vpce-'));
      const keys: [key: string, items: Json[]][] = kind === 'address' ? [['aws:SourceIp', items]] : [['aws:SourceVpc', items.filter((item) => !isEndpoint(item))], ['aws:SourceVpce', items.filter(isEndpoint)]];
      for (const [key, wanted] of keys) if (wanted.length > 0) denied.push({ Effect: 'Deny', Principal: '*', ...request, Condition: { [operator]: { [key]: wanted } } });
    } else {
      const meant = closest(name, ['AwsAccountWhitelist', 'AwsAccountBlacklist', ...Object.keys(CONDITIONS)]);
      template.report(diagnostics.NOT_READ, `${pointer}/${name}`, { name, owner: 'ResourcePolicy', hint: meant === undefined ? 'write it as a statement: CustomStatements' : `did you mean '${meant}'?` }, true);
    }
  }
  // Who is not denied is let in, as SAM says it: an Allow beside the lists of addresses and networks.
  if (hasConditions) statements.push({ Effect: 'Allow', Principal: '*', ...request });
  return [...statements, ...denied];
}

function itemsOf(template: Template, value: Json): Json[] {
  const found = template.plain(value);
  return Array.isArray(found) ? [...(found as readonly Json[])] : found === undefined ? [value] : typeof found === 'string' ? [found] : [];
}

/** → a usage plan and a key for it, as SAM makes them. */
export function applyUsagePlan(template: Template, draft: Draft, value: Json | undefined, id: string, stage: string, pointer: string): void {
  const plan: JsonObject = isObject(value) ? value : {};
  const kind = template.text(plan['CreateUsagePlan']);
  if (kind === undefined || kind === 'NONE') return;
  const at = `${pointer}/UsagePlan`;
  // A shared plan is one for all APIs of the template: there is one API in a gateway.
  const prefix = kind === 'SHARED' ? 'Serverless' : id;
  const { UsagePlanName, Description, Quota, Throttle } = plan;
  draft.add(['x-gwc', 'usagePlans', `${prefix}UsagePlan`], {
    ...(UsagePlanName !== undefined && { name: UsagePlanName }), ...(Description !== undefined && { description: Description }), ...(Quota !== undefined && { quota: camelCase(Quota) }), ...(Throttle !== undefined && { throttle: camelCase(Throttle) }),
    apiStages: [{ stage }],
  }, at);
  addKey(template, draft, `${prefix}ApiKey`, { usagePlans: [`${prefix}UsagePlan`] }, at);
}
