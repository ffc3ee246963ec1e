import { code, helper, join, typeHelper, type Code } from '../../code.js';
import { parseSource } from '../../expressions/parse-source.js';
import type { Operation, Unit } from '../../feature.js';
import { emitInvoke } from '../../functions/emit-function.js';
import { isAnonymous } from '../../integration/credentials/check.js';
import { bodyPath, emitBodyValue, emitIntegrationResponse, RESPONSE_PARAMETERS, type ResponseContext } from '../../integration/emit-mapping.js';
import { emitMappedValue, emitOverride, emitRequestTemplates } from '../../integration/emit-request.js';
import type { IntegrationResponse } from '../../integration/read-responses.js';
import { mentions } from '../../integration/read-templates.js';
import { matchesText } from '../../integration/select-response.js';
import { emitPath } from '../../jsonpath/emit.js';
import type { LambdaCustomIntegration } from './ir.js';

const custom = helper<typeof import('../../../runtime/lambda/custom.js')>();
const raw = helper<typeof import('../../../runtime/lambda/raw-event.js')>();
const proxy = helper<typeof import('../../../runtime/integration/http-proxy.js')>();
const mappings = helper<typeof import('../../../runtime/integration/mapping.js')>();

/** Statements that render the event, invoke the function and map what it gave. */
export function emitLambdaCustom(part: LambdaCustomIntegration, operation: Operation, unit: Unit): Code {
  if (!part.isCallable) return code`exchange.status = 500;\nexchange.errorMessage = "Internal server error";\n${unit.gatewayResponse('INTEGRATION_FAILURE', operation)}(exchange);`;
  if (isAnonymous(part, operation)) return code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  const lines: Code[] = [];
  // Body sources look into what the client sent, before a template replaces it.
  if (part.requestParameters.some((mapping) => parseSource(mapping.source)!.kind === 'body')) {
    lines.push(code`const input = ${mappings('integration/mapping', 'payloadInput')}(${mappings('integration/mapping', 'payloadText')}(exchange.body));`);
    lines.push(code`if (!${mappings('integration/mapping', 'isReadable')}(exchange, input, ${unit.gatewayResponse('DEFAULT_4XX', operation)})) return;`);
  }
  lines.push(...emitRequestTemplates(part, operation, unit));
  const event = code`${raw('lambda/raw-event', 'rawEvent')}(exchange.body, ${emitFields(part, operation, unit)})`;
  lines.push(code`${custom('lambda/custom', 'callLambda')}(exchange, ${emitInvoke(part, unit, 'raw')}, ${event}, ${part.timeoutMs}, ${emitMapped(part, operation, unit)}, ${emitFailed(operation, unit)});`);
  return join(lines, '\n');
}

function emitFields(part: LambdaCustomIntegration, operation: Operation, unit: Unit): Code {
  const overrides = mentions(part.requestTemplates, 'requestOverride');
  const headers = part.requestParameters.filter((mapping) => mapping.target === 'header');
  if (headers.length === 0 && !overrides) return unit.constant('NO_FIELDS', code`[] as readonly string[]`);
  const list = code`[${join(headers.map((mapping) => code`${mapping.name}, ${emitMappedValue(mapping, operation, unit)}`), ', ')}]`;
  return code`${proxy('integration/http-proxy', 'presentFields')}(${overrides ? code`${mappings('integration/mapping', 'overridden')}(${list}, ${emitOverride('header')})` : list})`;
}

/** The first pattern that matches the whole `errorMessage` wins, else the default; a success has none (integrations.md §6). */
function emitMapped(part: LambdaCustomIntegration, operation: Operation, unit: Unit): Code {
  const context: ResponseContext = {
    operation, unit, hasBackend: true, binaryMediaTypes: part.payload.binaryMediaTypes,
    overrides: mentions([...part.requestTemplates, ...part.responses.flatMap((response) => response.templates)], 'responseOverride'),
    bodyValue: (path, input) => emitErrorPath(path, unit, input),
  };
  const patterns = part.responses.filter((response): response is IntegrationResponse & { pattern: string } => response.pattern !== null);
  const cases = patterns.map((response) => {
    const selects = code`${custom('lambda/custom', 'selects')}(exchange, ${response.pattern}, errorMessage)`;
    return code`if (${matchesText(response.pattern, '') ? selects : code`errorMessage !== "" && ${selects}`}) {\n${emitIntegrationResponse(response, context)}\nreturn;\n}`;
  });
  const fallback = part.responses.find((response) => response.pattern === null);
  const otherwise = fallback ? emitIntegrationResponse(fallback, context) : code`${custom('lambda/custom', 'logNoSelection')}(exchange, response);\n${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
  return unit.func(`map ${operation.id} result`, code`${RESPONSE_PARAMETERS}, errorMessage: string`, code`void`, join([...cases, otherwise], '\n'));
}

/** Errors are often JSON in a text: `body.errorMessage.<path>` looks into it [D]. */
function emitErrorPath(path: string, unit: Unit, input: Code): Code {
  const rest = /^\$\.errorMessage([.[].*)$/.exec(path)?.[1];
  const [message, inner, whole] = rest === undefined ? [] : ['$.errorMessage', `$${rest}`, path].map((each) => bodyPath(each));
  if (!message || !inner || !whole) return emitBodyValue(path, unit, input);
  const paths = [message, inner, whole].map(emitPath);
  if (!paths.every((each) => each !== undefined)) return emitBodyValue(path, unit, input);
  const constants = paths.map((each) => unit.constant('BODY_PATH', each));
  return code`${custom('lambda/custom', 'errorMessageValue')}(${input}, ${join(constants, ', ')})`;
}

function emitFailed(operation: Operation, unit: Unit): Code {
  const answer = (type: string): Code => code`return ${unit.gatewayResponse(type, operation)}(exchange);`;
  return unit.func('lambdaCustomFailed', code`exchange: ${typeHelper('exchange', 'Exchange')}, failure: ${typeHelper('lambda/custom', 'CustomFailure')}`, code`void`, code`
  ${custom('lambda/custom', 'customStatus')}(exchange, failure);
  switch (failure) {
    case "badRequest": ${answer('DEFAULT_4XX')}
    case "timeout": ${answer('INTEGRATION_TIMEOUT')}
    case "tooLarge": ${answer('REQUEST_TOO_LARGE')}
    case "configuration": ${answer('API_CONFIGURATION_ERROR')}
    default: ${answer('INTEGRATION_FAILURE')}
  }`);
}
