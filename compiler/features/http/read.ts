import type { Node } from '../../1-load/node.js';
import { absoluteServer, readServers } from '../../2-read/read-servers.js';
import type { Reporter } from '../../diagnostics/report.js';
import { closest } from '../../diagnostics/suggest.js';
import { CONTEXT_NAMES, contextVariable } from '../../expressions/context-variables.js';
import { parseSource, type Source } from '../../expressions/parse-source.js';
import type { RawOperation } from '../../feature.js';
import { bodyPath } from '../../integration/emit-mapping.js';
import { readTemplates } from '../../integration/read-templates.js';
import { readIntegrationResponses } from '../../integration/read-responses.js';
import { ILLEGAL_TARGET, INVALID_MAPPING, INVALID_TIMEOUT, INVALID_URI, NOT_COMPILED_FIELD, UNDECLARED_SOURCE, UNKNOWN_CONTEXT, UNMAPPED_PLACEHOLDER } from './diagnostics.js';
import type { HttpIntegration, RequestMapping } from './ir.js';
import { parseUri } from './uri.js';

const ILLEGAL_HEADERS = new Set(['content-length', 'transfer-encoding', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id']);

export function readHttpIntegration(raw: RawOperation, reporter: Reporter): HttpIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (!node) return readImplied(raw);
  const kind = node.string('type')?.toLowerCase();
  if (kind !== 'http' && kind !== 'http_proxy') return undefined;
  const uriNode = node.get('uri');
  const uri = typeof uriNode?.value === 'string' ? uriNode.value : '';
  const template = parseUri(uri);
  if (typeof template === 'string') reporter.report(INVALID_URI, (uriNode ?? node).origin, { problem: uriNode ? template : 'is missing' });
  const requestParameters = readMappings(raw, node, reporter);
  if (typeof template === 'object') {
    for (const part of [...template.path, ...template.query]) {
      if (part.kind !== 'placeholder' || requestParameters.some((mapping) => mapping.target === 'path' && mapping.name === part.name)) continue;
      // HTTP APIs fill placeholders from the route's own variables.
      if (raw.api.flavour === 'http' && raw.path.includes(`{${part.name}`)) continue;
      reporter.report(UNMAPPED_PLACEHOLDER, uriNode!.origin, { name: part.name });
    }
  }
  reportNotCompiled(raw, node, reporter);
  const passthrough = node.string('passthroughBehavior')?.toLowerCase();
  const tls = node.get('tlsConfig');
  const serverName = tls?.string('serverNameToVerify');
  return {
    kind,
    httpMethod: (node.string('httpMethod') ?? 'ANY').toUpperCase(),
    uri: typeof template === 'string' ? '' : uri,
    timeoutMs: readTimeout(raw, node, reporter),
    requestParameters,
    requestTemplates: kind === 'http' ? readTemplates(node.get('requestTemplates'), reporter) : [],
    passthrough: passthrough === 'never' || passthrough === 'when_no_templates' ? passthrough : 'when_no_match',
    responses: kind === 'http' ? readIntegrationResponses(node, raw.responses, reporter) : [],
    implied: false,
    insecureSkipVerification: tls?.boolean('insecureSkipVerification') === true,
    ...(serverName !== undefined ? { serverNameToVerify: serverName } : {}),
    origin: node.origin,
  };
}

/** An operation without an integration goes to `--upstream`, else to the document's first absolute server, path and query as they came. */
function readImplied(raw: RawOperation): HttpIntegration | undefined {
  if (raw.api.options.mock) return undefined;
  const servers = raw.node.get('servers') ? [raw.node] : raw.pathItem.get('servers') ? [raw.pathItem] : [raw.api.root];
  const upstream = raw.api.options.upstream ?? absoluteServer(readServers(servers[0]!).urls);
  if (upstream === undefined) return undefined;
  return {
    kind: 'http_proxy', httpMethod: 'ANY', uri: upstream.replace(/\/+$/, ''), timeoutMs: raw.api.flavour === 'rest' ? 29000 : 30000,
    requestParameters: [], requestTemplates: [], passthrough: 'when_no_match', responses: [], implied: true, insecureSkipVerification: false, origin: raw.node.origin,
  };
}

function readTimeout(raw: RawOperation, node: Node, reporter: Reporter): number {
  const usual = raw.api.flavour === 'rest' ? 29000 : 30000;
  const timeout = node.get('timeoutInMillis');
  if (!timeout) return usual;
  const value = Number(timeout.value);
  if (Number.isInteger(value) && value >= 50 && value <= 900_000) return value;
  reporter.report(INVALID_TIMEOUT, timeout.origin, { value: String(timeout.value), maximum: usual });
  return usual;
}

function readMappings(raw: RawOperation, node: Node, reporter: Reporter): RequestMapping[] {
  const mappings: RequestMapping[] = [];
  for (const [key, value] of node.get('requestParameters')?.entries() ?? []) {
    const target = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(key);
    if (!target) {
      // HTTP APIs: append:header.x and so on.
      if (/^(append|overwrite|remove):/.test(key)) reporter.report(NOT_COMPILED_FIELD, value.keyOrigin, { field: `parameter mapping "${key}"`, effect: 'the request goes on without it' });
      else reporter.report(INVALID_MAPPING, value.keyOrigin, { problem: key });
      continue;
    }
    const source = typeof value.value === 'string' ? parseSource(value.value) : undefined;
    if (!source) { reporter.report(INVALID_MAPPING, value.origin, { problem: String(value.value) }); continue; }
    const [, place, name] = target as unknown as [string, RequestMapping['target'], string];
    if (place === 'header' && (ILLEGAL_HEADERS.has(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))) {
      reporter.report(ILLEGAL_TARGET, value.keyOrigin, { name });
      continue;
    }
    if (source.kind === 'literal' && place === 'header' && /[\r\n\0]/.test(source.value)) {
      reporter.report(INVALID_MAPPING, value.origin, { problem: 'a header value cannot hold a line break' });
      continue;
    }
    checkSource(raw, source, value, reporter);
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

/** What is read and known but not compiled in this version. */
function reportNotCompiled(raw: RawOperation, node: Node, reporter: Reporter): void {
  const note = (field: string, effect: string): void => {
    const at = node.at(field);
    if (at) reporter.report(NOT_COMPILED_FIELD, at.keyOrigin, { field, effect });
  };
  if (node.string('connectionType')?.toUpperCase() === 'VPC_LINK') note('connectionType', 'the uri is called directly');
  if (node.string('contentHandling')) note('contentHandling', 'bodies are passed on unchanged');
  note('cacheKeyParameters', 'answers are not cached');
  note('credentials', 'the request is not signed');
  if (raw.api.flavour === 'http' && node.at('responseParameters')) note('responseParameters', 'the answer goes out without it');
}
