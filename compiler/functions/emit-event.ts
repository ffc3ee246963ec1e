import { code, helper, join, type Code } from '../code.js';
import type { Operation, Unit } from '../feature.js';

/** REST APIs have one format of events, HTTP APIs two. */
export type ProxyFormat = 'rest' | '1.0' | '2.0';

const restEvent = helper<typeof import('../../runtime/lambda-event-rest.js')>();
const httpEvent1 = helper<typeof import('../../runtime/lambda-event-http1.js')>();
const httpEvent2 = helper<typeof import('../../runtime/lambda-event-http2.js')>();
const decode = helper<typeof import('../../runtime/lambda-event-http.js')>();

/** The expression that makes a function's event from the request, in one of the proxy formats. `source`: the exchange as the event shows it. */
export function emitEvent(format: ProxyFormat, operation: Operation, unit: Unit, source: Code = code`exchange`): Code {
  const { path } = operation;
  const isRest = format === 'rest';
  const variables = path.variables.map((name) => {
    const raw = unit.pathVariable(operation, name);
    return code`[${name}]: ${isRest ? raw : code`${decode('lambda-event-http', 'decodePath')}(${raw})`}`;
  });
  const parameters = variables.length === 0 ? code`null` : code`{ ${join(variables, ', ')} }`;
  if (isRest) {
    const route = {
      resource: path.text, resourceId: shortId(path.text), deploymentId: shortId(`${unit.api.title} ${unit.api.version}`),
      ...(operation.operationId !== undefined ? { operationName: operation.operationId } : {}), binaryMediaTypes: unit.api.parts.lambda?.binaryMediaTypes ?? [],
    };
    return code`${restEvent('lambda-event-rest', 'restEvent')}(${source}, ${unit.constant(`${operation.id} route`, code`${route}`)}, ${parameters})`;
  }
  const routeKey = path.isDefaultRoute ? '$default' : `${operation.method} ${path.text}`;
  if (format === '2.0') return code`${httpEvent2('lambda-event-http2', 'httpEvent2')}(${source}, ${routeKey}, ${parameters})`;
  return code`${httpEvent1('lambda-event-http1', 'httpEvent1')}(${source}, ${path.isDefaultRoute ? '$default' : path.text}, ${routeKey}, ${parameters})`;
}

/** Six lower-case letters and digits, as API Gateway's ids look; the same for the same text. */
function shortId(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36).padStart(6, 'a').slice(-6);
}
