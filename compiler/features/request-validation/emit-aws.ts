/** Code for API Gateway's request validators: required parameters are there, bodies match their model (rest-pipeline.md §4). */
import { code, helper, join, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { Operation, Parameter } from '../../ir.js';
import type { RequestValidationPart } from './ir.js';

const validation = helper<typeof import('../../../runtime/validation/request-validation.js')>();
const values = helper<typeof import('../../../runtime/request-values.js')>();
const media = helper<typeof import('../../../runtime/body/request-media-type.js')>();
const problem = helper<typeof import('../../../runtime/validation/problem.js')>();

/** `method.request.<location>.<name>` in the order API Gateway lists what is missing [R]. */
const sortKey = (parameter: Parameter): string => `${parameter.in === 'query' ? 'querystring' : parameter.in}.${parameter.name}`;

export function emitAwsValidation(part: RequestValidationPart, operation: Operation, unit: Unit): Code {
  return join([...emitParameters(part, operation, unit), ...emitModels(part, operation, unit)], '\n');
}

function emitParameters(part: RequestValidationPart, operation: Operation, unit: Unit): Code[] {
  // A `$default` route has no variables of its own.
  const parameters = part.parameters.filter((parameter) => parameter.in !== 'path' || operation.path.variables.includes(parameter.name));
  if (parameters.length === 0) return [];
  const sorted = [...parameters].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const isProblem = part.errors === 'problem';
  const entry = (parameter: Parameter): Code => (isProblem ? code`${{ in: parameter.in, parameter: parameter.name, keyword: 'required', message: 'is required' }}` : code`${parameter.name}`);
  const lines = sorted.map((parameter) => code`if (${validation('validation/request-validation', 'isBlank')}(${valueOf(parameter, operation, unit)})) missing.push(${entry(parameter)});`);
  const refused = isProblem
    ? code`return ${problem('validation/problem', 'refuseRequest')}(exchange, missing, "");`
    : code`${validation('validation/request-validation', 'missingParameters')}(exchange, missing);\nreturn ${unit.gatewayResponse('BAD_REQUEST_PARAMETERS', operation)}(exchange);`;
  const type = isProblem ? code`${typeHelper('validation/message-faults', 'MessageFault')}` : code`string`;
  return [code`const missing: ${type}[] = [];\n${join(lines, '\n')}\nif (missing.length > 0) {\n${refused}\n}`];
}

function valueOf(parameter: Parameter, operation: Operation, unit: Unit): Code {
  if (parameter.in === 'path') return unit.pathVariable(operation, parameter.name);
  if (parameter.in === 'header') return code`exchange.head.last(${parameter.name.toLowerCase()})`;
  return code`${values('request-values', 'queryValue')}(exchange, ${parameter.name})`;
}

function emitModels(part: RequestValidationPart, operation: Operation, unit: Unit): Code[] {
  if (part.models.length === 0) return [];
  const refused = part.errors === 'problem'
    ? code`return ${problem('validation/problem', 'refuseRequest')}(exchange, [{ in: "body", pointer: "", keyword: "schema", message: exchange.validationError }], "");`
    : code`return ${unit.gatewayResponse('BAD_REQUEST_BODY', operation)}(exchange);`;
  const cases = part.models.map((model) => code`case ${model.type.split(';')[0]!.trim().toLowerCase()}:
  if (!${validation('validation/request-validation', 'matchesModel')}(exchange, ${unit.validator(model.schema!, 'model', `${operation.id} model`)})) ${refused}
  break;`);
  return [code`switch (${media('body/request-media-type', 'requestMediaType')}(exchange)) {\n${join(cases, '\n')}\n}`];
}
