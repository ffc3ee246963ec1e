/** A copy that swagger-parser can judge: what API Gateway accepts and the specification does not is rewritten before, names are restored after. */
import type { SpecVersion } from '../document.js';
import type { Json } from '../../code.js';
import { escapePointer, parsePointer } from '../node.js';
import { zoneOf, type Zone } from '../zones.js';

type Loose = { [key: string]: unknown };

const ANY_METHOD = 'x-amazon-apigateway-any-method';
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const METHODS_3 = [...METHODS, 'trace'];

export interface Normalised {
  readonly value: Loose;
  /** The user's pointer for one in the copy. */
  original(pointer: string): string;
}

/** Changes `value` in place: it is a private copy. */
export function normalise(value: Loose, version: SpecVersion): Normalised {
  // The parser insists on texts, and on versions it has heard of.
  if (version === '2.0') value['swagger'] = '2.0';
  else value['openapi'] = version === '3.0' ? '3.0.3' : '3.1.0';
  if (isObject(value['info'])) for (const field of ['title', 'version']) if (typeof value['info'][field] === 'number') value['info'][field] = String(value['info'][field]);
  if (version === '3.2') lowerTo31(value, 'object');
  if (version === '3.1' || version === '3.2') {
    // The parser's schema asks for one of two fields that are both optional.
    const license = isObject(value['info']) ? value['info']['license'] : undefined;
    if (isObject(license) && license['url'] === undefined) license['identifier'] ??= '';
    textsOfLinks(value);
  }
  const renamed = new Map<string, string>();
  if (isObject(value['paths'])) value['paths'] = normalisePaths(value['paths'], '/paths', version, renamed);
  else if (value['paths'] === undefined && version !== '2.0') value['paths'] = {};
  if (isObject(value['webhooks'])) value['webhooks'] = normalisePaths(value['webhooks'], '/webhooks', version, renamed);
  const schemes = version === '2.0' ? undefined : isObject(value['components']) ? value['components']['securitySchemes'] : undefined;
  for (const scheme of Object.values(isObject(schemes) ? schemes : {})) {
    // API Gateway takes the scheme from the authorizer and asks for nothing else.
    if (isObject(scheme) && isObject(scheme['x-amazon-apigateway-authorizer']) && scheme['type'] === 'oauth2') scheme['flows'] ??= {};
  }
  return {
    value,
    original(pointer) {
      const tokens = parsePointer(pointer);
      for (let length = tokens.length; length > 0; length--) {
        const from = tokens.slice(0, length).map((token) => `/${escapePointer(token)}`).join('');
        const to = renamed.get(from);
        if (to !== undefined) return `${to}${pointer.slice(from.length)}`;
      }
      return pointer;
    },
  };
}

/** A link's parameters are any values or expressions; the parser's schema of 3.1 wants texts. */
function textsOfLinks(value: Loose): void {
  const responses: unknown[] = [];
  for (const item of Object.values(isObject(value['paths']) ? value['paths'] : {})) {
    for (const operation of Object.values(isObject(item) ? item : {})) if (isObject(operation) && isObject(operation['responses'])) responses.push(...Object.values(operation['responses']));
  }
  const components = isObject(value['components']) ? value['components'] : {};
  if (isObject(components['responses'])) responses.push(...Object.values(components['responses']));
  const maps = [components['links'], ...responses.map((response) => (isObject(response) ? response['links'] : undefined))];
  for (const links of maps) for (const link of Object.values(isObject(links) ? links : {})) {
    const parameters = isObject(link) ? link['parameters'] : undefined;
    if (isObject(parameters)) for (const name of Object.keys(parameters)) if (typeof parameters[name] !== 'string') parameters[name] = '';
  }
}

function normalisePaths(paths: Loose, pointer: string, version: SpecVersion, renamed: Map<string, string>): Loose {
  const copy: Loose = Object.create(null) as Loose;
  for (const [path, item] of Object.entries(paths)) {
    let name = path.replace(/\{([^{}]+)\+\}/g, '{$1}');
    // `$default` is the route of an HTTP API that takes the rest.
    if (name === '$default') name = '/$default';
    while (name !== path && (Object.hasOwn(copy, name) || Object.hasOwn(paths, name))) name += ' ';
    copy[name] = item;
    const at = `${pointer}/${escapePointer(name)}`;
    const original = `${pointer}/${escapePointer(path)}`;
    if (name !== path) renamed.set(at, original);
    if (!isObject(item)) continue;
    if (version === '3.2') Object.assign(copy, additionalOperations(item, name, pointer, original, renamed));
    normalisePathItem(item, at, original, version, renamed);
  }
  return copy;
}

/** Methods without a field of their own become path items of their own. */
function additionalOperations(item: Loose, name: string, pointer: string, original: string, renamed: Map<string, string>): Loose {
  const { additionalOperations: operations } = item;
  delete item['additionalOperations'];
  const items: Loose = {};
  for (const [method, operation] of isObject(operations) ? Object.entries(operations) : []) {
    const path = `${name} ${method}`;
    items[path] = { get: operation };
    const at = `${pointer}/${escapePointer(path)}`;
    renamed.set(`${at}/get`, `${original}/additionalOperations/${escapePointer(method)}`);
    if (isObject(operation)) operation['responses'] ??= { default: { description: '' } };
  }
  return items;
}

function normalisePathItem(item: Loose, at: string, original: string, version: SpecVersion, renamed: Map<string, string>): void {
  const rename = (method: string): void => {
    const free = (version === '2.0' ? METHODS : METHODS_3).find((candidate) => !Object.hasOwn(item, candidate));
    if (free !== undefined) {
      item[free] = item[method];
      renamed.set(`${at}/${free}`, `${original}/${method}`);
    }
    delete item[method];
  };
  if (Object.hasOwn(item, ANY_METHOD)) rename(ANY_METHOD);
  if (version === '3.2' && Object.hasOwn(item, 'query')) rename('query');
  for (const method of METHODS_3) {
    const operation = item[method];
    if (!isObject(operation)) continue;
    // REST APIs need no responses; 3.0 wants at least one.
    const { responses } = operation;
    if (responses === undefined || responses === null || (isObject(responses) && Object.keys(responses).length === 0)) operation['responses'] = { default: { description: '' } };
  }
}

/** What 3.2 allows and the schema of 3.1 does not, in the words of 3.1. Unknown fields are no news: 2-read/known-fields knows the versions. */
function lowerTo31(value: unknown, zone: Zone): void {
  if (typeof value !== 'object' || value === null || zone === 'data' || zone === 'serverVariables') return;
  if (zone === 'object' && isObject(value)) {
    if (value['in'] === 'querystring') value['in'] = 'query';
    if (value['style'] === 'cookie') value['style'] = 'form';
    if (isObject(value['responses'])) for (const response of Object.values(value['responses'])) if (isObject(response) && !Object.hasOwn(response, '$ref')) response['description'] ??= '';
  }
  for (const [key, child] of Object.entries(value)) lowerTo31(child, Array.isArray(value) ? 'object' : zoneOf(zone, key, child as Json));
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
