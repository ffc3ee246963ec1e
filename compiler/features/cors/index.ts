import { code, EMPTY, helper, type Code } from '../../code.js';
import type { Feature, Unit } from '../../feature.js';
import { checkCorsIdioms } from './check.js';
import * as diagnostics from './diagnostics.js';
import type { CorsPart } from './ir.js';
import { readCors } from './read.js';

const runtime = helper<typeof import('../../../runtime/cors.js')>();

/** `x-amazon-apigateway-cors`: the gateway answers preflights and puts CORS fields on every answer (http-api.md §4). */
export const cors: Feature<never, CorsPart> = {
  key: 'cors',
  stage: 'send',
  diagnostics,
  readApi: readCors,
  check: checkCorsIdioms,
  summary: () => '',
  emitDispatch: emitCors,
};

function emitCors(part: CorsPart, unit: Unit): Code {
  if (part.allowOrigins.length === 0) return EMPTY;
  const settings = unit.constant('CORS', code`${runtime('cors', 'corsSettings')}(${{ ...part }})`);
  // An explicit OPTIONS route is the author's own answer to preflights; so is a $default route with an authorizer, which catches OPTIONS [D].
  const own = unit.routesWhere((operation) => operation.method === 'OPTIONS' || (operation.path.isDefaultRoute === true && operation.security.length > 0));
  const guard = own.length === 0 ? EMPTY : code`!${unit.constant('OWN_PREFLIGHT', code`new Set<number>(${own})`)}.has(route) && `;
  return code`if (exchange.head.get("origin") !== undefined) {
  if (${guard}${runtime('cors', 'answerPreflight')}(exchange, ${settings})) return;
  ${runtime('cors', 'applyCors')}(exchange, ${settings});
}`;
}
