import { code, helper, type Code } from '../code.js';
import type { Operation, Unit } from '../feature.js';
import { contextVariable } from './context-variables.js';
import { deploymentId, routeFacts } from './route-facts.js';
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
  switch (name) {
    case 'resourcePath': return ofRoute('RESOURCE_PATHS', (each) => each.path.text, operation, unit);
    case 'resourceId': return ofRoute('RESOURCE_IDS', (each) => routeFacts(unit.api, each).resourceId, operation, unit);
    case 'operationName': return ofRoute('OPERATION_NAMES', (each) => each.operationId ?? '', operation, unit);
    case 'routeKey': return ofRoute('ROUTE_KEYS', routeKey, operation, unit);
    case 'deploymentId': return code`${deploymentId(unit.api)}`;
    default:
  }
  const variable = contextVariable(name);
  return variable === undefined || variable === 'empty' ? code`""` : variable;
}

/** Known for one operation, looked up where any may be meant; '' before routing. */
function ofRoute(table: string, value: (operation: Operation) => string, operation: Operation | undefined, unit: Unit): Code {
  return operation ? code`${value(operation)}` : code`(${unit.perRoute(table, (each) => code`${value(each)}`)}[exchange.route] ?? "")`;
}

/** `GET /pets/{id}`, or `$default`. */
function routeKey(operation: Operation): string {
  return operation.path.isDefaultRoute ? '$default' : `${operation.method} ${operation.path.text}`;
}
