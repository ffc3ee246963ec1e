import type { Node } from '../../1-load/node.js';
import { absoluteServer, readServers } from '../../2-read/read-servers.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawOperation } from '../../feature.js';
import { isHttpMappingKey, readHttpMappings } from '../../integration/http-mapping/read.js';
import { checkTemplatesOnBytes, readPayloadRules } from '../../integration/content-handling.js';
import { readRequestParameters } from '../../integration/read-request-parameters.js';
import { readTemplates } from '../../integration/read-templates.js';
import { readIntegrationResponses } from '../../integration/read-responses.js';
import { INVALID_TIMEOUT, INVALID_URI, NOT_COMPILED_FIELD, UNMAPPED_PLACEHOLDER } from './diagnostics.js';
import type { HttpIntegration } from './ir.js';
import { readVpcLink } from './read-vpc-links.js';
import { parseUri, WHOLE_PATH } from './uri.js';

/** Listeners of load balancers and Cloud Map services: uris of private integrations of HTTP APIs. */
const PRIVATE = /^arn:[^:]+:(?:elasticloadbalancing|servicediscovery):/;
/** What a template leaves open: behind a VPC link it can be nothing else. */
const OPEN = /^\$\{(?!stageVariables\.)[^{}]+\}$/;

export function readHttpIntegration(raw: RawOperation, reporter: Reporter): HttpIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (!node) return readImplied(raw);
  const kind = node.string('type')?.toLowerCase();
  if (kind !== 'http' && kind !== 'http_proxy') return undefined;
  const uriNode = node.get('uri');
  const uri = typeof uriNode?.value === 'string' ? uriNode.value : '';
  const isPrivate = raw.api.flavour === 'http' && (PRIVATE.test(uri.trim()) || (OPEN.test(uri.trim()) && node.string('connectionType')?.toUpperCase() === 'VPC_LINK'));
  const template = isPrivate ? WHOLE_PATH : parseUri(uri);
  if (typeof template === 'string') reporter.report(INVALID_URI, uriNode?.origin ?? node.keyOrigin, { problem: uriNode ? template : 'is missing', hint: hintOfUri(uri) });
  const requestParameters = readRequestParameters(raw, node, reporter, (key) => raw.api.flavour === 'http' && isHttpMappingKey(key));
  const mappings = raw.api.flavour === 'http' ? readHttpMappings(node, reporter) : undefined;
  if (typeof template === 'object') {
    for (const part of [...template.path, ...template.query]) {
      if (part.kind !== 'placeholder' || requestParameters.some((mapping) => mapping.target === 'path' && mapping.name === part.name)) continue;
      // HTTP APIs fill placeholders from the route's own variables.
      if (raw.api.flavour === 'http' && raw.path.includes(`{${part.name}`)) continue;
      reporter.report(UNMAPPED_PLACEHOLDER, uriNode!.origin, { name: part.name });
    }
  }
  const vpcLink = readVpcLink(raw.api, node, isPrivate, reporter);
  reportNotCompiled(node, reporter);
  const passthrough = node.string('passthroughBehavior')?.toLowerCase();
  const requestTemplates = kind === 'http' ? readTemplates(node.get('requestTemplates'), reporter) : [];
  const responses = kind === 'http' ? readIntegrationResponses(node, raw.responses, reporter) : [];
  const payload = readPayloadRules(node, raw.api);
  checkTemplatesOnBytes(payload, requestTemplates, 'request', reporter);
  for (const response of responses) checkTemplatesOnBytes({ ...payload, contentHandling: response.contentHandling }, response.templates, 'response', reporter);
  const tls = node.get('tlsConfig');
  const serverName = tls?.string('serverNameToVerify');
  return {
    kind,
    httpMethod: (node.string('httpMethod') ?? 'ANY').toUpperCase(),
    uri: typeof template === 'string' ? '' : uri,
    timeoutMs: readTimeout(raw, node, reporter),
    requestParameters,
    ...(mappings ? { mappings } : {}),
    requestTemplates,
    passthrough: passthrough === 'never' || passthrough === 'when_no_templates' ? passthrough : 'when_no_match',
    payload,
    responses,
    streams: kind === 'http_proxy' && raw.api.flavour === 'rest' && node.string('responseTransferMode')?.toUpperCase() === 'STREAM',
    implied: false,
    ...(vpcLink !== undefined ? { vpcLink } : {}),
    insecureSkipVerification: tls?.boolean('insecureSkipVerification') === true,
    ...(serverName !== undefined ? { serverNameToVerify: serverName } : {}),
    origin: node.origin,
  };
}

/** What to write instead, where the text says what was meant. */
function hintOfUri(uri: string): string | undefined {
  if (/^(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?]|$)/i.test(uri)) return `write https://${uri} (or http://)`;
  const host = /^https?:\/\/[^/?#]*\{(?!stageVariables\.)([\w.]+)\}/i.exec(uri.replace(/\$\{stageVariables\.\w+\}/g, ''))?.[1];
  return host === undefined ? undefined : `name the host, or let the stage choose it: \${stageVariables.${host.replace(/\W/g, '_')}}`;
}

/** An operation without an integration goes to `--upstream`, else to the document's first absolute server, path and query as they came. */
function readImplied(raw: RawOperation): HttpIntegration | undefined {
  if (raw.api.options.mock) return undefined;
  const holder = raw.node.get('servers') ? raw.node : raw.pathItem.get('servers') ? raw.pathItem : undefined;
  const isOwn = raw.api.options.upstream === undefined && holder !== undefined;
  const upstream = raw.api.options.upstream ?? absoluteServer(holder ? readServers(holder).urls : raw.api.servers);
  if (upstream === undefined) return undefined;
  return {
    kind: 'http_proxy', httpMethod: 'ANY', uri: upstream.replace(/\/+$/, ''), timeoutMs: raw.api.flavour === 'rest' ? 29000 : 30000,
    requestParameters: [], requestTemplates: [], passthrough: 'when_no_match', payload: { contentHandling: null, binaryMediaTypes: [] }, responses: [], streams: false, implied: true, ...(isOwn && raw.api.prefix !== '' && { withoutPrefix: raw.api.prefix.length }), insecureSkipVerification: false, origin: raw.node.origin,
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

/** What is read and known but not compiled in this version. */
function reportNotCompiled(node: Node, reporter: Reporter): void {
  const note = (field: string, effect: string, hint?: string): void => {
    const at = node.at(field);
    if (at) reporter.report(NOT_COMPILED_FIELD, at.keyOrigin, { field, effect, hint });
  };
  if (node.string('type')?.toLowerCase() === 'http' && node.string('responseTransferMode')?.toUpperCase() === 'STREAM') note('responseTransferMode', 'answers of http integrations are mapped and go out as a whole', 'write type: http_proxy to have them streamed');
  note('cacheKeyParameters', 'answers are not cached');
  note('credentials', 'the request is not signed');
}
