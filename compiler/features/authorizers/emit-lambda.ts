import { emitResourceVerdict } from '../../access/emit-resource-policy.js';
import { code, helper, join, typeHelper, type Code } from '../../code.js';
import { emitSource } from '../../expressions/emit-source.js';
import type { Operation, Unit } from '../../feature.js';
import { boundCall } from '../../functions/call.js';
import { emitEvent } from '../../functions/emit-event.js';
import { emitInvoke } from '../../functions/emit-function.js';
import { emitExpression } from './emit-expression.js';
import type { LambdaAuthorizer } from './ir.js';

const runtime = helper<typeof import('../../../runtime/access/authorize-lambda.js')>();
const policy = helper<typeof import('../../../runtime/access/lambda-authorizer-policy.js')>();
const simple = helper<typeof import('../../../runtime/access/lambda-authorizer-simple.js')>();
const event = helper<typeof import('../../../runtime/access/lambda-authorizer-event.js')>();
const EXCHANGE = code`exchange: ${typeHelper('exchange', 'Exchange')}`;

/** AWS gives authorizers of HTTP APIs 10 s; those of REST APIs are not bounded by the integration's timeout, but by API Gateway's longest. */
const TIMEOUT_MS = { rest: 29_000, '1.0': 10_000, '2.0': 10_000 } as const;

/** Statements of a `Guard`: `exchange`, `next` and `refuse` are in scope. */
export function emitLambdaGuard(authorizer: LambdaAuthorizer, operation: Operation, unit: Unit): Code {
  const { scheme, format, ttl, type } = authorizer;
  const read = authorizer.simple ? code`${simple('access/lambda-authorizer-simple', 'readSimpleAuthorizer')}` : code`${policy('access/lambda-authorizer-policy', format === 'rest' ? 'readRestAuthorizer' : 'readHttpAuthorizer')}`;
  // The scheme's name keeps authorizers with equal settings apart: results of one must not count for another.
  const constant = unit.constant(`${scheme} authorizer`, code`new ${runtime('access/authorize-lambda', 'LambdaAuthorizer')}(${scheme}, ${ttl * 1_000}, ${TIMEOUT_MS[format]}, ${read})`);
  const invoke = emitInvoke(boundCall(authorizer.call, unit.api), unit);
  const refuse = emitCombination(unit);
  const call = (identity: Code, makeEvent: Code): Code => code`${runtime('access/authorize-lambda', 'authorizeByLambda')}(exchange, ${constant}, ${invoke}, ${identity}, ${makeEvent}, next, ${refuse});`;
  if (type === 'token') {
    const makeEvent = code`(exchange) => ${event('access/lambda-authorizer-event', 'tokenEvent')}(exchange, token!)`;
    const valid = authorizer.expression === null ? code`token` : code`token !== undefined && ${emitExpression(authorizer.expression, code`token`, unit)} ? token : undefined`;
    return code`const token = ${emitSource(authorizer.sources[0]!, operation, unit)};\n${call(code`${runtime('access/authorize-lambda', 'identityOfOne')}(${valid})`, makeEvent)}`;
  }
  const values = authorizer.sources.map((source) => emitSource(source, operation, unit));
  const identity = !authorizer.sourcesRequired || values.length === 0 ? code`""`
    : values.length === 1 ? code`${runtime('access/authorize-lambda', 'identityOfOne')}(${values[0]!})` : code`${runtime('access/authorize-lambda', 'identityOf')}([${join(values, ', ')}])`;
  return call(identity, emitRequestEvent(authorizer, values, operation, unit));
}

/** Without the function's policy saying anything, the API's own policy may let the request in (auth.md §5, table A). */
function emitCombination(unit: Unit): Code {
  const verdict = emitResourceVerdict(unit);
  if (verdict === undefined) return code`refuse`;
  return code`(exchange, refusal) => (refusal === ${policy('access/lambda-authorizer-policy', 'NOT_ALLOWED')} && ${verdict} === "allow" ? next(exchange) : refuse(exchange, refusal))`;
}

/** The function that makes the event, when the function is asked. */
function emitRequestEvent({ format, scheme }: LambdaAuthorizer, values: readonly Code[], operation: Operation, unit: Unit): Code {
  const proxyEvent = emitEvent(format, operation, unit);
  const made = format === 'rest' ? code`${event('access/lambda-authorizer-event', 'restRequestEvent')}(exchange, ${proxyEvent})`
    : code`${event('access/lambda-authorizer-event', format === '1.0' ? 'httpRequestEvent1' : 'httpRequestEvent2')}(exchange, ${proxyEvent}, [${join(values, ', ')}])`;
  return unit.func(`${operation.id} ${scheme} event`, EXCHANGE, code`object`, code`return ${made};`);
}
