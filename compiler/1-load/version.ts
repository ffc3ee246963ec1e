import type { Json } from '../code.js';
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import * as diagnostics from './diagnostics.js';
import type { SpecVersion } from './document.js';

type JsonObject = { readonly [key: string]: Json };

/** Which OpenAPI version the document says it is; undefined (and reported) when it is something else. */
export function detectVersion(root: Json, file: string, reporter: Reporter): SpecVersion | undefined {
  const at = (pointer: string): Origin => ({ file, pointer });
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    const found = Array.isArray(root) ? 'it is a list' : typeof root === 'string' && root.trimStart().startsWith('<') ? 'it is HTML or XML' : 'it is plain text';
    reporter.report(diagnostics.notOpenApi, { file, pointer: '' }, { problem: found, hint: 'the root of the document is an object with `openapi: 3.0.3`, `info` and `paths`' });
    return undefined;
  }
  const object = root as JsonObject;
  const field = ['openapi', 'swagger'].find((name) => Object.hasOwn(object, name));
  if (field === undefined) {
    reporter.report(diagnostics.notOpenApi, { ...at(Object.keys(object)[0] === undefined ? '' : `/${Object.keys(object)[0]!.replace(/~/g, '~0').replace(/\//g, '~1')}`), key: true }, guess(object));
    return undefined;
  }
  // A version without quotes is a number in YAML: 3.0 is 3, 2.0 is 2.
  const value = object[field]!;
  const text = typeof value === 'number' ? (Number.isInteger(value) ? `${value}.0` : String(value)) : String(value ?? '');
  const version = /^(\d+\.\d+)(?:\.\d+)?(?:-\w[\w.]*)?$/.exec(text.trim())?.[1];
  if (field === 'swagger' ? version === '2.0' : version === '3.0' || version === '3.1' || version === '3.2') {
    return version as SpecVersion;
  }
  reporter.report(diagnostics.unsupportedVersion, at(`/${field}`), { field, version: typeof value === 'object' ? 'that is an object' : text });
  return undefined;
}

/** What the document is instead. */
function guess(object: JsonObject): { problem: string; hint: string } {
  const has = (...names: string[]): boolean => names.every((name) => Object.hasOwn(object, name));
  if (has('asyncapi')) return { problem: 'it is an AsyncAPI document', hint: 'AsyncAPI describes messaging; gwc needs the OpenAPI document of the HTTP API' };
  if (has('overlay') || has('actions')) return { problem: 'it is an OpenAPI Overlay', hint: 'name the document it changes first: gwc build openapi.yaml --overlay FILE' };
  if (has('arazzo')) return { problem: 'it is an Arazzo workflow document', hint: 'give gwc one of the OpenAPI documents of its sourceDescriptions' };
  if (has('swaggerVersion')) return { problem: 'it is a Swagger 1.x document', hint: 'convert it to OpenAPI 3 first' };
  if (has('item') && has('info')) return { problem: 'it is a Postman collection', hint: 'export the API as OpenAPI from Postman' };
  if (has('apiVersion', 'kind')) return { problem: 'it is a Kubernetes resource', hint: 'give gwc an OpenAPI document' };
  if (has('$schema') || has('$defs') || (has('type') && has('properties'))) return { problem: 'it is a JSON Schema', hint: 'put it under components.schemas of an OpenAPI document' };
  const misspelt = Object.keys(object).find((key) => key.length > 4 && closest(key, ['openapi', 'swagger']) !== undefined);
  if (misspelt !== undefined) return { problem: 'the field `openapi` is missing', hint: `did you mean '${closest(misspelt, ['openapi', 'swagger'])!}' instead of '${misspelt.slice(0, 40)}'?` };
  if (has('paths') || has('info')) return { problem: 'the field `openapi` is missing', hint: 'add `openapi: 3.0.3` (or `swagger: "2.0"`) at the root' };
  return { problem: 'the field `openapi` is missing', hint: 'the root needs `openapi: 3.0.3`, `info` and `paths`; `gwc init` writes an example' };
}
