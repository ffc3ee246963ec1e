/** Refusals of API Gateway's front layer that have no gateway response type of their own: they are DEFAULT_4XX [O]. */
import { code, helper, type Code } from '../code.js';
import type { Operation, Unit } from '../feature.js';

const answers = helper<typeof import('../../runtime/gateway-response.js')>();

/** Statements that answer 403 with `exchange.errorMessage`. */
export function emitUnnamed4xx(errorType: string, operation: Operation | undefined, unit: Unit): Code {
  const custom = unit.api.parts.gatewayResponses?.byType['DEFAULT_4XX'] !== undefined;
  return custom ? code`exchange.status = 403;\nreturn ${unit.gatewayResponse('DEFAULT_4XX', operation)}(exchange);` : code`return ${answers('gateway-response', 'answerMessage')}(exchange, "DEFAULT_4XX", 403, ${errorType}, "", ${'{"message":'}, "}");`;
}
