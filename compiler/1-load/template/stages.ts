/** Stages, usage plans and API keys of a template → `x-gwc`. */
import type { Json } from '../../code.js';
import { intrinsicOf } from '../placeholders/intrinsics.js';
import { typed } from '../placeholders/typed.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { list, objects } from './sam-events.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { section, type Resource, type Template } from './template.js';

/** `PascalCase` of CloudFormation → `camelCase` of the API Gateway API, all the way down. Numbers and booleans may be texts there. */
export function camelCase(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => camelCase(item as Json));
  if (!isObject(value) || intrinsicOf(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => { const name = key.charAt(0).toLowerCase() + key.slice(1); return [name, typed(name, camelCase(item))]; }));
}

/** What a property says of a stage: a `Ref` to one of the template, or its name. A name that depends on values without one in this build is made of their names. */
export function stageNameOf(template: Template, value: Json | undefined, pointer: string): string | undefined {
  const id = refOf(value) ?? '';
  const resource = template.resources.get(id);
  const made = resource === undefined ? template.stageMadeBySam(id) : undefined;
  const name = template.textWithPlaceholders(resource?.type.endsWith('::Stage') === true ? resource.properties['StageName'] ?? resource.id : made ?? value, pointer);
  return name === undefined ? undefined : stageNameIn(name);
}

/** The name without the signs of placeholders that have no value. */
export function stageNameIn(text: string): string { return text.includes('${') ? text.replace(/[^A-Za-z0-9_-]+/g, '') : text; }

/** MethodSettings: a list of objects with HttpMethod and ResourcePath → by `path/METHOD`. */
function methodSettings(template: Template, value: Json | undefined): JsonObject {
  return Object.fromEntries(objects(template, value).map((settings) => {
    const { HttpMethod, ResourcePath, ...rest } = settings;
    // The first slash stands as it is, the others as `~1`: /pets/dogs is `/~1pets~1dogs`.
    const written = template.text(ResourcePath);
    const path = written !== undefined && written !== '/*' && written !== '*' ? `/${written.replaceAll('~1', '/').replace(/^\/+/, '')}` : '*';
    return [`${path}/${template.text(HttpMethod) ?? '*'}`, camelCase(rest)];
  }));
}

/** A stage of a REST API: of SAM's API itself, or an AWS::ApiGateway::Stage. `id`: what it is called without a StageName. */
export function addRestStage(template: Template, draft: Draft, properties: JsonObject, pointer: string): void {
  const settings = methodSettings(template, properties['MethodSettings']);
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

/** `AWS::ApiGateway::Deployment` with a StageName makes a stage as well; its settings are in StageDescription, those of all methods beside the rest. */
export function addDeploymentStage(template: Template, draft: Draft, { properties, pointer }: Resource): void {
  if (properties['StageName'] === undefined) return;
  const description = section(properties, 'StageDescription');
  const everywhere = Object.fromEntries(Object.entries(description).filter(([name]) => /^(?:Throttling|Cach|Logging|DataTrace|Metrics)/.test(name) && !name.startsWith('CacheCluster')));
  const settings = [...(Object.keys(everywhere).length > 0 ? [{ ...everywhere, HttpMethod: '*', ResourcePath: '/*' }] : []), ...list(template.plain(description['MethodSettings']))];
  addRestStage(template, draft, { ...description, StageName: properties['StageName']!, MethodSettings: settings }, pointer);
}

/** What gwc does not do yet, or does not take over: each changes what clients or backends see. */
const UNREAD: Readonly<Record<string, string>> = {
  CanarySetting: 'leave it out: canary releases are not built yet',
  CacheClusterEnabled: 'leave it out: answers are not cached yet',
  ClientCertificateId: 'give the gateway a certificate of its own for backends: tls.certificate of a target under x-gwc.vpcLinks',
};

function addStage(template: Template, draft: Draft, properties: JsonObject, stage: JsonObject, pointer: string): void {
  const name = stageNameOf(template, properties['StageName'], `${pointer}/StageName`);
  if (name !== undefined) draft.add(['x-gwc', 'stages', name], stage, pointer);
  for (const [property, hint] of Object.entries(UNREAD)) {
    if (properties[property] !== undefined && template.flag(properties[property]) !== false) template.report(diagnostics.NOT_READ, `${pointer}/${property}`, { name: property, owner: 'the stage', hint }, true);
  }
}

/** A key without a value gets one on AWS; here it comes from the environment. */
export function addKey(template: Template, draft: Draft, id: string, key: JsonObject, pointer: string): void {
  const written = key['value'];
  const value = written === undefined ? undefined : template.text(written);
  const variable = id.replace(/(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/g, '_').toUpperCase();
  // A value that is known only when the template is deployed is told at the start as well.
  if (value === undefined) template.report(diagnostics.KEY_FROM_ENVIRONMENT, pointer, { name: id, variable }, true);
  draft.add(['x-gwc', 'apiKeys', id], { ...key, value: value ?? `env:${variable}` }, pointer);
}

/** Those that are about the API `apiId`. */
export function addPlans(template: Template, draft: Draft, apiId: string): void {
  const mine: Resource[] = [];
  for (const plan of template.of('AWS::ApiGateway::UsagePlan')) {
    const stages = objects(template, plan.properties['ApiStages']).filter((stage) => template.idOf(stage['ApiId']) === apiId);
    if (stages.length === 0) continue;
    mine.push(plan);
    const { UsagePlanName, Description, Quota, Throttle } = plan.properties;
    draft.add(['x-gwc', 'usagePlans', plan.id], {
      ...(UsagePlanName !== undefined && { name: UsagePlanName }), ...(Description !== undefined && { description: Description }), ...(Quota !== undefined && { quota: camelCase(Quota) }), ...(Throttle !== undefined && { throttle: camelCase(Throttle) }),
      apiStages: stages.map((stage) => {
        const name = stageNameOf(template, stage['Stage'], `${plan.pointer}/ApiStages`);
        return { ...(name !== undefined && { stage: name }), ...(isObject(stage['Throttle']) && { throttle: Object.fromEntries(Object.entries(stage['Throttle']).map(([route, limits]) => [route, camelCase(limits)])) }) };
      }),
    }, plan.pointer);
  }
  const keys = template.of('AWS::ApiGateway::UsagePlanKey');
  for (const key of template.of('AWS::ApiGateway::ApiKey')) {
    const plans = mine.filter((plan) => keys.some(({ properties }) => template.idOf(properties['KeyId']) === key.id && template.idOf(properties['UsagePlanId']) === plan.id)).map(({ id }) => id);
    if (plans.length === 0) continue;
    const { Name, Description, Value, Enabled } = key.properties;
    const enabled = template.flag(Enabled);
    addKey(template, draft, key.id, { ...(Name !== undefined && { name: Name }), ...(Description !== undefined && { description: Description }), ...(Value !== undefined && { value: Value }), ...(enabled !== undefined && { enabled }), usagePlans: plans }, key.pointer);
  }
}
