import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import { emitSource } from '../../expressions/emit-source.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import type { HttpIntegration, RequestMapping } from './ir.js';
import { parseUri, type UriPart, type UriTemplate } from './uri.js';

const proxy = helper<typeof import('../../../runtime/http-proxy.js')>();
const upstreams = helper<typeof import('../../../runtime/upstreams.js')>();
const encode = helper<typeof import('../../../runtime/encode-uri.js')>();

/** Statements that send the request to its backend: streamed through when nothing looks at the answer, else called in buffer mode. */
export function emitHttp(part: HttpIntegration, operation: Operation, unit: Unit): Code {
  const uri = parseUri(part.uri);
  if (typeof uri === 'string') return code`return ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  unit.atClose(code`${upstreams('upstreams', 'closeUpstreams')}`);
  const upstream = emitUpstream(part, uri, operation, unit);
  const method = part.httpMethod === 'ANY' ? code`exchange.method` : code`${part.httpMethod}`;
  const target = part.implied ? emitImpliedTarget(part, uri, unit) : emitTarget(part, uri, operation, unit);
  const headers = part.requestParameters.filter((mapping) => mapping.target === 'header');
  const fields = headers.length === 0 ? unit.constant('NO_FIELDS', code`[] as readonly string[]`) : code`${proxy('http-proxy', 'presentFields')}([${join(headers.map((mapping) => code`${mapping.name}, ${value(mapping, operation, unit)}`), ', ')}])`;
  const failed = emitFailed(operation, unit);
  const respond = unit.responseHandler(operation);
  if (part.kind === 'http_proxy' && !respond) return code`${proxy('http-proxy', 'relayHttp')}(exchange, ${upstream}, ${method}, ${target}, ${fields}, ${part.timeoutMs}, ${failed});`;
  const call = part.kind === 'http_proxy' ? proxy('http-proxy', 'callHttpProxy') : proxy('http-proxy', 'callHttp');
  const done = part.kind === 'http' ? emitMappedResponse(part, operation, unit, respond) : respond!;
  return code`${call}(exchange, ${upstream}, ${method}, ${target}, ${fields}, ${part.timeoutMs}, ${done}, ${failed});`;
}

function value(mapping: RequestMapping, operation: Operation, unit: Unit): Code {
  return emitSource(parseSource(mapping.source)!, operation, unit);
}

/** The pool: one per origin, made at start when the origin is constant, else looked up by what the stage variables say. */
function emitUpstream(part: HttpIntegration, uri: UriTemplate, operation: Operation, unit: Unit): Code {
  const options = { insecureSkipVerification: part.insecureSkipVerification, ...(part.serverNameToVerify ? { serverName: part.serverNameToVerify } : {}) };
  const constant = uri.origin.every((item) => item.kind === 'text') ? uri.origin.map((item) => (item as { text: string }).text).join('') : undefined;
  if (constant !== undefined) {
    const host = constant.replace(/^https?:\/\//, '');
    return unit.constant(`${host.split(/[.:]/)[0]} backend`, code`${upstreams('upstreams', 'upstream')}(${constant}, ${options})`);
  }
  void operation;
  return code`${upstreams('upstreams', 'upstreamAt')}(${concatenate(uri.origin.map((item) => (item.kind === 'text' ? code`${item.text}` : stageVariable(item))))}, ${options})`;
}

/** `--upstream`: the client's own path and query behind the upstream's path. */
function emitImpliedTarget(_part: HttpIntegration, uri: UriTemplate, _unit: Unit): Code {
  const prefix = uri.path.map((item) => (item.kind === 'text' ? item.text : '')).join('').replace(/\/+$/, '');
  return prefix === '' ? code`${proxy('http-proxy', 'requestTarget')}(exchange)` : code`${prefix} + ${proxy('http-proxy', 'requestTarget')}(exchange)`;
}

function emitTarget(part: HttpIntegration, uri: UriTemplate, operation: Operation, unit: Unit): Code {
  const isHttpApi = unit.api.flavour === 'http';
  const mapped = new Map(part.requestParameters.filter((mapping) => mapping.target === 'path').map((mapping) => [mapping.name, mapping]));
  const placeholder = (item: UriPart & { kind: 'placeholder' }, escape: 'encodePath' | 'encodeQuery'): Code => {
    const mapping = mapped.get(item.name);
    if (mapping) {
      const source = parseSource(mapping.source)!;
      // A path variable is still percent-encoded as the client sent it; in a path it goes on as it is.
      if (source.kind === 'path' && escape === 'encodePath') return code`${emitSource(source, operation, unit)}`;
      return code`${encode('encode-uri', escape)}(${emitSource(source, operation, unit)}, ${`{${item.name}}`})`;
    }
    if (isHttpApi && operation.path.variables.includes(item.name)) return unit.pathVariable(operation, item.name);
    return code`${encodeURI(`{${item.name}}`)}`;
  };
  const parts = (items: readonly UriPart[], escape: 'encodePath' | 'encodeQuery'): Code[] =>
    items.map((item) => (item.kind === 'text' ? code`${encodeText(item.text)}` : item.kind === 'stageVariable' ? code`${encode('encode-uri', 'encodeTarget')}(${stageVariable(item)})` : placeholder(item, escape)));

  const path = parts(uri.path, 'encodePath');
  if (operation.path.isDefaultRoute) path.push(code`${proxy('http-proxy', 'requestPath')}(exchange)`);
  const first = uri.path[0];
  if (path.length === 0 || first?.kind !== 'text' || !first.text.startsWith('/')) path.unshift(code`${'/'}`);

  const query: Code[] = [];
  const fixed = parts(uri.query, 'encodeQuery');
  if (fixed.length > 0) query.push(concatenate(fixed));
  // http_proxy: the client's own query comes after the URI's, mapped values after that (integrations.md §4 [R]).
  if (part.kind === 'http_proxy') query.push(code`${proxy('http-proxy', 'requestQuery')}(exchange)`);
  for (const mapping of part.requestParameters) {
    if (mapping.target !== 'querystring') continue;
    const source = parseSource(mapping.source)!;
    query.push(source.kind === 'multivaluequerystring'
      ? code`${encode('encode-uri', 'queryPairs')}(exchange, ${encodeURIComponent(mapping.name)}, ${source.name})`
      : code`${encode('encode-uri', 'queryPair')}(${encodeURIComponent(mapping.name)}, ${value(mapping, operation, unit)})`);
  }
  const whole = concatenate(path);
  return query.length === 0 ? whole : code`${encode('encode-uri', 'withQuery')}(${whole}, ${join(query, ', ')})`;
}

const stageVariable = (item: { name: string }): Code => code`(exchange.gateway.stageVariables[${item.name}] ?? "")`;

function concatenate(parts: readonly Code[]): Code {
  return parts.length === 1 ? parts[0]! : parts.length === 0 ? code`""` : join(parts, ' + ');
}

/** Text of the document as a request target may hold it: what RFC 3986 does not allow is percent-encoded, escapes stay. */
function encodeText(text: string): string {
  return encodeURI(text).replace(/%25([0-9A-Fa-f]{2})/g, '%$1');
}

/** Which gateway response a failed call leads to (errors.md §4). One function per bundle unless the responses name path parameters. */
function emitFailed(operation: Operation, unit: Unit): Code {
  return unit.func('integrationFailed', code`exchange: ${typeHelper('exchange', 'Exchange')}, failure: ${typeHelper('upstream', 'UpstreamFailure')}, detail: string`, code`void`, code`
  ${proxy('http-proxy', 'logFailure')}(exchange, failure, detail);
  if (failure === "timeout") return ${unit.gatewayResponse('INTEGRATION_TIMEOUT', operation)}(exchange);
  ${unit.api.flavour === 'rest' ? code`if (failure === "protocol") { exchange.status = 502; exchange.errorMessage = "Internal server error"; }\n` : EMPTY}
  ${unit.gatewayResponse('INTEGRATION_FAILURE', operation)}(exchange);`);
}

/** `http`: the answer's status picks an integration response; only mapped fields reach the client, the body passes through. */
function emitMappedResponse(part: HttpIntegration, operation: Operation, unit: Unit, respond: Code | undefined): Code {
  const response = helper<typeof import('../../../runtime/integration-response.js')>();
  const cases = part.responses.map((entry) => {
    const fields = entry.headers.map((header) => code`${header.name}, ${emitResponseSource(header.source, operation, unit)}`);
    const send = respond
      ? code`return ${respond}(exchange, ${response('integration-response', 'mappedResponse')}(response, ${entry.status}, [${join(fields, ', ')}]));`
      : code`return ${response('integration-response', 'sendMapped')}(exchange, response, ${entry.status}, [${join(fields, ', ')}]);`;
    if (entry.pattern === null) return send;
    return code`if (${unit.constant('PATTERN', code`new RegExp(${`^(?:${entry.pattern})$`})`)}.test(String(response.status))) ${send}`;
  });
  const hasDefault = part.responses.some((entry) => entry.pattern === null);
  const body = code`${join(cases, '\n')}${hasDefault ? EMPTY : code`\n${response('integration-response', 'logNoMatch')}(exchange, response);\n${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`}`;
  return unit.func(`map ${operation.id} response`, code`exchange: ${typeHelper('exchange', 'Exchange')}, response: ${typeHelper('upstream', 'UpstreamResponse')}`, code`void`, body);
}

function emitResponseSource(source: string, operation: Operation, unit: Unit): Code {
  const header = /^integration\.response\.(?:multivalue)?header\.(.+)$/.exec(source);
  if (header) return source.startsWith('integration.response.multi') ? code`response.fields.all(${header[1]!.toLowerCase()}).join(",")` : code`response.fields.last(${header[1]!.toLowerCase()})`;
  const parsed = parseSource(source);
  return parsed ? emitSource(parsed, operation, unit) : code`undefined`;
}
