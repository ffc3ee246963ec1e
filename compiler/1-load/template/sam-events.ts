/** Events of type Api and HttpApi: operations that a function answers, said where the function is. */
import type { Json } from '../../code.js';
import { escapePointer } from '../node.js';
import * as diagnostics from './diagnostics.js';
import type { Draft } from './draft.js';
import { isObject, refOf, type JsonObject } from './is-template.js';
import { section, type Resource, type Template } from './template.js';

export interface SamEvent {
  readonly type: 'Api' | 'HttpApi';
  readonly functionId: string;
  /** Logical id of the API it belongs to; undefined: the one SAM makes. */
  readonly api: string | undefined;
  /** undefined: the default route (HTTP APIs). */
  readonly path: string | undefined;
  /** Lower case; 'any' for all. */
  readonly method: string;
  readonly properties: JsonObject;
  /** The function's alias that is called. */
  readonly hasAlias: boolean;
  /** The resource is a state machine, which the operation starts. */
  readonly stateMachine: boolean;
  /** Of the event's `Properties`. */
  readonly pointer: string;
}

export function eventsOf(template: Template): SamEvent[] {
  return [...template.of('AWS::Serverless::Function'), ...template.of('AWS::Serverless::StateMachine')].flatMap((resource) => Object.entries(section(resource.properties, 'Events')).flatMap(([name, event]) => {
    if (!isObject(event) || (event['Type'] !== 'Api' && (event['Type'] !== 'HttpApi' || resource.type === 'AWS::Serverless::StateMachine'))) return [];
    return readEvent(template, resource, event['Type'], section(event, 'Properties'), `${resource.pointer}/Events/${escapePointer(name)}/Properties`);
  }));
}

function readEvent(template: Template, resource: Resource, type: 'Api' | 'HttpApi', properties: JsonObject, pointer: string): SamEvent[] {
  const path = template.text(properties['Path']);
  const method = properties['Method'] === undefined && type === 'HttpApi' ? 'any' : template.text(properties['Method']);
  if ((path === undefined && (type === 'Api' || properties['Path'] !== undefined)) || (path !== undefined && !path.startsWith('/'))) {
    template.report(diagnostics.BAD_PROPERTY, `${pointer}/Path`, { name: 'Path', expected: 'a path that starts with /', hint: path === undefined ? 'add Path: /…' : `write Path: /${path}` });
    return [];
  }
  if (method === undefined || !/^[A-Za-z*]+$/.test(method)) {
    template.report(diagnostics.BAD_PROPERTY, `${pointer}/Method`, { name: 'Method', expected: 'an HTTP method, or any', hint: `${method === undefined ? 'add' : 'write'} Method: get` });
    return [];
  }
  const api = properties[type === 'Api' ? 'RestApiId' : 'ApiId'];
  const stateMachine = resource.type === 'AWS::Serverless::StateMachine';
  const hasAlias = !stateMachine && (resource.properties['AutoPublishAlias'] ?? template.globals('Function')['AutoPublishAlias']) !== undefined;
  return [{ type, functionId: resource.id, hasAlias, stateMachine, api: refOf(api) ?? (typeof api === 'string' ? api : undefined), path, method: method === '*' ? 'any' : method.toLowerCase(), properties, pointer }];
}

/** Events of an API whose definition is its own: those whose operation is not in it have no effect. */
export function reportLeftOut(template: Template, draft: Draft, events: readonly SamEvent[]): void {
  for (const { path, method, pointer } of events) {
    const item = draft.at('paths', path ?? '');
    if (isObject(item) && (item[method] !== undefined || item['x-amazon-apigateway-any-method'] !== undefined)) continue;
    template.report(diagnostics.EVENT_LEFT_OUT, path === undefined ? pointer : `${pointer}/Path`, { operation: `${method.toUpperCase()} ${path ?? ''}` });
  }
}

/** Adds the operations; one that the API's own definition has with an integration stays as it is. Returns the paths (OpenAPI's) and methods that were added. */
export function addEvents(draft: Draft, events: readonly SamEvent[], replaces = false): { readonly event: SamEvent; readonly path: readonly string[] }[] {
  return events.map((event) => {
    const route = event.path ?? (draft.at('paths', '/$default') === undefined ? '$default' : '/$default');
    const path = ['paths', route, event.method === 'any' ? 'x-amazon-apigateway-any-method' : event.method];
    const { pointer, properties } = event;
    if (replaces || draft.at(...path, 'x-amazon-apigateway-integration') === undefined) {
      draft.put([...path, 'x-amazon-apigateway-integration'], event.stateMachine ? execution(event) : integration(event), pointer);
      draft.add([...path, 'responses'], event.stateMachine ? { 200: { description: 'OK' }, 400: { description: 'Bad Request' } } : { default: { description: '' } }, pointer);
      if (event.path === undefined) draft.add([...path, 'isDefaultRoute'], true, pointer);
      const parameters = [...pathParameters(event.path ?? '', draft.isVersion2), ...requestParameters(properties['RequestParameters'], draft.isVersion2)];
      if (parameters.length > 0) draft.add([...path, 'parameters'], parameters, pointer);
      addModel(draft, event, path);
    } else if (event.type === 'HttpApi') {
      // What the event says of an operation that the definition has.
      for (const [property, field] of [['TimeoutInMillis', 'timeoutInMillis'], ['PayloadFormatVersion', 'payloadFormatVersion']] as const) {
        if (properties[property] !== undefined) draft.put([...path, 'x-amazon-apigateway-integration', field], properties[property]!, `${pointer}/${property}`);
      }
    }
    return { event, path };
  });
}

function integration({ type, functionId, hasAlias, properties }: SamEvent): Json {
  const streams = properties['ResponseTransferMode'] === 'RESPONSE_STREAM';
  const cacheKeys = list(properties['RequestParameters']).flatMap((parameter) => (isObject(parameter) ? Object.entries(parameter).filter(([, options]) => isObject(options) && isTrue(options['Caching'])).map(([name]) => name) : []));
  return {
    type: 'aws_proxy', httpMethod: 'POST', uri: invocationUri({ 'Fn::GetAtt': [functionId, hasAlias ? 'Alias' : 'Arn'] }, streams), ...(streams && { responseTransferMode: 'STREAM' }),
    ...(type === 'HttpApi' && { payloadFormatVersion: properties['PayloadFormatVersion'] ?? '2.0' }),
    ...(properties['TimeoutInMillis'] !== undefined && { timeoutInMillis: properties['TimeoutInMillis'] }),
    ...(cacheKeys.length > 0 && { cacheKeyParameters: cacheKeys }),
  };
}

/** Starts a state machine with the request's body. The role that SAM makes for it is AWS's matter: the gateway signs with its own credentials. */
function execution({ functionId, properties }: SamEvent): Json {
  const unescape = isTrue(properties['UnescapeMappingTemplate']) ? `.replaceAll("\\\\'","'")` : '';
  return {
    type: 'aws', httpMethod: 'POST', uri: { 'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution' },
    requestTemplates: { 'application/json': { 'Fn::Sub': [`{"input": "$util.escapeJavaScript($input.json('$'))${unescape}", "stateMachineArn": "\${StateMachine}"}`, { StateMachine: { Ref: functionId } }] } },
    responses: { 200: { statusCode: '200' }, 400: { statusCode: '400' } },
  };
}

/** The URI that invokes the function of an ARN (a text or an intrinsic function). */
export function invocationUri(arn: Json, streams = false): Json {
  const path = streams ? '2021-11-15/functions/${FunctionArn}/response-streaming-invocations' : '2015-03-31/functions/${FunctionArn}/invocations';
  return { 'Fn::Sub': [`arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/${path}`, { FunctionArn: arn }] };
}

export function pathParameters(path: string, isVersion2: boolean): Json[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({ name: name!.replace(/\+$/, ''), in: 'path', required: true, ...text(isVersion2) }));
}

/** CloudFormation takes `'true'` as well. */
function isTrue(value: Json | undefined): boolean { return value === true || (typeof value === 'string' && /^true$/i.test(value)); }

const PLACES: Readonly<Record<string, string>> = { querystring: 'query', header: 'header', path: 'path' };

/** `method.request.header.Name`, or that as a key with `Required`. */
function requestParameters(value: Json | undefined, isVersion2: boolean): Json[] {
  return list(value).flatMap((parameter) => (isObject(parameter) ? Object.entries(parameter) : [[String(parameter), {}] as [string, Json]])).flatMap(([expression, options]) => {
    const [, place, name] = /^method\.request\.(querystring|header|path)\.(.+)$/.exec(expression) ?? [];
    if (place === undefined || place === 'path') return [];
    return [{ name: name!, in: PLACES[place]!, required: isObject(options) && isTrue(options['Required']), ...text(isVersion2) }];
  });
}

function text(isVersion2: boolean): { readonly [key: string]: Json } {
  return isVersion2 ? { type: 'string' } : { schema: { type: 'string' } };
}

/** `RequestModel`: the body's schema, and whether API Gateway checks it. */
function addModel(draft: Draft, { properties, pointer }: SamEvent, path: readonly string[]): void {
  const model = properties['RequestModel'];
  if (!isObject(model) || typeof model['Model'] !== 'string') return;
  const $ref = `#/${[...draft.models, model['Model']].map(escapePointer).join('/')}`;
  if (draft.isVersion2) draft.put([...path, 'parameters'], [...list(draft.at(...path, 'parameters')), { in: 'body', name: model['Model'], schema: { $ref }, ...(isTrue(model['Required']) && { required: true }) }], pointer);
  else draft.put([...path, 'requestBody'], { content: { 'application/json': { schema: { $ref } } }, ...(isTrue(model['Required']) && { required: true }) }, pointer);
  const body = isTrue(model['ValidateBody']), parameters = isTrue(model['ValidateParameters']);
  if (model['ValidateBody'] === undefined && model['ValidateParameters'] === undefined) return;
  const validator = body ? (parameters ? 'body-and-params' : 'body-only') : parameters ? 'params-only' : 'no-validation';
  draft.put([...path, 'x-amazon-apigateway-request-validator'], validator, pointer);
  draft.add(['x-amazon-apigateway-request-validators', validator], { validateRequestBody: body, validateRequestParameters: parameters }, pointer);
}

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The objects of a list; those that an `Fn::If` decides about, too. */
export function objects(template: Template, value: Json | undefined): JsonObject[] {
  return list(template.plain(value)).map((item) => template.chosen(item)).filter(isObject);
}
