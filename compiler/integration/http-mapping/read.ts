import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { parseHttpValue, type HttpValue } from '../../expressions/parse-http-value.js';
import { JsonPathError, parseJsonPath } from '../../jsonpath/parse.js';
import { INVALID_HTTP_MAPPING, INVALID_HTTP_VALUE, INVALID_MAPPED_STATUS, RESERVED_HEADER } from './diagnostics.js';
import type { HttpMapping, HttpMappings } from './mapping.js';

const RESERVED = /^(?:access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const REQUEST_KEYS = ['append:header.', 'overwrite:header.', 'remove:header.', 'append:querystring.', 'overwrite:querystring.', 'remove:querystring.', 'overwrite:path'];
const RESPONSE_KEYS = ['append:header.', 'overwrite:header.', 'remove:header.', 'overwrite:statuscode'];

export const isHttpMappingKey = (key: string): boolean => /^(?:append|overwrite|remove):/.test(key);

/** `requestParameters` and `responseParameters` of an HTTP API's integration; undefined when it maps nothing. */
export function readHttpMappings(integration: Node, reporter: Reporter): HttpMappings | undefined {
  const request = read(integration.get('requestParameters'), false, reporter);
  const responses: { status: number; mappings: HttpMapping[] }[] = [];
  for (const [status, entry] of integration.get('responseParameters')?.entries() ?? []) {
    if (!/^[2-5]\d\d$/.test(status)) { reporter.report(INVALID_MAPPED_STATUS, entry.keyOrigin, { status }); continue; }
    const mappings = read(entry.follow(), true, reporter);
    if (mappings.length > 0) responses.push({ status: Number(status), mappings });
  }
  return request.length === 0 && responses.length === 0 ? undefined : { request, responses };
}

/** Keys of another kind (`integration.request.…`) are left to whoever knows them; responses have none. */
function read(node: Node | undefined, ofResponse: boolean, reporter: Reporter): HttpMapping[] {
  const mappings: HttpMapping[] = [];
  for (const [key, entry] of node?.entries() ?? []) {
    if (!ofResponse && !isHttpMappingKey(key)) continue;
    const mapping = readKey(key, ofResponse);
    if (!mapping) {
      const known = ofResponse ? RESPONSE_KEYS : REQUEST_KEYS;
      const [, head, name = ''] = /^([^.]*\.?)(.*)$/s.exec(key)!;
      const near = closest(head!, known);
      reporter.report(INVALID_HTTP_MAPPING, entry.keyOrigin, { key, suggestion: near === undefined || near === head ? undefined : near + (near.endsWith('.') ? name : '') });
      continue;
    }
    if (mapping.place === 'header' && RESERVED.test(mapping.name)) { reporter.report(RESERVED_HEADER, entry.keyOrigin, { name: mapping.name }); continue; }
    const text = typeof entry.value === 'string' ? entry.value : typeof entry.value === 'number' || typeof entry.value === 'boolean' ? String(entry.value) : undefined;
    if (text === undefined) { reporter.report(INVALID_HTTP_VALUE, entry.origin, { value: JSON.stringify(entry.value), problem: 'it is no text' }); continue; }
    // What is removed has no value; documents write '' or "''".
    const value = mapping.action === 'remove' ? [] : parseHttpValue(text);
    const problem = value === undefined ? 'there is no such variable' : problemOf(value, ofResponse);
    if (problem !== undefined) { reporter.report(INVALID_HTTP_VALUE, entry.origin, { value: text, problem }); continue; }
    const [only] = value!;
    if (mapping.place === 'statuscode' && value!.length <= 1 && (typeof only === 'string' || only === undefined) && !/^[2-5]\d\d$/.test(only ?? '')) { reporter.report(INVALID_MAPPED_STATUS, entry.origin, { status: text }); continue; }
    mappings.push({ ...mapping, value: value!, origin: entry.origin });
  }
  return mappings;
}

function readKey(key: string, ofResponse: boolean): Pick<HttpMapping, 'action' | 'place' | 'name'> | undefined {
  if (key === 'overwrite:path') return ofResponse ? undefined : { action: 'overwrite', place: 'path', name: '' };
  if (key === 'overwrite:statuscode') return ofResponse ? { action: 'overwrite', place: 'statuscode', name: '' } : undefined;
  const match = /^(append|overwrite|remove):(header|querystring)\.(.+)$/s.exec(key);
  if (!match || (ofResponse && match[2] === 'querystring') || (match[2] === 'header' && !TOKEN.test(match[3]!))) return undefined;
  return { action: match[1] as HttpMapping['action'], place: match[2] as 'header', name: match[3]! };
}

/** What is wrong with a value, wherever it stands. `mayBreak`: it is put where line breaks can be. */
export function problemOf(value: HttpValue, ofResponse: boolean, mayBreak = false): string | undefined {
  for (const part of value) {
    if (typeof part === 'string') { if (!mayBreak && /[\r\n\0]/.test(part)) return 'it holds a line break'; continue; }
    if (!ofResponse && (part.kind === 'responseHeader' || part.kind === 'responseBody')) return 'a request has no response yet';
    if ((part.kind !== 'requestBody' && part.kind !== 'responseBody') || part.path === null) continue;
    try {
      if (parseJsonPath(part.path).steps.some((step) => step.kind !== 'property' && step.kind !== 'index')) return 'a path into a body is made of names and indexes';
    } catch (error) {
      if (error instanceof JsonPathError) return error.message;
      throw error;
    }
  }
  return undefined;
}
