import { code, helper, type Code } from '../code.js';
import type { Operation, Unit } from '../feature.js';
import { contextVariable } from './context-variables.js';
import type { Source } from './parse-source.js';

const request = helper<typeof import('../../runtime/request-values.js')>();

/** The expression that gives the source's value: a string, or undefined when the request has none. */
export function emitSource(source: Source, operation: Operation | undefined, unit: Unit): Code {
  switch (source.kind) {
    case 'literal': return code`${source.value}`;
    case 'path': return operation?.path.variables.includes(source.name) ? unit.pathVariable(operation, source.name) : code`undefined`;
    case 'header': return code`exchange.head.last(${source.name.toLowerCase()})`;
    case 'multivalueheader': return code`${request('request-values', 'joinedHeader')}(exchange, ${source.name.toLowerCase()})`;
    case 'querystring': return code`${request('request-values', 'queryValue')}(exchange, ${source.name})`;
    case 'multivaluequerystring': return code`${request('request-values', 'queryValue')}(exchange, ${source.name})`;
    case 'context': return emitContext(source.name, operation, unit);
    case 'stageVariable': return code`exchange.gateway.stageVariables[${source.name}]`;
    case 'body': return code`undefined`;
    default: return source satisfies never;
  }
}

/** The expression for `$context.<name>`, a string; unknown names are reported where the document is read and give ''. */
export function emitContext(name: string, operation: Operation | undefined, unit: Unit): Code {
  if (name === 'resourcePath') return operation ? code`${operation.path.text}` : code`(${unit.perRoute('RESOURCE_PATHS', (each) => code`${each.path.text}`)}[exchange.route] ?? "")`;
  if (name === 'routeKey') return operation ? code`${routeKey(operation)}` : code`(${unit.perRoute('ROUTE_KEYS', (each) => code`${routeKey(each)}`)}[exchange.route] ?? "")`;
  const variable = contextVariable(name);
  return variable === undefined || variable === 'empty' ? code`""` : variable;
}

/** `GET /pets/{id}`, or `$default`. */
function routeKey(operation: Operation): string {
  return operation.path.isDefaultRoute ? '$default' : `${operation.method} ${operation.path.text}`;
}
