/** Stages, usage plans and API keys of a template → `x-gwc`. */
import type { Json } from '../../code.js';
import { intrinsicOf } from '../placeholders/intrinsics.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list } from './sam-events.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { section, type Resource, type Template } from './template.js';

/** `PascalCase` of CloudFormation → `camelCase` of the API Gateway API, all the way down. */
export function camelCase(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => camelCase(item as Json));
  if (!isObject(value) || intrinsicOf(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), camelCase(item)]));
}

/** MethodSettings: a list of objects with HttpMethod and ResourcePath → by `path/METHOD`. */
function methodSettings(value: Json | undefined): JsonObject {
  return Object.fromEntries(list(value).filter(isObject).map((settings) => {
    const { HttpMethod, ResourcePath, ...rest } = settings;
    // The first slash stands as it is, the others as `~1`: /pets/dogs is `/~1pets~1dogs`.
    const path = typeof ResourcePath === 'string' && ResourcePath !== '/*' ? `/${ResourcePath.replaceAll('~1', '/').replace(/^\/+/, '')}` : '*';
    return [`${path}/${typeof HttpMethod === 'string' ? HttpMethod : '*'}`, camelCase(rest)];
  }));
}

/** A stage of a REST API: of SAM's API itself, or an AWS::ApiGateway::Stage. */
export function addRestStage(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const settings = methodSettings(template.plain(properties['MethodSettings']));
  addStage(template, draft, properties, { ...(properties['Variables'] !== undefined && { variables: properties['Variables']! }), ...(Object.keys(settings).length > 0 && { methodSettings: settings }) }, pointer);
}

export function addHttpStage(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const routes = section(properties, 'RouteSettings');
  addStage(template, draft, properties, {
    ...(properties['StageVariables'] !== undefined && { variables: properties['StageVariables']! }),
    ...(properties['DefaultRouteSettings'] !== undefined && { defaultRouteSettings: camelCase(properties['DefaultRouteSettings']!) }),
    ...(Object.keys(routes).length > 0 && { routeSettings: Object.fromEntries(Object.entries(routes).map(([route, settings]) => [route, camelCase(settings)])) }),
  }, pointer);
}

function addStage(template: Template, draft: Draft, properties: JsonObject, stage: JsonObject, pointer: string): void {
  const name = template.text(properties['StageName']);
  if (name !== undefined) draft.add(['x-gwc', 'stages', name], stage, pointer);
}

/** A key without a value gets one on AWS; here it comes from the environment. */
export function addKey(template: Template, draft: Draft, id: string, key: JsonObject, pointer: string): void {
  const variable = id.replace(/(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/g, '_').toUpperCase();
  if (key['value'] === undefined) template.report(diagnostics.KEY_FROM_ENVIRONMENT, pointer, { name: id, variable }, true);
  draft.add(['x-gwc', 'apiKeys', id], { value: `env:${variable}`, ...key }, pointer);
}

/** Those that are about the API `apiId`: `Ref`s to it. */
export function addPlans(template: Template, draft: Draft, apiId: string): void {
  const stageName = (value: Json | undefined): string | undefined => {
    const resource = template.resources.get(refOf(value) ?? '');
    return template.text(resource?.type === 'AWS::ApiGateway::Stage' ? resource.properties['StageName'] : value);
  };
  const mine: Resource[] = [];
  for (const plan of template.of('AWS::ApiGateway::UsagePlan')) {
    const stages = list(plan.properties['ApiStages']).filter(isObject).filter((stage) => refOf(stage['ApiId']) === apiId);
    if (stages.length === 0) continue;
    mine.push(plan);
    const { UsagePlanName, Description, Quota, Throttle } = plan.properties;
    draft.add(['x-gwc', 'usagePlans', plan.id], {
      ...(UsagePlanName !== undefined && { name: UsagePlanName }), ...(Description !== undefined && { description: Description }), ...(Quota !== undefined && { quota: camelCase(Quota) }), ...(Throttle !== undefined && { throttle: camelCase(Throttle) }),
      apiStages: stages.map((stage) => { const name = stageName(stage['Stage']); return { ...(name !== undefined && { stage: name }), ...(isObject(stage['Throttle']) && { throttle: Object.fromEntries(Object.entries(stage['Throttle']).map(([route, limits]) => [route, camelCase(limits)])) }) }; }),
    }, plan.pointer);
  }
  const keys = template.of('AWS::ApiGateway::UsagePlanKey');
  for (const key of template.of('AWS::ApiGateway::ApiKey')) {
    const plans = mine.filter((plan) => keys.some(({ properties }) => refOf(properties['KeyId']) === key.id && refOf(properties['UsagePlanId']) === plan.id)).map(({ id }) => id);
    if (plans.length === 0) continue;
    const { Name, Description, Value, Enabled } = key.properties;
    addKey(template, draft, key.id, { ...(Name !== undefined && { name: Name }), ...(Description !== undefined && { description: Description }), ...(Value !== undefined && { value: Value }), ...(Enabled !== undefined && { enabled: Enabled }), usagePlans: plans }, key.pointer);
  }
}
