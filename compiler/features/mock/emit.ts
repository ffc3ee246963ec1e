import { mockStatus } from '../../../runtime/integration/mock-status.js';
import { code, EMPTY, helper, join, type Code } from '../../code.js';
import type { Operation, Unit } from '../../feature.js';
import { emitRequestConversion, emitTextOnly } from '../../integration/content-handling.js';
import { emitIntegrationResponse, emitRendered, emitRequestScope, type ResponseContext } from '../../integration/emit-mapping.js';
import { mentions, type MappingTemplate } from '../../integration/read-templates.js';
import { emitSelection, selectResponse } from '../../integration/select-response.js';
import type { MockIntegration } from './ir.js';

const media = helper<typeof import('../../../runtime/body/request-media-type.js')>();
const status = helper<typeof import('../../../runtime/integration/mock-status.js')>();

/** Whether some request template depends on the request: then its body is read. */
export function isDynamic(part: MockIntegration): boolean {
  return part.requestTemplates.some((template) => template.constant === null);
}

/** Statements that answer: which template applies is decided by the request's content type, as much else as can be at build time. */
export function emitMock(part: MockIntegration, operation: Operation, unit: Unit): Code {
  const context: ResponseContext = { operation, unit, hasBackend: false, overrides: overridesResponse(part) };
  const fixed = (value: number): Code => {
    const response = selectResponse(part.responses, value, true);
    return response ? emitIntegrationResponse(response, context) : noMatch(operation, unit);
  };
  // Without a request template the default integration response is used (integrations.md §2); NEVER refuses the call.
  const otherwise = part.responses.find((response) => response.pattern === null)?.status ?? 200;
  const untemplated = fixed(otherwise);
  if (part.requestTemplates.length === 0) return part.passthrough === 'never' ? unsupported(operation, unit) : untemplated;

  const conversion = emitRequestConversion(part.payload, operation, unit);
  const textOnly = emitTextOnly(conversion, operation, unit);
  if (conversion.binary === false && part.passthrough === 'when_no_match' && part.requestTemplates.every((template) => selectsAs(template, otherwise, part))) return untemplated;
  const byTemplate = (template: MappingTemplate): Code => {
    if (conversion.binary === true) return textOnly;
    if (template.constant !== null) {
      const value = mockStatus(template.constant);
      return code`${textOnly}\n${typeof value === 'number' ? fixed(value) : noMatch(operation, unit)}`;
    }
    return code`{
${textOnly}
const scope = ${emitRequestScope(operation, unit)};
const text = ${emitRendered(template, operation, unit)};
if (text === null) return;
const status = ${status('integration/mock-status', 'mockStatus')}(text);
if (typeof status === "string") return ${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);
${emitSelection(part.responses, code`status`, true, (response) => emitIntegrationResponse(response, context), noMatch(operation, unit))}
}`;
  };
  const all = part.requestTemplates.find((template) => template.type === '$default');
  const rest = all ? byTemplate(all) : part.passthrough === 'when_no_match' ? untemplated : unsupported(operation, unit);
  const cases = part.requestTemplates.filter((template) => template !== all).map((template) => code`case ${template.type}: {\n${byTemplate(template)}\nreturn;\n}`);
  // The body itself matters only to templates that look at the request.
  const convert = isDynamic(part) || typeof conversion.binary !== 'boolean' ? conversion.convert : EMPTY;
  return code`${convert}\nswitch (${media('body/request-media-type', 'requestMediaType')}(exchange)) {\n${join(cases, '\n')}\n}\n${rest}`;
}

/** Is the answer the same as that of `status`, whatever is asked? */
function selectsAs(template: MappingTemplate, status: number, { responses }: MockIntegration): boolean {
  const asked = template.constant === null ? '' : mockStatus(template.constant);
  return typeof asked === 'number' && selectResponse(responses, asked, true) === selectResponse(responses, status, true);
}

/** Overrides set in the request template of a mock take effect on the response [R]. */
function overridesResponse(part: MockIntegration): boolean {
  return mentions([...part.requestTemplates, ...part.responses.flatMap((response) => response.templates)], 'responseOverride');
}

function unsupported(operation: Operation, unit: Unit): Code {
  return code`${unit.gatewayResponse('UNSUPPORTED_MEDIA_TYPE', operation)}(exchange);`;
}

function noMatch(operation: Operation, unit: Unit): Code {
  return code`${unit.gatewayResponse('API_CONFIGURATION_ERROR', operation)}(exchange);`;
}
