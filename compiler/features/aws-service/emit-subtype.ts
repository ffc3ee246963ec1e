import { code, EMPTY, helper, join, type Code } from '../../code.js';
import type { Operation, Unit } from '../../feature.js';
import { isAnonymous } from '../../integration/credentials/check.js';
import { emitCredentials } from '../../integration/credentials/emit.js';
import { emitHttpValue, emitResponseCases } from '../../integration/http-mapping/emit.js';
import { RESPONSE_PARAMETERS } from '../../integration/emit-mapping.js';
import { emitFailed, emitPools } from './emit.js';
import type { AwsSubtypeIntegration, ServiceParameter } from './ir.js';
import { actionProtocol, serviceId } from './services.js';
import { SUBTYPES, type ParameterKind, type Subtype } from './subtypes.js';

const subtypes = helper<typeof import('../../../runtime/aws/subtype.js')>();
const mapping = helper<typeof import('../../../runtime/integration/http-api-mapping.js')>();

/** Statements that make the action's request from its parameters, send it, and hand its answer on. */
export function emitAwsSubtype(part: AwsSubtypeIntegration, operation: Operation, unit: Unit): Code {
  if (isAnonymous(part, operation)) return code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  emitPools(unit);
  const subtype = SUBTYPES[part.subtype]!;
  const badRequest = unit.gatewayResponse('DEFAULT_4XX', operation);
  const lines: Code[] = [];
  // Every parameter in a constant of its own: the request, the check and the region's look at them.
  const names = new Map<string, Code>();
  const values = part.parameters.map((parameter) => {
    const name = unit.name(`parameter ${parameter.name}`);
    names.set(parameter.name, name);
    return code`const ${name} = ${emitValue(parameter, subtype.parameters[parameter.name]!.kind, operation, unit)};`;
  });
  const required = part.parameters.filter(({ name, value }) => subtype.parameters[name]!.required && value.some((item) => typeof item !== 'string')).map(({ name }) => names.get(name)!);
  const check = required.length === 0 ? [] : [code`if (!${subtypes('aws/subtype', 'areComplete')}(${join(required, ', ')})) return ${badRequest}(exchange);`];
  const pairs = code`[${join(part.parameters.map(({ name }) => code`${name}, ${names.get(name)!}`), ', ')}]`;
  const services = unit.constant(`${subtype.service} services`, code`${subtypes('aws/subtype', 'awsServices')}(${subtype.host ?? subtype.service}, ${serviceId(subtype.service, subtype.service)}, ${subtype.service})`);
  const locator = subtype.locator === null ? undefined : names.get(subtype.locator);
  const region = part.region === undefined ? code`undefined` : emitHttpValue(part.region, operation, unit);
  const call = code`${subtypes('aws/subtype', 'callSubtype')}(exchange, ${services}, ${region}, ${locator ?? code`undefined`}, ${emitCredentials(part.credentials, '', unit)}, ${emitRequest(subtype, pairs)}, ${part.timeoutMs}, ${emitRespond(part, operation, unit)}, ${emitFailed(operation, unit)});`;
  lines.push(code`try {\n${join([...values, ...check, call], '\n')}\n} catch (error) {\nif (!(error instanceof ${subtypes('aws/subtype', 'ParameterFault')})) throw error;\n${badRequest}(exchange);\n}`);
  return join(lines, '\n');
}

function emitValue({ value }: ServiceParameter, kind: ParameterKind, operation: Operation, unit: Unit): Code {
  const text = emitHttpValue(value, operation, unit);
  switch (kind) {
    case 'text': return code`${subtypes('aws/subtype', 'textValue')}(${text})`;
    case 'number': return code`${subtypes('aws/subtype', 'numberValue')}(${text})`;
    case 'time': return code`${subtypes('aws/subtype', 'timeValue')}(${text})`;
    case 'list': return code`${subtypes('aws/subtype', 'listValue')}(${text})`;
    case 'object': return code`${subtypes('aws/subtype', 'objectValue')}(${text})`;
    case 'blob': return code`${subtypes('aws/subtype', 'blobValue')}(${text})`;
    default: return kind satisfies never;
  }
}

function emitRequest(subtype: Subtype, pairs: Code): Code {
  if (subtype.request === 'sqsRequest') return code`${subtypes('aws/subtype', 'sqsRequest')}(${subtype.action}, ${pairs})`;
  if (subtype.request === 'appConfigRequest') return code`${subtypes('aws/subtype', 'appConfigRequest')}(${pairs})`;
  const protocol = actionProtocol(subtype.service);
  if (protocol?.kind !== 'json') throw new Error(`${subtype.service} is no JSON service`);
  const target = `${protocol.prefix}.${subtype.action}`, type = `application/x-amz-json-${protocol.version}`;
  if (subtype.request === 'putEventsRequest') return code`${subtypes('aws/subtype', 'putEventsRequest')}(${target}, ${type}, ${pairs})`;
  return code`${subtypes('aws/subtype', 'jsonRequest')}(${target}, ${type}, ${pairs}, ${subtypes('aws/subtype', subtype.camelCase ? 'camelCase' : 'asIs')})`;
}

function emitRespond(part: AwsSubtypeIntegration, operation: Operation, unit: Unit): Code {
  const respond = unit.responseHandler(operation) ?? code`${subtypes('aws/subtype', 'sendServiceResponse')}`;
  const cases = part.mappings === undefined ? EMPTY : emitResponseCases(part.mappings, operation, unit, (changes) => code`${respond}(exchange, ${mapping('integration/http-api-mapping', 'mappedUpstreamResponse')}(answer, ${changes}))`);
  const body = code`const answer = ${subtypes('aws/subtype', 'serviceResponse')}(response);\n${cases.isEmpty ? EMPTY : code`switch (answer.status) {\n${cases}\n}\n`}${respond}(exchange, answer);`;
  return unit.func(`${operation.id} answer`, RESPONSE_PARAMETERS, code`void`, body);
}
