/** From a SAM or CloudFormation template to the OpenAPI document of one of its APIs. */
import type { Json } from '../../code.js';
import type { Origin } from '../../diagnostics/define.js';
import type { Sources } from '../../diagnostics/locate.js';
import type { Reporter } from '../../diagnostics/report.js';
import { escapePointer } from '../node.js';
import type { Environment } from '../placeholders/environment.js';
import { branchOf, intrinsicOf } from '../placeholders/intrinsics.js';
import { bindFunctions } from './bind-functions.js';
import * as diagnostics from './diagnostics.js';
import { readDefinition } from './definition.js';
import { addDomains } from './domains.js';
import { Draft } from './draft.js';
import { pickApi, type TemplateApi } from './pick-api.js';
import { addHttpResources, addQuickRoute } from './http-resources.js';
import { addRestResources } from './rest-resources.js';
import { applyAuth } from './sam-auth.js';
import { addEvents, reportLeftOut, type SamEvent } from './sam-events.js';
import { applyResourcePolicies, applyUsagePlan } from './sam-policy.js';
import { applyCors, applyCorsConfiguration, applyHttpProperties, applyRestProperties, applyRestSettings, reportUnread } from './sam-properties.js';
import { addDeploymentStage, addHttpStage, addPlans, addRestStage } from './stages.js';
import { isObject, type JsonObject } from './is-template.js';
import { section, Template } from './template.js';
import { addWebAcl } from './web-acl.js';

export interface TemplateDocument {
  /** With placeholders and intrinsic functions still in it. */
  readonly root: Json;
  /** The file its references are relative to: the template, or the definition's own. */
  readonly entry: string;
  /** What the document was made from. */
  readonly text: string;
  /** From a place in the document to one in a file. */
  trace(origin: Origin): Origin;
}

export interface TemplateOptions {
  /** Logical id, where a template has several APIs. */
  readonly api: string | undefined;
  /** Bind functions to their sources beside the template. */
  readonly localFunctions: boolean;
}

/** `environment` learns what the template knows. undefined after an error was reported. */
export async function readTemplate(file: string, text: string, root: JsonObject, options: TemplateOptions, environment: Environment, sources: Sources, reporter: Reporter): Promise<TemplateDocument | undefined> {
  const template = new Template(file, root, environment, sources, reporter);
  const api = pickApi(template, options.api);
  if (api === undefined) return undefined;
  const isHttp = api.kind.endsWith('http');
  const { properties, pointer } = propertiesOf(template, api);
  const definition = await readDefinition({ template, text, sources, reporter }, properties, pointer);
  if (definition === undefined) return undefined;

  const id = 'resource' in api ? api.resource.id : api.id;
  const draft = definition === null
    ? new Draft({ openapi: '3.0.1', info: { title: id, version: '1.0' }, paths: {} }, file, file, `/Resources${'resource' in api ? `/${escapePointer(id)}` : ''}`, file)
    : new Draft(definition.root, definition.file, definition.file, definition.pointer, file);
  for (const graft of definition?.grafts ?? []) draft.provenance.set(graft.path, { file: graft.file, pointer: `/${escapePointer(graft.path.at(-1)!)}` });
  decideConditions(template, draft.root);
  const name = template.text(properties['Name']);
  if (name !== undefined && definition === null) draft.put(['info', 'title'], name, `${pointer}/Name`);
  if (isHttp && !Object.hasOwn(draft.root, 'x-gwc-flavour')) draft.add(['x-gwc-flavour'], 'http', pointer);
  if (!isHttp) draft.add(['x-gwc-flavour'], 'rest', pointer);
  if (!isObject(draft.at('info'))) draft.put(['info'], { title: id, version: '1.0' }, pointer);

  // What happens to the base path on import: a property of HTTP APIs, one of the parameters of REST APIs.
  const basepath = template.text(isHttp ? properties['Basepath'] : section(properties, 'Parameters')['basepath']);
  if (definition !== null && basepath !== undefined) draft.add(['x-gwc', 'basepath'], basepath, `${pointer}/${isHttp ? 'Basepath' : 'Parameters/basepath'}`);

  switch (api.kind) {
    case 'rest':
      applyRestSettings(template, draft, properties, pointer);
      reportUnread(template, properties, 'AWS::ApiGateway::RestApi', pointer);
      break;
    case 'http':
      addQuickRoute(template, draft, api.resource);
      applyCorsConfiguration(template, draft, properties, pointer);
      reportUnread(template, properties, 'AWS::ApiGatewayV2::Api', pointer);
      break;
    default: {
      const merges = template.flag(properties['MergeDefinitions']) === true;
      // SAM leaves the definition of a REST API as it is, unless it is told to merge; state machines it merges never.
      const isMade = (event: SamEvent): boolean => definition === null || isHttp || (merges && !event.stateMachine);
      reportLeftOut(template, draft, api.events.filter((event) => !isMade(event)));
      const events = api.events.filter(isMade);
      const operations = addEvents(draft, events, merges);
      // An event of an API with a definition of its own changes who may call an operation only where it says so.
      for (const event of api.events) {
        const path = ['paths', event.path ?? '', event.method === 'any' ? 'x-amazon-apigateway-any-method' : event.method];
        if (!isMade(event) && template.flag(section(event.properties, 'Auth')['OverrideApiAuth']) === true && draft.at(...path) !== undefined) operations.push({ event, path });
      }
      const auth = section(properties, 'Auth');
      if (isHttp) applyHttpProperties(template, draft, properties, pointer);
      else {
        applyRestProperties(template, draft, properties, pointer);
        applyCors(template, draft, properties['Cors'], `${pointer}/Cors`);
      }
      applyAuth(template, draft, auth, isHttp, operations, pointer);
      if (!isHttp) {
        const stage = template.text(properties['StageName'] ?? 'Prod') ?? '*';
        applyResourcePolicies(template, draft, auth['ResourcePolicy'], events, stage, `${pointer}/Auth`);
        applyUsagePlan(template, draft, auth['UsagePlan'], id, stage, `${pointer}/Auth`);
      }
      if (isHttp) addHttpStage(template, draft, { StageName: '$default', ...properties }, pointer);
      else addRestStage(template, draft, { StageName: 'Prod', ...properties }, pointer);
    }
  }
  if (isHttp) {
    addHttpResources(template, draft, id);
    for (const stage of template.of('AWS::ApiGatewayV2::Stage')) if (template.idOf(stage.properties['ApiId']) === id) addHttpStage(template, draft, stage.properties, stage.pointer);
  } else {
    addRestResources(template, draft, id);
    if (isObject(properties['Policy'])) draft.add(['x-amazon-apigateway-policy'], properties['Policy'], `${pointer}/Policy`);
    for (const stage of template.of('AWS::ApiGateway::Stage')) if (template.idOf(stage.properties['RestApiId']) === id) addRestStage(template, draft, { StageName: stage.id, ...stage.properties }, stage.pointer);
    for (const deployment of template.of('AWS::ApiGateway::Deployment')) if (template.idOf(deployment.properties['RestApiId']) === id) addDeploymentStage(template, draft, deployment);
  }
  if (template.flag(properties['DisableExecuteApiEndpoint']) === true) draft.add(['x-amazon-apigateway-endpoint-configuration', 'disableExecuteApiEndpoint'], true, `${pointer}/DisableExecuteApiEndpoint`);
  if (definition === null && Object.keys(section(draft.root, 'paths')).length === 0) {
    // What is wrong with a method or a route has been said.
    if (!template.hasErrors) template.report(diagnostics.NO_OPERATIONS, 'resource' in api ? `/Resources/${escapePointer(id)}` : '/Resources', { name: id, kind: isHttp ? 'http' : 'rest' }, true);
    return undefined;
  }
  addDomains(template, draft, id, properties, pointer);
  addPlans(template, draft, id);
  addWebAcl(template, draft, id);
  if (options.localFunctions) bindFunctions(template, draft);
  return { root: draft.root, entry: draft.entry, text: definition !== null && definition.file !== file ? `${text}\n${definition.text}` : text, trace: (origin) => draft.provenance.trace(origin) };
}

/** `Fn::If` in the place of a path or an operation: what events and CORS are added to has to be known. */
function decideConditions(template: Template, object: { [key: string]: Json }, depth = 0): void {
  for (const [key, value] of Object.entries(object)) {
    if (depth === 0 && key !== 'paths') continue;
    const branch = isObject(value) && Object.hasOwn(value, 'Fn::If') ? branchOf(value['Fn::If']!, template.environment) : undefined;
    const decided = branch === undefined ? value : ((value as JsonObject)['Fn::If'] as readonly Json[])[branch];
    if (isObject(decided) && decided['Ref'] === 'AWS::NoValue') { delete object[key]; continue; }
    if (decided !== undefined && decided !== value) object[key] = decided;
    if (isObject(object[key]) && depth < 2) decideConditions(template, object[key] as { [key: string]: Json }, depth + 1);
  }
}

/** With SAM's globals under them. An API that SAM makes has these only. */
function propertiesOf(template: Template, api: TemplateApi): { properties: JsonObject; pointer: string } {
  if (api.kind === 'rest' || api.kind === 'http') return api.resource;
  const kind = api.kind.endsWith('http') ? 'HttpApi' : 'Api';
  const globals = template.globals(kind);
  return 'resource' in api ? { properties: merged(globals, api.resource.properties), pointer: api.resource.pointer } : { properties: globals, pointer: `/Globals/${kind}` };
}

/** SAM's rule: objects are merged, lists joined, anything else is the resource's. */
function merged(globals: JsonObject, own: JsonObject): JsonObject {
  const result: { [key: string]: Json } = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    const below = Object.hasOwn(globals, key) ? globals[key] : undefined;
    result[key] = isObject(below) && isObject(value) && !intrinsicOf(value) && !intrinsicOf(below) ? merged(below, value) : Array.isArray(below) && Array.isArray(value) ? [...below, ...value] : value;
  }
  return result;
}
