import type { Json } from '../../code.js';
import { contextVariable } from '../../expressions/context-variables.js';
import type { Source } from '../../expressions/parse-source.js';
import type { Flavour } from '../../ir.js';

const KINDS = { header: 'header', querystring: 'querystring' } as const;

/** A text says what is wrong. Neither path nor body can be a source. */
export function parseSources(texts: readonly Json[], flavour: Flavour): readonly Source[] | string {
  const sources: Source[] = [];
  for (const item of texts) {
    const text = typeof item === 'string' ? item.trim() : '';
    const source = flavour === 'rest' ? parseRest(text) : parseHttp(text);
    if (source === undefined) return `'${text}' is no identity source`;
    sources.push(source);
  }
  return sources;
}

function parseRest(text: string): Source | undefined {
  const request = /^method\.request\.(header|querystring)\.([!-~]+)$/.exec(text);
  if (request) return { kind: KINDS[request[1] as 'header'], name: request[2]! };
  return parseOther(text, '');
}

/** Fields that come several times are one value, joined by commas: so nobody can hide a second one. */
function parseHttp(text: string): Source | undefined {
  const request = /^\$request\.(header|querystring)\.([!-~]+)$/.exec(text);
  if (request) return request[1] === 'header' ? { kind: 'multivalueheader', name: request[2]! } : { kind: 'querystring', name: request[2]! };
  return parseOther(text, '$');
}

function parseOther(text: string, prefix: string): Source | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const rest = text.slice(prefix.length);
  const context = /^context\.([A-Za-z0-9._$-]+)$/.exec(rest);
  // What has no value here would be missing from every request.
  if (context) return typeof contextVariable(context[1]!) === 'object' || /^(?:routeKey|resourcePath)$/.test(context[1]!) ? { kind: 'context', name: context[1]! } : undefined;
  const variable = /^stageVariables\.([A-Za-z0-9_]+)$/.exec(rest);
  return variable ? { kind: 'stageVariable', name: variable[1]! } : undefined;
}
