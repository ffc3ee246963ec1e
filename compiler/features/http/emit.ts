import { code, EMPTY, helper, join, typeHelper, type Code, type Json } from '../../code.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import { emitBinaryMediaTypes, emitRequestConversion, everythingIsBinary } from '../../integration/content-handling.js';
import { emitIntegrationResponse, RESPONSE_PARAMETERS, type ResponseContext } from '../../integration/emit-mapping.js';
import { emitMappedValue, emitOverride, emitRequestTemplates } from '../../integration/emit-request.js';
import { concatenate, emitQueryParameters, emitStageVariable, emitTargetParts } from '../../integration/emit-target.js';
import { emitMappedHeaders, emitMappedPath, emitMappedQuery, emitResponseCases, mapsRequestBody, removedHeaders } from '../../integration/http-mapping/emit.js';
import type { HttpMappings } from '../../integration/http-mapping/mapping.js';
import { mentions } from '../../integration/read-templates.js';
import { emitSelection } from '../../integration/select-response.js';
import type { HttpIntegration } from './ir.js';
import { emitLinkHost, emitVpcLink } from './emit-vpc-link.js';
import { parseUri, WHOLE_PATH, type UriPart, type UriTemplate } from './uri.js';

const handling = helper<typeof import('../../../runtime/body/content-handling.js')>();
const proxy = helper<typeof import('../../../runtime/integration/http-proxy.js')>();
const upstreams = helper<typeof import('../../../runtime/backends/upstreams.js')>();
const mappings = helper<typeof import('../../../runtime/integration/mapping.js')>();
const mappedResponse = helper<typeof import('../../../runtime/integration/http-api-mapping.js')>();
const response = helper<typeof import('../../../runtime/integration/integration-response.js')>();
const encode = helper<typeof import('../../../runtime/integration/encode-uri.js')>();
const link = helper<typeof import('../../../runtime/backends/vpc-link.js')>();
const certified = helper<typeof import('../../../runtime/tls/backend-tls.js')>();

/** Whether the handler needs the request's body in memory. */
export function readsBody(part: HttpIntegration): boolean {
  return part.kind === 'http' ? part.requestTemplates.length === 0 || part.passthrough === 'when_no_match' || part.requestTemplates.some((template) => template.constant === null) || mapsBody(part)
    : mapsBody(part) || convertsRequest(part);
}

const mapsBody = (part: HttpIntegration): boolean => part.requestParameters.some((mapping) => parseSource(mapping.source)!.kind === 'body') || mapsRequestBody(part.mappings);

/** `http_proxy`: the request streams through unless it is converted. */
const convertsRequest = ({ payload }: HttpIntegration): boolean => payload.contentHandling === 'binary' ? !everythingIsBinary(payload) : payload.contentHandling === 'text' && payload.binaryMediaTypes.length > 0;

/** `http_proxy`: the answer streams through unless the client's Accept may want it converted. */
const convertsResponse = ({ kind, payload, streams }: HttpIntegration): boolean => kind === 'http_proxy' && !streams && payload.binaryMediaTypes.length > 0 && !everythingIsBinary(payload);

/** Statements that send the request to its backend: streamed through when nothing looks at the answer, else called in buffer mode. */
export function emitHttp(part: HttpIntegration, operation: Operation, unit: Unit): Code {
  const uri = part.vpcLink?.isWholePath ? WHOLE_PATH : parseUri(part.uri);
  if (typeof uri === 'string') return code`return ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  unit.atClose(code`${upstreams('backends/upstreams', 'closeUpstreams')}`);
  const certificates = unit.api.parts.http?.clientCertificates ?? {};
  if (Object.keys(certificates).length > 0) unit.atStart(code`${certified('tls/backend-tls', 'useClientCertificate')}(${certificates as unknown as Json}, state.stage);`);
  unit.atStart(code`${upstreams('backends/upstreams', 'limitBackends')}(options.backend);`);
  unit.commandLine(code`${upstreams('backends/upstreams', 'BACKEND_OPTIONS')}`);
  const overrides = mentions(part.requestTemplates, 'requestOverride');
  const before = emitBefore(part, overrides, operation, unit);
  const upstream = part.vpcLink ? emitVpcLink(part, part.vpcLink, uri, unit) : emitUpstream(part, uri, unit);
  const method = part.httpMethod === 'ANY' ? code`exchange.method` : code`${part.httpMethod}`;
  const target = part.implied ? emitImpliedTarget(uri, part.withoutPrefix) : emitTarget(part, uri, overrides, operation, unit);
  const fields = overrides ? code`mapped` : emitFields(part, false, operation, unit);
  const failed = emitFailed(operation, unit);
  if (part.kind === 'http') return code`${before}${proxy('integration/http-proxy', 'callHttp')}(exchange, ${upstream}, ${method}, ${target}, ${fields}, ${part.timeoutMs}, ${emitMappedResponse(part, operation, unit)}, ${failed});`;
  const respond = convertsResponse(part) ? emitConvertedAnswer(part, operation, unit)
    : part.mappings && part.mappings.responses.length > 0 ? emitChangedResponse(part.mappings, operation, unit) : unit.responseHandler(operation);
  const removed = part.mappings ? removedHeaders(part.mappings) : [];
  const rules = removed.length === 0 ? EMPTY : code`, ${unit.constant('RULES', code`${proxy('integration/http-proxy', 'rulesWithout')}(${removed})`)}`;
  if (!respond) return code`${before}${proxy('integration/http-proxy', 'relayHttp')}(exchange, ${upstream}, ${method}, ${target}, ${fields}, ${part.timeoutMs}, ${failed}${rules});`;
  return code`${before}${proxy('integration/http-proxy', 'callHttpProxy')}(exchange, ${upstream}, ${method}, ${target}, ${fields}, ${part.timeoutMs}, ${respond}, ${failed}${rules});`;
}

/** What comes before the call: the payload that body sources look into, then the template that replaces it. */
function emitBefore(part: HttpIntegration, overrides: boolean, operation: Operation, unit: Unit): Code {
  const lines: Code[] = [];
  if (part.requestParameters.some((mapping) => parseSource(mapping.source)!.kind === 'body')) {
    lines.push(code`const input = ${mappings('integration/mapping', 'payloadInput')}(${mappings('integration/mapping', 'payloadText')}(exchange.body));`);
    lines.push(code`if (!${mappings('integration/mapping', 'isReadable')}(exchange, input, ${unit.gatewayResponse('DEFAULT_4XX', operation)})) return;`);
  }
  if (part.kind === 'http') lines.push(...emitRequestTemplates(part, operation, unit));
  else if (convertsRequest(part)) lines.push(emitRequestConversion(part.payload, operation, unit).convert);
  if (overrides) {
    lines.push(code`const mapped = ${proxy('integration/http-proxy', 'permittedFields')}(exchange, ${emitFields(part, true, operation, unit)}, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});`);
    lines.push(code`if (mapped === null) return;`);
  }
  return lines.length === 0 ? EMPTY : code`${join(lines, '\n')}\n`;
}

function emitFields(part: HttpIntegration, overrides: boolean, operation: Operation, unit: Unit): Code {
  const headers = part.requestParameters.filter((mapping) => mapping.target === 'header').map((mapping) => code`${mapping.name}, ${emitMappedValue(mapping, operation, unit)}`);
  if (part.mappings) headers.push(...emitMappedHeaders(part.mappings, operation, unit));
  // The first one counts: what is mapped goes before the uri's own.
  if (part.vpcLink) headers.push(code`"Host", ${emitLinkHost(part, part.vpcLink, unit)}`);
  if (headers.length === 0 && !overrides) return unit.constant('NO_FIELDS', code`[] as readonly string[]`);
  const list = code`[${join(headers, ', ')}]`;
  return code`${proxy('integration/http-proxy', 'presentFields')}(${overrides ? code`${mappings('integration/mapping', 'overridden')}(${list}, ${emitOverride('header')})` : list})`;
}

/** The pool: one per origin, made at start when the origin is constant, else looked up by what the stage variables say. */
function emitUpstream(part: HttpIntegration, uri: UriTemplate, unit: Unit): Code {
  const options = { insecureSkipVerification: part.insecureSkipVerification, ...(part.serverNameToVerify ? { serverName: part.serverNameToVerify } : {}) };
  if (Object.keys(unit.api.parts.http?.clientCertificates ?? {}).length > 0) {
    unit.atClose(code`${certified('tls/backend-tls', 'closeCertifiedUpstreams')}`);
    return code`${certified('tls/backend-tls', 'certifiedUpstream')}(${concatenate(uri.origin.map((item) => (item.kind === 'text' ? code`${item.text}` : emitStageVariable(item.name))))}, ${options})`;
  }
  const constant = uri.origin.every((item) => item.kind === 'text') ? uri.origin.map((item) => (item as { text: string }).text).join('') : undefined;
  if (constant !== undefined) {
    const host = constant.replace(/^https?:\/\//, '');
    return unit.constant(`${host.split(/[.:]/)[0]} backend`, code`${upstreams('backends/upstreams', 'upstream')}(${constant}, ${options})`);
  }
  return code`${upstreams('backends/upstreams', 'upstreamAt')}(${concatenate(uri.origin.map((item) => (item.kind === 'text' ? code`${item.text}` : emitStageVariable(item.name))))}, ${options})`;
}

/** `--upstream`: the client's own path and query behind the upstream's path. */
function emitImpliedTarget(uri: UriTemplate, withoutPrefix: number | undefined): Code {
  const prefix = uri.path.map((item) => (item.kind === 'text' ? item.text : '')).join('').replace(/\/+$/, '');
  // The prefix of a route has one form on the wire (2-read/base-path), so its length is known.
  const target = withoutPrefix === undefined ? code`${proxy('integration/http-proxy', 'requestTarget')}(exchange)` : code`${proxy('integration/http-proxy', 'requestTarget')}(exchange).slice(${withoutPrefix}).replace(/^(?![/])/, "/")`;
  return prefix === '' ? target : code`${prefix} + ${target}`;
}

function emitTarget(part: HttpIntegration, uri: UriTemplate, overrides: boolean, operation: Operation, unit: Unit): Code {
  // An HTTP API's own path variables need no mapping.
  const unmapped = (name: string): Code | undefined => (unit.api.flavour === 'http' && operation.path.variables.includes(name) ? unit.pathVariable(operation, name) : undefined);
  const parts = (items: readonly UriPart[], escape: 'encodePath' | 'encodeQuery'): Code[] => emitTargetParts(items, part.requestParameters, escape, overrides, operation, unit, unmapped);

  const path = parts(uri.path, 'encodePath');
  if (part.vpcLink?.isWholePath) path.push(code`${link('backends/vpc-link', 'stagePrefix')}(exchange)`, code`${proxy('integration/http-proxy', 'requestPath')}(exchange)`);
  else if (operation.path.isDefaultRoute) path.push(code`${proxy('integration/http-proxy', 'requestPath')}(exchange)`);
  const first = uri.path[0];
  if (!part.vpcLink?.isWholePath && (path.length === 0 || first?.kind !== 'text' || !first.text.startsWith('/'))) path.unshift(code`${'/'}`);

  const query: Code[] = [];
  const fixed = parts(uri.query, 'encodeQuery');
  if (fixed.length > 0) query.push(concatenate(fixed));
  // http_proxy: the client's own query comes after the URI's, mapped values after that (integrations.md §4 [R]).
  if (part.kind === 'http_proxy') query.push((part.mappings && emitMappedQuery(part.mappings, operation, unit)) ?? code`${proxy('integration/http-proxy', 'requestQuery')}(exchange)`);
  query.push(...emitQueryParameters(part.requestParameters, overrides, operation, unit));
  const uriPath = concatenate(path);
  const whole = (part.mappings && emitMappedPath(part.mappings, uriPath, operation, unit)) ?? uriPath;
  return query.length === 0 ? whole : code`${encode('integration/encode-uri', 'withQuery')}(${whole}, ${join(query, ', ')})`;
}

/** By the functions of the two gateway responses it calls. */
const failedCalls = new WeakMap<Code, WeakMap<Code, Code>>();

/** Which gateway response a failed call leads to (errors.md §4). One function per bundle unless the responses name path parameters. */
function emitFailed(operation: Operation, unit: Unit): Code {
  const timeout = unit.gatewayResponse('INTEGRATION_TIMEOUT', operation), fault = unit.gatewayResponse('INTEGRATION_FAILURE', operation);
  let known = failedCalls.get(timeout);
  if (!known) failedCalls.set(timeout, (known = new WeakMap()));
  let name = known.get(fault);
  if (!name) known.set(fault, (name = declareFailed(timeout, fault, unit)));
  return name;
}

function declareFailed(timeout: Code, fault: Code, unit: Unit): Code {
  return unit.func('integrationFailed', code`exchange: ${typeHelper('exchange', 'Exchange')}, failure: ${typeHelper('backends/upstream', 'UpstreamFailure')}, detail: string`, code`void`, code`
  ${proxy('integration/http-proxy', 'logFailure')}(exchange, failure, detail);
  if (failure === "timeout") return ${timeout}(exchange);
  ${unit.api.flavour === 'rest' ? code`if (failure === "protocol") { exchange.status = 502; exchange.errorMessage = "Internal server error"; }\n` : EMPTY}
  ${fault}(exchange);`);
}

/** `http_proxy` of an HTTP API: answers with some statuses are changed before they go on. */
function emitChangedResponse(changes: HttpMappings, operation: Operation, unit: Unit): Code {
  const respond = unit.responseHandler(operation) ?? code`${proxy('integration/http-proxy', 'sendUpstreamResponse')}`;
  const cases = emitResponseCases(changes, operation, unit, (change) => code`${respond}(exchange, ${mappedResponse('integration/http-api-mapping', 'mappedUpstreamResponse')}(response, ${change}))`);
  return unit.func(`change ${operation.id} response`, RESPONSE_PARAMETERS, code`void`, code`switch (response.status) {\n${cases}\ndefault: ${respond}(exchange, response);\n}`);
}

/** `http`: the answer's status picks an integration response; only mapped fields reach the client. */
function emitMappedResponse(part: HttpIntegration, operation: Operation, unit: Unit): Code {
  const context: ResponseContext = {
    operation, unit, hasBackend: true, binaryMediaTypes: part.payload.binaryMediaTypes,
    overrides: mentions([...part.requestTemplates, ...part.responses.flatMap((response) => response.templates)], 'responseOverride'),
  };
  const none = code`${response('integration/integration-response', 'logNoMatch')}(exchange, response);\n${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  const body = emitSelection(part.responses, code`response.status`, false, (entry) => emitIntegrationResponse(entry, context), none);
  return unit.func(`map ${operation.id} response`, RESPONSE_PARAMETERS, code`void`, body);
}

/** `http_proxy`: base64 or bytes, as the client's Accept has it. */
function emitConvertedAnswer(part: HttpIntegration, operation: Operation, unit: Unit): Code {
  const broken = unit.gatewayResponse('API_CONFIGURATION_ERROR', operation);
  const respond = unit.responseHandler(operation) ?? code`${proxy('integration/http-proxy', 'sendUpstreamResponse')}`;
  return unit.func(`${operation.id} converted`, RESPONSE_PARAMETERS, code`void`, code`
  const converted = ${handling('body/content-handling', 'acceptedResponse')}(exchange, response, ${emitBinaryMediaTypes(part.payload, unit)}, ${broken});
  if (converted !== null) ${respond}(exchange, converted);`);
}
