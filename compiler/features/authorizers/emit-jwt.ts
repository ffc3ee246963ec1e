import { code, helper, type Code } from '../../code.js';
import { emitSource } from '../../expressions/emit-source.js';
import type { Operation, Unit } from '../../feature.js';
import { emitExpression } from './emit-expression.js';
import type { CognitoAuthorizer, JwtAuthorizer } from './ir.js';

const jwt = helper<typeof import('../../../runtime/access/authorize-jwt.js')>();
const keys = helper<typeof import('../../../runtime/access/jwt-keys.js')>();
const cognito = helper<typeof import('../../../runtime/access/authorize-cognito.js')>();

/** Statements of a `Guard`: `exchange`, `next` and `refuse` are in scope. */
export function emitJwtGuard({ scheme, source, issuer, audience, algorithms, skew, jwksUri }: JwtAuthorizer, scopes: readonly string[], operation: Operation, unit: Unit): Code {
  const locate = jwksUri === null ? code`${keys('access/jwt-keys', 'discovered')}(${issuer})` : code`${keys('access/jwt-keys', 'published')}(${jwksUri})`;
  const authorizer = unit.constant(`${scheme} authorizer`, code`new ${jwt('access/authorize-jwt', 'JwtAuthorizer')}(${{ issuer, audience, algorithms, skew }}, ${locate})`);
  return code`${jwt('access/authorize-jwt', 'authorizeByJwt')}(exchange, ${authorizer}, ${emitSource(source, operation, unit)}, ${emitScopes(scopes, unit)}, next, refuse);`;
}

export function emitCognitoGuard({ scheme, source, pools, expression }: CognitoAuthorizer, scopes: readonly string[], operation: Operation, unit: Unit): Code {
  const fits = expression === null ? code`null` : code`(audience: string) => ${emitExpression(expression, code`audience`, unit)}`;
  const authorizer = unit.constant(`${scheme} authorizer`, code`new ${cognito('access/authorize-cognito', 'CognitoAuthorizer')}(${pools.map(({ region, id }) => ({ region, id }))}, ${fits})`);
  return code`${cognito('access/authorize-cognito', 'authorizeByCognito')}(exchange, ${authorizer}, ${emitSource(source, operation, unit)}, ${emitScopes(scopes, unit)}, next, refuse);`;
}

/** A constant: what a token means for a route is remembered by it. */
function emitScopes(scopes: readonly string[], unit: Unit): Code {
  return unit.constant('SCOPES', code`${scopes} as readonly string[]`);
}
