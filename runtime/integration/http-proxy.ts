/** `http` and `http_proxy` integrations: what goes to the backend (rest-pipeline.md §3.2, integrations.md §11) and what comes back. */
import type { Exchange } from '../exchange.js';
import { CORS, REST } from '../flags.js';
import { logRepeated } from '../repeated-log.js';
import { requestId } from '../identifiers/request-id.js';
import { latin1 } from '../request-values.js';
import { answerFields } from '../send.js';
import { traceId } from '../identifiers/trace-id.js';
import type { RelayRules, Upstream, UpstreamFailure, UpstreamResponse } from '../backends/upstream.js';

type Failed = (exchange: Exchange, failure: UpstreamFailure, detail: string) => void;

/** Removed from every request before anything sees them (rest-pipeline.md §3.1); Host and framing are written anew. */
const NEVER_FORWARDED = ['connection', 'content-length', 'content-md5', 'expect', 'max-forwards', 'proxy-authenticate', 'server', 'te', 'transfer-encoding', 'trailer', 'upgrade', 'www-authenticate', 'host'];

const REST_RULES: RelayRules = {
  dropRequest: new Set([...NEVER_FORWARDED, 'content-encoding', 'via', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id', 'x-http-method-override']),
  dropResponse: new Set(['transfer-encoding']),
  remapResponse: new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate', 'authorization', 'user-agent', 'content-md5', 'max-forwards', 'x-amzn-requestid']),
};

/** HTTP APIs fold X-Forwarded-* into Forwarded and do not rename response fields (http-api.md §3). */
const HTTP_RULES: RelayRules = {
  dropRequest: new Set(['connection', 'expect', 'proxy-authenticate', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'via', 'x-amzn-trace-id']),
  dropResponse: new Set(['transfer-encoding', 'date', 'content-length', 'apigw-requestid']),
  remapResponse: new Set(),
};

const OWN_RULES = REST ? REST_RULES : HTTP_RULES;
/** With CORS configured, the backend's own CORS fields are ignored [D]. */
const RULES = CORS
  ? { ...OWN_RULES, dropResponse: new Set([...OWN_RULES.dropResponse, 'access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-headers', 'access-control-allow-credentials', 'access-control-expose-headers', 'access-control-max-age']) }
  : OWN_RULES;
const DEFAULT_CONTENT_TYPE = ['Content-Type', 'application/json'];
const NO_DEFAULTS: readonly string[] = [];

/** The usual rules, and fields of the request (lower case) that do not go on either. */
export function rulesWithout(removed: readonly string[]): RelayRules {
  return { ...RULES, dropRequest: new Set([...RULES.dropRequest, ...removed]) };
}

/** Streams the request to the backend and its answer back. */
export function relayHttp(exchange: Exchange, upstream: Upstream | null, method: string, target: string, mapped: readonly string[], timeoutMs: number, failed: Failed, rules: RelayRules = RULES): void {
  if (upstream === null) return invalidEndpoint(exchange, failed);
  exchange.extraFields = answerFields(exchange);
  const extra = standardFields(exchange, mapped);
  upstream.relay(exchange, { method, target, host: hostOf(mapped), extra, rules, responseDefaults: REST ? DEFAULT_CONTENT_TYPE : NO_DEFAULTS, timeoutMs }, (failing, failure, detail) => {
    // The identifiers were put in for the relayed answer; the gateway's own answer adds them itself.
    failing.extraFields = failing.extraFields!.slice(REST ? 4 : 2);
    failed(failing, failure, detail);
  });
}

/** Like relayHttp, but hands the whole answer to `respond`. */
export function callHttpProxy(exchange: Exchange, upstream: Upstream | null, method: string, target: string, mapped: readonly string[], timeoutMs: number, respond: (exchange: Exchange, response: UpstreamResponse) => void, failed: Failed, rules: RelayRules = RULES): void {
  if (upstream === null) return invalidEndpoint(exchange, failed);
  const extra = standardFields(exchange, mapped);
  const fields = [...extra];
  const replaced = new Set<string>();
  for (let i = 0; i < extra.length; i += 2) replaced.add(extra[i]!.toLowerCase());
  const nominated = connectionNominated(exchange);
  exchange.head.forEach((name, value) => {
    const lower = name.toLowerCase();
    if (!rules.dropRequest.has(lower) && !replaced.has(lower) && !nominated.has(lower) && !HOP_BY_HOP.has(lower)) fields.push(name, value);
  });
  upstream.call({ method, target, fields, host: hostOf(mapped), body: exchange.body ?? (exchange.incoming.length === 0 ? null : exchange.incoming), timeoutMs }, BUFFERED_RESPONSE_LIMIT, (response) => guarded(exchange, response, respond), (failure, detail) => failed(exchange, failure, detail));
}

/** Non-proxy: only mapped fields go to the backend, with API Gateway's own (rest-pipeline.md §3.2). */
export function callHttp(exchange: Exchange, upstream: Upstream | null, method: string, target: string, mapped: readonly string[], timeoutMs: number, respond: (exchange: Exchange, response: UpstreamResponse) => void, failed: Failed): void {
  if (upstream === null) return invalidEndpoint(exchange, failed);
  const fields = [...mapped];
  setDefault(fields, 'Accept', 'application/json');
  setDefault(fields, 'User-Agent', `AmazonAPIGateway_${exchange.gateway.apiId}`);
  if (exchange.incoming.length !== 0) setDefault(fields, 'Content-Type', exchange.head.get('content-type') ?? 'application/json');
  fields.push('X-Amzn-Trace-Id', traceId(exchange), 'X-Amzn-Apigateway-Api-Id', exchange.gateway.apiId);
  upstream.call({ method, target, fields: withoutHost(fields), host: hostOf(mapped), body: exchange.body ?? (exchange.incoming.length === 0 ? null : exchange.incoming), timeoutMs }, BUFFERED_RESPONSE_LIMIT, (response) => guarded(exchange, response, respond), (failure, detail) => failed(exchange, failure, detail));
}

/** The answer arrives in a callback of the pool: a handler that throws there must not take the process with it. */
function guarded(exchange: Exchange, response: UpstreamResponse, respond: (exchange: Exchange, response: UpstreamResponse) => void): void {
  try { respond(exchange, response); } catch (error) { exchange.gateway.onFault(exchange, error); }
}

/** API Gateway buffers 10 MB of a backend's answer. */
const BUFFERED_RESPONSE_LIMIT = 10_485_760;
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'content-length', 'upgrade', 'te', 'trailer']);

function connectionNominated(exchange: Exchange): Set<string> {
  const names = new Set<string>();
  for (const value of exchange.head.all('connection')) for (const name of value.split(',')) names.add(name.trim().toLowerCase());
  return names;
}

function standardFields(exchange: Exchange, mapped: readonly string[]): string[] {
  const fields = withoutHost(mapped);
  if (REST) {
    fields.push('X-Amzn-Trace-Id', traceId(exchange), 'X-Amzn-Apigateway-Api-Id', exchange.gateway.apiId);
    if (exchange.head.get('user-agent') === undefined) setDefault(fields, 'User-Agent', `AmazonAPIGateway_${exchange.gateway.apiId}`);
    if (exchange.head.get('accept') === undefined) setDefault(fields, 'Accept', 'application/json');
  } else {
    fields.push('forwarded', forwarded(exchange), 'via', 'HTTP/1.1 AmazonAPIGateway', 'x-amzn-trace-id', traceId(exchange));
  }
  return fields;
}

/** RFC 7239, with what the client claims about earlier hops in front (http-api.md §3). */
function forwarded(exchange: Exchange): string {
  const { head, connection } = exchange;
  const address = (connection.peer ?? connection).remoteAddress;
  const own = `for=${address.includes(':') ? `"[${address}]"` : address};host=${quoteHost(connection.host ?? head.get('host') ?? '')};proto=${connection.secure ? 'https' : 'http'}`;
  const earlier: string[] = [];
  const given = head.all('forwarded');
  const addresses = head.all('x-forwarded-for');
  // A trusted proxy wrote X-Forwarded-For; a Forwarded beside it is its client's.
  if (given.length > 0 && (connection.peer === undefined || addresses.length === 0)) earlier.push(...given);
  else for (const hop of addresses.join().split(',')) if (/^\s*[0-9A-Fa-f.:]+\s*$/.test(hop)) earlier.push(`for=${hop.includes(':') ? `"[${hop.trim()}]"` : hop.trim()}`);
  return earlier.length === 0 ? own : `${earlier.join(', ')}, ${own}`;
}

function quoteHost(host: string): string {
  return /^[\w.-]*$/.test(host) ? host : `"${host.replace(/["\\]/g, '')}"`;
}

/** Flat `[name, value | undefined…]` without the entries that have no value: a missing source sends no field. */
export function presentFields(pairs: readonly (string | undefined)[]): string[] {
  const fields: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i + 1] !== undefined && pairs[i + 1] !== '') fields.push(pairs[i]!, pairs[i + 1]!);
  return fields;
}

/**
 * What a template's overrides may set; null when one names a field that only the gateway writes: 500, and the request has been answered
 * (rest-pipeline.md §3.3 [R]). Fields that never reach a backend are left out (§3.2 [R]).
 */
export function permittedFields(exchange: Exchange, fields: readonly string[], broken: (exchange: Exchange) => void): readonly string[] | null {
  const permitted: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    switch (fields[i]!.toLowerCase()) {
      case 'content-length': case 'transfer-encoding': case 'x-amzn-trace-id': case 'x-amzn-apigateway-api-id':
        exchange.gateway.log(`(${requestId(exchange)}) Execution failed due to configuration error: ${fields[i]!} header already present`);
        broken(exchange);
        return null;
      case 'expect': case 'proxy-authenticate': case 'te': case 'via': break;
      default: permitted.push(fields[i]!, fields[i + 1]!);
    }
  }
  return permitted;
}

function setDefault(fields: string[], name: string, value: string): void {
  const lower = name.toLowerCase();
  for (let i = 0; i < fields.length; i += 2) if (fields[i]!.toLowerCase() === lower) return;
  fields.push(name, value);
}

/** A mapping to `integration.request.header.Host` replaces the backend's own name. */
function hostOf(mapped: readonly string[]): string {
  for (let i = 0; i < mapped.length; i += 2) if (mapped[i]!.toLowerCase() === 'host') return mapped[i + 1]!;
  return '';
}

function withoutHost(mapped: readonly string[]): string[] {
  const fields: string[] = [];
  for (let i = 0; i < mapped.length; i += 2) if (mapped[i]!.toLowerCase() !== 'host') fields.push(mapped[i]!, mapped[i + 1]!);
  return fields;
}

/** Path and query as the client sent them, base path taken off. */
export function requestTarget(exchange: Exchange): string {
  return latin1(exchange.target, exchange.pathStart, exchange.queryEnd > exchange.pathEnd ? exchange.queryEnd : exchange.pathEnd);
}

export function requestPath(exchange: Exchange): string {
  return latin1(exchange.target, exchange.pathStart, exchange.pathEnd);
}

/** The client's query without '?'. */
export function requestQuery(exchange: Exchange): string {
  return latin1(exchange.target, exchange.queryStart, exchange.queryEnd);
}

/** Empty or malformed host after substitution: 500 `Internal server error` [R]. */
function invalidEndpoint(exchange: Exchange, failed: Failed): void {
  exchange.status = 500;
  exchange.errorMessage = REST ? 'Internal server error' : '';
  failed(exchange, 'connect', 'Invalid endpoint address');
}

export function logFailure(exchange: Exchange, failure: UpstreamFailure, detail: string): void {
  // A client that goes away is no failure of the backend's.
  if (failure === 'aborted') return;
  logRepeated(exchange, detail, `Execution failed due to ${failure === 'timeout' ? 'a timeout error' : 'configuration error or network error'}: ${detail}`);
}

/** Sends a buffered answer of the backend on, as a relay would have. */
export function sendUpstreamResponse(exchange: Exchange, response: UpstreamResponse): void {
  const fields: string[] = [];
  const nominated = new Set(response.fields.all('connection').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase())));
  let hasType = false;
  response.fields.forEach((name, value) => {
    const lower = name.toLowerCase();
    if (lower === 'content-type') hasType = true;
    if (RULES.remapResponse.has(lower)) { if (lower !== 'content-length' && lower !== 'connection') fields.push(`x-amzn-Remapped-${name}`, value); return; }
    if (RULES.dropResponse.has(lower) || HOP_BY_HOP.has(lower) || nominated.has(lower)) return;
    fields.push(name, value);
  });
  if (REST && !hasType) fields.push(...DEFAULT_CONTENT_TYPE);
  exchange.status = response.status;
  exchange.reply.send(response.status, [...fields, ...answerFields(exchange)], response.body);
}

