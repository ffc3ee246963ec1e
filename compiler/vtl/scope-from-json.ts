/** A template scope from plain JSON: for `gwc render` and tests. A gateway fills the same shape from an exchange. */
import type { Json } from '../code.js';
import { readJson } from '../../runtime/vtl/json-reader.js';
import { TemplateInput } from '../../runtime/vtl/input.js';
import { overrideMaps, textMap } from '../../runtime/vtl/scope.js';
import { jsonText, textOf } from '../../runtime/vtl/text.js';
import { JavaDouble, JavaList, JavaMap } from '../../runtime/vtl/values.js';
import type { ListClass, Value } from '../../runtime/vtl/values.js';
import type { TemplateScope } from '../../runtime/vtl/scope.js';
import type { Dialect } from './dialect.js';

export interface ScopeSource {
  readonly body?: string;
  readonly params?: { readonly path?: { readonly [name: string]: string }; readonly querystring?: { readonly [name: string]: string }; readonly header?: { readonly [name: string]: string } };
  readonly context?: { readonly [name: string]: Json };
  readonly stageVariables?: { readonly [name: string]: string };
}

export function scopeFromJson(source: ScopeSource, dialect: Dialect = 'aws'): TemplateScope {
  const lists: ListClass = dialect === 'aws' ? 'net.minidev.json.JSONArray' : 'java.util.ArrayList';
  const parameters = { path: texts(source.params?.path), querystring: texts(source.params?.querystring), header: texts(source.params?.header) };
  const context = valueOfJson(source.context ?? {}, lists) as JavaMap;
  for (const [name, map] of Object.entries(overrideMaps())) if (!context.has(name)) context.put(name, map);
  if (dialect === 'aws') makeOpaque(context);
  return { input: new TemplateInput(source.body ?? '', parameters, lists), context, stageVariables: texts(source.stageVariables) };
}

function texts(record: { readonly [name: string]: string } | undefined): JavaMap {
  return textMap(Object.entries(record ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const));
}

/** Whole numbers as Integer, Long or BigInteger, others as Double. */
export function valueOfJson(json: Json, lists: ListClass): Value {
  if (typeof json === 'number') return Number.isInteger(json) ? readJson(BigInt(json).toString()) : new JavaDouble(json);
  if (Array.isArray(json)) return new JavaList(json.map((item) => valueOfJson(item as Json, lists)), lists);
  if (typeof json === 'object' && json !== null) {
    const map = new JavaMap();
    for (const [key, value] of Object.entries(json)) map.put(key, valueOfJson(value as Json, lists));
    return map;
  }
  return json as Value;
}

/** Of `$context` only leaves print (recorded). */
function makeOpaque(map: JavaMap): void {
  map.opaque = true;
  for (const value of map.items()) if (value instanceof JavaMap) makeOpaque(value);
}

export interface OverridesJson {
  readonly requestOverride: { readonly path: { [name: string]: Json }; readonly querystring: { [name: string]: Json }; readonly header: { [name: string]: Json } };
  readonly responseOverride: { readonly status?: Json; readonly header: { [name: string]: Json } };
}

/** What a rendering left in the override maps. */
export function overridesOf(scope: TemplateScope): OverridesJson {
  const plain = (value: Value): Json => (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number' ? value : value instanceof JavaMap || value instanceof JavaList ? (JSON.parse(jsonText(value)) as Json) : textOf(value));
  const entries = (value: Value): { [name: string]: Json } => (value instanceof JavaMap ? Object.fromEntries(value.keys().map((key) => [textOf(key) ?? 'null', plain(value.get(key))])) : {});
  const request = scope.context.get('requestOverride'), response = scope.context.get('responseOverride');
  const ofRequest = request instanceof JavaMap ? request : new JavaMap(), ofResponse = response instanceof JavaMap ? response : new JavaMap();
  return {
    requestOverride: { path: entries(ofRequest.get('path')), querystring: entries(ofRequest.get('querystring')), header: entries(ofRequest.get('header')) },
    responseOverride: { ...(ofResponse.has('status') ? { status: plain(ofResponse.get('status')) } : {}), header: entries(ofResponse.get('header')) },
  };
}
