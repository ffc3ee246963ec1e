/** First-class service integrations of HTTP APIs (integrations.md §11): an action's parameters become one signed call, its answer the client's. */
import type { CredentialsFor } from './credentials.js';
import { awsService, regionalUrl, type AwsService } from './endpoint.js';
import { isRegion, regionIn } from './region.js';
import { callAws, type AwsFailure } from './service.js';
import type { Exchange } from '../exchange.js';
import { flatFields } from '../integration/integration-response.js';
import { send } from '../send.js';
import { encodeRfc3986 } from './sigv4.js';
import type { UpstreamResponse } from '../backends/upstream.js';

/** A parameter's value in the form the service takes; undefined when the request has none. */
export type ParameterValue = string | number | readonly string[] | Readonly<Record<string, unknown>> | undefined;

/** Flat `[name, value…]`. */
export type Parameters = readonly (string | ParameterValue)[];

export interface SubtypeRequest {
  readonly method: string;
  readonly target: string;
  /** Flat fields. */
  readonly fields: readonly string[];
  readonly body: string;
}

/** A value that is not of the parameter's kind: the client's fault (400). */
export class ParameterFault extends Error {}

export function callSubtype(exchange: Exchange, services: (region: string) => AwsService, region: string | undefined, locator: ParameterValue, credentials: CredentialsFor, request: SubtypeRequest, timeoutMs: number, respond: (exchange: Exchange, response: UpstreamResponse) => void, failed: (exchange: Exchange, failure: AwsFailure, detail: string) => void): void {
  const chosen = region || ((typeof locator === 'string' ? regionIn(locator) : '') || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || '');
  if (!isRegion(chosen)) return failed(exchange, 'configuration', chosen === '' ? 'the region is not known: set AWS_REGION or the parameter Region' : 'the parameter Region is no region');
  exchange.body = Buffer.from(request.body, 'utf8');
  callAws(exchange, services(chosen), credentials, request.method, request.target, request.fields, null, timeoutMs, respond, failed);
}

/** Regions are few; what a client makes up beyond that is not kept. */
const REGIONS_AT_MOST = 64;

/** The service's endpoints by region. */
export function awsServices(host: string, id: string, signingName: string): (region: string) => AwsService {
  const known = new Map<string, AwsService>();
  return (region) => {
    let service = known.get(region);
    if (service === undefined) {
      service = awsService(regionalUrl(host, region), id, region, signingName, '');
      if (known.size < REGIONS_AT_MOST) known.set(region, service);
    }
    return service;
  };
}

// ---- requests

/** `X-Amz-Target` and a JSON object of the parameters. `rename` gives a parameter's name in it. */
export function jsonRequest(target: string, contentType: string, parameters: Parameters, rename: (name: string) => string): SubtypeRequest {
  return { method: 'POST', target: '/', fields: ['X-Amz-Target', target, 'Content-Type', contentType], body: JSON.stringify(objectOf(parameters, rename)) };
}

export const asIs = (name: string): string => name;
export const camelCase = (name: string): string => name[0]!.toLowerCase() + name.slice(1);

function objectOf(parameters: Parameters, rename: (name: string) => string): Record<string, ParameterValue> {
  const object: Record<string, ParameterValue> = {};
  for (let i = 0; i < parameters.length; i += 2) if (parameters[i + 1] !== undefined) object[rename(parameters[i] as string)] = parameters[i + 1];
  return object;
}

/** One entry. */
export function putEventsRequest(target: string, contentType: string, parameters: Parameters): SubtypeRequest {
  return { method: 'POST', target: '/', fields: ['X-Amz-Target', target, 'Content-Type', contentType], body: JSON.stringify({ Entries: [objectOf(parameters, asIs)] }) };
}

/** The query protocol: lists and maps become numbered parameters. */
export function sqsRequest(action: string, parameters: Parameters): SubtypeRequest {
  const form = [`Action=${action}`, 'Version=2012-11-05'];
  const add = (name: string, value: unknown): void => void form.push(`${encodeRfc3986(name)}=${encodeRfc3986((String(value) as string & { toWellFormed(): string }).toWellFormed())}`);
  for (let i = 0; i < parameters.length; i += 2) {
    const name = parameters[i] as string, value = parameters[i + 1];
    if (value === undefined) continue;
    if (typeof value !== 'object') add(name, value);
    // AttributeNames → AttributeName.1, MessageAttributes → MessageAttribute.1.Name …
    else if (Array.isArray(value)) value.forEach((item, index) => add(`${name.slice(0, -1)}.${index + 1}`, item));
    else Object.entries(value).forEach(([key, attribute], index) => {
      const prefix = `${name.slice(0, -1)}.${index + 1}`;
      if (typeof attribute !== 'object' || attribute === null) throw new ParameterFault(`${name} holds ${typeof attribute} values`);
      add(`${prefix}.Name`, key);
      for (const [part, text] of Object.entries(attribute)) if (/^(?:DataType|StringValue|BinaryValue)$/.test(part)) add(`${prefix}.Value.${part}`, text);
    });
  }
  // Without Accept: SQS then answers in XML, as HTTP APIs' clients see it.
  return { method: 'POST', target: '/', fields: ['Content-Type', 'application/x-www-form-urlencoded', 'Accept', '*/*'], body: form.join('&') };
}

export function appConfigRequest(parameters: Parameters): SubtypeRequest {
  const { Application, Environment, Configuration, ClientId, ClientConfigurationVersion } = objectOf(parameters, asIs) as Record<string, string | undefined>;
  const segment = (text: string | undefined): string => encodeRfc3986(text ?? '').replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'));
  const version = ClientConfigurationVersion === undefined ? '' : `&client_configuration_version=${encodeRfc3986(ClientConfigurationVersion)}`;
  return { method: 'GET', target: `/applications/${segment(Application)}/environments/${segment(Environment)}/configurations/${segment(Configuration)}?client_id=${encodeRfc3986(ClientId ?? '')}${version}`, fields: [], body: '' };
}

// ---- values

/** Whether every required parameter has a value. `values` are those alone. */
export function areComplete(...values: readonly ParameterValue[]): boolean {
  return values.every((value) => value !== undefined && value !== '');
}

export function numberValue(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text.trim())) throw new ParameterFault('not a whole number');
  return Number(text);
}

/** Epoch seconds. */
export function timeValue(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : Date.parse(text) / 1_000;
  if (!Number.isFinite(seconds)) throw new ParameterFault('not a time');
  return seconds;
}

export function listValue(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  if (!text.trimStart().startsWith('[')) return [text];
  const list = parse(text);
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) throw new ParameterFault('not a list of texts');
  return list as string[];
}

export function objectValue(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text === '') return undefined;
  const object = parse(text);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw new ParameterFault('not an object');
  return object as Record<string, unknown>;
}

export function textValue(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

export function blobValue(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'utf8').toString('base64');
}

function parse(text: string): unknown {
  try { return JSON.parse(text); } catch { throw new ParameterFault('not JSON'); }
}

// ---- answers

/** The service's status, content type and body; and AppConfig's version, which its next call needs. */
export function serviceResponse(response: UpstreamResponse): UpstreamResponse {
  const type = response.fields.get('content-type') ?? 'application/json';
  const fields = ['content-type', /^application\/x-amz-json-/.test(type) ? 'application/json' : type];
  const version = response.fields.get('configuration-version');
  if (version !== undefined) fields.push('configuration-version', version);
  return { status: response.status, fields: flatFields(fields), body: response.body };
}

export function sendServiceResponse(exchange: Exchange, response: UpstreamResponse): void {
  const fields: string[] = [];
  response.fields.forEach((name, value) => { fields.push(name, value); });
  send(exchange, response.status, fields, response.body);
}
