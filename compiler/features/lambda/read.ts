import type { Node } from '../../1-load/node.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { RawApi, RawOperation } from '../../feature.js';
import { targetsOf } from '../../functions/call.js';
import { namesFunction, parseFunctionUri, parseReference } from '../../functions/uri.js';
import { readBinaryMediaTypes } from '../../integration/binary-media-types.js';
import { checkTemplatesOnBytes, readPayloadRules } from '../../integration/content-handling.js';
import { readCredentials } from '../../integration/credentials/read.js';
import { readHttpMappings } from '../../integration/http-mapping/read.js';
import { readRequestParameters } from '../../integration/read-request-parameters.js';
import { readIntegrationResponses } from '../../integration/read-responses.js';
import { readTemplates } from '../../integration/read-templates.js';
import { IGNORED_FIELD, ILLEGAL_TARGET, INVALID_FUNCTION_URI, INVALID_LAMBDA_TIMEOUT, INVALID_PAYLOAD_FORMAT, NOT_STREAMING, WRONG_METHOD } from './diagnostics.js';
import type { LambdaCall, LambdaCustomIntegration, LambdaIntegration, LambdaPart } from './ir.js';
import { readBindings } from './read-bindings.js';

/** Headers that no mapping may name (rest-pipeline.md §3.3 [R]). */
const ILLEGAL_HEADERS = new Set(['content-length', 'transfer-encoding', 'authorization', 'connection', 'expect', 'proxy-authenticate', 'te', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id']);

/** Read once per document; the API's part is read before its operations. */
const parts = new WeakMap<RawApi, LambdaPart>();

/** Absent when the document has neither bindings nor binary media types. */
export function readLambdaPart(raw: RawApi, reporter: Reporter): LambdaPart | undefined {
  const part = { bindings: readBindings(raw, reporter), binaryMediaTypes: readBinaryMediaTypes(raw.root) };
  parts.set(raw, part);
  return Object.keys(part.bindings).length > 0 || part.binaryMediaTypes.length > 0 ? part : undefined;
}

export function readLambdaIntegration(raw: RawOperation, reporter: Reporter): LambdaIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (node?.string('type')?.toLowerCase() !== 'aws_proxy' || node.at('integrationSubtype')) return undefined;
  const call = readFunctionCall(raw, node, reporter);
  if (call === undefined) return undefined;
  const isRest = raw.api.flavour === 'rest';
  checkMappings(node, reporter);
  const mappings = isRest ? undefined : readHttpMappings(node, reporter);
  reportIgnored(node, isRest ? PROXY_IGNORED : IGNORED, reporter);
  return {
    ...call,
    kind: 'aws_proxy',
    streams: readTransferMode(node, isRest, reporter),
    ...(mappings ? { mappings } : {}),
    format: isRest ? 'rest' : readFormat(node, reporter),
  };
}

/** Streaming needs both: the mode, and the API's path in the uri. HTTP APIs do not stream. */
function readTransferMode(node: Node, isRest: boolean, reporter: Reporter): boolean {
  const mode = node.get('responseTransferMode');
  const uri = node.get('uri')!;
  const parsed = parseFunctionUri(typeof uri.value === 'string' ? uri.value : '');
  const usesApi = typeof parsed === 'object' && 'streams' in parsed && parsed.streams;
  const asks = typeof mode?.value === 'string' && mode.value.toUpperCase() === 'STREAM';
  if (asks && !isRest) reporter.report(IGNORED_FIELD, mode.origin, { field: 'responseTransferMode', effect: 'HTTP APIs do not stream answers; they go out as a whole', hint: 'remove it, or build a REST API (x-gwc-flavour: rest)' });
  if (!isRest) return false;
  if (asks && !usesApi && typeof parsed === 'object' && !('problem' in parsed)) reporter.report(NOT_STREAMING, uri.origin, { problem: 'responseTransferMode is STREAM, but the uri invokes the function for a whole answer', hint: `write uri: ${String(uri.value).replace(/:path\/[\d-]+\//, ':path/2021-11-15/').replace(/\/invocations\/?$/, '/response-streaming-invocations')}` });
  if (!asks && usesApi) reporter.report(NOT_STREAMING, (mode ?? uri).origin, { problem: 'the uri invokes the function for a stream, but responseTransferMode is not STREAM', hint: 'add responseTransferMode: STREAM, or end the uri with /invocations (and path/2015-03-31)' });
  return asks;
}

/** What every integration with a function says; undefined when the uri names another service or is not there. */
function readFunctionCall(raw: RawOperation, node: Node, reporter: Reporter): LambdaCall | undefined {
  const uriNode = node.get('uri');
  // Published documents have their uris taken out: such an operation is nobody's, and says so.
  if (uriNode === undefined) return undefined;
  const uri = parseFunctionUri(typeof uriNode.value === 'string' ? uriNode.value : '');
  if (uri === 'other') return undefined;
  const isRest = raw.api.flavour === 'rest';
  if ('problem' in uri) reporter.report(INVALID_FUNCTION_URI, uriNode.origin, { problem: uri.problem });
  const reference = parseReference('problem' in uri ? '' : uri.reference);
  const bindings = parts.get(raw.api)?.bindings ?? {};
  return {
    functionName: reference.name,
    reference: reference.parts,
    region: 'problem' in uri ? '' : uri.region,
    timeoutMs: readTimeout(node, isRest, reporter),
    targets: targetsOf(reference.name, reference.hasVariables, bindings),
    isCallable: !isRest || readMethod(node, reporter),
    credentials: readCredentials(node, reporter),
    origin: uriNode.origin,
  };
}

/** `aws` with a function's uri. HTTP APIs have no such integrations. */
export function readLambdaCustom(raw: RawOperation, reporter: Reporter): LambdaCustomIntegration | undefined {
  const node = raw.node.get('x-amazon-apigateway-integration');
  if (raw.api.flavour !== 'rest' || node?.string('type')?.toLowerCase() !== 'aws') return undefined;
  const uri = node.string('uri');
  if (uri === undefined || !namesFunction(uri)) return undefined;
  if (/\/response-streaming-invocations\/?$/.test(uri)) reporter.report(NOT_STREAMING, node.at('type')!.origin, { problem: 'only aws_proxy integrations stream; this one is of type aws', hint: 'write type: aws_proxy and responseTransferMode: STREAM' });
  const call = readFunctionCall(raw, node, reporter);
  if (call === undefined) return undefined;
  const passthrough = node.string('passthroughBehavior')?.toLowerCase();
  const requestParameters = readRequestParameters(raw, node, reporter);
  for (const mapping of requestParameters) if (mapping.target !== 'header') reporter.report(IGNORED_FIELD, { ...mapping.origin, key: true }, { field: `integration.request.${mapping.target}.${mapping.name}`, effect: 'the function is invoked without it', hint: 'put the value into the event with requestTemplates' });
  reportIgnored(node, IGNORED, reporter);
  const requestTemplates = readTemplates(node.get('requestTemplates'), reporter);
  const responses = readIntegrationResponses(node, raw.responses, reporter, 'errorMessage');
  const payload = readPayloadRules(node, raw.api);
  checkTemplatesOnBytes(payload, requestTemplates, 'request', reporter);
  for (const response of responses) checkTemplatesOnBytes({ ...payload, contentHandling: response.contentHandling }, response.templates, 'response', reporter);
  return {
    ...call,
    kind: 'lambda',
    requestParameters,
    requestTemplates,
    passthrough: passthrough === 'never' || passthrough === 'when_no_templates' ? passthrough : 'when_no_match',
    payload,
    responses,
  };
}

/** Absent counts as 1.0. */
function readFormat(node: Node, reporter: Reporter): '1.0' | '2.0' {
  const version = node.get('payloadFormatVersion');
  const text = version === undefined ? '1.0' : typeof version.value === 'number' ? version.value.toFixed(1) : String(version.value);
  if (text === '1.0' || text === '2.0') return text;
  reporter.report(INVALID_PAYLOAD_FORMAT, version!.origin, { value: text });
  return '1.0';
}

function readMethod(node: Node, reporter: Reporter): boolean {
  const method = node.get('httpMethod');
  if (method === undefined || String(method.value).toUpperCase() === 'POST') return true;
  reporter.report(WRONG_METHOD, method.origin, { method: String(method.value) });
  return false;
}

function readTimeout(node: Node, isRest: boolean, reporter: Reporter): number {
  const usual = isRest ? 29_000 : 30_000;
  const timeout = node.get('timeoutInMillis');
  if (!timeout) return usual;
  const value = Number(timeout.value);
  if (Number.isInteger(value) && value >= 50 && value <= 900_000) return value;
  reporter.report(INVALID_LAMBDA_TIMEOUT, timeout.origin, { value: String(timeout.value), maximum: usual });
  return usual;
}

/** Mappings are ignored, but illegal ones break every call [R]. */
function checkMappings(node: Node, reporter: Reporter): void {
  for (const [key, value] of node.get('requestParameters')?.entries() ?? []) {
    const header = /^integration\.request\.header\.(.+)$/.exec(key)?.[1];
    if (header && ILLEGAL_HEADERS.has(header.toLowerCase())) reporter.report(ILLEGAL_TARGET, value.keyOrigin, { name: header });
  }
}

/** Field → what happens instead. */
const IGNORED: Readonly<Record<string, string>> = { cacheKeyParameters: 'answers are not cached' };
const PROXY_IGNORED = { ...IGNORED, responseParameters: 'the answer goes out without it' };

function reportIgnored(node: Node, fields: Readonly<Record<string, string>>, reporter: Reporter): void {
  const note = (field: string, effect: string): void => {
    const at = node.at(field);
    if (at && at.value !== null && at.value !== '') reporter.report(IGNORED_FIELD, at.keyOrigin, { field, effect });
  };
  for (const [field, effect] of Object.entries(fields)) note(field, effect);
  if (node.string('connectionType')?.toUpperCase() === 'VPC_LINK') note('connectionType', 'the function is invoked directly');
}
