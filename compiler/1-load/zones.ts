/**
 * What a field's value is, without a schema of OpenAPI: an object of the specification, a map whose keys the user chose, or the user's data.
 * A `$ref`, a placeholder or an unknown key means something in the first two only.
 */
import type { Json } from '../code.js';

export type Zone = 'object' | 'names' | 'data' | 'serverVariables';

const DATA = new Set(['example', 'enum', 'default', 'const', 'value', 'dataValue', 'serializedValue', 'SearchString', 'SearchStringBase64', 'RegexString', 'RegularExpressionList']);

/** A child called `example` or `default` in there is an ordinary object. */
const NAMES = new Set([
  'properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas', 'dependencies', 'schemas', 'parameters', 'responses', 'requestBodies', 'headers',
  'examples', 'links', 'callbacks', 'pathItems', 'paths', 'webhooks', 'content', 'encoding', 'securitySchemes', 'securityDefinitions', 'mediaTypes',
  'requestTemplates', 'responseTemplates', 'requestParameters', 'responseParameters',
  'x-amazon-apigateway-integrations', 'x-amazon-apigateway-gateway-responses', 'x-amazon-apigateway-request-validators',
]);

/** The zone of `parent[key]`, where `parent` stands in `zone`. Values of vendor extensions other than API Gateway's and ours are data. */
export function zoneOf(zone: Zone, key: string, value: Json): Zone {
  if (zone === 'data' || zone === 'serverVariables') return zone;
  if (zone === 'names') return 'object';
  if (DATA.has(key)) return 'data';
  if (NAMES.has(key)) return Array.isArray(value) ? (key === 'examples' ? 'data' : 'object') : 'names';
  if (key === 'variables') return 'serverVariables';
  if (key.startsWith('x-') && !key.startsWith('x-amazon-apigateway-') && !key.startsWith('x-gwc')) return 'data';
  return 'object';
}
