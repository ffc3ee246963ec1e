/** A copy that swagger-parser can judge: what API Gateway accepts and the specification does not is rewritten before, names are restored after. */
import type { SpecVersion } from '../document.js';
import { escapePointer, parsePointer } from '../node.js';

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
    if (isObject(item)) normalisePathItem(item, at, original, version, renamed);
  }
  return copy;
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
  if (version === '3.2') {
    if (Object.hasOwn(item, 'query')) rename('query');
    delete item['additionalOperations'];
  }
  for (const method of METHODS_3) {
    const operation = item[method];
    if (!isObject(operation)) continue;
    // REST APIs need no responses; 3.0 wants at least one.
    const { responses } = operation;
    if (responses === undefined || responses === null || (isObject(responses) && Object.keys(responses).length === 0)) operation['responses'] = { default: { description: '' } };
  }
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
