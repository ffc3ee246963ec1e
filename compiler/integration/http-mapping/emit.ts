import { code, helper, join, type Code } from '../../code.js';
import { contextVariable } from '../../expressions/context-variables.js';
import { emitContext } from '../../expressions/emit-source.js';
import type { HttpValue, HttpVariable } from '../../expressions/parse-http-value.js';
import type { Operation, Unit } from '../../feature.js';
import { simpleSteps } from '../../jsonpath/emit.js';
import { parseJsonPath } from '../../jsonpath/parse.js';
import type { HttpMapping, HttpMappings } from './mapping.js';

const mapping = helper<typeof import('../../../runtime/integration/http-api-mapping.js')>();
const request = helper<typeof import('../../../runtime/request-values.js')>();
const paths = helper<typeof import('../../../runtime/lambda/event-http.js')>();

/** Whether a mapping looks into the request's body. */
export function mapsRequestBody(mappings: HttpMappings | undefined): boolean {
  return mappings !== undefined && [...mappings.request, ...mappings.responses.flatMap((response) => response.mappings)].some(({ value }) => value.some((part) => typeof part !== 'string' && part.kind === 'requestBody'));
}

/** An expression: text or undefined. A lone variable without a value has none; among others it is empty. */
export function emitHttpValue(value: HttpValue, operation: Operation, unit: Unit): Code {
  if (value.length === 0) return code`""`;
  if (value.length === 1) return typeof value[0] === 'string' ? code`${value[0]}` : emitVariable(value[0]!, operation, unit);
  return code`(${join(value.map((part) => (typeof part === 'string' ? code`${part}` : emitText(part, operation, unit))), ' + ')})`;
}

function emitVariable(variable: HttpVariable, operation: Operation, unit: Unit): Code {
  switch (variable.kind) {
    case 'requestHeader': return code`${request('request-values', 'joinedHeader')}(exchange, ${variable.name.toLowerCase()})`;
    case 'requestQuery': return code`${mapping('integration/http-api-mapping', 'joinedQuery')}(exchange, ${variable.name})`;
    case 'requestPath': return code`${paths('lambda/event-http', 'decodedPath')}(exchange)`;
    case 'requestPathVariable': return operation.path.variables.includes(variable.name) ? code`${paths('lambda/event-http', 'decodePath')}(${unit.pathVariable(operation, variable.name)})` : code`undefined`;
    case 'responseHeader': return code`(response.fields.all(${variable.name.toLowerCase()}).join(",") || undefined)`;
    case 'requestBody': return code`${mapping('integration/http-api-mapping', 'bodyText')}(exchange.body, ${emitSteps(variable.path)})`;
    case 'responseBody': return code`${mapping('integration/http-api-mapping', 'bodyText')}(response.body, ${emitSteps(variable.path)})`;
    case 'context': return emitContextValue(variable.name, operation, unit);
    case 'stageVariable': return code`exchange.gateway.stageVariables[${variable.name}]`;
    default: return variable satisfies never;
  }
}

/** A variable among others: a text whatever happens, and no `??` where the build knows that it is not needed. */
function emitText(variable: HttpVariable, operation: Operation, unit: Unit): Code {
  if (variable.kind === 'context') return emitContext(variable.name, operation, unit);
  if (variable.kind === 'requestPathVariable' && !operation.path.variables.includes(variable.name)) return code`""`;
  return code`(${emitVariable(variable, operation, unit)} ?? "")`;
}

/** A variable that is empty has no value. What the build knows is never empty. */
function emitContextValue(name: string, operation: Operation, unit: Unit): Code {
  const value = emitContext(name, operation, unit);
  if (name === 'routeKey' || name === 'resourcePath') return value;
  return contextVariable(name) === undefined || contextVariable(name) === 'empty' ? code`undefined` : code`(${value} || undefined)`;
}

const emitSteps = (path: string | null): Code => (path === null ? code`null` : code`${simpleSteps(parseJsonPath(path)) ?? []}`);

const list = (mappings: readonly HttpMapping[], operation: Operation, unit: Unit): Code =>
  code`[${join(mappings.map((each) => code`${each.name}, ${emitHttpValue(each.value, operation, unit)}`), ', ')}]`;

const select = (mappings: readonly HttpMapping[], place: HttpMapping['place'], action: HttpMapping['action']): HttpMapping[] => mappings.filter((each) => each.place === place && each.action === action);

/** Names (lower case) of the client's fields that do not go on. */
export function removedHeaders(mappings: HttpMappings): string[] {
  return [...new Set(select(mappings.request, 'header', 'remove').map(({ name }) => name.toLowerCase()))].sort();
}

/** `name, value | undefined` per header that is set or added to. */
export function emitMappedHeaders(mappings: HttpMappings, operation: Operation, unit: Unit): Code[] {
  const set = mappings.request.filter((each) => each.place === 'header' && each.action !== 'remove');
  const names = [...new Map(set.map(({ name }) => [name.toLowerCase(), name]))].filter(([lower]) => !removedHeaders(mappings).includes(lower));
  return names.map(([lower, name]) => {
    const own = set.filter((each) => each.name.toLowerCase() === lower);
    const overwrite = own.findLast((each) => each.action === 'overwrite');
    const append = own.filter((each) => each.action === 'append').map((each) => emitHttpValue(each.value, operation, unit));
    return code`${name}, ${mapping('integration/http-api-mapping', 'mappedHeader')}(exchange, ${lower}, ${overwrite ? emitHttpValue(overwrite.value, operation, unit) : code`undefined`}, [${join(append, ', ')}])`;
  });
}

/** The query that goes on instead of the client's; undefined when none is mapped. */
export function emitMappedQuery(mappings: HttpMappings, operation: Operation, unit: Unit): Code | undefined {
  const { request: all } = mappings;
  if (!all.some((each) => each.place === 'querystring')) return undefined;
  const removed = select(all, 'querystring', 'remove').map(({ name }) => name);
  return code`${mapping('integration/http-api-mapping', 'mappedQuery')}(exchange, ${list(select(all, 'querystring', 'overwrite'), operation, unit)}, ${list(select(all, 'querystring', 'append'), operation, unit)}, ${removed})`;
}

/** The path that goes on, `otherwise` when its value is missing; undefined when it is not mapped. */
export function emitMappedPath(mappings: HttpMappings, otherwise: Code, operation: Operation, unit: Unit): Code | undefined {
  const overwrite = mappings.request.findLast((each) => each.place === 'path');
  return overwrite && code`${mapping('integration/http-api-mapping', 'mappedPath')}(${emitHttpValue(overwrite.value, operation, unit)}, ${otherwise})`;
}

/** Cases of `switch (response.status)`: `then` gets the expression of the `ResponseChanges`; `response: UpstreamResponse` is in scope. */
export function emitResponseCases(mappings: HttpMappings, operation: Operation, unit: Unit, then: (changes: Code) => Code): Code {
  return join(mappings.responses.map(({ status, mappings: changes }) => {
    const overwritten = select(changes, 'statuscode', 'overwrite').at(-1);
    const removed = [...new Set(select(changes, 'header', 'remove').map(({ name }) => name.toLowerCase()))];
    return code`case ${status}: return ${then(code`{ status: ${overwritten ? emitHttpValue(overwritten.value, operation, unit) : code`undefined`}, overwritten: ${list(select(changes, 'header', 'overwrite'), operation, unit)}, appended: ${list(select(changes, 'header', 'append'), operation, unit)}, removed: ${removed} }`)};`;
  }), '\n');
}
