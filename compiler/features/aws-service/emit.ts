import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import { isAnonymous } from '../../integration/credentials/check.js';
import { emitCredentials } from '../../integration/credentials/emit.js';
import { emitIntegrationResponse, RESPONSE_PARAMETERS, type ResponseContext } from '../../integration/emit-mapping.js';
import { emitMappedValue, emitOverride, emitRequestTemplates } from '../../integration/emit-request.js';
import { concatenate, emitStageVariable, emitTargetParts } from '../../integration/emit-target.js';
import { mentions } from '../../integration/read-templates.js';
import { emitSelection } from '../../integration/select-response.js';
import { emitQuery } from './emit-target.js';
import type { AwsServiceIntegration } from './ir.js';
import { actionProtocol, defaultEndpoint, serviceId, signingName, type ActionProtocol } from './services.js';
import { isCompound, type ServiceUri } from './uri.js';

const aws = helper<typeof import('../../../runtime/aws/service.js')>();
const endpoints = helper<typeof import('../../../runtime/aws/endpoint.js')>();
const forms = helper<typeof import('../../../runtime/aws/action.js')>();
const proxy = helper<typeof import('../../../runtime/integration/http-proxy.js')>();
const upstreams = helper<typeof import('../../../runtime/backends/upstreams.js')>();
const mappings = helper<typeof import('../../../runtime/integration/mapping.js')>();
const response = helper<typeof import('../../../runtime/integration/integration-response.js')>();

/** Statements that call the service and map its answer. */
export function emitAwsService(part: AwsServiceIntegration, operation: Operation, unit: Unit): Code {
  const { uri } = part;
  if (uri === undefined || isAnonymous(part, operation)) return code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  const overrides = mentions(part.requestTemplates, 'requestOverride');
  const lines = emitBefore(part, operation, unit);
  const method = part.httpMethod === 'ANY' ? code`exchange.method` : code`${part.httpMethod}`;
  const protocol = actionProtocol(uri.name) ?? actionProtocol(uri.service) ?? { kind: 'query', version: '' };
  const { target, header } = emitTarget(part, uri, protocol, overrides, lines, operation, unit);
  if (overrides) {
    lines.push(code`const mapped = ${proxy('integration/http-proxy', 'permittedFields')}(exchange, ${emitFields(part, true, operation, unit)}, ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)});`);
    lines.push(code`if (mapped === null) return;`);
  }
  const fields = overrides ? code`mapped` : emitFields(part, false, operation, unit);
  lines.push(code`${aws('aws/service', 'callAws')}(exchange, ${emitService(uri, unit)}, ${emitCredentials(part.credentials, uri.region, unit)}, ${method}, ${target}, ${fields}, ${header}, ${part.timeoutMs}, ${emitMappedResponse(part, operation, unit)}, ${emitFailed(operation, unit)});`);
  return join(lines, '\n');
}

/** Services share the pools of all backends and their limits. */
export function emitPools(unit: Unit): void {
  unit.atClose(code`${upstreams('backends/upstreams', 'closeUpstreams')}`);
  unit.atStart(code`${upstreams('backends/upstreams', 'limitBackends')}(options.backend);`);
  unit.commandLine(code`${upstreams('backends/upstreams', 'BACKEND_OPTIONS')}`);
}

/** The service's endpoint: one constant per service, sub-domain and region. */
export function emitService(uri: Pick<ServiceUri, 'partition' | 'region' | 'service' | 'name'>, unit: Unit): Code {
  emitPools(unit);
  // A bucket in front of S3's name is the first segment of the path where the endpoint has another name.
  const bucket = uri.service === 's3' && uri.name !== 's3' && !isCompound(uri.name) ? uri.name.slice(0, -'.s3'.length) : '';
  if (uri.region === '') return unit.constant(`${uri.service} service`, code`${endpoints('aws/endpoint', 'awsServiceHere')}(${uri.name}, ${serviceId(uri.name, uri.service)}, ${signingName(uri.name, uri.service)}, ${bucket})`);
  const { url, signingRegion } = defaultEndpoint(uri.partition, uri.region, uri.name, uri.service);
  return unit.constant(`${uri.service} service`, code`${endpoints('aws/endpoint', 'awsService')}(${url}, ${serviceId(uri.name, uri.service)}, ${signingRegion}, ${signingName(uri.name, uri.service)}, ${bucket})`);
}

/** What comes before the call: the payload that body sources look into, then the template that replaces it. */
function emitBefore(part: AwsServiceIntegration, operation: Operation, unit: Unit): Code[] {
  const lines: Code[] = [];
  if (part.requestParameters.some((mapping) => parseSource(mapping.source)!.kind === 'body')) {
    lines.push(code`const input = ${mappings('integration/mapping', 'payloadInput')}(${mappings('integration/mapping', 'payloadText')}(exchange.body));`);
    lines.push(code`if (!${mappings('integration/mapping', 'isReadable')}(exchange, input, ${unit.gatewayResponse('DEFAULT_4XX', operation)})) return;`);
  }
  lines.push(...emitRequestTemplates(part, operation, unit));
  return lines;
}

function emitFields(part: AwsServiceIntegration, overrides: boolean, operation: Operation, unit: Unit): Code {
  const headers = part.requestParameters.filter((mapping) => mapping.target === 'header');
  if (headers.length === 0 && !overrides) return unit.constant('NO_FIELDS', code`[] as readonly string[]`);
  const list = code`[${join(headers.map((mapping) => code`${mapping.name}, ${emitMappedValue(mapping, operation, unit)}`), ', ')}]`;
  return code`${proxy('integration/http-proxy', 'presentFields')}(${overrides ? code`${mappings('integration/mapping', 'overridden')}(${list}, ${emitOverride('header')})` : list})`;
}

/** The request target, and what an action says in fields (`ActionHeader | null`). Statements both need are pushed to `lines`. */
function emitTarget(part: AwsServiceIntegration, uri: ServiceUri, protocol: ActionProtocol, overrides: boolean, lines: Code[], operation: Operation, unit: Unit): { target: Code; header: Code } {
  const query = (first: Code | undefined): Code => emitQuery(part, uri, first, overrides, operation, unit);
  const text = (parts: ServiceUri['target']): Code => concatenate(parts.map((item) => (item.kind === 'stageVariable' ? emitStageVariable(item.name) : code`${item.kind === 'text' ? item.text : ''}`)));
  switch (uri.form) {
    case 'path': {
      const path = concatenate(emitTargetParts(uri.target, part.requestParameters, 'encodePath', overrides, operation, unit));
      if (uri.service !== 's3' && uri.target.some((item) => item.kind === 'placeholder')) {
        lines.push(code`const path = ${path};`, code`if (${forms('aws/action', 'hasDotSegments')}(path)) return ${forms('aws/action', 'refusePath')}(exchange, ${unit.gatewayResponse('DEFAULT_4XX', operation)});`);
        return { target: query(code`path`), header: code`null` };
      }
      return { target: query(path), header: code`null` };
    }
    case 'action': {
      const action = text(uri.target);
      return { target: query(emitAction(action, protocol, part, uri)), header: emitHeader(action, protocol) };
    }
    case 'variable':
      lines.push(code`const form = ${forms('aws/action', 'readForm')}(${text(uri.target)});`);
      return {
        target: query(code`${forms('aws/action', 'withParameters')}(form.action === "" ? form.path : ${emitAction(code`form.action`, protocol, part, uri)}, form.parameters)`),
        header: code`(form.action === "" ? null : ${emitHeader(code`form.action`, protocol)})`,
      };
    default: return uri.form satisfies never;
  }
}

/** API Gateway names the action in the query of every action form, JSON services' too [O]. */
function emitAction(action: Code, protocol: ActionProtocol, part: AwsServiceIntegration, uri: ServiceUri): Code {
  const hasVersion = part.requestParameters.some((mapping) => mapping.target === 'querystring' && mapping.name === 'Version') || uri.query.some((item) => item.kind === 'text' && /(?:^|&)Version=/.test(item.text));
  return code`${forms('aws/action', 'actionTarget')}(${action}, ${protocol.kind === 'query' && !hasVersion ? protocol.version : ''})`;
}

function emitHeader(action: Code, protocol: ActionProtocol): Code {
  return protocol.kind === 'query' ? code`{ target: "", contentType: "application/x-www-form-urlencoded" }` : code`{ target: ${`${protocol.prefix}.`} + ${action}, contentType: ${`application/x-amz-json-${protocol.version}`} }`;
}

/** Which gateway response a failed call leads to (errors.md §4). */
export function emitFailed(operation: Operation, unit: Unit): Code {
  return unit.func('serviceFailed', code`exchange: ${typeHelper('exchange', 'Exchange')}, failure: ${typeHelper('aws/service', 'AwsFailure')}, detail: string`, code`void`, code`
  ${aws('aws/service', 'logAwsFailure')}(exchange, failure, detail);
  if (failure === "timeout") return ${unit.gatewayResponse('INTEGRATION_TIMEOUT', operation)}(exchange);
  if (failure === "configuration") return ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);
  ${unit.api.flavour === 'rest' ? code`if (failure === "protocol") { exchange.status = 502; exchange.errorMessage = "Internal server error"; }\n` : EMPTY}
  ${unit.gatewayResponse('INTEGRATION_FAILURE', operation)}(exchange);`);
}

/** The answer's status picks an integration response; only mapped fields reach the client. */
function emitMappedResponse(part: AwsServiceIntegration, operation: Operation, unit: Unit): Code {
  const context: ResponseContext = { operation, unit, hasBackend: true, binaryMediaTypes: part.payload.binaryMediaTypes, overrides: mentions([...part.requestTemplates, ...part.responses.flatMap((each) => each.templates)], 'responseOverride') };
  const none = code`${response('integration/integration-response', 'logNoMatch')}(exchange, response);\n${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  return unit.func(`map ${operation.id} response`, RESPONSE_PARAMETERS, code`void`, emitSelection(part.responses, code`response.status`, false, (entry) => emitIntegrationResponse(entry, context), none));
}
