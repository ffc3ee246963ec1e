import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import type { Operation, Unit } from '../../feature.js';
import { emitEvent } from '../../functions/emit-event.js';
import { emitInvoke } from '../../functions/emit-function.js';
import { isAnonymous } from '../../integration/credentials/check.js';
import { emitMappedHeaders, emitMappedPath, emitMappedQuery, emitResponseCases, removedHeaders } from '../../integration/http-mapping/emit.js';
import type { LambdaIntegration } from './ir.js';

const proxy = helper<typeof import('../../../runtime/lambda/proxy.js')>();
const stream = helper<typeof import('../../../runtime/lambda/stream.js')>();
const EXCHANGE = code`exchange: ${typeHelper('exchange', 'Exchange')}`;

/** The handler's last statement: event to the function, its answer or a gateway response to the client. */
export function emitLambda(part: LambdaIntegration, operation: Operation, unit: Unit): Code {
  if (!part.isCallable) return code`exchange.status = 500;\nexchange.errorMessage = "Internal server error";\n${unit.gatewayResponse('INTEGRATION_FAILURE', operation)}(exchange);`;
  if (isAnonymous(part, operation)) return code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  if (part.streams) return code`${stream('lambda/stream', 'streamLambda')}(exchange, ${emitInvoke(part, unit, 'stream')}, ${emitEvent(part.format, operation, unit)}, ${part.timeoutMs}, ${emitFailed(operation, unit)});`;
  const invoke = emitInvoke(part, unit);
  const binary = part.format === 'rest' ? unit.api.parts.lambda?.binaryMediaTypes ?? [] : [];
  const binaryMediaTypes = unit.constant('BINARY_MEDIA_TYPES', code`${binary} as readonly string[]`);
  return code`${proxy('lambda/proxy', 'proxyLambda')}(exchange, ${invoke}, ${emitEvent(part.format, operation, unit, emitRequest(part, operation, unit))}, ${part.timeoutMs}, ${emitReader(part)}, ${binaryMediaTypes}, ${emitRespond(part, operation, unit)}, ${emitFailed(operation, unit)});`;
}

const request = helper<typeof import('../../../runtime/integration/http-api-mapped-request.js')>();
const restAnswer = helper<typeof import('../../../runtime/lambda/answer-rest.js')>();
const httpAnswer = helper<typeof import('../../../runtime/lambda/answer-http.js')>();

function emitReader(part: LambdaIntegration): Code {
  switch (part.format) {
    case 'rest': return code`${restAnswer('lambda/answer-rest', 'readRestAnswer')}`;
    case '1.0': return code`${httpAnswer('lambda/answer-http', 'readHttpAnswer1')}`;
    case '2.0': return code`${httpAnswer('lambda/answer-http', 'readHttpAnswer2')}`;
    default: return part.format satisfies never;
  }
}

/** The exchange, or what the mappings make of it. */
function emitRequest({ mappings }: LambdaIntegration, operation: Operation, unit: Unit): Code {
  if (mappings === undefined || mappings.request.length === 0) return code`exchange`;
  const headers = code`[${join(emitMappedHeaders(mappings, operation, unit), ', ')}]`;
  return code`${request('integration/http-api-mapped-request', 'mappedRequest')}(exchange, ${headers}, ${removedHeaders(mappings)}, ${emitMappedQuery(mappings, operation, unit) ?? code`null`}, ${emitMappedPath(mappings, code`null`, operation, unit) ?? code`null`})`;
}

function emitRespond(part: LambdaIntegration, operation: Operation, unit: Unit): Code {
  const respond = unit.responseHandler(operation);
  const parameters = code`${EXCHANGE}, answer: ${typeHelper('lambda/answer', 'LambdaAnswer')}`;
  const plain = respond
    ? unit.func(`${operation.id} answer`, parameters, code`void`, code`${respond}(exchange, ${proxy('lambda/proxy', 'lambdaResponse')}(answer));`)
    : code`${proxy('lambda/proxy', 'sendLambdaAnswer')}`;
  if (part.mappings === undefined || part.mappings.responses.length === 0) return plain;
  const cases = emitResponseCases(part.mappings, operation, unit, (changes) => code`${plain}(exchange, ${proxy('lambda/proxy', 'changedAnswer')}(answer, ${changes}))`);
  return unit.func(`change ${operation.id} answer`, parameters, code`void`, code`const response = ${proxy('lambda/proxy', 'lambdaResponse')}(answer);\nswitch (response.status) {\n${cases}\ndefault: ${plain}(exchange, answer);\n}`);
}

/** Which gateway response a failure leads to (errors.md §4, §5). */
function emitFailed(operation: Operation, unit: Unit): Code {
  const isRest = unit.api.flavour === 'rest';
  const answer = (type: string): Code => code`return ${unit.gatewayResponse(type, operation)}(exchange);`;
  return unit.func('lambdaFailed', code`${EXCHANGE}, failure: ${typeHelper('lambda/proxy', 'LambdaFailure')}`, code`void`, code`
  ${isRest ? code`${proxy('lambda/proxy', 'restStatus')}(exchange, failure);` : EMPTY}
  switch (failure) {
    case "timeout": ${answer('INTEGRATION_TIMEOUT')}
    case "tooLarge": ${answer('REQUEST_TOO_LARGE')}
    case "configuration": ${answer('API_CONFIGURATION_ERROR')}
    ${isRest ? EMPTY : code`case "function": ${answer('API_CONFIGURATION_ERROR')}`}
    default: ${answer('INTEGRATION_FAILURE')}
  }`);
}
