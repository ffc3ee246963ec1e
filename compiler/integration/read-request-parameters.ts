/** `requestParameters` of an integration: where its headers, query parameters and path placeholders take their values from (integrations.md §4). */
import type { Node } from '../1-load/node.js';
import type { Origin } from '../diagnostics/define.js';
import type { Reporter } from '../diagnostics/report.js';
import { closest } from '../diagnostics/suggest.js';
import { CONTEXT_NAMES, contextVariable } from '../expressions/context-variables.js';
import { parseSource, type Source } from '../expressions/parse-source.js';
import { suggestSource, suggestTarget } from '../expressions/suggest-source.js';
import type { RawOperation } from '../feature.js';
import { DROPPED_TARGET, ILLEGAL_TARGET, INVALID_MAPPING, OWN_TRACE_ID, UNDECLARED_SOURCE, UNKNOWN_CONTEXT } from './diagnostics.js';
import { bodyPath } from './emit-mapping.js';

/** `integration.request.<target>.<name>` takes the value of `source`, an expression that was checked. */
export interface RequestMapping { readonly target: 'header' | 'querystring' | 'path'; readonly name: string; readonly source: string; readonly origin: Origin }

/** Only the gateway writes these: every call answers 500 (rest-pipeline.md §3.3 [R]). */
export const ILLEGAL_HEADERS: readonly string[] = ['content-length', 'transfer-encoding', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id'];
const ILLEGAL_FOR_AWS = ['authorization', 'connection', 'expect', 'proxy-authenticate', 'te'];
/** Mapped, and not sent all the same (rest-pipeline.md §3.2 [R]). */
export const DROPPED_HEADERS: readonly string[] = ['expect', 'proxy-authenticate', 'te', 'via'];
const DROPPED_FOR_AWS = ['referer'];

/** `others` takes keys of another kind; true: it did. */
export function readRequestParameters(raw: RawOperation, node: Node, reporter: Reporter, others: (key: string, value: Node) => boolean = () => false): RequestMapping[] {
  const mappings: RequestMapping[] = [];
  const isAws = node.string('type')?.toLowerCase().startsWith('aws') === true;
  const illegal = isAws ? [...ILLEGAL_HEADERS, ...ILLEGAL_FOR_AWS] : ILLEGAL_HEADERS;
  const dropped = raw.api.flavour !== 'rest' ? [] : isAws ? DROPPED_FOR_AWS : DROPPED_HEADERS;
  for (const [key, value] of node.get('requestParameters')?.entries() ?? []) {
    const target = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(key);
    if (!target) {
      if (!others(key, value)) reporter.report(INVALID_MAPPING, value.keyOrigin, { problem: key, suggestion: suggestTarget(key, 'integration.request') });
      continue;
    }
    const source = typeof value.value === 'string' ? parseSource(value.value) : undefined;
    if (!source) { reporter.report(INVALID_MAPPING, value.origin, { problem: String(value.value), suggestion: suggestSource(String(value.value), 'request') }); continue; }
    const [, place, name] = target as unknown as [string, RequestMapping['target'], string];
    if (place === 'header' && name.toLowerCase() === 'x-amzn-trace-id' && source.kind === 'context' && source.name === 'xrayTraceId') {
      reporter.report(OWN_TRACE_ID, value.keyOrigin, { name });
      continue;
    }
    if (place === 'header' && (illegal.includes(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))) {
      reporter.report(ILLEGAL_TARGET, value.keyOrigin, { name });
      continue;
    }
    if (source.kind === 'literal' && place === 'header' && /[\r\n\0]/.test(source.value)) {
      reporter.report(INVALID_MAPPING, value.origin, { problem: 'a header value cannot hold a line break', suggestion: (value.value as string).replace(/[\r\n\0]+/g, ' ') });
      continue;
    }
    checkSource(raw, source, value, reporter);
    if (place === 'header' && dropped.includes(name.toLowerCase())) {
      reporter.report(DROPPED_TARGET, value.keyOrigin, { name });
      continue;
    }
    mappings.push({ target: place, name, source: value.value as string, origin: value.origin });
  }
  return mappings;
}

function checkSource(raw: RawOperation, source: Source, node: Node, reporter: Reporter): void {
  if (source.kind === 'body') {
    if (bodyPath(source.path) === undefined) reporter.report(INVALID_MAPPING, node.origin, { problem: String(node.value) });
  } else if (source.kind === 'context') {
    if (contextVariable(source.name) === undefined && !CONTEXT_NAMES.includes(source.name)) reporter.report(UNKNOWN_CONTEXT, node.origin, { name: source.name, suggestion: closest(source.name, CONTEXT_NAMES) });
  } else if (source.kind !== 'literal' && source.kind !== 'stageVariable') {
    const place = source.kind === 'path' ? 'path' : source.kind.endsWith('querystring') ? 'query' : 'header';
    const declared = raw.parameters.filter((parameter) => parameter.in === place).map((parameter) => parameter.name);
    const found = declared.some((name) => (place === 'header' ? name.toLowerCase() === source.name.toLowerCase() : name === source.name));
    if (!found && !raw.path.includes(`{${source.name}`)) {
      const suggestion = closest(source.name, declared);
      reporter.report(UNDECLARED_SOURCE, node.origin, { source: String(node.value), suggestion: suggestion && `method.request.${source.kind}.${suggestion}` });
    }
  }
}
