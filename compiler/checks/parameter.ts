/** Code that reads one parameter in its place and style, as the JSON value its schema speaks of. */
import { code, helper, type Code } from '../code.js';
import type { Unit } from '../feature.js';
import type { Operation, Parameter } from '../ir.js';
import { conversion, conversions, isPlainText, shapeOf } from './conversion.js';
import { deepShapes } from './deep-shapes.js';
import { fieldsReader } from './fields.js';
import { isOpenObject, itemsOf } from './value-types.js';

const text = helper<typeof import('../../runtime/parameters/text.js')>();
const query = helper<typeof import('../../runtime/parameters/query.js')>();
const path = helper<typeof import('../../runtime/parameters/path.js')>();
const querystring = helper<typeof import('../../runtime/parameters/querystring.js')>();
const field = helper<typeof import('../../runtime/parameters/fields.js')>();

/** Separators of the query styles that put several values into one. */
const SEPARATORS: Readonly<Record<string, string>> = { form: ',', spaceDelimited: ' ', pipeDelimited: '|', tabDelimited: '\t' };

/** How a query parameter is found: by its own name, or among all (objects spread over several). */
export function isSpread(parameter: Parameter, unit: Unit): boolean {
  if (parameter.querystring) return true;
  if (parameter.in !== 'query' || parameter.contentType !== undefined) return false;
  const shape = shapeOf(parameter.schema, unit);
  return parameter.style === 'deepObject' ? shape !== 'scalar' : shape === 'object' && parameter.style === 'form' && parameter.explode;
}

/** The expression for the value: undefined = missing, or a symbol of `runtime/parameters-text` when it cannot be read. `raw`: the query parameter's raw values. */
export function readParameter(parameter: Parameter, operation: Operation, unit: Unit, raw: Code): Code {
  switch (parameter.in) {
    case 'path': return readPath(parameter, unit.pathVariable(operation, parameter.name), unit);
    case 'query': return readQueryParameter(parameter, operation, unit, raw);
    case 'header': return readField(parameter, unit, code`exchange.head`);
    case 'cookie': return readCookie(parameter, unit);
  }
}

/** `convert(text, conversion)`, or the text itself where nothing changes. */
function scalar(parameter: Parameter, value: Code, unit: Unit): Code {
  if (parameter.contentType !== undefined) return code`${text('parameters/text', 'convert')}(${value}, ${isJson(parameter.contentType) ? text('parameters/text', 'toJson') : text('parameters/text', 'toText')})`;
  return isPlainText(parameter.schema, unit) ? value : code`${text('parameters/text', 'convert')}(${value}, ${conversion(parameter.schema, unit)})`;
}

const isJson = (type: string): boolean => /^[^;]*[/+]json\s*(?:;|$)/i.test(type);
const items = (parameter: Parameter, unit: Unit): Code => conversion(itemsOf(parameter.schema, unit.api.schemas), unit);

function readPath(parameter: Parameter, value: Code, unit: Unit): Code {
  const shape = parameter.contentType === undefined ? shapeOf(parameter.schema, unit) : 'scalar';
  const { style, explode, name } = parameter;
  if (style === 'label') {
    if (shape === 'list') return code`${path('parameters/path', 'labelList')}(${value}, ${explode ? '.' : ','}, ${items(parameter, unit)})`;
    if (shape === 'object') return code`${explode ? path('parameters/path', 'labelAssignments') : path('parameters/path', 'labelPairs')}(${value}, ${conversions(parameter.schema, unit)})`;
    return scalar(parameter, code`${path('parameters/path', 'labelText')}(${value})`, unit);
  }
  if (style === 'matrix') {
    if (shape === 'list') return code`${explode ? path('parameters/path', 'matrixItems') : path('parameters/path', 'matrixList')}(${value}, ${name}, ${items(parameter, unit)})`;
    if (shape === 'object') return explode ? code`${path('parameters/path', 'matrixAssignments')}(${value}, ${conversions(parameter.schema, unit)})` : code`${path('parameters/path', 'matrixPairs')}(${value}, ${name}, ${conversions(parameter.schema, unit)})`;
    return scalar(parameter, code`${path('parameters/path', 'matrixText')}(${value}, ${name})`, unit);
  }
  if (shape === 'list') return code`${path('parameters/path', 'pathList')}(${value}, ${SEPARATORS[style] ?? ','}, ${items(parameter, unit)})`;
  if (shape === 'object') return code`${explode ? path('parameters/path', 'pathAssignments') : path('parameters/path', 'pathPairs')}(${value}, ${conversions(parameter.schema, unit)})`;
  return scalar(parameter, code`${path('parameters/path', 'pathText')}(${value})`, unit);
}

function readQueryParameter(parameter: Parameter, operation: Operation, unit: Unit, raw: Code): Code {
  if (parameter.querystring) return readQuerystring(parameter, parameter.querystring, unit);
  const shape = parameter.contentType === undefined ? shapeOf(parameter.schema, unit) : 'scalar';
  if (shape === 'scalar') return scalar(parameter, code`${query('parameters/query', 'queryText')}(${raw})`, unit);
  if (parameter.style === 'deepObject') return code`${query('parameters/query', 'queryDeepObject')}(exchange, ${parameter.name}, ${deepShapes(parameter.schema, unit)})`;
  const separator = SEPARATORS[parameter.style] ?? ',';
  if (shape === 'list') {
    if (parameter.explode) return code`${query('parameters/query', 'queryItems')}(${raw}, ${items(parameter, unit)})`;
    return code`${query('parameters/query', 'queryList')}(${raw}, ${separator}, ${items(parameter, unit)})`;
  }
  if (isSpread(parameter, unit)) {
    const others = isOpenObject(parameter.schema, unit.api.schemas)
      ? unit.constant('other parameters', code`new Set<string>(${operation.parameters.filter((other) => other.in === 'query' && other !== parameter).map((other) => other.name)})`)
      : code`${null}`;
    return code`${query('parameters/query', 'queryProperties')}(exchange, ${conversions(parameter.schema, unit, true)}, ${others})`;
  }
  return code`${query('parameters/query', 'queryPairs')}(${raw}, ${separator}, ${conversions(parameter.schema, unit)})`;
}

/** `in: querystring`: all of the query, as a form or as one text. */
function readQuerystring(parameter: Parameter, { encoding }: NonNullable<Parameter['querystring']>, unit: Unit): Code {
  if (parameter.contentType === undefined) return code`${querystring('parameters/querystring', 'querystringForm')}(exchange, ${fieldsReader({ encoding }, parameter.schema, true, unit)})`;
  const whole = code`${querystring('parameters/querystring', 'querystringText')}(exchange)`;
  return code`${text('parameters/text', 'convert')}(${whole}, ${isJson(parameter.contentType) ? text('parameters/text', 'toJson') : conversion(parameter.schema, unit)})`;
}

/** A header field of a request or response. */
export function readField(parameter: Pick<Parameter, 'name' | 'schema' | 'explode' | 'contentType'> & { readonly style?: Parameter['style'] }, unit: Unit, fields: Code): Code {
  const name = parameter.name.toLowerCase();
  const shape = parameter.contentType === undefined ? shapeOf(parameter.schema, unit) : 'scalar';
  if (shape === 'list') return code`${field('parameters/fields', 'fieldList')}(${fields}, ${name}, ${SEPARATORS[parameter.style ?? 'simple'] ?? ','}, ${conversion(itemsOf(parameter.schema, unit.api.schemas), unit)})`;
  if (shape === 'object') return code`${parameter.explode ? field('parameters/fields', 'fieldAssignments') : field('parameters/fields', 'fieldPairs')}(${fields}, ${name}, ${conversions(parameter.schema, unit)})`;
  return scalar(parameter as Parameter, code`${field('parameters/fields', 'fieldText')}(${fields}, ${name})`, unit);
}

function readCookie(parameter: Parameter, unit: Unit): Code {
  const shape = parameter.contentType === undefined ? shapeOf(parameter.schema, unit) : 'scalar';
  // `style: cookie` is `form` without percent-encoding, as cookies are.
  const decode = parameter.style === 'cookie' ? field('parameters/fields', 'asIs') : text('parameters/text', 'decodePercent');
  if (shape === 'list') return code`${field('parameters/fields', 'cookieList')}(exchange.head, ${parameter.name}, ${decode}, ${items(parameter, unit)})`;
  if (shape === 'object') return code`${field('parameters/fields', 'cookiePairs')}(exchange.head, ${parameter.name}, ${decode}, ${conversions(parameter.schema, unit)})`;
  return scalar(parameter, code`${field('parameters/fields', 'cookieText')}(exchange.head, ${parameter.name}, ${decode})`, unit);
}
