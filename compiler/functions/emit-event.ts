import { code, helper, join, type Code } from '../code.js';
import { routeFacts } from '../expressions/route-facts.js';
import type { Operation, Unit } from '../feature.js';

/** REST APIs have one format of events, HTTP APIs two. */
export type ProxyFormat = 'rest' | '1.0' | '2.0';

const restEvent = helper<typeof import('../../runtime/lambda/event-rest.js')>();
const httpEvent1 = helper<typeof import('../../runtime/lambda/event-http1.js')>();
const httpEvent2 = helper<typeof import('../../runtime/lambda/event-http2.js')>();
const decode = helper<typeof import('../../runtime/lambda/event-http.js')>();

/** The expression that makes a function's event from the request, in one of the proxy formats. `source`: the exchange as the event shows it. */
export function emitEvent(format: ProxyFormat, operation: Operation, unit: Unit, source: Code = code`exchange`): Code {
  const { path } = operation;
  const isRest = format === 'rest';
  const variables = path.variables.map((name) => {
    const raw = unit.pathVariable(operation, name);
    return code`[${name}]: ${isRest ? raw : code`${decode('lambda/event-http', 'decodePath')}(${raw})`}`;
  });
  const parameters = variables.length === 0 ? code`null` : code`{ ${join(variables, ', ')} }`;
  if (isRest) {
    const { resourcePath: resource, ...facts } = routeFacts(unit.api, operation);
    const route = {
      resource, ...facts, binaryMediaTypes: unit.api.parts.lambda?.binaryMediaTypes ?? [],
    };
    return code`${restEvent('lambda/event-rest', 'restEvent')}(${source}, ${unit.constant(`${operation.id} route`, code`${route}`)}, ${parameters})`;
  }
  const routeKey = path.isDefaultRoute ? '$default' : `${operation.method} ${path.text}`;
  if (format === '2.0') return code`${httpEvent2('lambda/event-http2', 'httpEvent2')}(${source}, ${routeKey}, ${parameters})`;
  return code`${httpEvent1('lambda/event-http1', 'httpEvent1')}(${source}, ${path.isDefaultRoute ? '$default' : path.text}, ${routeKey}, ${parameters})`;
}
