import { bySpecificity, kindOf, rangesCode, type RangedMediaType } from '../../checks/media-types.js';
import { readField } from '../../checks/parameter.js';
import { acceptsAnyText } from '../../checks/value-types.js';
import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { Operation, Response } from '../../ir.js';
import type { ResponseValidationPart } from './ir.js';

const faults = helper<typeof import('../../../runtime/validation/message-faults.js')>();
const runtime = helper<typeof import('../../../runtime/validation/response-validation.js')>();
const problem = helper<typeof import('../../../runtime/validation/problem.js')>();

const FAULTS = code`${typeHelper('validation/message-faults', 'Faults')}`;

/** Statements of the response handler: what does not match is logged, and, when enforced, answered with an error instead. */
export function emitResponseValidation(part: ResponseValidationPart, operation: Operation, unit: Unit): Code {
  const exact = part.responses.filter((response) => /^\d{3}$/.test(response.status));
  const ranges = part.responses.filter((response) => /^[1-5]XX$/i.test(response.status));
  const others = part.responses.find((response) => response.status === 'default');
  const cases = [...exact.map((response) => code`case ${Number(response.status)}: return ${checkOf(response, operation, unit)}(response);`)];
  const tests = ranges.map((response) => code`if (Math.floor(response.status / 100) === ${Number(response.status[0])}) return ${checkOf(response, operation, unit)}(response);`);
  const rest = others ? code`return ${checkOf(others, operation, unit)}(response);` : code`return ${runtime('validation/response-validation', 'undeclaredStatus')}(response.status);`;
  const choose = unit.func(`${operation.id} response faults`, code`response: ${typeHelper('backends/upstream', 'UpstreamResponse')}`, FAULTS, code`switch (response.status) {\n${join(cases, '\n')}\n}\n${join([...tests, rest], '\n')}`);
  const log = code`${problem('validation/problem', 'logMismatch')}(exchange, "response_mismatch", ${`${operation.method} ${operation.path.text}`}, responseFaults);`;
  const refuse = part.mode === 'report' ? EMPTY : part.errors === 'problem' ? code`return ${problem('validation/problem', 'refuseResponse')}(exchange);` : code`return ${unit.gatewayResponse('INTEGRATION_FAILURE', operation)}(exchange);`;
  return code`const responseFaults = ${choose}(response);\nif (responseFaults !== null) {\n${log}\n${refuse}\n}`;
}

/** A function that checks one declared response. Equal responses share it. */
function checkOf(response: Response, operation: Operation, unit: Unit): Code {
  const statements: Code[] = response.headers.map((header) => {
    const validate = header.schema === true || acceptsAnyText(header.schema, unit.api.schemas) ? code`${null}` : unit.validator(header.schema, 'response', `${header.name} header`);
    return code`faults = ${faults('validation/message-faults', 'checkParameter')}(faults, "header", ${header.name}, ${header.required}, ${readField(header, unit, code`response.fields`)}, ${validate});`;
  });
  const media = bySpecificity(response.content);
  if (media.length > 0) {
    const ranges = unit.constant('body types', rangesCode(media.map(({ range }) => range)));
    const cases = media.map((entry, index) => [index, emitMedia(entry, operation, unit)] as const).filter(([, statement]) => !statement.isEmpty);
    statements.push(code`switch (${runtime('validation/response-validation', 'responseBodyRange')}(response, ${ranges})) {
  case -2: faults = ${faults('validation/message-faults', 'bodyFault')}(faults, "contentType", ${`must be ${media.length > 1 ? 'one of ' : ''}${media.map(({ media: { type } }) => type).join(', ')}`}); break;
  ${join(cases.map(([index, statement]) => code`case ${index}: ${statement} break;`), '\n')}
}`);
  }
  const hint = `${operation.id} ${response.status} faults`;
  return unit.func(hint, code`response: ${typeHelper('backends/upstream', 'UpstreamResponse')}`, FAULTS, statements.length === 0 ? code`void response;\nreturn null;` : code`let faults: ${FAULTS} = null;\n${join(statements, '\n')}\nreturn faults;`);
}

function emitMedia({ media, range }: RangedMediaType, operation: Operation, unit: Unit): Code {
  const kind = kindOf(range);
  const schema = media.schema ?? true;
  const hint = `${operation.id} response`;
  if (kind === 'json') return code`faults = ${runtime('validation/response-validation', 'checkResponseJson')}(faults, response, ${unit.validator(schema, 'response', hint)});`;
  if (kind === 'text' && !acceptsAnyText(schema, unit.api.schemas)) return code`faults = ${runtime('validation/response-validation', 'checkResponseText')}(faults, response, ${unit.validator(schema, 'response', hint)});`;
  return EMPTY;
}
