/** Code that checks everything the document says about a request. */
import { bySpecificity, kindOf, rangesCode, type RangedMediaType } from '../../checks/media-types.js';
import { fieldsReader, partTypes } from '../../checks/fields.js';
import { conversion, shapeOf } from '../../checks/conversion.js';
import { hasNestedItems, withAnyItems } from '../../checks/nested-items.js';
import { isSpread, readParameter } from '../../checks/parameter.js';
import { acceptsAnyText } from '../../checks/value-types.js';
import { code, EMPTY, helper, join, typeHelper, type Code } from '../../code.js';
import type { Unit } from '../../feature.js';
import type { Operation, Parameter, Schema } from '../../ir.js';
import type { RequestValidationPart } from './ir.js';

const faults = helper<typeof import('../../../runtime/validation/message-faults.js')>();
const body = helper<typeof import('../../../runtime/body/checks.js')>();
const form = helper<typeof import('../../../runtime/body/form.js')>();
const multipart = helper<typeof import('../../../runtime/body/multipart.js')>();
const series = helper<typeof import('../../../runtime/body/series.js')>();
const query = helper<typeof import('../../../runtime/parameters/query.js')>();
const problem = helper<typeof import('../../../runtime/validation/problem.js')>();
const validation = helper<typeof import('../../../runtime/validation/request-validation.js')>();

const EXCHANGE = code`exchange: ${typeHelper('exchange', 'Exchange')}`;
const FAULTS = code`${typeHelper('validation/message-faults', 'Faults')}`;

export function emitFullValidation(part: RequestValidationPart, operation: Operation, unit: Unit): Code {
  const statements = [...emitParameters(part.parameters, operation, unit), ...emitBody(part, operation, unit)];
  if (statements.length === 0) return EMPTY;
  const check = unit.func(`${operation.id} request faults`, EXCHANGE, FAULTS, code`let faults: ${FAULTS} = null;\n${join(statements, '\n')}\nreturn faults;`);
  const found = code`const requestFaults = ${check}(exchange);`;
  if (part.mode === 'report') return code`${found}\nif (requestFaults !== null) ${problem('validation/problem', 'logMismatch')}(exchange, "request_mismatch", ${label(operation)}, requestFaults);`;
  if (part.errors === 'problem') return code`${found}\nif (requestFaults !== null) return ${problem('validation/problem', 'refuseRequest')}(exchange, requestFaults, ${part.body?.content.map((media) => media.type).join(', ') ?? ''});`;
  const answer = (type: string): Code => unit.gatewayResponse(type, operation);
  return code`${found}
if (requestFaults !== null) {
  const what = ${validation('validation/request-validation', 'describeFaults')}(exchange, requestFaults);
  return what === "parameters" ? ${answer('BAD_REQUEST_PARAMETERS')}(exchange) : what === "type" ? ${answer('UNSUPPORTED_MEDIA_TYPE')}(exchange) : ${answer('BAD_REQUEST_BODY')}(exchange);
}`;
}

export const label = (operation: Operation): string => `${operation.method} ${operation.path.text}`;

function emitParameters(parameters: readonly Parameter[], operation: Operation, unit: Unit): Code[] {
  const statements: Code[] = [];
  const checked = parameters.map((parameter) => (hasNestedItems(parameter, unit.api.schemas) ? withAnyItems(parameter) : parameter)).filter((parameter) => isChecked(parameter, operation, unit));
  const queried = checked.filter((parameter) => parameter.in === 'query' && !isSpread(parameter, unit));
  if (queried.length > 0) {
    const names = unit.constant(`${operation.id} query`, code`new Map<string, number>(${queried.map((parameter, index) => [parameter.name, index])})`);
    statements.push(code`const query = ${query('parameters/query', 'readQuery')}(exchange, ${names});`);
  }
  for (const parameter of checked) {
    const raw = code`query[${queried.indexOf(parameter)}]`;
    const value = readParameter(parameter, operation, unit, raw);
    const validate = needsNoValidator(parameter, unit) ? code`${null}` : unit.validator(parameter.schema, 'request', `${parameter.name} parameter`);
    const statement = code`faults = ${faults('validation/message-faults', 'checkParameter')}(faults, ${parameter.in}, ${parameter.name}, ${parameter.required}, ${value}, ${validate});`;
    // `?flag` and `?flag=` are as good as any value where the document says so.
    statements.push(parameter.in === 'query' && parameter.allowEmptyValue && !isSpread(parameter, unit) ? code`if (${raw} !== "") ${statement}` : statement);
  }
  return statements;
}

/** A variable of any text in the path is there and is right, once the route matched; only its encoding could be wrong. */
function isChecked(parameter: Parameter, operation: Operation, unit: Unit): boolean {
  if (operation.path.isDefaultRoute && parameter.in === 'path') return false;
  return parameter.required || parameter.contentType !== undefined || !acceptsAnyText(parameter.schema, unit.api.schemas) || parameter.in === 'query';
}

function needsNoValidator(parameter: Parameter, unit: Unit): boolean {
  return parameter.schema === true || (parameter.contentType === undefined && acceptsAnyText(parameter.schema, unit.api.schemas));
}

function emitBody(part: RequestValidationPart, operation: Operation, unit: Unit): Code[] {
  if (!part.body) return [];
  const media = bySpecificity(part.body.content);
  const missing = part.body.required ? code`case ${body('body/checks', 'NO_BODY')}: faults = ${faults('validation/message-faults', 'bodyFault')}(faults, "required", "is required"); break;` : EMPTY;
  // Nothing is said of what a body may be: only whether there is one.
  if (media.length === 0) return part.body.required ? [code`if (${body('body/checks', 'requestBodyRange')}(exchange, [], 0) === ${body('body/checks', 'NO_BODY')}) faults = ${faults('validation/message-faults', 'bodyFault')}(faults, "required", "is required");`] : [];
  const ranges = unit.constant('body types', rangesCode(media.map(({ range }) => range)));
  const untyped = Math.max(0, media.findIndex(({ range }) => kindOf(range) === 'json'));
  const hasUntyped = media.length === 1 || media.some(({ range }) => kindOf(range) === 'json');
  const cases = media.map((entry, index) => [index, emitMedia(entry, operation, unit)] as const).filter(([, statement]) => !statement.isEmpty);
  const other = media.map(({ media: { type } }) => type).join(', ');
  return [code`switch (${body('body/checks', 'requestBodyRange')}(exchange, ${ranges}, ${hasUntyped ? untyped : code`${body('body/checks', 'OTHER_TYPE')}`})) {
  ${missing}
  case ${body('body/checks', 'OTHER_TYPE')}: faults = ${faults('validation/message-faults', 'bodyFault')}(faults, "contentType", ${`must be ${media.length > 1 ? 'one of ' : ''}${other}`}); break;
  ${join(cases.map(([index, statement]) => code`case ${index}: ${statement} break;`), '\n')}
}`];
}

function emitMedia({ media, range }: RangedMediaType, operation: Operation, unit: Unit): Code {
  const kind = kindOf(range);
  // A body that says it is JSON must be, whatever its schema.
  const schema: Schema = media.schema ?? true;
  if (kind === 'other' || (schema === true && kind !== 'json')) return EMPTY;
  const validate = unit.validator(schema, 'request', `${operation.id} body`);
  const fieldsOf = (parse: Code): Code => code`faults = ${body('body/checks', 'checkFields')}(faults, exchange, ${parse}, ${fieldsReader(media, schema, kind === 'form', unit)}, ${partTypes(media, unit)}, ${validate});`;
  switch (kind) {
    case 'json': return code`faults = ${body('body/checks', 'checkJsonBody')}(faults, exchange, ${validate});`;
    case 'form': return fieldsOf(code`${form('body/form', 'parseForm')}`);
    case 'multipart': return fieldsOf(code`${multipart('body/multipart', 'parseMultipart')}`);
    // Before 3.2 nobody said what `schema` speaks of: where it is no list, each line is probably meant.
    case 'series': return shapeOf(schema, unit) !== 'list' ? EMPTY : code`faults = ${series('body/series', 'checkSeriesBody')}(faults, exchange, ${range.subtype.endsWith('json-seq') ? '\x1e' : '\n'}, ${validate});`;
    case 'text': return acceptsAnyText(schema, unit.api.schemas) ? EMPTY : code`faults = ${body('body/checks', 'checkTextBody')}(faults, exchange, ${conversion(schema, unit)}, ${validate});`;
  }
}

/** Whether the whole body must be in memory for its check. */
export function looksIntoBody(part: RequestValidationPart): boolean {
  return part.body !== undefined && bySpecificity(part.body.content).some(({ media, range }) => {
    const kind = kindOf(range);
    return kind === 'json' || (kind !== 'other' && media.schema !== undefined && media.schema !== true);
  });
}
